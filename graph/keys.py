"""Keys that follow from what a thing is (主键规则), for every package that makes or moves such things."""

import unicodedata

from graph.model import stable_id


def capability_key(firm_code: str, *words: str | None) -> str:
    """A stable key of one capability: the firm and the words that say what is made, in their order.

    Words that are missing at the end do not matter, so that a reader that knows the product alone and one
    that knows five kinds of words give one capability one key.
    """
    spelt = [unicodedata.normalize("NFKC", word or "").strip().upper() for word in words]
    while spelt and not spelt[-1]:
        spelt.pop()
    return stable_id("cap", firm_code, *spelt)


def question_key(code: str, other: str) -> str:
    """A stable key of the question whether two firms are one, whichever of them is named first."""
    return stable_id("question", *sorted((code, other)))
