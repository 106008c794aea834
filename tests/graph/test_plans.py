"""Plans come back as they were saved, and what vanished from a plan is gone with its matches."""

import asyncio
from dataclasses import replace

import pytest

from graph.connection import Graph
from graph.digest import digest
from graph.errors import GraphNotFound
from graph.firms import FirmRepository
from graph.matches import MatchRepository
from graph.model import PlanKind
from graph.plans import PlanRepository
from tests.graph.build import a_firm, a_match, a_plan, begin


async def test_plans_come_back_in_order_with_their_lines(graph: Graph) -> None:
    await begin(graph)
    plans = PlanRepository(graph)
    notice = replace(a_plan(0, plan_id="a-notice"), kind=PlanKind.NOTICE)
    await plans.save(a_plan(12), "load-1")
    await plans.save(notice, "load-1")
    assert await plans.get("plan-1") == a_plan(12)
    assert await plans.all() == [notice, a_plan(12)]
    assert await plans.all(PlanKind.NOTICE) == [notice]
    assert await plans.get("unknown") is None
    assert await plans.count_lines() == 12


async def test_saving_a_plan_again_changes_nothing(graph: Graph) -> None:
    await begin(graph)
    plans = PlanRepository(graph)
    await plans.save(a_plan(), "load-1")
    before = await digest(graph)
    await plans.save(replace(a_plan(), lines=a_plan().lines[::-1]), "load-1")
    assert await digest(graph) == before


async def test_the_buyer_and_its_plan_find_each_other_whichever_came_first(graph: Graph) -> None:
    await begin(graph)
    await FirmRepository(graph).save_many([a_firm(1)], "load-1")
    await PlanRepository(graph).save(a_plan(), "load-1")
    await PlanRepository(graph).save(a_plan(plan_id="plan-2", buyer="firm-0002"), "load-1")
    await FirmRepository(graph).save_many([a_firm(2)], "load-1")
    assert (await digest(graph)).relationships["POSTED"] == 2


async def with_matches(graph: Graph) -> tuple[PlanRepository, MatchRepository]:
    await begin(graph)
    await FirmRepository(graph).save_many([a_firm(n) for n in range(4)], "load-1")
    plans, matches = PlanRepository(graph), MatchRepository(graph)
    await plans.save(a_plan(), "load-1")
    lines = [line.id for line in a_plan().lines]
    await matches.replace(lines, [a_match(line, firm, firm) for line in lines for firm in (1, 2)])
    return plans, matches


async def test_lines_that_vanished_are_gone_with_their_matches(graph: Graph) -> None:
    plans, matches = await with_matches(graph)
    await plans.save(a_plan(2), "load-1")
    assert await plans.get("plan-1") == a_plan(2)
    assert await plans.count_lines() == 2
    assert await matches.count() == 4


async def test_a_line_that_asks_for_something_else_loses_its_matches_and_the_others_keep_theirs(graph: Graph) -> None:
    plans, matches = await with_matches(graph)
    plan = a_plan()
    changed = replace(plan, lines=(replace(plan.lines[0], spec="模数 3"), *plan.lines[1:]))
    await plans.save(changed, "load-1")
    assert await plans.get("plan-1") == changed
    assert list(await matches.of_plan("plan-1")) == ["plan-1-2", "plan-1-3"]


async def test_a_plan_of_a_load_that_was_never_begun_is_refused(graph: Graph) -> None:
    with pytest.raises(GraphNotFound):
        await PlanRepository(graph).save(a_plan(), "load-1")
    assert await PlanRepository(graph).all() == []


async def test_saves_of_one_plan_at_once_leave_one_of_them_whole(graph: Graph) -> None:
    await begin(graph)
    plans = PlanRepository(graph)
    for turn in range(3):
        versions = [replace(a_plan(lines), title=f"计划 {turn}-{lines}") for lines in range(1, 8)]
        await asyncio.gather(*(plans.save(version, "load-1") for version in versions))
        found = await plans.get("plan-1")
        assert found in versions
        assert await plans.count_lines() == len(found.lines)
