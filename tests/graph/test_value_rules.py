"""What is refused before it is sent, beside what an engine would have made of it."""

from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from neo4j import AsyncDriver
from neo4j.exceptions import Neo4jError

from graph.connection import Graph, GraphSettings
from graph.errors import GraphValueError
from graph.values import MAX_BYTES, MAX_ROWS, batches, size_of
from tests.graph.test_write_rules import in_transaction, on_embedded, plain_driver

UTC_TIME = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)


class Colour(StrEnum):
    RED = "red"


async def code_of_refusal(graph: Graph, query: str, **params: object) -> str:
    with pytest.raises(GraphValueError) as caught:
        await graph.write(query, **params)  # type: ignore[arg-type]
    return caught.value.code


@on_embedded
async def test_the_embedded_engine_makes_a_node_without_a_key_from_a_null(
    graph: Graph, graph_settings: GraphSettings
) -> None:
    async with plain_driver(graph_settings) as driver:
        await in_transaction(driver, "UNWIND $rows AS row MERGE (c:Cluster {code: row.code})", rows=[{"code": None}])
    assert await graph.read("MATCH (c:Cluster) WHERE c.code IS NULL RETURN 1 AS one")


@pytest.mark.parametrize("missing", [None, ""])
async def test_a_missing_merge_key_is_refused(graph: Graph, missing: str | None) -> None:
    query = "UNWIND $rows AS row MERGE (c:Cluster {code: row.code}) SET c.name = row.name"
    rows = [{"code": "c1", "name": "a"}, {"code": missing, "name": "b"}]
    assert await code_of_refusal(graph, query, rows=rows) == "graph.key.missing"
    assert await code_of_refusal(graph, "MERGE (c:Cluster {code: $code})", code=missing) == "graph.key.missing"
    assert await code_of_refusal(graph, "MERGE (c:Cluster {code: $code})") == "graph.key.missing"
    assert not await graph.read("MATCH (c:Cluster) RETURN c.code AS code")


async def test_a_merge_key_that_cannot_be_checked_is_refused(graph: Graph) -> None:
    query = "UNWIND $names AS name MERGE (c:Cluster {code: trim(name)})"
    assert await code_of_refusal(graph, query, names=["a"]) == "graph.key.unchecked"


@on_embedded
async def test_the_embedded_engine_drops_a_label_that_is_a_parameter(
    graph: Graph, graph_settings: GraphSettings
) -> None:
    async with plain_driver(graph_settings) as driver:
        await in_transaction(driver, "CREATE (n:$($label) {code: 'c'})", label="Cluster")
    assert not await graph.read("MATCH (c:Cluster) RETURN 1 AS one")


async def test_a_label_or_type_that_is_a_parameter_is_refused(graph: Graph) -> None:
    assert await code_of_refusal(graph, "CREATE (n:$($label) {code: 'c'})", label="Cluster") == "graph.label.dynamic"
    assert await code_of_refusal(graph, "CREATE ()-[:$($kind)]->()", kind="FEEDS") == "graph.label.dynamic"
    with pytest.raises(GraphValueError) as caught:
        await graph.compare_and_set("Cluster {code: 'x'}) DETACH DELETE (n", "c", 0, {})
    assert caught.value.code == "graph.label.unknown"


async def test_a_query_that_commits_by_itself_is_refused(graph: Graph) -> None:
    query = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 100 ROWS"
    assert await code_of_refusal(graph, query) == "graph.query.own_transactions"


@pytest.mark.parametrize("version", ["version", "cas", "id"])
async def test_compare_and_set_refuses_to_set_what_it_compares(graph: Graph, version: str) -> None:
    with pytest.raises(GraphValueError) as caught:
        await graph.compare_and_set("Plan", "p", 0, {version: 1})
    assert caught.value.code == "graph.value.reserved"


@on_embedded
async def test_the_embedded_engine_loses_the_zone_of_a_time(graph: Graph, graph_settings: GraphSettings) -> None:
    async with plain_driver(graph_settings) as driver:
        await in_transaction(driver, "CREATE (:Plan {id: 'p', at: $at})", at=UTC_TIME)
    stored = (await graph.read("MATCH (p:Plan) RETURN p.at AS at"))[0]["at"]
    assert stored.tzinfo is None


@pytest.mark.parametrize("at", [UTC_TIME, UTC_TIME.astimezone(ZoneInfo("Asia/Shanghai")), [UTC_TIME]])
async def test_a_time_that_is_not_text_is_refused(graph: Graph, at: object) -> None:
    assert await code_of_refusal(graph, "CREATE (:Plan {id: 'p', at: $at})", at=at) == "graph.value.time"


async def stored_by_the_plain_driver(driver: AsyncDriver, values: list[object]) -> bool:
    try:
        await in_transaction(driver, "CREATE (:Plan {id: 'p', mixed: $values})", values=values)
    except Neo4jError:
        return False
    return True


async def test_the_engines_disagree_about_mixed_lists(graph: Graph, graph_settings: GraphSettings, engine: str) -> None:
    async with plain_driver(graph_settings) as driver:
        stored = await stored_by_the_plain_driver(driver, ["a", 1])
    assert stored is (engine == "embedded")
    assert bool(await graph.read("MATCH (p:Plan) RETURN 1 AS one")) is stored


@pytest.mark.parametrize("values", [["a", 1], [1, 2.5], ["a", None], [True, 1]])
async def test_a_list_of_mixed_types_is_refused(graph: Graph, values: list[object]) -> None:
    assert await code_of_refusal(graph, "CREATE (:Plan {id: 'p', v: $v})", v=values) == "graph.value.mixed"


def test_a_list_of_an_enumeration_and_text_is_a_list_of_text() -> None:
    assert size_of([Colour.RED, "green"], "colours") > 0


@pytest.mark.usefixtures("graph")
async def test_the_driver_is_quiet_about_retries() -> None:
    import logging

    assert logging.getLogger("neo4j").getEffectiveLevel() >= logging.ERROR


rows = st.lists(
    st.fixed_dictionaries(
        {"id": st.text(max_size=8), "text": st.text(max_size=40), "n": st.none() | st.integers(0, 9)}
    ),
    max_size=60,
)


@given(rows, st.integers(1, 7))
@settings(max_examples=50, deadline=None)
def test_batches_keep_every_row_in_order_and_none_is_too_long(rows: list[dict[str, object]], count: int) -> None:
    cut = list(batches(rows, count))
    assert [row for batch in cut for row in batch] == rows
    assert all(0 < len(batch) <= count for batch in cut)


def test_batches_are_cut_by_size_as_well_as_by_count() -> None:
    large = [{"id": str(n), "text": "链" * 400_000} for n in range(12)]
    cut = list(batches(large))
    assert len(cut) > 1
    assert all(size_of(batch, "batch") < 8_000_000 for batch in cut)
    assert [len(batch) for batch in batches({"id": n} for n in range(MAX_ROWS + 1))] == [MAX_ROWS, 1]


def test_a_row_that_no_message_can_take_is_refused() -> None:
    with pytest.raises(GraphValueError) as caught:
        list(batches([{"id": "a", "text": "x" * (MAX_BYTES + 1)}]))
    assert caught.value.code == "graph.row.too_large"


@given(st.text() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.binary() | st.lists(st.text()))
@settings(max_examples=80, deadline=None)
def test_the_estimate_is_never_below_what_a_message_takes(value: object) -> None:
    from neo4j._codec.packstream import v1

    buffer = v1.PackableBuffer()  # type: ignore[attr-defined, no-untyped-call]
    v1.Packer(buffer).pack(value)  # type: ignore[no-untyped-call]
    assert size_of(value, "value") >= len(buffer.data)
