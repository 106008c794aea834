"""Where capabilities and plan lines belong in the chains (环节归属).

A person's word stands: what is confirmed is neither replaced nor lowered by what the matcher infers later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.connection import Graph
from graph.errors import GraphNotFound
from graph.model import Fit, FitHow
from graph.transaction import Transaction
from graph.values import batches

# Its SET also takes the lock of the capabilities, so that of two replacements of one the later stands alone.
MARK_CAPABILITIES = """
UNWIND $rows AS row
MATCH (c:Capability {id: row.id})
SET c.placed_by = $version
"""

UNPLACED_CAPABILITIES = """
MATCH (c:Capability)
WHERE coalesce(c.placed_by, '') <> $version
RETURN c.id AS id ORDER BY id
"""

DROP_FITS = """
UNWIND $rows AS row
MATCH (:Capability {id: row.id})-[r:FITS]->(:Link)
WHERE r.how <> 'confirmed'
DELETE r
"""

SAVE_FITS = """
UNWIND $rows AS row
MATCH (c:Capability {id: row.id})
MATCH (l:Link {code: row.link})
MERGE (c)-[r:FITS]->(l)
ON CREATE SET r.score = row.score, r.how = row.how
"""

CONFIRM = """
MATCH (c:Capability {id: $id})
MATCH (l:Link {code: $link})
MERGE (c)-[r:FITS]->(l)
SET r.score = 1.0, r.how = 'confirmed'
RETURN c.id AS id
"""

FITS = """
MATCH (c:Capability)-[r:FITS]->(:Link {code: $link})
RETURN c.id AS id, $link AS link, r.score AS score, r.how AS how ORDER BY score DESC, id
"""

FITS_OF_FIRM = """
MATCH (:Firm {code: $firm})-[:OFFERS]->(c:Capability)-[r:FITS]->(l:Link)
RETURN c.id AS id, l.code AS link, r.score AS score, r.how AS how ORDER BY score DESC, id, link
"""

FIRMS_BY_LINK = """
MATCH (:Chain {code: $chain})-[:HAS_LINK]->(l:Link)
OPTIONAL MATCH (l)<-[:FITS]-(:Capability)<-[:OFFERS]-(f:Firm)
WITH l.code AS link, coalesce(f.tier, '') AS tier, count(DISTINCT f) AS firms
RETURN link, tier, firms ORDER BY link, tier
"""

MARK_LINES = """
UNWIND $rows AS row
MATCH (l:PlanLine {id: row.id})
SET l.placed_by = $version
"""

UNPLACED_LINES = """
MATCH (l:PlanLine)
WHERE coalesce(l.placed_by, '') <> $version
RETURN l.id AS id ORDER BY id
"""

DROP_NEEDS = """
UNWIND $rows AS row
MATCH (:PlanLine {id: row.id})-[r:NEEDS]->(:Link)
DELETE r
"""

SAVE_NEEDS = """
UNWIND $rows AS row
MATCH (p:PlanLine {id: row.id})
MATCH (l:Link {code: row.link})
MERGE (p)-[r:NEEDS]->(l)
SET r.score = row.score
"""

NEEDS_OF_PLAN = """
MATCH (:Plan {id: $plan})-[:HAS_LINE]->(p:PlanLine)-[r:NEEDS]->(l:Link)
RETURN p.id AS id, l.code AS link, r.score AS score ORDER BY p.number, id, score DESC, link
"""


@dataclass(frozen=True, slots=True)
class LinkFirms:
    """How many firms have a capability on a link, and how many of them of each tier ("" for none)."""

    firms: int
    by_tier: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Need:
    """A plan line placed on a link; `score` is the calibrated probability that it belongs there."""

    line_id: str
    link_code: str
    score: float


class PlacementRepository:
    """Capabilities and plan lines on links."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def unplaced(self, version: str) -> list[str]:
        """The capabilities that `version` of the matcher and of the map has not placed yet, ordered by id."""
        rows = await self._graph.read(UNPLACED_CAPABILITIES, version=version, deadline=120.0)
        return [row["id"] for row in rows]

    async def unplaced_lines(self, version: str) -> list[str]:
        """The plan lines that `version` has not placed yet, ordered by id."""
        return [row["id"] for row in await self._graph.read(UNPLACED_LINES, version=version, deadline=120.0)]

    async def replace(self, capability_ids: Sequence[str], fits: Sequence[Fit], version: str = "") -> None:
        """Makes `fits` the only places of these capabilities, beside those that people confirmed.

        `version` is kept with them, for `unplaced`.
        Capabilities and links that vanished meanwhile are skipped. Raises ValueError for a fit of a
        capability that is not in `capability_ids`.
        """
        if strays := {fit.capability_id for fit in fits} - set(capability_ids):
            raise ValueError(f"fits of capabilities that are not replaced: {sorted(strays)}")
        rows = [
            {"id": fit.capability_id, "link": fit.link_code, "score": float(fit.score), "how": fit.how.value}
            for fit in fits
        ]
        await self._replace(capability_ids, rows, (MARK_CAPABILITIES, DROP_FITS, SAVE_FITS), version)

    async def confirm(self, capability_id: str, link_code: str) -> None:
        """A person says that a capability belongs on a link. Raises GraphNotFound if one of them is gone."""
        if not await self._graph.write(CONFIRM, upsert=True, id=capability_id, link=link_code):
            raise GraphNotFound(
                f"供给能力 {capability_id} 或环节 {link_code} 不存在。请刷新后重试。", code="graph.placement.unknown"
            )

    async def of_link(self, link_code: str) -> list[Fit]:
        """The capabilities on one link, the best first."""
        return [_fit(row) for row in await self._graph.read(FITS, link=link_code)]

    async def of_firm(self, firm_code: str) -> list[Fit]:
        """The places of one firm's capabilities, the best first."""
        return [_fit(row) for row in await self._graph.read(FITS_OF_FIRM, firm=firm_code)]

    async def firms_by_link(self, chain_code: str) -> dict[str, LinkFirms]:
        """By link of a chain, ordered by code: how many firms are on it, also where there is none."""
        tiers: dict[str, dict[str, int]] = {}
        for row in await self._graph.read(FIRMS_BY_LINK, chain=chain_code, deadline=120.0):
            of_link = tiers.setdefault(row["link"], {})
            if row["firms"]:
                of_link[row["tier"]] = row["firms"]
        return {link: LinkFirms(sum(of_link.values()), of_link) for link, of_link in tiers.items()}

    async def place_lines(self, line_ids: Sequence[str], needs: Sequence[Need], version: str = "") -> None:
        """Makes `needs` the only places of these lines; `version` is kept with them, for `unplaced_lines`."""
        rows = [{"id": need.line_id, "link": need.link_code, "score": float(need.score)} for need in needs]
        await self._replace(line_ids, rows, (MARK_LINES, DROP_NEEDS, SAVE_NEEDS), version)

    async def needs_of_plan(self, plan_id: str) -> list[Need]:
        """The places of a plan's lines, in the order of the plan, the best of each line first."""
        rows = await self._graph.read(NEEDS_OF_PLAN, plan=plan_id)
        return [Need(row["id"], row["link"], row["score"]) for row in rows]

    async def _replace(
        self, ids: Sequence[str], rows: Sequence[Mapping[str, Any]], statements: tuple[str, str, str], version: str
    ) -> None:
        of_id: dict[str, list[Mapping[str, Any]]] = {key: [] for key in sorted(set(ids))}
        for row in rows:
            of_id[row["id"]].append(row)
        mark, drop, save = statements
        for batch in batches({"id": key} for key in of_id):
            kept = [row for held in batch for row in of_id[held["id"]]]

            async def work(tx: Transaction, batch: Any = batch, kept: Any = kept) -> None:
                await tx.each(mark, batch, version=version)
                await tx.each(drop, batch)
                await tx.each(save, kept)

            await self._graph.transact(work, upsert=True, deadline=120.0)


def _fit(row: Mapping[str, Any]) -> Fit:
    return Fit(row["id"], row["link"], row["score"], FitHow(row["how"]))
