"""What each load states as one plan (计划登记): the plan is what the load that started last states.

ADR: versions of a plan are not brought together as firms are, because a new version of a procurement plan
replaces the old one. They are kept, so that undoing a load brings back what the plan was before.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from graph.connection import Graph
from graph.errors import GraphValueError
from graph.model import Origin, Plan, PlanLine, stable_id
from graph.plan_writes import remove_plan, write_plans
from graph.records import PLAN, drop_records, give_up
from graph.rows import built, properties
from graph.transaction import Transaction

# Its SET takes the lock of the plan: what is read about it afterwards stays true until the commit.
MAKE_PLANS = "UNWIND $rows AS row MERGE (p:Plan {id: row.id}) SET p.lk = $token"
LOCK_PLAN = "MATCH (p:Plan {id: $id}) SET p.lk = $token"

RECORDS_OF_PLANS = """
UNWIND $rows AS row
MATCH (p:Plan {id: row.id})<-[:ABOUT]-(r:Record)-[:FROM]->(l:Load)
RETURN p.id AS plan, r.id AS id, r.stated AS stated, r.saved_at AS saved_at, l.id AS load, l.started_at AS started_at
"""

SAVE_RECORDS = """
MATCH (l:Load {id: $load})
UNWIND $rows AS row
MATCH (p:Plan {id: row.plan})
MERGE (r:Record {id: row.id})
SET r += row.props
MERGE (r)-[:ABOUT]->(p)
MERGE (r)-[:FROM]->(l)
RETURN l.started_at AS started_at
"""

PLANS_OF_LOAD = """
MATCH (:Load {id: $load})<-[:FROM]-(r:Record {kind: $kind})-[:ABOUT]->(p:Plan)
RETURN DISTINCT p.id AS id ORDER BY id
"""

# The record travels as one message, and the embedded engine stalls on messages above 16 MB.
MAX_STATED = 12_000_000


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """One load's version of a plan. `saved_at` (epoch ms) orders loads that started in one second."""

    id: str
    stated: str
    load_id: str
    started_at: str
    saved_at: int


async def state_plans(plans: Sequence[Plan], load_id: str, tx: Transaction) -> None:
    """Records plans, each once, as what `load_id` states, and makes each what the latest load states.

    Raises GraphNotFound if the load is gone, GraphValueError for a plan that no engine takes in one piece.
    """
    # Locked in their order, so that two writers never wait for each other.
    ordered = sorted(plans, key=lambda plan: plan.id)
    await tx.each(MAKE_PLANS, [{"id": plan.id} for plan in ordered], token=uuid4().hex)
    known = await _records(tx, [plan.id for plan in ordered])
    own = {plan.id: _own(plan, load_id, known.get(plan.id, {})) for plan in ordered}
    rows = [
        {"id": r.id, "plan": key, "props": {"kind": PLAN, "key": key, "stated": r.stated, "saved_at": r.saved_at}}
        for key, r in own.items()
    ]
    saved = await tx.each(SAVE_RECORDS, rows, load=load_id)
    if len(saved) != len(rows):
        await give_up(tx, load_id)
    started_at = saved[0]["started_at"] if saved else ""
    latest = {
        key: _latest(known.get(key, {}) | {record.id: replace(record, started_at=started_at)})
        for key, record in own.items()
    }
    await write_plans(tx, [(_plan(key, record), record.load_id) for key, record in latest.items()])


async def plans_of_load(graph: Graph, load_id: str) -> list[str]:
    """Ids of the plans that a load states a version of."""
    return [row["id"] for row in await graph.read(PLANS_OF_LOAD, load=load_id, kind=PLAN)]


async def withdraw_plan(plan_id: str, load_id: str, tx: Transaction) -> bool:
    """Deletes the version of `load_id`; False if it was the only one and the plan is gone."""
    await tx.run(LOCK_PLAN, id=plan_id, token=uuid4().hex)
    known = (await _records(tx, [plan_id])).get(plan_id, {})
    await drop_records(tx, [record.id for record in known.values() if record.load_id == load_id])
    left = {key: record for key, record in known.items() if record.load_id != load_id}
    if left:
        latest = _latest(left)
        await write_plans(tx, [(_plan(plan_id, latest), latest.load_id)])
    else:
        await remove_plan(tx, plan_id)
    return bool(left)


def _own(plan: Plan, load_id: str, known: Mapping[str, PlanRecord]) -> PlanRecord:
    stated = _stated(plan)
    record_id = stable_id("record", load_id, PLAN, plan.id)
    old = known.get(record_id)
    # A version that is stated again is no newer than it was.
    at = old.saved_at if old is not None and old.stated == stated else _after(known)
    return PlanRecord(record_id, stated, load_id, "", at)


def _latest(records: Mapping[str, PlanRecord]) -> PlanRecord:
    return max(records.values(), key=lambda record: (record.started_at, record.saved_at, record.id))


async def _records(tx: Transaction, plan_ids: Sequence[str]) -> dict[str, dict[str, PlanRecord]]:
    found: dict[str, dict[str, PlanRecord]] = {}
    for row in await tx.each(RECORDS_OF_PLANS, [{"id": plan_id} for plan_id in plan_ids]):
        record = PlanRecord(row["id"], row["stated"], row["load"], row["started_at"], row["saved_at"])
        found.setdefault(row["plan"], {})[row["id"]] = record
    return found


def _after(records: Mapping[str, PlanRecord]) -> int:
    return max([time.time_ns() // 1_000_000, *(record.saved_at + 1 for record in records.values())])


def _stated(plan: Plan) -> str:
    values = properties(plan, ["id", "lines"])
    values["lines"] = [
        properties(line, ["plan_id", "origin"]) | {"row": line.origin.row if line.origin else None}
        for line in sorted(plan.lines, key=lambda line: (line.number, line.id))
    ]
    stated = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if len(stated.encode()) > MAX_STATED:
        raise GraphValueError(
            f"计划“{plan.title}”共 {len(plan.lines)} 行，超过一次保存的上限。请拆分为几个计划。",
            code="graph.plan.too_large",
        )
    return stated


def _plan(plan_id: str, record: PlanRecord) -> Plan:
    values = json.loads(record.stated)
    lines = (_line(plan_id, line, record.load_id) for line in values["lines"])
    return built(Plan, values, id=plan_id, lines=tuple(lines))


def _line(plan_id: str, values: Mapping[str, Any], load_id: str) -> PlanLine:
    origin = Origin(load_id, values["row"]) if values["row"] is not None else None
    return built(PlanLine, values, plan_id=plan_id, origin=origin)
