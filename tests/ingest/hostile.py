"""Makes hostile and broken files by script, each with what must become of it.

A `Case` is refused with one of its codes, or, where the file is harmless, read; then `cell` must be among its cells.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MIB = 2**20
HEAD = [["序号", "物料名称", "需求数量"], [1, "不锈钢板", 300]]


@dataclass(frozen=True)
class Case:
    """One file: its name, how it is made at a path, the codes that may refuse it, or a cell that must be read."""

    name: str
    make: Callable[[Path], object]
    codes: frozenset[str] = frozenset()
    cell: object = None


def refused(name: str, make: Callable[[Path], object], *codes: str) -> Case:
    """A file that one of the codes must refuse."""
    return Case(name, make, frozenset(codes))


def read(name: str, make: Callable[[Path], object], cell: object = "不锈钢板") -> Case:
    """A harmless file that must be read, `cell` with it."""
    return Case(name, make, cell=cell)


def noise(size: int) -> bytes:
    """Bytes that no zip can shorten, so that the ratio of a bomb looks harmless."""
    return random.Random(1).randbytes(size)


def spoilt_at(make: Callable[[Path], object], start: float, size: int) -> Callable[[Path], object]:
    """Makes the file, then overwrites `size` bytes from the share `start` of its length on."""

    def spoilt(path: Path) -> None:
        make(path)
        data = bytearray(path.read_bytes())
        at = int(len(data) * start)
        data[at : at + size] = b"\xff" * size
        path.write_bytes(bytes(data))

    return spoilt


def of_bytes(data: bytes) -> Callable[[Path], object]:
    """Writes these bytes."""
    return lambda path: path.write_bytes(data)
