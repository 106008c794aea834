"""A register of small and medium firms (中小企业登记) from JSON lines.

One object a line: `name`, `division`, `source`, `tier`, `certificates`, `capabilities`; each capability
has `product` and may have `process`, `material`, `spec`, `application`, `capacity`, `capacity_unit`,
`capacity_period`, `lead_time_days`. A firm of `source: synthetic` is an invented example and must say so
in its name (示例), so that it can never be taken for a real one.
"""

from pathlib import Path
from typing import Any

from graph.keys import capability_key
from graph.model import Capability, Firm, Origin
from ingest.codes import firm_key
from ingest.faults import Parsed, shown
from ingest.jsonl import BadRow, Row, needed_text, number_field, read_rows, text_field
from ingest.register_codes import checked_division, checked_tier

EXAMPLE_MARK = "示例"
SYNTHETIC = "synthetic"
_WORDS = ("process", "material", "spec", "application")


def read_register(path: Path) -> Parsed[Firm]:
    """Every firm of the register with the capabilities as given. Raises RefusedFile."""
    return read_rows(path, _firm)


def _firm(fields: Row, row: int) -> Firm:
    name = needed_text(fields, "name")
    synthetic = needed_text(fields, "source") == SYNTHETIC
    if synthetic != (EXAMPLE_MARK in name):
        message = (
            f"示例企业“{shown(name)}”的名称里没有“{EXAMPLE_MARK}”。请在名称中加上。"
            if synthetic
            else f"“{shown(name)}”的名称含“{EXAMPLE_MARK}”, 但来源不是 {SYNTHETIC}。请改正其一。"
        )
        raise BadRow("firm.synthetic_unmarked", message, "name", name)
    division = checked_division(text_field(fields, "division"))
    code = firm_key(name, division)
    return Firm(
        code=code,
        name=name,
        division=division,
        synthetic=synthetic,
        tier=checked_tier(text_field(fields, "tier")),
        certificates=_texts(fields, "certificates"),
        capabilities=_capabilities(code, fields.get("capabilities")),
        origin=Origin("", row),
    )


def _texts(fields: Row, key: str) -> tuple[str, ...]:
    values = fields.get(key) or []
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise BadRow("row.not_a_list", '不是文字列表。请写成 ["…", "…"]。', key, values)
    return tuple(sorted({v.strip() for v in values if v.strip()}))


def _capabilities(code: str, entries: Any) -> tuple[Capability, ...]:
    if not isinstance(entries, list) or not entries or not all(isinstance(e, dict) for e in entries):
        message = "没有供给能力。请至少填写一项, 每项写明 product。"
        raise BadRow("firm.capabilities_missing", message, "capabilities", entries)
    found: dict[str, Capability] = {}
    for entry in entries:
        product = needed_text(entry, "product", limit=200)
        words = {key: text_field(entry, key, limit=500) for key in _WORDS}
        capability = Capability(
            id=capability_key(code, product, *words.values()),
            firm_code=code,
            product=product,
            process=words["process"],
            material=words["material"],
            spec=words["spec"],
            application=words["application"],
            capacity=number_field(entry, "capacity"),
            capacity_unit=text_field(entry, "capacity_unit", limit=20),
            capacity_period=text_field(entry, "capacity_period", limit=20),
            lead_time_days=number_field(entry, "lead_time_days"),
        )
        known = found.get(capability.id)
        if known is not None and known != capability:
            raise BadRow("firm.capability_twice", f"“{product}”写了两次且内容不同。请合并。", "capabilities", product)
        found[capability.id] = capability
    return tuple(sorted(found.values(), key=lambda c: c.id))
