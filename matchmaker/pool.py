"""Offers made ready to be ranked against, and the parts of the score that belong to one need and one offer."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from matchmaker.encoder import Vectors
from matchmaker.index import Offer
from matchmaker.lexical import CharTfidf
from matchmaker.lexicon import Lexicon, Reading
from matchmaker.score import Floats, Weights


class Pool:
    """Offers ready to be ranked against. `offers` must be sorted (supplier, offer); `vectors` are theirs."""

    def __init__(self, offers: Sequence[Offer], vectors: Vectors, lexicon: Lexicon | None) -> None:
        self.offers = tuple(offers)
        self.vectors = vectors
        self.lexicon = lexicon
        owners = [offer.supplier_id for offer in self.offers]
        self.starts = np.asarray([i for i, o in enumerate(owners) if i == 0 or o != owners[i - 1]], np.int64)
        self.sizes = np.diff(np.append(self.starts, len(owners)))
        self.suppliers = tuple(owners[i] for i in self.starts)

    @cached_property
    def lexical(self) -> CharTfidf:
        """Character TF-IDF of the offers."""
        return CharTfidf([offer.text for offer in self.offers])

    @cached_property
    def reading(self) -> Reading | None:
        """The products that the offers point to; None without a lexicon."""
        return self.lexicon.read([o.text for o in self.offers], self.vectors) if self.lexicon else None


def pair_parts(
    weights: Weights, texts: Sequence[str], vectors: Vectors, reading: Reading | None, pool: Pool
) -> dict[str, Floats]:
    """The parts dense, lexical and lexicon of every need and offer, each float32 [needs, offers], in log-odds.

    `reading` is the lexicon's reading of the needs; without one, or with a pool without one, that part is zero.
    """
    dense = np.asarray(weights.dense * (vectors @ pool.vectors.T), np.float32)
    lexical, lexicon = np.zeros_like(dense), np.zeros_like(dense)
    gate = weights.lexical_gate(np.asarray([len(text) for text in texts], np.int64))
    if (short := np.flatnonzero(gate)).size and pool.offers:
        lexical[short] = weights.lexical * gate[short, None] * pool.lexical.cosines([texts[int(i)] for i in short])
    if reading is not None and pool.reading is not None:
        opened = weights.lexicon * weights.lexicon_gate(reading.coverage)
        lexicon = opened[:, None] * reading.meet(pool.reading)
    return {"dense": dense, "lexical": lexical, "lexicon": lexicon}
