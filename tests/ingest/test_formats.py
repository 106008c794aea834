"""One table gives the same rows from xlsx, xls, ods, CSV in every encoding, and from a PDF."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from ingest.csvfile import decoded, rows_of
from ingest.faults import RefusedFile
from ingest.limits import DEFAULT
from ingest.plans import read_plan, read_plan_noted
from ingest.refused import Refused
from ingest.sheets import Cell, Sheet
from ingest.tables import open_sheets
from tests.ingest.books import HEADER, workbook
from tests.ingest.old_books import book, container, old_workbook, record, sheet
from tests.ingest.open_books import open_book, table
from tests.ingest.papers import page_of, paper

_TEXT = 'office:value-type="string"'
ROWS: list[tuple[Cell, ...]] = [
    ("序号", "物料名称", "需求数量", "交货日期"),
    (1, "不锈钢板", "300吨", "2027年3月"),
    (2, "纸管", "1.2万根", "2027-06-30"),
]


def as_text(separator: str = ",") -> str:
    """The rows as delimited text."""
    return "".join(separator.join(map(str, row)) + "\r\n" for row in ROWS)


def as_page(*lines: tuple[Cell, ...]) -> list[list[str]]:
    """Rows as they are drawn on a page."""
    return [["" if cell is None else str(cell) for cell in line] for line in lines]


WRITERS: list[tuple[str, Callable[[Path], object]]] = [
    ("plan.xlsx", lambda path: workbook(path, ROWS)),
    ("plan.xls", lambda path: old_workbook(path, {"需求": ROWS})),
    ("plan.ods", lambda path: open_book(path, table("需求", ROWS))),
    ("plan.pdf", lambda path: paper(path, [page_of(as_page(*ROWS), "2027年采购计划")])),
    ("plan.tsv", lambda path: path.write_bytes(as_text("\t").encode())),
    ("plan.txt", lambda path: path.write_bytes(as_text(";").encode())),
    *[
        (f"{encoding}.csv", lambda path, encoding=encoding: path.write_bytes(as_text().encode(encoding)))  # type: ignore[misc]
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030")
    ],
]


@pytest.mark.parametrize(("name", "write"), WRITERS, ids=[name for name, _ in WRITERS])
def test_every_format_gives_the_same_plan(tmp_path: Path, name: str, write: Callable[[Path], object]) -> None:
    write(tmp_path / name)
    lines = read_plan(tmp_path / name, HEADER).lines
    assert [(line.number, line.product, line.quantity, line.unit, line.delivery_on) for line in lines] == [
        (1, "不锈钢板", 300.0, "吨", "2027-03-31"),
        (2, "纸管", 12_000.0, "根", "2027-06-30"),
    ]


def test_an_encoding_that_was_guessed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes(as_text().encode("gb18030"))
    assert read_plan_noted(path, HEADER).notes == ("按 GB18030 编码读取。",)
    path.write_bytes(as_text().encode())
    assert read_plan_noted(path, HEADER).notes == ()


def test_the_extension_must_agree_with_the_content(tmp_path: Path) -> None:
    for name, write in WRITERS[:4]:
        for suffix in (".xlsx", ".xls", ".ods", ".pdf", ".csv"):
            if name.endswith(suffix):
                continue
            path = tmp_path / f"wrong{suffix}"
            write(path)
            with pytest.raises(RefusedFile) as refused:
                open_sheets(path)
            assert refused.value.code == "file.type_mismatch", (name, suffix)
            assert Path(name).suffix in str(refused.value)


def test_a_table_over_pages_is_joined_with_and_without_its_header_again(tmp_path: Path) -> None:
    pages = [
        page_of(as_page(ROWS[0], ROWS[1]), "计划"),
        page_of(as_page(ROWS[0], ROWS[2])),
        page_of(as_page((3, "铜排", "5件", ""))),
    ]
    (joined,) = open_sheets(paper(tmp_path / "plan.pdf", pages))
    assert joined.name == "第 1-3 页表 1"
    assert [row[1] for row in joined.rows] == ["物料名称", "不锈钢板", "纸管", "铜排"]


def test_a_table_of_another_shape_on_the_next_page_is_another_table(tmp_path: Path) -> None:
    pages = [page_of(as_page(ROWS[0], ROWS[1])), page_of(as_page(("甲", "乙", "丙", "丁"), (1, 2, 3, 4)), left=70)]
    first, second = open_sheets(paper(tmp_path / "plan.pdf", pages))
    assert (first.name, second.name) == ("第 1 页表 1", "第 2 页表 2")


def test_a_pdf_without_text_is_told_apart_from_one_without_tables(tmp_path: Path) -> None:
    for drawing, code in [("10 10 50 50 re f", "file.pdf.scanned"), ("", "file.pdf.scanned")]:
        with pytest.raises(RefusedFile) as refused:
            open_sheets(paper(tmp_path / "scan.pdf", [drawing]))
        assert refused.value.code == code
    with pytest.raises(RefusedFile) as refused:
        open_sheets(paper(tmp_path / "prose.pdf", [page_of([], "只有文字")]))
    assert refused.value.code == "file.pdf.no_table"


def test_cells_merged_on_a_page_are_known_to_be(tmp_path: Path) -> None:
    cells = [(40, 736, 100, 24), (140, 736, 100, 24), (40, 688, 100, 48), (140, 712, 100, 24), (140, 688, 100, 24)]
    drawn = "\n".join(f"{x} {y} {w} {h} re S" for x, y, w, h in cells)
    words = page_of([["a", "b"], ["c", "d"], ["", "e"]]).split("\n")
    text = "\n".join(line for line in words if line.startswith("BT"))
    (read,) = open_sheets(paper(tmp_path / "merged.pdf", [f"{drawn}\n{text}"]))
    assert read.rows == (("a", "b"), ("c", "d"), (None, "e"))
    assert read.merged == ((1, 0, 2, 0),)


def test_hidden_merged_and_broken_cells_are_marked_in_old_books(tmp_path: Path) -> None:
    marks = (
        record(0x208, b"\x01\0" + bytes(10) + b"\x20\0\0\0")  # row 2 is hidden
        + record(0x7D, b"\x02\0\x02\0" + bytes(4) + b"\x01\0\0\0")  # so is column C
        + record(0xE5, b"\x01\0" + b"\x01\0\x02\0\x01\0\x01\0")  # B2:B3 is merged
    )
    rows = [("甲", "乙", "丙"), (1, "x", "#"), (2, None, 3)]
    stream = book({"需求": sheet(rows, marks), "旧表": sheet(rows)}, hidden=["旧表"])
    path = tmp_path / "old.xls"
    path.write_bytes(container({"Workbook": stream}))
    first, second = open_sheets(path)
    assert first.rows == (("甲", "乙", "丙"), (1, "x", None), (2, None, 3))
    assert (first.hidden_rows, first.hidden_columns, first.merged) == ({1}, {2}, ((1, 1, 2, 1),))
    assert first.errors == {"C2": "#REF!"}
    assert (second.name, second.hidden, second.rows) == ("旧表", True, ())


def test_hidden_merged_and_broken_cells_are_marked_in_open_books(tmp_path: Path) -> None:
    spanned = f'<table:table-cell table:number-rows-spanned="2" {_TEXT}><text:p>x</text:p></table:table-cell>'
    failed = 'table:formula="of:=1/0" calcext:value-type="error"'
    broken = f"<table:table-cell {failed}><text:p>#DIV/0!</text:p></table:table-cell>"
    rows = [("甲", "乙", "丙"), (1, spanned, broken), (2, "<table:covered-table-cell/>", 3)]
    cell = f"<table:table-cell {_TEXT}><text:p>y</text:p></table:table-cell>"
    hidden = f'<table:table-row table:visibility="collapse">{cell}</table:table-row>'
    (read,) = open_sheets(open_book(tmp_path / "open.ods", table("需求", rows, hidden)))
    assert read.rows[1][:2] == (1, "x")
    assert read.rows[3][0] == "y"
    assert (read.merged, read.hidden_rows) == (((1, 1, 2, 1),), {3})
    assert read.errors == {"C2": "#DIV/0!"}


def test_hidden_rows_and_columns_of_a_workbook_are_marked(tmp_path: Path) -> None:
    def hide(target: Worksheet) -> None:
        target.row_dimensions[3].hidden = True
        target.column_dimensions["B"].hidden = True
        target.column_dimensions.group("H", "XFD", hidden=True)

    (read,) = open_sheets(workbook(tmp_path / "plan.xlsx", ROWS, hide))
    assert (read.hidden_rows, read.hidden_columns) == ({2}, {1})
    assert len(read.rows) == len(ROWS)


def test_a_table_that_does_not_begin_in_a1_keeps_its_place(tmp_path: Path) -> None:
    rows = [(None, None), (None, None, "物料名称"), (None, None, "钢板")]
    for path in (
        workbook(tmp_path / "a.xlsx", rows),
        old_workbook(tmp_path / "a.xls", {"需求": rows}),
        open_book(tmp_path / "a.ods", table("需求", rows)),
    ):
        (read,) = open_sheets(path)
        assert [row[2] for row in read.rows] == [None, "物料名称", "钢板"], path.name


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(lambda text: text.strip("\ufeff ")))
def test_any_utf_8_text_is_decoded_as_it_is(text: str) -> None:
    assert decoded(text.encode()) == (text.removeprefix("\ufeff"), "utf-8")


@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_are_read_or_refused_by_code(data: bytes) -> None:
    codes = {"file.empty", "file.csv.not_text", "file.csv.encoding", "file.csv.broken"}
    assert _refusal(data) in codes | {None}


def _refusal(data: bytes) -> str | None:
    try:
        list(rows_of(decoded(data)[0], DEFAULT))
    except Refused as refused:
        return refused.code
    return None


def test_sheets_are_values(tmp_path: Path) -> None:
    path = workbook(tmp_path / "plan.xlsx", ROWS)
    assert open_sheets(path) == open_sheets(path)
    assert isinstance(open_sheets(path)[0], Sheet)
