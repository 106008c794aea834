"""The digest says the same of the same facts on every engine, and something else of any other facts."""

import random
from dataclasses import replace

from graph.catalogue import CatalogueRepository
from graph.chains import ChainRepository
from graph.connection import Graph
from graph.digest import digest
from graph.divisions import Division, DivisionRepository
from graph.firms import FirmRepository
from graph.identity import IdentityRepository, Question
from graph.matches import MatchRepository
from graph.plans import PlanRepository
from graph.products import ProductRepository
from graph.provenance import ProvenanceRepository
from tests.graph.build import CHAINS, CLUSTERS, ENTRIES, LINKS, PRODUCTS, a_firm, a_match, a_plan, begin

FIRMS = [a_firm(n) for n in range(30)]
PLANS = [a_plan(5, plan_id=f"plan-{n}", buyer=f"firm-{n:04}") for n in range(4)]


async def load_everything(graph: Graph, seed: int, started_at: str = "2026-11-24T17:30:00Z") -> None:
    """The same facts, their steps and rows in an order that depends on `seed`."""
    shuffle = random.Random(seed)
    await begin(graph, started_at=started_at)

    async def firms() -> None:
        shuffled = shuffle.sample(FIRMS, len(FIRMS))
        await FirmRepository(graph).save_many(shuffled[:17], "load-1")
        await FirmRepository(graph).save_many(shuffled[17:], "load-1")

    async def plans() -> None:
        for plan in shuffle.sample(PLANS, len(PLANS)):
            lines = tuple(shuffle.sample(plan.lines, len(plan.lines)))
            await PlanRepository(graph).save(replace(plan, lines=lines), "load-1")

    async def chains() -> None:
        await ChainRepository(graph).save_clusters(CLUSTERS)
        await ChainRepository(graph).save_chains(shuffle.sample(CHAINS, len(CHAINS)))
        await ChainRepository(graph).save_links(shuffle.sample(LINKS, len(LINKS)))
        await ProductRepository(graph).save_many(shuffle.sample(PRODUCTS, len(PRODUCTS)))

    async def catalogue() -> None:
        await CatalogueRepository(graph).save_many(shuffle.sample(ENTRIES, len(ENTRIES)), "load-1")

    async def divisions() -> None:
        places = [Division("32", "江苏省"), Division("3204", "常州市", "32"), Division("320412", "武进区", "3204")]
        await DivisionRepository(graph).save_many(shuffle.sample(places, len(places)))

    for step in shuffle.sample([firms, plans, chains, catalogue, divisions], 5):
        await step()
    lines = [line.id for plan in PLANS for line in plan.lines]
    matches = [a_match(line, firm, firm) for line in lines for firm in (1, 2)]
    await MatchRepository(graph).replace(shuffle.sample(lines, len(lines)), shuffle.sample(matches, len(matches)))
    await IdentityRepository(graph).ask([Question.about("firm-0004", "firm-0005", 0.7, "名称相近")])
    await IdentityRepository(graph).merge("firm-0008", "firm-0009", "tester")
    await ProvenanceRepository(graph).finish_load("load-1", 30, 30, 0)


async def test_both_engines_have_one_digest_of_the_same_facts_in_another_order(
    graph_pair: tuple[Graph, Graph],
) -> None:
    embedded, neo4j = graph_pair
    await load_everything(embedded, 1)
    await load_everything(neo4j, 2, started_at="2026-11-25T08:00:00Z")
    found = await digest(embedded)
    assert found == await digest(neo4j)
    assert found.nodes["Firm"] == 29
    assert found.nodes["PlanLine"] == 20
    assert found.relationships["HAS_MATCH"] == 40
    assert all(found.nodes.values())


async def test_both_engines_answer_alike(graph_pair: tuple[Graph, Graph]) -> None:
    for seed, graph in enumerate(graph_pair):
        await load_everything(graph, seed)
    embedded, neo4j = graph_pair
    assert await FirmRepository(embedded).all() == await FirmRepository(neo4j).all()
    assert await PlanRepository(embedded).all() == await PlanRepository(neo4j).all()
    assert await MatchRepository(embedded).of_plan("plan-1") == await MatchRepository(neo4j).of_plan("plan-1")
    assert await ChainRepository(embedded).links("ch1") == await ChainRepository(neo4j).links("ch1")


async def test_loading_twice_in_another_order_keeps_the_digest(graph: Graph) -> None:
    await load_everything(graph, 3)
    before = await digest(graph)
    await load_everything(graph, 4, started_at="2026-11-25T08:00:00Z")
    assert await digest(graph) == before


async def test_one_other_value_row_or_relationship_is_another_digest(graph: Graph) -> None:
    await load_everything(graph, 5)
    digests = [await digest(graph)]
    for change in (
        "MATCH (c:Capability {id: 'firm-0001-齿轮'}) SET c.capacity = 121.0",
        "MATCH (:PlanLine {id: 'plan-1-1'})-[r:FROM]->(:Load) SET r.row = 77",
        "MATCH (:Firm {code: 'firm-0001'})-[r:LOCATED_IN]->() DELETE r",
        "MATCH (m:Match {id: 'plan-1-1/1'}) DETACH DELETE m",
    ):
        await graph.write(change)
        digests.append(await digest(graph))
    assert len({found.sha256 for found in digests}) == len(digests)
