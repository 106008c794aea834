"""The command line (命令行). Exit codes: 0 ok, 1 refused input, 2 usage, 3 engine unreachable."""

import signal
import sys
from types import FrameType

import typer
from rich.console import Console

from api.commands import chain, demo, doctor, ingest, lexicon, plan, rank, serve
from api.failures import Failed
from graph.errors import GraphError, GraphNotFound, GraphValueError, MigrationError
from ingest.faults import IngestError
from matchmaker.errors import MatchmakerError

REFUSED, UNREACHABLE, INTERRUPTED = 1, 3, 130

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="强链 Qianglian：江苏产业链供需对接。设置见 QL_* 环境变量，体检用 qianglian doctor。",
)
for module in (demo, serve, doctor, plan, chain, rank, ingest, lexicon):
    module.register(app)


def main() -> None:
    """Run the command line; every expected failure becomes one message on stderr and an exit code."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        app()
    except (IngestError, MatchmakerError, GraphValueError, GraphNotFound, MigrationError, Failed) as error:
        console.print(str(error), style="red", markup=False)
        sys.exit(REFUSED)
    except GraphError as error:
        console.print(str(error), style="red", markup=False)
        sys.exit(UNREACHABLE)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    """End as Ctrl-C does, so that whatever started an engine stops it."""
    signal.raise_signal(signal.SIGINT)
