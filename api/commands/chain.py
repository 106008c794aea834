"""`qianglian chain …`: the chains there are, and one of them as a tree (产业链)."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.tree import Tree

from api.chain_view import STATUS_WORDS, ChainView, LinkView, as_json, chain_view
from api.commands.connect import with_graph
from api.commands.options import AsJson
from api.failures import Failed
from graph.chains import ChainRepository
from graph.connection import Graph
from graph.model import Chain

group = typer.Typer(no_args_is_help=True, help="产业链：名单和一条链的环节树。")


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.add_typer(group, name="chain")


@group.command("list", help="列出产业链，写明名称的依据。")
def list_chains(as_json_lines: AsJson = False) -> None:
    """Print code, name and status of every chain."""

    async def run(graph: Graph) -> list[Chain]:
        return await ChainRepository(graph).chains()

    chains = with_graph(run)
    if as_json_lines:
        rows = [{"code": c.code, "name": c.name, "cluster": c.cluster_code, "status": c.status} for c in chains]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    lines = [f"{chain.code}\t{chain.name}\t{STATUS_WORDS[chain.status]}" for chain in chains]
    typer.echo("\n".join(lines) or "还没有产业链。请先运行 qianglian ingest atlas。")


@group.command("show", help="一条链的环节：上游、中游、下游，各产什么、供给谁、有几家企业。")
def show(
    code: Annotated[str, typer.Argument(help="产业链代码，见 qianglian chain list。", metavar="CHAIN")],
    as_json_object: AsJson = False,
) -> None:
    """Print one chain as a tree."""

    async def run(graph: Graph) -> ChainView | None:
        return await chain_view(graph, code)

    view = with_graph(run)
    if view is None:
        raise Failed("chain.unknown", f"没有代码为 {code} 的产业链。请用 qianglian chain list 查代码。")
    if as_json_object:
        typer.echo(json.dumps(as_json(view), ensure_ascii=False, indent=1))
    else:
        Console(highlight=False).print(tree_of(view))


def tree_of(view: ChainView) -> Tree:
    """The chain with layers, links, products and what they supply, as branches."""
    status = STATUS_WORDS[view.chain.status]
    tree = Tree(f"[bold]{view.chain.name}[/]（{view.cluster.name}；名称依据：{status}，{view.chain.source}）")
    for layer, rows in view.layers:
        branch = tree.add(f"[bold]{layer}[/]（{len(rows)} 个环节）")
        for row in rows:
            _add(branch, row)
    return tree


def _add(branch: Tree, row: LinkView) -> None:
    firms = f"{row.firms} 家企业" if row.firms else "尚无企业"
    node = branch.add(f"{row.link.name}（{row.link.kind or '环节'}，{firms}）")
    if row.products:
        node.add("产品：" + "、".join(product.name for product in row.products))
    if row.feeds:
        node.add(
            "供给：" + "、".join(f"{end.name}〔{end.chain.name}〕" if end.chain else end.name for end in row.feeds)
        )
