"""The container of old Excel files (OLE2 复合文件): streams by name, every chain of sectors followed under guard.

Layout after [MS-CFB]: a header, a table of sectors (FAT) in which each entry names the next sector of its chain,
and a directory. A damaged or hostile file lets a chain run in a circle, which other parsers follow until memory ends.
"""

import struct
from array import array
from collections.abc import Iterator

from ingest.refused import Refused

_LAST_CHAIN = 0xFFFFFFFA
_STREAM, _ROOT = 2, 5


class Compound:
    """The streams of an OLE2 file. Raises Refused (`file.xls.broken`) for chains that break off or run in circles."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            shift, mini_shift = struct.unpack_from("<HH", data, 30)
            fat_count, directory = struct.unpack_from("<I", data, 44)[0], struct.unpack_from("<I", data, 48)[0]
            self._cutoff, mini_fat = struct.unpack_from("<II", data, 56)
            difat, difat_count = struct.unpack_from("<II", data, 68)
        except struct.error:
            raise _broken() from None
        if shift not in (9, 12) or mini_shift != 6:
            raise _broken()
        self._size = 1 << shift
        self._fat = self._table(self._fat_sectors(difat, difat_count)[:fat_count])
        self._entries = {name: rest for name, *rest in self._directory(directory)}
        self._mini_fat = self._table(list(self._chain(mini_fat))) if mini_fat < _LAST_CHAIN else array("I")
        root = self._entries.get("/")
        self._mini = self._joined(root[1]) if root and root[1] < _LAST_CHAIN else b""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all streams and folders."""
        return tuple(self._entries)

    def stream(self, name: str) -> bytes:
        """The content of one stream. Raises Refused."""
        kind, start, size = self._entries[name]
        if kind != _STREAM:
            raise _broken()
        if size >= self._cutoff:
            return self._joined(start)[:size]
        return b"".join(self._mini[s * 64 : s * 64 + 64] for s in _follow(start, self._mini_fat))[:size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._data):
            raise _broken()
        return self._data[start : start + self._size]

    def _table(self, sectors: list[int]) -> "array[int]":
        table = array("I")
        for number in sectors:
            sector = self._sector(number)
            table.frombytes(sector[: len(sector) // 4 * 4])
        return table

    def _fat_sectors(self, difat: int, count: int) -> list[int]:
        sectors = [s for s in struct.unpack_from("<109I", self._data, 76) if s < _LAST_CHAIN]
        seen: set[int] = set()
        while difat < _LAST_CHAIN and len(seen) < count:
            if difat in seen:
                raise _broken()
            seen.add(difat)
            entries = array("I", self._sector(difat).ljust(self._size, b"\xff"))
            sectors += [s for s in entries[:-1] if s < _LAST_CHAIN]
            difat = entries[-1]
        if len(set(sectors)) < len(sectors):
            raise _broken()
        return sectors

    def _chain(self, start: int) -> Iterator[int]:
        return _follow(start, self._fat)

    def _joined(self, start: int) -> bytes:
        return b"".join(self._sector(s) for s in self._chain(start))

    def _directory(self, start: int) -> Iterator[tuple[str, int, int, int]]:
        data = self._joined(start)
        for at in range(0, len(data) - 127, 128):
            length, kind = struct.unpack_from("<HB", data, at + 64)
            first, size = struct.unpack_from("<II", data, at + 116)
            if kind == _ROOT:
                yield "/", kind, first, size
            elif kind:
                yield data[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace"), kind, first, size


def _follow(start: int, table: "array[int]") -> Iterator[int]:
    seen = bytearray(len(table))
    while start < _LAST_CHAIN:
        if start >= len(table) or seen[start]:
            raise _broken()
        seen[start] = 1
        yield start
        start = table[start]


def _broken() -> Refused:
    message = "旧版 Excel(.xls)文件的内部结构已损坏。请用 Excel 或 WPS 打开并另存为 .xlsx 后重新上传。"
    return Refused("file.xls.broken", message)
