"""Opens a table file by what it holds (打开表格), and finds its header row (表头行) under the title rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.csvfile import read_csv
from ingest.faults import Fault, RefusedFile, size_fault
from ingest.headers import Column, Field, recognise
from ingest.limits import DEFAULT, Limits
from ingest.sheets import Sheet
from ingest.workbook import OLE2, ZIP, read_workbook

_TEXTS = (".csv", ".txt", ".tsv")
_SEARCHED_ROWS = 30
_PDF = b"%PDF"


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with its header row (from 0) and its recognised columns."""

    sheet: Sheet
    header_row: int
    columns: tuple[Column, ...]


def open_sheets(path: Path, limits: Limits = DEFAULT) -> tuple[Sheet, ...]:
    """The sheets of an xlsx or CSV file. Raises RefusedFile for anything else, by the content and not the name."""
    if fault := size_fault(path, limits.file_bytes):
        raise RefusedFile([fault])
    with path.open("rb") as file:
        start = file.read(8)
    named_text = path.suffix.lower() in _TEXTS
    if not start:
        raise RefusedFile([Fault(path.name, "file.empty", "文件是空的(0 字节)。请重新导出后上传。")])
    if start.startswith(ZIP) or start == OLE2:
        if named_text:
            raise RefusedFile([_mismatch(path, "内容是 Excel 工作簿, 请把扩展名改为 .xlsx 后重新上传。")])
        return read_workbook(path, limits)
    if start.startswith(_PDF):
        raise RefusedFile([_mismatch(path, "内容是 PDF。请上传 .xlsx 或 .csv 表格。")])
    if not named_text:
        message = "不是有效的 Excel 文件(不是 zip 压缩包)。请用 Excel 另存为 .xlsx 后重新上传。"
        raise RefusedFile([Fault(path.name, "file.not_a_zip", message)])
    return read_csv(path, limits)


def find_header(sheet: Sheet) -> Table | None:
    """The table of `sheet`; None where none of the first rows looks like a header."""
    best: tuple[int, tuple[Column, ...]] | None = None
    for row, cells in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        columns = tuple(c for i, text in enumerate(cells) if isinstance(text, str) and (c := recognise(i, text)))
        known = {column.field for column in columns}
        plausible = len(known) >= 2 or (known == {Field.PRODUCT} and sum(c is not None for c in cells) == 1)
        if plausible and (best is None or len(known) > len({c.field for c in best[1]})):
            best = row, columns
    return Table(sheet, *best) if best else None


def first_wide_row(sheet: Sheet) -> int | None:
    """The first row with two cells or more: what a person meant as the header where none is recognised."""
    return next((r for r, cells in enumerate(sheet.rows) if sum(c is not None for c in cells) >= 2), None)


def is_empty(sheet: Sheet) -> bool:
    """Whether the sheet holds nothing, not even an error."""
    return not sheet.errors and not sheet.uncomputed and all(c is None for row in sheet.rows for c in row)


def names_of(sheets: Sequence[Sheet]) -> str:
    """The names of the sheets as a message lists them."""
    return "、".join(f"“{sheet.name}”" for sheet in sheets)


def _mismatch(path: Path, mend: str) -> Fault:
    return Fault(path.name, "file.type_mismatch", f"扩展名是 {path.suffix or '空'}, 但{mend}")
