"""One row of a table as a reader takes it apart (逐行读取): all its faults at once, and its flags."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ingest.cell_values import BadCell, date_of, many_of, money_of, number_of, text_of
from ingest.columns import MappedTable
from ingest.faults import Fault, shown
from ingest.numbers import Number
from ingest.sheets import Cell
from ingest.table_rows import TableRow

T = TypeVar("T")


@dataclass(slots=True)
class RowReader:
    """The cells of one row by field key. `faults` refuse the row, `flags` are told and the row is kept.

    A cell that cannot be read gives None and a fault, so that the next cell is still looked at.
    """

    table: MappedTable
    row: TableRow
    faults: list[Fault] = field(default_factory=list)
    flags: list[Fault] = field(default_factory=list)

    def text(self, key: str, limit: int = 500) -> str | None:
        """The text of the field, None where blank."""
        return self._read(key, lambda cell: text_of(cell, limit))

    def needed(self, key: str, limit: int = 500) -> str:
        """The text of a field that must be there; "" with a fault where it is not."""
        if (text := self.text(key, limit)) is not None:
            return text
        if not any(fault.column == self._header(key) for fault in self.faults):
            self.refuse(key, f"{key}.missing", "没有填写。请补上。")
        return ""

    def number(self, key: str) -> Number | None:
        """A number above 0 with its unit."""
        return self._read(key, lambda cell: number_of(cell, key, self.table.column(key)))

    def money(self, key: str) -> float | None:
        """An amount in CNY."""
        column = self.table.column(key)
        return self._read(key, lambda cell: money_of(cell, key, column)) if column else None

    def date(self, key: str) -> str | None:
        """A date as YYYY-MM-DD."""
        return self._read(key, date_of)

    def many(self, key: str) -> tuple[str, ...]:
        """The entries of a list in one cell, sorted, each once."""
        return tuple(sorted(set(self._read(key, many_of) or ())))

    def cell(self, key: str) -> Cell:
        """The cell as it is."""
        return self.row.cells.get(key)

    def refuse(self, key: str, code: str, message: str) -> None:
        """Refuse the row for what stands in the field `key`."""
        self.faults.append(self._fault(key, code, message))

    def flag(self, key: str, code: str, message: str) -> None:
        """Keep what stands in the field `key`, and say that it looks wrong."""
        self.flags.append(self._fault(key, code, message))

    def _read(self, key: str, read: Callable[[Cell], T | None]) -> T | None:
        cell = self.row.cells.get(key)
        if cell is None and key not in self.row.broken:
            return None
        if (broken := self.row.broken.get(key)) is not None:
            what = f"公式结果是错误 {shown(broken)}" if broken else "公式没有计算结果"
            self.refuse(key, "cell.formula", f"{what}。请改为数值或文字。")
            return None
        try:
            return read(cell)
        except BadCell as bad:
            self.refuse(key, bad.code, bad.message)
            return None

    def _header(self, key: str) -> str:
        column = self.table.column(key)
        return column.header if column else self.table.kind.field(key).header

    def _fault(self, key: str, code: str, message: str) -> Fault:
        cell = self.row.cells.get(key)
        return Fault(
            self.table.file,
            f"{self.table.kind.name}.{code}",
            message,
            self.table.sheet.name,
            self.row.number,
            self._header(key),
            None if cell is None else shown(cell),
        )
