"""Titles as lists announce them (公示名单的标题行): tier, batch and term, read from the text above the header."""

import re
import unicodedata
from dataclasses import dataclass

from graph.model import TIERS, TierTitle
from ingest.dates import NotADate, parse_date
from ingest.kinds.tier_rules import valid_until

_HIGHEST_FIRST = tuple(reversed(TIERS))
_BATCH = re.compile(r"第\s*([一二三四五六七八九十\d]+)\s*批")
_YEAR = re.compile(r"(20\d\d)\s*年?度?(?=年|度|第|\D{0,12}(?:创新型|专精特新|小巨人|单项冠军|名单))")
_DAY = r"20\d\d\s*[年./-]\s*\d{1,2}\s*(?:[月./-]\s*(?:\d{1,2}\s*[日号]?)?)?"
_TERM = re.compile(rf"({_DAY})\s*(?:至|到|[-—–~～]+)\s*({_DAY})")


@dataclass(frozen=True, slots=True)
class Announcement:
    """What holds for every row of a list unless the row says otherwise. Dates are YYYY-MM-DD."""

    tier: str | None = None
    batch: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None

    def title(self, tier: str, valid_from: str | None = None, until: str | None = None) -> TierTitle:
        """A title with its term: as the row states it, else as the list does, else by the rules of its first day."""
        start = valid_from or self.valid_from
        end = until or (self.valid_until if valid_from is None else None)
        return TierTitle(tier, start, end or valid_until(tier, start), self.batch)


def tier_in(text: str) -> str | None:
    """The highest tier that `text` names; None where it names none."""
    return next((tier for tier in _HIGHEST_FIRST if tier in text), None)


def announced(title: str, given: Announcement) -> Announcement:
    """What the text above a list says, under what the person who loads it says."""
    text = unicodedata.normalize("NFKC", title)
    start, end = term_in(text)
    return Announcement(
        given.tier or tier_in(text),
        given.batch or batch_in(text),
        given.valid_from or start,
        given.valid_until or end,
    )


def batch_in(text: str) -> str | None:
    """The year and the batch as the list calls them: 2025年度第二批, 第六批, 2024年度; None where it says neither."""
    year, batch = _YEAR.search(text), _BATCH.search(text)
    if year is None and batch is None:
        return None
    return (f"{year[1]}年度" if year else "") + (f"第{batch[1]}批" if batch else "")


def term_in(text: str) -> tuple[str | None, str | None]:
    """First and last day of a term such as 2023年7月至2026年6月; a month means its first and its last day."""
    match = _TERM.search(unicodedata.normalize("NFKC", text))
    if match is None:
        return None, None
    try:
        start, end = (re.sub(r"\s|[日号]$", "", day).rstrip("月./-") for day in match.groups())
        last = parse_date(_dashed(end))
        first = parse_date(_dashed(start))
    except NotADate:
        return None, None
    if len(re.findall(r"\d+", start)) == 2:
        first = f"{first[:8]}01"
    return (first, last) if first <= last else (None, None)


def _dashed(day: str) -> str:
    return "-".join(re.findall(r"\d+", day))
