"""How much of an uploaded file is read (上限): beyond any of these it is refused before it is parsed."""

from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds. A sheet's cells are counted from A1, filled or not."""

    file_bytes: int = 20 * MIB
    members: int = 200
    inflated_bytes: int = 200 * MIB
    ratio: int = 100
    cells: int = 2_000_000
    merged_ranges: int = 20_000
    text_chars: int = 64 * MIB
    memory_bytes: int = 600 * MIB
    cpu_seconds: int = 12
    wall_seconds: int = 40


DEFAULT = Limits()
