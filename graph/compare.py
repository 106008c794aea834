"""The one form of compare-and-set that has one winner on both engines (比较并更新)."""

from functools import cache

from graph.labels import key_of


@cache
def compare_and_set(label: str) -> str:
    """The statement for one node of `label`: $key, $expected, $token, $changes. GraphValueError for no label."""
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
