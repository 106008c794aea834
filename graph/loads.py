"""Takes a load back (撤销导入): what only it stated goes, what others state too becomes what they state.

ADR: the firms of a load are projected anew in batches, each all or nothing, and the load itself goes last.
So an undo that was killed is finished by running it again. The load counts as running from the start, so
that its file is not taken for loaded meanwhile. Its source stays registered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from graph.connection import Graph
from graph.model import LoadState
from graph.plan_records import plans_of_load, withdraw_plan
from graph.projection import lock_firms, remove_firms, write_firms
from graph.records import FIRM, drop_records, read_records, unknown_load
from graph.transaction import Transaction

REOPEN_LOAD = "MATCH (l:Load {id: $load}) SET l.state = $state RETURN l.id AS id"

FIRMS_OF_LOAD = """
MATCH (:Load {id: $load})<-[:FROM]-(r:Record {kind: $kind})-[:ABOUT]->(f:Firm)
RETURN DISTINCT f.code AS code ORDER BY code
"""

# A question that nobody answered yet is void without one of the two firms.
DROP_QUESTIONS = """
MATCH (q:Question {state: 'open'})
WHERE q.left_code IN $codes OR q.right_code IN $codes
DETACH DELETE q
"""

# Nodes of the map and of the catalogues have no records: they go with the last load that stated them.
DROP_UNSTATED = """
MATCH (:Load {id: $load})<-[:FROM]-(n:Cluster|Chain|Link|Product|Class)
WHERE NOT EXISTS { MATCH (n)-[:FROM]->(o:Load) WHERE o.id <> $load }
WITH collect(n) AS found
FOREACH (n IN found | DETACH DELETE n)
RETURN size(found) AS removed
"""

DROP_ASKED = "MATCH (q:Question {state: 'open', asked_by: $load}) DETACH DELETE q"

DROP_LOAD = "MATCH (l:Load {id: $load}) DETACH DELETE l"

FIRMS_IN_ONE_TRANSACTION = 1_000


@dataclass(frozen=True, slots=True)
class UndoReport:
    """How many of each are gone, and how many became what other loads state of them."""

    firms_removed: int = 0
    firms_changed: int = 0
    plans_removed: int = 0
    plans_changed: int = 0
    map_removed: int = 0


async def undo(graph: Graph, load_id: str) -> UndoReport:
    """Removes a load and all that it alone stated, as if it had never been. Raises GraphNotFound for no such load.

    Matches of a firm that goes are gone with it; those of a plan line that becomes another again too.
    """
    if not await graph.write(REOPEN_LOAD, load=load_id, state=LoadState.RUNNING.value):
        raise unknown_load(load_id)
    removed = changed = 0
    # Asked again, because a firm may be merged into another between the question and its batch.
    while codes := await _firms(graph, load_id):
        for start in range(0, len(codes), FIRMS_IN_ONE_TRANSACTION):
            batch = codes[start : start + FIRMS_IN_ONE_TRANSACTION]
            gone, other = await graph.transact(partial(_withdraw, batch, load_id), upsert=True, deadline=120.0)
            removed += gone
            changed += other
    plans = [
        await graph.transact(partial(withdraw_plan, plan_id, load_id), upsert=True, deadline=120.0)
        for plan_id in await plans_of_load(graph, load_id)
    ]
    await graph.write(DROP_ASKED, load=load_id)
    rows = await graph.write(DROP_UNSTATED, load=load_id, deadline=120.0)
    await graph.write(DROP_LOAD, load=load_id, deadline=120.0)
    return UndoReport(removed, changed, plans.count(False), plans.count(True), rows[0]["removed"])


async def _firms(graph: Graph, load_id: str) -> list[str]:
    return [row["code"] for row in await graph.read(FIRMS_OF_LOAD, load=load_id, kind=FIRM, deadline=120.0)]


async def _withdraw(codes: Sequence[str], load_id: str, tx: Transaction) -> tuple[int, int]:
    token = uuid4().hex
    held = await lock_firms(tx, codes, token)
    stated = await read_records(tx, sorted(held))
    own = {code: [r.id for r in about.values() if r.load_id == load_id] for code, about in stated.items()}
    left = {code: [r for r in about.values() if r.load_id != load_id] for code, about in stated.items()}
    await drop_records(tx, [record_id for code in own for record_id in own[code]])
    gone = [code for code, about in left.items() if not about]
    await remove_firms(tx, gone)
    await tx.run(DROP_QUESTIONS, codes=gone)
    outcome = await write_firms(tx, {code: about for code, about in left.items() if about}, held, token)
    return len(gone), len(outcome.changed)
