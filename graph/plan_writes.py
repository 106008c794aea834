"""Writes plans as one load states each (计划投影), inside a transaction that holds the lock on them."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from graph.aliases import roots
from graph.model import Plan, PlanLine
from graph.rows import properties
from graph.transaction import Transaction

SAVE_PLANS = """
UNWIND $rows AS row
MATCH (p:Plan {id: row.id})
SET p += row.props
"""

LEAVE_OTHER_BUYERS = """
UNWIND $rows AS row
MATCH (f:Firm)-[r:POSTED]->(:Plan {id: row.id})
WHERE f.code <> row.buyer
DELETE r
"""

SAVE_POSTED = """
UNWIND $rows AS row
MATCH (p:Plan {id: row.id})
MATCH (f:Firm {code: row.buyer})
MERGE (f)-[:POSTED]->(p)
"""

LEAVE_OTHER_LOADS = """
UNWIND $rows AS row
MATCH (:Plan {id: row.id})-[r:FROM]->(l:Load)
WHERE l.id <> row.load
DELETE r
"""

SAVE_ORIGIN = """
UNWIND $rows AS row
MATCH (p:Plan {id: row.id})
MATCH (l:Load {id: row.load})
MERGE (p)-[:FROM]->(l)
"""

DROP_MATCHES_OF_VANISHED_LINES = """
UNWIND $rows AS row
MATCH (:Plan {id: row.id})-[:HAS_LINE]->(l:PlanLine)-[:HAS_MATCH]->(m:Match)
WHERE NOT l.id IN row.kept
DETACH DELETE m
"""

DROP_VANISHED_LINES = """
UNWIND $rows AS row
MATCH (:Plan {id: row.id})-[:HAS_LINE]->(l:PlanLine)
WHERE NOT l.id IN row.kept
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
WHERE l.id <> row.load
DELETE r
"""

SAVE_ORIGINS_OF_LINES = """
UNWIND $rows AS row
MATCH (l:PlanLine {id: row.id})
MATCH (o:Load {id: row.load})
MERGE (l)-[r:FROM]->(o)
SET r.row = row.row
"""

DROP_MATCHES_OF_PLAN = """
MATCH (:Plan {id: $id})-[:HAS_LINE]->(:PlanLine)-[:HAS_MATCH]->(m:Match)
DETACH DELETE m
"""

DROP_LINES = "MATCH (:Plan {id: $id})-[:HAS_LINE]->(l:PlanLine) DETACH DELETE l"
DROP_PLAN = "MATCH (p:Plan {id: $id}) DETACH DELETE p"


async def write_plans(tx: Transaction, plans: Sequence[tuple[Plan, str]]) -> None:
    """Makes each plan, which must exist by its id, exactly what is given, read from the load beside it."""
    # A buyer may have been merged into another firm.
    root = await roots(tx.run, {plan.buyer_code for plan, _ in plans})
    rows = [
        {
            "id": plan.id,
            "props": properties(plan, ["lines"]),
            "buyer": root[plan.buyer_code],
            "load": load_id,
            "kept": [line.id for line in plan.lines],
        }
        for plan, load_id in plans
    ]
    await tx.each(SAVE_PLANS, [{"id": row["id"], "props": row["props"]} for row in rows])
    ends = [{"id": row["id"], "buyer": row["buyer"], "load": row["load"]} for row in rows]
    for statement in (LEAVE_OTHER_BUYERS, SAVE_POSTED, LEAVE_OTHER_LOADS, SAVE_ORIGIN):
        await tx.each(statement, ends)
    kept = [{"id": row["id"], "kept": row["kept"]} for row in rows]
    for statement in (DROP_MATCHES_OF_VANISHED_LINES, DROP_VANISHED_LINES):
        await tx.each(statement, kept)
    lines = [_line_row(line, plan.id, load_id) for plan, load_id in plans for line in plan.lines]
    await tx.each(DROP_MATCHES_OF_CHANGED_LINES, lines)
    await tx.each(SAVE_LINES, lines)
    await tx.each(LEAVE_OTHER_LOADS_OF_LINES, lines)
    await tx.each(SAVE_ORIGINS_OF_LINES, lines)


async def remove_plan(tx: Transaction, plan_id: str) -> None:
    """Deletes a plan with its lines and their matches."""
    for statement in (DROP_MATCHES_OF_PLAN, DROP_LINES, DROP_PLAN):
        await tx.run(statement, id=plan_id)


def _line_row(line: PlanLine, plan_id: str, load_id: str) -> dict[str, Any]:
    props = properties(line, ["plan_id", "origin"])
    content = hashlib.sha256(json.dumps(props, ensure_ascii=False).encode()).hexdigest()
    row = line.origin.row if line.origin else None
    return {"id": line.id, "plan": plan_id, "props": props, "content": content, "row": row, "load": load_id}
