"""Gives firms and plans that were saved before records existed the record that they were saved from (迁移).

ADR: such a firm was always what one load stated, so its record can be made of it, and nothing is lost. It is
done once, when the schema gets its records; everything else can then rely on a record for each firm and plan.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

from graph.connection import Graph
from graph.fold import keyed
from graph.model import Capability, Firm, Origin
from graph.plan_records import state_plans
from graph.plans import PlanRepository
from graph.projection import lock_firms, write_firms
from graph.records import FirmRecord, records_of, write_records
from graph.rows import built
from graph.transaction import Transaction
from graph.values import batches

FIRMS_WITHOUT_RECORD = """
MATCH (f:Firm)-[:FROM]->(:Load)
WHERE NOT EXISTS { MATCH (f)<-[:ABOUT]-(:Record) }
RETURN DISTINCT f.code AS code ORDER BY code
"""

FIRMS_AS_THEY_WERE = """
UNWIND $rows AS row
MATCH (f:Firm {code: row.code})-[r:FROM]->(l:Load)-[:OF_SOURCE]->(s:Source)
RETURN f {.*} AS firm, [(f)-[:OFFERS]->(c:Capability) | c {.*}] AS capabilities,
  l.id AS load, r.row AS row, s.id AS source
"""

DROP_ORIGINS = """
UNWIND $rows AS row
MATCH (:Firm {code: row.code})-[r:FROM]->(:Load)
DELETE r
"""

PLANS_WITHOUT_RECORD = """
MATCH (p:Plan)-[:FROM]->(l:Load)
WHERE NOT EXISTS { MATCH (p)<-[:ABOUT]-(:Record) }
RETURN p.id AS id, l.id AS load ORDER BY id
"""

# Divisions that were only made to be pointed at.
DROP_NAMELESS_DIVISIONS = """
MATCH (d:Division)
WHERE d.name IS NULL AND NOT EXISTS { MATCH (:Division)-[:PART_OF]->(d) }
DETACH DELETE d
"""

FIRMS_IN_ONE_TRANSACTION = 1_000


async def adopt_records(graph: Graph) -> None:
    """Adds the missing records; repeating it changes nothing."""
    codes = await graph.read(FIRMS_WITHOUT_RECORD, deadline=300.0)
    for batch in batches(codes, FIRMS_IN_ONE_TRANSACTION):
        await graph.transact(partial(_adopt_firms, batch), upsert=True, deadline=300.0)
    loads = {row["id"]: row["load"] for row in await graph.read(PLANS_WITHOUT_RECORD, deadline=300.0)}
    for plan in await PlanRepository(graph).all() if loads else []:
        if plan.id in loads:
            await graph.transact(partial(state_plans, [plan], loads[plan.id]), upsert=True, deadline=300.0)
    await graph.write(DROP_NAMELESS_DIVISIONS, deadline=300.0)


async def _adopt_firms(codes: Sequence[Mapping[str, Any]], tx: Transaction) -> None:
    token = uuid4().hex
    held = await lock_firms(tx, [row["code"] for row in codes], token)
    stated: dict[str, dict[str, list[FirmRecord]]] = {}
    for row in await tx.each(FIRMS_AS_THEY_WERE, codes):
        (record,) = records_of([_firm(row)], row["load"], row["source"])
        stated.setdefault(row["load"], {}).setdefault(record.firm.code, []).append(record)
    about: dict[str, list[FirmRecord]] = {}
    for load_id, records in stated.items():
        await write_records(tx, records, load_id)
        for code, found in records.items():
            about.setdefault(code, []).extend(found)
    await write_firms(tx, about, held, token)
    await tx.each(DROP_ORIGINS, codes)


def _firm(row: Mapping[str, Any]) -> Firm:
    code = row["firm"]["code"]
    stored = (built(Capability, values, firm_code=code) for values in row["capabilities"])
    return built(
        Firm,
        row["firm"],
        capabilities=tuple(keyed(capability, code) for capability in stored),
        origin=Origin(row["load"], row["row"]) if row["row"] is not None else None,
    )
