"""What a caller sees when the engine is away, slow, or says no."""

import logging

import pytest

from graph.connection import Graph, GraphSettings
from graph.errors import GraphError, GraphRefused, GraphTimeout, GraphUnreachable
from tests.engines.server import free_port

SLOW = "UNWIND range(1, 4000) AS i UNWIND range(1, 4000) AS j RETURN sum(i * j) AS s"


@pytest.mark.parametrize("uri", ["bolt://127.0.0.1:{port}", "neo4j://127.0.0.1:{port}", "bolt://host.invalid:{port}"])
async def test_an_engine_that_is_away_is_named_with_what_to_do(uri: str) -> None:
    uri = uri.format(port=free_port())
    async with Graph.connect(GraphSettings(uri, "neo4j", "secret")) as graph:
        with pytest.raises(GraphUnreachable) as caught:
            await graph.ping(deadline=1)
    error = caught.value
    assert error.code == "graph.unreachable"
    assert uri in error.message
    assert "QL_NEO4J_URI" in error.message
    assert "qianglian doctor" in error.message
    assert "secret" not in str(error)


async def test_a_wrong_password_is_refused_and_not_unreachable(graph_settings: GraphSettings) -> None:
    wrong = GraphSettings(graph_settings.uri, graph_settings.user, "wrong")
    async with Graph.connect(wrong) as graph:
        with pytest.raises(GraphRefused) as caught:
            await graph.ping()
    assert caught.value.code == "graph.refused"


@pytest.mark.parametrize("uri", ["127.0.0.1:7687", "http://127.0.0.1:7687", ""])
def test_an_address_that_cannot_be_one_is_refused_at_once(uri: str) -> None:
    with pytest.raises(GraphRefused) as caught:
        Graph.connect(GraphSettings(uri, "neo4j", "secret"))
    assert caught.value.code == "graph.uri"


def test_a_password_is_not_shown_with_the_settings() -> None:
    assert "secret" not in repr(GraphSettings("bolt://127.0.0.1", "neo4j", "secret"))


async def test_a_slow_query_ends_at_its_deadline_and_the_connection_goes_on(graph: Graph) -> None:
    with pytest.raises(GraphTimeout) as caught:
        await graph.read(SLOW, deadline=0.2)
    assert caught.value.code == "graph.timeout"
    await graph.ping(deadline=30)


async def test_a_slow_write_that_ends_at_its_deadline_leaves_nothing(graph: Graph) -> None:
    with pytest.raises(GraphTimeout):
        await graph.write_all([("CREATE (:Plan {id: 'p'})", {}), (SLOW, {})], deadline=0.2)
    assert not await graph.read("MATCH (p:Plan) RETURN 1 AS one")


async def test_a_faulty_query_is_an_error_of_this_package(graph: Graph) -> None:
    with pytest.raises(GraphError) as caught:
        await graph.read("MATCH (n RETURN n")
    assert caught.value.code == "graph.failed"


@pytest.mark.parametrize("engine", ["neo4j"], indirect=True)
async def test_a_read_that_writes_is_refused_where_the_engine_can_tell(graph: Graph) -> None:
    with pytest.raises(GraphError):
        await graph.read("CREATE (:Plan {id: 'p'})")


async def test_rows_come_as_mappings_and_values_by_name(graph: Graph) -> None:
    rows = await graph.read("UNWIND $names AS name RETURN name, size(name) AS length", names=["强链", "ab"])
    assert [dict(row) for row in rows] == [{"name": "强链", "length": 2}, {"name": "ab", "length": 2}]


async def test_a_log_level_that_somebody_chose_is_kept() -> None:
    logger = logging.getLogger("neo4j")
    before = logger.level
    try:
        logger.setLevel(logging.DEBUG)
        async with Graph.connect(GraphSettings("bolt://127.0.0.1:1", "neo4j", "x")):
            assert logger.level == logging.DEBUG
    finally:
        logger.setLevel(before)
