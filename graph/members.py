"""Firms that are in a chain (链上企业), found again when the chain is saved after them."""

from collections.abc import Set

from graph.connection import Graph
from graph.model import Firm
from graph.rows import built
from graph.transaction import Transaction

# A chain that is not saved yet has no edges: the firm's own property is what was stated.
WITH_MEMBERSHIPS = """
MATCH (f:Firm)
WHERE size(f.memberships) > 0
RETURN f.code AS code, f.name AS name, f.synthetic AS synthetic, f.memberships AS memberships ORDER BY code
"""

JOIN_CHAINS = """
UNWIND $rows AS row
MATCH (f:Firm {code: row.firm})
MATCH (c:Chain {code: row.chain})
MERGE (f)-[:MEMBER_OF {role: row.role}]->(c)
"""


def membership_rows(firm: Firm) -> list[dict[str, str]]:
    """What `JOIN_CHAINS` needs to know of a firm."""
    return [
        {"firm": firm.code, "chain": membership.chain_code, "role": membership.role.value}
        for membership in firm.memberships
    ]


async def join_members(graph: Graph, chains: Set[str]) -> None:
    """Connects firms that were saved before these chains."""
    firms = [built(Firm, row) for row in await graph.read(WITH_MEMBERSHIPS, deadline=120.0)]
    rows = [row for firm in firms for row in membership_rows(firm) if row["chain"] in chains]

    async def work(tx: Transaction) -> None:
        await tx.each(JOIN_CHAINS, rows)

    if rows:
        await graph.transact(work, upsert=True, deadline=120.0)
