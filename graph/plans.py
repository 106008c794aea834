"""Procurement plans and notices with their lines (采购计划、采购公告与需求行)."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from graph.connection import Graph
from graph.model import Origin, Plan, PlanKind, PlanLine
from graph.plan_records import state_plans
from graph.provenance import source_of
from graph.rows import built

GET_PLAN = """
MATCH (p:Plan {id: $id})
OPTIONAL MATCH (p)-[:HAS_LINE]->(l:PlanLine)
RETURN p {.*} AS plan, l {.*} AS line,
  [(l)-[r:FROM]->(o:Load) WHERE r.row IS NOT NULL | {load_id: o.id, row: r.row}] AS origins
ORDER BY p.id, l.number, l.id
"""

ALL_PLANS = """
MATCH (p:Plan)
WHERE $kind IS NULL OR p.kind = $kind
OPTIONAL MATCH (p)-[:HAS_LINE]->(l:PlanLine)
RETURN p {.*} AS plan, l {.*} AS line,
  [(l)-[r:FROM]->(o:Load) WHERE r.row IS NOT NULL | {load_id: o.id, row: r.row}] AS origins
ORDER BY p.id, l.number, l.id
"""

PLANS_IN_ONE_TRANSACTION = 200

COUNT_LINES = "MATCH (l:PlanLine) RETURN count(l) AS lines"


class PlanRepository:
    """Plans with their lines."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def save(self, plan: Plan, load_id: str) -> None:
        """Records what `load_id` states as one plan, all or nothing; repeating it changes nothing.

        The plan becomes what the load that started last states. Lines that vanished go with their matches; a
        line that now asks for something else keeps its id and loses its matches. Raises GraphNotFound if the
        load was never begun, GraphValueError for a plan that is too large.
        """
        await self.save_many([plan], load_id)

    async def save_many(self, plans: Sequence[Plan], load_id: str) -> None:
        """The same for many plans, each once, in batches that are each all or nothing."""
        await source_of(self._graph, load_id)
        for start in range(0, len(plans), PLANS_IN_ONE_TRANSACTION):
            batch = plans[start : start + PLANS_IN_ONE_TRANSACTION]
            await self._graph.transact(partial(state_plans, batch, load_id), upsert=True, deadline=120.0)

    async def get(self, plan_id: str) -> Plan | None:
        """One plan with its lines by number, or None."""
        found = _plans(await self._graph.read(GET_PLAN, id=plan_id))
        return found[0] if found else None

    async def all(self, kind: PlanKind | None = None) -> list[Plan]:
        """Every plan, or those of one kind, ordered by id, lines by number."""
        wanted = kind.value if kind else None
        return _plans(await self._graph.read(ALL_PLANS, kind=wanted, deadline=120.0))

    async def count_lines(self) -> int:
        """How many lines there are in all plans."""
        lines: int = (await self._graph.read(COUNT_LINES))[0]["lines"]
        return lines


def _plans(rows: Sequence[Mapping[str, Any]]) -> list[Plan]:
    lines: dict[str, list[PlanLine]] = {}
    plans: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        plan_id = row["plan"]["id"]
        plans[plan_id] = row["plan"]
        found = lines.setdefault(plan_id, [])
        if row["line"] is not None:
            origin = Origin(**row["origins"][0]) if row["origins"] else None
            found.append(built(PlanLine, row["line"], plan_id=plan_id, origin=origin))
    return [built(Plan, values, lines=tuple(lines[plan_id])) for plan_id, values in plans.items()]
