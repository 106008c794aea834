"""Brings the schema of an engine up to the numbered files in graph/schema, forward only (结构迁移).

ADR: a file is a list of statements that may each be repeated (`IF NOT EXISTS`, MERGE), because schema
statements cannot share a transaction with the node that records them: a migrator killed half-way
simply runs its file again. Applied files are recorded with their SHA-256, so an edited one is refused.
The lock is a lease on a node, renewed while the migrator lives: a killed one blocks the next for seconds.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from graph.adopt import adopt_records
from graph.connection import Graph
from graph.errors import GraphError, MigrationError

SCHEMA = Path(__file__).parent / "schema"
LEASE_SECONDS = 10.0

_FILE_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.cypher")
_SCHEMA_STATEMENT = re.compile(r"(CREATE|DROP)\s+(CONSTRAINT|(RANGE\s+|TEXT\s+)?INDEX)\b", re.IGNORECASE)

# What a file needs beside its statements and Cypher cannot say; like them, each may be repeated.
AFTERWARDS = {"0003_records": adopt_records}

BOOTSTRAP = (
    "CREATE CONSTRAINT migration_version IF NOT EXISTS FOR (n:Migration) REQUIRE n.version IS UNIQUE",
    "CREATE CONSTRAINT migration_lock_id IF NOT EXISTS FOR (n:MigrationLock) REQUIRE n.id IS UNIQUE",
)

# The CASE form takes the node's lock before it compares. The second SET stands apart because items of
# one SET do not see each other's new values.
TAKE_LOCK = """
MERGE (l:MigrationLock {id: 'schema'})
SET l.owner = CASE WHEN coalesce(l.until, 0) < timestamp() THEN $owner ELSE l.owner END
WITH l WHERE l.owner = $owner
SET l.until = timestamp() + $lease
RETURN l.owner AS owner
"""

RENEW_LOCK = """
MATCH (l:MigrationLock {id: 'schema'})
SET l.until = CASE WHEN l.owner = $owner THEN timestamp() + $lease ELSE l.until END
RETURN l.owner AS owner
"""

RELEASE_LOCK = """
MATCH (l:MigrationLock {id: 'schema'})
SET l.until = CASE WHEN l.owner = $owner THEN 0 ELSE l.until END
"""

APPLIED = "MATCH (m:Migration) RETURN m.version AS version, m.name AS name, m.sha256 AS sha256 ORDER BY version"

RECORD = """
MERGE (m:Migration {version: $version})
SET m.name = $name, m.sha256 = $sha256, m.applied_at = timestamp()
"""


@dataclass(frozen=True, slots=True)
class SchemaFile:
    """One numbered file and its statements, in order."""

    version: int
    name: str
    sha256: str
    statements: tuple[str, ...]


async def migrate(
    graph: Graph, folder: Path = SCHEMA, *, lease_seconds: float = LEASE_SECONDS, patience_seconds: float = 120.0
) -> list[str]:
    """Applies what is missing and returns the names of the files applied now; nothing to do is no error.

    Waits up to `patience_seconds` for another migrator. Raises MigrationError with code
    graph.migration.changed, .newer, .locked or .name, and GraphError as every query does.
    """
    files = read_files(folder)
    await graph.ping(deadline=30.0)
    for statement in BOOTSTRAP:
        await _schema(graph, statement)
    async with _lock(graph, lease_seconds, patience_seconds):
        waiting = _waiting(files, {row["version"]: row["sha256"] for row in await graph.read(APPLIED)})
        for file in waiting:
            for statement in file.statements:
                if _SCHEMA_STATEMENT.match(statement):
                    await _schema(graph, statement)
                else:
                    await graph.write(statement, upsert=True, deadline=300.0)
            if file.name in AFTERWARDS:
                await AFTERWARDS[file.name](graph)
            await graph.write(RECORD, upsert=True, version=file.version, name=file.name, sha256=file.sha256)
    return [file.name for file in waiting]


def read_files(folder: Path) -> list[SchemaFile]:
    """The files of `folder` by number. Raises MigrationError for a name that is wrong or a number used twice."""
    files: list[SchemaFile] = []
    for path in sorted(folder.glob("*.cypher")):
        name = _FILE_NAME.fullmatch(path.name)
        if name is None or any(file.version == int(name[1]) for file in files):
            raise MigrationError(
                f"迁移文件名 {path.name} 无效或编号重复。请命名为 0003_说明.cypher（英文小写）。",
                code="graph.migration.name",
            )
        text = path.read_text(encoding="utf-8")
        bare = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//"))
        statements = tuple(part.strip() for part in bare.split(";") if part.strip())
        files.append(SchemaFile(int(name[1]), path.stem, hashlib.sha256(text.encode()).hexdigest(), statements))
    return files


def _waiting(files: Sequence[SchemaFile], applied: dict[int, str]) -> list[SchemaFile]:
    newer = sorted(set(applied) - {file.version for file in files})
    if newer:
        raise MigrationError(f"数据库结构版本 {newer[-1]} 比程序新。请升级程序后再启动。", code="graph.migration.newer")
    for file in files:
        if applied.get(file.version, file.sha256) != file.sha256:
            raise MigrationError(
                f"迁移文件 {file.name} 在执行后被修改。请恢复原文件，并把改动写进新编号的文件。",
                code="graph.migration.changed",
            )
    return [file for file in files if file.version not in applied]


async def _schema(graph: Graph, statement: str) -> None:
    """One schema statement, tried again where two migrators create the same thing at once."""
    for turn in range(5):
        try:
            await graph.schema(statement)
        except GraphError as error:
            if turn == 4 or type(error) is not GraphError:
                raise
            await asyncio.sleep(0.1 * 2**turn)
        else:
            return


@asynccontextmanager
async def _lock(graph: Graph, lease_seconds: float, patience_seconds: float) -> AsyncIterator[None]:
    owner, lease = uuid4().hex, int(lease_seconds * 1000)
    try:
        async with asyncio.timeout(patience_seconds):
            while not await graph.write(TAKE_LOCK, upsert=True, owner=owner, lease=lease):
                await asyncio.sleep(min(0.2, lease_seconds / 4))
    except TimeoutError as error:
        raise MigrationError(
            f"另一个进程正在迁移数据库结构，等待 {patience_seconds:g} 秒未结束。请稍后重试。",
            code="graph.migration.locked",
        ) from error
    renewing = asyncio.create_task(_renew(graph, owner, lease))
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)
        await graph.write(RELEASE_LOCK, owner=owner)


async def _renew(graph: Graph, owner: str, lease: int) -> None:
    while True:
        await asyncio.sleep(lease / 3000)
        await graph.write(RENEW_LOCK, owner=owner, lease=lease)
