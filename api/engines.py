"""Which engines this process uses (引擎): yours where the settings name them, else managed child processes."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from api.settings import Settings
from graph.connection import GraphSettings
from graph.embedded import EmbeddedEngines, HomeHeldError, running_on


@dataclass(frozen=True, slots=True)
class Engines:
    """How to reach the graph engine, and Redis where it was asked for."""

    graph: GraphSettings
    redis_url: str | None


@contextmanager
def running_engines(settings: Settings, *, redis: bool = True) -> Iterator[Engines]:
    """Start what the settings do not name, give the addresses, and stop what was started.

    Where another process of this user runs the engines of the same folder, a page server for example, its engines
    are used. Call it from the main thread: the children are tied to the thread that starts them.
    Raises EngineError, with the mend in its message, when an engine cannot be started.
    """
    own_graph, own_redis = settings.neo4j_uri is None, redis and settings.redis_url is None
    with ExitStack() as stack:
        try:
            embedded = stack.enter_context(EmbeddedEngines(settings.home, graph=own_graph, redis=own_redis))
            graph = embedded.graph if own_graph else settings.external_graph
            redis_url = embedded.redis_url if own_redis else settings.redis_url
        except HomeHeldError:
            shared = running_on(settings.home)
            graph = shared.graph if shared and own_graph else settings.external_graph
            redis_url = shared.redis_url if shared and own_redis else settings.redis_url
            if graph is None or (own_redis and redis_url is None):
                raise
        assert graph is not None
        yield Engines(graph=graph, redis_url=redis_url)
