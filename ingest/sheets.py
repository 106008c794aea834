"""A sheet as the readers of tables see it (工作表), whether it came from a workbook, a PDF or from CSV."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Cell = str | int | float | bool | dt.date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows start at row 1 and column A. `merged` holds (row, column, last row, last column), from 0, inclusive.

    `errors` maps cells such as "C5" to their text (#REF!); `uncomputed` are formulas without a stored value.
    `hidden_rows` and `hidden_columns` (from 0) are read like the others, and told of. `notes` say what the reader
    of the file did that a person should know: the encoding, the pages of a PDF.
    """

    name: str | None
    rows: tuple[tuple[Cell, ...], ...]
    hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    uncomputed: frozenset[str] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()


def cell_of(value: Any) -> Cell:
    """A cell of the child's answer: blank text becomes None, dates come as {"date": …}."""
    if isinstance(value, dict):
        return dt.date.fromisoformat(value["date"])
    if isinstance(value, str) and not value.strip():
        return None
    cell: Cell = value
    return cell


def letters(column: int) -> str:
    """The name of a column counted from 0: A, B, … Z, AA."""
    name, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def place(row: int, column: int) -> str:
    """The name of a cell counted from 0: (4, 2) is C5."""
    return f"{letters(column)}{row + 1}"


def is_empty(sheet: Sheet) -> bool:
    """Whether the sheet holds nothing, not even an error."""
    return not sheet.errors and not sheet.uncomputed and all(c is None for row in sheet.rows for c in row)


def first_wide_row(sheet: Sheet) -> int | None:
    """The first row with two cells or more: what a person meant as the header where none is recognised."""
    return next((r for r, cells in enumerate(sheet.rows) if sum(c is not None for c in cells) >= 2), None)


def names_of(sheets: Sequence[Sheet]) -> str:
    """The names of the sheets as a message lists them."""
    return "、".join(f"“{sheet.name}”" for sheet in sheets)
