"""Serving the pages on loopback (网页服务)."""

import asyncio
import socket

import uvicorn

from api.app import create_app
from api.clients import Clients
from api.failures import Failed

HOST = "127.0.0.1"


def refuse_taken_port(port: int) -> None:
    """Raise Failed when another program listens on `port`, before minutes are spent on anything else."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Failed(
                "server.port.taken",
                f"端口 {port} 不能使用（{error.strerror}）。请结束占用它的程序，或另选端口：--port、QL_PORT，"
                "make demo 用 HOST_PORT=8001。",
            ) from error


async def serve_pages(clients: Clients, port: int) -> None:
    """Serve until SIGINT or SIGTERM; open requests are finished first."""
    config = uvicorn.Config(
        create_app(clients), host=HOST, port=port, log_level="warning", timeout_graceful_shutdown=5, server_header=False
    )
    # The first search would otherwise wait for the encoder to be loaded.
    warming = asyncio.create_task(clients.matching.warm_up())
    try:
        await uvicorn.Server(config).serve()
    finally:
        warming.cancel()
