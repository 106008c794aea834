"""Cells as a workbook of ours may hold them (导出单元格): no formula of somebody else's, and back again.

Spreadsheet programs take a text that begins with = + - @, a tab or a line break for a formula, in full width too.
An apostrophe goes before it; reading a report back takes it off.
"""

import re

from ingest.sheets import Cell

FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
_ESCAPED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
# Control characters cannot stand in a workbook's XML; their pictures can be seen and searched for.
_PICTURES = {code: 0x2400 + code for code in range(32) if code not in (9, 10, 13)} | {
    0x7F: 0x2421,
    0xFFFE: 63,
    0xFFFF: 63,
}
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def exported(text: str) -> str:
    """The text as it may be written: without control characters, never a formula."""
    text = _SURROGATES.sub("?", text.translate(_PICTURES))
    return f"'{text}" if text.startswith(FORMULA_STARTS) or _ESCAPED.match(text) else text


def imported(cell: Cell) -> Cell:
    """The cell before `exported`, for a cell of one of our own reports."""
    return cell[1:] if isinstance(cell, str) and _ESCAPED.match(cell) else cell
