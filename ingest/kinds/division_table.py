"""Divisions from a list (行政区划代码表): code and name, in any table, with or without a header.

Codes of 2, 4, 6 or 9 digits, padded ones (320500, 320500000000) cut to what they say. The division above follows
from the code. Other columns are not read.
"""

import re
from pathlib import Path

from graph.divisions import Division
from ingest.faults import Fault, RefusedFile, shown
from ingest.kinds.reading import Reading, Rejected
from ingest.sheets import Cell
from ingest.tables import open_sheets

_CODE = re.compile(r"[1-9]\d(?:\d\d(?:\d\d(?:\d{3})?)?)?")
_ABOVE = {2: 0, 4: 2, 6: 4, 9: 6}


def read_divisions(path: Path) -> Reading[Division]:
    """Every division of every sheet, each code once. Raises RefusedFile where no row has a code and a name."""
    reading: Reading[Division] = Reading(header=("代码", "名称"))
    seen: dict[str, Division] = {}
    for sheet in open_sheets(path):
        for row, cells in enumerate(sheet.rows, start=1):
            if all(cell is None for cell in cells) or (row == 1 and not _digits(cells[0])):
                continue
            code, name = _short(_digits(cells[0])), _name(cells)
            fault = _fault(code, name, seen)
            if fault:
                found = Fault(path.name, fault[0], fault[1], sheet.name, row, fault[2], shown(cells[0]))
                reading.rejected.append(Rejected(row, (found,), cells))
                continue
            division = Division(code, name, code[: _ABOVE[len(code)]] or None)
            if code not in seen:
                reading.items.append(division)
            seen[code] = division
            reading.accepted += 1
    if not reading.items:
        message = "没有一行以行政区划代码开头、以名称为第二列。请检查列的顺序。"
        raise RefusedFile([*reading.faults, Fault(path.name, "division.none", message)])
    return reading


def _fault(code: str, name: str, seen: dict[str, Division]) -> tuple[str, str, str] | None:
    if not _CODE.fullmatch(code):
        return "division.code.malformed", "不是 2、4、6 或 9 位行政区划代码。请改正。", "代码"
    if not name:
        return "division.name.missing", "没有填写名称。请补上。", "名称"
    if code in seen and seen[code].name != name:
        return "division.code.duplicate", f"代码 {code} 已是“{seen[code].name}”。请改正其一。", "代码"
    return None


def _digits(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None or isinstance(cell, bool) else str(cell).strip()
    return text if text.isdecimal() else ""


def _short(code: str) -> str:
    """A padded code as short as it can be: 320500 is 3205, 110000 is 11."""
    if len(code) == 12:
        code = code[:9] if code[6:9] != "000" else code[:6]
    if len(code) == 6 and code.endswith("00"):
        return code[:2] if code.endswith("0000") else code[:4]
    return code


def _name(cells: tuple[Cell, ...]) -> str:
    return str(cells[1]).strip() if len(cells) > 1 and cells[1] is not None else ""
