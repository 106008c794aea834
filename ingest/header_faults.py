"""What is wrong with a header, and how to mend it (表头问题); the codes begin with the kind's name."""

from ingest.columns import MappedColumn, MappedTable, UnknownHeader
from ingest.faults import Fault, shown
from ingest.headers import NORMALISED, HeaderReader
from ingest.sheets import Sheet, first_wide_row, letters, place
from ingest.table_kind import TableKind


def header_faults(mapped: MappedTable) -> list[Fault]:
    """What makes the header unusable: fields that are missing or claimed twice, money without a unit."""
    kind, row = mapped.kind, mapped.header_row
    faults = [_doubled(mapped, column) for column in mapped.doubled]
    for column in mapped.columns:
        if kind.field(column.key).money and column.factor is None and _has_plain_numbers(mapped, column):
            message = f"没有写明金额单位。请把表头改为「{column.header}（万元）」或「{column.header}（元）」。"
            code = f"{kind.name}.header.money_unit_missing"
            faults.append(Fault(mapped.file, code, message, mapped.sheet.name, row + 1, column.header))
    found = {column.key for column in mapped.columns}
    missing = [spec.key for spec in kind.fields if spec.needed and spec.key not in found]
    return faults + [_missing(mapped.file, kind, key, mapped.sheet, row) for key in missing]


def unknown_headers(mapped: MappedTable) -> list[Fault]:
    """A fault for every column that is not read, for kinds that want each column known."""
    kind, sheet, row = mapped.kind, mapped.sheet, mapped.header_row
    return [_not_known(mapped.file, kind, sheet, row, column) for column in mapped.unknown if not column.ignored]


def no_header(file: str, sheet: Sheet, reader: HeaderReader) -> list[Fault]:
    """The faults of a sheet in which no header was found: those of the row that was meant to be one."""
    kind, row = reader.kind, first_wide_row(sheet)
    if row is None:
        message = f"没有找到表头。表头应有「{kind.main.header}」等列, 如: {kind.headers}。"
        return [Fault(file, f"{kind.name}.header.missing", message, sheet.name)]
    known = {i for i, cell in enumerate(sheet.rows[row]) if isinstance(cell, str) and _is_sure(reader, cell)}
    faults = [_not_known(file, kind, sheet, row, column) for column in unread(sheet, row, row, known, reader)]
    return [*merged_in_header(file, kind, sheet, row, row), *faults, _missing(file, kind, kind.main.key, sheet, row)]


def merged_in_header(file: str, kind: TableKind, sheet: Sheet, top: int, bottom: int) -> list[Fault]:
    """A fault for every merged range in the header, for kinds that want a header of their own above each column."""
    faults = []
    for first_row, first, last_row, last in sheet.merged:
        if first_row <= bottom and last_row >= top:
            name = f"{place(first_row, first)}:{place(last_row, last)}"
            cells = sheet.rows[first_row] if first_row < len(sheet.rows) else ()
            text = shown(cells[first]) if first < len(cells) and cells[first] is not None else ""
            message = f"表头有合并单元格 {name}“{text}”。请取消合并, 让每一列在同一行有自己的表头, 再重新上传。"
            code, row = f"{kind.name}.header.merged", max(first_row, top) + 1
            faults.append(Fault(file, code, message, sheet.name, row, letters(first), name))
    return faults


def unread(sheet: Sheet, top: int, bottom: int, known: set[int], reader: HeaderReader) -> list[UnknownHeader]:
    """The columns with a header in rows `top` to `bottom`, or with content below, that are not in `known`."""
    below = {i for cells in sheet.rows[bottom + 1 :] for i, cell in enumerate(cells) if cell is not None}
    header = sheet.rows[top : bottom + 1]
    found = []
    for index in range(max(max(map(len, header), default=0), max(below, default=-1) + 1)):
        text = " ".join(str(cells[index]) for cells in header if index < len(cells) and cells[index] is not None)
        if index not in known and (text or index in below):
            found.append(UnknownHeader(index, text or None, reader.nearest(text) if text else None))
    return found


def _doubled(mapped: MappedTable, column: MappedColumn) -> Fault:
    first = mapped.column(column.key)
    with_which = f"与「{first.header}」是同一项" if first else "与别的列是同一项"
    message = f"{with_which}({mapped.kind.field(column.key).header})。请只保留一列。"
    code = f"{mapped.kind.name}.header.duplicate"
    return Fault(mapped.file, code, message, mapped.sheet.name, mapped.header_row + 1, column.header)


def _missing(file: str, kind: TableKind, key: str, sheet: Sheet, row: int) -> Fault:
    spec = kind.field(key)
    names = "、".join(spec.names[:5])
    message = f"没有{spec.header}这一列。请加上「{spec.header}」(或: {names})。"
    return Fault(file, f"{kind.name}.header.{key}_missing", message, sheet.name, row + 1)


def _not_known(file: str, kind: TableKind, sheet: Sheet, row: int, column: UnknownHeader) -> Fault:
    if column.header is None:
        message = f"{letters(column.index)} 列有内容但没有表头。请补上表头或清空这一列。"
        return Fault(file, f"{kind.name}.header.blank", message, sheet.name, row + 1, letters(column.index))
    mend = f"是否为「{column.nearest}」? 请改正" if column.nearest else f"请改为已知的表头({kind.headers})"
    said = shown(column.header)
    message = f"不认识这个表头。{mend}, 或删除这一列。"
    return Fault(file, f"{kind.name}.header.unknown", message, sheet.name, row + 1, said, said)


def _has_plain_numbers(mapped: MappedTable, column: MappedColumn) -> bool:
    cells = (r[column.index] for r in mapped.sheet.rows[mapped.header_row + 1 :] if column.index < len(r))
    return any(c is not None and "元" not in str(c) for c in cells)


def _is_sure(reader: HeaderReader, text: str) -> bool:
    guesses = reader.read(text).guesses
    return bool(guesses) and guesses[0].confidence >= max(reader.kind.accepts, NORMALISED)
