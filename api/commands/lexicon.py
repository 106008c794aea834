"""`qianglian lexicon pack`: for those who edit the product tables (词库维护)."""

from importlib.resources import files
from pathlib import Path

import typer

from api.commands.progress import bar
from api.matching import lexicon_entries
from api.settings import Settings
from ingest.atlas.lexicon import shipped_links
from matchmaker.anchors import PACK_FILE, AnchorPack, shipped_pack
from matchmaker.encoder import load_encoder
from matchmaker.lexicon import anchor_texts
from matchmaker.place import link_entries

group = typer.Typer(no_args_is_help=True, help="产品词库的维护。")


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.add_typer(group, name="lexicon")


@group.callback()
def lexicon() -> None:
    """Keep `pack` a command of its own."""


@group.command("pack", help="改了词表之后：把新词编码，写进随包发布的向量文件。")
def pack() -> None:
    """Encode the words of products and links that the shipped pack does not hold, and write it anew."""
    settings = Settings()
    encoder = load_encoder(settings.encoder, settings.models)
    with bar("编码新词") as tell:
        entries = [*lexicon_entries(), *link_entries(shipped_links())]
        packed = AnchorPack.of(anchor_texts(entries), encoder, shipped_pack(), tell)
    path = Path(str(files("matchmaker"))) / PACK_FILE
    packed.write(path)
    typer.echo(f"已写入 {path}（{path.stat().st_size / 2**20:.1f} MiB）。")
