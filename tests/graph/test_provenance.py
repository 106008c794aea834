"""Each fact can be walked back to a row of a file, and no row is lost on the way."""

from dataclasses import replace

import pytest

from graph.connection import Graph
from graph.errors import GraphNotFound, GraphValueError
from graph.model import LoadState
from graph.provenance import ProvenanceRepository
from tests.graph.build import SOURCE, a_load, begin


async def test_a_load_runs_until_it_is_finished_and_can_be_found_by_its_bytes(graph: Graph) -> None:
    await begin(graph)
    provenance = ProvenanceRepository(graph)
    load = a_load()
    assert await provenance.sources() == [SOURCE]
    assert await provenance.get_load(load.id) == load
    assert await provenance.find_done(load.sha256, SOURCE.id) is None
    await provenance.finish_load(load.id, 10, 8, 2)
    done = replace(load, state=LoadState.DONE, rows_read=10, accepted=8, rejected=2)
    assert await provenance.find_done(load.sha256, SOURCE.id) == done
    assert await provenance.find_done(load.sha256, "other") is None
    assert await provenance.find_done("other", SOURCE.id) is None


async def test_loads_are_listed_oldest_first(graph: Graph) -> None:
    await begin(graph, "b", started_at="2026-11-24T18:00:00Z")
    await begin(graph, "c", "a", started_at="2026-11-24T17:00:00Z")
    assert [load.id for load in await ProvenanceRepository(graph).loads()] == ["a", "c", "b"]


async def test_a_load_that_lost_a_row_cannot_be_finished(graph: Graph) -> None:
    await begin(graph)
    with pytest.raises(GraphValueError) as caught:
        await ProvenanceRepository(graph).finish_load("load-1", 10, 8, 1)
    assert caught.value.code == "graph.load.rows_lost"


async def test_unknown_sources_and_loads_are_refused(graph: Graph) -> None:
    provenance = ProvenanceRepository(graph)
    assert await provenance.get_load("load-1") is None
    with pytest.raises(GraphNotFound) as caught:
        await provenance.begin_load(a_load())
    assert caught.value.code == "graph.source.unknown"
    with pytest.raises(GraphNotFound) as caught:
        await provenance.finish_load("load-1", 0, 0, 0)
    assert caught.value.code == "graph.load.unknown"
