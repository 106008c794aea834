"""`qianglian loads`: what was loaded from where, and taking one load back (导入批次)."""

import dataclasses
import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.commands.connect import with_graph
from api.commands.options import AsJson
from graph.connection import Graph
from graph.loads import UndoReport
from graph.loads import undo as undo_load
from graph.model import Load
from graph.provenance import ProvenanceRepository

group = typer.Typer(invoke_without_command=True, help="导入批次：列出，或撤销其中一次。")


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.add_typer(group, name="loads")


@group.callback()
def list_loads(context: typer.Context, as_json: AsJson = False) -> None:
    """List every load, oldest first."""
    if context.invoked_subcommand is not None:
        return

    async def run(graph: Graph) -> list[Load]:
        return await ProvenanceRepository(graph).loads()

    loads = with_graph(run)
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(load) for load in loads], ensure_ascii=False, indent=1))
        return
    table = Table("编号", "时间", "来源", "文件", "状态", "读取", "接受", "拒收")
    for load in loads:
        state = "完成" if load.state == "done" else "未完成（重新导入同一文件即可续完）"
        counts = (str(load.rows_read), str(load.accepted), str(load.rejected))
        table.add_row(load.id, load.started_at, load.source_id, load.file_name, state, *counts)
    Console().print(table if loads else "还没有导入过文件。")


@group.command("undo", help="撤销一次导入：只由它说过的事实都收回，别的来源说过的保留。")
def undo(
    load_id: Annotated[str, typer.Argument(help="批次编号，见 qianglian loads。", metavar="ID")],
    as_json: AsJson = False,
) -> None:
    """Take one load back."""

    async def run(graph: Graph) -> UndoReport:
        return await undo_load(graph, load_id)

    report = with_graph(run)
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(report), ensure_ascii=False))
        return
    typer.echo(
        f"已撤销：删去企业 {report.firms_removed} 家、计划 {report.plans_removed} 份、"
        f"目录与图谱条目 {report.map_removed} 个；"
        f"企业 {report.firms_changed} 家、计划 {report.plans_changed} 份恢复为其他来源的内容。"
    )
