"""How much of an uploaded file is read (上限): beyond any of these it is refused before it is parsed."""

from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds. A sheet's cells are counted from A1, filled or not.

    `merged_rows` is the height of all merged ranges of a sheet together. A sheet of Excel has 16,384 columns.
    """

    file_bytes: int = 20 * MIB
    members: int = 200
    inflated_bytes: int = 200 * MIB
    ratio: int = 100
    sheets: int = 200
    cells: int = 2_000_000
    columns: int = 16_384
    merged_ranges: int = 20_000
    merged_rows: int = 2_000_000
    text_chars: int = 64 * MIB
    pdf_pages: int = 100
    answer_bytes: int = 512 * MIB
    memory_bytes: int = 600 * MIB
    cpu_seconds: int = 12
    wall_seconds: int = 40


DEFAULT = Limits()
