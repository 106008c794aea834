"""Products that the links of a chain make (产品), with the words of their trade."""

from collections.abc import Sequence

from graph.connection import Graph
from graph.errors import GraphNotFound
from graph.model import Product
from graph.provenance import source_of
from graph.rows import built, properties
from graph.transaction import Transaction

KNOWN_LINKS = "MATCH (l:Link) WHERE l.code IN $codes RETURN l.code AS code"

# Its SET takes the lock of the links: of two saves of one link's products the later stands alone.
LOCK_LINKS = """
UNWIND $rows AS row
MATCH (l:Link {code: row.code})
SET l.lk = ''
REMOVE l.lk
"""

DROP_VANISHED = """
UNWIND $rows AS row
MATCH (l:Link {code: row.code})
WITH l, row
MATCH (l)-[:MAKES]->(p:Product)
WHERE NOT p.code IN row.kept
DETACH DELETE p
"""

SAVE_PRODUCTS = """
UNWIND $rows AS row
MATCH (l:Link {code: row.link})
MERGE (p:Product {code: row.code})
SET p += row.props
MERGE (l)-[:MAKES]->(p)
"""

HELD = "MATCH (l:Link)-[:MAKES]->(p:Product) RETURN p.code AS code, l.code AS link"

# Asked only for the products that moved: for all of them, an engine that first saw it on an empty map walks every
# link for every product.
LEAVE_LINK = """
UNWIND $rows AS row
MATCH (:Link {code: row.link})-[r:MAKES]->(:Product {code: row.code})
DELETE r
"""

STATE_PRODUCTS = """
MATCH (o:Load {id: $load})
UNWIND $rows AS row
MATCH (p:Product {code: row.code})
MERGE (p)-[:FROM]->(o)
"""

PRODUCTS = """
MATCH (c:Chain)-[:HAS_LINK]->(l:Link)-[:MAKES]->(p:Product)
WHERE ($chain IS NULL OR c.code = $chain) AND ($link IS NULL OR l.code = $link)
RETURN p {.*} AS product, l.code AS link ORDER BY p.code
"""


class ProductRepository:
    """Products by link and by chain."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def save_many(self, products: Sequence[Product], load_id: str | None = None) -> None:
        """Adds or renews products; each link that is named in them makes exactly these afterwards, at once.

        Where the load that they are read from is given, undoing it removes what no other load states. Raises
        GraphNotFound for a link or a load that is not saved.
        """
        made: dict[str, list[str]] = {}
        for product in products:
            made.setdefault(product.link_code, []).append(product.code)
        known = {row["code"] for row in await self._graph.read(KNOWN_LINKS, codes=sorted(made))}
        if missing := sorted(made.keys() - known):
            raise GraphNotFound(f"环节 {'、'.join(missing)} 不存在。请先保存环节。", code="graph.chain.unknown")
        if load_id is not None:
            await source_of(self._graph, load_id)
        links = [{"code": code, "kept": kept} for code, kept in sorted(made.items())]
        rows = [{"code": p.code, "link": p.link_code, "props": properties(p, ["link_code"])} for p in products]
        new_link = {p.code: p.link_code for p in products}

        async def work(tx: Transaction) -> None:
            await tx.each(LOCK_LINKS, links)
            held = [(row["code"], row["link"]) for row in await tx.run(HELD)]
            await tx.each(SAVE_PRODUCTS, rows)
            left = [(code, link) for code, link in held if new_link.get(code, link) != link]
            await tx.each(LEAVE_LINK, [{"code": code, "link": link} for code, link in left])
            await tx.each(DROP_VANISHED, links)
            if load_id is not None:
                await tx.each(STATE_PRODUCTS, rows, load=load_id)

        await self._graph.transact(work, upsert=True, deadline=120.0)

    async def of_link(self, link_code: str) -> list[Product]:
        """The products of one link, ordered by code."""
        return await self._read(None, link_code)

    async def of_chain(self, chain_code: str) -> list[Product]:
        """The products of all links of one chain, ordered by code."""
        return await self._read(chain_code, None)

    async def all(self) -> list[Product]:
        """Every product, ordered by code."""
        return await self._read(None, None)

    async def _read(self, chain: str | None, link: str | None) -> list[Product]:
        rows = await self._graph.read(PRODUCTS, chain=chain, link=link)
        return [built(Product, row["product"], link_code=row["link"]) for row in rows]
