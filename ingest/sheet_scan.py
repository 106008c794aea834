"""Looks over the XML of a sheet before a parser may allocate for it (预扫描).

A parser reserves the rectangle from the first to the last cell, so two cells far apart in a 5 KiB file ask
for gigabytes. Here the rectangle is counted first. The parser also hides two things that a person must be
told of: cells that hold an error, and formulas that were never computed.
"""

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

from ingest.archive import Archive
from ingest.limits import Limits
from ingest.refused import Refused

_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s/>])[^>]*>")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br\s*=\s*[\"'](\d{1,20})[\"']")
_PLACED = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Za-z]{1,9})(\d{1,20})[\"']")
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,9})(\d{1,20})[\"']")
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s[^>]*?\bref\s*=\s*[\"'](?:[A-Z]+\d+:)?([A-Z]{1,9})(\d{1,20})[\"']")
_HIDDEN_ROW = re.compile(
    rb"<(?:\w+:)?row\s(?=[^>]*\bhidden\s*=\s*[\"'](?:1|true)[\"'])[^>]*?\br\s*=\s*[\"'](\d{1,7})[\"']"
)
_COLUMNS = re.compile(rb"<(?:\w+:)?col\s[^>]*\bhidden\s*=\s*[\"'](?:1|true)[\"'][^>]*>")
_FIRST, _LAST = re.compile(rb"\bmin\s*=\s*[\"'](\d{1,5})[\"']"), re.compile(rb"\bmax\s*=\s*[\"'](\d{1,5})[\"']")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\s([^>]*\bt\s*=\s*[\"']e[\"'][^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<", re.DOTALL
)
_UNCOMPUTED = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
# A formula that was computed to empty text has an empty value as well, but says that it is text.
_TEXT_RESULT = re.compile(rb"\bt\s*=\s*[\"']str[\"']")
_MAY_BE_ERROR = re.compile(rb"=\s*[\"']e[\"']")
_MAY_BE_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s")
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class SheetMarks:
    """What the parser does not tell of a sheet.

    `errors` holds (cell, text) such as ("C5", "#REF!"), `uncomputed` cells, `merged` ranges as `Sheet` does,
    where the parser does not give them. Hidden rows and columns count from 0.
    """

    name: str
    hidden: bool = False
    errors: list[tuple[str, str]] = field(default_factory=list)
    uncomputed: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] | None = None


def scan(archive: Archive, limits: Limits) -> list[SheetMarks]:
    """The marks of every worksheet in the book's order. Raises Refused where a sheet or the book is too large."""
    marks, cells = [], 0
    worksheets = _worksheets(archive)
    if len(worksheets) > limits.sheets:
        message = f"工作簿有 {len(worksheets)} 个工作表, 上限是 {limits.sheets}。请拆分后分别上传。"
        raise Refused("file.too_many_sheets", message)
    for name, hidden, part in worksheets:
        data = archive.read(part)
        rows, columns, count = _grid(data)
        cells += max(rows * columns, count)
        check_grid(name, columns, cells, limits)
        if b"mergeCell" in data and sum(1 for _ in _MERGE.finditer(data)) > limits.merged_ranges:
            raise Refused("file.too_many_merges", f"工作表“{name}”的合并单元格太多。请取消合并后另存。", name)
        marks.append(_marks(name, hidden, data, columns))
    return marks


def _marks(name: str, hidden: bool, data: bytes, columns: int) -> SheetMarks:
    # Most sheets have none of these; to look for a word costs a tenth of looking for its pattern.
    mark = SheetMarks(name, hidden)
    if _MAY_BE_ERROR.search(data):
        mark.errors.extend((_place(m[1]), m[2].decode(errors="replace")) for m in _ERROR.finditer(data))
    if _MAY_BE_FORMULA.search(data):
        uncomputed = (m[1] for m in _UNCOMPUTED.finditer(data) if not _TEXT_RESULT.search(m[1]))
        mark.uncomputed.extend(map(_place, uncomputed))
    if b"hidden" in data:
        mark.hidden_rows.extend(int(m[1]) - 1 for m in _HIDDEN_ROW.finditer(data))
        mark.hidden_columns.extend(_hidden_columns(data, columns))
    return mark


def check_grid(sheet: str, columns: int, cells: int, limits: Limits) -> None:
    """Raises Refused where a sheet is wider than any program's, or the book has too many cells so far."""
    if columns > limits.columns:
        message = f"工作表“{sheet}”有 {columns} 列, 上限是 {limits.columns}。请删除多余的列后另存。"
        raise Refused("file.grid_too_large", message, sheet)
    if cells > limits.cells:
        message = f"工作表“{sheet}”的范围有 {cells} 格, 上限是 {limits.cells}。请删除数据以外的空白行和列后另存。"
        raise Refused("file.grid_too_large", message, sheet)


def _grid(data: bytes) -> tuple[int, int, int]:
    # Gathered in sets first: a sheet of a million cells has a thousand different columns at most.
    letters: set[bytes] = set()
    numbers = {match[1] for match in _ROW.finditer(data)}
    for match in _PLACED.finditer(data):
        letters.add(match[1])
        numbers.add(match[2])
    rows, columns = max(map(int, numbers), default=0), max(map(_column, letters), default=0)
    count = sum(1 for _ in _CELL.finditer(data))
    # What the sheet declares counts too: a parser may believe it.
    if declared := _DIMENSION.search(data):
        columns, rows = max(columns, _column(declared[1])), max(rows, int(declared[2]))
    return rows, columns, count


def _hidden_columns(data: bytes, columns: int) -> list[int]:
    found: set[int] = set()
    for match in _COLUMNS.finditer(data):
        first, last = _FIRST.search(match[0]), _LAST.search(match[0])
        if first and last:
            # The columns to the right of a table are often hidden to the sheet's end: nobody misses those.
            found.update(range(int(first[1]) - 1, min(int(last[1]), columns)))
        if len(found) >= columns:
            break
    return sorted(found)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _place(attributes: bytes) -> str:
    place = _PLACE.search(b" " + attributes)
    return (place[1] + place[2]).decode() if place else "?"


def _worksheets(archive: Archive) -> list[tuple[str, bool, str]]:
    if "xl/workbook.xml" not in archive.names:
        message = "压缩包里没有 Excel 工作簿。请确认文件类型, 用 Excel 或 WPS 另存为 .xlsx 后重新上传。"
        raise Refused("file.not_a_workbook", message)
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (ElementTree.ParseError, Refused, KeyError):
        raise Refused("file.workbook_broken", "工作簿目录已损坏。请用 Excel 打开并另存后重新上传。") from None
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = []
    for sheet in book.iterfind("{*}sheets/{*}sheet"):
        target = targets.get(sheet.get(_R), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in archive.names and "worksheets/" in part:
            found.append((sheet.get("name", ""), sheet.get("state", "visible") != "visible", part))
    return found
