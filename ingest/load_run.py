"""One reading of one file into the graph (一次导入): all is parsed before anything is written.

ADR: the id of a load is the hash of the source, the reader, the file's bytes and what was said with it, so
the same file finds its own load again. One that is done is skipped; one that was killed half-way is still
`running` and is run again under the same id, with upserts that change nothing twice. A reader's name
carries a number that is raised when it reads the same file differently than before.
"""

import asyncio
import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from graph.connection import Graph
from graph.model import Load, LoadState, Source, stable_id
from graph.provenance import ProvenanceRepository
from ingest.faults import RefusedFile, size_fault
from ingest.kinds.reading import Reading
from ingest.load_report import LoadReport, Written

T = TypeVar("T")
Progress = Callable[[int, int], None]
_LARGEST = 2**40


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """How one file is read and written. `said` is all that was said with it and changes what is read.

    `write` gets the id of the load, or None where nothing is to be written and only said what would be.
    """

    reader: str
    read: Callable[[], Reading[T]]
    write: Callable[[Reading[T], str | None, Progress], Awaitable[Written]]
    said: str = ""


async def run_load(
    graph: Graph,
    source: Source,
    path: Path,
    job: Job[T],
    progress: Progress | None = None,
    *,
    dry_run: bool = False,
) -> LoadReport:
    """Read the file and write it as one load. Raises RefusedFile before anything is written."""
    sha256 = await asyncio.to_thread(_sha256, path)
    load_id = stable_id("load", source.id, job.reader, sha256, job.said)
    provenance = ProvenanceRepository(graph)
    known = await provenance.get_load(load_id)
    if known is not None and known.state is LoadState.DONE:
        note = f"{path.name} 已在 {known.started_at} 导入过, 内容没有变化, 这次跳过。"
        counts = known.rows_read, known.accepted, known.rejected
        return LoadReport(load_id, source.id, path.name, sha256, *counts, skipped=True, notes=(note,), dry_run=dry_run)
    # In a thread, because a large file must not stop the event loop of a serving process.
    reading = await asyncio.to_thread(job.read)
    counts = reading.rows_read, reading.accepted, len(reading.rejected)
    if not dry_run:
        await provenance.save_source(source)
        await provenance.begin_load(Load(load_id, source.id, path.name, sha256, LoadState.RUNNING, _now()))
    written = await job.write(reading, None if dry_run else load_id, progress or _silent)
    if not dry_run:
        await provenance.finish_load(load_id, *counts)
    return LoadReport(
        load_id,
        source.id,
        path.name,
        sha256,
        *counts,
        faults=reading.faults,
        notes=(*reading.notes, *written.notes),
        plan_ids=written.plan_ids,
        dry_run=dry_run,
        flags=tuple(reading.flags),
        written=written,
        refused=tuple(reading.rejected),
        header=reading.header,
    )


def _sha256(path: Path) -> str:
    """The hash of the file, or of all that stands in a folder, with the names."""
    if path.is_dir():
        inside = sorted(file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
        parts = "\n".join(f"{file.relative_to(path).as_posix()} {_sha256(file)}" for file in inside)
        return hashlib.sha256(parts.encode()).hexdigest()
    if fault := size_fault(path, _LARGEST):
        raise RefusedFile([fault])
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _silent(_done: int, _total: int) -> None:
    return None
