"""The matching service (供需匹配): graph and matcher brought together, the same for commands and pages."""

import asyncio
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from api.cache import AnswerCache
from api.settings import Settings
from graph.connection import Graph
from graph.firms import FirmRepository
from graph.matches import MatchRepository
from graph.model import Firm, Match, Plan, PlanLine, stable_id
from graph.plans import PlanRepository
from ingest.atlas.lexicon import shipped_products
from matchmaker.encoder import Progress, load_encoder
from matchmaker.index import SnapshotIndex
from matchmaker.lexicon import Lexicon, LexiconEntry
from matchmaker.matching import match_lines, offers_of
from matchmaker.pool import Pool
from matchmaker.rank import Ranker

T = TypeVar("T")

TOP = 10


def open_ranker(settings: Settings, progress: Progress | None = None) -> Ranker:
    """The encoder, the shipped product lexicon and the weights. The first use converts the encoder (about 10 s)."""
    encoder = load_encoder(settings.encoder, settings.models)
    return Ranker(encoder, Lexicon(lexicon_entries(), encoder, settings.cache / "lexicon", progress))


def lexicon_entries() -> list[LexiconEntry]:
    """The products of the shipped atlas as the matcher reads them."""
    return [LexiconEntry(p.name, p.synonyms, p.description, p.confused_with) for p in shipped_products()]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every firm and its capabilities as one index version sees them."""

    firms: tuple[Firm, ...]
    index: SnapshotIndex
    pool: Pool


class MatchingService:
    """Keeps the matches in the graph up to date and answers single needs."""

    def __init__(self, graph: Graph, ranker: Ranker, index_folder: Path, cache: AnswerCache | None = None) -> None:
        self.ranker = ranker
        self.index_folder = index_folder
        self._cache = cache
        self._plans = PlanRepository(graph)
        self._firms = FirmRepository(graph)
        self._matches = MatchRepository(graph)
        self._catalogue: Catalogue | None = None

    async def refresh(self, progress: Progress | None = None) -> Catalogue:
        """Read the firms and bring the index up to them; encodes only texts that are new."""
        firms = tuple(await self._firms.all())

        def build(tell: Progress) -> Catalogue:
            index = SnapshotIndex.build(offers_of(firms), self.ranker.encoder, self.index_folder, tell)
            return Catalogue(firms, index, self.ranker.pool(index.offers, index.vectors))

        self._catalogue = await _in_thread(build, progress)
        return self._catalogue

    async def catalogue(self) -> Catalogue:
        """The firms and the index that answers come from now."""
        return self._catalogue or await self.refresh()

    async def match_plan(self, plan: Plan, top: int = TOP) -> list[Match]:
        """Rank suppliers for every line of `plan` without storing; the buyer is not its own supplier."""
        return await self._match(plan.lines, top, frozenset({plan.buyer_code}))

    async def update(self, plan: Plan, top: int = TOP) -> int:
        """Match and store the lines of `plan` whose matches are of another model or index; returns how many."""
        catalogue = await self.catalogue()
        current = (self.ranker.version, catalogue.index.version)
        held = await self._matches.versions(plan.id)
        stale = [line for line in plan.lines if held.get(line.id) != current]
        if stale:
            found = await self._match(stale, top, frozenset({plan.buyer_code}))
            await self._matches.replace([line.id for line in stale], found)
        return len(stale)

    async def update_all(self, progress: Progress | None = None) -> int:
        """`update` for every plan and notice; returns how many lines were matched."""
        plans = await self._plans.all()
        matched = 0
        for done, plan in enumerate(plans, start=1):
            matched += await self.update(plan)
            if progress is not None:
                progress(done, len(plans))
        return matched

    async def try_need(self, text: str, top: int = TOP) -> list[Match]:
        """Suppliers for a need that is in no plan; the answer is kept for a while."""
        catalogue = await self.catalogue()
        key = (self.ranker.version, catalogue.index.version, str(top), text)
        if self._cache is not None and (kept := await self._cache.get(*key)):
            return [_restored(values) for values in json.loads(kept)]
        line = PlanLine(id=stable_id("tried", text), plan_id="", number=1, product=text)
        found = await self._match([line], top, frozenset())
        if self._cache is not None:
            await self._cache.put(json.dumps([asdict(match) for match in found], ensure_ascii=False), *key)
        return found

    async def warm_up(self) -> None:
        """Load the encoder, so that the first need somebody tries does not wait for it."""
        await _in_thread(lambda _: self.ranker.encoder.encode(["预热"]))

    async def _match(self, lines: Sequence[PlanLine], top: int, exclude: frozenset[str]) -> list[Match]:
        catalogue = await self.catalogue()

        def match(_: Progress) -> list[Match]:
            return match_lines(
                lines, catalogue.firms, catalogue.pool, self.ranker, top, catalogue.index.version, exclude
            )

        return await _in_thread(match)


async def _in_thread(work: Callable[[Progress], T], progress: Progress | None = None) -> T:
    """Run `work` beside the event loop; when the caller is cancelled, it ends at its next report of progress."""
    stopped = threading.Event()

    def tell(done: int, total: int) -> None:
        if stopped.is_set():
            raise asyncio.CancelledError
        if progress is not None:
            progress(done, total)

    try:
        return await asyncio.to_thread(work, tell)
    finally:
        stopped.set()


def _restored(values: dict[str, object]) -> Match:
    for name in ("reasons", "gaps"):
        values[name] = tuple(values[name])  # type: ignore[arg-type]
    return Match(**values)  # type: ignore[arg-type]
