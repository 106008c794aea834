"""How a command gets at the graph (连接): engines started or shared, schema up to date."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from api.clients import Clients, open_clients
from api.commands.progress import bar
from api.engines import Engines, running_engines
from api.matching import open_ranker
from api.settings import Settings
from graph.connection import Graph
from graph.migrate import migrate
from matchmaker.rank import Ranker

T = TypeVar("T")


def with_graph(run: Callable[[Graph], Awaitable[T]]) -> T:
    """The result of `run` on the graph."""

    async def connected(engines: Engines) -> T:
        async with Graph.connect(engines.graph) as graph:
            await migrate(graph)
            return await run(graph)

    with running_engines(Settings(), redis=False) as engines:
        return asyncio.run(connected(engines))


def with_clients(run: Callable[[Clients], Awaitable[T]]) -> T:
    """The result of `run` on the graph and the matcher."""
    settings = Settings()

    async def connected(engines: Engines, ranker: Ranker) -> T:
        async with open_clients(settings, engines, ranker) as clients:
            return await run(clients)

    with running_engines(settings, redis=False) as engines:
        with bar("编码产品词库") as tell:
            ranker = open_ranker(settings, tell)
        return asyncio.run(connected(engines, ranker))
