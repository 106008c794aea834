"""Matches (匹配结果): which firm can supply which plan line, with the explanation that is the score."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graph.connection import Graph
from graph.errors import GraphNotFound
from graph.model import Match
from graph.rows import built, properties
from graph.values import MAX_BYTES, MAX_ROWS, size_of

# Takes the lock of the lines, so that of two replacements of one line the later stands alone.
LOCK_LINES = """
UNWIND $rows AS row
MATCH (l:PlanLine {id: row.line})
SET l.lk = $token
REMOVE l.lk
"""

DROP_MATCHES = """
UNWIND $rows AS row
MATCH (:PlanLine {id: row.line})-[:HAS_MATCH]->(m:Match)
DETACH DELETE m
"""

SAVE_MATCHES = """
UNWIND $rows AS row
MATCH (l:PlanLine {id: row.line})
MATCH (f:Firm {code: row.firm})
MERGE (m:Match {id: row.id})
SET m += row.props, m.parts = row.parts
MERGE (l)-[:HAS_MATCH]->(m)
MERGE (m)-[:OF]->(f)
"""

KNOWN_FIRMS = "MATCH (f:Firm) WHERE f.code IN $codes RETURN f.code AS code"

MATCHES_OF_LINE = """
MATCH (l:PlanLine {id: $line})-[:HAS_MATCH]->(m:Match)-[:OF]->(f:Firm)
RETURN m {.*} AS match, l.id AS line, f.code AS firm
ORDER BY m.rank, m.id
"""

MATCHES_OF_PLAN = """
MATCH (:Plan {id: $plan})-[:HAS_LINE]->(l:PlanLine)-[:HAS_MATCH]->(m:Match)-[:OF]->(f:Firm)
RETURN m {.*} AS match, l.id AS line, f.code AS firm
ORDER BY l.number, l.id, m.rank, m.id
"""

VERSIONS = """
MATCH (:Plan {id: $plan})-[:HAS_LINE]->(l:PlanLine)-[:HAS_MATCH]->(m:Match)
WHERE m.rank = 1
RETURN l.id AS line, m.model AS model, m.index AS index
ORDER BY l.number, l.id
"""

LINES_WITH = """
MATCH (p:Plan)-[:HAS_LINE]->(l:PlanLine)-[:HAS_MATCH]->(m:Match)
WHERE m.rank = 1 AND m.p >= $p
RETURN p.id AS plan, count(DISTINCT l) AS lines
ORDER BY plan
"""

COUNT_MATCHES = "MATCH (m:Match) RETURN count(m) AS matches"


class MatchRepository:
    """Matches of plan lines."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def replace(self, line_ids: Sequence[str], matches: Sequence[Match]) -> None:
        """Makes `matches` the only matches of these lines; a line without any loses its old ones.

        A line's matches change all at once. A line that vanished meanwhile is skipped. Raises
        GraphNotFound for a firm that is not saved, ValueError for a match of a line not in `line_ids`.
        """
        if strays := {match.line_id for match in matches} - set(line_ids):
            raise ValueError(f"matches of lines that are not replaced: {sorted(strays)}")
        await self._require_firms({match.firm_code for match in matches})
        for lines, rows in _batches_of_lines(line_ids, matches):
            await self._graph.write_all(
                [
                    (LOCK_LINES, {"rows": lines, "token": ""}),
                    (DROP_MATCHES, {"rows": lines}),
                    (SAVE_MATCHES, {"rows": rows}),
                ],
                upsert=True,
                deadline=120.0,
            )

    async def of_line(self, line_id: str) -> list[Match]:
        """The matches of one line, best first."""
        return [_match(row) for row in await self._graph.read(MATCHES_OF_LINE, line=line_id)]

    async def of_plan(self, plan_id: str) -> dict[str, list[Match]]:
        """By line id in the order of the plan: the matches, best first. Lines without matches are absent."""
        found: dict[str, list[Match]] = {}
        for row in await self._graph.read(MATCHES_OF_PLAN, plan=plan_id, deadline=120.0):
            found.setdefault(row["line"], []).append(_match(row))
        return found

    async def versions(self, plan_id: str) -> dict[str, tuple[str, str]]:
        """By line id: model and index that made its matches. Lines without matches are absent."""
        return {row["line"]: (row["model"], row["index"]) for row in await self._graph.read(VERSIONS, plan=plan_id)}

    async def lines_with(self, p: float) -> dict[str, int]:
        """By plan id: how many lines have a best match of at least `p`. Plans without any are absent."""
        return {row["plan"]: row["lines"] for row in await self._graph.read(LINES_WITH, p=p)}

    async def count(self) -> int:
        """How many matches there are."""
        matches: int = (await self._graph.read(COUNT_MATCHES))[0]["matches"]
        return matches

    async def _require_firms(self, codes: set[str]) -> None:
        known = {row["code"] for row in await self._graph.read(KNOWN_FIRMS, codes=sorted(codes))}
        if missing := sorted(codes - known):
            raise GraphNotFound(
                f"企业 {'、'.join(missing[:5])} 等 {len(missing)} 家不存在，无法保存匹配结果。请先导入企业。",
                code="graph.firm.unknown",
            )


def _batches_of_lines(
    line_ids: Sequence[str], matches: Sequence[Match]
) -> Iterator[tuple[list[dict[str, str]], list[dict[str, Any]]]]:
    """Whole lines together, sorted so that two replacements lock common lines in the same order."""
    of_line: dict[str, list[dict[str, Any]]] = {line_id: [] for line_id in sorted(line_ids)}
    for match in matches:
        of_line[match.line_id].append(_row(match))
    lines: list[dict[str, str]] = []
    rows: list[dict[str, Any]] = []
    held = 0
    for line_id, found in of_line.items():
        size = size_of(found, "matches")
        if lines and (len(rows) + len(found) > MAX_ROWS or len(lines) >= MAX_ROWS or held + size > MAX_BYTES):
            yield lines, rows
            lines, rows, held = [], [], 0
        lines.append({"line": line_id})
        rows += found
        held += size
    if lines:
        yield lines, rows


def _row(match: Match) -> dict[str, Any]:
    return {
        "id": match.id,
        "line": match.line_id,
        "firm": match.firm_code,
        "props": properties(match, ["line_id", "firm_code", "parts"]),
        # No engine stores a map as a property.
        "parts": json.dumps({part: float(value) for part, value in match.parts.items()}, ensure_ascii=False),
    }


def _match(row: Mapping[str, Any]) -> Match:
    values = row["match"]
    return built(Match, values, line_id=row["line"], firm_code=row["firm"], parts=json.loads(values["parts"]))
