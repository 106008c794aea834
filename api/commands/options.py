"""Options that several commands take (共用选项)."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]
