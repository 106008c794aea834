"""Which column of a file is which field of a kind (列映射): by profile where a person settled it, else by header.

`rows` of `ingest.table_rows` gives the rows under the header; `preview` of `ingest.mapping_preview` shows a person
what would be read, without refusing.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.columns import MappedColumn, MappedTable, UnknownHeader
from ingest.faults import Fault, RefusedFile
from ingest.header_faults import header_faults, no_header, unread
from ingest.header_rows import Header, best_header
from ingest.headers import MONEY_UNITS, NORMALISED, HeaderReader
from ingest.profile_fit import header_by_profile, ignored_by, unfit
from ingest.profiles import Profile
from ingest.sheet_choice import candidates, choose, notes_on
from ingest.sheets import Sheet, letters
from ingest.table_kind import TableKind

__all__ = ["MappedColumn", "MappedTable", "UnknownHeader", "find_table", "map_table"]

# 单位：万元 above a table holds for all of its money.
_UNIT_ABOVE = re.compile(r"(?:金额)?单位\s*[:：]\s*(?:人民币)?(亿元|百万元|万元|千元|元)\s*$")


def map_table(
    sheets: Sequence[Sheet],
    kind: TableKind,
    profile: Profile | None = None,
    *,
    file: str = "",
    sheet: str | None = None,
) -> MappedTable:
    """The table of `kind` in the file's sheets; `sheet` names one where several could be meant.

    Notes tell which sheet was read, which columns were not, and which headers were only guessed. Raises RefusedFile
    with codes that begin with the kind's name: `.sheet.unknown`, `.sheet.several`, `.sheet.empty`,
    `.sheet.all_hidden`, `.header.missing`, `.header.<key>_missing`, `.header.duplicate`,
    `.header.money_unit_missing`, `.profile.does_not_fit`, `.profile.other_kind`.
    """
    mapped = find_table(sheets, kind, profile, file=file, sheet=sheet)
    if faults := header_faults(mapped):
        raise RefusedFile(faults)
    return mapped


def find_table(
    sheets: Sequence[Sheet],
    kind: TableKind,
    profile: Profile | None = None,
    *,
    file: str = "",
    sheet: str | None = None,
) -> MappedTable:
    """As `map_table`, but what is wrong within the header is left to `header_faults`. Raises RefusedFile."""
    if profile is not None and (profile.kind != kind.name or _strange_keys(profile, kind)):
        message = f"映射方案“{profile.name}”不是为{kind.title}表做的。请另选一个, 或重新预览并保存。"
        raise RefusedFile([Fault(file, f"{kind.name}.profile.other_kind", message)])
    reader = HeaderReader(kind)
    seen: dict[int, Header | None] = {}

    def find(one: Sheet) -> Header | None:
        if id(one) not in seen:
            seen[id(one)] = header_by_profile(one, reader, profile) if profile else best_header(one, reader)
        return seen[id(one)]

    filled = candidates(file, sheets, kind, sheet)
    chosen = choose(file, filled, kind, find)
    if chosen is None and profile:
        raise RefusedFile([unfit(file, one, reader, profile) for one in filled])
    if chosen is None:
        raise RefusedFile([fault for one in filled for fault in no_header(file, one, reader)])
    table, header = chosen
    ignored = ignored_by(profile, header) if profile else set()
    known = {column.index for column in (*header.columns, *header.doubled)}
    unknown = tuple(
        replace(column, ignored=column.index in ignored)
        for column in unread(table, header.top, header.bottom, known, reader)
    )
    columns, unit_notes = _with_unit_above(table, header, kind)
    notes = [*notes_on(sheets, table, kind, find), *table.notes, *unit_notes]
    notes += [*_guessed(kind, columns), *_left_out(unknown), *_hidden(table)]
    return MappedTable(
        file=file,
        kind=kind,
        sheet=table,
        header_row=header.bottom,
        columns=columns,
        unknown=unknown,
        notes=tuple(notes),
        header_top=header.top,
        doubled=header.doubled,
        profile=profile.name if profile else None,
    )


def _strange_keys(profile: Profile, kind: TableKind) -> bool:
    keys = {spec.key for spec in kind.fields}
    return any(column.key is not None and column.key not in keys for column in profile.columns)


def _with_unit_above(sheet: Sheet, header: Header, kind: TableKind) -> tuple[tuple[MappedColumn, ...], list[str]]:
    lines = [str(cell).strip() for cells in sheet.rows[: header.top] for cell in cells if isinstance(cell, str)]
    said = [match[1] for line in lines if (match := _UNIT_ABOVE.search(line))]
    bare = {c.index for c in header.columns if kind.field(c.key).money and c.factor is None}
    if not said or not bare:
        return header.columns, []
    columns = tuple(replace(c, factor=MONEY_UNITS[said[-1]]) if c.index in bare else c for c in header.columns)
    names = "、".join(f"「{c.header}」" for c in columns if c.index in bare)
    return columns, [f"{names} 的金额单位按表头上方写的“{said[-1]}”计算。"]


def _guessed(kind: TableKind, columns: Sequence[MappedColumn]) -> list[str]:
    return [
        f"「{c.header}」按“{kind.field(c.key).header}”读取(把握 {c.confidence:.0%}), 请核对。"
        for c in columns
        if c.confidence < NORMALISED
    ]


def _left_out(unknown: Sequence[UnknownHeader]) -> list[str]:
    names = [f"「{c.header}」" if c.header else f"{letters(c.index)} 列(没有表头)" for c in unknown if not c.ignored]
    return [f"{'、'.join(names)} 没有读取。"] if names else []


def _hidden(sheet: Sheet) -> list[str]:
    notes = []
    if sheet.hidden_columns:
        notes.append(f"隐藏的列 {'、'.join(letters(c) for c in sorted(sheet.hidden_columns)[:20])} 也读取了。")
    if sheet.hidden_rows:
        rows = sorted(sheet.hidden_rows)
        more = f"等 {len(rows)} 行" if len(rows) > 20 else ""
        notes.append(f"隐藏的行 {'、'.join(str(r + 1) for r in rows[:20])}{more} 也读取了。")
    return notes
