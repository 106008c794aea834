"""Writes what a file says into the graph (导入): all is parsed before anything is written.

ADR: the id of a load is the hash of the source, the reader, the file's bytes and what was said with it, so
the same file finds its own load again. One that is done is skipped; one that was killed half-way is still
`running` and is run again under the same id, with upserts that change nothing twice. A reader's name
carries a number that is raised when it reads the same file differently than before.
"""

import asyncio
import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from graph.chains import ChainRepository
from graph.connection import Graph
from graph.divisions import Division, DivisionRepository
from graph.firms import FirmRepository
from graph.model import Firm, Load, LoadState, Plan, Source, stable_id
from graph.plans import PlanRepository
from graph.provenance import ProvenanceRepository
from ingest.chains import Atlas, read_chains
from ingest.divisions import table as division_names
from ingest.faults import Fault, Parsed, RefusedFile, size_fault
from ingest.firms_listed import read_listed_firms
from ingest.firms_register import read_register
from ingest.notices import read_notices
from ingest.plans import PlanHeader, PlanReading, plan_key, read_plan_noted
from ingest.unique import with_load

T = TypeVar("T")
Progress = Callable[[int, int], None]
FIRMS_A_BATCH = 500
_PIECE = 2**20
_LARGEST = 2**40


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of one file: `rows_read == accepted + rejected`, one fault a rejected row.

    `skipped` says that the same file was loaded before and nothing was written now. `plan_ids` are the
    plans that were written; a skipped plan file still names its plan.
    """

    load_id: str
    source_id: str
    file_name: str
    sha256: str
    rows_read: int
    accepted: int
    rejected: int
    skipped: bool = False
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    plan_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Job(Generic[T]):
    """One file to load: `parse` reads it whole, `rows` accounts for it, `write` puts it into the graph."""

    reader: str
    parse: Callable[[], T]
    rows: Callable[[T], tuple[int, tuple[Fault, ...]]]
    write: Callable[[T, str, Progress], Awaitable[tuple[str, ...]]]
    said: str = ""


async def load_listed_firms(graph: Graph, source: Source, path: Path, progress: Progress | None = None) -> LoadReport:
    """Listed firms from JSON lines. Raises RefusedFile before anything is written."""
    return await _load_firms(graph, source, path, ("listed/1", read_listed_firms), progress)


async def load_register(graph: Graph, source: Source, path: Path, progress: Progress | None = None) -> LoadReport:
    """A register of small firms from JSON lines. Raises RefusedFile before anything is written."""
    return await _load_firms(graph, source, path, ("register/1", read_register), progress)


async def load_notices(graph: Graph, source: Source, path: Path, progress: Progress | None = None) -> LoadReport:
    """Public purchase notices from JSON lines. Raises RefusedFile before anything is written."""

    async def write(parsed: Parsed[Plan], load_id: str, tell: Progress) -> tuple[str, ...]:
        plans = PlanRepository(graph)
        for done, plan in enumerate(parsed.items, start=1):
            await plans.save(with_load(plan, load_id), load_id)
            tell(done, len(parsed.items))
        return tuple(plan.id for plan in parsed.items)

    job = _Job("notices/1", lambda: read_notices(path), _rows_of_parsed, write)
    return await _run(graph, source, path, job, progress)


async def load_plan(
    graph: Graph,
    source: Source,
    path: Path,
    header: PlanHeader,
    progress: Progress | None = None,
    *,
    sheet: str | None = None,
) -> LoadReport:
    """One plan from xlsx or CSV, whole or not at all. Raises RefusedFile with every fault; nothing is written then.

    `sheet` names the sheet where several could be meant.
    """

    async def write(reading: PlanReading, load_id: str, tell: Progress) -> tuple[str, ...]:
        await PlanRepository(graph).save(with_load(reading.plan, load_id), load_id)
        tell(len(reading.plan.lines), len(reading.plan.lines))
        return (reading.plan.id,)

    job = _Job(
        "plan/1",
        lambda: read_plan_noted(path, header, sheet),
        lambda reading: (len(reading.plan.lines), ()),
        write,
        said=repr((header, sheet)),
    )
    report = await _run(graph, source, path, job, progress)
    return replace(report, plan_ids=(plan_key(header),))


async def load_chains(graph: Graph, source: Source, path: Path, progress: Progress | None = None) -> LoadReport:
    """Clusters, chains and links from YAML. Raises RefusedFile before anything is written."""

    async def write(atlas: Atlas, _: str, tell: Progress) -> tuple[str, ...]:
        chains = ChainRepository(graph)
        await chains.save_clusters(atlas.clusters)
        await chains.save_chains(atlas.chains)
        await chains.save_links(atlas.links)
        tell(_size(atlas), _size(atlas))
        return ()

    job = _Job("chains/1", lambda: read_chains(path), lambda atlas: (_size(atlas), ()), write)
    return await _run(graph, source, path, job, progress)


async def load_divisions(graph: Graph) -> int:
    """The divisions of Jiangsu that ship with the package; repeating it changes nothing. Returns their number."""
    divisions = [Division(code, name, code[:-2] or None) for code, name in division_names().items()]
    await DivisionRepository(graph).save_many(divisions)
    return len(divisions)


async def _load_firms(
    graph: Graph,
    source: Source,
    path: Path,
    reader: tuple[str, Callable[[Path], Parsed[Firm]]],
    progress: Progress | None,
) -> LoadReport:
    name, read = reader

    async def write(parsed: Parsed[Firm], load_id: str, tell: Progress) -> tuple[str, ...]:
        firms = FirmRepository(graph)
        for start in range(0, len(parsed.items), FIRMS_A_BATCH):
            batch = parsed.items[start : start + FIRMS_A_BATCH]
            await firms.save_many([with_load(firm, load_id) for firm in batch], load_id)
            tell(start + len(batch), len(parsed.items))
        return ()

    return await _run(graph, source, path, _Job(name, lambda: read(path), _rows_of_parsed, write), progress)


async def _run(graph: Graph, source: Source, path: Path, job: _Job[T], progress: Progress | None) -> LoadReport:
    sha256 = await asyncio.to_thread(_sha256, path)
    load_id = stable_id("load", source.id, job.reader, sha256, job.said)
    provenance = ProvenanceRepository(graph)
    known = await provenance.get_load(load_id)
    if known is not None and known.state is LoadState.DONE:
        note = f"{path.name} 已在 {known.started_at} 导入过, 内容没有变化, 这次跳过。"
        counts = known.rows_read, known.accepted, known.rejected
        return LoadReport(load_id, source.id, path.name, sha256, *counts, skipped=True, notes=(note,))
    # In a thread, because a large file must not stop the event loop of a serving process.
    parsed = await asyncio.to_thread(job.parse)
    accepted, faults = job.rows(parsed)
    await provenance.save_source(source)
    await provenance.begin_load(Load(load_id, source.id, path.name, sha256, LoadState.RUNNING, _now()))
    plan_ids = await job.write(parsed, load_id, progress or _silent)
    read = accepted + len(faults)
    await provenance.finish_load(load_id, read, accepted, len(faults))
    notes = parsed.notes if isinstance(parsed, PlanReading) else ()
    counts = read, accepted, len(faults)
    return LoadReport(load_id, source.id, path.name, sha256, *counts, faults=faults, notes=notes, plan_ids=plan_ids)


def _rows_of_parsed(parsed: Parsed[Firm] | Parsed[Plan]) -> tuple[int, tuple[Fault, ...]]:
    return len(parsed.items), parsed.faults


def _size(atlas: Atlas) -> int:
    return len(atlas.clusters) + len(atlas.chains) + len(atlas.links)


def _sha256(path: Path) -> str:
    if fault := size_fault(path, _LARGEST):
        raise RefusedFile([fault])
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _silent(_done: int, _total: int) -> None:
    return None
