"""Loads one file of each kind (各类文件的导入): which reader reads it, and what writes what it says."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

from graph.catalogue import CatalogueRepository
from graph.chains import ChainRepository
from graph.connection import Graph
from graph.divisions import Division, DivisionRepository
from graph.model import CatalogueEntry, Firm, Plan, Source
from graph.plans import PlanRepository
from ingest.catalogue import read_catalogue
from ingest.divisions import PROVINCE
from ingest.divisions import table as division_names
from ingest.firms_listed import read_listed_firms
from ingest.firms_register import read_register
from ingest.intentions import read_intentions
from ingest.kinds.chain_names import ChainNames
from ingest.kinds.division_table import read_divisions
from ingest.kinds.reading import PLAIN, Reading, TableChoice, is_table, of_parsed
from ingest.kinds.titles import Announcement
from ingest.load_report import LoadReport, Written
from ingest.load_run import Job, Progress, run_load
from ingest.membership import MembershipSaid, read_membership
from ingest.notices import read_notices
from ingest.pipeline import write_firms
from ingest.plans import PlanHeader, plan_key, read_plan_noted
from ingest.recognition import RecognitionSaid, read_recognition
from ingest.register_table import RegisterSaid, read_register_table
from ingest.unique import with_load

__all__ = ["LoadReport", "Progress"]

PLANS_A_BATCH = 200
ENTRIES_A_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class How:
    """How a file is loaded: the mapping and sheet of a table, only tried (`dry_run`), and who hears of progress."""

    choice: TableChoice = PLAIN
    dry_run: bool = False
    progress: Progress | None = None

    @property
    def said(self) -> str:
        """What of it changes what is read."""
        return "" if self.choice == PLAIN else repr(self.choice)


AS_IT_IS = How()


async def load_listed_firms(graph: Graph, source: Source, path: Path, how: How = AS_IT_IS) -> LoadReport:
    """Listed firms from JSON lines. Raises RefusedFile before anything is written."""
    return await _load_firms(graph, source, path, how, "listed/2", lambda: of_parsed(read_listed_firms(path)))


async def load_register(graph: Graph, source: Source, path: Path, how: How = AS_IT_IS) -> LoadReport:
    """A register of firms, from a table or from JSON lines. Raises RefusedFile before anything is written."""
    if not is_table(path):
        return await _load_firms(graph, source, path, how, "register/2", lambda: of_parsed(read_register(path)))
    said = RegisterSaid(await _chain_names(graph), source.synthetic)
    read: Callable[[], Reading[Firm]] = lambda: read_register_table(path, said, how.choice)  # noqa: E731
    return await _load_firms(graph, source, path, how, "register-table/1", read)


async def load_recognition(
    graph: Graph, source: Source, path: Path, given: Announcement, how: How = AS_IT_IS
) -> LoadReport:
    """A recognition list; `given` is what the list does not say of itself. Raises RefusedFile."""
    said = RecognitionSaid(given, source.synthetic)
    read: Callable[[], Reading[Firm]] = lambda: read_recognition(path, said, how.choice)  # noqa: E731
    return await _load_firms(graph, source, path, how, "recognition/1", read, repr(given))


async def load_membership(
    graph: Graph, source: Source, path: Path, said: MembershipSaid, how: How = AS_IT_IS
) -> LoadReport:
    """A list of the firms of chains; the chains of the graph are added to `said`. Raises RefusedFile."""
    knowing = replace(said, chains=await _chain_names(graph), synthetic=source.synthetic)
    read: Callable[[], Reading[Firm]] = lambda: read_membership(path, knowing, how.choice)  # noqa: E731
    return await _load_firms(graph, source, path, how, "membership/1", read, repr((said.chain, said.role)))


async def load_notices(graph: Graph, source: Source, path: Path, how: How = AS_IT_IS) -> LoadReport:
    """Public purchase notices from JSON lines. Raises RefusedFile before anything is written."""
    job = Job("notices/2", lambda: of_parsed(read_notices(path)), _plan_writer(graph))
    return await run_load(graph, source, path, job, how.progress, dry_run=how.dry_run)


async def load_intentions(
    graph: Graph, source: Source, path: Path, buyer: str | None = None, how: How = AS_IT_IS
) -> LoadReport:
    """Government purchase intentions, from a table or JSON lines. Raises RefusedFile."""
    read = lambda: read_intentions(path, how.choice, buyer)  # noqa: E731
    job = Job("intentions/1", read, _plan_writer(graph), said=how.said + (buyer or ""))
    return await run_load(graph, source, path, job, how.progress, dry_run=how.dry_run)


async def load_plan(
    graph: Graph,
    source: Source,
    path: Path,
    header: PlanHeader,
    how: How = AS_IT_IS,
) -> LoadReport:
    """One plan from a table, whole or not at all. Raises RefusedFile with every fault; nothing is written then."""

    def read() -> Reading[Plan]:
        found = read_plan_noted(path, header, how.choice.sheet)
        return Reading([found.plan], notes=found.notes, accepted=len(found.plan.lines))

    job = Job("plan/2", read, _plan_writer(graph), said=repr((header, how.choice.sheet)))
    report = await run_load(graph, source, path, job, how.progress, dry_run=how.dry_run)
    return replace(report, plan_ids=(plan_key(header),))


async def load_catalogue(
    graph: Graph, source: Source, path: Path, scheme: str | None = None, how: How = AS_IT_IS
) -> LoadReport:
    """A catalogue of goods, classes or procurement items. Raises RefusedFile."""

    async def write(reading: Reading[CatalogueEntry], load_id: str | None, tell: Progress) -> Written:
        entries = reading.items
        for start in range(0, len(entries) if load_id else 0, ENTRIES_A_BATCH):
            batch = entries[start : start + ENTRIES_A_BATCH]
            await CatalogueRepository(graph).save_many(batch, load_id or "")
            tell(start + len(batch), len(entries))
        return Written(added=len(entries))

    read = lambda: read_catalogue(path, scheme, how.choice)  # noqa: E731
    job = Job("catalogue/1", read, write, said=how.said + (scheme or ""))
    return await run_load(graph, source, path, job, how.progress, dry_run=how.dry_run)


async def load_division_file(graph: Graph, source: Source, path: Path, how: How = AS_IT_IS) -> LoadReport:
    """Administrative divisions from a table of codes and names. Raises RefusedFile."""

    async def write(reading: Reading[Division], load_id: str | None, tell: Progress) -> Written:
        if load_id:
            await DivisionRepository(graph).save_many(reading.items)
            tell(len(reading.items), len(reading.items))
        return Written(added=len(reading.items))

    job = Job("divisions/1", lambda: read_divisions(path), write)
    return await run_load(graph, source, path, job, how.progress, dry_run=how.dry_run)


async def load_divisions(graph: Graph) -> int:
    """The divisions of Jiangsu that ship with the package; repeating it changes nothing. Returns their number."""
    names = {code: name for code, name in division_names().items() if code.startswith(PROVINCE)}
    divisions = [Division(code, name, code[:-2] or None) for code, name in names.items()]
    await DivisionRepository(graph).save_many(divisions)
    return len(divisions)


async def _load_firms(
    graph: Graph,
    source: Source,
    path: Path,
    how: How,
    reader: str,
    read: Callable[[], Reading[Firm]],
    said: str = "",
) -> LoadReport:
    async def write(reading: Reading[Firm], load_id: str | None, tell: Progress) -> Written:
        return await write_firms(graph, reading, load_id, tell)

    return await run_load(
        graph, source, path, Job(reader, read, write, how.said + said), how.progress, dry_run=how.dry_run
    )


def _plan_writer(graph: Graph) -> Callable[[Reading[Plan], str | None, Progress], Awaitable[Written]]:
    async def write(reading: Reading[Plan], load_id: str | None, tell: Progress) -> Written:
        plans, repository = reading.items, PlanRepository(graph)
        for start in range(0, len(plans) if load_id else 0, PLANS_A_BATCH):
            batch = [with_load(plan, load_id) for plan in plans[start : start + PLANS_A_BATCH]]
            await repository.save_many(batch, load_id or "")
            tell(start + len(batch), len(plans))
        return Written(added=len(plans), plan_ids=tuple(plan.id for plan in plans))

    return write


async def _chain_names(graph: Graph) -> ChainNames:
    return ChainNames({chain.code: chain.name for chain in await ChainRepository(graph).chains()})
