"""What a reader made of a file (读取结果), the same for every kind and format."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from ingest.columns import MappedTable
from ingest.faults import Fault, Parsed
from ingest.kinds.row import RowReader
from ingest.mapping import map_table
from ingest.profiles import Profile
from ingest.report import report_header
from ingest.sheets import Cell
from ingest.table_kind import TableKind
from ingest.table_rows import rows, skip_notes
from ingest.tables import open_sheets

T = TypeVar("T")
TABLES = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt", ".pdf"})


@dataclass(frozen=True, slots=True)
class Rejected:
    """A refused row: its number, all that is wrong with it, and its cells as the file has them."""

    row: int
    faults: tuple[Fault, ...]
    cells: tuple[Cell, ...] = ()


@dataclass(slots=True)
class Reading(Generic[T]):
    """The items of a file with the rows that are refused. `rows_read == accepted rows + len(rejected)`.

    `flags` were kept though they look wrong. `header` heads the cells of the refused rows. `notes` tell how the
    file was read.
    """

    items: list[T] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    flags: list[Fault] = field(default_factory=list)
    header: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    accepted: int = 0

    @property
    def rows_read(self) -> int:
        """How many rows there were."""
        return self.accepted + len(self.rejected)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Every fault of every refused row, in the order of the rows."""
        return tuple(fault for refused in self.rejected for fault in refused.faults)

    def take(self, item: T) -> None:
        """Count one accepted row that says `item`."""
        self.items.append(item)
        self.accepted += 1


@dataclass(frozen=True, slots=True)
class TableChoice:
    """How a table file is to be read where its headers do not say all: a saved mapping, one of its sheets."""

    profile: Profile | None = None
    sheet: str | None = None


PLAIN = TableChoice()
_NOTHING: Mapping[str, str | None] = {}


def open_table(path: Path, kind: TableKind, choice: TableChoice) -> MappedTable:
    """The table of `kind` in the file. Raises RefusedFile."""
    return map_table(open_sheets(path), kind, choice.profile, file=path.name, sheet=choice.sheet)


def read_table(
    table: MappedTable, build: Callable[[RowReader], T | None], assumed: Mapping[str, str | None] = _NOTHING
) -> Reading[T]:
    """One item a row. A row with a fault is refused, whatever `build` made of it.

    `assumed` are fields that the title or the loader said for every row. The refused rows get them as columns of
    their own, so that they can be corrected and read again without the title.
    """
    added = {key: value for key, value in assumed.items() if value and table.column(key) is None}
    header = (*report_header(table), *(table.kind.field(key).header for key in added))
    reading: Reading[T] = Reading(header=header, notes=(*table.notes, *skip_notes(table)))
    width = len(header) - len(added)
    for row in rows(table):
        reader = RowReader(table, row)
        item = build(reader)
        if reader.faults or item is None:
            cells = (*row.original, *[None] * (width - len(row.original)), *added.values())
            reading.rejected.append(Rejected(row.number, tuple(reader.faults), cells))
        else:
            reading.take(item)
            reading.flags += reader.flags
    return reading


def of_parsed(parsed: Parsed[T]) -> Reading[T]:
    """What a reader of JSON lines found, in the shape of every other reader."""
    refused = [Rejected(fault.row or 0, (fault,)) for fault in parsed.faults]
    return Reading(list(parsed.items), refused, accepted=len(parsed.items))


def title_of(table: MappedTable) -> str:
    """The text above the header: title rows, and what they say of batch and year."""
    said = (str(c).strip() for row in table.sheet.rows[: table.header_top] for c in row if isinstance(c, str))
    return " ".join(dict.fromkeys(text for text in said if text))


def is_table(path: Path) -> bool:
    """Whether the file is a table by its name; JSON is read otherwise."""
    return path.suffix.lower() in TABLES
