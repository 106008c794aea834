"""An engine that was filled before records existed is migrated without losing a fact."""

from dataclasses import replace

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from graph.adopt import adopt_records
from graph.connection import Graph
from graph.digest import digest
from graph.firms import FirmRepository
from graph.loads import UndoReport, undo
from graph.migrate import migrate
from graph.model import Firm
from graph.plans import PlanRepository
from tests.graph.build import a_plan
from tests.graph.statements import firms, save
from tests.graph.test_records import prepared

FORGET = (
    "MATCH (:Plan)<-[:ABOUT]-(r:Record) DETACH DELETE r",
    """
    MATCH (f:Firm)<-[:ABOUT]-(r:Record)-[:FROM]->(l:Load)
    MERGE (f)-[o:FROM]->(l) SET o.row = r.row
    REMOVE f.content, f.origin_load, f.origin_row, f.lk
    DETACH DELETE r
    """,
)


@given(st.lists(firms(), min_size=1, max_size=3, unique_by=lambda firm: firm.code))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_firms_and_plans_get_the_record_that_they_were_saved_from(graph: Graph, stated: list[Firm]) -> None:
    await prepared(graph)
    # There were no titles then.
    await save(graph, [replace(firm, titles=()) for firm in stated])
    await PlanRepository(graph).save(a_plan(), "load-a")
    before = await digest(graph)
    for statement in FORGET:
        await graph.write(statement)
    assert await digest(graph) != before
    await adopt_records(graph)
    assert await digest(graph) == before
    await adopt_records(graph)
    assert await digest(graph) == before
    for load_id in ("load-a", "load-b", "load-c"):
        await undo(graph, load_id)
    assert await FirmRepository(graph).count() == 0
    assert await PlanRepository(graph).all() == []


async def test_the_migration_that_brings_records_adopts_what_is_there(graph: Graph) -> None:
    await prepared(graph)
    await PlanRepository(graph).save(a_plan(), "load-a")
    await graph.write(FORGET[0])
    await graph.write("MATCH (m:Migration {name: '0003_records'}) DETACH DELETE m")
    assert await migrate(graph) == ["0003_records"]
    assert await undo(graph, "load-a") == UndoReport(plans_removed=1)
