"""Where the matcher puts a capability, measured on 400 real texts that a person placed by hand."""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

from ingest.atlas.lexicon import shipped_links, shipped_products
from matchmaker.encoder import Encoder
from matchmaker.lexicon import Lexicon, LexiconEntry
from matchmaker.place import FITTED, PLACED_FROM, Placer, Readings, link_entries, made_things
from matchmaker.place_fit import fit, measure

LABELS = Path(__file__).parent / "placement_labels.tsv"


def is_held_out(text: str) -> bool:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 2 == 0


@pytest.fixture(scope="module")
def labelled() -> list[tuple[str, frozenset[str]]]:
    rows = [line.split("\t") for line in LABELS.read_text("utf-8").splitlines()]
    return [(text, frozenset(links.split("、")) - {"-"}) for text, links in rows]


@pytest.fixture(scope="module")
def lexicons(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lexicon, Lexicon]:
    entries = [LexiconEntry(p.name, p.synonyms, p.description, p.confused_with) for p in shipped_products()]
    folder = tmp_path_factory.mktemp("lexicons")
    names = Lexicon(link_entries(shipped_links()), encoder, folder / "links")
    return Lexicon(entries, encoder, folder / "products"), names


@pytest.fixture(scope="module")
def placer() -> Placer:
    return Placer([product.link_code for product in shipped_products()], [link.code for link in shipped_links()])


def read(lexicons: tuple[Lexicon, Lexicon], encoder: Encoder, texts: Sequence[str]) -> Readings:
    made = [made_things(text) for text in texts]
    vectors = encoder.encode(made)
    return Readings(*(lexicon.read(made, vectors) for lexicon in lexicons))


def test_every_label_is_a_link_of_the_atlas(labelled: list[tuple[str, frozenset[str]]]) -> None:
    known = {product.link_code for product in shipped_products()}
    assert len(labelled) >= 300
    assert {code for _, links in labelled for code in links} <= known


def test_on_texts_it_was_not_fitted_on_it_is_mostly_right_and_leaves_alone_what_belongs_nowhere(
    labelled: list[tuple[str, frozenset[str]]], lexicons: tuple[Lexicon, Lexicon], encoder: Encoder, placer: Placer
) -> None:
    held_out = [(text, links) for text, links in labelled if is_held_out(text)]
    quality = measure(placer, read(lexicons, encoder, [t for t, _ in held_out]), [links for _, links in held_out])
    assert quality.precision >= 0.75
    assert quality.recall >= 0.38
    assert quality.left_alone >= 0.8


def test_the_shipped_coefficients_are_those_that_the_fit_gives(
    labelled: list[tuple[str, frozenset[str]]], lexicons: tuple[Lexicon, Lexicon], encoder: Encoder, placer: Placer
) -> None:
    seen = [(text, links) for text, links in labelled if not is_held_out(text)]
    found = fit(placer, read(lexicons, encoder, [t for t, _ in seen]), [links for _, links in seen])
    assert np.allclose(astuple(found), astuple(FITTED), rtol=0.15)


def test_scores_are_probabilities_best_first_and_at_most_three(
    labelled: list[tuple[str, frozenset[str]]], lexicons: tuple[Lexicon, Lexicon], encoder: Encoder, placer: Placer
) -> None:
    for places in placer.place(read(lexicons, encoder, [text for text, _ in labelled])):
        scores = [place.score for place in places]
        assert scores == sorted(scores, reverse=True)
        assert all(PLACED_FROM <= score < 1 for score in scores)
        assert len(places) <= 3
