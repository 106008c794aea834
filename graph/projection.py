"""Writes firms as their records state them (投影), inside a transaction that holds the lock on each.

ADR: a firm keeps a hash of its facts as `content`. Where it did not change, nothing but the firm's own
properties is written, so that loading a file again costs little. An edge to a division, chain or plan is
written by whichever of the two ends is saved last; nothing is made only to be pointed at, because it would
remain after an undo.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.capability_writes import write_capabilities
from graph.fold import fold
from graph.members import JOIN_CHAINS, membership_rows
from graph.model import Firm
from graph.records import FirmRecord, stated_json
from graph.rows import properties
from graph.transaction import Transaction, TryAgain

# Its SET takes the lock of the firms: what is read about them afterwards stays true until the commit.
LOCK_FIRMS = """
UNWIND $rows AS row
MATCH (f:Firm {code: row.code})
SET f.lk = $token
RETURN f.code AS code, coalesce(f.content, '') AS content
"""

# Returns firms that another writer made since they were found missing.
SAVE_FIRMS = """
UNWIND $rows AS row
MERGE (f:Firm {code: row.code})
ON CREATE SET f.lk = $token
SET f += row.props
WITH f WHERE f.lk <> $token
RETURN f.code AS code
"""

LEAVE_PLACES = """
UNWIND $rows AS row
MATCH (:Firm {code: row.code})-[r:LOCATED_IN]->(d:Division)
WHERE d.code <> row.division
DELETE r
"""

LOCATE = """
UNWIND $rows AS row
MATCH (f:Firm {code: row.code})
MATCH (d:Division {code: row.division})
MERGE (f)-[:LOCATED_IN]->(d)
"""

LEAVE_CHAINS = """
UNWIND $rows AS row
MATCH (:Firm {code: row.code})-[r:MEMBER_OF]->(:Chain)
DELETE r
"""

LEAVE_PLANS = """
UNWIND $rows AS row
MATCH (:Firm {code: row.code})-[r:POSTED]->(p:Plan)
WHERE NOT p.buyer_code IN row.keys
DELETE r
"""

JOIN_PLANS = """
UNWIND $rows AS row
MATCH (p:Plan {buyer_code: row.key})
MATCH (f:Firm {code: row.code})
MERGE (f)-[:POSTED]->(p)
"""

# A match is an answer about one firm: it goes with the firm.
REMOVE_FIRMS = (
    "UNWIND $rows AS row MATCH (m:Match)-[:OF]->(:Firm {code: row.code}) DETACH DELETE m",
    "UNWIND $rows AS row MATCH (:Firm {code: row.code})-[:OFFERS]->(c:Capability) DETACH DELETE c",
    "UNWIND $rows AS row MATCH (f:Firm {code: row.code}) DETACH DELETE f",
)


@dataclass(frozen=True, slots=True)
class SaveOutcome:
    """Codes of the firms that were not there before, that say something else now, and that say the same."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()

    @classmethod
    def of(cls, parts: Sequence["SaveOutcome"]) -> "SaveOutcome":
        """Several outcomes in one: a firm that was added and then changed was added."""
        added = {code for part in parts for code in part.added}
        changed = {code for part in parts for code in part.changed} - added
        same = {code for part in parts for code in part.same} - changed - added
        return cls(tuple(sorted(added)), tuple(sorted(changed)), tuple(sorted(same)))


async def lock_firms(tx: Transaction, codes: Iterable[str], token: str) -> dict[str, str]:
    """Locks those of the firms that exist; by code the hash of their facts.

    Codes are locked in their order, so that two writers never wait for each other.
    """
    rows = await tx.each(LOCK_FIRMS, [{"code": code} for code in sorted(codes)], token=token)
    return {row["code"]: row["content"] for row in rows}


async def write_firms(
    tx: Transaction, records: Mapping[str, Iterable[FirmRecord]], held: Mapping[str, str], token: str
) -> SaveOutcome:
    """Makes each firm what its records state together; `held` is what `lock_firms` answered for `token`.

    Raises TryAgain where another writer made one of them meanwhile.
    """
    rows = [_row(code, list(about)) for code, about in sorted(records.items())]
    if await tx.each(SAVE_FIRMS, [{"code": row["code"], "props": row["props"]} for row in rows], token=token):
        raise TryAgain
    added = [row for row in rows if row["code"] not in held]
    changed = [row for row in rows if row["content"] != held.get(row["code"], row["content"])]
    places = [{"code": row["code"], "division": row["division"]} for row in changed]
    await tx.each(LEAVE_PLACES, places)
    await tx.each(LEAVE_CHAINS, places)
    await write_capabilities(tx, [row["firm"] for row in added], [row["firm"] for row in changed])
    await _attach(tx, added + changed)
    kept = [{"code": row["code"], "keys": row["keys"]} for row in rows if row["code"] in held]
    await tx.each(LEAVE_PLANS, kept)
    await tx.each(JOIN_PLANS, [{"code": row["code"], "key": key} for row in rows for key in row["keys"]])
    other = {row["code"] for row in added + changed}
    return SaveOutcome(
        tuple(row["code"] for row in added),
        tuple(row["code"] for row in changed),
        tuple(row["code"] for row in rows if row["code"] not in other),
    )


async def remove_firms(tx: Transaction, codes: Iterable[str]) -> None:
    """Deletes firms with their capabilities and their matches."""
    rows = [{"code": code} for code in sorted(codes)]
    for statement in REMOVE_FIRMS:
        await tx.each(statement, rows)


async def _attach(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    firms: list[Firm] = [row["firm"] for row in rows]
    places = [{"code": firm.code, "division": firm.division} for firm in firms if firm.division]
    chains = [row for firm in firms for row in membership_rows(firm)]
    for statement, given in ((LOCATE, places), (JOIN_CHAINS, chains)):
        await tx.each(statement, given)


def _row(code: str, records: Sequence[FirmRecord]) -> dict[str, Any]:
    firm = fold(code, records)
    content = hashlib.sha256(stated_json(firm).encode()).hexdigest()
    origin = firm.origin
    props = properties(firm, ["capabilities", "origin"]) | {
        "content": content,
        "origin_load": origin.load_id if origin else None,
        "origin_row": origin.row if origin else None,
    }
    return {
        "code": code,
        "firm": firm,
        "props": props,
        "content": content,
        "division": firm.division,
        "keys": sorted({code} | {record.firm.code for record in records}),
    }
