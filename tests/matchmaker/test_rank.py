import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaker.encoder import Encoder
from matchmaker.index import Offer
from matchmaker.lexicon import Lexicon
from matchmaker.rank import Need, Ranker, rank
from matchmaker.score import PARTS, Band, band, logit

OFFERS = (
    Offer("firm-a", "a1", "冷轧电工钢带分条，50W470，供电机铁芯冲压"),
    Offer("firm-b", "b1", "新能源汽车驱动桥壳钢板，热轧高强度"),
    Offer("firm-c", "c1", "锂电铜箔，双面光，6微米"),
    Offer("firm-d", "d1", "谐波减速器，柔轮自制"),
    Offer("firm-d", "d2", "塑胶模，热流道"),
)
TEXTS = st.text("硅钢片电机铜箔减速器模具 abc0159-，", max_size=30)


def first_of(text: str, encoder: Encoder, lexicon: Lexicon | None) -> str:
    return rank([Need("n", text)], OFFERS, 1, encoder, lexicon)[0][0].offer_id


@pytest.mark.parametrize(
    ("need", "wanted"),
    [
        ("新能源汽车驱动电机用无取向硅钢片", "a1"),
        ("动力电池负极集流体用铜箔", "c1"),
        ("机器人关节用精密减速机，背隙小于1弧分", "d1"),
        ("汽车保险杠注塑模具", "d2"),
    ],
)
def test_a_need_finds_what_is_made_and_not_what_shares_its_application(
    need: str, wanted: str, encoder: Encoder, lexicon: Lexicon
) -> None:
    assert first_of(need, encoder, lexicon) == wanted


def test_the_lexicon_names_the_product_that_both_point_to(encoder: Encoder, lexicon: Lexicon) -> None:
    (result, *_) = rank([Need("n", "矽钢片，定子铁芯用")], OFFERS, 3, encoder, lexicon)[0]
    assert result.product == "无取向硅钢片"


def test_without_a_lexicon_the_ranking_still_stands(encoder: Encoder) -> None:
    assert first_of("无取向硅钢片 50W470", encoder, None) == "a1"


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(need=TEXTS, texts=st.lists(TEXTS, min_size=1, max_size=4))
def test_parts_sum_to_the_logit_of_p(encoder: Encoder, lexicon: Lexicon, need: str, texts: list[str]) -> None:
    offers = [Offer(f"s{i // 2}", f"o{i}", text) for i, text in enumerate(texts)]
    results = rank([Need("n", need)], offers, 10, encoder, lexicon)[0]
    assert len(results) == len({offer.supplier_id for offer in offers})
    for result in results:
        assert tuple(result.parts) == PARTS
        assert math.isclose(sum(result.parts.values()), logit(result.p), abs_tol=1e-6)
        assert result.parts["breadth"] <= 0


def test_equal_offers_come_in_the_order_of_their_ids(encoder: Encoder, lexicon: Lexicon) -> None:
    offers = [Offer(f"s{i}", f"o{i}", "深沟球轴承") for i in (3, 1, 2, 0)]
    results = rank([Need("n", "轴承")], offers, 3, encoder, lexicon)[0]
    assert [r.supplier_id for r in results] == ["s0", "s1", "s2"]


def test_the_score_of_a_pair_does_not_depend_on_who_else_is_asked_or_allowed(
    encoder: Encoder, lexicon: Lexicon
) -> None:
    ranker = Ranker(encoder, lexicon)
    ordered = sorted(OFFERS)
    pool = ranker.pool(ordered, encoder.encode([offer.text for offer in ordered]))
    need = Need("n", "驱动电机用硅钢片")
    everyone = {r.supplier_id: r.p for r in ranker.rank([need], pool, 9)[0]}
    (only,) = ranker.rank([need], pool, 9, frozenset({"firm-b"}))[0]
    assert only.p == everyone["firm-b"]
    assert list(everyone.values()) == sorted(everyone.values(), reverse=True)


def test_nobody_to_rank_gives_empty_results(encoder: Encoder, lexicon: Lexicon) -> None:
    assert rank([Need("n", "轴承")], [], 5, encoder, lexicon) == [[]]
    assert rank([], OFFERS, 5, encoder, lexicon) == []
    assert rank([Need("n", "轴承")], OFFERS, 0, encoder, lexicon) == [[]]


def test_offers_beside_a_good_one_lower_a_supplier_only_a_little(encoder: Encoder, lexicon: Lexicon) -> None:
    offers = [Offer("one", "1", "深沟球轴承"), Offer("two", "2", "深沟球轴承"), Offer("two", "3", "食品添加剂")]
    one, two = rank([Need("n", "轴承")], offers, 2, encoder, lexicon)[0]
    assert (one.supplier_id, two.supplier_id) == ("one", "two")
    assert one.parts["breadth"] == 0 > two.parts["breadth"] > -1


def test_bands_rise_with_p() -> None:
    bands = [band(float(p)) for p in np.linspace(0, 1, 101)]
    assert [b for i, b in enumerate(bands) if i == 0 or b != bands[i - 1]] == [Band.WEAK, Band.POSSIBLE, Band.STRONG]


PROGRAM = """
import sys
from pathlib import Path
from matchmaker.encoder import load_encoder
from matchmaker.lists import read_needs, read_offers, write_ranks
from matchmaker.rank import rank
folder, models, out = map(Path, sys.argv[1:])
needs = read_needs(folder / "needs.tsv")
write_ranks(out, needs, rank(needs, read_offers(folder / "offers.tsv"), 3, load_encoder(None, models)))
"""


def test_two_processes_write_the_same_bytes_and_say_nothing(models: Path, tmp_path: Path) -> None:
    needs = "".join(f"n{i}\t{i}号水泵，流量{i * 7}立方\n" for i in range(40))
    offers = "".join(f"o{i}\ts{i % 30}\t{('离心泵', '轴承', '阀门')[i % 3]}，规格{i}\n" for i in range(90))
    (tmp_path / "needs.tsv").write_text(needs, "utf-8")
    (tmp_path / "offers.tsv").write_text(offers, "utf-8")
    written = []
    for seed in ("1", "2"):
        out = tmp_path / f"ranks{seed}.jsonl"
        command = [sys.executable, "-c", PROGRAM, str(tmp_path), str(models), str(out)]
        done = subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True)
        assert (done.stdout, done.stderr) == (b"", b"")
        written.append(out.read_bytes())
    assert written[0] == written[1]
    lines = [json.loads(line) for line in written[0].splitlines()]
    assert [line["need_id"] for line in lines] == [f"n{i}" for i in range(40)]
    assert set(lines[0]["results"][0]) == {"supplier_id", "offer_id", "p", "parts"}
