"""The map of the industry: links with products and classes, whichever is saved first, and gone with their load."""

from dataclasses import replace

import pytest

from graph.catalogue import CatalogueRepository
from graph.chains import ChainRepository
from graph.connection import Graph
from graph.digest import digest
from graph.errors import GraphNotFound
from graph.firms import FirmRepository
from graph.loads import UndoReport, undo
from graph.model import CatalogueEntry, ChainRole, Link, Membership, Product
from graph.products import ProductRepository
from tests.graph.build import CHAINS, CLUSTERS, ENTRIES, LINKS, PRODUCTS, a_firm, begin

FULL = replace(
    LINKS[0],
    kind="材料",
    processes=("铸造",),
    certificates=("ISO 9001",),
    tax_codes=("1090404",),
    classes=("C3821",),
    loops=("l2",),
)


async def save_chains(graph: Graph, load_id: str | None = None) -> ChainRepository:
    chains = ChainRepository(graph)
    await chains.save_clusters(CLUSTERS, load_id)
    await chains.save_chains(CHAINS, load_id)
    await chains.save_links([FULL, *LINKS[1:]], load_id)
    return chains


async def under(graph: Graph) -> list[str]:
    rows = await graph.read("MATCH (:Link)-[:UNDER]->(c:Class) RETURN c.code AS code ORDER BY code")
    return [row["code"] for row in rows]


async def test_a_link_comes_back_with_all_that_is_known_of_it(graph: Graph) -> None:
    chains = await save_chains(graph)
    assert await chains.link("l1") == FULL
    assert await chains.link("unknown") is None
    assert await chains.all_links() == [FULL, *LINKS[1:]]


@pytest.mark.parametrize("catalogue_first", [True, False])
async def test_links_fall_under_their_classes_whichever_was_saved_first(graph: Graph, catalogue_first: bool) -> None:
    await begin(graph)
    catalogue = CatalogueRepository(graph)
    if catalogue_first:
        await catalogue.save_many(ENTRIES, "load-1")
    chains = await save_chains(graph)
    if not catalogue_first:
        await catalogue.save_many(ENTRIES[::-1], "load-1")
    assert await under(graph) == ["gb4754:C3821", "tax:1090404"]
    assert await catalogue.by_code("tax:1090404") == ENTRIES[0]
    assert await catalogue.by_code("tax:unknown") is None
    assert (await catalogue.count("tax"), await catalogue.count("gpc")) == (2, 0)
    await chains.save_links([replace(FULL, classes=())])
    assert await under(graph) == ["tax:1090404"]


async def test_an_entry_of_a_load_that_was_never_begun_is_refused(graph: Graph) -> None:
    with pytest.raises(GraphNotFound):
        await CatalogueRepository(graph).save_many([CatalogueEntry("tax:1", "tax", "货物")], "load-1")


async def test_products_come_back_by_link_and_by_chain(graph: Graph) -> None:
    await save_chains(graph)
    products = ProductRepository(graph)
    await products.save_many(PRODUCTS[::-1])
    before = await digest(graph)
    await products.save_many(PRODUCTS)
    assert await digest(graph) == before
    assert await products.all() == PRODUCTS
    assert await products.of_link("l1") == PRODUCTS[:2]
    assert await products.of_chain("ch2") == PRODUCTS[2:]


async def test_a_product_that_vanished_from_its_link_is_gone_and_one_that_moved_is_in_one_place(graph: Graph) -> None:
    await save_chains(graph)
    products = ProductRepository(graph)
    await products.save_many(PRODUCTS)
    moved = replace(PRODUCTS[0], link_code="l2")
    await products.save_many([moved, PRODUCTS[1]])
    assert await products.of_link("l1") == [PRODUCTS[1]]
    assert await products.of_link("l2") == [moved]
    await products.save_many([replace(PRODUCTS[1], code="p9")])
    assert [product.code for product in await products.all()] == ["p1", "p3", "p9"]
    with pytest.raises(GraphNotFound, match="nowhere"):
        await products.save_many([Product("p4", "齿轮", "nowhere")])


@pytest.mark.parametrize("chain_first", [True, False])
async def test_firms_are_members_of_chains_whichever_was_saved_first(graph: Graph, chain_first: bool) -> None:
    await begin(graph)
    if chain_first:
        await save_chains(graph)
    member = replace(a_firm(1), memberships=(Membership("ch1", ChainRole.LEAD), Membership("ch2", ChainRole.MEMBER)))
    await FirmRepository(graph).save_many([member, a_firm(2)], "load-1")
    if not chain_first:
        await save_chains(graph)
    rows = await graph.read("MATCH (:Firm)-[r:MEMBER_OF]->(c:Chain) RETURN c.code AS c, r.role AS role ORDER BY c")
    assert [(row["c"], row["role"]) for row in rows] == [("ch1", "lead"), ("ch2", "member")]
    assert await FirmRepository(graph).get("firm-0001") == member


async def test_an_undone_map_is_gone_but_for_what_another_load_states(graph: Graph) -> None:
    await begin(graph, "load-1", "load-2", "load-3")
    before = await digest(graph)
    await begin(graph, "load-4")
    await save_chains(graph, "load-4")
    await ProductRepository(graph).save_many(PRODUCTS, "load-4")
    await CatalogueRepository(graph).save_many(ENTRIES, "load-4")
    assert await undo(graph, "load-4") == UndoReport(map_removed=12)
    assert await digest(graph) == before
    await save_chains(graph, "load-1")
    await save_chains(graph, "load-2")
    await save_chains(graph)
    assert await undo(graph, "load-1") == UndoReport()
    assert len(await ChainRepository(graph).all_links()) == 3
    with pytest.raises(GraphNotFound):
        await ChainRepository(graph).save_links([Link("l4", "刀库", "ch1", "中游")], "load-1")
