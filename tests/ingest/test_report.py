"""A report shows what became of every row, and comes back corrected as it is."""

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.export_cells import FORMULA_STARTS, exported, imported
from ingest.faults import Fault
from ingest.mapping import map_table
from ingest.report import ImportReport, RejectedRow, ReportTable, report_header, write_report
from ingest.sheets import Cell
from ingest.table_rows import rows
from ingest.tables import open_sheets
from tests.ingest.test_mapping import FIRMS, mapped

FAULT = Fault("名单.xlsx", "firms.code.bad", "“x” 不是统一社会信用代码。请改正。", "名单", 3, "信用代码", "x")


def written(path: Path, header: tuple[str, ...], *rejected: tuple[Cell, ...]) -> Path:
    """A report with these rejected rows."""
    report = ImportReport(
        file="名单.xlsx",
        title="企业",
        header=header,
        rejected=[RejectedRow(n + 2, cells, (FAULT,)) for n, cells in enumerate(rejected)],
        accepted=ReportTable(("企业名称", "原文件行号"), [("示例甲公司", 2), ("=HYPERLINK(1)", 9)]),
        changed=ReportTable(("企业名称", "项目", "原值", "新值"), [("示例甲公司", "地址", "甲路", "乙路")]),
        review=ReportTable(("企业名称", "要核对什么"), [("示例甲公司", "与示例乙公司是否同一家?")]),
        notes=("读取了工作表“名单”。",),
    )
    write_report(path, report)
    return path


def test_a_report_has_its_five_sheets_with_reasons_beside_the_rows(tmp_path: Path) -> None:
    path = written(tmp_path / "报告.xlsx", ("企业名称", "信用代码"), ("示例乙公司", "x"))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["说明", "接受", "变更", "拒收", "待核"]
    assert list(book["拒收"].iter_rows(values_only=True)) == [
        ("企业名称", "信用代码", "【原文件行号】", "【拒收原因】", "【代码】"),
        ("示例乙公司", "x", 2, f"「信用代码」{FAULT.message}", "firms.code.bad"),
    ]
    about = dict(row[:2] for row in book["说明"].iter_rows(values_only=True))
    assert (about["文件"], about["接受"], about["变更"], about["拒收"], about["待核"]) == ("名单.xlsx", 2, 1, 1, 1)


def test_nothing_in_a_report_is_a_formula(tmp_path: Path) -> None:
    path = written(tmp_path / "报告.xlsx", ("=a", "＋b"), ("=1+1", "@x"), ("\t-3", "#REF!"), ("-5", "'=1"))
    cells = [cell for sheet in openpyxl.load_workbook(path) for row in sheet for cell in row]
    assert not [c.value for c in cells if isinstance(c.value, str) and c.value.startswith(FORMULA_STARTS)]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}


def test_a_report_comes_back_corrected_and_only_its_rejected_rows_are_read(tmp_path: Path) -> None:
    table = mapped(
        ("单位：万元",), ("企业名称", "营业收入", "暗号"), ("示例甲公司", "面议", "=x"), ("示例乙公司", 3, "y")
    )
    bad = next(rows(table))
    report = ImportReport(
        "名单.xlsx", "企业", report_header(table), [RejectedRow(3, bad.original, (FAULT,))], ReportTable(())
    )
    path = tmp_path / "报告.xlsx"
    write_report(path, report)
    book = openpyxl.load_workbook(path)
    book["拒收"]["B2"] = 7
    book.save(path)
    again = map_table(open_sheets(path), FIRMS, file=path.name)
    (row,) = rows(again)
    assert dict(row.cells) == {"name": "示例甲公司", "revenue": 7}
    assert row.original == ("示例甲公司", 7, "=x")
    revenue = again.column("revenue")
    assert revenue is not None
    assert (revenue.header, revenue.factor) == ("营业收入（万元）", 10_000.0)
    assert any("改正后的导入报告" in note for note in again.notes)


def test_a_row_that_lived_on_the_row_above_stands_alone_in_the_report() -> None:
    table = mapped(("企业名称", "所在市"), ("示例甲公司", "苏州市"), ("示例乙公司", "同上"))
    assert [row.original for row in rows(table)] == [("示例甲公司", "苏州市"), ("示例乙公司", "苏州市")]


def test_a_header_in_two_rows_is_one_in_the_report_and_is_read_the_same() -> None:
    table = mapped(("企业名称", "规模(万元)", None), (None, "营业收入", "产能"), ("示例甲公司", 1, 2))
    header = report_header(table)
    again = mapped(header, ("示例甲公司", 1, 2))
    assert again.header_row == 0
    assert [(c.key, c.index, c.factor) for c in again.columns] == [(c.key, c.index, c.factor) for c in table.columns]


def test_a_report_without_rejected_rows_has_nothing_to_read(tmp_path: Path) -> None:
    (sheet,) = open_sheets(written(tmp_path / "报告.xlsx", ("企业名称", "信用代码")))
    assert sheet.rows[1:] == ()


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(str.strip)
STARTS = st.builds(
    "{}{}".format, st.sampled_from(["=", "+", "-", "@", "＝", "＋", "'", "'=", "''+", "#REF!", ""]), TEXTS
)
CELLS = st.one_of(
    st.none(),
    STARTS.filter(lambda text: text.strip() == text),
    st.integers(-(10**9), 10**9),
    st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)),
    st.booleans(),
)


@given(STARTS)
def test_what_is_exported_is_no_formula_and_comes_back_the_same(text: str) -> None:
    assert not exported(text).startswith(FORMULA_STARTS)
    assert imported(exported(text)) == text


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS).filter(any), min_size=1, max_size=5))
def test_rejected_rows_come_back_as_they_were(rejected: list[tuple[Cell, ...]]) -> None:
    with TemporaryDirectory() as folder:
        (sheet,) = open_sheets(written(Path(folder) / "报告.xlsx", ("甲", "乙", "丙"), *rejected))
    assert sheet.rows == (("甲", "乙", "丙"), *rejected)
