"""One way to the graph engine (图数据库连接), the same for the embedded engine and for Neo4j.

ADR: every statement runs in a managed transaction. In auto-commit the embedded engine commits each row of
an UNWIND by itself, so a failure or a kill leaves half a batch; the class therefore has no auto-commit
call at all. Further rules, each measured on both engines and each with its test in tests/graph:
a write conflict is retried after 20 ms and not after the driver's 1 s; a losing concurrent MERGE is
retried, which the driver does not do; compare-and-set has one form that has one winner on both engines;
each call has a deadline on the client because one engine ignores the one that is sent with the query.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias, TypeVar
from uuid import uuid4

from neo4j import AsyncDriver, AsyncManagedTransaction, unit_of_work
from neo4j.exceptions import ConstraintError, DriverError, Neo4jError

from graph.compare import compare_and_set
from graph.driver import CONNECT_SECONDS, open_driver
from graph.errors import GraphError, GraphValueError, timed_out, translated, unreachable
from graph.labels import key_of
from graph.transaction import Transaction, TryAgain

UPSERT_ATTEMPTS = 12
DEADLINE = 30.0

Statement = tuple[str, Mapping[str, Any]]
Rows = list[dict[str, Any]]
T = TypeVar("T")
Work: TypeAlias = Callable[[Transaction], Awaitable[T]]


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
        return cls(open_driver(settings.uri, settings.user, settings.password), settings)

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
        return (await self._statements([(query, params)], False, False, deadline))[0]

    async def write(self, query: str, /, *, upsert: bool = False, deadline: float = DEADLINE, **params: Any) -> Rows:
        """One writing statement in its own transaction: all of it or nothing.

        `upsert` says that the statement may be repeated, so a lost race for a new key is tried again.
        """
        return (await self._statements([(query, params)], True, upsert, deadline))[0]

    async def write_all(
        self, statements: Sequence[Statement], *, upsert: bool = False, deadline: float = DEADLINE
    ) -> list[Rows]:
        """Several statements in one transaction, rows of each in order.

        Both engines are READ COMMITTED: a statement that decides by what an earlier one read is only safe
        if the first statement SETs a property of the node in question, which takes its lock. (On Neo4j
        a REMOVE of a property that no node has does not.)
        """
        return await self._statements(statements, True, upsert, deadline)

    async def transact(self, work: Work[T], *, upsert: bool = False, deadline: float = DEADLINE) -> T:
        """Runs `work` between its reads and writes in one transaction, and returns what it returns.

        `work` may run several times, each time from the start on what is stored then, so it must change
        nothing but the graph. What it reads to decide by must be locked before (see `write_all`). It may
        raise TryAgain, which is answered like a lost race for a new key: with another attempt if `upsert`.
        """
        return await self._run(work, True, upsert, deadline)

    async def schema(self, statement: str, *, deadline: float = 300.0) -> None:
        """One schema statement; schema and data cannot share a transaction on Neo4j."""
        await self._statements([(statement, {})], True, False, deadline)

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
            compare_and_set(label),
            key=key,
            expected=expected_version,
            token=uuid4().hex,
            changes=dict(changes),
            deadline=deadline,
        )
        return bool(rows)

    async def _statements(
        self, statements: Sequence[Statement], writing: bool, upsert: bool, deadline: float
    ) -> list[Rows]:
        async def work(tx: Transaction) -> list[Rows]:
            return [await tx.run(query, **params) for query, params in statements]

        return await self._run(work, writing, upsert, deadline)

    async def _run(self, work: Work[T], writing: bool, upsert: bool, deadline: float) -> T:
        reached = False

        @unit_of_work(timeout=deadline)
        async def managed(tx: AsyncManagedTransaction) -> T:
            nonlocal reached
            reached = True
            try:
                return await work(Transaction(tx))
            except DriverError:
                reached = False
                raise

        async def attempt() -> T:
            async with self._driver.session(
                database=self._settings.database, max_transaction_retry_time=deadline
            ) as session:
                return await (session.execute_write(managed) if writing else session.execute_read(managed))

        try:
            async with asyncio.timeout(deadline):
                for turn in range(UPSERT_ATTEMPTS):
                    try:
                        return await attempt()
                    except (ConstraintError, TryAgain):
                        if not upsert or turn == UPSERT_ATTEMPTS - 1:
                            raise
                        await asyncio.sleep(random.uniform(0, 0.01 * 2 ** min(turn, 5)))
                raise AssertionError("unreachable: the last attempt returns or raises")
        except TimeoutError as error:
            raise (timed_out(deadline) if reached else unreachable(self._settings.uri)) from error
        except TryAgain as error:
            raise GraphError("多次与其他写入冲突，没有保存。请稍后重试。", code="graph.busy") from error
        except (DriverError, Neo4jError) as error:
            raise translated(error, self._settings.uri, deadline) from error
