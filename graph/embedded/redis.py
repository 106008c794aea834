"""The embedded Redis (内嵌 Redis): a child process on a unix socket, with a password and an append-only file."""

from pathlib import Path
from urllib.parse import quote

import redis

from graph.embedded.binaries import redis_server
from graph.embedded.child import Child, tail
from graph.embedded.errors import NotStartedError, ProcessDiedError
from graph.embedded.orphans import end_orphan
from graph.embedded.private_files import private_folder, secret_in, write_private
from graph.embedded.socket_folder import clear_socket, socket_path

STOP_SECONDS = 10.0

# The process title stays as it was started: by its argument we know our engine after a crash.
_CONFIG = """\
port 0
unixsocket "{socket}"
unixsocketperm 700
requirepass "{password}"
dir "{data}"
appendonly yes
appendfsync everysec
save ""
daemonize no
logfile ""
set-proc-title no
"""


class RedisEngine:
    """Redis on `home/redis`."""

    name = "Redis"

    def __init__(self, home: Path) -> None:
        self._data = home / "redis"
        self._secret_file = home / "secrets" / "redis.password"
        self._config = home / "secrets" / "redis.conf"
        self._child: Child | None = None
        self._socket: Path | None = None
        self._password = ""

    @property
    def url(self) -> str:
        if self._socket is None:
            raise NotStartedError(self.name)
        return f"unix://{quote(str(self._socket))}?password={quote(self._password)}"

    @property
    def log(self) -> Path:
        return self._data / "log" / "console.log"

    def spawn(self) -> None:
        """Start the process, after ending one that a killed owner left. Raises EngineError."""
        program = redis_server()
        end_orphan(private_folder(self._data), self.name, STOP_SECONDS)
        private_folder(self.log.parent)
        self._password, _ = secret_in(self._secret_file)
        self._socket = socket_path(self._data)
        self._socket.unlink(missing_ok=True)
        settings = _CONFIG.format(socket=_quoted(self._socket), password=self._password, data=_quoted(self._data))
        write_private(self._config, settings)
        self._child = Child([str(program), str(self._config)], self._data, self.log, mark=str(self._config))
        self._child.start()

    def answers(self) -> bool:
        """Whether a PING with the password is answered; not yet while the append-only file is being read."""
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except (redis.RedisError, OSError):
            return False

    def check(self) -> None:
        """Raises ProcessDiedError once the process has ended."""
        if self._child is not None and self._child.exit_code is not None:
            raise ProcessDiedError(self.name, self._child.exit_code, self.log, self.log_tail())

    def log_tail(self) -> tuple[str, ...]:
        """The last 15 lines that it printed."""
        return tail(self.log)

    def stop(self) -> None:
        """End the process, which writes out its append-only file; a second call does nothing."""
        child, self._child = self._child, None
        if child is not None:
            child.stop(STOP_SECONDS)
        if child is not None and self._socket is not None:
            clear_socket(self._socket, self._data)


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')
