"""Whatever file of firms comes, in whatever order, and however often it is killed: the same facts, and back again."""

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.connection import Graph
from graph.digest import Digest, digest, facts_digest
from graph.firms import FirmRepository
from graph.identity import IdentityRepository, QuestionState
from graph.loads import undo
from graph.model import Source
from graph.provenance import ProvenanceRepository
from ingest.kinds.titles import Announcement
from ingest.load import How, load_recognition, load_register
from ingest.load_report import LoadReport
from ingest.report import write_report
from ingest.report_of import report_of
from tests.engines.wipe import wipe_facts
from tests.ingest.firm_tables import RECOGNITION_HEADER, USCC, register, table
from tests.ingest.test_recognition import ROWS as LISTED_ROWS

SOURCE = Source("register-test", "测试名录", "project", True)
OTHER = Source("other-test", "另一名录", "project", True)
DRY = How(dry_run=True)

NAMES = (
    "苏州示例精密机械有限公司",
    "苏州示例精密机械 有限公司",
    "苏州示例精密机械（昆山）有限公司",
    "常州示例轴承有限公司",
    "常州示例轴承制造有限公司",
    "无锡示例电机股份有限公司",
)
PLACES = (("苏州市", "昆山市"), ("常州市", "武进区"), ("无锡市", None), (None, None))


@st.composite
def register_rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A small messy register, in which firms come again with other words."""
    count = draw(st.integers(1, 7))
    rows = []
    for _ in range(count):
        city, county = draw(st.sampled_from(PLACES))
        rows.append(
            {
                "企业名称": draw(st.sampled_from(NAMES)),
                "统一社会信用代码": draw(st.sampled_from([None, None, USCC, "9132058"])),
                "设区市": city,
                "县（市、区）": county,
                "地址": None,
                "从业人员数": draw(st.sampled_from([None, 120, 80])),
                "资质认证": draw(st.sampled_from([None, "ISO 9001", "IATF 16949、ISO 14001"])),
                "称号": draw(st.sampled_from([None, "专精特新", "小巨人"])),
                "主要产品": draw(st.sampled_from([None, "齿轮、轴", "轴承", "电机"])),
                "经营范围": None,
            }
        )
    return rows


async def load(graph: Graph, path: Path, rows: list[dict[str, Any]], source: Source = SOURCE) -> LoadReport:
    return await load_register(graph, source, register(path, *rows))


slow = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@slow
@given(rows=register_rows(), seed=st.integers(0, 99))
async def test_any_order_of_the_rows_gives_the_same_facts(
    graph: Graph, tmp_path: Path, rows: list[dict[str, Any]], seed: int
) -> None:
    digests = []
    shuffled = random.Random(seed).sample(rows, len(rows))
    for order in (rows, shuffled):
        await wipe_facts(graph)
        report = await load(graph, tmp_path / "名录.xlsx", order)
        assert report.rows_read == report.accepted + report.rejected == len(rows)
        digests.append(await facts_digest(graph))
    assert digests[0] == digests[1]


@slow
@given(first=register_rows(), second=register_rows())
async def test_a_load_that_is_undone_leaves_what_was_there_before(
    graph: Graph, tmp_path: Path, first: list[dict[str, Any]], second: list[dict[str, Any]]
) -> None:
    await wipe_facts(graph)
    await load(graph, tmp_path / "a.xlsx", first)
    before = await facts(graph)
    report = await load(graph, tmp_path / "b.xlsx", second, OTHER)
    await undo(graph, report.load_id)
    assert await facts(graph) == before
    again = await load(graph, tmp_path / "b.xlsx", second, OTHER)
    assert not again.skipped


async def facts(graph: Graph) -> Digest:
    """The facts without open questions: one that a load raised about two firms that stay is work and no fact."""
    await graph.write("MATCH (q:Question) DETACH DELETE q")
    return await facts_digest(graph)


class Killed(Exception):
    """Stands in for the end of the process between two batches."""


@slow
@given(rows=register_rows(), at=st.integers(1, 4))
async def test_a_load_that_is_killed_at_any_batch_and_run_again_is_as_if_nothing_had_been(
    graph: Graph, tmp_path: Path, rows: list[dict[str, Any]], at: int
) -> None:
    path = register(tmp_path / "名录.xlsx", *rows)
    await wipe_facts(graph)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ingest.pipeline.FIRMS_A_BATCH", 2)
        await load_register(graph, SOURCE, path)
        whole = await digest(graph)
        await wipe_facts(graph)
        calls = 0

        def kill(_done: int, _total: int) -> None:
            nonlocal calls
            calls += 1
            if calls == at:
                raise Killed

        try:
            await load_register(graph, SOURCE, path, How(progress=kill))
        except Killed:
            assert not (await load_register(graph, SOURCE, path)).skipped
        assert await digest(graph) == whole
        assert (await load_register(graph, SOURCE, path)).skipped
        assert await digest(graph) == whole


async def test_a_trial_run_writes_nothing_and_says_what_would_be(graph: Graph, tmp_path: Path) -> None:
    await load(graph, tmp_path / "a.xlsx", [{}])
    before = await digest(graph)
    path = register(tmp_path / "b.xlsx", {}, {"企业名称": "常州示例轴承有限公司"}, {"企业名称": None})
    tried = await load_register(graph, OTHER, path, DRY)
    assert await digest(graph) == before
    assert (tried.rows_read, tried.accepted, tried.rejected) == (3, 2, 1)
    assert (tried.written.added, tried.written.changed) == (1, 1)
    done = await load_register(graph, OTHER, path)
    assert not done.skipped
    assert (done.written.added, done.rows_read) == (1, 3)


async def test_the_refused_rows_are_corrected_in_the_report_and_fed_back(graph: Graph, tmp_path: Path) -> None:
    rows = [
        {},
        {"企业名称": None, "从业人员数": "很多"},
        {"企业名称": "常州示例轴承有限公司", "营业收入（万元）": "保密"},
    ]
    path = register(tmp_path / "名录.xlsx", *rows)
    report = await load_register(graph, SOURCE, path)
    assert (report.accepted, report.rejected, len(report.faults)) == (1, 2, 3)
    out = tmp_path / "报告.xlsx"
    write_report(out, report_of(report, "企业名录"))
    book = openpyxl.load_workbook(out)
    sheet = book["拒收"]
    header = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, header.index("企业名称") + 1).value is None
    sheet.cell(2, header.index("企业名称") + 1).value = "无锡示例电机有限公司"
    sheet.cell(2, header.index("从业人员数") + 1).value = 45
    sheet.cell(3, header.index("营业收入（万元）") + 1).value = 9000
    book.save(out)
    again = await load_register(graph, SOURCE, out)
    assert (again.rows_read, again.accepted, again.rejected) == (2, 2, 0)
    firms = {firm.name: firm for firm in await FirmRepository(graph).all()}
    assert sorted(firms) == ["常州示例轴承有限公司", "无锡示例电机有限公司", "苏州示例精密机械有限公司"]
    assert firms["无锡示例电机有限公司"].staff == 45
    assert firms["常州示例轴承有限公司"].revenue_cny == 90_000_000.0


async def test_a_fed_back_recognition_list_keeps_what_its_title_said(graph: Graph, tmp_path: Path) -> None:
    title = ("2025年度江苏省专精特新中小企业名单（第二批）", "（有效期：2025年7月1日至2028年6月30日）")
    bad = (3, "无锡市", None, "12345", None)
    path = table(tmp_path / "名单.xlsx", RECOGNITION_HEADER, *LISTED_ROWS, bad, title=title)
    report = await load_recognition(graph, SOURCE, path, Announcement())
    assert (report.accepted, report.rejected) == (2, 1)
    out = tmp_path / "报告.xlsx"
    write_report(out, report_of(report, "公示名单"))
    book = openpyxl.load_workbook(out)
    book["拒收"].cell(2, 4).value = "无锡示例电机有限公司"
    book.save(out)
    again = await load_recognition(graph, SOURCE, out, Announcement())
    assert (again.accepted, again.rejected) == (1, 0)
    titles = {title for firm in await FirmRepository(graph).all() for title in firm.titles}
    assert {(t.tier, t.valid_from, t.valid_until, t.batch) for t in titles} == {
        ("专精特新", "2025-07-01", "2028-06-30", "2025年度第二批")
    }


async def test_lists_of_two_sources_meet_in_one_firm(graph: Graph, tmp_path: Path) -> None:
    await load(graph, tmp_path / "a.xlsx", [{"统一社会信用代码": USCC, "称号": None}])
    path = table(tmp_path / "名单.xlsx", RECOGNITION_HEADER, *LISTED_ROWS, title=("第六批专精特新“小巨人”企业名单",))
    report = await load_recognition(graph, OTHER, path, Announcement())
    assert (report.written.added, report.written.changed) == (1, 1)
    firm = await FirmRepository(graph).get(USCC)
    assert firm is not None
    assert (firm.tier, firm.titles[0].batch, firm.staff) == ("小巨人", "第六批", 120)
    await undo(graph, report.load_id)
    firm = await FirmRepository(graph).get(USCC)
    assert firm is not None
    assert (firm.tier, firm.titles) == (None, ())


async def test_a_code_that_comes_later_finds_its_firm_and_leaves_with_its_load(graph: Graph, tmp_path: Path) -> None:
    await load(graph, tmp_path / "a.xlsx", [{}])
    before = await facts_digest(graph)
    report = await load(graph, tmp_path / "b.xlsx", [{"统一社会信用代码": USCC, "从业人员数": 300}], OTHER)
    (firm,) = await FirmRepository(graph).all()
    assert firm.uscc == USCC
    assert report.written.added == 0
    await undo(graph, report.load_id)
    assert await facts_digest(graph) == before


async def test_what_a_person_told_apart_is_not_asked_again(graph: Graph, tmp_path: Path) -> None:
    identity = IdentityRepository(graph)
    await load(graph, tmp_path / "a.xlsx", [{"企业名称": "常州示例轴承有限公司"}])
    rows = [{"企业名称": "常州示例轴成有限公司"}]
    await load(graph, tmp_path / "b.xlsx", rows, OTHER)
    questions = await identity.questions()
    for question in questions:
        await identity.decide(question.id, same=False, by="测试")
    report = await load(graph, tmp_path / "c.xlsx", [*rows, {}], OTHER)
    assert not {(q.left, q.right) for q in report.written.review} & {(q.left_code, q.right_code) for q in questions}
    assert all(q.state is QuestionState.DIFFERENT for q in await identity.questions(open_only=False))


async def test_both_engines_hold_the_same_facts(graph_pair: tuple[Graph, Graph], tmp_path: Path) -> None:
    rows = [{"企业名称": name, "主要产品": f"齿轮{n}、轴"} for n, name in enumerate(NAMES)]
    path = register(tmp_path / "名录.xlsx", *rows)
    digests = []
    for engine in graph_pair:
        await load_register(engine, SOURCE, path)
        digests.append(await digest(engine))
    assert digests[0] == digests[1]


async def test_the_event_loop_goes_on_while_a_big_file_is_read(graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "名录.jsonl"
    row = {
        "name": "常州示例精锻有限公司",
        "division": "320412",
        "source": "synthetic",
        "capabilities": [{"product": "锻件"}],
    }
    text = "\n".join(json.dumps(row | {"name": f"常州示例精锻{n}有限公司"}, ensure_ascii=False) for n in range(2000))
    path.write_text(text, encoding="utf-8")
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.005)
            beats += 1

    heart = asyncio.create_task(beat())
    report = await load_register(graph, SOURCE, path, DRY)
    heart.cancel()
    assert report.accepted == 2000
    assert beats > 3


async def test_every_load_is_on_the_list_with_its_counts(graph: Graph, tmp_path: Path) -> None:
    report = await load(graph, tmp_path / "a.xlsx", [{}, {"企业名称": None}])
    (found,) = await ProvenanceRepository(graph).loads()
    assert (found.id, found.rows_read, found.accepted, found.rejected) == (report.load_id, 2, 1, 1)
