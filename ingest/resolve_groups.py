"""Records of one firm gathered (归并成组), so that no group holds two firms that are known to be different."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from ingest.resolve_judge import Basis, Card, Outcome, Verdict, judge_cards
from ingest.uscc import uscc_fault

Codes = tuple[str, str]


def ordered(one: str, other: str) -> Codes:
    """The two codes, the smaller first."""
    return (one, other) if one < other else (other, one)


class Groups:
    """Codes in groups, each code at first a group of its own. `apart` are pairs of codes that never share a group."""

    def __init__(self, cards: Sequence[Card], apart: Collection[Codes]) -> None:
        self._apart = frozenset(apart)
        self._cards: dict[str, list[Card]] = defaultdict(list)
        for card in cards:
            self._cards[card.code].append(card)
        self._group = {code: frozenset((code,)) for code in self._cards}

    def of(self, code: str) -> frozenset[str]:
        """The group that `code` is in."""
        return self._group[code]

    def usccs(self, code: str) -> frozenset[str]:
        """The sound USCCs of the group that `code` is in: one at most."""
        return frozenset(card.uscc for member in self.of(code) for card in self._cards[member] if card.uscc)

    def winner(self, code: str) -> str:
        """The code that the group goes by: a USCC before a key made of a name, then the smallest."""
        return min(self.of(code), key=lambda member: (uscc_fault(member) is not None, member))

    def join(self, same: Mapping[Codes, Verdict]) -> frozenset[Codes]:
        """Joins each pair of `same`, except where that would join what is different; returns the pairs left apart."""
        left_apart = self._of_two_owners(same)
        links: dict[frozenset[str], set[frozenset[str]]] = defaultdict(set)
        for one, other in same.keys() - left_apart:
            links[self.of(one)].add(self.of(other))
            links[self.of(other)].add(self.of(one))
        refused: set[str] = set()
        for group in _connected(links):
            if self._disagrees(group):
                refused |= group
            else:
                self._group |= dict.fromkeys(group, group)
        return left_apart | {pair for pair in same if pair[0] in refused and self.of(pair[0]) != self.of(pair[1])}

    def _disagrees(self, group: frozenset[str]) -> bool:
        return any(self._are_apart(one, other) for one, other in combinations(sorted(group), 2))

    def _are_apart(self, one: str, other: str) -> bool:
        if self.of(one) == self.of(other):
            return False
        if ordered(one, other) in self._apart:
            return True
        verdicts = self._verdicts(one, other)
        return any(v.apart for v in verdicts) and not any(v.outcome is Outcome.SAME for v in verdicts)

    def _verdicts(self, one: str, other: str) -> list[Verdict]:
        return [judge_cards(a, b) for a in self._cards[one] for b in self._cards[other]]

    def _of_two_owners(self, same: Mapping[Codes, Verdict]) -> frozenset[Codes]:
        """Pairs of a misspelt or former name that could be that of two firms, of which nobody knows which it is."""
        owners: dict[str, set[str]] = defaultdict(set)
        for (one, other), verdict in same.items():
            if self._owns(other, one, verdict.basis):
                owners[one].add(other)
            if self._owns(one, other, verdict.basis):
                owners[other].add(one)
        return frozenset(
            ordered(code, owner)
            for code, found in owners.items()
            if any(not self._are_same(*pair) for pair in combinations(sorted(found), 2))
            for owner in found
        )

    def _owns(self, owner: str, name: str, basis: Basis) -> bool:
        """Whether `owner` is the firm that the former or misspelt name of `name` would be of."""
        if basis is Basis.FORMER_NAME:
            keys = {card.parts.key for card in self._cards[name]}
            return any(old.key in keys for card in self._cards[owner] for old in card.former)
        # The one that reads as the words of a trade is written rightly.
        return basis is Basis.SLIP and any(card.parts.trade for card in self._cards[owner])

    def _are_same(self, one: str, other: str) -> bool:
        return self.of(one) == self.of(other) or any(v.outcome is Outcome.SAME for v in self._verdicts(one, other))


def _connected(links: Mapping[frozenset[str], set[frozenset[str]]]) -> list[frozenset[str]]:
    """The unions of groups that hang together."""
    found: list[frozenset[str]] = []
    seen: set[frozenset[str]] = set()
    for start in links:
        if start in seen:
            continue
        seen.add(start)
        waiting, members = [start], set(start)
        while waiting:
            for near in links[waiting.pop()] - seen:
                seen.add(near)
                waiting.append(near)
                members |= near
        found.append(frozenset(members))
    return found
