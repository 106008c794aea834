"""The matches of a line are replaced as one, and come back with the explanation that is their score."""

import asyncio

import pytest

from graph.connection import Graph
from graph.errors import GraphNotFound
from graph.firms import FirmRepository
from graph.matches import MatchRepository
from graph.plans import PlanRepository
from tests.graph.build import a_firm, a_match, a_plan, begin


async def prepared(graph: Graph) -> MatchRepository:
    await begin(graph)
    await FirmRepository(graph).save_many([a_firm(n) for n in range(10)], "load-1")
    await PlanRepository(graph).save(a_plan(3), "load-1")
    return MatchRepository(graph)


async def test_matches_come_back_best_first_by_line(graph: Graph) -> None:
    matches = await prepared(graph)
    first = [a_match("plan-1-1", firm, rank) for rank, firm in enumerate((5, 3, 7), start=1)]
    third = [a_match("plan-1-3", 4, model="m2")]
    await matches.replace(["plan-1-3", "plan-1-1"], [*first[::-1], *third])
    assert await matches.of_line("plan-1-1") == first
    assert await matches.of_line("plan-1-2") == []
    assert await matches.of_plan("plan-1") == {"plan-1-1": first, "plan-1-3": third}
    assert await matches.versions("plan-1") == {"plan-1-1": ("m1", "index-1"), "plan-1-3": ("m2", "index-1")}
    assert await matches.count() == 4


async def test_new_matches_replace_the_old_ones_of_their_lines_only(graph: Graph) -> None:
    matches = await prepared(graph)
    await matches.replace(["plan-1-1", "plan-1-2"], [a_match("plan-1-1", 1), a_match("plan-1-2", 2)])
    await matches.replace(["plan-1-1"], [a_match("plan-1-1", 3)])
    assert await matches.of_line("plan-1-1") == [a_match("plan-1-1", 3)]
    await matches.replace(["plan-1-1"], [])
    assert await matches.of_plan("plan-1") == {"plan-1-2": [a_match("plan-1-2", 2)]}


async def test_matches_of_a_line_that_vanished_meanwhile_are_skipped(graph: Graph) -> None:
    matches = await prepared(graph)
    await matches.replace(["plan-1-1", "gone"], [a_match("plan-1-1", 1), a_match("gone", 2)])
    assert await matches.count() == 1


async def test_a_match_with_an_unknown_firm_or_a_stray_line_is_refused_and_nothing_changes(graph: Graph) -> None:
    matches = await prepared(graph)
    await matches.replace(["plan-1-1"], [a_match("plan-1-1", 1)])
    with pytest.raises(GraphNotFound, match="firm-0099"):
        await matches.replace(["plan-1-1"], [a_match("plan-1-1", 99)])
    with pytest.raises(ValueError, match="plan-1-2"):
        await matches.replace(["plan-1-1"], [a_match("plan-1-2", 2)])
    assert await matches.of_line("plan-1-1") == [a_match("plan-1-1", 1)]


async def test_of_replacements_at_once_one_stands_alone(graph: Graph) -> None:
    matches = await prepared(graph)
    for _ in range(4):
        versions = [[a_match("plan-1-1", firm), a_match("plan-1-1", firm + 1, 2)] for firm in range(0, 10, 2)]
        await asyncio.gather(*(matches.replace(["plan-1-1"], version) for version in versions))
        assert await matches.of_line("plan-1-1") in versions
        assert await matches.count() == 2


async def test_more_matches_than_one_transaction_takes_are_all_saved(graph: Graph) -> None:
    matches = await prepared(graph)
    await PlanRepository(graph).save(a_plan(300, plan_id="large"), "load-1")
    lines = [line.id for line in a_plan(300, plan_id="large").lines]
    await matches.replace(lines, [a_match(line, firm, firm + 1) for line in lines for firm in range(8)])
    found = await matches.of_plan("large")
    assert [len(of_line) for of_line in found.values()] == [8] * 300
    assert list(found) == lines


async def test_lines_are_counted_by_the_strength_of_their_best_match(graph: Graph) -> None:
    matches = await prepared(graph)
    best = a_match("plan-1-1", 5, 1)
    await matches.replace(["plan-1-1", "plan-1-2"], [best, a_match("plan-1-1", 3, 2), a_match("plan-1-2", 3, 2)])
    assert await matches.lines_with(best.p) == {"plan-1": 1}
    assert await matches.lines_with(1.0) == {}
