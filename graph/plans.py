"""Procurement plans and notices with their lines (采购计划、采购公告与需求行)."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from graph.connection import Graph, Statement
from graph.model import Origin, Plan, PlanKind, PlanLine
from graph.provenance import require_load
from graph.rows import built, properties
from graph.values import batches

# Written first in the transaction: its SET locks the plan, so that two saves of one plan follow each other.
SAVE_PLAN = """
MERGE (p:Plan {id: $id})
SET p += $props
"""

LEAVE_OTHER_BUYERS = """
MATCH (f:Firm)-[r:POSTED]->(:Plan {id: $id})
WHERE f.code <> $buyer
DELETE r
"""

SAVE_POSTED = """
MATCH (p:Plan {id: $id})
MATCH (f:Firm {code: $buyer})
MERGE (f)-[:POSTED]->(p)
"""

LEAVE_OTHER_LOADS = """
MATCH (:Plan {id: $id})-[r:FROM]->(l:Load)
WHERE l.id <> $load
DELETE r
"""

SAVE_ORIGIN = """
MATCH (p:Plan {id: $id})
MATCH (l:Load {id: $load})
MERGE (p)-[:FROM]->(l)
"""

DROP_MATCHES_OF_VANISHED_LINES = """
MATCH (:Plan {id: $id})-[:HAS_LINE]->(l:PlanLine)-[:HAS_MATCH]->(m:Match)
WHERE NOT l.id IN $kept
DETACH DELETE m
"""

DROP_VANISHED_LINES = """
MATCH (:Plan {id: $id})-[:HAS_LINE]->(l:PlanLine)
WHERE NOT l.id IN $kept
DETACH DELETE l
"""

# Matches answer what a line asked for when they were made: a line that asks for something else has none.
DROP_MATCHES_OF_CHANGED_LINES = """
UNWIND $rows AS row
MATCH (l:PlanLine {id: row.id})-[:HAS_MATCH]->(m:Match)
WHERE l.content <> row.content
DETACH DELETE m
"""

SAVE_LINES = """
UNWIND $rows AS row
MATCH (p:Plan {id: row.plan})
MERGE (l:PlanLine {id: row.id})
SET l += row.props, l.content = row.content
MERGE (p)-[:HAS_LINE]->(l)
"""

LEAVE_OTHER_LOADS_OF_LINES = """
UNWIND $rows AS row
MATCH (:PlanLine {id: row.id})-[r:FROM]->(l:Load)
WHERE l.id <> $load
DELETE r
"""

SAVE_ORIGINS_OF_LINES = """
MATCH (o:Load {id: $load})
UNWIND $rows AS row
MATCH (l:PlanLine {id: row.id})
MERGE (l)-[r:FROM]->(o)
SET r.row = row.row
"""

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

COUNT_LINES = "MATCH (l:PlanLine) RETURN count(l) AS lines"


class PlanRepository:
    """Plans with their lines."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def save(self, plan: Plan, load_id: str) -> None:
        """Adds or renews one plan, all or nothing; repeating it changes nothing.

        Lines that vanished go with their matches; a line that now asks for something else keeps its id
        and loses its matches. Raises GraphNotFound if the load was never begun.
        """
        await require_load(self._graph, load_id)
        await self._graph.write_all(_save(plan, load_id), upsert=True, deadline=120.0)

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


def _save(plan: Plan, load_id: str) -> list[Statement]:
    own: dict[str, Any] = {"id": plan.id}
    kept = own | {"kept": [line.id for line in plan.lines]}
    buyer = own | {"buyer": plan.buyer_code}
    origin = own | {"load": load_id}
    statements: list[Statement] = [
        (SAVE_PLAN, own | {"props": properties(plan, ["lines"])}),
        (LEAVE_OTHER_BUYERS, buyer),
        (SAVE_POSTED, buyer),
        (LEAVE_OTHER_LOADS, origin),
        (SAVE_ORIGIN, origin),
        (DROP_MATCHES_OF_VANISHED_LINES, kept),
        (DROP_VANISHED_LINES, kept),
    ]
    for rows in batches(_line_row(line, plan.id) for line in plan.lines):
        statements += [
            (DROP_MATCHES_OF_CHANGED_LINES, {"rows": rows}),
            (SAVE_LINES, {"rows": rows}),
            (LEAVE_OTHER_LOADS_OF_LINES, {"rows": rows, "load": load_id}),
            (SAVE_ORIGINS_OF_LINES, {"rows": rows, "load": load_id}),
        ]
    return statements


def _line_row(line: PlanLine, plan_id: str) -> dict[str, Any]:
    props = properties(line, ["plan_id", "origin"])
    content = hashlib.sha256(json.dumps(props, ensure_ascii=False).encode()).hexdigest()
    row = line.origin.row if line.origin else None
    return {"id": line.id, "plan": plan_id, "props": props, "content": content, "row": row}


def _plans(rows: list[Mapping[str, Any]]) -> list[Plan]:
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
