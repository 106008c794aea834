"""Two firms can be made one and two again; what people decide stays, and can be decided otherwise."""

import asyncio
import itertools
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.connection import Graph
from graph.digest import digest, facts_digest
from graph.errors import GraphNotFound
from graph.firms import FirmRepository
from graph.identity import IdentityRepository, KnownFirm, Question, QuestionState
from graph.loads import undo
from graph.model import Firm
from graph.plans import PlanRepository
from tests.graph.build import a_firm, a_plan, begin
from tests.graph.statements import CODES, LOADS, begin_one, save, statements
from tests.graph.test_records import prepared

few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def known(graph: Graph) -> list[str]:
    return [firm.code for firm in await IdentityRepository(graph).directory()]


@given(statements, st.permutations(CODES))
@few
async def test_merging_and_unmerging_leaves_all_as_it_was(graph: Graph, stated: list[Firm], order: list[str]) -> None:
    await prepared(graph)
    await save(graph, stated)
    identity = IdentityRepository(graph)
    there = [code for code in order if code in await known(graph)]
    digests = [await digest(graph)]
    pairs = list(itertools.pairwise(there))
    for loser, winner in pairs:
        await identity.merge(loser, winner, "tester")
        digests.append(await digest(graph))
    assert await known(graph) == there[-1:]
    for loser, _ in pairs[::-1]:
        assert await digest(graph) == digests.pop()
        await identity.unmerge(loser)
    assert await digest(graph) == digests.pop()


@given(statements, st.integers(0, 1000))
@few
async def test_a_merge_before_a_load_is_as_good_as_one_after_it(graph: Graph, stated: list[Firm], seed: int) -> None:
    first = replace(stated[0], code=CODES[0])
    second = replace(stated[0], code=CODES[1])
    identity = IdentityRepository(graph)
    found = []
    for late in (False, True):
        await prepared(graph)
        await begin_one(graph, "load-0", "register")
        await FirmRepository(graph).save_many([first, second], "load-0")
        if late:
            await save(graph, stated, seed)
        await identity.merge(CODES[0], CODES[1], "tester")
        if not late:
            await save(graph, stated, seed + 1)
        found.append((await facts_digest(graph), await digest(graph)))
    assert found[0] == found[1]
    await identity.unmerge(CODES[0])
    for load_id in LOADS:
        await undo(graph, load_id)
    assert set(await known(graph)) == {CODES[0], CODES[1]}


async def test_a_merged_firm_offers_what_both_offer_under_its_own_keys(graph: Graph) -> None:
    await begin(graph)
    firms, identity = FirmRepository(graph), IdentityRepository(graph)
    await firms.save_many([a_firm(1, ["齿轮"]), a_firm(2, ["丝杠"])], "load-1")
    await identity.merge("firm-0001", "firm-0002", "tester")
    found = await firms.get("firm-0002")
    assert found is not None
    assert sorted(c.product for c in found.capabilities) == ["丝杠", "齿轮"]
    assert {c.firm_code for c in found.capabilities} == {"firm-0002"}
    assert await firms.get("firm-0001") is None
    assert await identity.aliases() == {"firm-0001": "firm-0002"}
    await firms.save_many([a_firm(1, ["轴承"])], "load-1")
    assert await known(graph) == ["firm-0002"]


async def test_the_plans_of_a_merged_buyer_follow_it_there_and_back(graph: Graph) -> None:
    await begin(graph)
    await FirmRepository(graph).save_many([a_firm(1), a_firm(2)], "load-1")
    await PlanRepository(graph).save(a_plan(buyer="firm-0001"), "load-1")
    identity = IdentityRepository(graph)
    await identity.merge("firm-0001", "firm-0002", "tester")
    await PlanRepository(graph).save(a_plan(buyer="firm-0001", plan_id="plan-2"), "load-1")
    posted = "MATCH (f:Firm)-[:POSTED]->(p:Plan) RETURN f.code AS code, p.id AS plan ORDER BY plan"
    assert [row["code"] for row in await graph.read(posted)] == ["firm-0002", "firm-0002"]
    await identity.unmerge("firm-0001")
    assert [row["code"] for row in await graph.read(posted)] == ["firm-0001", "firm-0001"]


async def test_merges_of_merged_and_of_unknown_firms(graph: Graph) -> None:
    await begin(graph)
    await FirmRepository(graph).save_many([a_firm(n) for n in (1, 2, 3)], "load-1")
    identity = IdentityRepository(graph)
    await identity.merge("firm-0001", "firm-0002", "tester")
    await identity.merge("firm-0002", "firm-0003", "tester")
    before = await digest(graph)
    await identity.merge("firm-0001", "firm-0003", "tester")
    assert await digest(graph) == before
    assert await identity.aliases() == {"firm-0001": "firm-0003", "firm-0002": "firm-0003"}
    for refused in (identity.merge("firm-0003", "nowhere", "tester"), identity.unmerge("firm-0003")):
        with pytest.raises(GraphNotFound):
            await refused
    assert await digest(graph) == before
    await identity.unmerge("firm-0001")
    assert await identity.aliases() == {"firm-0002": "firm-0003"}


async def test_firms_that_are_saved_while_they_are_merged_end_as_one(graph: Graph) -> None:
    await begin(graph)
    firms, identity = FirmRepository(graph), IdentityRepository(graph)
    for _ in range(4):
        await firms.save_many([a_firm(1), a_firm(2)], "load-1")
        await asyncio.gather(
            identity.merge("firm-0001", "firm-0002", "tester"),
            *(firms.save_many([a_firm(1, [f"零件{n}"]), a_firm(2, [f"组件{n}"])], "load-1") for n in range(4)),
        )
        assert await known(graph) == ["firm-0002"]
        await identity.unmerge("firm-0001")
        assert await known(graph) == ["firm-0001", "firm-0002"]
        found = await firms.get("firm-0001")
        assert found is not None
        assert len(found.capabilities) == 1


QUESTION = Question.about("firm-0001", "firm-0002", 0.8, "名称相近")


async def asked(graph: Graph) -> IdentityRepository:
    await begin(graph)
    await FirmRepository(graph).save_many([a_firm(1), a_firm(2)], "load-1")
    identity = IdentityRepository(graph)
    await identity.ask([QUESTION])
    return identity


async def test_the_directory_tells_firms_apart(graph: Graph) -> None:
    await begin(graph)
    firm = replace(a_firm(1), uscc="91320412MA00000000", former_names=("示例锻造",))
    await FirmRepository(graph).save_many([firm], "load-1")
    assert await IdentityRepository(graph).directory() == [
        KnownFirm(firm.code, firm.name, ("示例锻造",), firm.uscc, "320412")
    ]


async def test_a_question_is_asked_once_and_renewed_until_somebody_decides(graph: Graph) -> None:
    identity = await asked(graph)
    again = replace(QUESTION, score=0.9, why="地址相同")
    assert Question.about("firm-0002", "firm-0001", 0.9, "地址相同").id == again.id
    await identity.ask([again])
    assert await identity.questions() == [again]
    await identity.decide(again.id, same=False, by="tester")
    await identity.ask([QUESTION])
    assert await identity.questions() == []
    (decided,) = await identity.questions(open_only=False)
    assert (decided.state, decided.decided_by, decided.score) == (QuestionState.DIFFERENT, "tester", 0.9)
    assert decided.decided_at is not None
    with pytest.raises(GraphNotFound):
        await identity.decide("unknown", same=True, by="tester")


async def test_the_answer_the_same_merges_and_another_answer_takes_it_back(graph: Graph) -> None:
    identity = await asked(graph)
    before = await digest(graph)
    await identity.decide(QUESTION.id, same=True, by="tester")
    assert await known(graph) == ["firm-0002"]
    await identity.decide(QUESTION.id, same=False, by="tester")
    assert await known(graph) == ["firm-0001", "firm-0002"]
    await identity.decide(QUESTION.id, same=True, by="tester", winner="firm-0001")
    assert await known(graph) == ["firm-0001"]
    await identity.unmerge("firm-0002")
    assert await identity.questions() == [QUESTION]
    assert await digest(graph) == before


async def test_a_question_about_a_firm_that_is_gone_or_the_same_is_not_open(graph: Graph) -> None:
    identity = await asked(graph)
    await identity.merge("firm-0001", "firm-0002", "tester")
    assert await identity.questions() == []
    await identity.unmerge("firm-0001")
    assert await identity.questions() == [QUESTION]
    await undo(graph, "load-1")
    assert await identity.questions(open_only=False) == []
