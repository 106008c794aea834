"""A firm is all that was stated about it: in whatever order, however often, and as if what is undone never was."""

import random
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.chains import ChainRepository
from graph.connection import Graph
from graph.digest import digest, facts_digest
from graph.divisions import Division, DivisionRepository
from graph.firms import FirmRepository
from graph.fold import fold
from graph.keys import capability_key
from graph.loads import UndoReport, undo
from graph.model import Capability, Firm, Origin
from graph.records import records_of
from tests.engines.wipe import wipe_facts
from tests.graph.build import CHAINS, CLUSTERS
from tests.graph.statements import LOADS, begin_all, begin_one, firms, save, statements

few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def prepared(graph: Graph) -> None:
    await wipe_facts(graph)
    await ChainRepository(graph).save_clusters(CLUSTERS)
    await ChainRepository(graph).save_chains(CHAINS)
    await DivisionRepository(graph).save_many([Division("32", "江苏省")])
    await begin_all(graph)


@given(statements, st.integers(0, 1000))
@few
async def test_any_order_of_loads_and_rows_gives_the_same_facts(graph: Graph, stated: list[Firm], seed: int) -> None:
    found = []
    for order in (seed, seed + 1):
        await prepared(graph)
        await save(graph, stated, order)
        found.append((await facts_digest(graph), await digest(graph)))
    assert found[0] == found[1]
    await save(graph, stated, seed + 2)
    assert (await facts_digest(graph), await digest(graph)) == found[0]


@given(statements, st.integers(0, 1000))
@few
async def test_an_undone_load_leaves_what_was_before_it(graph: Graph, stated: list[Firm], seed: int) -> None:
    await prepared(graph)
    undone = [firm for firm in stated if firm.origin and firm.origin.load_id == LOADS[1]]
    await undo(graph, LOADS[1])
    await save(graph, [firm for firm in stated if firm not in undone], seed)
    before = await facts_digest(graph), await digest(graph)
    await begin_one(graph, LOADS[1], "list")
    await FirmRepository(graph).save_many(undone, LOADS[1])
    await undo(graph, LOADS[1])
    assert (await facts_digest(graph), await digest(graph)) == before


async def test_a_firm_that_nobody_states_any_more_is_gone_and_the_others_are_counted(graph: Graph) -> None:
    await prepared(graph)
    repository = FirmRepository(graph)
    first = Firm("firm-1", "示例精锻", "32", synthetic=True, origin=Origin("load-a", 2))
    await repository.save_many([first, replace(first, code="firm-2")], "load-a")
    richer = replace(first, certificates=("ISO 9001",), origin=Origin("load-b", 7))
    await repository.save_many([richer, replace(richer, code="firm-3")], "load-b")
    assert await undo(graph, "load-b") == UndoReport(firms_removed=1, firms_changed=1)
    assert [firm.code for firm in await repository.all()] == ["firm-1", "firm-2"]
    assert await repository.get("firm-1") == first


@given(st.lists(firms(), min_size=1, max_size=6), st.integers(0, 1000))
def test_the_fold_does_not_depend_on_the_order_of_records(stated: list[Firm], seed: int) -> None:
    records = records_of([replace(firm, code="firm-1") for firm in stated], "load", "source")
    assert fold("firm-1", records) == fold("firm-1", random.Random(seed).sample(records, len(records)))


def test_a_value_of_the_latest_year_wins_and_an_unknown_one_never_does() -> None:
    old = Firm("f", "旧名", "32", synthetic=True, tier="小巨人", industry="锻造", facts_year="2024", staff=20)
    new = Firm("f", "新名", "", synthetic=True, tier="创新型", facts_year="2025", staff=30)
    unknown = Firm("f", "无年份", "", synthetic=True, staff=99)
    found = fold("f", [*records_of([old], "b", "z"), *records_of([new], "a", "a"), *records_of([unknown], "c", "z")])
    assert found == Firm("f", "新名", "32", synthetic=True, tier="小巨人", industry="锻造", facts_year="2025", staff=30)


def test_a_capability_that_two_rows_state_is_one_with_the_latest_known_values() -> None:
    def firm(year: str, **values: float) -> Firm:
        made = Capability(capability_key("f", "齿轮"), "f", "齿轮", **values)  # type: ignore[arg-type]
        return Firm("f", "示例", "", synthetic=True, facts_year=year, capabilities=(made,))

    records = [
        *records_of([firm("2024", capacity=1.0, lead_time_days=9.0)], "a", "s"),
        *records_of([firm("2025", capacity=2.0)], "b", "s"),
    ]
    (capability,) = fold("f", records).capabilities
    assert (capability.capacity, capability.lead_time_days) == (2.0, 9.0)


def test_two_rows_of_one_number_on_two_sheets_are_two_records() -> None:
    row = Firm("f", "示例", "", synthetic=True, origin=Origin("a", 2))
    other = replace(row, certificates=("ISO 9001",))
    ids = {record.id for record in records_of([row, other, row], "a", "s")}
    assert len(ids) == 2
    assert {record.id for record in records_of([other, row], "a", "s")} == ids
