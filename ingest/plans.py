"""Procurement plans (采购计划) from xlsx or CSV: either every line is good, or the file is refused whole.

A line's key is the plan and its 序号 (its place, where the file has no 序号), so that a corrected file
replaces the lines of the first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from graph.model import Origin, Plan, PlanKind, PlanLine, stable_id
from ingest.codes import firm_key
from ingest.columns import MappedTable
from ingest.dates import NotADate, parse_date
from ingest.faults import Fault, RefusedFile
from ingest.limits import DEFAULT, Limits
from ingest.plan_cells import RowCells
from ingest.plan_kind import Field
from ingest.plan_sheet import choose_table, plan_header_faults
from ingest.profiles import Profile
from ingest.sheets import letters, place
from ingest.table_rows import FROM_ABOVE, TableRow, rows, skip_notes
from ingest.tables import open_sheets


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


def read_plan_noted(
    path: Path, header: PlanHeader, sheet: str | None = None, limits: Limits = DEFAULT, profile: Profile | None = None
) -> PlanReading:
    """As `read_plan`, with notes, and by a mapping that a person settled where there is one.

    Raises RefusedFile with every fault of the file at once.
    """
    table = choose_table(path.name, open_sheets(path, limits), sheet, profile)
    faults = _announcement_faults(path.name, header) + plan_header_faults(table)
    plan_id = plan_key(header)
    read = list(rows(table))
    faults += _merged_bodies(table, read)
    lines: list[PlanLine] = []
    first_row: dict[int, int] = {}
    closing: dict[str, int] = {}
    for place_in_file, row in enumerate(read, start=1):
        cells = RowCells(table, row)
        line = _line(cells, plan_id, place_in_file)
        if closes := cells.date(Field.CLOSES):
            closing.setdefault(closes, row.number)
        faults += cells.faults
        if line.number in first_row:
            message = f"序号 {line.number} 与第 {first_row[line.number]} 行重复。请改为不同的序号后重新上传。"
            code, value = "plan.number.duplicate", str(line.number)
            faults.append(Fault(path.name, code, message, table.sheet.name, row.number, value=value))
        first_row.setdefault(line.number, row.number)
        lines.append(line)
    if not read:
        message = "表头下面没有需求行。请至少填写一行后重新上传。"
        faults.append(Fault(path.name, "plan.no_lines", message, table.sheet.name, table.header_row + 2))
    faults += _several_closings(table, closing)
    if faults:
        raise RefusedFile(sorted(faults, key=lambda f: f.row or 0))
    ordered = tuple(sorted(lines, key=lambda line: line.number))
    said = header if header.closes_on or not closing else replace(header, closes_on=next(iter(closing)))
    return PlanReading(_plan(plan_id, said, ordered), (*table.notes, *skip_notes(table), *_ditto_notes(read)))


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
        origin=Origin("", cells.row.number),
    )
    # A cell whose formula failed looks blank to the other checks: one fault a cell is enough.
    cells.faults[:] = [f for f in cells.faults if f.column not in broken or f.code.startswith("plan.cell.formula")]
    return line


def _merged_bodies(table: MappedTable, read: Sequence[TableRow]) -> Iterator[Fault]:
    data = {row.number - 1 for row in read}
    end = len(table.sheet.rows)
    for first_row, first, last_row, last in table.sheet.merged:
        # A range may claim a million rows below the last one, and there may be thousands of such ranges.
        if first_row > table.header_row and data.intersection(range(first_row, min(last_row + 1, end))):
            name = f"{place(first_row, first)}:{place(last_row, last)}"
            message = f"数据中有合并单元格 {name}。请取消合并, 并在每一行填写内容后重新上传。"
            code = "plan.body.merged"
            yield Fault(table.file, code, message, table.sheet.name, first_row + 1, letters(first), name)


def _several_closings(table: MappedTable, closing: dict[str, int]) -> Iterator[Fault]:
    if len(closing) > 1:
        (first, _), *others = closing.items()
        for other, row in others:
            message = f"截止日期 {other} 与上面的 {first} 不同。一份计划只有一个截止日期, 请改为一致, 或拆成两份计划。"
            column = table.column(Field.CLOSES)
            where = column.header if column else None
            yield Fault(table.file, "plan.closes.several", message, table.sheet.name, row, where, other)


def _ditto_notes(read: Sequence[TableRow]) -> tuple[str, ...]:
    filled = [str(row.number) for row in read if FROM_ABOVE in row.filled.values()]
    more = f"等 {len(filled)} 行" if len(filled) > 20 else ""
    return (f"第 {'、'.join(filled[:20])} 行{more}的“同上”按上一行填写。",) if filled else ()


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
