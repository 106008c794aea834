"""The words for what a firm does (行业用语), and where in a name the brand ends and they begin."""

from functools import cache
from importlib.resources import files

_LONGEST = 8
_SHORTEST_BRAND = 2


@cache
def words() -> frozenset[str]:
    """Every trade word of `trade_words.txt`, a working list of this project."""
    return frozenset(files("ingest").joinpath("trade_words.txt").read_text(encoding="utf-8").split())


def brand_length(core: str) -> int:
    """How many characters of a name without place and form are its brand: all before the trade words at its end.

    At least two where there are two, because 精密 may be a brand. All where the end is no known word.
    """
    readable = _readable_from(core)
    return next((at for at in range(min(_SHORTEST_BRAND, len(core)), len(core)) if readable[at]), len(core))


def is_trade(text: str) -> bool:
    """Whether `text` can be read as trade words from end to end; nothing can."""
    return _readable_from(text)[0]


def _readable_from(text: str) -> list[bool]:
    """For each place, whether everything from there to the end is trade words."""
    readable = [False] * len(text) + [True]
    for at in range(len(text) - 1, -1, -1):
        ends = range(at + 1, min(len(text), at + _LONGEST) + 1)
        readable[at] = any(readable[end] and text[at:end] in words() for end in ends)
    return readable
