"""How long a title of the tier ladder is valid (梯队称号有效期): dated rule sets, never constants.

工信部企业〔2022〕63号 was in force from 2022-06-01 and gives the three titles of its ladder three years each.
工信部企业〔2026〕2号 replaces it from 2026-04-01; for 专精特新 and 小巨人 the term is three years. What a rule set
does not say is unknown: so is everything before the first one, and 单项冠军, which other rules govern.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules in force from a day (YYYY-MM-DD) on; `years` is the term of each title."""

    name: str
    in_force_from: str
    years: Mapping[str, int]


RULE_SETS = (
    RuleSet("工信部企业〔2022〕63号", "2022-06-01", {"创新型": 3, "专精特新": 3, "小巨人": 3}),
    RuleSet("工信部企业〔2026〕2号", "2026-04-01", {"专精特新": 3, "小巨人": 3}),
)


def rules_on(day: str) -> RuleSet | None:
    """The rule set in force on `day` (YYYY-MM-DD); None before the first."""
    return max((r for r in RULE_SETS if r.in_force_from <= day), key=lambda r: r.in_force_from, default=None)


def valid_until(tier: str, valid_from: str | None) -> str | None:
    """The last day of a title given on `valid_from`, by the rules of that day; None where they do not say."""
    rules = rules_on(valid_from) if valid_from else None
    if rules is None or valid_from is None or tier not in rules.years:
        return None
    start = dt.date.fromisoformat(valid_from)
    year = start.year + rules.years[tier]
    # A title of 29 February ends on the last of February.
    try:
        same_day = start.replace(year=year)
    except ValueError:
        return dt.date(year, 2, 28).isoformat()
    return (same_day - dt.timedelta(days=1)).isoformat()
