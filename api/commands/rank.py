"""`qianglian rank`: two lists, no graph (两表匹配)."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands.progress import bar
from api.matching import open_ranker
from api.settings import Settings
from matchmaker.lists import read_needs, read_offers, write_ranks
from matchmaker.rank import rank as rank_lists


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("rank", help="给两张表排序：需求（编号、文字）、供给（编号、企业编号、文字），制表符分隔。")(rank)


def rank(
    needs: Annotated[Path, typer.Option("--needs", help="需求表：id<TAB>text。")],
    offers: Annotated[Path, typer.Option("--offers", help="供给表：id<TAB>supplier_id<TAB>text。")],
    out: Annotated[Path, typer.Option("--out", help="结果文件（JSON Lines）。")],
    top: Annotated[int, typer.Option("--top", min=1, help="每条需求取前几家。")] = 10,
) -> None:
    """Rank the suppliers of the offers for each need; the same input gives the same bytes."""
    wanted, offered = read_needs(needs), read_offers(offers)
    settings = Settings()
    with bar("编码产品词库") as tell:
        ranker = open_ranker(settings, tell)
    with bar("编码供给") as tell:
        ranked = rank_lists(wanted, offered, top, ranker.encoder, ranker.lexicon, tell)
    write_ranks(out, wanted, ranked)
