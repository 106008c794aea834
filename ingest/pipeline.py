"""Firms from rows into the graph (企业入库): who is who, then records in batches, then what a person must decide.

ADR: a file's rows are resolved together and against the firms that are known, before the first is written, so that
their order does not matter. A row never waits for a person: it goes in under its own code and the question is asked
beside it, for a merge later moves its record and can be taken back. A load never makes two known firms one: a row
that shows them to be one is written to the first of them, and a person is asked. So undoing a load needs no more
than its records, and leaves what was there before.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from graph.connection import Graph
from graph.firms import FirmRepository
from graph.fold import keyed
from graph.identity import IdentityRepository, KnownFirm, Question, QuestionState
from graph.model import Firm, Origin
from graph.projection import SaveOutcome
from ingest.kinds.reading import Reading
from ingest.load_report import AcceptedRow, ReviewPair, Written
from ingest.load_run import Progress
from ingest.resolve import Pair, resolve

FIRMS_A_BATCH = 1_000
SHOWN_TO_BE_ONE = "同一条登记同时指向这两家企业"


async def write_firms(graph: Graph, reading: Reading[Firm], load_id: str | None, tell: Progress) -> Written:
    """Resolve and write the firms of a file; with no load, only say what would become of them."""
    identity = IdentityRepository(graph)
    known = await identity.directory()
    answered = await identity.questions(open_only=False)
    apart = [(q.left_code, q.right_code) for q in answered if q.state is QuestionState.DIFFERENT]
    who = await asyncio.to_thread(_who_is_who, reading.items, known, apart)
    firms = await asyncio.to_thread(_recoded, reading.items, who, load_id or "")
    names = {firm.code: firm.name for firm in known} | {firm.code: firm.name for firm in firms}
    review = tuple(
        ReviewPair(p.left, p.right, names.get(p.left, ""), names.get(p.right, ""), p.score, p.why)
        for p in who.questions
    )
    if load_id is None:
        existing, codes = {firm.code for firm in known}, {firm.code for firm in firms}
        outcome = SaveOutcome(tuple(sorted(codes - existing)), tuple(sorted(codes & existing)))
        return _written(firms, outcome, review, ("试运行: 没有写入; “变更”是可能变更的企业。",))
    outcome = await _save(FirmRepository(graph), firms, load_id, tell)
    asked = {question.id for question in answered}
    new = [Question.about(p.left, p.right, p.score, p.why) for p in who.questions]
    # What was asked before stays as it was, so that undoing this load leaves it alone.
    await identity.ask([question for question in new if question.id not in asked], load_id)
    return _written(firms, outcome, review, ())


@dataclass(frozen=True, slots=True)
class _Who:
    """The code to write each incoming code under, and the pairs that a person has to decide."""

    code_of: dict[str, str]
    questions: tuple[Pair, ...]


def _who_is_who(firms: Sequence[Firm], known: Sequence[KnownFirm], apart: Sequence[tuple[str, str]]) -> _Who:
    found = resolve(firms, known, apart=apart)
    held = {firm.code for firm in known}
    together: dict[str, set[str]] = {}
    for loser, winner in found.merges:
        together.setdefault(winner, {winner} & held).add(loser)
    # What is known keeps its code, so that a load moves no record but its own.
    kept = {winner: min(codes) for winner, codes in together.items()}
    code_of = {code: kept.get(winner, winner) for code, winner in found.code_of.items()}
    questions = {
        (left, right): pair
        for pair in found.questions
        for left, right in [sorted((kept.get(pair.left, pair.left), kept.get(pair.right, pair.right)))]
        if left != right
    }
    for codes in together.values():
        first, *others = sorted(codes)
        questions |= {(first, other): Pair(first, other, 1.0, SHOWN_TO_BE_ONE) for other in others}
    asked = (replace(pair, left=left, right=right) for (left, right), pair in sorted(questions.items()))
    return _Who(code_of, tuple(asked))


async def _save(repository: FirmRepository, firms: Sequence[Firm], load_id: str, tell: Progress) -> SaveOutcome:
    outcomes = []
    for start in range(0, len(firms), FIRMS_A_BATCH):
        batch = firms[start : start + FIRMS_A_BATCH]
        outcomes.append(await repository.save_many(batch, load_id))
        tell(start + len(batch), len(firms))
    return SaveOutcome.of(outcomes)


def _recoded(firms: Iterable[Firm], who: _Who, load_id: str) -> list[Firm]:
    """The firms under the codes that they are written under, those of one firm beside each other."""
    found = []
    for firm in firms:
        code = who.code_of.get(firm.code, firm.code)
        origin = Origin(load_id, firm.origin.row) if firm.origin else None
        if code != firm.code:
            capabilities = tuple(keyed(capability, code) for capability in firm.capabilities)
            firm = replace(firm, code=code, capabilities=capabilities)
        found.append(replace(firm, origin=origin))
    return sorted(found, key=lambda firm: (firm.code, firm.origin.row if firm.origin else 0))


def _written(
    firms: Sequence[Firm], outcome: SaveOutcome, review: tuple[ReviewPair, ...], notes: tuple[str, ...]
) -> Written:
    effects = dict.fromkeys(outcome.same, "不变") | dict.fromkeys(outcome.changed, "变更")
    effects |= dict.fromkeys(outcome.added, "新增")
    rows = (
        AcceptedRow(firm.origin.row if firm.origin else 0, firm.name, firm.code, effects.get(firm.code, "不变"))
        for firm in firms
    )
    counts = len(outcome.added), len(outcome.changed), len(outcome.same)
    return Written(*counts, rows=tuple(sorted(rows, key=lambda row: row.row)), review=review, notes=notes)
