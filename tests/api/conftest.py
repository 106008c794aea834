"""Tests of the service use the real encoder, lexicon, graph engine and Redis; only the data is small."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from api.app import create_app
from api.cache import AnswerCache
from api.clients import Clients
from api.matching import MatchingService, open_ranker
from api.settings import Settings
from graph.connection import Graph
from graph.embedded import EmbeddedEngines
from matchmaker.rank import Ranker

os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture(scope="session")
def ranker() -> Ranker:
    """The standard encoder and the shipped lexicon, made once in the user's cache."""
    return open_ranker(Settings())


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of this test process."""
    with EmbeddedEngines(tmp_path_factory.mktemp("redis"), graph=False) as engines:
        yield engines.redis_url


@pytest.fixture
async def clients(graph: Graph, ranker: Ranker, redis_url: str, tmp_path: Path) -> AsyncIterator[Clients]:
    """What the pages work with, over an empty graph and an empty cache."""
    async with Redis.from_url(redis_url) as redis:
        await redis.flushall()
        yield Clients(graph, MatchingService(graph, ranker, tmp_path / "index", AnswerCache(redis)))


@pytest.fixture
async def browser(clients: Clients) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the pages."""
    transport = httpx.ASGITransport(create_app(clients))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
