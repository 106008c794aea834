import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from graph.model import Capability, Firm, Match, PlanLine
from matchmaker.encoder import Encoder
from matchmaker.index import SnapshotIndex
from matchmaker.lexicon import Lexicon
from matchmaker.matching import match_lines, offers_of
from matchmaker.rank import Ranker
from matchmaker.score import logit


def firm(code: str, *products: str) -> Firm:
    made = tuple(Capability(f"{code}-{i}", code, product) for i, product in enumerate(products))
    return Firm(code, f"{code}公司", "320412", True, capabilities=made)


FIRMS = (
    firm("A", "冷轧电工钢带分条，供电机铁芯冲压", "剪切加工"),
    firm("B", "新能源汽车驱动桥壳钢板"),
    firm("C", "锂电铜箔"),
    firm("D"),
)
LINES = (
    PlanLine("l1", "p", 1, "无取向硅钢片", application="新能源汽车驱动电机", certificates=("IATF 16949",)),
    PlanLine("l2", "p", 2, "电解铜箔", spec="6微米"),
)


@pytest.fixture(scope="module")
def index(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> SnapshotIndex:
    return SnapshotIndex.build(offers_of(FIRMS), encoder, tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="module")
def ranker(encoder: Encoder, lexicon: Lexicon) -> Ranker:
    return Ranker(encoder, lexicon)


def matched(
    lines: Sequence[PlanLine],
    firms: Sequence[Firm],
    index: SnapshotIndex,
    ranker: Ranker,
    top: int,
    exclude: frozenset[str] = frozenset(),
) -> list[Match]:
    pool = ranker.pool(index.offers, index.vectors)
    return match_lines(lines, firms, pool, ranker, top, index.version, exclude)


def test_lines_get_ranked_explained_matches_with_versions(index: SnapshotIndex, ranker: Ranker) -> None:
    matches = matched(LINES, FIRMS, index, ranker, 2)
    assert [(m.line_id, m.rank) for m in matches] == [("l1", 1), ("l1", 2), ("l2", 1), ("l2", 2)]
    best = matches[0]
    assert (best.firm_code, best.capability_id) == ("A", "A-0")
    assert best.reasons[0] == "两者都接近: 无取向硅钢片"
    assert best.gaps == ("资质未登记: IATF 16949",)
    assert (best.model, best.index) == (ranker.version, index.version)
    assert math.isclose(sum(best.parts.values()), logit(best.p), abs_tol=1e-6)
    assert matches[2].firm_code == "C"


def test_matching_again_gives_equal_matches(index: SnapshotIndex, ranker: Ranker) -> None:
    assert matched(LINES, FIRMS, index, ranker, 3) == matched(LINES, FIRMS, index, ranker, 3)


def test_the_buyer_never_supplies_itself(index: SnapshotIndex, ranker: Ranker) -> None:
    matches = matched(LINES, FIRMS, index, ranker, 5, exclude=frozenset({"A"}))
    assert {m.firm_code for m in matches} == {"B", "C"}


def test_only_the_firms_that_were_asked_for_are_matched(index: SnapshotIndex, ranker: Ranker) -> None:
    assert {m.firm_code for m in matched(LINES[:1], FIRMS[1:3], index, ranker, 5)} == {"B", "C"}


def test_an_empty_pool_gives_no_match(index: SnapshotIndex, ranker: Ranker) -> None:
    assert matched(LINES, (), index, ranker, 5) == []


def test_snapshots_survive_a_change_of_the_firms(encoder: Encoder, ranker: Ranker, tmp_path: Path) -> None:
    SnapshotIndex.build(offers_of(FIRMS), encoder, tmp_path)
    grown = SnapshotIndex.build(offers_of((*FIRMS, firm("E", "水泵"))), encoder, tmp_path)
    need = PlanLine("l3", "p", 3, "离心泵")
    assert matched([need], (*FIRMS, firm("E", "水泵")), grown, ranker, 1)[0].firm_code == "E"
