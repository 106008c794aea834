"""Shows a person how a file would be read, to be corrected before it is (映射预览)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from ingest.columns import MappedTable
from ingest.faults import shown
from ingest.header_faults import header_faults
from ingest.headers import MONEY_UNITS
from ingest.mapping import find_table
from ingest.profiles import Profile, ProfileColumn
from ingest.sheets import Sheet, letters
from ingest.table_kind import TableKind
from ingest.table_rows import rows, skip_notes

SAMPLES = 3


@dataclass(frozen=True, slots=True)
class PreviewColumn:
    """One column of the file: its letter and header, the field it would be read as, and its first values.

    `field` is a key of the kind, None where the column is not read. `money_unit` is of money columns alone.
    """

    letter: str
    header: str
    field: str | None
    confidence: float
    samples: tuple[str, ...]
    money_unit: str | None = None


@dataclass(frozen=True, slots=True)
class MappingPreview:
    """How one sheet would be read. `header_row` counts from 1; `problems` are what must be mended first."""

    file: str
    kind: str
    sheet: str | None
    header_row: int
    columns: tuple[PreviewColumn, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    def corrected(self, letter: str, field: str | None, money_unit: str | None = None) -> "MappingPreview":
        """The preview with another field for one column; the column that had the field before is freed.

        Raises KeyError where the sheet has no such column with a header.
        """
        if letter not in {column.letter for column in self.columns if column.header}:
            raise KeyError(letter)
        columns = []
        for column in self.columns:
            if column.letter == letter:
                column = replace(column, field=field, confidence=1.0, money_unit=money_unit or column.money_unit)
            elif field is not None and column.field == field:
                column = replace(column, field=None, confidence=0.0)
            columns.append(column)
        return replace(self, columns=tuple(columns))

    def profile(self, name: str) -> Profile:
        """The mapping as a profile, to be saved and used for the next file."""
        kept = (ProfileColumn(c.header, c.field, c.money_unit if c.field else None) for c in self.columns if c.header)
        return Profile(name, self.kind, tuple(kept))

    def as_json(self) -> dict[str, Any]:
        """The preview as plain values, for a page or a file that a person edits."""
        return asdict(self)

    def lines(self, kind: TableKind) -> tuple[str, ...]:
        """The preview as lines of text: letter, header, field, confidence, samples."""
        place = f"工作表“{self.sheet}” " if self.sheet else ""
        said = [f"{self.file}: {place}第 {self.header_row} 行是表头"]
        for column in self.columns:
            field = kind.field(column.field).header if column.field else "(不读取)"
            values = " | ".join(column.samples) or "(空)"
            said.append(f"{column.letter}  「{column.header}」 → {field}  {column.confidence:.0%}  例: {values}")
        return (*said, *self.problems, *self.notes)


def preview_of(stored: Mapping[str, Any]) -> MappingPreview:
    """The preview that `as_json` gave, perhaps edited. Raises KeyError, TypeError for anything else."""
    columns = tuple(PreviewColumn(**column | {"samples": tuple(column["samples"])}) for column in stored["columns"])
    lists = {"columns": columns, "problems": tuple(stored["problems"]), "notes": tuple(stored["notes"])}
    return MappingPreview(**{**stored, **lists})


def preview(
    sheets: Sequence[Sheet],
    kind: TableKind,
    profile: Profile | None = None,
    *,
    file: str = "",
    sheet: str | None = None,
) -> MappingPreview:
    """How the file would be read. Raises RefusedFile only where no header is found or no sheet can be chosen."""
    mapped = find_table(sheets, kind, profile, file=file, sheet=sheet)
    samples = _samples(mapped)
    read = {c.index: (c.header, c.key, c.confidence, c.factor) for c in mapped.columns}
    twice = {c.index: (c.header, None, 0.0, None) for c in mapped.doubled}
    other = {c.index: (c.header or "", None, 0.0, None) for c in mapped.unknown}
    unit_of = {factor: unit for unit, factor in reversed(MONEY_UNITS.items())}
    columns = tuple(
        PreviewColumn(
            letter=letters(index),
            header=header,
            field=key,
            confidence=confidence,
            samples=samples.get(index, ()),
            money_unit=unit_of.get(factor) if factor and key and kind.field(key).money else None,
        )
        for index, (header, key, confidence, factor) in sorted({**other, **twice, **read}.items())
    )
    problems = tuple(str(fault) for fault in header_faults(mapped))
    notes = (*mapped.notes, *skip_notes(mapped))
    return MappingPreview(file, kind.name, mapped.sheet.name, mapped.header_row + 1, columns, problems, notes)


def _samples(mapped: MappedTable) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for row in rows(mapped):
        for index, cell in enumerate(row.original):
            if cell is not None and len(found.get(index, ())) < SAMPLES:
                found[index] = (*found.get(index, ()), shown(cell))
        if row.number > mapped.header_row + 1000:
            break
    return found
