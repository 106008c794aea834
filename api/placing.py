"""Puts capabilities and plan lines on the links of the chains (归入环节), as far as the matcher is sure enough."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from api.matching import MatchingService
from graph.chains import ChainRepository
from graph.connection import Graph
from graph.model import Fit, FitHow, Link
from graph.placements import Need, PlacementRepository
from graph.plans import PlanRepository
from ingest.atlas.lexicon import shipped_products
from matchmaker.encoder import Vectors
from matchmaker.lexicon import Lexicon
from matchmaker.place import FITTED, PLACED_FROM, Placement, Placer, Readings, link_entries, made_things


async def place_all(graph: Graph, matching: MatchingService) -> int:
    """Place what this model and this map have not placed yet; returns how many texts were looked at.

    Without links in the graph, or without the product lexicon, nothing is placed and nothing is marked as placed.
    """
    links = await ChainRepository(graph).all_links()
    if not links or matching.ranker.lexicon is None:
        return 0
    placing = await asyncio.to_thread(_Placing.on, links, matching)
    return await _capabilities(graph, placing) + await _lines(graph, placing)


@dataclass(frozen=True)
class _Placing:
    """All that is needed to place texts on the links of one map; `version` names it."""

    matching: MatchingService
    products: Lexicon
    names: Lexicon
    placer: Placer
    version: str

    @classmethod
    def on(cls, links: Sequence[Link], matching: MatchingService) -> "_Placing":
        ranker = matching.ranker
        if ranker.lexicon is None:
            raise ValueError("placing needs the product lexicon")
        names = Lexicon(link_entries(links), ranker.encoder, matching.index_folder / "links")
        codes = [link.code for link in links]
        placer = Placer([product.link_code for product in shipped_products()], codes)
        parts = (ranker.version, names.version, repr(FITTED), str(PLACED_FROM), *codes)
        version = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
        return cls(matching, ranker.lexicon, names, placer, version)

    def place(self, texts: Sequence[str], known: Vectors | None = None) -> list[list[Placement]]:
        """The links of each text; `known` are the texts' vectors, good for those that lose no words for selling."""
        made = [made_things(text) for text in texts]
        encode = self.matching.ranker.encoder.encode
        if known is None:
            vectors = encode(made)
        else:
            vectors = known.copy()
            shorter = [row for row, text in enumerate(texts) if made[row] != text]
            vectors[shorter] = encode([made[row] for row in shorter])
        return self.placer.place(Readings(self.products.read(made, vectors), self.names.read(made, vectors)))


async def _capabilities(graph: Graph, placing: _Placing) -> int:
    placements = PlacementRepository(graph)
    waiting = set(await placements.unplaced(placing.version))
    catalogue = await placing.matching.catalogue()
    rows = np.asarray([row for row, offer in enumerate(catalogue.index.offers) if offer.id in waiting], np.int64)
    offers = [catalogue.index.offers[row] for row in rows]
    texts = [offer.text for offer in offers]
    found = await asyncio.to_thread(placing.place, texts, catalogue.index.vectors[rows]) if offers else []
    fits = [
        Fit(offer.id, place.link_code, place.score, FitHow.INFERRED)
        for offer, places in zip(offers, found, strict=True)
        for place in places
    ]
    await placements.replace([offer.id for offer in offers], fits, placing.version)
    return len(offers)


async def _lines(graph: Graph, placing: _Placing) -> int:
    placements = PlacementRepository(graph)
    waiting = set(await placements.unplaced_lines(placing.version))
    plans = await PlanRepository(graph).all() if waiting else []
    texts = {line.id: line.text for plan in plans for line in plan.lines if line.id in waiting}
    found = await asyncio.to_thread(placing.place, list(texts.values())) if texts else []
    needs = [
        Need(key, place.link_code, place.score) for key, places in zip(texts, found, strict=True) for place in places
    ]
    await placements.place_lines(list(texts), needs, placing.version)
    return len(texts)
