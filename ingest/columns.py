"""A table once it is known what its columns hold (已映射的表)."""

from dataclasses import dataclass

from ingest.sheets import Sheet
from ingest.table_kind import TableKind


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column (`index` from 0) that holds the field `key`.

    `confidence` is 0..1, 1.0 where a profile says so. `factor` turns a plain number of a money column into CNY, or
    one of a quantity column into `unit` (年产能（万件）: 10,000 and 件).
    """

    index: int
    header: str
    key: str
    confidence: float
    factor: float | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class UnknownHeader:
    """A column that is not read. `header` is None where it has content and no header; `nearest` is a known one like it.

    `ignored` says that a person decided so, in a profile.
    """

    index: int
    header: str | None
    nearest: str | None = None
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class MappedTable:
    """A sheet whose columns are known. `header_row` (from 0) is the last row of the header; data begin below it.

    `header_top` is its first row. `doubled` are columns that claim a field which another column holds; `profile`
    is the name of the profile that settled the columns.
    """

    file: str
    kind: TableKind
    sheet: Sheet
    header_row: int
    columns: tuple[MappedColumn, ...]
    unknown: tuple[UnknownHeader, ...] = ()
    notes: tuple[str, ...] = ()
    header_top: int = 0
    doubled: tuple[MappedColumn, ...] = ()
    profile: str | None = None

    def column(self, key: str) -> MappedColumn | None:
        """The column of a field; None where the file has none."""
        return next((column for column in self.columns if column.key == key), None)
