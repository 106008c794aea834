"""The rows under a header (数据行): 同上 and merged cells filled, notes and totals passed over and told of."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingest.columns import MappedTable
from ingest.faults import shown
from ingest.headers import plain_header
from ingest.sheets import Cell, Sheet, place

DITTO = frozenset({"同上", "〃", '"', "″", "''", "”", "同前"})
FROM_ABOVE, MERGED = "同上", "合并"
TOTAL, NOTE, HEADER_AGAIN = "合计行", "说明行", "重复的表头"
# A whole word: 注塑件 and 说明书 are products, 合计（万元） is a total.
_TOTAL = re.compile(r"(?:本页|本表|总|累)?\s*(?:合\s*计|总\s*计|小\s*计|累\s*计)\s*(?:[:：(（/].*)?", re.DOTALL)
_NOTE = re.compile(
    r"(?:备\s*注|说\s*明|注|注意|填表说明|填报说明|填写说明|附注)\s*\d*\s*(?:[:：、.].*)?"
    r"|(?:制表|编制|审核|填报|填表|复核|批准|负责|联系|经办)(?:人|单位|日期|时间)?\s*(?:[:：].*)?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of data. `number` is the spreadsheet's (from 1); `cells` has every mapped field, None where blank.

    `filled` says of a cell that its value stands elsewhere: 同上 (from the row above) or 合并 (a merged range).
    `broken` holds the text of an error (#REF!), "" for a formula that was never computed; such a cell is None.
    `original` is the whole row for a report of what was refused: as the file has it, but with what `filled` and
    `broken` say in its place, for a row that is taken out of its table has no row above it.
    """

    number: int
    cells: Mapping[str, Cell]
    original: tuple[Cell, ...]
    filled: Mapping[str, str]
    broken: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row under the header that is no data. `why` is 合计行, 说明行 or 重复的表头; `text` is its first cell."""

    number: int
    why: str
    text: str


def rows(mapped: MappedTable) -> Iterator[TableRow]:
    """The rows of data, from the top; a row of blanks is none. A 同上 with nothing above it stays as it is."""
    merged, titles = _merged_sources(mapped), _title_rows(mapped)
    above: dict[str, Cell] = {}
    for row in range(mapped.header_row + 1, len(mapped.sheet.rows)):
        if _is_blank(mapped.sheet, row) or _why_skipped(mapped, row, titles):
            continue
        read = _row(mapped, row, merged, above)
        above = dict(read.cells)
        yield read


def skipped(mapped: MappedTable) -> tuple[SkippedRow, ...]:
    """The rows that `rows` passes over though they are not blank."""
    found, titles = [], _title_rows(mapped)
    for row in range(mapped.header_row + 1, len(mapped.sheet.rows)):
        if not _is_blank(mapped.sheet, row) and (why := _why_skipped(mapped, row, titles)):
            first = next(cell for cell in mapped.sheet.rows[row] if cell is not None)
            found.append(SkippedRow(row + 1, why, shown(first)))
    return tuple(found)


def skip_notes(mapped: MappedTable) -> tuple[str, ...]:
    """The skipped rows as a person is told of them."""
    return tuple(f"第 {row.number} 行是{row.why}(“{row.text}”), 没有读取。" for row in skipped(mapped))


def _row(mapped: MappedTable, row: int, merged: Mapping[tuple[int, int], Cell], above: Mapping[str, Cell]) -> TableRow:
    original = list(mapped.sheet.rows[row])
    cells: dict[str, Cell] = {}
    filled: dict[str, str] = {}
    broken: dict[str, str] = {}
    for column in mapped.columns:
        where, key = place(row, column.index), column.key
        cell = original[column.index] if column.index < len(original) else None
        if where in mapped.sheet.errors or where in mapped.sheet.uncomputed:
            broken[key], cell = mapped.sheet.errors.get(where, ""), None
        elif cell is None and (row, column.index) in merged:
            cell, filled[key] = merged[row, column.index], MERGED
        elif isinstance(cell, str) and cell.strip() in DITTO and above.get(key) is not None:
            cell, filled[key] = above[key], FROM_ABOVE
        if column.index < len(original):
            original[column.index] = broken.get(key, cell) or cell
        cells[key] = cell
    return TableRow(row + 1, cells, tuple(original), filled, broken)


def _merged_sources(mapped: MappedTable) -> dict[tuple[int, int], Cell]:
    """The value of every cell under a merged range of the body that goes down; one that goes right is not filled.

    A range across columns is one long text, and no second field.
    """
    found: dict[tuple[int, int], Cell] = {}
    last = len(mapped.sheet.rows) - 1
    for first_row, first, last_row, _ in mapped.sheet.merged:
        if mapped.header_row < first_row < last_row and first_row <= last:
            cells = mapped.sheet.rows[first_row]
            value = cells[first] if first < len(cells) else None
            found.update({(row, first): value for row in range(first_row + 1, min(last_row, last) + 1)})
    return found


def _is_blank(sheet: Sheet, row: int) -> bool:
    cells = sheet.rows[row]
    if any(cell is not None for cell in cells):
        return False
    places = {place(row, column) for column in range(len(cells))}
    return places.isdisjoint(sheet.errors) and places.isdisjoint(sheet.uncomputed)


def _why_skipped(mapped: MappedTable, row: int, titles: frozenset[int]) -> str | None:
    cells = mapped.sheet.rows[row]
    filled = [i for i, cell in enumerate(cells) if cell is not None]
    if not filled:
        return None
    text = _text_at(cells, filled[0])
    main = mapped.column(mapped.kind.main.key)
    at = main.index if main else filled[0]
    # Such a word comes first, and nothing stands where a row of data says what it is about.
    bare = at == filled[0] or at not in filled
    if (bare and _TOTAL.fullmatch(text)) or _TOTAL.fullmatch(_text_at(cells, at)):
        return TOTAL
    if bare and _NOTE.fullmatch(text) and (len(filled) == 1 or ":" in text or "：" in text or at != filled[0]):
        return NOTE
    if text and len(filled) == 1 and row in titles:
        return NOTE
    if _repeats_the_header(mapped, cells):
        return HEADER_AGAIN
    return None


def _text_at(cells: tuple[Cell, ...], index: int) -> str:
    cell = cells[index] if index < len(cells) else None
    return cell.strip() if isinstance(cell, str) else ""


def _title_rows(mapped: MappedTable) -> frozenset[int]:
    """The rows in which one merged range covers every read column: a section's title or a note."""
    last = max((column.index for column in mapped.columns), default=0)
    first = min((column.index for column in mapped.columns), default=0)
    return frozenset(a for a, b, c, d in mapped.sheet.merged if last > first and a == c and b <= first and d >= last)


def _repeats_the_header(mapped: MappedTable, cells: tuple[Cell, ...]) -> bool:
    """Whether the row says again what stands above its columns, as a printed page does."""
    said = [(c.header, cells[c.index]) for c in mapped.columns if c.index < len(cells) and cells[c.index] is not None]
    return len(said) >= 2 and all(isinstance(cell, str) and plain_header(cell) == plain_header(h) for h, cell in said)
