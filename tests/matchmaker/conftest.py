"""Matcher tests use the real standard encoder, made once in the user's cache and shared by all runs; everything
else that is written goes to temporary folders."""

import os
from pathlib import Path

import pytest

from matchmaker.encoder import Encoder, load_encoder
from matchmaker.lexicon import Lexicon, LexiconEntry

# The hub must never be asked: a test that needs the network would pass here and fail at a user's site.
os.environ["HF_HUB_OFFLINE"] = "1"

ENTRIES = (
    LexiconEntry(
        "无取向硅钢片",
        ("电工钢", "矽钢片", "冷轧硅钢", "35WW270", "50W470"),
        "冷连轧后连续退火涂绝缘膜的含硅低碳带材，低铁损高磁感，供电机铁芯冲片",
        ("取向硅钢",),
    ),
    LexiconEntry("热轧汽车结构钢板", ("驱动桥壳钢板", "大梁钢", "车轮钢"), "热连轧高强度钢板，供桥壳大梁冲压成形"),
    LexiconEntry("电解铜箔", ("锂电铜箔", "双光铜箔"), "硫酸铜溶液电沉积于阴极辊的薄铜，作锂电负极集流体"),
    LexiconEntry("谐波减速机", ("谐波减速器", "harmonic drive"), "柔轮刚轮波发生器组成的精密减速机，供机器人关节"),
    LexiconEntry("注塑模具", ("塑胶模", "塑料模具"), "供注塑机成形塑料件的钢制模具，含热流道"),
)


@pytest.fixture(scope="session")
def models() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "qianglian" / "models"


@pytest.fixture(scope="session")
def encoder(models: Path) -> Encoder:
    return load_encoder(None, models)


@pytest.fixture(scope="session")
def lexicon(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    return Lexicon(ENTRIES, encoder, tmp_path_factory.mktemp("lexicon"))
