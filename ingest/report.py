"""What became of an import, as a workbook (导入报告): 说明, 接受, 变更, 拒收, 待核.

The rows in 拒收 stand as they were, with the reasons beside them. A person corrects them there and uploads the
report itself: `open_sheets` then reads that sheet alone, without the reasons.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill

from ingest.columns import MappedColumn, MappedTable
from ingest.export_cells import exported
from ingest.faults import Fault
from ingest.headers import MONEY_UNITS, HeaderReader, bare_header
from ingest.report_back import ABOUT, ACCEPTED, CHANGED, CODES, MARK, REASONS, REJECTED, REVIEW, ROW
from ingest.sheets import Cell, letters

_OUR_COLUMN = PatternFill("solid", start_color="FFF2CC")
_WIDTH = 18
_UNITS: dict[float | None, str] = {factor: unit for unit, factor in reversed(MONEY_UNITS.items())}
_HOW = "请在「拒收」表中直接改正, 保存后把本文件原样重新上传: 只读「拒收」表, 最后三列不读。已接受的行不用再传。"


@dataclass(frozen=True, slots=True)
class ReportTable:
    """Rows under their headers, as the caller wants them shown."""

    header: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]] = ()


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A refused row: its number in the file, its cells as they were, and all that is wrong with it."""

    number: int
    cells: tuple[Cell, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of one file. `header` heads the cells of the rejected rows (`report_header`).

    `changed` are facts that were on record and are other now, `review` what was kept and a person should look at.
    """

    file: str
    title: str
    header: tuple[str, ...]
    rejected: Sequence[RejectedRow]
    accepted: ReportTable
    changed: ReportTable = field(default_factory=lambda: ReportTable(()))
    review: ReportTable = field(default_factory=lambda: ReportTable(()))
    notes: tuple[str, ...] = ()


def report_header(mapped: MappedTable) -> tuple[str, ...]:
    """What stands above each column of the file, in one row that is read as the same fields again."""
    names = [""] * max(map(len, mapped.sheet.rows), default=0)
    for unknown in mapped.unknown:
        names[unknown.index] = unknown.header or ""
    reader = HeaderReader(mapped.kind)
    for column in (*mapped.doubled, *mapped.columns):
        names[column.index] = _header(mapped, column, reader)
    return tuple(names)


def _header(mapped: MappedTable, column: MappedColumn, reader: HeaderReader) -> str:
    heading, spec = reader.read(column.header), mapped.kind.field(column.key)
    name = column.header
    if not mapped.profile and (not heading.guesses or heading.guesses[0].key != column.key):
        # It was a group header that said so, and that row is not in the report.
        heading, name = reader.read(spec.header), bare_header(spec.header)
    if spec.money and column.factor in _UNITS and not (heading.money and name == column.header):
        return f"{name}（{_UNITS[column.factor]}）"
    if spec.quantity and column.unit and name != column.header:
        return f"{name}（{column.unit}）"
    return name


def write_report(path: Path, report: ImportReport) -> None:
    """Write the workbook. Raises OSError where the file cannot be written."""
    book = Workbook(write_only=True)
    _write(book, ABOUT, (MARK, ""), _about(report))
    _write(book, ACCEPTED, report.accepted.header, report.accepted.rows)
    _write(book, CHANGED, report.changed.header, report.changed.rows)
    width = max([len(report.header), *(len(row.cells) for row in report.rejected)])
    header = (*report.header, *[""] * (width - len(report.header)))
    _write(book, REJECTED, (*header, ROW, REASONS, CODES), (_rejected(row, width) for row in report.rejected), ours=3)
    _write(book, REVIEW, report.review.header, report.review.rows)
    book.save(path)


def _about(report: ImportReport) -> list[tuple[Cell, ...]]:
    counts = (len(report.accepted.rows), len(report.changed.rows), len(report.rejected), len(report.review.rows))
    said: list[tuple[Cell, ...]] = [("文件", report.file), ("表格种类", report.title)]
    said += zip((ACCEPTED, CHANGED, REJECTED, REVIEW), counts, strict=True)
    return [*said, ("怎样改正", _HOW), *(("读取说明", note) for note in report.notes)]


def _rejected(row: RejectedRow, width: int) -> tuple[Cell, ...]:
    blank = [None] * (width - len(row.cells))
    reasons = "\n".join(f"「{f.column}」{f.message}" if f.column else f.message for f in row.faults)
    return *row.cells, *blank, row.number, reasons, " ".join(dict.fromkeys(f.code for f in row.faults))


def _write(
    book: Workbook, name: str, header: tuple[str, ...], rows: Iterable[tuple[Cell, ...]], *, ours: int = 0
) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for number in range(1, len(header) + 1):
        sheet.column_dimensions[letters(number - 1)].width = _WIDTH if name != ABOUT else _WIDTH * number * 2
    cells = [_text_cell(sheet, text) for text in header]
    for cell in cells:
        cell.font = Font(bold=True)
    for cell in cells[len(cells) - ours :]:
        cell.fill = _OUR_COLUMN
    sheet.append(cells)
    for row in rows:
        sheet.append([_text_cell(sheet, cell) if isinstance(cell, str) else cell for cell in row])


def _text_cell(sheet: Any, text: str) -> Any:
    cell: Any = WriteOnlyCell(sheet, exported(text))
    # The library would take #REF! for an error of its own.
    cell.data_type = "s"
    return cell
