"""The example data gives the same matches on the embedded engine and on Neo4j."""

import math
from pathlib import Path

import pytest

from api.demo_data import load_demo_data
from api.matching import MatchingService
from graph.connection import Graph
from graph.digest import digest
from graph.matches import MatchRepository
from graph.plans import PlanRepository
from ingest.load import LoadReport
from matchmaker.rank import Ranker


async def _matched(graph: Graph, ranker: Ranker, index: Path) -> list[LoadReport]:
    reports: list[LoadReport] = []
    await load_demo_data(graph, reports.append)
    await MatchingService(graph, ranker, index).update_all()
    return reports


async def test_the_match_lists_of_the_demo_are_the_same(
    graph_pair: tuple[Graph, Graph], ranker: Ranker, tmp_path: Path
) -> None:
    embedded, neo4j = graph_pair
    for graph in graph_pair:
        reports = await _matched(graph, ranker, tmp_path / "index")
        assert all(report.accepted == report.rows_read and not report.faults for report in reports)
    plans = await PlanRepository(embedded).all()
    assert sum(len(plan.lines) for plan in plans) > 250
    for plan in plans:
        here, there = [await MatchRepository(graph).of_plan(plan.id) for graph in (embedded, neo4j)]
        assert list(here) == list(there) == [line.id for line in plan.lines]
        for line_id, matches in here.items():
            assert [m.firm_code for m in matches] == [m.firm_code for m in there[line_id]]
            for one, other in zip(matches, there[line_id], strict=True):
                assert one.p == pytest.approx(other.p, abs=1e-6)
                assert one.parts == pytest.approx(other.parts, abs=1e-6)
                assert math.isclose(sum(one.parts.values()), math.log(one.p / (1 - one.p)), abs_tol=1e-6)
    assert await digest(embedded) == await digest(neo4j)
