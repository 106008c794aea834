"""Why this supplier, and what it lacks: pure functions in the user's words, one list for page, API and export."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from graph.model import TIERS, Capability, Firm, PlanLine
from matchmaker.lexical import normalise

# Read off the example plans and notices: from .75 the named product was right but for a handful, below .55 chance.
_SAME_FROM, _NEAR_FROM = 0.75, 0.55
_ONLY_ALIKE = "只是描述相近，没有共同的产品、牌号或用语"
# A grade or a measure: a digit with letters, a unit or a hyphen around it (50W470, QZ-2, 0.5mm, M8, 6205).
_GRADE = re.compile(r"[A-Za-z]*[-.]?\d[A-Za-z0-9.\-×*]*(?:微米|毫米|μm|%)?")
_BARE = re.compile(r"\d{1,2}(?:\.\d+)?")  # a number alone says nothing
_TERM_LENGTH = 2
_TERMS_SHOWN = 3


def reasons(
    line: PlanLine, capability: Capability, product: str | None = None, nearness: float = 0.0
) -> tuple[str, ...]:
    """Why they fit, best first, at least one. `product` and `nearness`: the lexicon product nearest to both."""
    said = []
    if product and nearness >= _SAME_FROM:
        said.append(f"两者都指向: {product}")
    elif product and nearness >= _NEAR_FROM:
        said.append(f"两者都接近: {product}")
    if grades := shared_grades(line.text, capability.text):
        said.append(f"规格牌号一致: {'、'.join(grades)}")
    if terms := shared_terms(line.text, capability.text):
        said.append(f"共同用语: {'、'.join(terms)}")
    return tuple(said) or (_ONLY_ALIKE,)


def gaps(line: PlanLine, firm: Firm) -> tuple[str, ...]:
    """What the line asks for and the register does not show of the firm: certificates, then the tier.

    Not on record is not the same as not held, and the words must not say more than is known of a real firm.
    """
    held = {_certificate(name) for name in firm.certificates}
    missing = [name for name in line.certificates if _certificate(name) not in held]
    lacks = [f"资质未登记: {name}" for name in missing]
    if line.tiers and not _reaches(firm.tier, line.tiers):
        lacks.append(f"优先梯队未登记: 要求 {'、'.join(line.tiers)}，登记为 {firm.tier or '无'}")
    return tuple(lacks)


def shared_grades(one: str, other: str) -> tuple[str, ...]:
    """Grades and measures that both texts name, as the first writes them and in its order."""
    there = {grade.casefold() for grade in _grades(other)}
    return tuple(dict.fromkeys(grade for grade in _grades(one) if grade.casefold() in there))


def shared_terms(one: str, other: str) -> tuple[str, ...]:
    """The longest runs of Chinese characters that both texts have, longest first, at most three."""
    first, second = (re.sub(r"[^\u4e00-\u9fff]+", " ", normalise(text)) for text in (one, other))
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    runs = [run for b in blocks for run in first[b.a : b.a + b.size].split() if len(run) >= _TERM_LENGTH]
    return tuple(sorted(dict.fromkeys(runs), key=lambda run: -len(run))[:_TERMS_SHOWN])


def _grades(text: str) -> Sequence[str]:
    plain = unicodedata.normalize("NFKC", text)
    found = (match.group().strip("-.") for match in _GRADE.finditer(plain))
    return [grade for grade in found if not _BARE.fullmatch(grade)]


def _certificate(name: str) -> str:
    """`ISO 9001:2015` and `iso9001` are one certificate."""
    return re.sub(r"[\s\-_/]", "", re.sub(r":(19|20)\d\d$", "", normalise(name)))


def _reaches(tier: str | None, asked: Sequence[str]) -> bool:
    if tier in asked:
        return True
    ranks = [TIERS.index(name) for name in asked if name in TIERS]
    return bool(ranks) and tier in TIERS and TIERS.index(tier) > min(ranks)
