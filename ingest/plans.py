"""Procurement plans (采购计划) from xlsx or CSV: either every line is good, or the file is refused whole.

A line's key is the plan and its 序号 (its place, where the file has no 序号), so that a corrected file
replaces the lines of the first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.model import Origin, Plan, PlanKind, PlanLine, stable_id
from ingest.codes import firm_key
from ingest.dates import NotADate, parse_date
from ingest.faults import Fault, RefusedFile
from ingest.headers import Field
from ingest.limits import DEFAULT, Limits
from ingest.plan_cells import RowCells
from ingest.plan_sheet import choose_table, header_faults
from ingest.sheets import Sheet, letters, place
from ingest.tables import Table, open_sheets

_NOTE = re.compile(r"^(备\s*注|说明|注|填表说明|填报说明|合\s*计|总\s*计|小\s*计|制表|编制|审核|填报)")


@dataclass(frozen=True, slots=True)
class PlanHeader:
    """What a plan file does not say of itself. Dates are YYYY-MM-DD, `buyer` is the full name of the firm."""

    kind: PlanKind
    title: str
    buyer: str
    chain_code: str | None = None
    published_on: str | None = None
    closes_on: str | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class PlanReading:
    """A plan, and what the user should know of the reading: which sheet was read and which were not."""

    plan: Plan
    notes: tuple[str, ...]


def plan_key(header: PlanHeader) -> str:
    """The plan's id: who asks, under which title, published when. A corrected file keeps it."""
    return stable_id("plan", header.kind.value, firm_key(header.buyer, ""), header.title, header.published_on or "")


def read_plan(path: Path, header: PlanHeader, sheet: str | None = None, limits: Limits = DEFAULT) -> Plan:
    """The plan in the file; `sheet` names the sheet where several could be meant. Raises RefusedFile."""
    return read_plan_noted(path, header, sheet, limits).plan


def read_plan_noted(path: Path, header: PlanHeader, sheet: str | None = None, limits: Limits = DEFAULT) -> PlanReading:
    """As `read_plan`, with notes. Raises RefusedFile with every fault of the file at once."""
    table, notes = choose_table(path.name, open_sheets(path, limits), sheet)
    faults = _announcement_faults(path.name, header) + header_faults(path.name, table)
    plan_id = plan_key(header)
    rows = list(_data_rows(table))
    faults += _merged_bodies(path.name, table, rows)
    lines: list[PlanLine] = []
    first_row: dict[int, int] = {}
    for place_in_file, row in enumerate(rows, start=1):
        cells = RowCells(path.name, table, row)
        line = _line(cells, plan_id, place_in_file)
        faults += cells.faults
        if line.number in first_row:
            message = f"序号 {line.number} 与第 {first_row[line.number]} 行重复。请改为不同的序号后重新上传。"
            faults.append(
                Fault(path.name, "plan.number.duplicate", message, table.sheet.name, row + 1, value=str(line.number))
            )
        first_row.setdefault(line.number, row + 1)
        lines.append(line)
    if not rows:
        message = "表头下面没有需求行。请至少填写一行后重新上传。"
        faults.append(Fault(path.name, "plan.no_lines", message, table.sheet.name, table.header_row + 2))
    if faults:
        raise RefusedFile(sorted(faults, key=lambda f: f.row or 0))
    ordered = tuple(sorted(lines, key=lambda line: line.number))
    return PlanReading(_plan(plan_id, header, ordered), notes)


def _plan(plan_id: str, header: PlanHeader, lines: tuple[PlanLine, ...]) -> Plan:
    return Plan(
        id=plan_id,
        kind=header.kind,
        title=header.title,
        buyer_code=firm_key(header.buyer, ""),
        buyer_name=header.buyer,
        synthetic=header.synthetic,
        chain_code=header.chain_code,
        published_on=header.published_on,
        closes_on=header.closes_on,
        lines=lines,
    )


def _line(cells: RowCells, plan_id: str, place_in_file: int) -> PlanLine:
    cells.check_formulas()
    broken = {fault.column for fault in cells.faults}
    number = cells.position() or place_in_file
    quantity, unit = cells.quantity()
    line = PlanLine(
        id=stable_id("line", plan_id, str(number)),
        plan_id=plan_id,
        number=number,
        product=cells.product() or "",
        spec=cells.text(Field.SPEC),
        application=cells.text(Field.APPLICATION),
        quantity=quantity,
        unit=unit,
        budget_cny=cells.money(Field.BUDGET),
        certificates=cells.many(Field.CERTIFICATES),
        tiers=cells.tiers(),
        delivery_place=cells.text(Field.PLACE),
        delivery_on=cells.date(Field.DELIVERY),
        current_source=cells.current_source(),
        current_supplier=cells.text(Field.CURRENT_SUPPLIER),
        current_spend_cny=cells.money(Field.CURRENT_SPEND),
        origin=Origin("", cells.row + 1),
    )
    # A cell whose formula failed looks blank to the other checks: one fault a cell is enough.
    cells.faults[:] = [f for f in cells.faults if f.column not in broken or f.code.startswith("plan.cell.formula")]
    return line


def _data_rows(table: Table) -> Iterator[int]:
    for row in range(table.header_row + 1, len(table.sheet.rows)):
        if not _is_blank(table.sheet, row) and not _is_note(table, row):
            yield row


def _is_blank(sheet: Sheet, row: int) -> bool:
    cells = sheet.rows[row]
    places = {place(row, column) for column in range(len(cells))}
    marked = not places.isdisjoint(sheet.errors) or not places.isdisjoint(sheet.uncomputed)
    return not marked and all(cell is None for cell in cells)


def _is_note(table: Table, row: int) -> bool:
    """Notes and totals under a table (备注, 合计): such a word comes first, and no product stands beside it."""
    cells = table.sheet.rows[row]
    first = next((i for i, cell in enumerate(cells) if cell is not None), None)
    if first is None or not _NOTE.match(str(cells[first]).strip()):
        return False
    product = next((c.index for c in table.columns if c.field is Field.PRODUCT), None)
    return product is None or product == first or product >= len(cells) or cells[product] is None


def _merged_bodies(file: str, table: Table, rows: list[int]) -> Iterator[Fault]:
    data = set(rows)
    for first_row, first, last_row, last in table.sheet.merged:
        if first_row > table.header_row and data.intersection(range(first_row, last_row + 1)):
            name = f"{place(first_row, first)}:{place(last_row, last)}"
            message = f"数据中有合并单元格 {name}。请取消合并, 并在每一行填写内容后重新上传。"
            yield Fault(file, "plan.body.merged", message, table.sheet.name, first_row + 1, letters(first), name)


def _announcement_faults(file: str, header: PlanHeader) -> list[Fault]:
    faults = []
    for name, text in (("标题", header.title), ("采购单位", header.buyer)):
        if not text.strip():
            faults.append(Fault(file, "plan.announcement.missing", f"没有填写{name}。请补上。", column=name))
    for name, date in (("发布日期", header.published_on), ("截止日期", header.closes_on)):
        try:
            if date is not None and parse_date(date) != date:
                raise NotADate(date)
        except NotADate:
            message = f"“{date}” 不是日期。请写成 2026-03-31 的形式。"
            faults.append(Fault(file, "plan.announcement.not_a_date", message, column=name, value=date))
    return faults
