"""Government purchase intentions: one notice an announcement, the same whatever the order of its rows."""

import json
from pathlib import Path
from typing import Any

from graph.model import PlanKind
from ingest.intentions import read_intentions
from tests.ingest.firm_tables import table

PROJECT = {
    "title": "示例市第一中学2027年01月(至)06月政府采购意向",
    "published": "2026-12-30 09:07:01",
    "project": "实训室数控机床采购项目",
    "need": "数控车床6台，联系人：某某，电话13800000000。用于实训。",
    "budget_wan": "65.5",
    "sme_reserved": "是",
    "expected": "2027年03月",
}


def lines(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_every_project_is_a_notice_of_its_own(tmp_path: Path) -> None:
    other = PROJECT | {"project": "教学仪器采购", "budget_wan": None, "expected": "2027年05月"}
    reading = read_intentions(lines(tmp_path / "a.jsonl", PROJECT, other))
    one, two = reading.items
    assert (one.kind, one.buyer_name, one.published_on) == (PlanKind.NOTICE, "示例市第一中学", "2026-12-30")
    assert (one.closes_on, two.closes_on) == ("2027-03-31", "2027-05-31")
    assert [(line.product, line.budget_cny) for plan in reading.items for line in plan.lines] == [
        ("实训室数控机床", 655_000.0),
        ("教学仪器", None),
    ]
    assert (reading.rows_read, reading.accepted) == (2, 2)
    spec = one.lines[0].spec or ""
    assert "数控车床6台" in spec
    assert "13800000000" not in spec
    assert "某某" not in spec


def test_the_order_of_the_rows_does_not_matter_and_the_same_row_twice_is_one_notice(tmp_path: Path) -> None:
    rows = [PROJECT | {"project": f"设备{n}采购", "expected": None} for n in range(4)]
    rows.append(rows[0])
    one = read_intentions(lines(tmp_path / "a.jsonl", *rows))
    two = read_intentions(lines(tmp_path / "b.jsonl", *reversed(rows)))
    assert {plan.id for plan in one.items} == {plan.id for plan in two.items}
    assert (len(one.items), one.accepted) == (4, 5)


def test_a_sheet_names_its_body_in_the_title_or_in_a_column(tmp_path: Path) -> None:
    header = (
        "序号",
        "采购项目名称",
        "采购需求概况",
        "预算金额(万元)",
        "拟面向中小企业预留",
        "预计采购时间(填写到月)",
        "备注",
    )
    row = (1, "实训室数控机床采购", "数控车床6台", 65.5, "是", "2027年3月", None)
    titled = table(tmp_path / "a.xlsx", header, row, title=("示例市第一中学2027年1月至6月政府采购意向",))
    (plan,) = read_intentions(titled).items
    assert (plan.buyer_name, plan.lines[0].product, plan.lines[0].budget_cny) == (
        "示例市第一中学",
        "实训室数控机床",
        655_000.0,
    )
    columned = table(
        tmp_path / "b.xlsx", ("采购单位", *header[1:]), ("示例市第一中学", *row[1:]), ("示例市水利局", *row[1:])
    )
    assert sorted(p.buyer_name for p in read_intentions(columned).items) == ["示例市水利局", "示例市第一中学"]


def test_every_fault_is_told_and_the_good_rows_go_on(tmp_path: Path) -> None:
    rows = (
        PROJECT | {"project": ""},
        PROJECT | {"budget_wan": "不详"},
        PROJECT | {"expected": "年底"},
        PROJECT | {"title": "政府采购意向"},
        PROJECT,
    )
    reading = read_intentions(lines(tmp_path / "a.jsonl", *rows))
    assert [(f.row, f.code) for f in reading.faults] == [
        (1, "row.field_missing"),
        (2, "intention.budget.not_a_number"),
        (3, "intention.date.not_a_date"),
        (4, "intention.buyer.missing"),
    ]
    assert reading.rows_read == reading.accepted + len(reading.rejected) == 5
