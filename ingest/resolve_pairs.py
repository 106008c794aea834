"""Which pairs of records are worth a look (候选对): 60,000 firms against 60,000 make 3.6 billion pairs.

Found are all pairs with the same USCC, the same brand and trade, a former name that is the other's name, one
character of difference, a misspelt place, and two slips behind the first three characters.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import combinations, product

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from ingest.resolve_judge import Card
from ingest.resolve_slips import MOST_EDITS

Pair = tuple[int, int]
_HEAD = 3
_LONGEST_PLACE = 10


def candidate_pairs(cards: Sequence[Card], is_new: Sequence[bool]) -> Iterator[Pair]:
    """Pairs of places in `cards`, the smaller first, each once, of which at least one is new and could be the other."""
    seen: set[Pair] = set()
    for one, other in _raw_pairs(cards):
        pair = (one, other) if one < other else (other, one)
        left, right = cards[one], cards[other]
        if left.code == right.code or not (is_new[one] or is_new[other]) or pair in seen:
            continue
        if left.uscc and right.uscc and left.uscc != right.uscc:
            continue
        seen.add(pair)
        yield pair


def _raw_pairs(cards: Sequence[Card]) -> Iterator[Pair]:
    for block in _blocks(((card.uscc, at) for at, card in enumerate(cards) if card.uscc)).values():
        yield from combinations(block, 2)
    by_key = _blocks((card.parts.key, at) for at, card in enumerate(cards))
    for block in by_key.values():
        yield from _same_key(cards, block)
    for at, card in enumerate(cards):
        for old in card.former:
            yield from ((at, other) for other in by_key.get(old.key, ()) if other != at)
        if not card.parts.place:
            key = card.parts.key
            for cut in range(1, min(_LONGEST_PLACE, len(key) - 1)):
                yield from ((at, other) for other in by_key.get(key[cut:], ()) if cards[other].parts.place)
    yield from _one_character_apart(cards)
    yield from _two_slips_apart(cards)


def _blocks(keyed: Iterable[tuple[Hashable, int]]) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = defaultdict(list)
    for key, at in keyed:
        found[key].append(at)
    return found


def _same_key(cards: Sequence[Card], block: Sequence[int]) -> Iterator[Pair]:
    """Pairs of one brand and trade in one place, or where one name shows no place."""
    if len(block) < 2:
        return
    by_place = _blocks((cards[at].parts.division, at) for at in block)
    for members in by_place.values():
        yield from combinations(members, 2)
    bare = by_place.get("", [])
    yield from product(bare, (at for at in block if cards[at].parts.division))


def _one_character_apart(cards: Sequence[Card]) -> Iterator[Pair]:
    """Pairs that are equal when at most one character is taken out of each: one changed, more, fewer, or two turned."""
    hashes: list[int] = []
    owners: list[int] = []
    for at, card in enumerate(cards):
        whole = card.parts.whole
        spellings = {whole, *(whole[:i] + whole[i + 1 :] for i in range(len(whole)))}
        hashes.extend(map(hash, spellings))
        owners.extend([at] * len(spellings))
    if not hashes:
        return
    values = np.array(hashes, dtype=np.int64)
    order = np.argsort(values, kind="stable")
    starts = np.flatnonzero(np.diff(values[order])) + 1
    for members in np.split(np.array(owners, dtype=np.int64)[order], starts):
        if len(members) > 1:
            yield from combinations(members.tolist(), 2)


def _two_slips_apart(cards: Sequence[Card]) -> Iterator[Pair]:
    """Pairs of one place that begin alike and differ by two characters at most."""
    long_enough = ((at, card.parts) for at, card in enumerate(cards) if len(card.parts.key) > _HEAD + 1)
    for block in _blocks(((parts.place, parts.key[:_HEAD]), at) for at, parts in long_enough).values():
        if len(block) < 2:
            continue
        keys = [cards[at].parts.key for at in block]
        distances = cdist(keys, keys, scorer=Levenshtein.distance, score_cutoff=MOST_EDITS, dtype=np.uint8)
        for row, column in zip(*np.nonzero(np.triu(distances <= MOST_EDITS, k=1)), strict=True):
            yield block[row], block[column]
