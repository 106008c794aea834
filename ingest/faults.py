"""What is wrong with a file (问题清单): one `Fault` a finding, with the place and the mend."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


class IngestError(Exception):
    """Base of every error of this package. `code` is dotted and stable, the message is for the user."""

    code = "ingest.failed"


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding. `row` counts from 1 as a spreadsheet shows it, `column` is the header or the letter."""

    file: str
    code: str
    message: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        where = f"工作表“{self.sheet}” " if self.sheet else ""
        if self.row is not None:
            where += f"第 {self.row} 行"
        if self.column:
            where += f"「{self.column}」"
        return f"{self.file}: {where.strip()}{': ' if where else ''}{self.message} ({self.code})"


class RefusedFile(IngestError):
    """The file is refused as a whole and nothing of it is kept. `faults` holds every finding, in order."""

    code = "ingest.refused_file"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        if len(self.faults) == 1:
            self.code = self.faults[0].code
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """What a tolerant reader made of a file: `rows_read == len(items) + len(faults)`, one fault a bad row."""

    items: tuple[T, ...]
    faults: tuple[Fault, ...]
    rows_read: int


SHOWN = 40


def shown(value: object) -> str:
    """`value` as a message quotes it: one line, shortened, control characters made visible."""
    text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in str(value))
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def size_fault(path: Path, limit: int) -> Fault | None:
    """The fault of a file that is missing or larger than `limit` bytes; None where it can be read."""
    if not path.is_file():
        return Fault(path.name, "file.missing", f"找不到文件 {path}。请检查路径后重试。")
    size = path.stat().st_size
    if size > limit:
        message = f"文件有 {size / 2**20:.1f} MiB, 上限是 {limit / 2**20:.0f} MiB。请拆分后分别上传。"
        return Fault(path.name, "file.too_large", message, value=str(size))
    return None
