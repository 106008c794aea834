"""Firms come back as they were saved; saving them again, in any order or at once, changes nothing."""

import asyncio
import random
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.connection import Graph
from graph.digest import digest
from graph.divisions import Division, DivisionRepository
from graph.errors import GraphNotFound
from graph.firms import FirmRepository, FirmTotals
from graph.model import Capability, Firm, Origin
from graph.projection import SaveOutcome
from tests.graph.build import a_firm, begin


async def test_a_firm_comes_back_with_its_capabilities_and_its_row(graph: Graph) -> None:
    await begin(graph)
    firms = FirmRepository(graph)
    await firms.save_many([a_firm(2), a_firm(1)], "load-1")
    assert await firms.get("firm-0001") == a_firm(1)
    assert await firms.by_codes(["firm-0002", "unknown", "firm-0001", "firm-0002"]) == [a_firm(1), a_firm(2)]
    assert await firms.all() == [a_firm(1), a_firm(2)]
    assert await firms.all("3205") == [a_firm(2)]
    assert await firms.count() == 2
    assert await firms.get("unknown") is None


async def test_saving_again_in_another_order_changes_nothing(graph: Graph) -> None:
    await begin(graph)
    firms = [a_firm(n) for n in range(40)]
    repository = FirmRepository(graph)
    await repository.save_many(firms, "load-1")
    before = await digest(graph)
    for seed in range(2):
        shuffled = [replace(f, capabilities=f.capabilities[::-1]) for f in random.Random(seed).sample(firms, 40)]
        await repository.save_many(shuffled, "load-1")
    assert await digest(graph) == before


async def test_a_capability_that_vanished_from_its_firm_is_gone(graph: Graph) -> None:
    await begin(graph)
    firms = FirmRepository(graph)
    await firms.save_many([a_firm(1), a_firm(2)], "load-1")
    await firms.save_many([a_firm(1, ["丝杠"])], "load-1")
    assert await firms.all() == [a_firm(1, ["丝杠"]), a_firm(2)]
    assert (await digest(graph)).nodes["Capability"] == 3
    await firms.save_many([a_firm(1, [])], "load-1")
    assert await firms.get("firm-0001") == a_firm(1, [])


async def test_a_value_that_its_row_no_longer_states_and_a_place_that_changed_are_not_kept(graph: Graph) -> None:
    await begin(graph)
    await DivisionRepository(graph).save_many([Division("320412", "武进区")])
    firms = FirmRepository(graph)
    await firms.save_many([a_firm(1)], "load-1")
    assert (await digest(graph)).relationships["LOCATED_IN"] == 1
    changed = replace(a_firm(1), tier=None, certificates=(), division="")
    await firms.save_many([changed], "load-1")
    assert await firms.get("firm-0001") == changed
    assert "LOCATED_IN" not in (await digest(graph)).relationships


async def test_what_was_saved_is_told_apart_from_what_was_known(graph: Graph) -> None:
    await begin(graph)
    firms = FirmRepository(graph)
    assert await firms.save_many([a_firm(2), a_firm(1)], "load-1") == SaveOutcome(added=("firm-0001", "firm-0002"))
    outcome = await firms.save_many([a_firm(1), a_firm(2, ["丝杠"]), a_firm(3)], "load-1")
    assert outcome == SaveOutcome(("firm-0003",), ("firm-0002",), ("firm-0001",))


async def test_firms_of_a_load_that_was_never_begun_are_refused(graph: Graph) -> None:
    with pytest.raises(GraphNotFound) as caught:
        await FirmRepository(graph).save_many([a_firm(1)], "load-1")
    assert caught.value.code == "graph.load.unknown"
    assert await FirmRepository(graph).count() == 0


async def test_saves_of_the_same_firms_at_once_leave_one_of_them_whole(graph: Graph) -> None:
    await begin(graph)
    firms = FirmRepository(graph)
    for turn in range(3):
        versions = [[a_firm(n, [f"零件{turn}-{v}", f"组件{turn}-{v}"]) for n in range(12)] for v in range(5)]
        await asyncio.gather(*(firms.save_many(random.sample(version, 12), "load-1") for version in versions))
        possible = [{f.code: f for f in version} for version in versions]
        for firm in await firms.all():
            assert firm in [version[firm.code] for version in possible]
    assert (await digest(graph)).nodes["Capability"] == 24


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
maybe = st.none() | words


@given(
    st.builds(
        Firm,
        code=st.just("firm"),
        name=words,
        division=st.sampled_from(["", "32", "3204", "320412"]),
        synthetic=st.booleans(),
        tier=maybe,
        industry=maybe,
        certificates=st.lists(words, max_size=3, unique=True).map(tuple),
        capabilities=st.lists(
            st.builds(
                Capability,
                id=st.integers(0, 50).map(lambda n: f"capability-{n:02}"),
                firm_code=st.just("firm"),
                product=words,
                process=maybe,
                capacity=st.none() | st.integers(0, 2**31).map(float) | st.floats(0, 1e12),
                revenue_share=st.none() | st.floats(0, 1),
                confirmed_on=st.none() | st.dates().map(str),
            ),
            max_size=3,
            unique_by=lambda c: c.id,
        ).map(lambda found: tuple(sorted(found, key=lambda c: c.id))),
        origin=st.none() | st.integers(1, 100_000).map(lambda row: Origin("load-1", row)),
    )
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_firm_comes_back_equal(graph: Graph, firm: Firm) -> None:
    await begin(graph)
    firms = FirmRepository(graph)
    # A firm of its own, because what an earlier example stated about one firm would stay stated.
    code = uuid4().hex
    own = tuple(replace(c, id=f"{code}-{c.id}", firm_code=code) for c in firm.capabilities)
    alone = replace(firm, code=code, capabilities=own)
    await firms.save_many([alone], "load-1")
    assert await firms.get(code) == alone


async def test_totals_count_firms_examples_and_capabilities(graph: Graph) -> None:
    await begin(graph)
    real = replace(a_firm(3, products=()), synthetic=False)
    await FirmRepository(graph).save_many([a_firm(1), a_firm(2), real], "load-1")
    assert await FirmRepository(graph).totals() == FirmTotals(firms=3, synthetic=2, capabilities=4)
