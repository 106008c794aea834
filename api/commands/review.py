"""`qianglian review`: firms that may be one, side by side, for a person to decide (待核队列)."""

import dataclasses
import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from api.commands.connect import with_graph
from api.commands.options import AsJson
from graph.connection import Graph
from graph.firms import FirmRepository
from graph.identity import IdentityRepository, Question
from graph.model import Firm
from ingest.winner import winner_of

QuestionId = Annotated[str, typer.Argument(help="待核编号，见 qianglian review list。", metavar="ID")]
By = Annotated[str, typer.Option("--by", help="由谁核定（岗位，不写姓名）。")]
SHOWN_PRODUCTS = 5

group = typer.Typer(no_args_is_help=True, help="待核：可能是同一家的企业，由人核定。合并可以撤销。")


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.add_typer(group, name="review")


@group.command("list", help="列出待核的企业对，两边的登记并列。")
def list_questions(
    as_json: AsJson = False,
    everything: Annotated[bool, typer.Option("--all", help="连同已核定的。")] = False,
) -> None:
    """Show each open question with both firms side by side."""

    async def run(graph: Graph) -> list[dict[str, Any]]:
        questions = await IdentityRepository(graph).questions(open_only=not everything)
        codes = [code for question in questions for code in (question.left_code, question.right_code)]
        firms = {firm.code: firm for firm in await FirmRepository(graph).by_codes(codes)}
        return [_row(question, firms) for question in questions]

    rows = with_graph(run)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        table = Table(
            title=f"{row['id']}  相似度 {row['score']:.2f}  {row['why']}  [{row['state']}]", title_justify="left"
        )
        for name in ("", "左", "右"):
            table.add_column(name, overflow="fold")
        for key, label in _LABELS.items():
            table.add_row(label, str(row["left"].get(key) or ""), str(row["right"].get(key) or ""))
        Console().print(table)
    if not rows:
        typer.echo("没有待核的企业。")


@group.command("same", help="核定为同一企业并合并；可用 unmerge 撤销。")
def same(question: QuestionId, by: By = "命令行") -> None:
    """Merge the two firms of a question."""
    _decide(question, same=True, by=by)
    typer.echo("已合并。")


@group.command("different", help="核定为不同企业；以后不再问。")
def different(question: QuestionId, by: By = "命令行") -> None:
    """Keep the two firms of a question apart."""
    _decide(question, same=False, by=by)
    typer.echo("已记录为不同企业。")


@group.command("unmerge", help="撤销一次合并：写被并入的那个企业代码。")
def unmerge(code: Annotated[str, typer.Argument(help="被并入的企业代码。", metavar="CODE")]) -> None:
    """Take a merge back."""

    async def run(graph: Graph) -> None:
        await IdentityRepository(graph).unmerge(code)

    with_graph(run)
    typer.echo("已撤销合并。")


_LABELS = {
    "name": "名称",
    "code": "代码",
    "uscc": "信用代码",
    "division": "区划",
    "address": "地址",
    "products": "产品",
}


def _row(question: Question, firms: dict[str, Firm]) -> dict[str, Any]:
    return dataclasses.asdict(question) | {
        "left": _side(question.left_code, firms),
        "right": _side(question.right_code, firms),
    }


def _side(code: str, firms: dict[str, Firm]) -> dict[str, Any]:
    firm = firms.get(code)
    if firm is None:
        return {"code": code, "name": "（已合并或已撤销）"}
    products = "、".join(c.product for c in firm.capabilities[:SHOWN_PRODUCTS])
    return {
        "code": code,
        "name": firm.name,
        "uscc": firm.uscc,
        "division": firm.division,
        "address": firm.address,
        "products": products,
    }


def _decide(question_id: str, *, same: bool, by: str) -> None:
    async def run(graph: Graph) -> None:
        identity = IdentityRepository(graph)
        asked = {question.id: question for question in await identity.questions(open_only=False)}.get(question_id)
        winner = winner_of(asked.left_code, asked.right_code) if asked and same else None
        await identity.decide(question_id, same, by, winner=winner)

    with_graph(run)
