"""The four tiers of good small firms (优质中小企业梯队) in one spelling."""

import re

from graph.model import TIERS

# The highest title is looked for first: 专精特新“小巨人”企业 holds the words of two.
_HIGHEST_FIRST = tuple(reversed(TIERS))
_FORM = re.compile(r"^(国家级|省级|市级|江苏省|制造业|中小企业|企业|专精特新|[\s“”\"'‘’「」『』])*$")


def canonical_tier(text: str) -> str | None:
    """The tier that `text` names, as in `TIERS`; None where it names none of them or says more."""
    for tier in _HIGHEST_FIRST:
        if tier in text and _FORM.match(text.replace(tier, "", 1)):
            return tier
    return None
