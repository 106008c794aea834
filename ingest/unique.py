"""One item a key (去重): the same choice whatever the order of the rows."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from graph.model import Firm, Origin, Plan
from ingest.faults import Fault, Parsed

T = TypeVar("T", Firm, Plan)


def one_per_key(path: Path, parsed: Parsed[T], *, key: Callable[[T], str], what: str) -> Parsed[T]:
    """Keep one item of each key and turn the others into faults, so that every row stays accounted for.

    Which one is kept depends on the content alone, and on the row only among equals.
    """
    kept: dict[str, T] = {}
    faults = list(parsed.faults)
    for item in sorted(parsed.items, key=lambda i: (repr(_without_row(i)), row_of(i))):
        first = kept.setdefault(key(item), item)
        if first is not item:
            message = f"与第 {row_of(first)} 行是同一{what}, 只保留那一行。请合并后重试。"
            faults.append(Fault(path.name, "row.duplicate", message, row=row_of(item), value=key(item)))
    items = sorted(kept.values(), key=row_of)
    return Parsed(tuple(items), tuple(sorted(faults, key=lambda f: f.row or 0)), parsed.rows_read)


def row_of(item: Firm | Plan) -> int:
    """The row that `item` was read from, 0 where it is not known."""
    origin = item.origin if isinstance(item, Firm) else (item.lines[0].origin if item.lines else None)
    return origin.row if origin else 0


def _without_row(item: T) -> T:
    return with_load(item, None)


def with_load(item: T, load_id: str | None) -> T:
    """`item` as a fact of the load `load_id`; without any origin where that is None."""

    def moved(origin: Origin | None) -> Origin | None:
        return Origin(load_id, origin.row) if origin and load_id is not None else None

    if isinstance(item, Firm):
        return replace(item, origin=moved(item.origin))
    return replace(item, lines=tuple(replace(line, origin=moved(line.origin)) for line in item.lines))
