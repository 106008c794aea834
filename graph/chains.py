"""Clusters, chains and their links (集群、产业链、环节)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graph.catalogue import JOIN_CLASSES, LEAVE_CLASSES, classes_of
from graph.connection import Graph
from graph.errors import GraphNotFound
from graph.members import join_members
from graph.model import Chain, Cluster, Link
from graph.provenance import source_of
from graph.rows import built, properties
from graph.transaction import Transaction

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
MATCH (:Chain {code: row.code})<-[r:HAS_CHAIN]-(k:Cluster)
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
MATCH (:Link {code: row.code})<-[r:HAS_LINK]-(c:Chain)
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

STATE_CLUSTERS = """
MATCH (o:Load {id: $load})
UNWIND $rows AS row
MATCH (n:Cluster {code: row.code})
MERGE (n)-[:FROM]->(o)
"""

STATE_CHAINS = """
MATCH (o:Load {id: $load})
UNWIND $rows AS row
MATCH (n:Chain {code: row.code})
MERGE (n)-[:FROM]->(o)
"""

STATE_LINKS = """
MATCH (o:Load {id: $load})
UNWIND $rows AS row
MATCH (n:Link {code: row.code})
MERGE (n)-[:FROM]->(o)
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
MATCH (c:Chain)-[:HAS_LINK]->(l:Link)
WHERE $chain IS NULL OR c.code = $chain
RETURN l {.*} AS link, c.code AS chain, [(l)-[:FEEDS]->(t:Link) | t.code] AS feeds
ORDER BY l.code
"""

LINK = """
MATCH (c:Chain)-[:HAS_LINK]->(l:Link {code: $code})
RETURN l {.*} AS link, c.code AS chain, [(l)-[:FEEDS]->(t:Link) | t.code] AS feeds
"""


class ChainRepository:
    """The map of the industry: clusters have chains, chains have links, links feed links.

    Where a save is given the load that it is read from, undoing that load removes what no other load states.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def save_clusters(self, clusters: Sequence[Cluster], load_id: str | None = None) -> None:
        """Adds or renews clusters."""
        rows = [{"code": c.code, "props": properties(c)} for c in clusters]
        await self._save([SAVE_CLUSTERS], STATE_CLUSTERS, rows, load_id)

    async def save_chains(self, chains: Sequence[Chain], load_id: str | None = None) -> None:
        """Adds or renews chains. Raises GraphNotFound for a cluster that is not saved."""
        await self._require(KNOWN_CLUSTERS, (c.cluster_code for c in chains), "集群")
        rows = [{"code": c.code, "parent": c.cluster_code, "props": properties(c, ["cluster_code"])} for c in chains]
        await self._save([SAVE_CHAINS, LEAVE_OTHER_CLUSTERS], STATE_CHAINS, rows, load_id)
        await join_members(self._graph, {c.code for c in chains})

    async def save_links(self, links: Sequence[Link], load_id: str | None = None) -> None:
        """Adds or renews links and what they feed, in any order within one call.

        Raises GraphNotFound for a chain, or a fed link outside this call, that is not saved.
        """
        own = {link.code for link in links}
        await self._require(KNOWN_CHAINS, (link.chain_code for link in links), "产业链")
        await self._require(KNOWN_LINKS, (code for link in links for code in link.feeds if code not in own), "环节")
        rows = [_link_row(link) for link in links]
        await self._save([SAVE_LINKS, LEAVE_OTHER_CHAINS, DROP_FEEDS], STATE_LINKS, rows, load_id)
        feeds = [{"code": link.code, "target": code} for link in links for code in link.feeds]

        async def feed(tx: Transaction) -> None:
            await tx.each(SAVE_FEEDS, feeds)
            await tx.each(LEAVE_CLASSES, rows)
            await tx.each(JOIN_CLASSES, [{"code": row["code"], "class": code} for row in rows for code in row["under"]])

        await self._graph.transact(feed, upsert=True)

    async def clusters(self) -> list[Cluster]:
        """Every cluster, ordered by code."""
        return [built(Cluster, row["cluster"]) for row in await self._graph.read(CLUSTERS)]

    async def chains(self) -> list[Chain]:
        """Every chain, ordered by code."""
        return [built(Chain, row["chain"], cluster_code=row["cluster"]) for row in await self._graph.read(CHAINS)]

    async def links(self, chain_code: str) -> list[Link]:
        """The links of one chain, ordered by code, `feeds` sorted; empty for an unknown chain."""
        return [_link(row) for row in await self._graph.read(LINKS, chain=chain_code)]

    async def all_links(self) -> list[Link]:
        """The links of every chain, ordered by code, `feeds` sorted."""
        return [_link(row) for row in await self._graph.read(LINKS, chain=None)]

    async def link(self, code: str) -> Link | None:
        """One link, or None."""
        rows = await self._graph.read(LINK, code=code)
        return _link(rows[0]) if rows else None

    async def _save(
        self, statements: Sequence[str], state: str, rows: Sequence[Mapping[str, Any]], load_id: str | None
    ) -> None:
        if load_id is not None:
            await source_of(self._graph, load_id)

        async def work(tx: Transaction) -> None:
            for statement in statements:
                await tx.each(statement, rows)
            if load_id is not None:
                await tx.each(state, rows, load=load_id)

        await self._graph.transact(work, upsert=True, deadline=120.0)

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
        "under": classes_of(link),
        "props": properties(link, ["chain_code", "feeds"]),
    }


def _link(row: Mapping[str, Any]) -> Link:
    return built(Link, row["link"], chain_code=row["chain"], feeds=tuple(sorted(row["feeds"])))
