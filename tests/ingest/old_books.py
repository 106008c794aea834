"""Writes old Excel files (.xls) for the tests: an OLE2 container around BIFF8 records, just enough to be read."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR = 512


def record(kind: int, content: bytes = b"") -> bytes:
    """One record."""
    return struct.pack("<HH", kind, len(content)) + content


def bof(kind: int, version: int = 0x600) -> bytes:
    """The record that begins the book (5) or a sheet (0x10)."""
    return record(0x809, struct.pack("<HHHHII", version, kind, 0x0DBB, 0x07CC, 0, 6))


def cell(row: int, column: int, value: Any) -> bytes:
    """A text or a number; an error such as #REF! where it begins with #."""
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str) and value.startswith("#"):
        return record(0x205, place + bytes([0x17, 1]))
    if isinstance(value, str):
        return record(0x204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return record(0x203, place + struct.pack("<d", value))


def sheet(rows: Sequence[Sequence[Any]], extra: bytes = b"", size: tuple[int, int] | None = None) -> bytes:
    """A sheet of `rows`; `size` is what it declares, `extra` records before its end."""
    declared = size or (len(rows), max(map(len, rows), default=0))
    cells = b"".join(cell(r, c, v) for r, row in enumerate(rows) for c, v in enumerate(row) if v is not None)
    dimensions = record(0x200, struct.pack("<IIHHH", 0, declared[0], 0, declared[1], 0))
    return bof(0x10) + dimensions + cells + extra + record(0x0A)


def book(sheets: Mapping[str, bytes], hidden: Sequence[str] = (), extra: bytes = b"", version: int = 0x600) -> bytes:
    """The stream of a whole book; `extra` stands among the records of the book part."""
    head = bof(5, version) + record(0x42, struct.pack("<H", 1200)) + extra
    names = [name.encode("utf-16-le") for name in sheets]
    start = len(head) + sum(12 + len(name) for name in names) + 4
    listed = b""
    for (title, content), name in zip(sheets.items(), names, strict=True):
        state = 1 if title in hidden else 0
        listed += record(0x85, struct.pack("<IBBBB", start, state, 0, len(name) // 2, 1) + name)
        start += len(content)
    return head + listed + record(0x0A) + b"".join(sheets.values())


def container(streams: Mapping[str, bytes]) -> bytearray:
    """An OLE2 file of these streams, each long enough to have sectors of its own. Sector 0 on is the FAT."""
    padded = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    counts = {name: -(-len(data) // SECTOR) for name, data in padded.items()}
    directory_sectors = -(-(len(streams) + 1) // 4)
    total = directory_sectors + sum(counts.values())
    fat_sectors = -(-total // 126)
    fat = [FAT] * fat_sectors
    starts, at = {}, fat_sectors + directory_sectors
    fat += [*range(fat_sectors + 1, fat_sectors + directory_sectors), END]
    for name, count in counts.items():
        starts[name] = at
        fat += [*range(at + 1, at + count), END]
        at += count
    fat += [FREE] * (fat_sectors * 128 - len(fat))
    entries = _entry("Root Entry", 5, END, 0, child=1 if streams else FREE)
    for number, (name, data) in enumerate(padded.items(), start=1):
        entries += _entry(name, 2, starts[name], len(data), right=number + 1 if number < len(padded) else FREE)
    entries = entries.ljust(directory_sectors * SECTOR, b"\0")
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIII", fat_sectors, fat_sectors, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", *([*range(fat_sectors)] + [FREE] * (109 - fat_sectors)))
    body = b"".join(data.ljust(counts[name] * SECTOR, b"\0") for name, data in padded.items())
    return bytearray(header + struct.pack(f"<{len(fat)}I", *fat) + entries + body)


def _entry(name: str, kind: int, start: int, size: int, right: int = FREE, child: int = FREE) -> bytes:
    text = (name.encode("utf-16-le") + b"\0\0").ljust(64, b"\0")
    head = text + struct.pack("<HBB", len(name) * 2 + 2, kind, 1) + struct.pack("<III", FREE, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def old_workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> Path:
    """An .xls file with these sheets."""
    stream = book({name: sheet(rows) for name, rows in sheets.items()}, hidden)
    path.write_bytes(container({"Workbook": stream}))
    return path
