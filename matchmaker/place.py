"""Which links a capability belongs to (环节归属), read from the products and links that its words point to.

ADR: a text is placed through the product lexicon first: a link's name says what an industry calls it ("结构件"), a
product's words say what somebody makes. Names of links are read beside it for texts that only name a trade ("染料").
Three numbers of a text and a link give one logit: the share of the lexicon's weight that falls on the link's products,
how near the text is to the nearest of them, and how near it is to the link's name. The coefficients are fitted on the
hand-labelled texts under tests/ (see `FITTED`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.model import Link
from matchmaker.lexicon import LexiconEntry, Reading


@dataclass(frozen=True, slots=True)
class Coefficients:
    """The logit of "this text belongs to this link", per unit of each feature."""

    base: float
    share: float
    nearness: float
    called: float


@dataclass(frozen=True, slots=True)
class Placement:
    """A link with the probability that the text belongs to it."""

    link_code: str
    score: float


@dataclass(frozen=True, slots=True)
class Readings:
    """The same texts read by the lexicon of products and by that of the names of links."""

    products: Reading
    names: Reading

    def __len__(self) -> int:
        return len(self.products.coverage)


FITTED = Coefficients(base=-6.68, share=5.54, nearness=1.83, called=4.50)
# Below this a text is on no link: a wrong supplier on the map hides a gap.
PLACED_FROM = 0.5
MOST_LINKS = 3
_JOINED = re.compile("[与、和及]")
# What a register says of selling, not of making.
_TRADE = re.compile("(的?(研发|生产|制造|加工|销售|业务|系列|商品|产品|类)+)$")


def link_entries(links: Sequence[Link]) -> list[LexiconEntry]:
    """The names of links as entries of a lexicon, in their order: whole, and each of the things they join."""
    return [
        LexiconEntry(link.name, tuple(part for part in _JOINED.split(link.name) if len(part) > 1)) for link in links
    ]


def made_things(text: str) -> str:
    """The text without the words for selling at its end."""
    return _TRADE.sub("", text) or text


class Placer:
    """Places what two lexicons have read. `of_products` are the link codes of the products, `of_names` those of the
    entries of `link_entries`, each in the order of its lexicon."""

    def __init__(
        self, of_products: Sequence[str], of_names: Sequence[str], coefficients: Coefficients = FITTED
    ) -> None:
        self._codes = sorted({*of_products, *of_names})
        number = {code: i for i, code in enumerate(self._codes)}
        self._of_products = np.asarray([number[code] for code in of_products], np.int64)
        self._of_names = np.asarray([number[code] for code in of_names], np.int64)
        self._coefficients = coefficients

    def place(self, texts: Readings, least: float = PLACED_FROM, most: int = MOST_LINKS) -> list[list[Placement]]:
        """For each text, at most `most` links with a score of `least` or more, best first."""
        c = self._coefficients
        found = []
        for row in range(len(texts)):
            codes, values = self.features(texts, row)
            scores = 1.0 / (1.0 + np.exp(-(c.base + values @ np.asarray([c.share, c.nearness, c.called]))))
            order = sorted(range(len(codes)), key=lambda i: (-scores[i], codes[i]))[:most]
            found.append([Placement(codes[i], float(scores[i])) for i in order if scores[i] >= least])
        return found

    def features(self, texts: Readings, row: int) -> tuple[list[str], npt.NDArray[np.float64]]:
        """The links that one text touches and, for each, share, nearness and called: [links], [links, 3]."""
        products, names = texts.products, texts.names
        by_product, by_name = self._of_products[products.entries[row]], self._of_names[names.entries[row]]
        links = np.unique(np.concatenate([by_product, by_name]))
        weights = products.weights[row].astype(np.float64)
        share = np.zeros(len(links))
        np.add.at(share, np.searchsorted(links, by_product), weights / weights.sum())
        nearness = _best(links, by_product, products.similarity[row])
        called = _best(links, by_name, names.similarity[row])
        return [self._codes[link] for link in links], np.stack([share, nearness, called], axis=1)


def _best(
    links: npt.NDArray[np.int64], owners: npt.NDArray[np.int64], similarity: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    """The best similarity of each link; one that was not read is no nearer than the farthest that was."""
    best = np.full(len(links), float(similarity.min()))
    np.maximum.at(best, np.searchsorted(links, owners), similarity.astype(np.float64))
    return best
