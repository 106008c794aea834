"""Each rule of writing, beside the plain form that breaks on an engine, so that nobody goes back to it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from neo4j import AsyncDriver, AsyncGraphDatabase, AsyncManagedTransaction
from neo4j.exceptions import ConstraintError, Neo4jError, TransientError

from graph.connection import Graph, GraphSettings
from graph.errors import GraphConstraintError, GraphError
from graph.transaction import ROWS_A_STATEMENT, Transaction, TryAgain
from tests.engines.pool import EMBEDDED, NEO4J

on_embedded = pytest.mark.parametrize("engine", [EMBEDDED], indirect=True)
on_neo4j = pytest.mark.parametrize("engine", [NEO4J], indirect=True)

# The last row holds what no engine can store: all 300 rows must go with it.
LAST_ROW_FAILS = "UNWIND $rows AS row MERGE (c:Cluster {code: row.code}) SET c.name = row.name"
ROWS = [{"code": f"c{n}", "name": "a"} for n in range(300)] + [{"code": "last", "name": {"a": "map"}}]


@asynccontextmanager
async def plain_driver(settings: GraphSettings) -> AsyncIterator[AsyncDriver]:
    async with AsyncGraphDatabase.driver(
        settings.uri, auth=(settings.user, settings.password), notifications_min_severity="OFF"
    ) as driver:
        yield driver


async def in_transaction(driver: AsyncDriver, *queries: str, **params: object) -> list[dict[str, object]]:
    async def work(tx: AsyncManagedTransaction) -> list[dict[str, object]]:
        for query in queries[:-1]:
            await (await tx.run(query, params)).consume()
        return await (await tx.run(queries[-1], params)).data()

    async with driver.session(database="neo4j") as session:
        return await session.execute_write(work)


async def clusters(graph: Graph) -> int:
    count: int = (await graph.read("MATCH (c:Cluster) RETURN count(c) AS n"))[0]["n"]
    return count


@on_embedded
async def test_auto_commit_keeps_half_of_a_failed_batch_on_the_embedded_engine(
    graph: Graph, graph_settings: GraphSettings
) -> None:
    async with plain_driver(graph_settings) as driver, driver.session(database="neo4j") as session:
        with pytest.raises(Neo4jError):
            await (await session.run(LAST_ROW_FAILS, rows=ROWS)).consume()
    assert await clusters(graph) > 0


async def test_a_failed_batch_leaves_nothing(graph: Graph) -> None:
    with pytest.raises(GraphError):
        await graph.write(LAST_ROW_FAILS, rows=ROWS)
    assert await clusters(graph) == 0


async def test_a_key_that_exists_cannot_be_created_again(graph: Graph) -> None:
    await graph.write("CREATE (c:Cluster {code: 'taken'})")
    with pytest.raises(GraphConstraintError) as caught:
        await graph.write("CREATE (c:Cluster {code: 'taken'})")
    assert caught.value.code == "graph.constraint"
    assert await clusters(graph) == 1


async def test_several_statements_are_all_or_nothing(graph: Graph) -> None:
    await graph.write("MERGE (c:Cluster {code: 'taken'})")
    with pytest.raises(GraphConstraintError):
        await graph.write_all(
            [("MERGE (c:Cluster {code: $code})", {"code": "new"}), ("CREATE (c:Cluster {code: 'taken'})", {})]
        )
    assert await clusters(graph) == 1


@on_neo4j
async def test_comparing_in_where_has_many_winners_on_neo4j(graph: Graph, graph_settings: GraphSettings) -> None:
    await graph.write("CREATE (p:Plan {id: 'p', version: 0})")
    compare = "MATCH (p:Plan {id: 'p'}) WHERE p.version = $v SET p.version = $v + 1 RETURN p.version AS version"
    most = 0
    async with plain_driver(graph_settings) as driver:
        for _ in range(20):
            version = (await graph.read("MATCH (p:Plan {id: 'p'}) RETURN p.version AS v"))[0]["v"]
            won = await asyncio.gather(*(in_transaction(driver, compare, v=version) for _ in range(12)))
            most = max(most, sum(1 for rows in won if rows))
            if most > 1:
                break
    assert most > 1


async def test_compare_and_set_has_one_winner_each_time(graph: Graph) -> None:
    await graph.write("CREATE (p:Plan {id: 'p'})")
    for version in range(8):
        won = await asyncio.gather(
            *(graph.compare_and_set("Plan", "p", version, {"title": f"{version}-{n}"}) for n in range(12))
        )
        assert sum(won) == 1
        row = (await graph.read("MATCH (p:Plan {id: 'p'}) RETURN p.title AS title, p.version AS version"))[0]
        assert (row["title"], row["version"]) == (f"{version}-{won.index(True)}", version + 1)


async def test_compare_and_set_of_an_unknown_key_or_an_old_version_changes_nothing(graph: Graph) -> None:
    await graph.write("CREATE (p:Plan {id: 'p', title: 'a', version: 3})")
    assert not await graph.compare_and_set("Plan", "unknown", 0, {"title": "b"})
    assert not await graph.compare_and_set("Plan", "p", 2, {"title": "b"})
    assert (await graph.read("MATCH (p:Plan) RETURN p.title AS title"))[0]["title"] == "a"


READ_COUNT = "MATCH (p:Plan {id: 'p'}) RETURN p.n AS n"
WRITE_COUNT = "MATCH (p:Plan {id: 'p'}) SET p.n = $n"


async def add_one(driver: AsyncDriver, lock: str | None) -> None:
    async def work(tx: AsyncManagedTransaction) -> None:
        if lock:
            await (await tx.run(lock)).consume()
        found = await (await tx.run(READ_COUNT)).single()
        assert found is not None
        await (await tx.run(WRITE_COUNT, n=found["n"] + 1)).consume()

    async with driver.session(database="neo4j") as session:
        await session.execute_write(work)


@on_neo4j
async def test_removing_a_property_that_never_was_is_no_lock_on_neo4j(
    graph: Graph, graph_settings: GraphSettings
) -> None:
    await graph.write("CREATE (p:Plan {id: 'p', n: 0})")
    async with plain_driver(graph_settings) as driver:
        for _ in range(6):
            await asyncio.gather(*(add_one(driver, "MATCH (p:Plan {id: 'p'}) REMOVE p.never_set") for _ in range(10)))
    assert (await graph.read(READ_COUNT))[0]["n"] < 60


@pytest.mark.parametrize(("lock", "loses"), [(None, True), ("MATCH (p:Plan {id: 'p'}) SET p.lk = 1", False)])
async def test_read_then_write_loses_updates_unless_it_locks_first(
    graph: Graph, graph_settings: GraphSettings, lock: str | None, loses: bool
) -> None:
    await graph.write("CREATE (p:Plan {id: 'p', n: 0})")
    async with AsyncGraphDatabase.driver(
        graph_settings.uri, auth=(graph_settings.user, graph_settings.password), initial_retry_delay=0.02
    ) as driver:
        for _ in range(6):
            await asyncio.gather(*(add_one(driver, lock) for _ in range(10)))
    counted = (await graph.read(READ_COUNT))[0]["n"]
    assert (counted < 60) is loses


async def test_work_between_reads_and_writes_loses_no_update_once_it_holds_the_lock(graph: Graph) -> None:
    await graph.write("CREATE (p:Plan {id: 'p', n: 0})")

    async def add(tx: Transaction) -> int:
        await tx.run("MATCH (p:Plan {id: 'p'}) SET p.lk = 1")
        n: int = (await tx.run(READ_COUNT))[0]["n"]
        await tx.run(WRITE_COUNT, n=n + 1)
        return n + 1

    told = [n for _ in range(6) for n in await asyncio.gather(*(graph.transact(add) for _ in range(10)))]
    assert sorted(told) == list(range(1, 61))


async def test_work_that_asks_for_another_attempt_leaves_nothing_of_the_first(graph: Graph) -> None:
    turns: list[int] = []

    async def work(tx: Transaction) -> str:
        turns.append(len(turns))
        await tx.run("MERGE (c:Cluster {code: $code})", code=f"c{turns[-1]}")
        if len(turns) < 3:
            raise TryAgain
        return "done"

    assert await graph.transact(work, upsert=True) == "done"
    assert [row["code"] for row in await graph.read("MATCH (c:Cluster) RETURN c.code AS code")] == ["c2"]


async def test_work_that_never_comes_through_is_given_up_and_says_so(graph: Graph) -> None:
    async def work(tx: Transaction) -> None:
        await tx.run("CREATE (c:Cluster {code: 'c'})")
        raise TryAgain

    for upsert in (False, True):
        with pytest.raises(GraphError) as caught:
            await graph.transact(work, upsert=upsert)
        assert caught.value.code == "graph.busy"
    assert await clusters(graph) == 0


async def test_any_number_of_rows_is_written_in_one_transaction(graph: Graph) -> None:
    query = "UNWIND $rows AS row MERGE (c:Cluster {code: row.code}) SET c.name = $name RETURN c.code AS code"

    async def work(tx: Transaction) -> int:
        assert await tx.each(query, [], name="a") == []
        return len(await tx.each(query, ({"code": f"c{n}"} for n in range(ROWS_A_STATEMENT + 1)), name="a"))

    assert await graph.transact(work, upsert=True) == await clusters(graph) == ROWS_A_STATEMENT + 1
    with pytest.raises(GraphError, match="code"):
        await graph.transact(lambda tx: tx.each(query, [{"code": "new"}, {"code": None}], name="a"))
    assert await clusters(graph) == ROWS_A_STATEMENT + 1


@on_embedded
async def test_a_conflict_in_auto_commit_is_the_callers_on_the_embedded_engine(
    graph: Graph, graph_settings: GraphSettings
) -> None:
    await graph.write("CREATE (p:Plan {id: 'p', n: 0})")

    async def add(driver: AsyncDriver) -> None:
        async with driver.session(database="neo4j") as session:
            await (await session.run("MATCH (p:Plan {id: 'p'}) SET p.n = p.n + 1")).consume()

    async with plain_driver(graph_settings) as driver:
        ended: list[BaseException | None] = []
        for _ in range(10):
            ended += await asyncio.gather(*(add(driver) for _ in range(16)), return_exceptions=True)
    assert any(isinstance(error, TransientError) for error in ended)


async def test_no_increment_of_many_writers_is_lost_and_none_fails(graph: Graph) -> None:
    await graph.write("CREATE (p:Plan {id: 'p', n: 0})")
    for _ in range(5):
        await asyncio.gather(*(graph.write("MATCH (p:Plan {id: 'p'}) SET p.n = p.n + 1") for _ in range(16)))
    assert (await graph.read(READ_COUNT))[0]["n"] == 80


@on_embedded
async def test_a_conflict_is_tried_again_after_hundredths_of_a_second(
    graph: Graph, caplog: pytest.LogCaptureFixture
) -> None:
    await graph.write("CREATE (p:Plan {id: 'p', n: 0})")
    with caplog.at_level("WARNING", logger="neo4j"):
        await asyncio.gather(*(graph.write("MATCH (p:Plan {id: 'p'}) SET p.n = p.n + 1") for _ in range(16)))
    delays = [
        float(found[1])
        for found in (re.search(r"will be retried in ([\d.e-]+)s", text) for text in caplog.messages)
        if found
    ]
    assert delays
    assert min(delays) < 0.05  # the driver alone begins with 1 s


MERGE_KEY = "MERGE (c:Cluster {code: $code}) ON CREATE SET c.n = 1 ON MATCH SET c.n = c.n + 1"


@on_embedded
async def test_a_lost_race_for_a_new_key_fails_in_the_drivers_own_retry_on_the_embedded_engine(
    graph: Graph, graph_settings: GraphSettings
) -> None:
    async with AsyncGraphDatabase.driver(
        graph_settings.uri, auth=(graph_settings.user, graph_settings.password), initial_retry_delay=0.02
    ) as driver:
        ended: list[object] = []
        for key in range(10):
            ended += await asyncio.gather(
                *(in_transaction(driver, MERGE_KEY, code=f"c{key}") for _ in range(12)), return_exceptions=True
            )
    assert any(isinstance(error, ConstraintError) for error in ended)
    assert await clusters(graph) == 10


async def test_many_upserts_of_the_same_new_keys_all_succeed_and_make_each_once(graph: Graph) -> None:
    for key in range(5):
        await asyncio.gather(*(graph.write(MERGE_KEY, upsert=True, code=f"c{key}") for _ in range(12)))
    rows = await graph.read("MATCH (c:Cluster) RETURN c.code AS code, c.n AS n ORDER BY code")
    assert [(row["code"], row["n"]) for row in rows] == [(f"c{key}", 12) for key in range(5)]


async def test_without_a_constraint_concurrent_merges_make_a_key_more_than_once(empty_graph: Graph) -> None:
    for key in range(20):
        await asyncio.gather(*(empty_graph.write(MERGE_KEY, upsert=True, code=f"c{key}") for _ in range(12)))
        if await clusters(empty_graph) > key + 1:
            return
    raise AssertionError("no duplicate: is the constraint no longer needed?")
