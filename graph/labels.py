"""The labels that exist and the key property of each: the whitelist for query text.

Neither engine can be given a label as a parameter safely (the embedded one creates a node without a label
and says nothing), so a label enters a query only from here.
"""

from graph.errors import GraphValueError

KEYS = {
    "Cluster": "code",
    "Chain": "code",
    "Link": "code",
    "Product": "code",
    "Class": "code",
    "Firm": "code",
    "Alias": "code",
    "Division": "code",
    "Capability": "id",
    "Plan": "id",
    "PlanLine": "id",
    "Match": "id",
    "Question": "id",
    "Record": "id",
    "Source": "id",
    "Load": "id",
}


def key_of(label: str) -> str:
    """The key property of `label`. Raises GraphValueError for a label that is not in the schema."""
    if label not in KEYS:
        raise GraphValueError(f"未知的节点类型 {label!r}。只能使用已登记的类型。", code="graph.label.unknown")
    return KEYS[label]
