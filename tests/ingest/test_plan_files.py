"""A plan file is read as people write it, or refused with every fault, its place and its mend."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from graph.model import CurrentSource
from ingest.faults import RefusedFile
from ingest.plans import read_plan, read_plan_noted
from tests.ingest.books import COLUMNS, HEADER, ROW, codes_of, faults_of, plan_of, workbook


def test_a_plan_is_found_below_title_rows_and_above_notes(tmp_path: Path) -> None:
    def merge_title(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:G1")
        sheet.merge_cells("A7:G7")

    rows = [
        ("2027年采购需求表",),
        ("单位: 万元", None, None),
        COLUMNS,
        ROW,
        (),
        (2, "纸管", None, "1,200", "根"),
        ("备注: 含税",),
    ]
    plan = plan_of(tmp_path, rows, merge_title)
    assert [(line.number, line.product, line.quantity, line.unit) for line in plan.lines] == [
        (1, "不锈钢板", 300.0, "吨"),
        (2, "纸管", 1200.0, "根"),
    ]
    first = plan.lines[0]
    assert (first.budget_cny, first.delivery_on) == (4_800_000.0, "2027-03-31")
    assert first.origin is not None
    assert first.origin.row == 4


def test_every_field_is_read_under_other_names_of_its_header(tmp_path: Path) -> None:
    columns = ("项次", "货物名称", "技术要求", "应用", "年需求量（吨）", "预算金额(元)", "认证要求", "梯队", "交付地")
    more = ("交期", "当前来源", "当前供应商", "年采购额（亿元）", "备注")
    row: tuple[Any, ...] = (
        1,
        "铜排",
        "TMY",
        "开关柜",
        "3.5万",
        "35万",
        "ISO 9001、IATF 16949",
        "专精特新中小企业；小巨人",
        "常州",
    )
    tail = (dt.date(2027, 1, 2), "进口", "某外商", 0.5, "加急")
    line = plan_of(tmp_path, [columns + more, row + tail]).lines[0]
    assert (line.product, line.spec, line.application, line.quantity, line.unit) == (
        "铜排",
        "TMY",
        "开关柜",
        35_000.0,
        "吨",
    )
    assert (line.budget_cny, line.certificates, line.tiers) == (
        350_000.0,
        ("ISO 9001", "IATF 16949"),
        ("专精特新", "小巨人"),
    )
    assert (line.delivery_place, line.delivery_on) == ("常州", "2027-01-02")
    assert (line.current_source, line.current_supplier, line.current_spend_cny) == (
        CurrentSource.IMPORT,
        "某外商",
        50_000_000.0,
    )


def test_blank_cells_are_unknown_and_not_zero(tmp_path: Path) -> None:
    line = plan_of(tmp_path, [COLUMNS, (1, "钢板")]).lines[0]
    assert (line.quantity, line.unit, line.budget_cny, line.delivery_on, line.spec) == (None,) * 5


def test_a_text_where_a_number_belongs_names_place_value_and_mend(tmp_path: Path) -> None:
    columns = ("序号", "产品名称", "年需求量")
    rows = [columns, *((n, f"产品{n}", 5) for n in range(1, 16)), (16, "轴承", "三百")]
    (fault,) = faults_of(workbook(tmp_path / "plan.xlsx", rows))
    assert str(fault) == (
        "plan.xlsx: 工作表“需求” 第 17 行「年需求量」: “三百” 不是数字。"
        "请改为 300 后重新上传。 (plan.quantity.not_a_number)"
    )
    assert (fault.sheet, fault.row, fault.column, fault.value) == ("需求", 17, "年需求量", "三百")


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("需求数量", -5, "plan.quantity.not_positive"),
        ("需求数量", 0, "plan.quantity.not_positive"),
        ("需求数量", "10-20", "plan.quantity.not_a_number"),
        ("需求数量", "5套", "plan.quantity.unit_conflict"),
        ("预算（万元）", "35万", "plan.budget.unit_unclear"),
        ("预算（万元）", "35美元", "plan.budget.unit_unknown"),
        ("预算（万元）", "面议", "plan.budget.not_a_number"),
        ("交货日期", "签订后30天", "plan.date.not_a_date"),
        ("物料名称", None, "plan.product.missing"),
        ("物料名称", "同上", "plan.cell.ditto"),
        ("物料名称", "钢" * 201, "plan.cell.too_long"),
        ("规格型号", dt.date(2026, 3, 5), "plan.cell.unexpected_date"),
        ("规格型号", "abc\u202egpj", "plan.cell.control_character"),
        ("序号", "一点五", "plan.number.not_a_number"),
        ("序号", None, "plan.number.missing"),
        ("需求数量", "=1+1", "plan.cell.formula_uncomputed"),
    ],
)
def test_each_bad_cell_has_its_code_and_its_place(tmp_path: Path, column: str, value: Any, code: str) -> None:
    row = list(ROW)
    row[COLUMNS.index(column)] = value
    (fault,) = faults_of(workbook(tmp_path / "plan.xlsx", [COLUMNS, row]))
    assert (fault.code, fault.row, fault.column) == (code, 2, column)


def test_unknown_tiers_and_sources_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "plan.xlsx", [("品名", "优先梯队", "现有来源"), ("钢板", "大公司", "火星")])
    assert codes_of(path) == ["plan.tier.unknown", "plan.source.unknown"]


def test_an_error_in_a_formula_is_named(tmp_path: Path) -> None:
    def break_it(sheet: Worksheet) -> None:
        cell = sheet["D2"]
        cell.value, cell.data_type = "#REF!", "e"

    (fault,) = faults_of(workbook(tmp_path / "plan.xlsx", [COLUMNS, ROW], break_it))
    assert (fault.code, fault.value) == ("plan.cell.formula_error", "#REF!")


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    rows = [
        (*COLUMNS, "供应商等级"),
        (1, None, None, "三百", "吨", -1, "x", None),
        (1, "钢", None, 5, "吨", 1, None, None),
    ]
    assert codes_of(workbook(tmp_path / "plan.xlsx", rows)) == [
        "plan.header.unknown",
        "plan.quantity.not_a_number",
        "plan.product.missing",
        "plan.budget.not_positive",
        "plan.date.not_a_date",
        "plan.number.duplicate",
    ]


@pytest.mark.parametrize(
    ("header", "code", "hint"),
    [
        (("产品明称", "数量"), "plan.header.unknown", "产品名称"),
        (("物料名称", "名称", "数量"), "plan.header.duplicate", "物料名称"),
        (("规格型号", "数量"), "plan.header.product_missing", "物料名称"),
        (("物料名称", "预算"), "plan.header.money_unit_missing", "预算（万元）"),
        (("物料名称", "数量", None), "plan.header.blank", "C 列"),
    ],
)
def test_each_bad_header_says_how_to_mend_it(tmp_path: Path, header: tuple[Any, ...], code: str, hint: str) -> None:
    faults = faults_of(workbook(tmp_path / "plan.xlsx", [header, ("钢板", 5, 7)[: len(header)]]))
    (fault,) = [f for f in faults if f.code == code]
    assert hint in fault.message


def test_a_merged_header_names_the_range(tmp_path: Path) -> None:
    path = workbook(tmp_path / "plan.xlsx", [COLUMNS, ROW], lambda sheet: sheet.merge_cells("C1:D1"))
    fault = faults_of(path)[0]
    assert (fault.code, fault.value, fault.row) == ("plan.header.merged", "C1:D1", 1)


def test_a_header_in_two_rows_is_refused_by_its_ranges(tmp_path: Path) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("C1:D1")

    rows = [("物料名称", "规格型号", "需求", None), (None, None, "数量", "单位"), ("钢板", "304", 5, "吨")]
    assert "plan.header.merged" in codes_of(workbook(tmp_path / "plan.xlsx", rows, merge))


def test_merged_cells_in_the_data_are_named(tmp_path: Path) -> None:
    rows = [COLUMNS, ROW, (2, *ROW[1:])]
    (fault, *_) = faults_of(workbook(tmp_path / "plan.xlsx", rows, lambda sheet: sheet.merge_cells("C2:C3")))
    assert (fault.code, fault.value) == ("plan.body.merged", "C2:C3")


def test_an_empty_sheet_and_a_header_without_lines_are_refused(tmp_path: Path) -> None:
    assert codes_of(workbook(tmp_path / "empty.xlsx", [])) == ["plan.sheet.empty"]
    assert codes_of(workbook(tmp_path / "header.xlsx", [COLUMNS])) == ["plan.no_lines"]
    assert codes_of(workbook(tmp_path / "prose.xlsx", [("你好",)])) == ["plan.header.missing"]


def test_the_sheet_that_was_read_is_told_and_two_plans_are_refused(tmp_path: Path) -> None:
    def add(sheet: Worksheet) -> None:
        book = sheet.parent
        assert book is not None
        for name, rows in (("说明", [("填写说明",)]), ("旧表", [COLUMNS, ROW])):
            other = book.create_sheet(name)
            for row in rows:
                other.append(list(row))
        other.sheet_state = "hidden"

    reading = read_plan_noted(workbook(tmp_path / "plan.xlsx", [COLUMNS, ROW], add), HEADER)
    assert reading.notes == (
        "读取了工作表“需求”。",
        "隐藏的工作表 “旧表” 没有读取。",
        "工作表 “说明” 没有需求表头, 没有读取。",
    )

    def two(sheet: Worksheet) -> None:
        add(sheet)
        assert sheet.parent is not None
        sheet.parent["旧表"].sheet_state = "visible"

    path = workbook(tmp_path / "two.xlsx", [COLUMNS, ROW], two)
    assert codes_of(path) == ["plan.sheet.several"]
    assert len(read_plan(path, HEADER, "旧表").lines) == 1
    assert [f.code for f in faults_of(path, "没有")] == ["plan.sheet.unknown"]


def test_the_key_of_a_line_depends_on_its_number_and_not_on_its_row(tmp_path: Path) -> None:
    rows = [(n, f"产品{n}", None, n, "件", None, None) for n in range(1, 6)]
    one = plan_of(tmp_path, [COLUMNS, *rows])
    other = plan_of(tmp_path, [COLUMNS, *reversed(rows)])
    assert [(line.id, line.product) for line in one.lines] == [(line.id, line.product) for line in other.lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_csv_is_read_in_every_encoding_that_excel_writes(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes("序号,物料名称,数量\r\n1,不锈钢板,300套\r\n".encode(encoding))
    (line,) = read_plan(path, HEADER).lines
    assert (line.product, line.quantity, line.unit) == ("不锈钢板", 300.0, "套")


def test_bytes_of_no_encoding_are_refused_with_byte_and_row(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes("序号,物料名称\n1,不锈钢板\n2,".encode() + b"\xff\xfe" + "铜\n".encode())
    (fault,) = faults_of(path)
    assert (fault.code, fault.row, fault.value) == ("file.csv.encoding", 3, "0xFF")
    assert "第 38 个字节" in fault.message


def test_one_broken_byte_of_utf8_never_becomes_gb18030_nonsense(tmp_path: Path) -> None:
    data = bytearray("序号,物料名称,数量\n1,不锈钢板,3\n".encode())
    data[-6] = 0xC3
    path = tmp_path / "plan.csv"
    path.write_bytes(bytes(data))
    assert codes_of(path) == ["file.csv.encoding"]


def test_an_unclosed_quote_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text('物料名称,数量\n"钢板,5\n', encoding="utf-8")
    assert codes_of(path) == ["file.csv.broken"]


def test_an_announcement_without_buyer_or_date_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "plan.xlsx", [COLUMNS, ROW])
    bad = type(HEADER)(HEADER.kind, "", HEADER.buyer, closes_on="明天")
    with pytest.raises(RefusedFile) as refused:
        read_plan(path, bad)
    assert [f.code for f in refused.value.faults] == ["plan.announcement.missing", "plan.announcement.not_a_date"]
