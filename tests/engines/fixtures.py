"""The engines that tests run against, as a pytest plugin.

Each test process (each xdist worker) has servers of its own, started when a first test of that engine
asks and ended with the process. A test gets an empty database: `graph` with the schema, `empty_graph`
without. Both run once on the embedded engine and once on Neo4j; `graph_pair` is both at once.
"""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest

from graph.connection import Graph, GraphSettings
from tests.engines.pool import EMBEDDED, ENGINES, NEO4J, EngineMissing, TestEngines


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestEngines]:
    """The servers of this process."""
    with TestEngines(tmp_path_factory.mktemp("engines")) as pool:
        yield pool


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Name of the engine that this run of the test uses."""
    name: str = request.param
    return name


@pytest.fixture
def graph_settings(engines: TestEngines, engine: str) -> GraphSettings:
    """How to reach the engine of `engine`, for further clients of the same database."""
    return _settings(engines, engine)


@pytest.fixture
async def graph(engines: TestEngines, graph_settings: GraphSettings, engine: str) -> AsyncIterator[Graph]:
    """An engine with the schema and no facts."""
    async with engines.database(engine, graph_settings, migrated=True) as connected:
        yield connected


@pytest.fixture
async def empty_graph(engines: TestEngines, graph_settings: GraphSettings, engine: str) -> AsyncIterator[Graph]:
    """An engine with nothing in it: no node, no constraint, no index."""
    async with engines.database(engine, graph_settings, migrated=False) as connected:
        yield connected


@pytest.fixture
async def graph_pair(engines: TestEngines) -> AsyncIterator[tuple[Graph, Graph]]:
    """The embedded engine and Neo4j, both with the schema and no facts."""
    async with AsyncExitStack() as stack:
        embedded, neo4j = [
            await stack.enter_async_context(engines.database(name, _settings(engines, name), migrated=True))
            for name in (EMBEDDED, NEO4J)
        ]
        yield embedded, neo4j


def _settings(engines: TestEngines, name: str) -> GraphSettings:
    try:
        return engines.settings(name)
    except EngineMissing as missing:
        if os.environ.get("QL_REQUIRE_NEO4J") == "1":
            pytest.fail(f"QL_REQUIRE_NEO4J=1, but {missing}", pytrace=False)
        pytest.skip(str(missing))
