"""Loading twice is loading once, a killed load converges, and every row is accounted for, on both engines."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graph.chains import ChainRepository
from graph.connection import Graph
from graph.digest import digest
from graph.divisions import DivisionRepository
from graph.firms import FirmRepository
from graph.model import Firm, LoadState, Source
from graph.plans import PlanRepository
from graph.provenance import ProvenanceRepository
from ingest.atlas.load import load_atlas
from ingest.faults import RefusedFile
from ingest.load import (
    How,
    load_divisions,
    load_listed_firms,
    load_notices,
    load_plan,
    load_register,
)
from tests.ingest.books import COLUMNS, HEADER, ROW, workbook
from tests.ingest.test_chains_and_manifest import GOOD
from tests.ingest.test_notices import NOTICE
from tests.ingest.test_registers import LISTED, SMALL, lines

SOURCE = Source("register-test", "测试登记", "project", True)


def many(count: int) -> list[dict[str, Any]]:
    """Small firms of different names, with two capabilities each."""
    return [
        SMALL | {"name": f"常州示例{n}有限公司", "capabilities": [{"product": f"锻件{n}"}, {"product": "冲压件"}]}
        for n in range(count)
    ]


def facts(firms: Sequence[Firm]) -> list[Firm]:
    """Firms without the rows that they came from."""
    return [replace(firm, origin=None) for firm in firms]


async def test_every_row_of_a_register_is_accounted_for(graph: Graph, tmp_path: Path) -> None:
    path = lines(tmp_path / "sme.jsonl", *many(3), SMALL | {"tier": "大公司"}, "{")
    told: list[tuple[int, int]] = []
    report = await load_register(graph, SOURCE, path, How(progress=lambda done, total: told.append((done, total))))
    assert (report.rows_read, report.accepted, report.rejected, report.skipped) == (5, 3, 2, False)
    assert [fault.row for fault in report.faults] == [4, 5]
    assert told == [(3, 3)]
    load = await ProvenanceRepository(graph).get_load(report.load_id)
    assert load is not None
    assert (load.state, load.rows_read, load.accepted, load.rejected) == (LoadState.DONE, 5, 3, 2)
    firms = await FirmRepository(graph).all()
    assert sorted(f.origin.row for f in firms if f.origin and f.origin.load_id == report.load_id) == [1, 2, 3]


async def test_twice_is_once(graph: Graph, tmp_path: Path) -> None:
    sme, listed = lines(tmp_path / "sme.jsonl", *many(5)), lines(tmp_path / "listed.jsonl", LISTED)
    notices, plan = lines(tmp_path / "notices.jsonl", NOTICE), workbook(tmp_path / "plan.xlsx", [COLUMNS, ROW])
    chains = tmp_path / "chains.yaml"
    chains.write_text(GOOD, encoding="utf-8")

    async def load_all() -> list[bool]:
        reports = [
            await load_register(graph, SOURCE, sme),
            await load_listed_firms(graph, SOURCE, listed),
            await load_notices(graph, SOURCE, notices),
            await load_plan(graph, SOURCE, plan, HEADER),
            await load_atlas(graph, SOURCE, chains),
        ]
        await load_divisions(graph)
        return [report.skipped for report in reports]

    assert await load_all() == [False] * 5
    once = await digest(graph)
    assert await load_all() == [True] * 5
    assert await digest(graph) == once
    assert await FirmRepository(graph).count() == 6
    assert await PlanRepository(graph).count_lines() == 2
    assert [link.code for link in await ChainRepository(graph).links("uhv")] == ["uhv-steel", "uhv-transformer"]
    assert len(await DivisionRepository(graph).names()) == 118


async def test_a_skipped_load_says_so_with_its_counts(graph: Graph, tmp_path: Path) -> None:
    path = lines(tmp_path / "sme.jsonl", SMALL, "{")
    first = await load_register(graph, SOURCE, path)
    second = await load_register(graph, SOURCE, path)
    assert (second.load_id, second.rows_read, second.accepted, second.rejected) == (first.load_id, 2, 1, 1)
    assert "跳过" in second.notes[0]


async def test_any_order_of_the_rows_gives_the_same_firms(graph: Graph, tmp_path: Path) -> None:
    rows = [*many(6), many(1)[0] | {"tier": "小巨人"}]
    await load_register(graph, SOURCE, lines(tmp_path / "a.jsonl", *rows))
    once = facts(await FirmRepository(graph).all())
    await load_register(graph, SOURCE, lines(tmp_path / "b.jsonl", *reversed(rows)))
    assert facts(await FirmRepository(graph).all()) == once
    assert len(once) == 6


class Killed(Exception):
    """Stands in for the end of the process between two batches."""


@pytest.mark.parametrize("batch", [1, 2, 3])
async def test_a_load_that_was_killed_at_any_batch_is_run_again_and_converges(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("ingest.pipeline.FIRMS_A_BATCH", 2)
    path = lines(tmp_path / "sme.jsonl", *many(6))
    calls = 0

    def kill(_done: int, _total: int) -> None:
        nonlocal calls
        calls += 1
        if calls == batch:
            raise Killed

    with pytest.raises(Killed):
        await load_register(graph, SOURCE, path, How(progress=kill))
    (pending,) = await ProvenanceRepository(graph).loads()
    assert pending.state is LoadState.RUNNING
    report = await load_register(graph, SOURCE, path)
    assert (report.load_id, report.accepted, report.skipped) == (pending.id, 6, False)
    assert await FirmRepository(graph).count() == 6
    again = await digest(graph)
    assert (await load_register(graph, SOURCE, path)).skipped
    assert await digest(graph) == again


async def test_a_refused_plan_writes_nothing(graph: Graph, tmp_path: Path) -> None:
    before = await digest(graph)
    path = workbook(tmp_path / "plan.xlsx", [COLUMNS, ROW, (2, "钢板", None, "三百")])
    with pytest.raises(RefusedFile):
        await load_plan(graph, SOURCE, path, HEADER)
    with pytest.raises(RefusedFile):
        await load_plan(graph, SOURCE, tmp_path / "nowhere.xlsx", HEADER)
    assert await digest(graph) == before


async def test_a_corrected_plan_replaces_the_lines_of_the_first(graph: Graph, tmp_path: Path) -> None:
    await load_plan(graph, SOURCE, workbook(tmp_path / "a.xlsx", [COLUMNS, ROW, (2, "铜排")]), HEADER)
    report = await load_plan(graph, SOURCE, workbook(tmp_path / "b.xlsx", [COLUMNS, (1, "镀锌板")]), HEADER)
    (plan,) = await PlanRepository(graph).all()
    assert report.plan_ids == (plan.id,)
    assert [line.product for line in plan.lines] == ["镀锌板"]
    assert plan.lines[0].origin is not None
    assert plan.lines[0].origin.load_id == report.load_id


async def test_one_file_under_two_titles_is_two_plans(graph: Graph, tmp_path: Path) -> None:
    path = workbook(tmp_path / "plan.xlsx", [COLUMNS, ROW])
    first = await load_plan(graph, SOURCE, path, HEADER)
    second = await load_plan(graph, SOURCE, path, replace(HEADER, title="补充计划"))
    assert (first.skipped, second.skipped) == (False, False)
    assert len(await PlanRepository(graph).all()) == 2
    assert first.notes == ("读取了工作表“需求”。",)


async def test_loads_of_one_file_at_once_end_as_one(graph: Graph, tmp_path: Path) -> None:
    path = lines(tmp_path / "sme.jsonl", *many(8))
    await asyncio.gather(*(load_register(graph, SOURCE, path) for _ in range(3)))
    assert await FirmRepository(graph).count() == 8
    assert len(await ProvenanceRepository(graph).loads()) == 1


async def test_both_engines_hold_the_same(graph_pair: tuple[Graph, Graph], tmp_path: Path) -> None:
    path = lines(tmp_path / "sme.jsonl", *many(4), json.dumps(SMALL, ensure_ascii=False))
    notices = lines(tmp_path / "notices.jsonl", NOTICE)
    digests = []
    for engine in graph_pair:
        await load_register(engine, SOURCE, path)
        await load_notices(engine, SOURCE, notices)
        digests.append(await digest(engine))
    assert digests[0] == digests[1]
