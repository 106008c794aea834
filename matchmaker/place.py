"""Which links a capability belongs to (环节归属), read from the products that its words point to.

ADR: a text is placed through the product lexicon and not through the names of links: a link's name says what an
industry calls it ("结构件"), a product's words say what somebody makes. The share of the lexicon's weight that falls
on the products of one link, and how near the text is to the nearest of them, give one logit; its coefficients are
fitted on the hand-labelled texts under tests/ (see `FITTED`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchmaker.lexicon import Reading


@dataclass(frozen=True, slots=True)
class Coefficients:
    """The logit of "this text belongs to this link": base + share · share + nearness · nearness."""

    base: float
    share: float
    nearness: float


@dataclass(frozen=True, slots=True)
class Placement:
    """A link with the probability that the text belongs to it."""

    link_code: str
    score: float


FITTED = Coefficients(base=-4.0, share=4.0, nearness=3.0)
# Below this a text is on no link: a wrong supplier on the map hides a gap.
PLACED_FROM = 0.5
MOST_LINKS = 3


class Placer:
    """Places what the lexicon has read. `links` are the link codes of its products, in its order."""

    def __init__(self, links: Sequence[str], coefficients: Coefficients = FITTED) -> None:
        self._names = sorted(set(links))
        number = {code: i for i, code in enumerate(self._names)}
        self._links = np.asarray([number[code] for code in links], np.int64)
        self._coefficients = coefficients

    def place(self, reading: Reading, least: float = PLACED_FROM, most: int = MOST_LINKS) -> list[list[Placement]]:
        """For each text, at most `most` links with a score of `least` or more, best first."""
        found = []
        for row in range(len(reading.coverage)):
            codes, scores = self._scores(reading, row)
            order = sorted(range(len(codes)), key=lambda i: (-scores[i], self._names[codes[i]]))[:most]
            found.append([Placement(self._names[codes[i]], float(scores[i])) for i in order if scores[i] >= least])
        return found

    def features(self, reading: Reading, row: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """The links that one text touches and, for each, share and nearness: [links], [links, 2]."""
        weights = reading.weights[row].astype(np.float64)
        links, position = np.unique(self._links[reading.entries[row]], return_inverse=True)
        share = np.bincount(position, weights=weights) / weights.sum()
        best = np.zeros(len(links))
        np.maximum.at(best, position, reading.similarity[row])
        return links, np.stack([share, best], axis=1)

    def _scores(self, reading: Reading, row: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        links, values = self.features(reading, row)
        c = self._coefficients
        logit = c.base + values @ np.asarray([c.share, c.nearness])
        return links, 1.0 / (1.0 + np.exp(-logit))
