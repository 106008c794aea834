"""Which records are of which firm (主体归并): every incoming record gets the code it is to be written under.

ADR: the answer depends on the set of records, never on their order. Sure pairs are joined from the surest basis
to the least sure; where a basis would put two firms with different USCCs into one group, or two records that are
apart though their names agree, it joins nothing there and a person is asked instead. So a record that could be
either of two firms becomes neither.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.resolve_groups import Codes, Groups, ordered
from ingest.resolve_judge import Basis, Card, Known, Outcome, Verdict, card_of, judge_cards
from ingest.resolve_pairs import candidate_pairs


@dataclass(frozen=True, slots=True)
class Pair:
    """Two firms that may be one, by their codes, the smaller first; `score` is how alike the names are, 0 to 1."""

    left: str
    right: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What `resolve` found.

    `code_of` has every code that came in, with the code to write it under; `merges` are known codes that go into
    others (loser, winner); `questions` are pairs of codes, as they are after the merges, that a person has to decide.
    """

    code_of: Mapping[str, str]
    merges: tuple[Codes, ...]
    questions: tuple[Pair, ...]


def resolve(incoming: Sequence[Known], known: Sequence[Known], *, apart: Collection[Codes] = ()) -> Resolution:
    """The firm of each incoming record, among the known ones and among each other.

    `apart` are pairs of codes that a person said are different: they are neither joined nor asked about again.
    """
    cards, is_new = _cards(incoming, known)
    verdicts = _verdicts(cards, is_new)
    told_apart = {ordered(*pair) for pair in apart}
    groups = Groups(cards, told_apart)
    unsure = {codes for codes, verdict in verdicts.items() if verdict.outcome is Outcome.ASK}
    for basis in Basis:
        unsure |= groups.join({c: v for c, v in verdicts.items() if v.outcome is Outcome.SAME and v.basis is basis})
    winner = {firm.code: groups.winner(firm.code) for firm in (*incoming, *known)}
    asked = _asked(((codes, verdicts[codes]) for codes in unsure), groups, winner)
    decided = {ordered(winner.get(one, one), winner.get(other, other)) for one, other in told_apart}
    return Resolution(
        code_of={code: winner[code] for code in sorted({firm.code for firm in incoming})},
        merges=tuple(sorted((code, winner[code]) for code in {k.code for k in known} if winner[code] != code)),
        questions=tuple(pair for pair in asked if (pair.left, pair.right) not in decided),
    )


def _cards(incoming: Sequence[Known], known: Sequence[Known]) -> tuple[list[Card], list[bool]]:
    """Every record once, in an order of their own, and which of them came in."""
    new = {card_of(firm) for firm in incoming}
    cards = sorted(new | {card_of(firm) for firm in known}, key=repr)
    return cards, [card in new for card in cards]


def _verdicts(cards: Sequence[Card], is_new: Sequence[bool]) -> dict[Codes, Verdict]:
    """What each pair of codes shows; where their records show different things, the surest of it."""
    found: dict[Codes, Verdict] = {}
    for one, other in candidate_pairs(cards, is_new):
        verdict = judge_cards(cards[one], cards[other])
        if verdict.outcome is Outcome.DIFFERENT:
            continue
        codes = ordered(cards[one].code, cards[other].code)
        if codes not in found or _strength(verdict) > _strength(found[codes]):
            found[codes] = verdict
    return found


def _strength(verdict: Verdict) -> tuple[bool, int, float, str]:
    return verdict.outcome is Outcome.SAME, -verdict.basis, verdict.score, verdict.why


def _asked(unsure: Iterable[tuple[Codes, Verdict]], groups: Groups, winner: Mapping[str, str]) -> list[Pair]:
    """One question for two groups, with the best score; none where both have their own USCC."""
    best: dict[Codes, Verdict] = {}
    for (one, other), verdict in unsure:
        codes = ordered(winner[one], winner[other])
        if codes[0] == codes[1] or (groups.usccs(codes[0]) and groups.usccs(codes[1])):
            continue
        if codes not in best or (verdict.score, verdict.why) > (best[codes].score, best[codes].why):
            best[codes] = verdict
    return [Pair(*codes, verdict.score, verdict.why) for codes, verdict in sorted(best.items(), key=lambda i: i[0])]
