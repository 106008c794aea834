"""The servers of one test process, and the databases on them that tests get one after the other."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol, Self

from filelock import AsyncFileLock

from graph.connection import Graph, GraphSettings
from graph.embedded import EmbeddedEngines
from graph.migrate import migrate
from tests.engines.neo4j_jars import JarsUnavailable
from tests.engines.neo4j_server import start_neo4j
from tests.engines.wipe import Fingerprint, fingerprint, is_empty, wipe, wipe_facts

EMBEDDED = "embedded"
NEO4J = "neo4j"
ENGINES = (EMBEDDED, NEO4J)


class EngineMissing(Exception):
    """An engine cannot be had here; the message says why."""


class Stoppable(Protocol):
    """A server."""

    def stop(self) -> None: ...


class TestEngines:
    """Starts a server when its settings are first asked for; use it in a `with` block."""

    __test__ = False

    def __init__(self, home: Path) -> None:
        self._home = home
        self._servers: list[Stoppable] = []
        self._settings: dict[str, GraphSettings | EngineMissing] = {}
        self._schemas: dict[str, Fingerprint] = {}
        self._external = os.environ.get("QL_TEST_NEO4J_URI")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    def settings(self, name: str) -> GraphSettings:
        """How to reach the server. Raises EngineMissing, and again the same without another try."""
        if name not in self._settings:
            try:
                self._settings[name] = self._start(name)
            except JarsUnavailable as error:
                self._settings[name] = EngineMissing(f"no Neo4j server to test with: {error}")
        found = self._settings[name]
        if isinstance(found, EngineMissing):
            raise found
        return found

    @asynccontextmanager
    async def database(self, name: str, settings: GraphSettings, *, migrated: bool) -> AsyncIterator[Graph]:
        """The database of a server, emptied, for one test."""
        async with self._alone(name), Graph.connect(settings) as graph:
            if migrated and name in self._schemas and await fingerprint(graph) == self._schemas[name]:
                await wipe_facts(graph)
            else:
                await wipe(graph)
                if migrated:
                    await migrate(graph)
                    self._schemas[name] = await fingerprint(graph)
            yield graph
            if name == NEO4J and self._external:
                await wipe(graph)

    @asynccontextmanager
    async def _alone(self, name: str) -> AsyncIterator[None]:
        """An external server has one database, which the test processes must use in turn, and find empty."""
        if name != NEO4J or not self._external:
            yield
            return
        mark = hashlib.sha256(self._external.encode()).hexdigest()[:16]
        async with AsyncFileLock(Path(tempfile.gettempdir()) / f"qianglian-test-{mark}.lock"):
            if os.environ.get("QL_TEST_NEO4J_WIPE") != "1":
                settings = self.settings(name)
                async with Graph.connect(settings) as graph:
                    if not await is_empty(graph):
                        raise EngineMissing(
                            f"the database at {settings.uri} is not empty; QL_TEST_NEO4J_WIPE=1 lets the tests empty it"
                        )
            yield

    def _start(self, name: str) -> GraphSettings:
        if name == EMBEDDED:
            engines = EmbeddedEngines(self._home / "embedded", redis=False, heap_mb=512)
            self._servers.append(engines)
            return engines.start().graph
        if self._external:
            user = os.environ.get("QL_TEST_NEO4J_USER", "neo4j")
            return GraphSettings(self._external, user, os.environ.get("QL_TEST_NEO4J_PASSWORD", ""))
        server = start_neo4j(self._home / "neo4j")
        self._servers.append(server)
        return server.settings
