"""How well records of one firm are told from those of others: `python -m tests.ingest.identity.evaluate`.

Recall counts an asked pair as not found, precision counts only pairs that were called the same.
"""

import random
from collections import Counter
from dataclasses import dataclass

from graph.identity import KnownFirm
from ingest.resolve import resolve
from ingest.resolve_judge import Outcome, judge
from tests.ingest.identity.noise import noisy
from tests.ingest.identity.pairs import SEED, labelled_pairs, real_firms

HALVES = ("seen", "held out")


@dataclass(frozen=True, slots=True)
class Measured:
    """Counts by label and kind, then by outcome; or of a whole list, where the kind is that of the noise."""

    counts: dict[tuple[bool, str], Counter[Outcome]]

    def total(self, same: bool, outcome: Outcome | None = None) -> int:
        """Pairs with this label, of this outcome if one is given."""
        rows = [row for (label, _), row in self.counts.items() if label is same]
        return sum(row.total() if outcome is None else row[outcome] for row in rows)

    @property
    def precision(self) -> float:
        """Of the pairs called the same, the share that is."""
        right, wrong = self.total(True, Outcome.SAME), self.total(False, Outcome.SAME)
        return right / (right + wrong)

    @property
    def recall(self) -> float:
        """Of the pairs that are the same, the share called so."""
        return self.total(True, Outcome.SAME) / self.total(True)

    @property
    def asked(self) -> float:
        """Of all pairs, the share that a person is asked about."""
        asked = self.total(True, Outcome.ASK) + self.total(False, Outcome.ASK)
        return asked / (self.total(True) + self.total(False))


def record(code: str, firm: tuple[str, str]) -> KnownFirm:
    """A record of a firm that has no USCC: its name and division."""
    return KnownFirm(code, firm[0], division=firm[1])


def of_pairs(half: str) -> Measured:
    """Every labelled pair of a half, each judged alone."""
    counts: dict[tuple[bool, str], Counter[Outcome]] = {}
    for pair in labelled_pairs(half):
        outcome = judge(record("left", pair.left), record("right", pair.right)).outcome
        counts.setdefault((pair.same, pair.kind), Counter())[outcome] += 1
    return Measured(counts)


def of_whole_list(half: str) -> Measured:
    """A file with one noisy copy of every firm of a half, resolved against a graph that knows all firms of both."""
    known = [record(f"known {name}", (name, division)) for h in HALVES for name, division in real_firms(h)]
    counts: dict[tuple[bool, str], Counter[Outcome]] = {}
    incoming, truth = [], {}
    for name, division in real_firms(half):
        written, kind = noisy(name, random.Random(f"{SEED}list{name}"))
        incoming.append(record(f"new {name}", (written, division)))
        truth[f"new {name}"] = (f"known {name}", kind)
    found = resolve(incoming, known)
    asked = {frozenset((q.left, q.right)) for q in found.questions}
    for code, (right, kind) in truth.items():
        # Two known firms in one group would make both names of the winner right; merges show that.
        joined = [other for other in (found.code_of[code],) if other != code]
        if joined and joined != [right]:
            counts.setdefault((False, "another firm"), Counter())[Outcome.SAME] += 1
        outcome = Outcome.SAME if joined == [right] else Outcome.DIFFERENT
        if outcome is not Outcome.SAME and frozenset((code, right)) in asked:
            outcome = Outcome.ASK
        counts.setdefault((True, kind), Counter())[outcome] += 1
    wrongly = sum(loser.startswith("known ") and winner.startswith("known ") for loser, winner in found.merges)
    counts[(False, "known firms joined")] = Counter({Outcome.SAME: wrongly})
    return Measured(counts)


def main() -> None:
    """Prints both measures of both halves."""
    for title, measure in (("pairs", of_pairs), ("whole list", of_whole_list)):
        for half in HALVES:
            found = measure(half)
            print(f"\n{title}, {half}: {found.total(True)} same, {found.total(False)} different")
            for (same, kind), row in sorted(found.counts.items()):
                outcomes = "  ".join(f"{outcome.value} {row[outcome]:4}" for outcome in Outcome)
                print(f"  {'same' if same else 'different':9} {kind:18} {outcomes}")
            print(f"  precision {found.precision:.4f}  recall {found.recall:.4f}  asked {found.asked:.4f}")


if __name__ == "__main__":
    main()
