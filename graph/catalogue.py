"""Public catalogues of goods and trades (分类目录), and the links that fall under their entries."""

from collections.abc import Sequence

from graph.connection import Graph
from graph.model import CatalogueEntry, Link
from graph.provenance import source_of
from graph.rows import built, properties
from graph.transaction import Transaction

SAVE_CLASSES = """
MATCH (o:Load {id: $load})
UNWIND $rows AS row
MERGE (c:Class {code: row.code})
SET c += row.props
MERGE (c)-[:FROM]->(o)
"""

# Links that were saved before the entry that they name.
JOIN_LINKS = """
MATCH (l:Link)
UNWIND [c IN coalesce(l.tax_codes, []) | 'tax:' + c] + [c IN coalesce(l.classes, []) | 'gb4754:' + c] AS code
MATCH (c:Class {code: code})
MERGE (l)-[:UNDER]->(c)
"""

LEAVE_CLASSES = """
UNWIND $rows AS row
MATCH (:Link {code: row.code})-[r:UNDER]->(c:Class)
WHERE NOT c.code IN row.under
DELETE r
"""

JOIN_CLASSES = """
UNWIND $rows AS row
MATCH (l:Link {code: row.code})
MATCH (c:Class {code: row.class})
MERGE (l)-[:UNDER]->(c)
"""

BY_CODE = "MATCH (c:Class {code: $code}) RETURN c {.*} AS entry"
COUNT = "MATCH (c:Class {scheme: $scheme}) RETURN count(c) AS entries"


def classes_of(link: Link) -> list[str]:
    """Codes of the entries that a link falls under: goods codes of the tax catalogue, classes of GB/T 4754-2017."""
    return [f"tax:{code}" for code in link.tax_codes] + [f"gb4754:{code}" for code in link.classes]


class CatalogueRepository:
    """Entries of public catalogues."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def save_many(self, entries: Sequence[CatalogueEntry], load_id: str) -> None:
        """Adds or renews entries, in any order and before or after the links; GraphNotFound for an unknown load."""
        await source_of(self._graph, load_id)
        rows = [{"code": entry.code, "props": properties(entry)} for entry in entries]

        async def work(tx: Transaction) -> None:
            await tx.each(SAVE_CLASSES, rows, load=load_id)
            await tx.run(JOIN_LINKS)

        await self._graph.transact(work, upsert=True, deadline=120.0)

    async def by_code(self, code: str) -> CatalogueEntry | None:
        """One entry by `scheme:own code`, or None."""
        rows = await self._graph.read(BY_CODE, code=code)
        return built(CatalogueEntry, rows[0]["entry"]) if rows else None

    async def count(self, scheme: str) -> int:
        """How many entries of one catalogue there are."""
        entries: int = (await self._graph.read(COUNT, scheme=scheme))[0]["entries"]
        return entries
