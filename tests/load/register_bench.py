"""`python -m tests.load.register_bench [rows]`: a messy register into the graph, next to a raw load of the same firms.

Prints rows/s and peak memory of the whole way (xlsx → rows → validated → resolved → records and firms), of its parts,
and of the floor: the same firms and capabilities by plain UNWIND through the same driver, into an engine of its own.
Both on an embedded engine that starts empty. A number on a screen, never a test.
"""

import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

from graph.connection import Graph
from graph.embedded import EmbeddedEngines
from graph.migrate import migrate
from graph.model import Firm, Source
from ingest.kinds.chain_names import ChainNames
from ingest.load import load_register
from ingest.register_table import RegisterSaid, read_register_table
from ingest.resolve import resolve
from tests.load.registers import write

BATCH = 1_000
SOURCE = Source("bench", "示例名录", "随本项目", synthetic=True)
RAW_FIRMS = """
UNWIND $rows AS row
MERGE (f:Firm {code: row.code})
SET f += row.props
"""
RAW_CAPABILITIES = """
UNWIND $rows AS row
MATCH (f:Firm {code: row.firm})
MERGE (c:Capability {id: row.id})
SET c.product = row.product
MERGE (f)-[:OFFERS]->(c)
"""


def main() -> None:
    """Make the register, load it both ways, print the rows."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60_000
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "名录.xlsx", count)
        print(f"{count} rows, {path.stat().st_size / 2**20:.1f} MiB xlsx")
        start = time.perf_counter()
        firms = read_register_table(path, RegisterSaid(ChainNames({}), synthetic=True)).items
        _say("parse alone", count, start)
        start = time.perf_counter()
        found = resolve(firms, [])
        _say(f"resolve alone ({len(found.questions)} questions)", count, start)
        raw = _on_an_engine(partial(_raw, firms=firms))
        _print("raw UNWIND load", count, raw)
        del firms, found

        async def whole(graph: Graph) -> None:
            report = await load_register(graph, SOURCE, path)
            assert report.rows_read == count, report

        took = _on_an_engine(whole)
        _print("xlsx → graph, validated and resolved", count, took)
        print(
            f"ratio to raw {took / raw:.2f}; parse and resolve cannot overlap the writing, for who is who comes first"
        )
        own, child = (
            resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        print(f"peak memory {own:.0f} MiB, biggest child (engine, parser) {child:.0f} MiB")


def _on_an_engine(work: Callable[[Graph], Awaitable[None]]) -> float:
    async def connected() -> float:
        async with Graph.connect(engines.graph) as graph:
            await migrate(graph)
            start = time.perf_counter()
            await work(graph)
            return time.perf_counter() - start

    with tempfile.TemporaryDirectory() as home, EmbeddedEngines(Path(home), redis=False) as engines:
        return asyncio.run(connected())


async def _raw(graph: Graph, firms: Sequence[Firm]) -> None:
    by_code = {firm.code: firm for firm in firms}
    rows = list(by_code.values())
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        props = [{"code": firm.code, "props": _props(firm)} for firm in batch]
        capabilities = [
            {"firm": firm.code, "id": capability.id, "product": capability.product}
            for firm in batch
            for capability in firm.capabilities
        ]
        statements = [(RAW_FIRMS, {"rows": props}), (RAW_CAPABILITIES, {"rows": capabilities})]
        await graph.write_all(statements, upsert=True, deadline=120.0)


def _props(firm: Firm) -> dict[str, object]:
    values = {
        "name": firm.name,
        "division": firm.division,
        "uscc": firm.uscc,
        "address": firm.address,
        "industry": firm.industry,
        "staff": firm.staff,
        "revenue_cny": firm.revenue_cny,
        "tier": firm.tier,
        "certificates": list(firm.certificates),
        "synthetic": True,
    }
    return {name: value for name, value in values.items() if value is not None}


def _say(what: str, count: int, start: float) -> None:
    _print(what, count, time.perf_counter() - start)


def _print(what: str, count: int, seconds: float) -> None:
    print(f"{what:45} {seconds:8.1f} s {count / seconds:8.0f} rows/s", flush=True)


if __name__ == "__main__":
    main()
