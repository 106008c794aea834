"""One way to the graph engine (图数据库连接), the same for the embedded engine and for Neo4j.

ADR: every statement runs in a managed transaction. In auto-commit the embedded engine commits each row of
an UNWIND by itself, so a failure or a kill leaves half a batch; the class therefore has no auto-commit
call at all. Further rules, each measured on both engines and each with its test in tests/graph:
a write conflict is retried after 20 ms and not after the driver's 1 s; a losing concurrent MERGE is
retried, which the driver does not do; compare-and-set has one form that has one winner on both engines;
each call has a deadline on the client because one engine ignores the one that is sent with the query.
"""

import asyncio
import logging
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self
from uuid import uuid4

from neo4j import AsyncDriver, AsyncGraphDatabase, AsyncManagedTransaction, unit_of_work
from neo4j.exceptions import ConfigurationError, ConstraintError, DriverError, Neo4jError

from graph.errors import GraphRefused, GraphValueError, timed_out, translated, unreachable
from graph.labels import key_of
from graph.values import check

UPSERT_ATTEMPTS = 12
CONNECT_SECONDS = 5.0
DEADLINE = 30.0

# The driver would also take http, which is another protocol with other rules.
_URI = re.compile(r"(bolt|neo4j)(\+s|\+ssc)?://.")

Statement = tuple[str, Mapping[str, Any]]
Rows = list[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class GraphSettings:
    """Where the engine is and who asks."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str = "neo4j"


class Graph:
    """A pool of connections to one engine. Use it as an async context manager, or `close` it.

    All calls raise GraphUnreachable, GraphRefused, GraphTimeout, GraphConstraintError, GraphValueError
    or plain GraphError. Deadlines are in seconds and include every retry.
    """

    def __init__(self, driver: AsyncDriver, settings: GraphSettings) -> None:
        self._driver = driver
        self._settings = settings

    @classmethod
    def connect(cls, settings: GraphSettings) -> Self:
        """A pool for `settings`; the first query opens the first connection (`ping` tries at once)."""
        logger = logging.getLogger("neo4j")
        if logger.level == logging.NOTSET:
            # The driver warns at every retry, and retries are the normal way of the embedded engine.
            logger.setLevel(logging.ERROR)
        fault = GraphRefused(
            f"QL_NEO4J_URI 不是有效的图数据库地址：{settings.uri}。示例：bolt://127.0.0.1:7687", code="graph.uri"
        )
        if not _URI.match(settings.uri):
            raise fault
        try:
            driver = AsyncGraphDatabase.driver(
                settings.uri,
                auth=(settings.user, settings.password),
                initial_retry_delay=0.02,
                retry_delay_multiplier=1.5,
                connection_timeout=CONNECT_SECONDS,
                notifications_min_severity="OFF",
                telemetry_disabled=True,
            )
        except (ConfigurationError, ValueError) as error:
            raise fault from error
        return cls(driver, settings)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes every connection."""
        await self._driver.close()

    async def ping(self, *, deadline: float = CONNECT_SECONDS) -> None:
        """Returns once the engine answered a query; raises GraphUnreachable, GraphRefused or GraphTimeout."""
        await self.read("RETURN 1 AS one", deadline=deadline)

    async def read(self, query: str, /, *, deadline: float = DEADLINE, **params: Any) -> Rows:
        """The rows of one reading statement."""
        return (await self._run([(query, params)], False, False, deadline))[0]

    async def write(self, query: str, /, *, upsert: bool = False, deadline: float = DEADLINE, **params: Any) -> Rows:
        """One writing statement in its own transaction: all of it or nothing.

        `upsert` says that the statement may be repeated, so a lost race for a new key is tried again.
        """
        return (await self._run([(query, params)], True, upsert, deadline))[0]

    async def write_all(
        self, statements: Sequence[Statement], *, upsert: bool = False, deadline: float = DEADLINE
    ) -> list[Rows]:
        """Several statements in one transaction, rows of each in order.

        Both engines are READ COMMITTED: a statement that decides by what an earlier one read is only safe
        if the first statement SETs a property of the node in question, which takes its lock. (On Neo4j
        a REMOVE of a property that no node has does not.)
        """
        return await self._run(statements, True, upsert, deadline)

    async def schema(self, statement: str, *, deadline: float = 300.0) -> None:
        """One schema statement; schema and data cannot share a transaction on Neo4j."""
        await self._run([(statement, {})], True, False, deadline)

    async def compare_and_set(
        self, label: str, key: str, expected_version: int, changes: Mapping[str, Any], *, deadline: float = DEADLINE
    ) -> bool:
        """Sets `changes` on one node and adds 1 to its `version`, if that still is `expected_version`.

        True for exactly one of any number of concurrent callers; False for the others and for an unknown
        key. A node that was never changed so has version 0. Raises GraphValueError for an unknown label.
        """
        if not {"version", "cas", key_of(label)}.isdisjoint(changes):
            raise GraphValueError("主键与版本号不能作为修改内容。", code="graph.value.reserved")
        rows = await self.write(
            _compare_and_set(label),
            key=key,
            expected=expected_version,
            token=uuid4().hex,
            changes=dict(changes),
            deadline=deadline,
        )
        return bool(rows)

    async def _run(self, statements: Sequence[Statement], writing: bool, upsert: bool, deadline: float) -> list[Rows]:
        for query, params in statements:
            check(query, params)
        reached = False

        @unit_of_work(timeout=deadline)
        async def work(tx: AsyncManagedTransaction) -> list[Rows]:
            nonlocal reached
            reached = True
            try:
                answers: list[Rows] = []
                for query, params in statements:
                    result = await tx.run(query, dict(params))
                    answers.append([record async for record in result])
                return answers
            except DriverError:
                reached = False
                raise

        async def attempt() -> list[Rows]:
            async with self._driver.session(
                database=self._settings.database, max_transaction_retry_time=deadline
            ) as session:
                return await (session.execute_write(work) if writing else session.execute_read(work))

        try:
            async with asyncio.timeout(deadline):
                for turn in range(UPSERT_ATTEMPTS):
                    try:
                        return await attempt()
                    except ConstraintError:
                        if not upsert or turn == UPSERT_ATTEMPTS - 1:
                            raise
                        await asyncio.sleep(random.uniform(0, 0.01 * 2 ** min(turn, 5)))
                raise AssertionError("unreachable: the last attempt returns or raises")
        except TimeoutError as error:
            raise (timed_out(deadline) if reached else unreachable(self._settings.uri)) from error
        except (DriverError, Neo4jError) as error:
            raise translated(error, self._settings.uri, deadline) from error


@cache
def _compare_and_set(label: str) -> str:
    # The first SET reads the property that it writes: only then does Neo4j lock the node before it
    # compares. A plain `WHERE n.version = $expected SET ...` had 16 winners of 16 there.
    return f"""
    MATCH (n:{label} {{{key_of(label)}: $key}})
    SET n.cas = CASE WHEN coalesce(n.version, 0) = $expected THEN $token ELSE n.cas END,
        n.version = CASE WHEN coalesce(n.version, 0) = $expected THEN $expected + 1 ELSE n.version END
    WITH n WHERE n.cas = $token
    SET n += $changes
    RETURN n.version AS version
    """
