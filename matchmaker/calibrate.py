"""How the numbers of score.py were found, and how to find them again.

Relative weights (chosen on a grid, whole numbers kept where neighbours differ by noise): need/offer/trap triples
ranked against all offers and traps, industry class notes against class names, and product keywords against tax
categories, one set of weights for the three. Lexicon: sharpness 8 and .3 TF-IDF (of 8, 15, 30 and .3, .6); gate
centre .6, because below it the lexicon costs more on texts outside its fields than it gives inside (class notes MRR
.70 at .4, .80 at .5, .82 at .6, .82 without lexicon; triples .34, .35, .35, .14). TF-IDF fades out between 6 and 12
characters, because it lifts product names (keywords MRR .38 to .54) and hurts sentences.

The common scale and the prior are fitted here: logistic regression over the triples with the offer as 1 and the
trap and the 20 next best candidates as 0. So `p` answers: among the twenty best of a pool, does this one make it?
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matchmaker.encoder import Encoder
from matchmaker.index import Offer
from matchmaker.lexicon import Lexicon
from matchmaker.rank import Need, Ranker
from matchmaker.score import Weights

RELATIVE = Weights(base=0.0, dense=12.5, lexical=25.0, lexicon=20.0)
_RIVALS = 20


def fit_scale(triples: Sequence[tuple[str, str, str]], encoder: Encoder, lexicon: Lexicon | None) -> Weights:
    """Weights whose `p` is calibrated on (need, offer, trap) texts; the order stays that of RELATIVE."""
    from sklearn.linear_model import LogisticRegression

    offers = sorted(
        [Offer(f"o{i:05}", f"o{i:05}", t[1]) for i, t in enumerate(triples)]
        + [Offer(f"t{i:05}", f"t{i:05}", t[2]) for i, t in enumerate(triples)]
    )
    ranker = Ranker(encoder, lexicon, RELATIVE)
    pool = ranker.pool(offers, encoder.encode([offer.text for offer in offers]))
    needs = [Need(f"{i:05}", t[0]) for i, t in enumerate(triples)]
    scores, truth = [], []
    for need, results in zip(needs, ranker.rank(needs, pool, len(offers)), strict=True):
        rivals = 0
        for result in results:
            right = result.offer_id == f"o{need.id}"
            trap = result.offer_id == f"t{need.id}"
            rivals += not right and not trap
            if right or trap or rivals <= _RIVALS:
                scores.append(sum(result.parts.values()))
                truth.append(right)
    model = LogisticRegression(C=1e6).fit(np.asarray(scores)[:, None], truth)
    scale, base = float(model.coef_[0, 0]), float(model.intercept_[0])
    return replace(
        RELATIVE,
        base=round(base, 2),
        dense=round(scale * RELATIVE.dense, 2),
        lexical=round(scale * RELATIVE.lexical, 2),
        lexicon=round(scale * RELATIVE.lexicon, 2),
    )
