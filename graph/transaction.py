"""What runs inside one managed transaction (事务): statements, and the way to ask for another attempt."""

from collections.abc import Iterable, Mapping
from typing import Any

from neo4j import AsyncManagedTransaction

from graph.values import batches, check, check_keys

ROWS_A_STATEMENT = 5_000


class TryAgain(Exception):
    """Raised by the work of a transaction that met another writer: all is rolled back and run once more."""


class Transaction:
    """One open transaction. Statements see what earlier ones of it wrote, and nobody else does."""

    def __init__(self, tx: AsyncManagedTransaction) -> None:
        self._tx = tx

    async def run(self, query: str, /, **params: Any) -> list[dict[str, Any]]:
        """The rows of one statement. Raises GraphValueError for what one of the engines would store wrongly."""
        check(query, params)
        return await self._send(query, params)

    async def each(self, query: str, rows: Iterable[Mapping[str, Any]], /, **params: Any) -> list[dict[str, Any]]:
        """The same for any number of `rows`, sent as `$rows` in messages that both engines take; none sends none."""
        answers: list[dict[str, Any]] = []
        for batch in batches(rows, ROWS_A_STATEMENT):
            check_keys(query, {"rows": batch, **params})
            answers += await self._send(query, {"rows": batch, **params})
        return answers

    async def _send(self, query: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        result = await self._tx.run(query, dict(params))
        return [dict(record) async for record in result]
