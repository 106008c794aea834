"""Firms and what they can make (企业与供给能力)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

from graph.aliases import roots
from graph.connection import Graph
from graph.model import Capability, Firm, Origin
from graph.projection import SaveOutcome, lock_firms, write_firms
from graph.provenance import source_of
from graph.records import FirmRecord, read_records, records_of, write_records
from graph.rows import built
from graph.transaction import Transaction, TryAgain

FIRMS_BY_CODE = """
MATCH (f:Firm) WHERE f.code IN $codes
RETURN f {.*} AS firm, [(f)-[:OFFERS]->(c:Capability) | c {.*}] AS capabilities
ORDER BY f.code
"""

ALL_FIRMS = """
MATCH (f:Firm) WHERE f.division STARTS WITH $area
RETURN f {.*} AS firm, [(f)-[:OFFERS]->(c:Capability) | c {.*}] AS capabilities
ORDER BY f.code
"""

COUNT_FIRMS = "MATCH (f:Firm) RETURN count(f) AS firms"

TOTALS = """
MATCH (f:Firm)
RETURN count(f) AS firms, count(CASE WHEN f.synthetic THEN 1 END) AS synthetic,
  sum(COUNT { (f)-[:OFFERS]->(:Capability) }) AS capabilities
"""

FIRMS_IN_ONE_TRANSACTION = 1_000


@dataclass(frozen=True, slots=True)
class FirmTotals:
    """How many firms there are, how many of them are invented examples, and all their capabilities."""

    firms: int
    synthetic: int
    capabilities: int


class FirmRepository:
    """Firms with their capabilities."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def save_many(self, firms: Sequence[Firm], load_id: str) -> SaveOutcome:
        """Records what `load_id` states about firms, each from its origin's row; repeating it changes nothing.

        What the same row stated before is replaced, what other rows and loads state stays: a firm is all of
        it together (see graph.fold). A firm whose code is an alias is written to the firm it was merged into.
        Firms are written in batches, each all or nothing. Raises GraphNotFound for a load never begun.
        """
        source = await source_of(self._graph, load_id)
        # Sorted, so that two loads lock common firms in the same order.
        records = sorted(records_of(firms, load_id, source), key=lambda record: record.firm.code)
        outcomes: list[SaveOutcome] = []
        for start in range(0, len(records), FIRMS_IN_ONE_TRANSACTION):
            batch = records[start : start + FIRMS_IN_ONE_TRANSACTION]
            outcomes.append(await self._graph.transact(partial(_save, batch, load_id), upsert=True, deadline=120.0))
        return SaveOutcome.of(outcomes)

    async def get(self, code: str) -> Firm | None:
        """One firm, or None."""
        found = await self.by_codes([code])
        return found[0] if found else None

    async def by_codes(self, codes: Sequence[str]) -> list[Firm]:
        """The firms of these codes that exist, ordered by code, each once."""
        return [_firm(row) for row in await self._graph.read(FIRMS_BY_CODE, codes=sorted(set(codes)))]

    async def all(self, area: str = "") -> list[Firm]:
        """Every firm whose division starts with `area`, ordered by code, capabilities ordered by id."""
        return [_firm(row) for row in await self._graph.read(ALL_FIRMS, area=area, deadline=300.0)]

    async def count(self) -> int:
        """How many firms there are."""
        firms: int = (await self._graph.read(COUNT_FIRMS))[0]["firms"]
        return firms

    async def totals(self) -> FirmTotals:
        """Counts over all firms."""
        return FirmTotals(**(await self._graph.read(TOTALS))[0])


async def _save(records: Sequence[FirmRecord], load_id: str, tx: Transaction) -> SaveOutcome:
    token = uuid4().hex
    codes = {record.firm.code for record in records}
    held = await lock_firms(tx, codes, token)
    # Asked after the lock: a firm that is held cannot be merged away any more.
    root = await roots(tx.run, codes)
    if moved := {end for code, end in root.items() if end != code}:
        held |= await lock_firms(tx, moved, token)
        if await roots(tx.run, codes) != root:
            raise TryAgain
    stated: dict[str, list[FirmRecord]] = {}
    for record in records:
        stated.setdefault(root[record.firm.code], []).append(record)
    known = await read_records(tx, sorted(held.keys() & stated.keys()))
    together = {code: known.get(code, {}) | {record.id: record for record in new} for code, new in stated.items()}
    outcome = await write_firms(tx, {code: about.values() for code, about in together.items()}, held, token)
    await write_records(tx, stated, load_id)
    return outcome


def _firm(row: Mapping[str, Any]) -> Firm:
    values = row["firm"]
    capabilities = (built(Capability, c, firm_code=values["code"]) for c in row["capabilities"])
    return built(
        Firm,
        values,
        capabilities=tuple(sorted(capabilities, key=lambda c: c.id)),
        origin=Origin(values["origin_load"], values["origin_row"]) if values.get("origin_load") else None,
    )
