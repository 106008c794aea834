"""A migrator that is killed: `python -m tests.graph.killed_migrator FOLDER STATEMENTS`, settings on standard input.

It sends itself SIGKILL before the schema statement that follows the given number of them.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from graph.connection import Graph, GraphSettings
from graph.migrate import BOOTSTRAP, migrate


class DyingGraph(Graph):
    """Lives for `left` schema statements."""

    left = 0

    async def schema(self, statement: str, *, deadline: float = 300.0) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
        await super().schema(statement, deadline=deadline)


async def main() -> None:
    """Migrates until it dies."""
    async with DyingGraph.connect(GraphSettings(**json.load(sys.stdin))) as graph:
        graph.left = len(BOOTSTRAP) + int(sys.argv[2])
        await migrate(graph, Path(sys.argv[1]), lease_seconds=1.0)


if __name__ == "__main__":
    asyncio.run(main())
