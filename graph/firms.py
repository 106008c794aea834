"""Firms and what they can make (企业与供给能力)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.connection import Graph, Statement
from graph.model import Capability, Firm, Origin
from graph.provenance import require_load
from graph.rows import built, properties
from graph.values import batches

# Written first in the transaction: its SET locks the firms, so that two saves of one firm follow each other.
SAVE_FIRMS = """
UNWIND $rows AS row
MERGE (f:Firm {code: row.code})
SET f += row.props
"""

DROP_CAPABILITIES = """
UNWIND $rows AS row
MATCH (:Firm {code: row.code})-[:OFFERS]->(c:Capability)
WHERE NOT c.id IN row.kept
DETACH DELETE c
"""

SAVE_CAPABILITIES = """
UNWIND $rows AS row
MATCH (f:Firm {code: row.firm})
MERGE (c:Capability {id: row.id})
SET c += row.props
MERGE (f)-[:OFFERS]->(c)
"""

LEAVE_OTHER_DIVISIONS = """
UNWIND $rows AS row
MATCH (:Firm {code: row.code})-[r:LOCATED_IN]->(d:Division)
WHERE d.code <> row.division
DELETE r
"""

# A division that is not saved yet is made by its code alone, so that the order of loads does not matter.
LOCATE = """
UNWIND $rows AS row
MATCH (f:Firm {code: row.code})
MERGE (d:Division {code: row.division})
MERGE (f)-[:LOCATED_IN]->(d)
"""

LEAVE_OTHER_LOADS = """
UNWIND $rows AS row
MATCH (:Firm {code: row.code})-[r:FROM]->(l:Load)
WHERE l.id <> $load
DELETE r
"""

SAVE_ORIGINS = """
MATCH (l:Load {id: $load})
UNWIND $rows AS row
MATCH (f:Firm {code: row.code})
MERGE (f)-[r:FROM]->(l)
SET r.row = row.row
"""

# The plan of a buyer may have been saved before the buyer.
SAVE_POSTED = """
UNWIND $rows AS row
MATCH (p:Plan {buyer_code: row.code})
MATCH (f:Firm {code: row.code})
MERGE (f)-[:POSTED]->(p)
"""

FIRMS_BY_CODE = """
MATCH (f:Firm) WHERE f.code IN $codes
RETURN f {.*} AS firm, [(f)-[:OFFERS]->(c:Capability) | c {.*}] AS capabilities,
  [(f)-[r:FROM]->(l:Load) WHERE r.row IS NOT NULL | {load_id: l.id, row: r.row}] AS origins
ORDER BY f.code
"""

ALL_FIRMS = """
MATCH (f:Firm) WHERE f.division STARTS WITH $area
RETURN f {.*} AS firm, [(f)-[:OFFERS]->(c:Capability) | c {.*}] AS capabilities,
  [(f)-[r:FROM]->(l:Load) WHERE r.row IS NOT NULL | {load_id: l.id, row: r.row}] AS origins
ORDER BY f.code
"""

COUNT_FIRMS = "MATCH (f:Firm) RETURN count(f) AS firms"

TOTALS = """
MATCH (f:Firm)
RETURN count(f) AS firms, count(CASE WHEN f.synthetic THEN 1 END) AS synthetic,
  sum(COUNT { (f)-[:OFFERS]->(:Capability) }) AS capabilities
"""

FIRMS_IN_ONE_TRANSACTION = 1_000


@dataclass(frozen=True, slots=True)
class FirmTotals:
    """How many firms there are, how many of them are invented examples, and all their capabilities."""

    firms: int
    synthetic: int
    capabilities: int


class FirmRepository:
    """Firms with their capabilities."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def save_many(self, firms: Sequence[Firm], load_id: str) -> None:
        """Adds or renews firms as `load_id` states them; repeating it changes nothing.

        A firm's capabilities become exactly the given ones. Firms are written in batches, each all or
        nothing. Raises GraphNotFound if the load was never begun.
        """
        await require_load(self._graph, load_id)
        # Sorted, so that two loads lock common firms in the same order.
        rows = (_firm_row(firm) for firm in sorted(firms, key=lambda firm: firm.code))
        for batch in batches(rows, FIRMS_IN_ONE_TRANSACTION):
            await self._graph.write_all(_save(batch, load_id), upsert=True, deadline=120.0)

    async def get(self, code: str) -> Firm | None:
        """One firm, or None."""
        found = await self.by_codes([code])
        return found[0] if found else None

    async def by_codes(self, codes: Sequence[str]) -> list[Firm]:
        """The firms of these codes that exist, ordered by code, each once."""
        return [_firm(row) for row in await self._graph.read(FIRMS_BY_CODE, codes=sorted(set(codes)))]

    async def all(self, area: str = "") -> list[Firm]:
        """Every firm whose division starts with `area`, ordered by code, capabilities ordered by id."""
        return [_firm(row) for row in await self._graph.read(ALL_FIRMS, area=area, deadline=300.0)]

    async def count(self) -> int:
        """How many firms there are."""
        firms: int = (await self._graph.read(COUNT_FIRMS))[0]["firms"]
        return firms

    async def totals(self) -> FirmTotals:
        """Counts over all firms."""
        return FirmTotals(**(await self._graph.read(TOTALS))[0])


def _firm_row(firm: Firm) -> dict[str, Any]:
    capabilities = [{"firm": firm.code, "id": c.id, "props": properties(c, ["firm_code"])} for c in firm.capabilities]
    return {
        "code": firm.code,
        "division": firm.division,
        "props": properties(firm, ["capabilities", "origin"]),
        "row": firm.origin.row if firm.origin else None,
        "capabilities": capabilities,
    }


def _save(batch: Sequence[Mapping[str, Any]], load_id: str) -> list[Statement]:
    capabilities = [capability for row in batch for capability in row["capabilities"]]
    firms = [{"code": row["code"], "props": row["props"]} for row in batch]
    kept = [{"code": row["code"], "kept": [c["id"] for c in row["capabilities"]]} for row in batch]
    places = [{"code": row["code"], "division": row["division"]} for row in batch]
    origins = [{"code": row["code"], "row": row["row"]} for row in batch]
    return [
        (SAVE_FIRMS, {"rows": firms}),
        (DROP_CAPABILITIES, {"rows": kept}),
        (SAVE_CAPABILITIES, {"rows": capabilities}),
        (LEAVE_OTHER_DIVISIONS, {"rows": places}),
        (LOCATE, {"rows": [place for place in places if place["division"]]}),
        (LEAVE_OTHER_LOADS, {"rows": origins, "load": load_id}),
        (SAVE_ORIGINS, {"rows": origins, "load": load_id}),
        (SAVE_POSTED, {"rows": origins}),
    ]


def _firm(row: Mapping[str, Any]) -> Firm:
    values = row["firm"]
    capabilities = (built(Capability, c, firm_code=values["code"]) for c in row["capabilities"])
    return built(
        Firm,
        values,
        capabilities=tuple(sorted(capabilities, key=lambda c: c.id)),
        origin=Origin(**row["origins"][0]) if row["origins"] else None,
    )
