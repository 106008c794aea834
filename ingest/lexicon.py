"""The product lexicon that ships (产品词库): `atlas/lexicon.tsv`, one product a line.

Columns, no header: product, synonyms joined by 、, how its makers describe it, what it is confused with
joined by 、.
"""

from importlib.resources import files
from typing import NamedTuple

_COLUMNS = 4


class ProductWords(NamedTuple):
    """One product and the words for it."""

    product: str
    synonyms: tuple[str, ...]
    description: str
    confused_with: tuple[str, ...]


def shipped_lexicon() -> list[ProductWords]:
    """Every product of the shipped lexicon, in the order of the file."""
    text = (files("ingest") / "atlas" / "lexicon.tsv").read_text(encoding="utf-8")
    return [_entry(line) for line in text.splitlines()]


def _entry(line: str) -> ProductWords:
    product, synonyms, description, confused_with = line.split("\t", _COLUMNS - 1)
    return ProductWords(product, tuple(synonyms.split("、")), description, tuple(confused_with.split("、")))
