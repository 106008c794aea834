"""Chinese characters that are taken for one another (形近、音近、繁简), from the tables beside this module."""

from collections import defaultdict
from functools import cache
from importlib.resources import files

# Endings and beginnings that speakers of the Yangtze delta do not keep apart when they type.
_BLURRED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"))


def simplified(text: str) -> str:
    """`text` with each traditional character in its simplified form."""
    return text.translate(_to_simplified())


def alike(one: str, other: str) -> bool:
    """Whether a person who types or a machine that reads may take the one for the other."""
    return sounds_alike(one, other) or looks_alike(one, other) or not (is_common(one) and is_common(other))


def sounds_alike(one: str, other: str) -> bool:
    """Whether an input method offers the one character for the other."""
    sounds = _sounds()
    return not sounds.get(one, frozenset()).isdisjoint(sounds.get(other, frozenset()))


def looks_alike(one: str, other: str) -> bool:
    """Whether a scanner may read the one for the other.

    So are characters with the same four corners, with the same part beside another radical (械, 诫), and the ones
    that every proof-reader knows (未, 末).
    """
    first, second = _shapes().get(one), _shapes().get(other)
    return (first is not None and first == second) or not _families(one).isdisjoint(_families(other))


def is_common(character: str) -> bool:
    """Whether the character is one of GB 2312; others stand in names by a scanner's mistake, or in rare brands."""
    return character in _shapes()


def _rows(file_name: str) -> list[list[str]]:
    text = files("ingest").joinpath(file_name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]


@cache
def _to_simplified() -> dict[int, str]:
    return {ord(old): new for new, olds in _rows("hanzi_traditional.tsv") for old in olds}


def _families(character: str) -> frozenset[str]:
    return _members().get(character, frozenset())


@cache
def _members() -> dict[str, frozenset[str]]:
    """Character → the families of similar characters that it belongs to."""
    found: dict[str, set[str]] = defaultdict(set)
    for part, characters in _rows("hanzi_parts.tsv"):
        for character in characters:
            found[character].add(part)
    for (line,) in _rows("hanzi_lookalikes.txt"):
        for family in line.split():
            for character in family:
                found[character].add(f"={family}")
    return {character: frozenset(families) for character, families in found.items()}


@cache
def _shapes() -> dict[str, str]:
    return {character: corners for corners, characters in _rows("hanzi_shapes.tsv") for character in characters}


@cache
def _sounds() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for syllable, characters in _rows("hanzi_sounds.tsv"):
        for clear, blurred in _BLURRED:
            syllable = syllable.replace(clear, blurred)
        for character in characters:
            found[character].add(syllable)
    return {character: frozenset(syllables) for character, syllables in found.items()}
