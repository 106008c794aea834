"""What the two test servers have in common: a free port, readiness over Bolt, a sure end."""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from graph.connection import GraphSettings
from tests.engines.guard import COMMAND

READY_SECONDS = 120.0


class ServerError(Exception):
    """A test server did not start; the message ends with the tail of its log."""


class Server:
    """One running server with its data in `home`, which goes when it stops."""

    def __init__(
        self, command: Sequence[str], home: Path, settings: GraphSettings, environment: Mapping[str, str] | None = None
    ) -> None:
        self.settings = settings
        self._home = home
        self._log = home / "server.log"
        with self._log.open("wb") as log:
            # A session of its own, so that Ctrl-C reaches the tests and not the server: they still wipe and stop.
            self._process = subprocess.Popen(
                [*COMMAND, *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=home,
                env=environment,
                start_new_session=True,
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Kills the server at once (its data is of no use any more) and removes its home."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(30)
        shutil.rmtree(self._home, ignore_errors=True)

    def _wait_until_ready(self) -> None:
        started = time.monotonic()
        auth = (self.settings.user, self.settings.password)
        # Its port opens before its database exists, so only a query says that it is ready.
        with GraphDatabase.driver(self.settings.uri, auth=auth, max_transaction_retry_time=0) as driver:
            while time.monotonic() - started < READY_SECONDS:
                if self._process.poll() is not None:
                    raise ServerError(f"server ended with code {self._process.returncode}\n{self._tail()}")
                with (
                    contextlib.suppress(DriverError, Neo4jError, OSError),
                    driver.session(database=self.settings.database) as session,
                ):
                    session.run("RETURN 1").consume()
                    return
                time.sleep(0.1)
        raise ServerError(f"server not ready after {READY_SECONDS:g} s\n{self._tail()}")

    def _tail(self) -> str:
        return self._log.read_text(errors="replace")[-3000:]


def free_port() -> int:
    """A port of the loopback address that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
