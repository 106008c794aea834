"""How the numbers of score.py were found, and how to find them again.

Relative weights: 840 need/offer/trap triples against all offers and traps (T), class notes against class names (D),
and product keywords against tax categories (X); about 120 settings were tried on these three sets and one was taken
for all three, so what they measure afterwards is slightly optimistic. MRR, with 990 entries:
    lexicon   sharpness 8, 15, 30 and TF-IDF share .3, .6: within .03 of each other on T; descriptions as anchors .23
              to .34; adding "name:description" nothing; subtracting what an entry is confused with, worse
    gate      centre .4/.5/.6/.7: D .70/.78/.82/.82 (.83 without lexicon), T .34/.35/.35/.33 (.14 without); gating by
              the offer's coverage too, no better
    TF-IDF    fades out between 6 and 12 characters: X .38 to .53, T .36 to .35; it rewards shared applications in
              sentences
    breadth   taken from an earlier study of firms (best + .5 mean of its products); in our own check on listed
              firms 0, .25 and .5 could not be told apart

The common scale and the prior are fitted here: logistic regression over the triples with the offer as 1 and the
trap and the 20 next best candidates as 0. So `p` answers: among the twenty best of a pool that is full of near
misses, does this one make it? The bands of score.py were read off the same triples: of the pairs among the first ten
with p < .08, 3 % were the right ones, .08-.15 12 %, .15-.2 27 %, .2-.3 39 %, above 36 % (196 pairs: no more than
between .2 and .3), with the lexicon of 1,658 products. Most other pairs are not known to be wrong. Refit on confirmed
pairs of the deployment when there are some.
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
