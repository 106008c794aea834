"""Catalogues in every shape that they are published in: each code once, each entry under the one above it."""

import json
from pathlib import Path
from typing import Any

import pytest

from graph.model import CatalogueEntry
from ingest.catalogue import read_catalogue
from ingest.faults import RefusedFile
from ingest.kinds.division_table import read_divisions
from tests.ingest.firm_tables import table

TAX = (
    {"code": "1000000000000000000", "name": "货物", "description": "", "keywords": []},
    {"code": "1010101020000000000", "name": "小麦", "description": "包括硬质小麦。", "keywords": ["软质小麦", "小麦"]},
    {"code": "1010100000000000000", "name": "农业产品", "description": "", "keywords": []},
)
GB4754 = (
    {"section": "C", "division": "", "group": "", "cls": "", "name": "制造业", "note": ""},
    {"section": "C", "division": "34", "group": "", "cls": "", "name": "通用设备制造业", "note": ""},
    {"section": "C", "division": "34", "group": "345", "cls": "3453", "name": "齿轮制造", "note": "指齿轮的制造"},
)


def entry(code: str, name: str, parent: str | None = None, description: str = "") -> dict[str, Any]:
    return {"catalog_code": code, "catalog_name": name, "parent_code": parent, "description": description}


def lines(path: Path, *entries: dict[str, Any]) -> Path:
    path.write_text("\n".join(json.dumps(e, ensure_ascii=False) for e in entries), encoding="utf-8")
    return path


def whole(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def test_tax_codes_hang_under_the_closest_code_that_is_there(tmp_path: Path) -> None:
    reading = read_catalogue(lines(tmp_path / "tax.jsonl", *TAX))
    top, wheat, farm = reading.items
    assert top == CatalogueEntry("tax:1000000000000000000", "tax", "货物")
    assert farm.parent == "tax:1000000000000000000"
    assert wheat.parent == "tax:1010100000000000000"
    assert (wheat.description, wheat.keywords) == ("包括硬质小麦。", ("软质小麦",))


def test_industry_classes_hang_under_groups_or_divisions(tmp_path: Path) -> None:
    reading = read_catalogue(whole(tmp_path / "gb.json", GB4754))
    assert [(e.code, e.parent) for e in reading.items] == [
        ("gb4754:C", None),
        ("gb4754:C34", "gb4754:C"),
        ("gb4754:C3453", "gb4754:C34"),
    ]
    assert reading.items[2].description == "指齿轮的制造"


@pytest.mark.parametrize(
    ("published", "name", "doubtful"),
    [
        ("多用途货车 皮卡车归入此类。", "多用途货车", False),
        ("医用 X 线诊断设备 层诊断设备、X 线电子计算机断层", "医用X线诊断设备", False),
        ("合成纤维及合纤聚合物生产装 置 纶短纤维装置", "合成纤维及合纤聚合物生产装置", False),
        ("激光视盘机 VCD、DVD 等设备入此。", "激光视盘机", False),
        ("坝、堰及水道", "坝、堰及水道", False),
        ("——历史语言学研究服务；", "——历史语言学研究服务；", True),
        ("包括地塞米松片、泼尼松片等。", "包括地塞米松片、泼尼松片等。", True),
        ("等离子显示器", "等离子显示器", False),
        ("和解口服液", "和解口服液", False),
        ("石膏龙骨，相关石膏制品", "石膏龙骨，相关石膏制品", False),
    ],
)
def test_stray_pieces_of_the_next_column_are_cut_and_doubtful_names_flagged(
    tmp_path: Path, published: str, name: str, doubtful: bool
) -> None:
    entries = [entry("A", "货物"), entry("A02000000", published, "A")]
    reading = read_catalogue(whole(tmp_path / "gpc.json", {"entries": entries}))
    assert [e.name for e in reading.items] == ["货物", name]
    assert bool(reading.flags) is doubtful


def test_every_fault_is_told_and_every_entry_accounted_for(tmp_path: Path) -> None:
    entries = [
        entry("A", "货物"),
        entry("A02", "设备", "A"),
        entry("A02000000", "设备", "A"),
        entry("A02000000", "装备", "A", "说明更长的留下"),
        entry("A03000000", "", "A"),
        "no object",
    ]
    reading = read_catalogue(whole(tmp_path / "gpc.json", {"entries": entries}))
    assert [(f.row, f.code) for f in reading.faults] == [
        (2, "catalogue.code.malformed"),
        (3, "catalogue.code.duplicate"),
        (5, "row.field_missing"),
        (6, "row.not_an_object"),
    ]
    assert [e.name for e in reading.items] == ["货物", "装备"]
    assert reading.rows_read == reading.accepted + len(reading.rejected) == 6


def test_a_catalogue_is_read_from_a_table_too(tmp_path: Path) -> None:
    path = table(
        tmp_path / "目录.xlsx",
        ("编码", "名称", "说明"),
        ("C34", "通用设备制造业", None),
        ("C3453", "齿轮制造", "指齿轮"),
    )
    reading = read_catalogue(path)
    assert reading.items[1] == CatalogueEntry("gb4754:C3453", "gb4754", "齿轮制造", "gb4754:C34", "指齿轮")


@pytest.mark.parametrize("content", ["{", '{"rows": []}', "[1, 2]", "[]"])
def test_what_is_no_catalogue_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RefusedFile):
        read_catalogue(path)


def test_divisions_are_read_with_or_without_a_header(tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_text("code,name,cityCode\n32,江苏省,\n3205,苏州市,\n320583,昆山市,3205\n", encoding="utf-8")
    assert [(d.code, d.parent) for d in read_divisions(path).items] == [
        ("32", None),
        ("3205", "32"),
        ("320583", "3205"),
    ]
    path.write_text('320583100,"玉山镇",320583\n', encoding="utf-8")
    assert [(d.code, d.name, d.parent) for d in read_divisions(path).items] == [("320583100", "玉山镇", "320583")]
    path.write_text("320000,江苏省\n320500,苏州市\n", encoding="utf-8")
    assert [d.code for d in read_divisions(path).items] == ["32", "3205"]


def test_bad_divisions_are_refused_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_text("code,name\n3205,苏州市\n3205,常州市\n32058,昆山市\n320583,\nx,昆山市\n", encoding="utf-8")
    reading = read_divisions(path)
    assert [(f.row, f.code) for f in reading.faults] == [
        (3, "division.code.duplicate"),
        (4, "division.code.malformed"),
        (5, "division.name.missing"),
        (6, "division.code.malformed"),
    ]
    assert reading.rows_read == 5
    path.write_text("a,b\nc,d\n", encoding="utf-8")
    with pytest.raises(RefusedFile):
        read_divisions(path)
