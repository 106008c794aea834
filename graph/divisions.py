"""Administrative divisions (行政区划, GB/T 2260): the places that firms are located in."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph.connection import Graph
from graph.values import batches

SAVE_DIVISIONS = """
UNWIND $rows AS row
MERGE (d:Division {code: row.code})
SET d.name = row.name
"""

DROP_PARENTS = """
UNWIND $rows AS row
MATCH (:Division {code: row.code})-[r:PART_OF]->(p:Division)
WHERE row.parent IS NULL OR p.code <> row.parent
DELETE r
"""

SAVE_PARENTS = """
UNWIND $rows AS row
MATCH (d:Division {code: row.code})
MERGE (p:Division {code: row.parent})
MERGE (d)-[:PART_OF]->(p)
"""

# A firm may have been saved before its division.
LOCATE_FIRMS = """
UNWIND $rows AS row
MATCH (d:Division {code: row.code})
MATCH (f:Firm {division: row.code})
MERGE (f)-[:LOCATED_IN]->(d)
"""

NAMES = "MATCH (d:Division) WHERE d.name IS NOT NULL RETURN d.code AS code, d.name AS name ORDER BY code"


@dataclass(frozen=True, slots=True)
class Division:
    """A province, city or county by its code of 2, 4 or 6 digits; `parent` is the code of the one above."""

    code: str
    name: str
    parent: str | None = None


class DivisionRepository:
    """Divisions and what they are part of."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def save_many(self, divisions: Sequence[Division]) -> None:
        """Adds or renews divisions, in any order."""
        for rows in batches({"code": d.code, "name": d.name, "parent": d.parent} for d in divisions):
            with_parent = [row for row in rows if row["parent"] is not None]
            await self._graph.write_all(
                [
                    (SAVE_DIVISIONS, {"rows": rows}),
                    (DROP_PARENTS, {"rows": rows}),
                    (SAVE_PARENTS, {"rows": with_parent}),
                    (LOCATE_FIRMS, {"rows": rows}),
                ],
                upsert=True,
                deadline=120.0,
            )

    async def names(self) -> dict[str, str]:
        """Name by code, ordered by code, of every division that has a name."""
        return {row["code"]: row["name"] for row in await self._graph.read(NAMES)}
