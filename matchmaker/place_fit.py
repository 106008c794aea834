"""Fits and measures the placement on links (归类校准) on texts whose links a person wrote down."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from matchmaker.place import Coefficients, Placer, Readings

# A weak penalty: there are four numbers to find and thousands of pairs.
_C = 10.0


@dataclass(frozen=True, slots=True)
class PlacementQuality:
    """Shares in 0..1: of the texts that were placed, those whose best link is right; of the texts that belong
    somewhere, those that were placed right; of those that belong nowhere, those that were left alone."""

    precision: float
    recall: float
    left_alone: float


def fit(placer: Placer, texts: Readings, truth: Sequence[frozenset[str]]) -> Coefficients:
    """The coefficients that make the score of a text and a link the probability that the link is among its `truth`."""
    rows, labels = [], []
    for row, right in enumerate(truth):
        codes, values = placer.features(texts, row)
        rows.append(values)
        labels += [code in right for code in codes]
    model = LogisticRegression(C=_C).fit(np.concatenate(rows), labels)
    return Coefficients(float(model.intercept_[0]), *map(float, model.coef_[0]))


def measure(placer: Placer, texts: Readings, truth: Sequence[frozenset[str]]) -> PlacementQuality:
    """How well the best link of each text fits, an empty `truth` meaning that it belongs nowhere."""
    best = [places[0].link_code if places else None for places in placer.place(texts)]
    right = sum(found in links for found, links in zip(best, truth, strict=True) if found is not None)
    placed = sum(found is not None for found in best)
    somewhere = sum(bool(links) for links in truth)
    alone = sum(found is None and not links for found, links in zip(best, truth, strict=True))
    return PlacementQuality(right / max(placed, 1), right / max(somewhere, 1), alone / max(len(truth) - somewhere, 1))
