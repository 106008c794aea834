"""Capabilities and plan lines have places in the chains, and a person's word is never overwritten."""

import pytest

from graph.chains import ChainRepository
from graph.connection import Graph
from graph.digest import digest
from graph.errors import GraphNotFound
from graph.firms import FirmRepository
from graph.identity import IdentityRepository
from graph.model import Capability, Firm, Fit, FitHow
from graph.placements import LinkFirms, Need, PlacementRepository
from graph.plans import PlanRepository
from tests.graph.build import CHAINS, CLUSTERS, LINKS, a_firm, a_plan, begin

GEAR, BEARING = "firm-0001-齿轮", "firm-0001-轴承"


async def prepared(graph: Graph) -> PlacementRepository:
    await begin(graph)
    chains = ChainRepository(graph)
    await chains.save_clusters(CLUSTERS)
    await chains.save_chains(CHAINS)
    await chains.save_links(LINKS)
    await FirmRepository(graph).save_many([a_firm(n) for n in (1, 2, 3)], "load-1")
    return PlacementRepository(graph)


def inferred(capability_id: str, link_code: str, score: float) -> Fit:
    return Fit(capability_id, link_code, score, FitHow.INFERRED)


async def test_capabilities_are_found_by_link_and_by_firm_the_best_first(graph: Graph) -> None:
    placements = await prepared(graph)
    fits = [inferred(GEAR, "l1", 0.9), inferred(GEAR, "l2", 0.4), inferred("firm-0002-齿轮", "l1", 0.95)]
    await placements.replace([GEAR, BEARING, "firm-0002-齿轮"], fits)
    assert await placements.of_link("l1") == [fits[2], fits[0]]
    assert await placements.of_firm("firm-0001") == fits[:2]
    await placements.replace([GEAR], [inferred(GEAR, "l3", 0.5), inferred(GEAR, "nowhere", 0.5)])
    assert await placements.of_firm("firm-0001") == [inferred(GEAR, "l3", 0.5)]
    with pytest.raises(ValueError, match=BEARING):
        await placements.replace([GEAR], [inferred(BEARING, "l1", 0.5)])


async def test_what_a_person_confirmed_stays(graph: Graph) -> None:
    placements = await prepared(graph)
    await placements.replace([GEAR], [inferred(GEAR, "l1", 0.6)])
    await placements.confirm(GEAR, "l1")
    await placements.confirm(GEAR, "l2")
    await placements.replace([GEAR], [inferred(GEAR, "l1", 0.3), inferred(GEAR, "l3", 0.7)])
    confirmed = [Fit(GEAR, link, 1.0, FitHow.CONFIRMED) for link in ("l1", "l2")]
    assert await placements.of_firm("firm-0001") == [*confirmed, inferred(GEAR, "l3", 0.7)]
    with pytest.raises(GraphNotFound):
        await placements.confirm(GEAR, "nowhere")


async def test_places_survive_another_load_of_the_same_firm(graph: Graph) -> None:
    placements = await prepared(graph)
    await placements.confirm(GEAR, "l1")
    await FirmRepository(graph).save_many([a_firm(1, ["齿轮", "丝杠"])], "load-1")
    assert await placements.of_firm("firm-0001") == [Fit(GEAR, "l1", 1.0, FitHow.CONFIRMED)]


async def test_firms_are_counted_once_a_link_and_by_tier(graph: Graph) -> None:
    placements = await prepared(graph)
    ids = [f"firm-000{n}-{product}" for n in (1, 2, 3) for product in ("齿轮", "轴承")]
    await placements.replace(ids, [inferred(key, "l1", 0.9) for key in ids])
    assert await placements.firms_by_link("ch1") == {
        "l1": LinkFirms(3, {"": 1, "专精特新": 2}),
        "l2": LinkFirms(0, {}),
    }
    assert await placements.firms_by_link("unknown") == {}


async def test_lines_have_the_places_that_were_given_last(graph: Graph) -> None:
    placements = await prepared(graph)
    await PlanRepository(graph).save(a_plan(), "load-1")
    first = [Need("plan-1-2", "l1", 0.9), Need("plan-1-1", "l1", 0.4), Need("plan-1-1", "l2", 0.8)]
    await placements.place_lines(["plan-1-1", "plan-1-2"], first)
    await placements.place_lines(["plan-1-2", "gone"], [Need("plan-1-2", "l3", 0.7), Need("gone", "l1", 0.9)])
    assert await placements.needs_of_plan("plan-1") == [
        Need("plan-1-1", "l2", 0.8),
        Need("plan-1-1", "l1", 0.4),
        Need("plan-1-2", "l3", 0.7),
    ]


async def test_what_a_version_has_not_placed_yet_is_named_until_it_has(graph: Graph) -> None:
    placements = await prepared(graph)
    await PlanRepository(graph).save(a_plan(), "load-1")
    others = set(await placements.unplaced("v1")) - {GEAR, BEARING}
    await placements.replace([GEAR], [Fit(GEAR, "l1", 0.9, FitHow.INFERRED)], "v1")
    await placements.place_lines(["plan-1-1"], [], "v1")
    assert set(await placements.unplaced("v1")) == {BEARING, *others}
    assert await placements.unplaced_lines("v1") == ["plan-1-2", "plan-1-3"]
    assert set(await placements.unplaced("v2")) == {GEAR, BEARING, *others}


async def test_places_move_with_a_merged_firm_and_come_back(graph: Graph) -> None:
    placements = await prepared(graph)
    own = [Firm(code, "示例", "", True, capabilities=(Capability(f"{code}-own", code, "丝杠"),)) for code in "ab"]
    await FirmRepository(graph).save_many(own, "load-1")
    identity = IdentityRepository(graph)
    await placements.confirm(GEAR, "l1")
    await placements.replace(["a-own", "b-own"], [inferred("a-own", "l2", 0.6), inferred("b-own", "l2", 0.8)])
    before = await digest(graph)
    await identity.merge("firm-0001", "firm-0002", "tester")
    assert [fit.how for fit in await placements.of_firm("firm-0002")] == [FitHow.CONFIRMED]
    await identity.merge("a", "b", "tester")
    await identity.unmerge("a")
    await identity.unmerge("firm-0001")
    assert await digest(graph) == before
