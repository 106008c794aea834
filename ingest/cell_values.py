"""What a cell means (单元格取值): text, amounts, money, dates, lists; each refuses what has two readings.

The readers of tables add their own prefix to the codes: `quantity.not_a_number` becomes `plan.quantity.not_a_number`.
"""

import datetime as dt
import re
import unicodedata

from ingest.columns import MappedColumn
from ingest.dates import NotADate, parse_date
from ingest.faults import shown
from ingest.headers import MONEY_UNITS
from ingest.numbers import NotANumber, Number, parse_number, plain
from ingest.sheets import Cell
from ingest.table_rows import DITTO

NOTHING = frozenset({"无", "不限", "无要求", "暂无", "-", "—", "--", "/", "——"})
_MONEY_WORDS = MONEY_UNITS | {"人民币": 1.0, "块": 1.0}
_INVISIBLE = re.compile(r"[\u200b\u200c\u200d\u2060\ufeff]")
_REORDERING = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_SCALED_UNIT = re.compile(r"([万亿])(.+)")
_SCALES = {"万": 1e4, "亿": 1e8}


class BadCell(ValueError):
    """The cell is refused: a code without the prefix of its kind, and what the user reads."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def text_of(cell: Cell, limit: int = 500) -> str | None:
    """The text of a cell, trimmed, line breaks as \\n; None where blank.

    Raises BadCell: `cell.unexpected_date`, `cell.too_long`, `cell.control_character`, `cell.ditto`.
    """
    if cell is None:
        return None
    if isinstance(cell, dt.date):
        message = f"Excel 把内容变成了日期 {cell.isoformat()}。请把单元格格式设为“文本”后重新填写。"
        raise BadCell("cell.unexpected_date", message)
    text = plain(cell) if isinstance(cell, float) else str(cell)
    text = _INVISIBLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > limit:
        raise BadCell("cell.too_long", f"有 {len(text)} 个字, 上限是 {limit}。请缩短后重新上传。")
    if any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in text) or _REORDERING.search(text):
        raise BadCell("cell.control_character", f"“{shown(text)}” 含有看不见的控制字符。请重新输入后上传。")
    if text in DITTO:
        raise BadCell("cell.ditto", f"“{text}” 要写成实际内容。请填写后重新上传。")
    return text or None


def number_of(cell: Cell, name: str, column: MappedColumn | None = None) -> Number | None:
    """A number above 0 with the unit of the cell, else of the header (500万件 is 5000000 件). None where blank.

    Raises BadCell: `<name>.not_a_number`, `<name>.not_positive`, `<name>.unit_unclear`.
    """
    number = _positive(cell, name)
    if number is None or column is None or number.unit:
        return number
    if column.factor is None:
        return Number(number.value, column.unit, number.scaled)
    if number.scaled:
        raise _unclear(cell, name, column)
    return Number(round(number.value * column.factor, 6), column.unit)


def scaled_unit(unit: str | None) -> tuple[float, str | None]:
    """The factor in a unit and the unit itself: 万件 is 10,000 件; 1 where there is none."""
    if unit and (match := _SCALED_UNIT.fullmatch(unit)):
        return _SCALES[match[1]], match[2]
    return 1.0, unit


def money_of(cell: Cell, name: str, column: MappedColumn) -> float | None:
    """An amount in CNY: the unit in the cell, else the header's. None where blank.

    Raises BadCell as `number_of` does, and `<name>.unit_unclear`, `<name>.unit_unknown`, `<name>.unit_missing`.
    """
    number = _positive(cell, name)
    if number is None:
        return None
    if number.unit is not None:
        if number.unit not in _MONEY_WORDS:
            message = f"“{shown(cell)}” 的单位“{number.unit}”不是金额单位。请改为元、万元或亿元。"
            raise BadCell(f"{name}.unit_unknown", message)
        return round(number.value * _MONEY_WORDS[number.unit], 4)
    if column.factor is None:
        raise BadCell(f"{name}.unit_missing", f"“{shown(cell)}” 没有写明金额单位。请写成“{shown(cell)}万元”或“元”。")
    if number.scaled and column.factor != 1.0:
        raise _unclear(cell, name, column)
    return round(number.value * column.factor, 4)


def date_of(cell: Cell) -> str | None:
    """A date as YYYY-MM-DD, a month as its last day. None where blank. Raises BadCell: `date.not_a_date`."""
    if cell is None:
        return None
    try:
        return parse_date(cell)
    except NotADate:
        message = f"“{shown(cell)}” 不是日期。请改为 2026-03-31 这样的日期, 不确定就留空。"
        raise BadCell("date.not_a_date", message) from None


def many_of(cell: Cell, limit: int = 2000) -> tuple[str, ...]:
    """The entries of a cell joined by 、 , ; or line breaks, once each, 无 and 不限 being none. Raises BadCell."""
    text = text_of(cell, limit)
    if text is None or text in NOTHING:
        return ()
    parts = (part.strip() for part in re.split(r"[、,，;；\n]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def not_a_number(cell: Cell, proposal: str | None) -> str:
    """What the user reads of a cell that is no number."""
    mend = f"请改为 {proposal} 后重新上传。" if proposal else "请改为一个数字, 不确定就留空。"
    return f"“{shown(cell)}” 不是数字。{mend}"


def _positive(cell: Cell, name: str) -> Number | None:
    if cell is None:
        return None
    try:
        if isinstance(cell, dt.date):
            raise NotANumber(cell.isoformat(), None)
        number = parse_number(cell)
    except NotANumber as error:
        raise BadCell(f"{name}.not_a_number", not_a_number(cell, error.proposal)) from None
    if number.value <= 0:
        why = "是负数" if number.value < 0 else "是 0"
        raise BadCell(f"{name}.not_positive", f"“{shown(cell)}” {why}。请改为大于 0 的数, 不确定就留空。")
    return number


def _unclear(cell: Cell, name: str, column: MappedColumn) -> BadCell:
    message = (
        f"“{shown(cell)}” 的单位不清楚: 表头已是「{column.header}」。请去掉“万”“亿”, 或写明“{column.unit or '元'}”。"
    )
    return BadCell(f"{name}.unit_unclear", message)
