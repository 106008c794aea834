"""One firm out of all that was stated about it (归并): the same records give the same firm, in whatever order.

The rules. A single value comes from the latest record that has one: by the year of its facts, then by the
source's id, then by what it states, then by the record's id, so that nothing depends on which file came first nor
on the order of its rows. Certificates,
former names, classes, flags, titles, memberships and capabilities are the union, what the latest record
says first. The tier is the highest of all titles and stated tiers. A capability that was keyed to another
code (before a merge) is keyed to this one; where two are the same then, the latest known values stand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from graph.keys import capability_key
from graph.model import TIERS, Capability, Firm
from graph.records import FirmRecord, stated_json

_UNITED = ("certificates", "former_names", "classes", "flags", "titles", "memberships")
_SINGLE = tuple(
    field.name for field in fields(Firm) if field.name not in {"code", "tier", "capabilities", "origin", *_UNITED}
)
_CAPABILITY_VALUES = tuple(field.name for field in fields(Capability) if field.name not in {"id", "firm_code"})


def fold(code: str, records: Iterable[FirmRecord]) -> Firm:
    """The firm of `code` as `records` (at least one) state it together; its origin is that of the latest."""
    ordered = sorted(
        records, key=lambda r: (r.firm.facts_year or "", r.source_id, stated_json(r.firm), r.id), reverse=True
    )
    firms = [record.firm for record in ordered]
    values: dict[str, Any] = {name: _first(getattr(firm, name) for firm in firms) for name in _SINGLE}
    for name in _UNITED:
        values[name] = tuple(dict.fromkeys(item for firm in firms for item in getattr(firm, name)))
    return Firm(
        code=code,
        tier=_highest(firms),
        capabilities=_capabilities(code, firms),
        origin=firms[0].origin,
        **values,
    )


def _first(values: Iterable[Any]) -> Any:
    """The first value that is known; an unknown division is an empty text and stays one."""
    last = None
    for value in values:
        if value is not None and value != "":
            return value
        last = value if last is None else last
    return last


def _highest(firms: Sequence[Firm]) -> str | None:
    stated = [tier for firm in firms for tier in (firm.tier, *(title.tier for title in firm.titles)) if tier]
    # `max` keeps the first of equals, which is the latest; a name outside the ladder is below every step of it.
    return max(stated, key=lambda tier: TIERS.index(tier) if tier in TIERS else -1, default=None)


def _capabilities(code: str, firms: Sequence[Firm]) -> tuple[Capability, ...]:
    found: dict[str, Capability] = {}
    for firm in firms:
        for stated in firm.capabilities:
            capability = stated if stated.firm_code == code else keyed(stated, code)
            known = found.get(capability.id)
            found[capability.id] = capability if known is None else _completed(known, capability)
    return tuple(found[key] for key in sorted(found))


def keyed(capability: Capability, code: str) -> Capability:
    """The same capability as one of the firm of `code`."""
    words = (
        capability.product,
        capability.process,
        capability.material,
        capability.spec,
        capability.application,
    )
    return replace(capability, id=capability_key(code, *words), firm_code=code)


def _completed(known: Capability, older: Capability) -> Capability:
    missing = {
        name: value
        for name in _CAPABILITY_VALUES
        if getattr(known, name) is None and (value := getattr(older, name)) is not None
    }
    return replace(known, **missing) if missing else known
