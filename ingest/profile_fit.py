"""Applies a profile to a sheet (套用映射方案): its headers are looked for, whatever order they now stand in."""

from collections.abc import Mapping
from dataclasses import replace

from ingest.columns import MappedColumn
from ingest.faults import Fault
from ingest.header_rows import Header, headers_of
from ingest.headers import MONEY_UNITS, HeaderReader, Heading, bare_header, plain_header
from ingest.profiles import Profile, ProfileColumn
from ingest.sheets import Sheet


def header_by_profile(sheet: Sheet, reader: HeaderReader, profile: Profile) -> Header | None:
    """The first header in which every column that the profile reads is found; None where there is none."""
    for header in headers_of(sheet, reader):
        places = _places(header.headings, profile)
        read = [(places.get(n), column) for n, column in enumerate(profile.columns) if column.key is not None]
        if read and all(index is not None for index, _ in read):
            columns = tuple(_column(reader, header.headings[i], i, c) for i, c in read if i is not None)
            ordered = tuple(sorted(columns, key=lambda column: column.index))
            return replace(header, columns=ordered, doubled=(), score=float(len(ordered)))
    return None


def ignored_by(profile: Profile, header: Header) -> set[int]:
    """The columns (from 0) of `header` that the profile leaves unread on purpose."""
    places = _places(header.headings, profile)
    return {places[n] for n, column in enumerate(profile.columns) if column.key is None and n in places}


def unfit(file: str, sheet: Sheet, reader: HeaderReader, profile: Profile) -> Fault:
    """The fault of a sheet in which the profile's headers are not found: which are missing, which are new."""
    code = f"{reader.kind.name}.profile.does_not_fit"
    wanted = [(n, column) for n, column in enumerate(profile.columns) if column.key is not None]
    closest: tuple[int, Header, dict[int, int]] | None = None
    for header in headers_of(sheet, reader):
        places = _places(header.headings, profile)
        hits = sum(n in places for n, _ in wanted)
        if hits and (closest is None or hits > closest[0]):
            closest = hits, header, places
    again = "请核对文件, 或重新预览并另存映射方案。"
    if closest is None:
        message = f"没有找到映射方案“{profile.name}”的任何表头。{again}"
        return Fault(file, code, message, sheet.name)
    _, header, places = closest
    missing = "、".join(f"「{column.header}」" for n, column in wanted if n not in places)
    new = "、".join(f"「{h.text}」" for i, h in header.headings.items() if i not in places.values())
    message = f"与映射方案“{profile.name}”不符: 缺少 {missing}" + (f", 多出 {new}" if new else "") + f"。{again}"
    return Fault(file, code, message, sheet.name, header.bottom + 1)


def _places(headings: Mapping[int, Heading], profile: Profile) -> dict[int, int]:
    """Which column (from 0) each entry of the profile stands for; of equal headers the first is the first."""
    left = sorted(headings)
    places = {}
    # A unit in brackets may come and go; the header as it was is looked for first.
    for same in (plain_header, bare_header):
        for n, column in enumerate(profile.columns):
            index = next((i for i in left if same(headings[i].text) == same(column.header)), None)
            if n not in places and index is not None:
                places[n] = index
                left.remove(index)
    return places


def _column(reader: HeaderReader, heading: Heading, index: int, column: ProfileColumn) -> MappedColumn:
    spec = reader.kind.field(column.key or "")
    factor = heading.factor if spec.quantity or (spec.money and heading.money) else None
    if spec.money and column.money_unit and not heading.money:
        factor = MONEY_UNITS[column.money_unit]
    return MappedColumn(index, heading.text, spec.key, 1.0, factor, heading.unit if spec.quantity else None)
