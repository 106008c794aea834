"""`qianglian demo`: engines, example data, matching and the pages, in one go (演示)."""

import asyncio
import time
from typing import Annotated

import typer
from rich.console import Console

from api.clients import Clients, open_clients
from api.commands.progress import bar
from api.commands.tables import supplier_table
from api.demo_data import load_demo_data
from api.engines import Engines, running_engines
from api.matching import open_ranker
from api.placing import place_all
from api.server import refuse_taken_port, serve_pages
from api.settings import Settings
from api.views import plan_view
from graph.firms import FirmRepository
from graph.matches import MatchRepository
from graph.model import PlanKind
from graph.plans import PlanRepository
from ingest.load import LoadReport
from matchmaker.rank import Ranker

SHOWN_TOP, SHOWN_LINES = 3, 5


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("demo", help="内嵌引擎、示例数据、匹配、网页，一步完成；Ctrl-C 停止一切。")(demo)


def demo(
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="网页端口。")] = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="完成后是否打开网页。")] = True,
) -> None:
    """Load and match the example data, show some of it, and serve the pages; a second run finds everything done."""
    settings = Settings()
    served_at = (port or settings.port) if serve else None
    if served_at is not None:
        refuse_taken_port(served_at)
    clock = Clock()
    with running_engines(settings) as engines:
        clock.lap("启动图数据库和 Redis")
        with bar("编码产品词库") as tell:
            ranker = open_ranker(settings, tell)
        clock.lap("准备模型和产品词库")
        asyncio.run(_fill_and_serve(settings, engines, ranker, clock, served_at))


async def _fill_and_serve(
    settings: Settings, engines: Engines, ranker: Ranker, clock: "Clock", port: int | None
) -> None:
    async with open_clients(settings, engines, ranker) as clients:
        clock.lap("建立约束和索引")
        reports: list[LoadReport] = []
        await load_demo_data(clients.graph, reports.append)
        skipped = sum(report.skipped for report in reports)
        clock.lap(f"导入 {len(reports)} 个文件（其中 {skipped} 个没有变化）")
        with bar("编码供给能力") as tell:
            await clients.matching.refresh(tell)
        clock.lap("供给索引")
        placed = await place_all(clients.graph, clients.matching)
        clock.lap(f"归入环节 {placed} 项")
        with bar("匹配采购计划") as tell:
            matched = await clients.matching.update_all(tell)
        clock.lap(f"匹配 {matched} 行需求")
        await _show(clients)
        if port is not None:
            clock.total(f"网页已就绪：http://127.0.0.1:{port}（Ctrl-C 停止）")
            await serve_pages(clients, port)


async def _show(clients: Clients) -> None:
    """Print the counts, one real notice and the first lines of one plan with their best suppliers."""
    console = Console(highlight=False)
    plans, matches = PlanRepository(clients.graph), MatchRepository(clients.graph)
    firms = await FirmRepository(clients.graph).count()
    lines, held = await plans.count_lines(), await matches.count()
    console.print(f"企业 {firms} 家，需求 {lines} 行，匹配 {held} 条。")
    for kind in (PlanKind.NOTICE, PlanKind.PLAN):
        views = [await plan_view(clients.graph, plan) for plan in await plans.all(kind)]
        best = max(views, key=lambda view: (view.confidence, view.plan.id))
        console.rule(f"{'采购公告（真实）' if kind is PlanKind.NOTICE else '采购计划（示例）'}：{best.plan.title}")
        for line in best.lines[:SHOWN_LINES]:
            console.print(supplier_table(line, SHOWN_TOP))


class Clock:
    """Says how long each step took, in seconds since the one before."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._start = self._last = time.perf_counter()

    def lap(self, what: str) -> None:
        """Print the time of the step that just ended."""
        now = time.perf_counter()
        self._console.print(f"{now - self._last:7.1f} 秒  {what}")
        self._last = now

    def total(self, what: str) -> None:
        """Print the time since the start."""
        self._console.print(f"共 {time.perf_counter() - self._start:.1f} 秒  {what}")
