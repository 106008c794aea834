"""Dates as people type them (日期): 2026-3-5, 2026/03/05, 2026年3月5日, 20260305, 2026年3月, Excel serials.

A month without a day means its last day: who says "by March" accepts the 31st. Two-digit years and
day-first forms are refused, for they can be read in two ways.
"""

import calendar
import datetime as dt
import re
import unicodedata

_DAY = re.compile(
    r"(?P<y>\d{4})\s*"
    r"(?:[-/.]\s*(?P<m>\d{1,2})\s*[-/.]\s*(?P<d>\d{1,2})|年\s*(?P<m2>\d{1,2})\s*月\s*(?P<d2>\d{1,2})\s*[日号])"
    r"(?P<time>(?:T|\s)*\d{1,2}\s*[:时点].*)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0)?")
_MONTH = re.compile(r"(\d{4})\s*(?:年\s*(\d{1,2})\s*月(?:底|末|份)?|[-/.]\s*(\d{1,2}))")
_SERIAL_ZERO = dt.date(1899, 12, 30)
# Excel serials of 1954-2118: no other number in a date column is one, and 20260305 lies outside.
_SERIALS = range(20_000, 80_000)


class NotADate(ValueError):
    """The text is not one date."""


def parse_date(cell: object) -> str:
    """The date in a cell as YYYY-MM-DD; a time of day is dropped. Raises NotADate."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, bool):
        raise NotADate(str(cell))
    if isinstance(cell, int | float):
        if _SERIALS.start <= cell < _SERIALS.stop:
            return (_SERIAL_ZERO + dt.timedelta(days=int(cell))).isoformat()
        return _of_text(str(cell), compact_only=True)
    return _of_text(unicodedata.normalize("NFKC", str(cell)).strip(), compact_only=False)


def dates_in(text: str) -> list[str]:
    """Every full date in running text, in order, as YYYY-MM-DD; impossible ones are passed over."""
    text = unicodedata.normalize("NFKC", text)
    found = []
    for match in re.finditer(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)", text):
        try:
            found.append(_iso(*match.groups()))
        except NotADate:
            continue
    return found


def _of_text(text: str, *, compact_only: bool) -> str:
    if match := _COMPACT.fullmatch(text):
        return _iso(*match.groups())
    if compact_only:
        raise NotADate(text)
    if match := _DAY.fullmatch(text):
        return _iso(match["y"], match["m"] or match["m2"], match["d"] or match["d2"])
    if match := _MONTH.fullmatch(text):
        year, month = int(match[1]), int(match[2] or match[3])
        if 1900 <= year <= 2199 and 1 <= month <= 12:
            return _iso(match[1], str(month), str(calendar.monthrange(year, month)[1]))
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(float(text)) in _SERIALS:
        return (_SERIAL_ZERO + dt.timedelta(days=int(float(text)))).isoformat()
    raise NotADate(text)


def _iso(year: str, month: str, day: str) -> str:
    if not 1900 <= int(year) <= 2199:
        raise NotADate(f"{year}-{month}-{day}")
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise NotADate(f"{year}-{month}-{day}") from None
