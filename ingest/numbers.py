"""Numbers as people type them (数字与单位): "1,200", "２００", "3.5万", "300套"; anything else is refused.

Refused rather than guessed: ranges, "约300", wrong thousands commas, Chinese numerals. Where a person would
read one number out of the text, the refusal proposes it.
"""

import math
import re
import unicodedata
from dataclasses import dataclass

_SCALES = {"": 1.0, "万": 1e4, "亿": 1e8}
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?"
    r"\s*(?P<scale>[万亿]?)\s*(?P<unit>[^\d\s,.+\-~%‰].*)?"
)
_ANY_NUMBER = re.compile(r"(?<![\d.])\d+(?:\.\d+)?\s*[万亿]?")
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4}
_DIGITS |= {"伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_NOT_A_UNIT = re.compile(
    r"(?<![A-Za-z])\d|^[eE]\d|左右|以上|以下|以内|[余多]|[一二三四五六七八九]|^十|^百(?!万元)|^千(?![克瓦米伏安升卡帕只件个套吨根块片张元])"
)


class NotANumber(ValueError):
    """The text is not one number. `proposal` is the number that a person would read in it, where there is one."""

    def __init__(self, text: str, proposal: str | None) -> None:
        super().__init__(text)
        self.proposal = proposal


@dataclass(frozen=True, slots=True)
class Number:
    """`value` with its scale applied. `scaled` says that the text itself had 万 or 亿; `unit` what followed."""

    value: float
    unit: str | None = None
    scaled: bool = False


def parse_number(cell: object) -> Number:
    """The number in a cell, a unit split off. Raises NotANumber; never returns infinity."""
    if isinstance(cell, bool):
        raise NotANumber(str(cell), None)
    if isinstance(cell, int | float):
        if not math.isfinite(cell):
            raise NotANumber(str(cell), None)
        return Number(float(cell))
    text = unicodedata.normalize("NFKC", str(cell)).replace("−", "-").strip()
    match = _NUMBER.fullmatch(text)
    unit = (match["unit"] or "").strip() if match else ""
    if match is None or _NOT_A_UNIT.search(unit):
        raise NotANumber(str(cell), _proposal(text))
    plain = match["sign"] + match["digits"].replace(",", "") + (match["fraction"] or "")
    # Scaled as text: 3.3 * 10000 is 33000.000000000004 in binary.
    exponent = round(math.log10(_SCALES[match["scale"]]))
    value = float(f"{plain}e{exponent}")
    if not math.isfinite(value):
        raise NotANumber(str(cell), None)
    return Number(value, unit or None, bool(match["scale"]))


def plain(value: float) -> str:
    """`value` as a person would type it: no exponent, no trailing zeros."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def chinese_numeral(text: str) -> int | None:
    """The value of a Chinese numeral such as 三百, 一万二千 or 两千零五; None for any other text."""
    total = section = digit = 0
    seen = False
    for c in text:
        if c in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[c]
        elif c in _TENS:
            section += (digit or (1 if c in "十拾" else 0)) * _TENS[c]
            if not section:
                return None
            digit = 0
        elif c in _MYRIADS:
            total = (total + section + digit) * _MYRIADS[c] if c == "亿" else total + (section + digit) * _MYRIADS[c]
            section = digit = 0
        else:
            return None
        seen = True
    return total + section + digit if seen else None


def _proposal(text: str) -> str | None:
    numerals = re.findall(r"[零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]+", text)
    found = [m.group() for m in _ANY_NUMBER.finditer(text)]
    if not found and len(numerals) == 1 and (value := chinese_numeral(numerals[0])) is not None:
        return str(value)
    if len(found) == 1 and not re.search(r"[%‰,]|\d[eE]\d|^\.", text):
        return found[0].strip()
    return None
