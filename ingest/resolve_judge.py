"""Are two records of one firm (是否同一企业): same, different, or a person has to say.

A firm is its USCC. Without one it is what a registry tells firms apart by: place, brand and trade; the form
changes (有限公司 becomes 股份有限公司 before it is listed) and says little. What is not sure is asked, never guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Protocol

from rapidfuzz.distance import OSA

from ingest.gazetteer import spellings
from ingest.hanzi import alike
from ingest.names import NameParts, spelt
from ingest.resolve_slips import Reading, read_difference
from ingest.uscc import normal_uscc, uscc_fault

_COMPANY_FORMS = frozenset({"股份有限公司", "有限责任公司", "有限公司", "股份公司", "公司", ""})
_UNTOLD_FORMS = frozenset({"公司", ""})
_STOCK_FORMS = frozenset({"股份有限公司", "股份公司"})


class Known(Protocol):
    """What is looked at of a firm: its code, names, USCC and division, whatever else it carries."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def former_names(self) -> Sequence[str]: ...
    @property
    def uscc(self) -> str | None: ...
    @property
    def division(self) -> str: ...


class Outcome(Enum):
    """What is to be done with two records."""

    SAME = "same"
    DIFFERENT = "different"
    ASK = "ask"


class Basis(IntEnum):
    """What a verdict rests on, the surest first."""

    USCC = 0
    NAME = 1
    FORMER_NAME = 2
    SLIP = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, how alike the names are (0 to 1), why in words for the person who is asked, and on what basis.

    `apart` says that the names agree and something else speaks against it, so that the two must not become one
    through a third.
    """

    outcome: Outcome
    score: float
    why: str
    basis: Basis = Basis.NAME
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One record, read once: `uscc` is "" unless it is sound."""

    code: str
    parts: NameParts
    former: tuple[NameParts, ...]
    uscc: str
    division: str


def card_of(firm: Known) -> Card:
    """The record as it is compared."""
    parts = spelt(firm.name)
    former = tuple(spelt(name) for name in sorted({*parts.former, *firm.former_names}))
    uscc = normal_uscc(firm.uscc or "")
    return Card(firm.code, parts, former, "" if uscc_fault(uscc) else uscc, firm.division or parts.division)


def judge(left: Known, right: Known) -> Verdict:
    """Whether the two records are of one firm. Symmetric."""
    return judge_cards(card_of(left), card_of(right))


def judge_cards(left: Card, right: Card) -> Verdict:
    """Whether the two records are of one firm. Symmetric."""
    if left.uscc and right.uscc:
        if left.uscc == right.uscc:
            return Verdict(Outcome.SAME, 1.0, "统一社会信用代码相同", Basis.USCC)
        return Verdict(Outcome.DIFFERENT, 0.0, "统一社会信用代码不同", Basis.USCC, apart=True)
    verdict = _by_name(left, right)
    if verdict.outcome is Outcome.DIFFERENT and (formerly := _by_former_name(left, right)):
        return formerly
    return verdict


def _by_former_name(left: Card, right: Card) -> Verdict | None:
    pairs = [(old, right.parts) for old in left.former] + [(old, left.parts) for old in right.former]
    if not any(_is_one_name(old, now) for old, now in pairs):
        return None
    if _divisions_differ(left, right):
        return Verdict(Outcome.ASK, 0.8, "与曾用名相同, 但所在地不同", Basis.FORMER_NAME, apart=True)
    return Verdict(Outcome.SAME, 0.95, "与曾用名相同", Basis.FORMER_NAME)


def _by_name(left: Card, right: Card) -> Verdict:
    one, other = left.parts, right.parts
    if not one.key or not other.key:
        return Verdict(Outcome.DIFFERENT, 0.0, "名称不完整")
    score = round(OSA.normalized_similarity(one.whole, other.whole), 3)
    if one.key == other.key:
        return _same_key(left, right, score)
    if one.branch != other.branch or one.group != other.group:
        return Verdict(Outcome.DIFFERENT, score, "名称不同")
    reading, why = _difference(one, other)
    if reading is Reading.OTHER:
        return Verdict(Outcome.DIFFERENT, score, why)
    if reading is Reading.UNSURE or _divisions_differ(left, right) or not _alike_but_name(one, other):
        return Verdict(Outcome.ASK, score, why, Basis.SLIP)
    return Verdict(Outcome.SAME, score, why, Basis.SLIP)


def _difference(one: NameParts, other: NameParts) -> tuple[Reading, str]:
    """How two names that are not spelt alike differ, a slip in the place included."""
    places = _places(one, other)
    if places == "same":
        # Of the two, the one whose end reads as trade words has the shorter brand.
        first, second = sorted((one, other), key=lambda p: (len(p.core), not p.trade, p.key))
        return read_difference(first.whole, second.whole, range(len(first.place), len(first.place + first.core)))
    if places == "missing":
        placed, bare = (one, other) if one.place else (other, one)
        written = bare.key.removesuffix(placed.key)
        if bare.key.endswith(placed.key) and written:
            return _misspelt_place(written, placed), f"地名“{placed.place}”可能写错"
    return Reading.OTHER, "名称不同"


def _misspelt_place(written: str, placed: NameParts) -> Reading:
    """Whether `written`, which is no place, is the place of `placed` with one slip."""
    if any(_is_misspelt(written, spelling) for spelling in spellings(placed.division)):
        return Reading.SLIP
    return Reading.UNSURE if len(written) == 1 and written in placed.place else Reading.OTHER


def _is_misspelt(written: str, place: str) -> bool:
    if len(written) == len(place):
        changed = [(a, b) for a, b in zip(written, place, strict=True) if a != b]
        turned = len(changed) == 2 and changed[0] == changed[1][::-1]
        return turned or (len(changed) == 1 and alike(*changed[0]))
    return len(written) > 1 and OSA.distance(written, place) == 1 and set(written) <= set(place)


def _same_key(left: Card, right: Card, score: float) -> Verdict:
    one, other = left.parts, right.parts
    if one.branch != other.branch:
        return Verdict(Outcome.DIFFERENT, score, "一方是分支机构", apart=True)
    places = _places(one, other)
    if places == "apart":
        return Verdict(Outcome.DIFFERENT, score, "名称中的地名不同", apart=True)
    if not _alike_but_name(one, other):
        return Verdict(Outcome.ASK, score, "字号和行业相同, 但一方是集团或组织形式不同", apart=True)
    if places != "same":
        outcome = Outcome.ASK if _may_be_one_place(left, right, places) else Outcome.DIFFERENT
        why = "字号和行业相同, 但一方名称没有地名" if places == "missing" else "字号和行业相同, 但名称中的地名不同"
        return Verdict(outcome, score, why, apart=True)
    if _divisions_differ(left, right):
        return Verdict(Outcome.ASK, score, "名称相同, 但所在地不同", apart=True)
    return Verdict(Outcome.SAME, score, "名称相同")


def _may_be_one_place(left: Card, right: Card, places: str) -> bool:
    """Whether two names of which one says less about the place may be meant for one.

    A list of one city's firms leaves the city out; another writes 江苏 for 常州, which is another registry, so
    only two records in one county are worth a question.
    """
    if places == "missing":
        return bool(left.division and right.division) and not _divisions_differ(left, right)
    return len(left.division) == 6 and left.division == right.division


def _is_one_name(one: NameParts, other: NameParts) -> bool:
    same_words = bool(one.key) and (one.key, one.branch) == (other.key, other.branch)
    return same_words and _places(one, other) == "same" and _alike_but_name(one, other)


def _alike_but_name(one: NameParts, other: NameParts) -> bool:
    """Whether group and form allow one firm: a 集团有限公司 and a 集团股份有限公司 usually are parent and child."""
    if one.group != other.group:
        return False
    forms = {one.form, other.form}
    if not forms <= _COMPANY_FORMS:
        return one.form == other.form
    return not one.group or bool(forms & _UNTOLD_FORMS) or forms <= _STOCK_FORMS or not forms & _STOCK_FORMS


def _places(one: NameParts, other: NameParts) -> str:
    """How the places in two names agree: same, nested (江苏, 常州), missing in one, or apart."""
    first, second = sorted((one.division, other.division), key=len)
    if first == second:
        return "same"
    if not first:
        return "missing"
    return "nested" if second.startswith(first) else "apart"


def _divisions_differ(left: Card, right: Card) -> bool:
    """Whether the records lie in different cities, as far as both say."""
    one, other = left.division[:4], right.division[:4]
    return not (one.startswith(other) or other.startswith(one))
