import json
from pathlib import Path

import pytest

from matchmaker.calibrate import fit_scale
from matchmaker.encoder import Encoder
from matchmaker.evaluate import catalogue_task, classes_task, evaluate, quality, table, triples_task
from matchmaker.lexicon import Lexicon
from matchmaker.score import WEIGHTS

TRIPLES = [
    ("驱动电机用硅钢片", "冷轧电工钢带，50W470", "驱动桥壳钢板"),
    ("负极集流体", "双光铜箔6微米", "正极铝箔"),
    ("机器人关节减速机", "谐波减速器", "机器人涂装线"),
    ("保险杠模具", "注塑模，热流道", "保险杠喷涂"),
]


def test_ties_count_against_the_matcher(encoder: Encoder, tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text("轴承\t深沟球轴承\t深沟球轴承\n", "utf-8")
    found = evaluate(triples_task(tmp_path / "t.tsv"), encoder, None)
    assert {str(q) for q in found.values()} == {"0.000/1.000/0.500"}


def test_every_way_is_measured_and_tabled(encoder: Encoder, lexicon: Lexicon, tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text("".join("\t".join(t) + "\n" for t in TRIPLES), "utf-8")
    found = evaluate(triples_task(tmp_path / "t.tsv"), encoder, lexicon)
    assert list(found) == ["dense", "dense + tfidf", "dense + lexicon", "all"]
    assert found["all"].first >= found["dense"].first
    assert table({"triples": found}).count("\n") == 5


def test_classes_and_catalogue_are_read_as_tasks(tmp_path: Path) -> None:
    rows = [
        {"section": "C", "cls": "3451", "name": "滚动轴承制造", "note": "指滚动轴承的制造"},
        {"section": "C", "cls": "3452", "name": "滑动轴承制造", "note": ""},
        {"section": "A", "cls": "0111", "name": "稻谷种植", "note": "x"},
    ]
    (tmp_path / "c.json").write_text(json.dumps(rows), "utf-8")
    task = classes_task(tmp_path / "c.json")
    assert (task.needs, task.candidates, task.right) == (("指滚动轴承的制造",), ("滚动轴承制造", "滑动轴承制造"), (0,))
    goods = [
        {"code": "1020000", "name": "煤", "description": "黑", "keywords": ["煤", "原煤"]},
        {"code": "3020000", "name": "服务", "description": "", "keywords": ["服务业"]},
    ]
    (tmp_path / "g.jsonl").write_text("\n".join(json.dumps(g) for g in goods), "utf-8")
    goods_task = catalogue_task(tmp_path / "g.jsonl")
    assert (goods_task.needs, goods_task.candidates, goods_task.right) == (("原煤",), ("煤，黑",), (0,))


def test_shares_are_what_they_say() -> None:
    found = quality([1, 2, 20])
    assert found.first == pytest.approx(1 / 3)
    assert found.in_ten == pytest.approx(2 / 3)
    assert found.reciprocal == pytest.approx((1 + 0.5 + 0.05) / 3)


def test_refitting_keeps_the_order_of_the_parts(encoder: Encoder, lexicon: Lexicon) -> None:
    fitted = fit_scale(TRIPLES, encoder, lexicon)
    assert fitted.dense / fitted.lexicon == pytest.approx(WEIGHTS.dense / WEIGHTS.lexicon, rel=0.02)
