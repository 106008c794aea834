"""What the pages work with (组合根): opened once, passed down, closed in order."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from redis.asyncio import Redis

from api.cache import AnswerCache
from api.engines import Engines
from api.matching import MatchingService
from api.settings import Settings
from graph.connection import Graph
from graph.migrate import migrate
from matchmaker.rank import Ranker


@dataclass(frozen=True, slots=True)
class Clients:
    """The graph and the matching service of one process."""

    graph: Graph
    matching: MatchingService


@asynccontextmanager
async def open_clients(settings: Settings, engines: Engines, ranker: Ranker) -> AsyncIterator[Clients]:
    """Connect to the engines and bring the schema up to date. Raises GraphError."""
    async with Graph.connect(engines.graph) as graph:
        await migrate(graph)
        if engines.redis_url is None:
            yield Clients(graph, MatchingService(graph, ranker, settings.index))
            return
        async with Redis.from_url(engines.redis_url) as redis:
            yield Clients(graph, MatchingService(graph, ranker, settings.index, AnswerCache(redis)))
