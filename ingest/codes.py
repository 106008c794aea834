"""Keys of firms (企业代码) for those that come without a USCC.

ADR: the key is the hash of the normalised full name and the division code, so that two files that write
the same firm with other brackets or spaces meet in one node. A firm that is later found to be another is
merged by resolution, never by a looser key.
"""

import re
import unicodedata

from graph.model import stable_id

_DROPPED = re.compile(r"[\s\u200b-\u200f\u2060\ufeff·•.,，。、\-_'\"“”‘’]+")

_BRACKETS = str.maketrans("〔〕[]【】", "()()()")


def normal_name(name: str) -> str:
    """The full name in one spelling: NFKC, capitals, no spaces, no punctuation but round brackets."""
    text = unicodedata.normalize("NFKC", name)
    text = text.translate(_BRACKETS)
    return _DROPPED.sub("", text).upper()


def firm_key(name: str, division: str) -> str:
    """A stable key of the firm called `name` in `division` (GB/T 2260 digits, "" where unknown)."""
    return stable_id("firm", normal_name(name), division)
