"""One character more, less or other (一字之差): a slip of the pen, another firm, or not to be told.

The brand is what tells one firm of a trade from the next, and founders like what sounds and looks good
(鑫源, 新源, 信源), so a changed brand is never taken for a slip. In the trade a slip shows: one of the two
spellings reads as words of a trade and the other does not (机械, 机诫).
"""

from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz.distance import Levenshtein

from ingest.hanzi import alike
from ingest.trades import is_trade

# Characters that make another firm of a name: numbers, directions, sizes, colours, metals, and what founders like best.
_MEANINGFUL = frozenset(
    "〇零一二三四五六七八九十百千万亿东南西北中上下左右前后内外大小高低新老旧长短轻重红黄蓝绿白黑紫青金银铜铁铝锡钢木水火土石"
    "天地日月星山海江河湖甲乙丙丁春夏秋冬华国泰安盛兴隆昌达通利源恒永宏鸿鑫信德瑞亚欧美光电气油子0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)
MOST_EDITS = 2
_SHORTEST_BRAND = 2


class Reading(IntEnum):
    """What the difference of two names shows, the weakest first."""

    SLIP = 0
    UNSURE = 1
    OTHER = 2


@dataclass(frozen=True, slots=True)
class _Edit:
    """`one` at `at` of the left name stands where `other` stands in the right one; either may be empty."""

    at: int
    one: str
    other: str

    @property
    def words(self) -> str:
        """The edit for the person who is asked."""
        return f"“{self.one}”与“{self.other}”" if self.one and self.other else f"一个“{self.one or self.other}”字"


def read_difference(left: str, right: str, brand: range) -> tuple[Reading, str]:
    """How the difference of two names without their form reads, and why in words.

    `brand` is where the brand of `left` stands; before it is the place, behind it the trade, which in `left` is
    taken to be written rightly.
    """
    edits = _edits(left, right)
    if edits is None:
        return Reading.OTHER, "名称不同"
    tail = right[brand.stop :]
    misread = bool(tail) and brand.stop < len(left) and not is_trade(tail)
    words = "、".join(edit.words for edit in edits)
    readings = [_read(left, edit, brand, misread) for edit in edits]
    reading = max(readings)
    misreadings = all(edit.one and edit.other and alike(edit.one, edit.other) for edit in edits)
    if len(edits) > 1 and reading is not Reading.SLIP and not misreadings:
        reading = Reading.OTHER
    return reading, f"名称只差{words}"


def _edits(left: str, right: str) -> list[_Edit] | None:
    start = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    two, other_two = left[start : start + 2], right[start : start + 2]
    if two == other_two[::-1] and left[start + 2 :] == right[start + 2 :]:
        return [_Edit(start, two, other_two)]
    operations = Levenshtein.editops(left, right)
    if len(operations) > MOST_EDITS:
        return None
    edits = [
        _Edit(
            op.src_pos,
            "" if op.tag == "insert" else left[op.src_pos],
            "" if op.tag == "delete" else right[op.dest_pos],
        )
        for op in operations
    ]
    # Two characters more or fewer are a word, and a name with another word is another name.
    longer = len(edits) == MOST_EDITS and (not any(e.one for e in edits) or not any(e.other for e in edits))
    return None if longer else edits


def _read(left: str, edit: _Edit, brand: range, misread: bool) -> Reading:
    if len(edit.one) == 2:
        return _read_turned(edit, brand, misread)
    if edit.one and edit.other:
        return _read_changed(edit, brand, misread)
    return _read_longer(left, edit, brand, misread)


def _read_turned(edit: _Edit, brand: range, misread: bool) -> Reading:
    if edit.at + 1 < brand.stop:
        return Reading.UNSURE
    if misread:
        return Reading.SLIP
    return Reading.UNSURE if edit.at < brand.stop else Reading.OTHER


def _read_changed(edit: _Edit, brand: range, misread: bool) -> Reading:
    in_trade = edit.at >= brand.stop
    if alike(edit.one, edit.other):
        return Reading.SLIP if in_trade and misread else Reading.UNSURE
    # A word of a trade and no word may still be one word, misread beyond our tables; two words are two trades.
    if in_trade and misread and not {edit.one, edit.other} <= _MEANINGFUL:
        return Reading.UNSURE
    return Reading.OTHER


def _read_longer(left: str, edit: _Edit, brand: range, misread: bool) -> Reading:
    character = edit.one or edit.other
    behind = left[edit.at + len(edit.one) :][:1]
    if character in (left[: edit.at][-1:], behind):
        # 恒达信 + 信息 is a brand of its own as easily as 恒达 + 信息 with a character twice.
        at_end = brand.stop - 1 <= edit.at <= brand.stop + 1 and character in left[brand.stop - 1 : brand.stop + 1]
        ends_brand = bool(edit.other) and at_end and character in _MEANINGFUL
        return Reading.UNSURE if ends_brand else Reading.SLIP
    if edit.one and edit.at < brand.stop and len(brand) <= _SHORTEST_BRAND:
        # No registry takes a brand of one character, so this one has lost some character, though not surely this.
        return Reading.UNSURE
    if edit.other and brand.start <= edit.at <= brand.stop:
        return Reading.OTHER
    if edit.at >= brand.stop and misread and not (edit.other and character in _MEANINGFUL):
        return Reading.SLIP
    return Reading.OTHER if character in _MEANINGFUL else Reading.UNSURE
