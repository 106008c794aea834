"""Which firms are one (企业归一): the directory to compare with, questions to people, merges and aliases."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graph.aliases import ALL_ALIASES, end
from graph.connection import Graph
from graph.errors import GraphNotFound
from graph.keys import question_key
from graph.merging import merge_firms, unmerge_firm
from graph.rows import built, properties
from graph.transaction import Transaction

DIRECTORY = """
MATCH (f:Firm)
RETURN f.code AS code, f.name AS name, f.former_names AS former_names, f.uscc AS uscc, f.division AS division
ORDER BY code
"""

ASK = """
UNWIND $rows AS row
MERGE (q:Question {id: row.id})
ON CREATE SET q += row.props, q.asked_by = $load
"""

# A question that a person answered stays as it was asked.
RENEW_QUESTIONS = """
UNWIND $rows AS row
MATCH (q:Question {id: row.id})
WHERE q.state = 'open'
SET q += row.props
"""

QUESTIONS = """
MATCH (q:Question)
WHERE NOT $open_only OR q.state = 'open'
RETURN q {.*} AS question ORDER BY q.score DESC, q.id
"""

# Its SET takes the lock of the question, so that two people do not decide it at once.
LOCK_QUESTION = """
MATCH (q:Question {id: $id})
SET q.lk = $by
RETURN q {.*} AS question
"""

DECIDE = """
MATCH (q:Question {id: $id})
SET q.state = $state, q.decided_by = $by, q.decided_at = $at, q.alias = $alias
"""

REOPEN = """
MATCH (q:Question)
WHERE q.alias = $alias
SET q.state = 'open'
REMOVE q.decided_by, q.decided_at, q.alias
"""


class QuestionState(StrEnum):
    """Whether two firms are one: nobody has said, they are the same, they are different."""

    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class KnownFirm:
    """What tells one firm from another."""

    code: str
    name: str
    former_names: tuple[str, ...] = ()
    uscc: str | None = None
    division: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Are these two firms one? `score` is how alike they are (0 to 1) and `why` says in what."""

    id: str
    left_code: str
    right_code: str
    score: float
    why: str
    state: QuestionState = QuestionState.OPEN
    decided_by: str | None = None
    decided_at: str | None = None

    @classmethod
    def about(cls, left_code: str, right_code: str, score: float, why: str) -> "Question":
        """The open question about two firms; there is one for two firms, whichever is named first."""
        return cls(question_key(left_code, right_code), left_code, right_code, score, why)


class IdentityRepository:
    """Who is who among the firms."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def directory(self) -> list[KnownFirm]:
        """Every firm by what tells it from others, ordered by code."""
        return [built(KnownFirm, row) for row in await self._graph.read(DIRECTORY, deadline=120.0)]

    async def aliases(self) -> dict[str, str]:
        """By alias: the code of the firm that it leads to."""
        target = {row["code"]: row["target"] for row in await self._graph.read(ALL_ALIASES)}
        return {code: end(code, target) for code in target}

    async def ask(self, questions: Sequence[Question], load_id: str = "") -> None:
        """Adds open questions, or renews their score and reason; what a person decided stays decided.

        Undoing the load that asked a question first takes it back while it is open.
        """
        rows = [{"id": question.id, "props": properties(question)} for question in questions]

        async def work(tx: Transaction) -> None:
            await tx.each(ASK, rows, load=load_id)
            await tx.each(RENEW_QUESTIONS, rows)

        await self._graph.transact(work, upsert=True)

    async def questions(self, open_only: bool = True) -> list[Question]:
        """The questions, the most alike first; an open one whose two firms became one meanwhile is left out."""
        rows = await self._graph.read(QUESTIONS, open_only=open_only)
        found = [built(Question, row["question"]) for row in rows]
        root = await self.aliases()
        return [q for q in found if q.state is not QuestionState.OPEN or not _one(q, root)]

    async def decide(self, question_id: str, same: bool, by: str, *, winner: str | None = None) -> None:
        """Answers a question. The same: left is merged into right, or the other into `winner` if it is given.

        A later answer replaces an earlier one and takes its merge back. Raises GraphNotFound for an unknown
        question or firm.
        """

        async def work(tx: Transaction) -> None:
            rows = await tx.run(LOCK_QUESTION, id=question_id, by=by)
            if not rows:
                raise GraphNotFound(f"待核问题 {question_id} 不存在。请刷新列表。", code="graph.question.unknown")
            await _decide(tx, rows[0]["question"], same, by, winner)

        await self._graph.transact(work, upsert=True)

    async def merge(self, loser_code: str, winner_code: str, by: str) -> None:
        """Makes two firms one under the winner's code; merging again changes nothing. Raises GraphNotFound."""

        async def work(tx: Transaction) -> None:
            await merge_firms(tx, loser_code, winner_code, by, _now())

        await self._graph.transact(work, upsert=True)

    async def unmerge(self, alias_code: str) -> None:
        """Takes the merge of `alias_code` back, and opens the question that led to it. Raises GraphNotFound."""

        async def work(tx: Transaction) -> None:
            await unmerge_firm(tx, alias_code)
            await tx.run(REOPEN, alias=alias_code)

        await self._graph.transact(work, upsert=True)


async def _decide(tx: Transaction, question: dict[str, Any], same: bool, by: str, winner: str | None) -> None:
    left, right, alias = question["left_code"], question["right_code"], question.get("alias")
    if same and question["state"] != QuestionState.SAME:
        won = winner or right
        alias = await merge_firms(tx, left if won == right else right, won, by, _now())
    elif not same and alias is not None:
        await unmerge_firm(tx, alias)
        alias = None
    state = QuestionState.SAME if same else QuestionState.DIFFERENT
    await tx.run(DECIDE, id=question["id"], state=state.value, by=by, at=_now(), alias=alias)


def _one(question: Question, root: dict[str, str]) -> bool:
    left, right = question.left_code, question.right_code
    return root.get(left, left) == root.get(right, right)


def _now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
