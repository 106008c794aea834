"""Looks over the XML of a sheet before a parser may allocate for it (预扫描).

A parser reserves the rectangle from the first to the last cell, so two cells far apart in a 5 KiB file ask
for gigabytes. Here the rectangle is counted first. The parser also hides two things that a person must be
told of: cells that hold an error, and formulas that were never computed.
"""

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from ingest.archive import Archive, Refused
from ingest.limits import Limits

_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s/>])[^>]*>")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br\s*=\s*[\"'](\d{1,9})[\"']")
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,4})(\d{1,9})[\"']")
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s[^>]*?\bref\s*=\s*[\"'](?:[A-Z]+\d+:)?([A-Z]{1,4})(\d{1,9})[\"']")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\s([^>]*\bt\s*=\s*[\"']e[\"'][^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<", re.DOTALL
)
_UNCOMPUTED = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
# A formula that was computed to empty text has an empty value as well, but says that it is text.
_TEXT_RESULT = re.compile(rb"\bt\s*=\s*[\"']str[\"']")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s")
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class SheetMarks:
    """What the parser does not tell of a sheet. Both lists hold (cell, text) such as ("C5", "#REF!")."""

    name: str
    hidden: bool
    errors: list[tuple[str, str]]
    uncomputed: list[tuple[str, str]]


def scan(archive: Archive, limits: Limits) -> list[SheetMarks]:
    """The marks of every worksheet in the book's order. Raises Refused where a sheet or the book is too large."""
    marks, cells = [], 0
    for name, hidden, part in _worksheets(archive):
        data = archive.read(part)
        cells += _grid(data)
        if cells > limits.cells:
            message = f"工作表“{name}”的范围有 {cells} 格, 上限是 {limits.cells}。请删除数据以外的空白行和列后另存。"
            raise Refused("file.grid_too_large", message, name)
        if sum(1 for _ in _MERGE.finditer(data)) > limits.merged_ranges:
            raise Refused("file.too_many_merges", f"工作表“{name}”的合并单元格太多。请取消合并后另存。", name)
        errors = [(_place(m[1]), m[2].decode(errors="replace")) for m in _ERROR.finditer(data)]
        uncomputed = [(_place(m[1]), "") for m in _UNCOMPUTED.finditer(data) if not _TEXT_RESULT.search(m[1])]
        marks.append(SheetMarks(name, hidden, errors, uncomputed))
    return marks


def _grid(data: bytes) -> int:
    rows = columns = count = 0
    for match in _ROW.finditer(data):
        rows = max(rows, int(match[1]))
    for match in _CELL.finditer(data):
        count += 1
        if place := _PLACE.search(match[0]):
            columns = max(columns, _column(place[1]))
            rows = max(rows, int(place[2]))
    # What the sheet declares counts too: a parser may believe it.
    if declared := _DIMENSION.search(data):
        columns, rows = max(columns, _column(declared[1])), max(rows, int(declared[2]))
    return max(rows * columns, count)


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
