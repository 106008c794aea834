"""`qianglian doctor`: what is wrong with this machine and how to mend it (体检)."""

import dataclasses
import json
from typing import Annotated

import typer
from rich.console import Console

from api.doctor import exit_code, render, run_checks
from api.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("doctor", help="检查 Python、引擎、模型、磁盘、端口，并说明如何修正。")(doctor)


def doctor(
    deep: Annotated[bool, typer.Option("--deep", help="另在临时目录里真正启动一次引擎。")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    """Check the machine; exit 1 where something is lacking, 3 where an engine cannot be reached."""
    settings = Settings()
    checks = run_checks(
        settings.home,
        cache=settings.models,
        encoder=settings.encoder,
        port=settings.port,
        external_graph=settings.external_graph,
        external_redis=settings.redis_url,
        deep=deep,
    )
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(check) for check in checks], ensure_ascii=False, indent=1))
    else:
        Console().print(render(checks))
    raise typer.Exit(exit_code(checks))
