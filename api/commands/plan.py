"""`qianglian plan …`: the plans there are, and the suppliers of one of them (计划匹配)."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.clients import Clients
from api.commands.connect import with_clients, with_graph
from api.commands.options import AsJson
from api.commands.progress import bar
from api.commands.tables import supplier_table
from api.export import as_json_object, write_workbook
from api.failures import Failed
from api.matching import TOP
from api.views import PlanView, plan_view, view_of
from graph.connection import Graph
from graph.model import Match, Plan, PlanKind
from graph.plans import PlanRepository
from ingest.plans import PlanHeader, read_plan

group = typer.Typer(no_args_is_help=True, help="采购计划。")


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.add_typer(group, name="plan")


@group.command("list", help="列出已导入的计划和公告。")
def list_plans(as_json: AsJson = False) -> None:
    """Print id, number of lines and title of every plan and notice."""

    async def run(graph: Graph) -> list[Plan]:
        return await PlanRepository(graph).all()

    plans = with_graph(run)
    rows = [{"id": plan.id, "kind": plan.kind, "lines": len(plan.lines), "title": plan.title} for plan in plans]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(f"{row['id']}\t{row['lines']} 行\t{row['title']}" for row in rows) or "还没有计划。")


@group.command("match", help="给一份计划逐行找供应商：已导入的计划写编号（结果入库），文件写路径（只看不存）。")
def match(
    plan: Annotated[str, typer.Argument(help="计划编号，或 xlsx、CSV 文件。", metavar="ID|FILE")],
    top: Annotated[int, typer.Option("--top", min=1, max=100, help="每行取前几家。")] = TOP,
    sheet: Annotated[str | None, typer.Option("--sheet", help="多张工作表时，指明读哪一张。")] = None,
    as_json: AsJson = False,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="另存为 xlsx 工作簿。")] = None,
) -> None:
    """Rank the suppliers of each line and show them."""
    from_file = _read(Path(plan), sheet) if Path(plan).suffix.lower() in (".xlsx", ".xlsm", ".xls", ".csv") else None

    async def run(clients: Clients) -> PlanView:
        with bar("编码供给能力") as tell:
            await clients.matching.refresh(tell)
        if from_file is not None:
            return await view_of(clients.graph, from_file, _by_line(await clients.matching.match_plan(from_file, top)))
        stored = await PlanRepository(clients.graph).get(plan)
        if stored is None:
            raise Failed("plan.unknown", f"没有编号为 {plan} 的计划，也没有这个文件。请用 qianglian plan list 查编号。")
        await clients.matching.update(stored, top)
        return await plan_view(clients.graph, stored)

    view = with_clients(run)
    if xlsx is not None:
        write_workbook(xlsx, view, top)
    if as_json:
        typer.echo(json.dumps(as_json_object(view, top), ensure_ascii=False, indent=1))
    elif xlsx is None:
        console = Console(highlight=False)
        for line in view.lines:
            console.print(supplier_table(line, top))


def _read(path: Path, sheet: str | None) -> Plan:
    return read_plan(path, PlanHeader(kind=PlanKind.PLAN, title=path.stem, buyer="（未说明）"), sheet)


def _by_line(matches: list[Match]) -> dict[str, list[Match]]:
    found: dict[str, list[Match]] = {}
    for one in matches:
        found.setdefault(one.line_id, []).append(one)
    return found
