"""The embedded engines of one data folder, started together and stopped in order."""

import atexit
import errno
import os
import sys
from pathlib import Path
from typing import Self

from graph.connection import GraphSettings
from graph.embedded.addresses import Addresses, publish, withdraw
from graph.embedded.arcadedb import GraphEngine
from graph.embedded.errors import HomeNotWritableError, NoSpaceError, NotStartedError, UnsupportedPlatformError
from graph.embedded.home import NEEDED_MB, free_mb, prepare_home
from graph.embedded.lock import HomeLock
from graph.embedded.readiness import Engine, wait_until_ready
from graph.embedded.redis import RedisEngine
from graph.embedded.signals import OrderlyExit

READY_SECONDS = 120.0
HEAP_MB = 1024


class EmbeddedEngines:
    """Runs the graph engine, Redis or both on `home`; use it in a `with` block or call `start` and `stop`.

    `bolt_port` fixes the graph engine's port (a free one otherwise), `heap_mb` is its Java heap,
    `ready_seconds` the time that all engines together may take, `needed_mb` the free disk space below
    which nothing is started. With neither engine asked for, nothing is touched.
    """

    def __init__(
        self,
        home: Path,
        *,
        graph: bool = True,
        redis: bool = True,
        bolt_port: int | None = None,
        heap_mb: int = HEAP_MB,
        ready_seconds: float = READY_SECONDS,
        needed_mb: int = NEEDED_MB,
    ) -> None:
        self._home = home
        self._wants_graph, self._wants_redis = graph, redis
        self._bolt_port = bolt_port
        self._heap_mb = heap_mb
        self._ready_seconds = ready_seconds
        self._needed_mb = needed_mb
        self._graph: GraphEngine | None = None
        self._redis: RedisEngine | None = None
        self._lock: HomeLock | None = None
        self._exit = OrderlyExit()
        self._owner_pid: int | None = None

    @property
    def graph(self) -> GraphSettings:
        """How to reach the graph engine. Raises NotStartedError."""
        if self._graph is None:
            raise NotStartedError(GraphEngine.name)
        return self._graph.settings

    @property
    def graph_http(self) -> str:
        """Base URL of the graph engine's administrative interface on loopback. Raises NotStartedError."""
        if self._graph is None:
            raise NotStartedError(GraphEngine.name)
        return self._graph.http_url

    @property
    def redis_url(self) -> str:
        """`unix://…?password=…` for a Redis client. Raises NotStartedError."""
        if self._redis is None:
            raise NotStartedError(RedisEngine.name)
        return self._redis.url

    def start(self) -> Self:
        """Start what was asked for and wait until it answers. Raises EngineError; then nothing is left running."""
        if self._owner_pid is not None or not (self._wants_graph or self._wants_redis):
            return self
        if sys.platform == "win32":
            raise UnsupportedPlatformError(sys.platform)
        home = prepare_home(self._home, self._needed_mb)
        self._owner_pid = os.getpid()
        self._exit.install()
        atexit.register(self.stop)
        try:
            self._start(home)
        except OSError as error:
            self.stop()
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise NoSpaceError(home, free_mb(home), self._needed_mb) from error
            raise HomeNotWritableError(home, str(error)) from error
        except BaseException:
            self.stop()
            raise
        return self

    def _start(self, home: Path) -> None:
        lock = HomeLock(home)
        lock.acquire()
        self._lock = lock
        engines: list[Engine] = []
        if self._wants_graph:
            self._graph = GraphEngine(home, port=self._bolt_port, heap_mb=self._heap_mb)
            engines.append(self._graph)
        if self._wants_redis:
            self._redis = RedisEngine(home)
            engines.append(self._redis)
        for engine in engines:
            engine.spawn()
        wait_until_ready(engines, self._ready_seconds)
        graph, redis = self._graph, self._redis
        publish(lock.home, Addresses(graph.settings if graph else None, redis.url if redis else None))

    def stop(self) -> None:
        """Stop what is running, the graph engine first, and give the folder free. May be called again."""
        # A forked child inherits this object but not the engines.
        if self._owner_pid != os.getpid():
            return
        try:
            for engine in (self._graph, self._redis):
                if engine is not None:
                    engine.stop()
        finally:
            self._graph = self._redis = None
            if self._lock is not None:
                withdraw(self._lock.home)
                self._lock.release()
                self._lock = None
            self._owner_pid = None
            atexit.unregister(self.stop)
            self._exit.remove()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
