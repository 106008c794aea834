"""Chooses the sheet of a workbook that holds the plan, and checks its header (选表与表头检查)."""

from collections.abc import Sequence

from ingest.faults import Fault, RefusedFile, shown
from ingest.headers import MONEY, SYNONYMS, Column, Field, nearest, recognise
from ingest.sheets import Sheet, letters, place
from ingest.tables import Table, find_header, first_wide_row, is_empty, names_of


def choose_table(file: str, sheets: Sequence[Sheet], wanted: str | None) -> tuple[Table, tuple[str, ...]]:
    """The one table with a plan header, and notes on the sheets left out. Raises RefusedFile."""
    visible = [s for s in sheets if not s.hidden]
    if wanted is not None:
        visible = [s for s in sheets if s.name == wanted]
        if not visible or visible[0].hidden:
            message = f"没有可见的工作表“{wanted}”。现有工作表: {names_of([s for s in sheets if not s.hidden])}。"
            raise RefusedFile([Fault(file, "plan.sheet.unknown", message, sheet=wanted)])
    if not visible:
        message = f"工作表 {names_of(sheets)} 都已隐藏。请取消隐藏后重新上传。"
        raise RefusedFile([Fault(file, "plan.sheet.all_hidden", message)])
    filled = [s for s in visible if not is_empty(s)]
    if not filled:
        message = "是空表。请填写表头和至少一行需求后重新上传。"
        raise RefusedFile([Fault(file, "plan.sheet.empty", message, sheet=s.name) for s in visible])
    tables = [t for s in filled if (t := find_header(s))]
    if len(tables) > 1:
        message = f"{names_of([t.sheet for t in tables])} 都有需求表头, 不能确定读哪一个。请只保留一个, 或指明工作表。"
        raise RefusedFile([Fault(file, "plan.sheet.several", message)])
    if not tables:
        raise RefusedFile([f for s in filled for f in _no_header(file, s)])
    return tables[0], _notes(sheets, tables[0].sheet)


def header_faults(file: str, table: Table) -> list[Fault]:
    """Every fault of the header row: merged, unknown, doubled or blank headers, no product, money without unit."""
    sheet, row = table.sheet, table.header_row
    faults = [_merged(file, sheet, row, area) for area in sheet.merged if area[0] <= row <= area[2]]
    faults += _unknown(file, sheet, row)
    first: dict[Field, Column] = {}
    for column in table.columns:
        known = first.setdefault(column.field, column)
        if known is not column:
            message = f"与「{known.header}」是同一项({column.field.value})。请只保留一列。"
            faults.append(Fault(file, "plan.header.duplicate", message, sheet.name, row + 1, column.header))
        if column.field in MONEY and column.factor is None and _has_plain_numbers(table, column):
            message = f"没有写明金额单位。请把表头改为「{column.header}（万元）」或「{column.header}（元）」。"
            faults.append(Fault(file, "plan.header.money_unit_missing", message, sheet.name, row + 1, column.header))
    if Field.PRODUCT not in first:
        faults.append(_product_missing(file, sheet, row))
    return faults


def _no_header(file: str, sheet: Sheet) -> list[Fault]:
    row = first_wide_row(sheet)
    if row is None:
        message = f"没有找到表头。表头应有「{Field.PRODUCT.value}」等列, 如: {_template()}。"
        return [Fault(file, "plan.header.missing", message, sheet.name)]
    merged = [_merged(file, sheet, row, area) for area in sheet.merged if area[0] <= row <= area[2]]
    return [*merged, *_unknown(file, sheet, row), _product_missing(file, sheet, row)]


def _unknown(file: str, sheet: Sheet, row: int) -> list[Fault]:
    faults = []
    for index, cell in enumerate(sheet.rows[row]):
        if cell is None:
            if any(index < len(cells) and cells[index] is not None for cells in sheet.rows[row + 1 :]):
                message = f"{letters(index)} 列有内容但没有表头。请补上表头或清空这一列。"
                faults.append(Fault(file, "plan.header.blank", message, sheet.name, row + 1, letters(index)))
        elif not isinstance(cell, str) or recognise(index, cell) is None:
            near = nearest(str(cell))
            mend = f"是否为「{near}」? 请改正" if near else f"请改为已知的表头({_template()})"
            message = f"不认识这个表头。{mend}, 或删除这一列。"
            faults.append(Fault(file, "plan.header.unknown", message, sheet.name, row + 1, shown(cell), shown(cell)))
    return faults


def _merged(file: str, sheet: Sheet, row: int, area: tuple[int, int, int, int]) -> Fault:
    name = f"{place(area[0], area[1])}:{place(area[2], area[3])}"
    cells = sheet.rows[area[0]] if area[0] < len(sheet.rows) else ()
    text = shown(cells[area[1]]) if area[1] < len(cells) and cells[area[1]] is not None else ""
    message = f"表头有合并单元格 {name}“{text}”。请取消合并, 让每一列在同一行有自己的表头, 再重新上传。"
    return Fault(file, "plan.header.merged", message, sheet.name, row + 1, letters(area[1]), name)


def _product_missing(file: str, sheet: Sheet, row: int) -> Fault:
    names = "、".join(SYNONYMS[Field.PRODUCT].split()[:5])
    message = f"没有产品名称这一列。请加上「{Field.PRODUCT.value}」(或: {names})。"
    return Fault(file, "plan.header.product_missing", message, sheet.name, row + 1)


def _has_plain_numbers(table: Table, column: Column) -> bool:
    cells = (r[column.index] for r in table.sheet.rows[table.header_row + 1 :] if column.index < len(r))
    return any(c is not None and "元" not in str(c) for c in cells)


def _template() -> str:
    return "、".join(f.value for f in Field)


def _notes(sheets: Sequence[Sheet], read: Sheet) -> tuple[str, ...]:
    if read.name is None:
        return ()
    notes = [f"读取了工作表“{read.name}”。"]
    if hidden := [s for s in sheets if s.hidden]:
        notes.append(f"隐藏的工作表 {names_of(hidden)} 没有读取。")
    if other := [s for s in sheets if not s.hidden and s is not read and not is_empty(s)]:
        notes.append(f"工作表 {names_of(other)} 没有需求表头, 没有读取。")
    return tuple(notes)
