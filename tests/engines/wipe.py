"""Empties a database between tests: nodes always, constraints and indexes where they are not as they should be."""

from typing import Any

from graph.connection import Graph

SCHEMA_NODES = ("Migration", "MigrationLock")

Fingerprint = frozenset[tuple[str, tuple[str, ...], bool]]


async def wipe(graph: Graph) -> None:
    """Leaves no node, no constraint and no index (but those that the engine itself needs)."""
    await graph.write("MATCH (n) DETACH DELETE n", deadline=120.0)
    for row in await graph.read("SHOW CONSTRAINTS YIELD name RETURN name"):
        await graph.schema(f"DROP CONSTRAINT `{row['name']}` IF EXISTS")
    for row in await _indexes(graph):
        await graph.schema(f"DROP INDEX `{row['name']}` IF EXISTS")


async def wipe_facts(graph: Graph) -> None:
    """Leaves no node but those that record the applied migrations."""
    await graph.write(
        "MATCH (n) WHERE NOT any(label IN labels(n) WHERE label IN $kept) DETACH DELETE n",
        kept=list(SCHEMA_NODES),
        deadline=120.0,
    )


async def is_empty(graph: Graph) -> bool:
    """Whether the database holds no node at all."""
    return not await graph.read("MATCH (n) RETURN 1 AS one LIMIT 1")


async def fingerprint(graph: Graph) -> Fingerprint:
    """What the schema is, whatever an engine names its parts, and which migrations it says were applied."""
    indexes = {
        ("/".join(row["labelsOrTypes"]), tuple(row["properties"]), row["owningConstraint"] is not None)
        for row in await _indexes(graph)
    }
    applied = await graph.read("MATCH (m:Migration) RETURN toString(m.version) + m.name + m.sha256 AS file")
    return frozenset(indexes | {("applied", tuple(sorted(row["file"] for row in applied)), True)})


async def _indexes(graph: Graph) -> list[dict[str, Any]]:
    rows = await graph.read("SHOW INDEXES YIELD name, type, labelsOrTypes, properties, owningConstraint")
    # The lookup indexes are Neo4j's own: they find nodes by label.
    return [dict(row) for row in rows if row["type"] != "LOOKUP"]
