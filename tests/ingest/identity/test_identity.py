"""On names that nobody looked at while the rules were made, firms are told apart as well as the rules promise."""

import pytest

from ingest.resolve_judge import Outcome
from tests.ingest.identity.evaluate import Measured, of_pairs, of_whole_list
from tests.ingest.identity.pairs import labelled_pairs, real_firms

RELATIVES = ("branch", "subsidiary", "group", "sister", "sales arm", "other city", "one character", "longer brand")


@pytest.fixture(scope="module")
def held_out() -> Measured:
    """The labelled pairs of the half that was held out."""
    return of_pairs("held out")


def test_the_labelled_set_is_large_and_the_same_in_every_run() -> None:
    names = {name for half in ("seen", "held out") for name, _ in real_firms(half)}
    assert len(names) >= 700
    assert set(real_firms("seen")).isdisjoint(real_firms("held out"))
    assert len(labelled_pairs("held out")) >= 1000
    assert labelled_pairs("held out") == labelled_pairs("held out")


def test_pairs_called_the_same_are_and_nearly_all_are_found(held_out: Measured) -> None:
    assert held_out.precision >= 0.995
    assert held_out.recall >= 0.95
    assert held_out.asked <= 0.05


@pytest.mark.parametrize("kind", RELATIVES)
def test_a_relative_is_never_taken_for_the_firm(held_out: Measured, kind: str) -> None:
    assert held_out.counts[(False, kind)][Outcome.SAME] == 0


def test_a_whole_file_finds_its_firms_among_all_that_are_known() -> None:
    found = of_whole_list("held out")
    assert found.precision >= 0.995
    assert found.recall >= 0.95
    assert found.asked <= 0.05
