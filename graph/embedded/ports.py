"""Loopback ports (端口): a free one, or who has taken the one that was asked for."""

import socket

import psutil

from graph.embedded.errors import PortTakenError

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A loopback TCP port that is free at this moment; another program may still take it before it is used."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        # Servers set this too: connections of an earlier run that linger in TIME_WAIT do not take the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def listener(port: int) -> psutil.Process | None:
    """The process that listens on `port`, as far as this user may see it."""
    try:
        found = psutil.net_connections(kind="tcp")
        pids = [c.pid for c in found if c.status == psutil.CONN_LISTEN and c.laddr and c.laddr.port == port and c.pid]
        return psutil.Process(pids[0]) if pids else None
    except psutil.Error:
        return None


def require_free(port: int) -> None:
    """Raises PortTakenError, with the process that has it where it is visible."""
    if not is_free(port):
        taker = listener(port)
        raise PortTakenError(port, f"进程 {taker.pid}（{taker.name()}）" if taker else None)
