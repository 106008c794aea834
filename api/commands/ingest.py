"""`qianglian ingest …` and `qianglian migrate`: files into the graph (导入)."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.commands.connect import with_graph
from graph.connection import Graph
from graph.migrate import migrate
from graph.model import PlanKind, Source
from ingest.faults import RefusedFile
from ingest.load import LoadReport, load_chains, load_listed_firms, load_notices, load_plan, load_register
from ingest.plans import PlanHeader

Loader = Callable[[Graph, Source, Path], Awaitable[LoadReport]]
Files = Annotated[list[Path], typer.Argument(help="要导入的文件，可以有多个。", metavar="FILE...")]
SourceName = Annotated[str, typer.Option("--source", help="数据来源的名称，例如“省工信厅2026年名单”。")]
Licence = Annotated[str, typer.Option("--licence", help="许可或使用范围。")]
Synthetic = Annotated[bool, typer.Option("--synthetic", help="示例（虚构）数据。")]

group = typer.Typer(no_args_is_help=True, help="把文件导入图数据库；同一文件导入两次等于一次。")


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.add_typer(group, name="ingest")
    app.command("migrate", help="建立或升级图数据库的约束与索引。")(migrate_command)


def migrate_command() -> None:
    """Bring the schema up to date."""

    async def run(graph: Graph) -> list[str]:
        return await migrate(graph)

    applied = with_graph(run)
    typer.echo("\n".join(applied) if applied else "已是最新，无需升级。")


@group.command("chains", help="集群、产业链、环节（YAML）。")
def chains(files: Files, source: SourceName, licence: Licence = "未注明", synthetic: Synthetic = False) -> None:
    """Load clusters, chains and links."""
    _load(files, _source(source, licence, synthetic), load_chains)


@group.command("firms", help="企业：上市公司清单或中小企业名录（JSON Lines，自动识别）。")
def firms(files: Files, source: SourceName, licence: Licence = "未注明", synthetic: Synthetic = False) -> None:
    """Load listed firms or a register of small firms."""

    async def either(graph: Graph, where: Source, path: Path) -> LoadReport:
        with path.open(encoding="utf-8", errors="replace") as file:
            listed = '"stock_code"' in file.readline()
        return await (load_listed_firms if listed else load_register)(graph, where, path)

    _load(files, _source(source, licence, synthetic), either)


@group.command("notices", help="采购公告（JSON Lines）。")
def notices(files: Files, source: SourceName, licence: Licence = "未注明") -> None:
    """Load public purchase notices."""
    _load(files, _source(source, licence, False), load_notices)


@group.command("plans", help="领航企业采购计划（xlsx 或 CSV）：有一处错误即整份拒收，并一次列出全部错误。")
def plans(
    files: Files,
    buyer: Annotated[str, typer.Option("--buyer", help="采购单位全称。")],
    title: Annotated[str | None, typer.Option("--title", help="计划名称；不填则用文件名。")] = None,
    chain: Annotated[str | None, typer.Option("--chain", help="产业链代码。")] = None,
    published: Annotated[str | None, typer.Option("--published", help="发布日期，如 2026-11-02。")] = None,
    closes: Annotated[str | None, typer.Option("--closes", help="截止日期，如 2026-12-31。")] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="多张工作表时，指明读哪一张。")] = None,
    source: SourceName = "领航企业上报",
    licence: Licence = "仅限本系统使用",
    synthetic: Synthetic = False,
) -> None:
    """Load procurement plans, one a file."""
    if title is not None and len(files) > 1:
        raise typer.BadParameter("多个文件不能共用一个计划名称。请逐个导入，或不填 --title 而用文件名。")

    async def one(graph: Graph, where: Source, path: Path) -> LoadReport:
        header = PlanHeader(PlanKind.PLAN, title or path.stem, buyer, chain, published, closes, synthetic)
        return await load_plan(graph, where, path, header, sheet=sheet)

    _load(files, _source(source, licence, synthetic), one)


def _source(name: str, licence: str, synthetic: bool) -> Source:
    return Source(id=name, name=name, licence=licence, synthetic=synthetic)


def _load(files: list[Path], source: Source, loader: Loader) -> None:
    """Load one file after the other; a refused file stops neither the others nor hides its faults."""

    async def run(graph: Graph) -> list[RefusedFile]:
        refused = []
        for path in files:
            try:
                _tell(await loader(graph, source, path))
            except RefusedFile as error:
                refused.append(error)
        return refused

    refused = with_graph(run)
    if refused:
        raise RefusedFile([fault for error in refused for fault in error.faults])


def _tell(report: LoadReport) -> None:
    console = Console(highlight=False, soft_wrap=True)
    if not report.skipped:
        console.print(
            f"{report.file_name}：读取 {report.rows_read} 行，接受 {report.accepted} 行，拒收 {report.rejected} 行。"
        )
    for remark in (*report.notes, *map(str, report.faults)):
        console.print(remark, markup=False)
