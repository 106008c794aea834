"""The schema only goes forward, whoever starts it, however often, and wherever it was killed."""

import asyncio
import importlib
import json
import pkgutil
import re
import signal
import sys
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path

import pytest

import graph as graph_package
from graph.connection import Graph, GraphSettings
from graph.errors import MigrationError
from graph.labels import KEYS
from graph.migrate import SCHEMA, migrate, read_files
from tests.engines.wipe import fingerprint

NAMES = [file.name for file in read_files(SCHEMA)]

FIRST = "CREATE CONSTRAINT a IF NOT EXISTS FOR (n:Apple) REQUIRE n.id IS UNIQUE;\n"
SECOND = (
    "// data\nCREATE INDEX b IF NOT EXISTS FOR (n:Apple) ON (n.name);\nMERGE (n:Apple {id: 'one'}) SET n.name = 'red';"
)


def files(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name.removeprefix('_')}.cypher").write_text(text, encoding="utf-8")
    return folder


async def test_a_second_run_has_nothing_to_do(empty_graph: Graph) -> None:
    assert await migrate(empty_graph) == NAMES
    before = await fingerprint(empty_graph)
    assert await migrate(empty_graph) == []
    assert await fingerprint(empty_graph) == before


async def test_every_label_has_its_key_constraint(graph: Graph) -> None:
    rows = await graph.read("SHOW CONSTRAINTS YIELD labelsOrTypes, properties RETURN labelsOrTypes, properties")
    constrained = {(row["labelsOrTypes"][0], row["properties"][0]) for row in rows}
    assert constrained == set(KEYS.items()) | {("Migration", "version"), ("MigrationLock", "id")}


def cypher_of_the_package() -> str:
    modules = [importlib.import_module(f"graph.{found.name}") for found in pkgutil.iter_modules(graph_package.__path__)]
    constants = [value for module in modules for value in vars(module).values() if isinstance(value, str)]
    return "\n".join(constants)


def test_every_merge_of_a_node_is_by_the_key_of_its_label() -> None:
    merged = set(re.findall(r"MERGE \(\w*:(\w+) \{(\w+):", cypher_of_the_package()))
    keys = KEYS | {"Migration": "version", "MigrationLock": "id"}
    assert merged
    assert {(label, keys.get(label)) for label, _ in merged} == merged


def test_no_relationship_type_has_the_name_of_a_label() -> None:
    # The embedded engine keeps both in one name space.
    types = set(re.findall(r"\[\w*:(\w+)", cypher_of_the_package()))
    assert types
    assert types.isdisjoint(KEYS)
    assert all(kind == kind.upper() for kind in types)


async def test_migrators_that_start_at_once_apply_each_file_once(
    empty_graph: Graph, graph_settings: GraphSettings
) -> None:
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(Graph.connect(graph_settings)) for _ in range(4)]
        applied = await asyncio.gather(*(migrate(client) for client in clients))
    assert sorted(name for names in applied for name in names) == NAMES
    assert await migrate(empty_graph) == []


async def test_a_new_file_is_applied_and_only_it(empty_graph: Graph, tmp_path: Path) -> None:
    folder = files(tmp_path, _0001_first=FIRST)
    assert await migrate(empty_graph, folder) == ["0001_first"]
    files(folder, _0002_second=SECOND)
    assert await migrate(empty_graph, folder) == ["0002_second"]
    assert (await empty_graph.read("MATCH (n:Apple) RETURN n.name AS name"))[0]["name"] == "red"


async def test_a_changed_file_is_refused_by_name(empty_graph: Graph, tmp_path: Path) -> None:
    folder = files(tmp_path, _0001_first=FIRST)
    await migrate(empty_graph, folder)
    files(folder, _0001_first=FIRST + SECOND)
    with pytest.raises(MigrationError, match="0001_first") as caught:
        await migrate(empty_graph, folder)
    assert caught.value.code == "graph.migration.changed"
    assert not await empty_graph.read("MATCH (n:Apple) RETURN 1 AS one")


async def test_an_engine_with_a_newer_schema_is_refused(empty_graph: Graph, tmp_path: Path) -> None:
    folder = files(tmp_path, _0001_first=FIRST, _0002_second=SECOND)
    await migrate(empty_graph, folder)
    (folder / "0002_second.cypher").unlink()
    with pytest.raises(MigrationError) as caught:
        await migrate(empty_graph, folder)
    assert caught.value.code == "graph.migration.newer"


@pytest.mark.parametrize("name", ["1_first", "0001-first", "0001_other"])
def test_a_wrong_name_or_a_number_used_twice_is_refused(tmp_path: Path, name: str) -> None:
    folder = files(tmp_path, _0001_first=FIRST, **{f"_{name}": FIRST})
    with pytest.raises(MigrationError) as caught:
        read_files(folder)
    assert caught.value.code == "graph.migration.name"


async def test_a_migrator_that_still_works_is_waited_for_and_then_named(empty_graph: Graph) -> None:
    await migrate(empty_graph)
    await empty_graph.write("MATCH (l:MigrationLock) SET l.owner = 'other', l.until = timestamp() + 600000")
    with pytest.raises(MigrationError) as caught:
        await migrate(empty_graph, patience_seconds=0.5)
    assert caught.value.code == "graph.migration.locked"


@pytest.mark.parametrize("statements", [0, 1, 7, len(KEYS) + 2])
async def test_a_killed_migrator_is_continued_by_the_next(
    empty_graph: Graph, graph_settings: GraphSettings, statements: int
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.graph.killed_migrator",
        str(SCHEMA),
        str(statements),
        stdin=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    await process.communicate(json.dumps(asdict(graph_settings)).encode())
    assert process.returncode == -signal.SIGKILL
    assert (await migrate(empty_graph))[-1] == NAMES[-1]
    after_kill = await fingerprint(empty_graph)
    assert await migrate(empty_graph) == []
    assert len(after_kill) == sum(len(file.statements) for file in read_files(SCHEMA)) + 3
