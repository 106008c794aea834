"""Plans come back as they were saved, and what vanished from a plan is gone with its matches."""

import asyncio
from dataclasses import replace

import pytest

from graph.connection import Graph
from graph.digest import digest, facts_digest
from graph.errors import GraphNotFound, GraphValueError
from graph.firms import FirmRepository
from graph.loads import UndoReport, undo
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


async def test_an_undone_version_of_a_plan_gives_way_to_the_former(graph: Graph) -> None:
    await begin(graph, "old")
    await begin(graph, "new", started_at="2026-11-25T08:00:00Z")
    plans = PlanRepository(graph)
    old, new = a_plan(3, load_id="old"), replace(a_plan(2, load_id="new"), title="修订计划")
    await plans.save(old, "old")
    before = await facts_digest(graph)
    await plans.save(new, "new")
    assert await plans.get("plan-1") == new
    assert await undo(graph, "new") == UndoReport(plans_changed=1)
    assert await plans.get("plan-1") == old
    assert await facts_digest(graph) == before
    assert await undo(graph, "old") == UndoReport(plans_removed=1)
    assert (await plans.all(), await plans.count_lines()) == ([], 0)


async def test_the_version_of_the_load_that_started_last_stands_whichever_is_saved_last(graph: Graph) -> None:
    await begin(graph, "old")
    await begin(graph, "new", started_at="2026-11-25T08:00:00Z")
    plans = PlanRepository(graph)
    old, new = a_plan(3, load_id="old"), a_plan(2, load_id="new")
    await plans.save(new, "new")
    await plans.save(old, "old")
    assert await plans.get("plan-1") == new


async def test_of_loads_that_started_at_once_the_later_version_stands(graph: Graph) -> None:
    await begin(graph, "a", "b")
    plans = PlanRepository(graph)
    first, second = a_plan(3, load_id="b"), a_plan(2, load_id="a")
    await plans.save(first, "b")
    await plans.save(second, "a")
    await plans.save(first, "b")
    assert await plans.get("plan-1") == second


async def test_a_plan_that_no_message_can_take_is_refused_and_says_so(graph: Graph) -> None:
    await begin(graph)
    large = replace(a_plan(1), lines=(replace(a_plan(1).lines[0], spec="长" * 4_000_000),))
    with pytest.raises(GraphValueError, match="拆分") as caught:
        await PlanRepository(graph).save(large, "load-1")
    assert caught.value.code == "graph.plan.too_large"
    assert await PlanRepository(graph).all() == []
