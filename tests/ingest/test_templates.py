"""A template reads back without a fault, explains itself, and holds no formula."""

from pathlib import Path

import openpyxl

from ingest.export_cells import FORMULA_STARTS
from ingest.mapping import map_table
from ingest.plan_kind import PLAN
from ingest.plans import read_plan_noted
from ingest.table_kind import FieldSpec, TableKind
from ingest.table_rows import rows
from ingest.tables import open_sheets
from ingest.templates import GUIDE, write_template
from tests.ingest.books import HEADER


def test_the_plan_template_is_a_good_plan(tmp_path: Path) -> None:
    path = tmp_path / "采购计划.xlsx"
    write_template(PLAN, path)
    reading = read_plan_noted(path, HEADER)
    assert [(line.product, line.quantity, line.budget_cny) for line in reading.plan.lines] == [
        ("不锈钢板", 300.0, 4_800_000.0),
        ("纸管", 12_000.0, 65_000.0),
    ]
    assert reading.plan.closes_on == "2026-12-31"
    assert any(GUIDE in note for note in reading.notes)


def test_every_field_stands_in_the_header_and_in_the_guide(tmp_path: Path) -> None:
    path = tmp_path / "采购计划.xlsx"
    write_template(PLAN, path)
    book = openpyxl.load_workbook(path)
    headers = [spec.header for spec in PLAN.fields]
    assert [cell.value for cell in book.worksheets[0][1]] == headers
    guide = [tuple(row[:3]) for row in book[GUIDE].iter_rows(values_only=True)]
    assert all((spec.header, "必填" if spec.needed else "选填", spec.note) in guide for spec in PLAN.fields)


def test_examples_keep_their_zeros_and_are_no_formulas(tmp_path: Path) -> None:
    kind = TableKind(
        "codes",
        "代码",
        (
            FieldSpec("name", "名称", needed=True, examples=("示例", "=1+1")),
            FieldSpec("code", "代码", examples=("00123", "91320000000000000X"), note="＝不要改"),
            FieldSpec("count", "数量", examples=("12",)),
        ),
    )
    path = tmp_path / "t.xlsx"
    write_template(kind, path)
    first, second = rows(map_table(open_sheets(path), kind))
    assert dict(first.cells) == {"name": "示例", "code": "00123", "count": 12}
    assert second.cells["code"] == "91320000000000000X"
    cells = [cell for sheet in openpyxl.load_workbook(path) for row in sheet for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert not [c.value for c in cells if isinstance(c.value, str) and c.value.startswith(FORMULA_STARTS)]
