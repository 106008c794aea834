"""The score of one need and one supplier (适配度): parts in log-odds whose sum is the logit of `p`.

    dense     centred cosine of the encoder
    lexical   character TF-IDF cosine, for short product names only: in sentences it rewards shared applications
    lexicon   cosine of the products both point to, gated by how well the lexicon covers the need
    breadth   never positive: what the supplier's other offers take from a lone lucky hit; best + .5 mean of its
              offers, divided by 1.5 so that a supplier with one offer keeps its score
    base      the prior

All scales are fixed, none depends on the other candidates, so `p` of two needs can be compared. How the numbers were
found is told in calibrate.py. `p` is shown as a band (强/中/弱), because a calibration holds only for texts like
those it was made on.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
PARTS = ("base", "dense", "lexical", "lexicon", "breadth")


@dataclass(frozen=True, slots=True)
class Weights:
    """Log-odds per unit of each similarity, and where the two gates open."""

    base: float
    dense: float
    lexical: float
    lexicon: float
    gate_centre: float = 0.6
    gate_slope: float = 20.0
    short_up_to: int = 6
    long_from: int = 12
    breadth: float = 0.5

    def lexicon_gate(self, coverage: Floats) -> Floats:
        """0..1 by the need's similarity to its nearest entry."""
        return np.asarray(1 / (1 + np.exp(-self.gate_slope * (coverage - self.gate_centre))), np.float32)

    def lexical_gate(self, lengths: npt.NDArray[np.int64]) -> Floats:
        """1 for product names, 0 for sentences, by characters."""
        span = self.long_from - self.short_up_to
        return np.asarray(np.clip((self.long_from - lengths) / span, 0, 1), np.float32)

    def spread(self, best: Floats, mean: Floats) -> Floats:
        """The breadth part from the supplier's best and mean dense part."""
        return np.asarray(self.breadth / (1 + self.breadth) * np.minimum(mean - best, 0), np.float32)


WEIGHTS = Weights(base=-4.39, dense=2.05, lexical=4.11, lexicon=3.29)


class Band(StrEnum):
    """How much to trust a match, in the words that pages show."""

    STRONG = "强"
    POSSIBLE = "中"
    WEAK = "弱"


STRONG_FROM = 0.15
_POSSIBLE_FROM = 0.08


def band(p: float) -> Band:
    """Strong, possible or weak; the lowest means: no confident match, shown all the same."""
    if p >= STRONG_FROM:
        return Band.STRONG
    return Band.POSSIBLE if p >= _POSSIBLE_FROM else Band.WEAK


def probability(log_odds: float) -> float:
    """The logistic function, exact to the last digits on both sides."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    return math.exp(log_odds) / (1 + math.exp(log_odds))


def logit(p: float) -> float:
    """The inverse of `probability`, for 0 < p < 1."""
    return math.log(p) - math.log1p(-p)
