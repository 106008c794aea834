"""Which engines this process uses (引擎): yours where the settings name them, else managed child processes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from api.settings import Settings
from graph.connection import GraphSettings
from graph.embedded import EmbeddedEngines


@dataclass(frozen=True, slots=True)
class Engines:
    """How to reach the graph engine, and Redis where it was asked for."""

    graph: GraphSettings
    redis_url: str | None


@contextmanager
def running_engines(settings: Settings, *, redis: bool = True) -> Iterator[Engines]:
    """Start what the settings do not name, give the addresses, and stop what was started.

    Call it from the main thread: the children are tied to the thread that starts them.
    Raises EngineError, with the mend in its message, when an engine cannot be started.
    """
    own_redis = redis and settings.redis_url is None
    with EmbeddedEngines(settings.home, graph=settings.neo4j_uri is None, redis=own_redis) as embedded:
        yield Engines(
            graph=settings.external_graph or embedded.graph,
            redis_url=embedded.redis_url if own_redis else settings.redis_url,
        )
