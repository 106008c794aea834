"""What one row of one file stated about a firm (登记): the facts as they came, before they are brought together.

ADR: a firm in the graph is a projection of its records (see graph.fold). Loading a file again, undoing a
load, merging two firms and taking that back only add, delete or move records and project anew, so none of
them can leave a trace of what is no longer stated. A record keeps the code that its file led to as `key`
wherever it is moved.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from graph.errors import GraphNotFound
from graph.model import Capability, Firm, Origin, stable_id
from graph.rows import built, properties
from graph.transaction import Transaction, TryAgain

FIRM = "firm"
PLAN = "plan"

RECORDS_OF_FIRMS = """
UNWIND $rows AS row
MATCH (f:Firm {code: row.code})<-[:ABOUT]-(r:Record)-[:FROM]->(l:Load)-[:OF_SOURCE]->(s:Source)
RETURN f.code AS firm, r.id AS id, r.stated AS stated, r.key AS key, r.row AS row, l.id AS load, s.id AS source
"""

SAVE_RECORDS = """
MATCH (l:Load {id: $load})
UNWIND $rows AS row
MATCH (f:Firm {code: row.firm})
MERGE (r:Record {id: row.id})
SET r += row.props
MERGE (r)-[:ABOUT]->(f)
MERGE (r)-[:FROM]->(l)
RETURN count(r) AS saved
"""

LOAD_EXISTS = "MATCH (l:Load {id: $load}) RETURN l.id AS id"

MOVE_RECORDS = """
UNWIND $rows AS row
MATCH (r:Record {id: row.id})-[old:ABOUT]->(:Firm)
DELETE old
WITH r, row
MATCH (f:Firm {code: row.firm})
MERGE (r)-[:ABOUT]->(f)
"""

DROP_RECORDS = """
UNWIND $rows AS row
MATCH (r:Record {id: row.id})
DETACH DELETE r
"""


@dataclass(frozen=True, slots=True)
class FirmRecord:
    """One statement about a firm; `firm.code` is the key that its file led to."""

    id: str
    firm: Firm
    load_id: str
    source_id: str


def records_of(firms: Sequence[Firm], load_id: str, source_id: str) -> list[FirmRecord]:
    """The records that these firms, each with its origin, are.

    One row of one load states one thing about one key, so reading it again replaces what it stated. Where a
    row number comes more than once with the same key (it was counted on two sheets), each is a record.
    """
    found: dict[tuple[str, ...], list[Firm]] = {}
    for firm in firms:
        row = str(firm.origin.row) if firm.origin else ""
        ordered = replace(firm, capabilities=tuple(sorted(firm.capabilities, key=lambda c: c.id)))
        same = found.setdefault((load_id, FIRM, firm.code, row), [])
        if ordered not in same:
            same.append(ordered)
    return [
        FirmRecord(stable_id("record", *key, *([str(n)] if n else [])), firm, load_id, source_id)
        for key, same in found.items()
        for n, firm in enumerate(sorted(same, key=stated_json) if len(same) > 1 else same)
    ]


def stated_json(firm: Firm) -> str:
    """The facts of a firm as canonical JSON, without its code and origin; unknown values are left out."""
    values = _known(properties(firm, ["code", "capabilities", "origin"]))
    values["capabilities"] = [_known(properties(capability)) for capability in firm.capabilities]
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


async def read_records(tx: Transaction, codes: Iterable[str]) -> dict[str, dict[str, FirmRecord]]:
    """By firm and record id: the records about these firms."""
    found: dict[str, dict[str, FirmRecord]] = {}
    for row in await tx.each(RECORDS_OF_FIRMS, [{"code": code} for code in codes]):
        found.setdefault(row["firm"], {})[row["id"]] = _record(row)
    return found


async def write_records(tx: Transaction, records: Mapping[str, Sequence[FirmRecord]], load_id: str) -> None:
    """Writes records of one load, given by the firm they are about. Raises GraphNotFound if the load is gone."""
    rows = [
        {
            "id": record.id,
            "firm": code,
            "props": {
                "kind": FIRM,
                "key": record.firm.code,
                "stated": stated_json(record.firm),
                "row": record.firm.origin.row if record.firm.origin else None,
            },
        }
        for code, about in records.items()
        for record in about
    ]
    saved = await tx.each(SAVE_RECORDS, rows, load=load_id)
    if sum(row["saved"] for row in saved) != len(rows):
        await give_up(tx, load_id)


async def give_up(tx: Transaction, load_id: str) -> NoReturn:
    """What a save does that wrote fewer or more records than it was given.

    Raises GraphNotFound if the load is gone; else TryAgain, because on the embedded engine a transaction sees both
    the firm or plan that it made and the one that another committed.
    """
    if not await tx.run(LOAD_EXISTS, load=load_id):
        raise unknown_load(load_id)
    raise TryAgain


async def move_records(tx: Transaction, ids: Iterable[str], code: str) -> None:
    """Makes these records say what they say about the firm of `code`, which must exist."""
    await tx.each(MOVE_RECORDS, [{"id": record_id, "firm": code} for record_id in ids])


async def drop_records(tx: Transaction, ids: Iterable[str]) -> None:
    """Deletes records."""
    await tx.each(DROP_RECORDS, [{"id": record_id} for record_id in ids])


def unknown_load(load_id: str) -> GraphNotFound:
    """The error for facts of a load that was never begun, or was undone meanwhile."""
    return GraphNotFound(f"导入批次 {load_id} 不存在。请先开始导入再保存数据。", code="graph.load.unknown")


def _record(row: Mapping[str, Any]) -> FirmRecord:
    values = json.loads(row["stated"])
    firm = built(
        Firm,
        values,
        code=row["key"],
        capabilities=tuple(built(Capability, capability) for capability in values["capabilities"]),
        origin=Origin(row["load"], row["row"]) if row["row"] is not None else None,
    )
    return FirmRecord(row["id"], firm, row["load"], row["source"])


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value != []}
