"""Writes what firms can make (供给能力), inside a transaction that holds the lock on the firms."""

from collections.abc import Sequence

from graph.model import Firm
from graph.rows import properties
from graph.transaction import Transaction

STORED = """
UNWIND $rows AS row
MATCH (:Firm {code: row.code})-[:OFFERS]->(c:Capability)
RETURN c {.*} AS capability
"""

DROP = """
UNWIND $rows AS row
MATCH (c:Capability {id: row.id})
DETACH DELETE c
"""

SAVE = """
UNWIND $rows AS row
MATCH (f:Firm {code: row.firm})
MERGE (c:Capability {id: row.id})
SET c += row.props
MERGE (f)-[:OFFERS]->(c)
"""


async def write_capabilities(tx: Transaction, added: Sequence[Firm], changed: Sequence[Firm]) -> None:
    """Makes the capabilities of these firms exactly what they are given with.

    A second source often changes a firm and none of its capabilities, and reading costs a fraction of
    writing: those of a changed firm are compared first.
    """
    rows = await tx.each(STORED, [{"code": firm.code} for firm in changed])
    stored = {row["capability"]["id"]: row["capability"] for row in rows}
    kept = {capability.id for firm in changed for capability in firm.capabilities}
    await tx.each(DROP, [{"id": key} for key in sorted(stored.keys() - kept)])
    given = [
        {"firm": firm.code, "id": capability.id, "props": props}
        for firm in (*added, *changed)
        for capability in firm.capabilities
        for props in (properties(capability, ["firm_code"]),)
        if stored.get(capability.id) != {name: value for name, value in props.items() if value is not None}
    ]
    await tx.each(SAVE, given)
