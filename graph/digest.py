"""A digest of what the graph says (内容摘要), equal on every engine that holds the same facts.

It does not depend on the order of loads, on internal ids, or on when loads ran. Used to compare engines,
a rerun with a first run, and a restored backup with its original.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from graph.connection import Graph
from graph.labels import KEYS

# When something was done, and marks of the locking rules, say nothing about the content.
NOT_CONTENT = frozenset({"started_at", "saved_at", "decided_at", "merged_at", "placed_by", "cas", "lk"})

# Where facts come from, which facts_digest leaves out.
ORIGIN_LABELS = frozenset({"Load", "Record", "Source"})
ORIGIN_TYPES = frozenset({"FROM"})
ORIGIN_PROPERTIES = frozenset({"origin_load", "origin_row", "asked_by"})

DEADLINE = 600.0


@dataclass(frozen=True, slots=True)
class Digest:
    """Nodes by label, relationships by type, and one hash over all of them with their properties."""

    nodes: Mapping[str, int]
    relationships: Mapping[str, int]
    sha256: str


async def digest(graph: Graph) -> Digest:
    """The digest of every node whose label has a key, and of every relationship that starts at one."""
    return await _digest(graph, sorted(KEYS), frozenset(), NOT_CONTENT)


async def facts_digest(graph: Graph) -> Digest:
    """The digest of what is so, without who said it: no loads, records and sources, no FROM and no rows."""
    labels = sorted(KEYS.keys() - ORIGIN_LABELS)
    return await _digest(graph, labels, ORIGIN_TYPES, NOT_CONTENT | ORIGIN_PROPERTIES)


async def _digest(graph: Graph, labels: Sequence[str], no_types: Set[str], no_properties: Set[str]) -> Digest:
    total = 0
    nodes: dict[str, int] = {}
    relationships: dict[str, int] = {}
    for label in labels:
        rows = await graph.read(f"MATCH (n:{label}) RETURN n {{.*}} AS node", deadline=DEADLINE)
        nodes[label] = len(rows)
        total += sum(_hash(label, _content(row["node"], no_properties)) for row in rows)
        for row in await graph.read(_relationships(label), deadline=DEADLINE):
            if row["type"] in no_types:
                continue
            relationships[row["type"]] = relationships.get(row["type"], 0) + 1
            end = (label, row["start"], row["type"], row["label"], row["end"])
            total += _hash(*end, _content(row["properties"], no_properties))
    # A sum, so that the order in which an engine answers does not matter and nothing must be sorted.
    sha256 = hashlib.sha256(f"{total % 2**256:064x}".encode()).hexdigest()
    return Digest(nodes, dict(sorted(relationships.items())), sha256)


def _relationships(label: str) -> str:
    return f"""
    MATCH (a:{label})-[r]->(b)
    RETURN a.{KEYS[label]} AS start, type(r) AS type, labels(b)[0] AS label, coalesce(b.code, b.id) AS end,
      properties(r) AS properties
    """


def _content(properties: Mapping[str, Any], left_out: Set[str]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in sorted(properties.items()) if name not in left_out}


def _plain(value: Any) -> Any:
    if isinstance(value, (bytes, bytearray)):
        return hashlib.sha256(value).hexdigest()
    # 120 and 120.0 are one number, whichever of the two an engine gives back.
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _hash(*parts: Any) -> int:
    return int.from_bytes(hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).digest())
