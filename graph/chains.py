"""Clusters, chains and their links (集群、产业链、环节)."""

from collections.abc import Iterable, Sequence
from typing import Any

from graph.connection import Graph
from graph.errors import GraphNotFound
from graph.model import Chain, Cluster, Link
from graph.rows import built, properties
from graph.values import batches

SAVE_CLUSTERS = """
UNWIND $rows AS row
MERGE (c:Cluster {code: row.code})
SET c += row.props
"""

SAVE_CHAINS = """
UNWIND $rows AS row
MERGE (c:Chain {code: row.code})
SET c += row.props
WITH c, row
MATCH (k:Cluster {code: row.parent})
MERGE (k)-[:HAS_CHAIN]->(c)
"""

LEAVE_OTHER_CLUSTERS = """
UNWIND $rows AS row
MATCH (k:Cluster)-[r:HAS_CHAIN]->(:Chain {code: row.code})
WHERE k.code <> row.parent
DELETE r
"""

SAVE_LINKS = """
UNWIND $rows AS row
MERGE (l:Link {code: row.code})
SET l += row.props
WITH l, row
MATCH (c:Chain {code: row.parent})
MERGE (c)-[:HAS_LINK]->(l)
"""

LEAVE_OTHER_CHAINS = """
UNWIND $rows AS row
MATCH (c:Chain)-[r:HAS_LINK]->(:Link {code: row.code})
WHERE c.code <> row.parent
DELETE r
"""

DROP_FEEDS = """
UNWIND $rows AS row
MATCH (:Link {code: row.code})-[r:FEEDS]->(t:Link)
WHERE NOT t.code IN row.feeds
DELETE r
"""

SAVE_FEEDS = """
UNWIND $rows AS row
MATCH (l:Link {code: row.code})
MATCH (t:Link {code: row.target})
MERGE (l)-[:FEEDS]->(t)
"""

KNOWN_CLUSTERS = "MATCH (n:Cluster) WHERE n.code IN $codes RETURN n.code AS code"
KNOWN_CHAINS = "MATCH (n:Chain) WHERE n.code IN $codes RETURN n.code AS code"
KNOWN_LINKS = "MATCH (n:Link) WHERE n.code IN $codes RETURN n.code AS code"

CLUSTERS = "MATCH (c:Cluster) RETURN c {.*} AS cluster ORDER BY c.code"

CHAINS = """
MATCH (k:Cluster)-[:HAS_CHAIN]->(c:Chain)
RETURN c {.*} AS chain, k.code AS cluster ORDER BY c.code
"""

LINKS = """
MATCH (c:Chain {code: $chain})-[:HAS_LINK]->(l:Link)
RETURN l {.*} AS link, c.code AS chain, [(l)-[:FEEDS]->(t:Link) | t.code] AS feeds
ORDER BY l.code
"""


class ChainRepository:
    """The map of the industry: clusters have chains, chains have links, links feed links."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def save_clusters(self, clusters: Sequence[Cluster]) -> None:
        """Adds or renews clusters."""
        for rows in batches({"code": c.code, "props": properties(c)} for c in clusters):
            await self._graph.write(SAVE_CLUSTERS, upsert=True, rows=rows)

    async def save_chains(self, chains: Sequence[Chain]) -> None:
        """Adds or renews chains. Raises GraphNotFound for a cluster that is not saved."""
        await self._require(KNOWN_CLUSTERS, (c.cluster_code for c in chains), "集群")
        for rows in batches(
            {"code": c.code, "parent": c.cluster_code, "props": properties(c, ["cluster_code"])} for c in chains
        ):
            await self._graph.write_all(
                [(SAVE_CHAINS, {"rows": rows}), (LEAVE_OTHER_CLUSTERS, {"rows": rows})], upsert=True
            )

    async def save_links(self, links: Sequence[Link]) -> None:
        """Adds or renews links and what they feed, in any order within one call.

        Raises GraphNotFound for a chain, or a fed link outside this call, that is not saved.
        """
        own = {link.code for link in links}
        await self._require(KNOWN_CHAINS, (link.chain_code for link in links), "产业链")
        await self._require(KNOWN_LINKS, (code for link in links for code in link.feeds if code not in own), "环节")
        for rows in batches(_link_row(link) for link in links):
            await self._graph.write_all(
                [(SAVE_LINKS, {"rows": rows}), (LEAVE_OTHER_CHAINS, {"rows": rows}), (DROP_FEEDS, {"rows": rows})],
                upsert=True,
            )
        for rows in batches({"code": link.code, "target": code} for link in links for code in link.feeds):
            await self._graph.write(SAVE_FEEDS, upsert=True, rows=rows)

    async def clusters(self) -> list[Cluster]:
        """Every cluster, ordered by code."""
        return [built(Cluster, row["cluster"]) for row in await self._graph.read(CLUSTERS)]

    async def chains(self) -> list[Chain]:
        """Every chain, ordered by code."""
        return [built(Chain, row["chain"], cluster_code=row["cluster"]) for row in await self._graph.read(CHAINS)]

    async def links(self, chain_code: str) -> list[Link]:
        """The links of one chain, ordered by code, `feeds` sorted; empty for an unknown chain."""
        return [
            built(Link, row["link"], chain_code=row["chain"], feeds=tuple(sorted(row["feeds"])))
            for row in await self._graph.read(LINKS, chain=chain_code)
        ]

    async def _require(self, query: str, codes: Iterable[str], kind: str) -> None:
        wanted = set(codes)
        known = {row["code"] for row in await self._graph.read(query, codes=sorted(wanted))}
        if missing := sorted(wanted - known):
            raise GraphNotFound(f"{kind} {'、'.join(missing)} 不存在。请先保存{kind}。", code="graph.chain.unknown")


def _link_row(link: Link) -> dict[str, Any]:
    return {
        "code": link.code,
        "parent": link.chain_code,
        "feeds": list(link.feeds),
        "props": properties(link, ["chain_code", "feeds"]),
    }
