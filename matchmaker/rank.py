"""Rank suppliers for needs: every offer is scored exactly, then the offers of one supplier become one result.

ADR: no candidate stage. An exact pass over 300,000 offers is one matrix product (25 ms a need), and a stage that can
lose the right supplier would need its own proof.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchmaker.encoder import Encoder, Progress, Vectors
from matchmaker.index import Offer
from matchmaker.lexicon import Lexicon, Reading
from matchmaker.pool import Pool, pair_parts
from matchmaker.score import PARTS, WEIGHTS, Floats, Weights, probability

_CELLS = 4_000_000  # need x offer cells in memory at once, 16 MB each of a few arrays
_RULES = "2"  # raised when scoring or reasons change in code, so that stored matches are made again


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody looks for; `text` is what the matcher reads."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """One supplier for one need, by its best offer. `parts` sum to logit(`p`); `product` is the lexicon's name for
    the product nearest to both sides, if that is one, and `nearness` how near both are to it, 0..1.3."""

    supplier_id: str
    offer_id: str
    p: float
    parts: dict[str, float]
    product: str | None = None
    nearness: float = 0.0


class Ranker:
    """The encoder, the lexicon and the weights together; `version` names them in every stored match."""

    def __init__(self, encoder: Encoder, lexicon: Lexicon | None = None, weights: Weights = WEIGHTS) -> None:
        self.encoder = encoder
        self.lexicon = lexicon
        self._weights = weights
        parts = (_RULES, encoder.version, lexicon.version if lexicon else "", repr(weights))
        self.version = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]

    def pool(self, offers: Sequence[Offer], vectors: Vectors) -> Pool:
        """A pool that this ranker can rank."""
        return Pool(offers, vectors, self.lexicon)

    def rank(
        self, needs: Sequence[Need], pool: Pool, top: int, allowed: frozenset[str] | None = None
    ) -> list[list[Result]]:
        """The `top` best suppliers of each need, best first; of equals the smaller id first.

        Only suppliers in `allowed` are ranked when it is given; their scores do not depend on it.
        """
        texts = [need.text for need in needs]
        vectors = self.encoder.encode(texts)
        reading = self.lexicon.read(texts, vectors) if self.lexicon else None
        barred = np.asarray([allowed is not None and s not in allowed for s in pool.suppliers], bool)
        step = max(1, _CELLS // max(1, len(pool.offers)))
        found: list[list[Result]] = []
        for start in range(0, len(needs), step):
            rows = slice(start, start + step)
            block = _Block(self._weights, texts[rows], vectors[rows], reading.rows(rows) if reading else None, pool)
            found.extend(block.best(row, top, barred) for row in range(len(texts[rows])))
        return found


class _Block:
    """All scores of a few needs against a pool, float32 [needs, offers] and [needs, suppliers]."""

    def __init__(
        self, weights: Weights, texts: Sequence[str], vectors: Vectors, reading: Reading | None, pool: Pool
    ) -> None:
        self._weights = weights
        self._pool = pool
        self._reading = reading
        self._offers = pair_parts(weights, texts, vectors, reading, pool)
        self._total: Floats = sum(self._offers.values(), np.zeros(1, np.float32))

    def best(self, row: int, top: int, barred: npt.NDArray[np.bool_]) -> list[Result]:
        if not self._pool.suppliers or top < 1:
            return []
        pool, total, dense = self._pool, self._total[row], self._offers["dense"][row]
        mean = np.asarray(np.add.reduceat(dense, pool.starts) / pool.sizes, np.float32)
        spread = self._weights.spread(np.maximum.reduceat(dense, pool.starts), mean)
        firms: Floats = np.where(barred, -np.inf, np.maximum.reduceat(total, pool.starts) + spread)
        open_firms = int((~barred).sum())
        k = min(top, open_firms)
        if k == 0:
            return []
        floor = np.partition(firms, len(firms) - k)[len(firms) - k]
        chosen = np.flatnonzero((firms >= floor - 1e-4) & ~barred)
        results = [self._result(row, int(firm), float(spread[firm])) for firm in chosen]
        results.sort(key=lambda r: (-sum(r.parts.values()), r.supplier_id, r.offer_id))
        return results[:k]

    def _result(self, row: int, firm: int, spread: float) -> Result:
        start = int(self._pool.starts[firm])
        span = self._total[row, start : start + int(self._pool.sizes[firm])]
        at = start + int(np.argmax(span))
        values = {name: float(matrix[row, at]) for name, matrix in self._offers.items()}
        values |= {"base": self._weights.base, "breadth": spread}
        # Rounded before they are summed, so that what is shown is what was scored.
        parts = {name: round(values[name], 6) + 0.0 for name in PARTS}
        offer = self._pool.offers[at]
        return Result(offer.supplier_id, offer.id, probability(sum(parts.values())), parts, *self._product(row, at))

    def _product(self, row: int, at: int) -> tuple[str | None, float]:
        pool = self._pool
        if self._reading is None or pool.reading is None or pool.lexicon is None:
            return None, 0.0
        shared = self._reading.shared(row, pool.reading, at)
        return (None, 0.0) if shared is None else (pool.lexicon.products[shared[0]], shared[1])


def rank(
    needs: Sequence[Need],
    offers: Sequence[Offer],
    top: int,
    encoder: Encoder,
    lexicon: Lexicon | None = None,
    progress: Progress | None = None,
) -> list[list[Result]]:
    """Two lists, no index on disk: the `top` suppliers of each need, in the order of `needs`."""
    ordered = sorted(offers)
    ranker = Ranker(encoder, lexicon)
    vectors = encoder.encode([offer.text for offer in ordered], progress)
    return ranker.rank(needs, ranker.pool(ordered, vectors), top)
