"""Finds the header of a sheet (表头定位): under title rows, in one row or in two with group headers above."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.columns import MappedColumn
from ingest.headers import NORMALISED, HeaderReader, Heading
from ingest.sheets import Cell, Sheet
from ingest.table_kind import TableKind

SEARCHED_ROWS = 30
# More columns than this are no table of ours; comparing each with every synonym would take seconds.
SEARCHED_COLUMNS = 400
_TWO_ROWS_MUST_GAIN = 0.5


@dataclass(frozen=True, slots=True)
class Header:
    """The header found in rows `top` to `bottom` (from 0, the same where it is one row).

    `headings` holds what stands above each column; `doubled` are columns that say the same as one of `columns`.
    `score` is the sum of the confidences.
    """

    top: int
    bottom: int
    headings: Mapping[int, Heading]
    columns: tuple[MappedColumn, ...]
    doubled: tuple[MappedColumn, ...]
    score: float


def headers_of(sheet: Sheet, reader: HeaderReader) -> Iterator[Header]:
    """Every way to see a header in the first rows, whatever it is worth; the first row first."""
    for row in range(min(SEARCHED_ROWS, len(sheet.rows))):
        yield _header(row, row, _single(sheet, row, reader), reader.kind)
        if _may_have_groups(sheet, row):
            yield _header(row, row + 1, _pairs(sheet, row, reader), reader.kind)


def best_header(sheet: Sheet, reader: HeaderReader) -> Header | None:
    """The header that names most fields most surely; None where no row looks like one."""
    best: tuple[float, Header] | None = None
    for header in headers_of(sheet, reader):
        keys = {column.key for column in header.columns}
        main = any(c.key == reader.kind.main.key and c.confidence >= NORMALISED for c in header.columns)
        worth = header.score - (_TWO_ROWS_MUST_GAIN if header.top != header.bottom else 0.0)
        if (len(keys) >= 2 or main) and (best is None or worth > best[0]):
            best = worth, header
    return best[1] if best else None


def _header(top: int, bottom: int, headings: Mapping[int, Heading], kind: TableKind) -> Header:
    columns, doubled = _assign(headings, kind)
    return Header(top, bottom, headings, columns, doubled, sum(column.confidence for column in columns))


def _single(sheet: Sheet, row: int, reader: HeaderReader) -> dict[int, Heading]:
    cells = sheet.rows[row][:SEARCHED_COLUMNS]
    return {
        i: reader.read(cell if isinstance(cell, str) else str(cell)) for i, cell in enumerate(cells) if cell is not None
    }


def _may_have_groups(sheet: Sheet, row: int) -> bool:
    """Whether `row` can hold group headers over the next one: something hangs below a blank or a merged range."""
    if row + 1 >= len(sheet.rows):
        return False
    above, below = sheet.rows[row], sheet.rows[row + 1]
    if not all(cell is None or isinstance(cell, str) for cell in (*above, *below)):
        return False
    return any(
        cell is not None and (i >= len(above) or above[i] is None) and any(c is not None for c in above[:i])
        for i, cell in enumerate(below[:SEARCHED_COLUMNS])
    )


def _pairs(sheet: Sheet, row: int, reader: HeaderReader) -> dict[int, Heading]:
    above, below = sheet.rows[row], sheet.rows[row + 1]
    found: dict[int, Heading] = {}
    group: str | None = None
    for i in range(min(max(len(above), len(below)), SEARCHED_COLUMNS)):
        over, text = _text(above, i), _text(below, i)
        group = over or (group if text else None)
        if group or text:
            found[i] = reader.read_pair(group, text)
    return found


def _text(cells: Sequence[Cell], index: int) -> str | None:
    cell = cells[index] if index < len(cells) else None
    return cell if isinstance(cell, str) else None


def _assign(
    headings: Mapping[int, Heading], kind: TableKind
) -> tuple[tuple[MappedColumn, ...], tuple[MappedColumn, ...]]:
    """Each field to the column that claims it most surely; a column that loses takes its next guess."""
    claims = sorted(
        ((guess, index) for index, heading in headings.items() for guess in heading.guesses),
        key=lambda claim: (-claim[0].confidence, claim[1]),
    )
    taken: dict[str, MappedColumn] = {}
    doubled: dict[int, MappedColumn] = {}
    settled: set[int] = set()
    for guess, index in claims:
        if index in settled or guess.confidence < kind.accepts:
            continue
        heading = headings[index]
        column = MappedColumn(index, heading.text, guess.key, guess.confidence, heading.factor, heading.unit)
        spec = kind.field(guess.key)
        if not spec.money and (heading.money or not spec.quantity):
            column = replace(column, factor=None, unit=None)
        if guess.key not in taken:
            taken[guess.key] = column
            settled.add(index)
        elif guess.confidence >= NORMALISED:
            doubled[index] = column
            settled.add(index)
    return tuple(sorted(taken.values(), key=lambda c: c.index)), tuple(doubled[i] for i in sorted(doubled))
