"""`qianglian serve`: the pages over what the graph holds (网页服务)."""

import asyncio
from typing import Annotated

import typer

from api.clients import open_clients
from api.commands.progress import bar
from api.engines import Engines, running_engines
from api.matching import open_ranker
from api.placing import place_all
from api.server import HOST, refuse_taken_port, serve_pages
from api.settings import Settings
from matchmaker.rank import Ranker


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("serve", help="打开网页服务；先把没有匹配过的需求补齐。")(serve)


def serve(port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="网页端口。")] = None) -> None:
    """Match what is stale, then serve the pages on loopback."""
    settings = Settings()
    refuse_taken_port(port or settings.port)
    with running_engines(settings) as engines:
        with bar("编码产品词库") as tell:
            ranker = open_ranker(settings, tell)
        asyncio.run(_serve(settings, engines, ranker, port or settings.port))


async def _serve(settings: Settings, engines: Engines, ranker: Ranker, port: int) -> None:
    async with open_clients(settings, engines, ranker) as clients:
        with bar("编码供给能力") as tell:
            await clients.matching.refresh(tell)
        await place_all(clients.graph, clients.matching)
        with bar("匹配采购计划") as tell:
            await clients.matching.update_all(tell)
        typer.echo(f"http://{HOST}:{port}", err=True)
        await serve_pages(clients, port)
