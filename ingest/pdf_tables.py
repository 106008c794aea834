"""Reads the ruled tables of a text PDF (PDF 表格); one that goes on over pages becomes one sheet again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pdfplumber

from ingest.limits import Limits
from ingest.pdf_guard import check_bytes, check_document
from ingest.refused import Refused

# Points: rules drawn twice and edges on two pages differ by less.
_SAME_EDGE = 3.0
# Finding the cells of a page compares its rules with one another: a drawing of 90,000 would take minutes.
_MOST_RULES = 20_000
_BETWEEN_IDEOGRAPHS = re.compile(r"(?<=[⺀-鿿＀-￯、。])\n|\n(?=[⺀-鿿＀-￯、。])")


@dataclass(slots=True)
class PdfTable:
    """A table as its pages show it. `edges` are the left edges of its columns in points; pages count from 1."""

    first_page: int
    last_page: int
    edges: tuple[float, ...]
    rows: list[list[str | None]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def read_pdf(path: Path, limits: Limits) -> list[PdfTable]:
    """The tables of the file in reading order.

    Raises Refused: `file.encrypted`, `file.pdf.active`, `.too_many_pages`, `.too_complex`, `.broken`, `.scanned`
    (no text), `.no_table`.
    """
    try:
        check_bytes(path)
        tables, letters, pages = _tables(path, limits)
    except (Refused, MemoryError):
        raise
    except Exception as error:
        # pdfminer raises whatever the broken object makes Python raise; all of it means the same to the user.
        message = f"PDF 已损坏或不规范, 不能读取({type(error).__name__})。请重新导出, 或上传 Excel 表格。"
        raise Refused("file.pdf.broken", message) from None
    if not pages:
        raise Refused("file.pdf.broken", "PDF 里没有页面。请重新导出, 或上传 Excel 表格。")
    if not letters:
        message = "PDF 是扫描件或图片, 没有文字, 不能读取。请上传原始的 Excel 或 Word 导出的 PDF。"
        raise Refused("file.pdf.scanned", message)
    if not tables:
        raise Refused("file.pdf.no_table", "PDF 里没有带框线的表格。请上传 Excel 或 CSV 表格。")
    return tables


def _tables(path: Path, limits: Limits) -> tuple[list[PdfTable], int, int]:
    """The tables, and how many letters and pages there are."""
    found: list[PdfTable] = []
    letters = cells = 0
    # One page more than allowed is enough to know.
    with pdfplumber.open(path, pages=list(range(1, limits.pdf_pages + 2))) as pdf:
        check_document(pdf, limits)
        for number, page in enumerate(pdf.pages, start=1):
            letters += len(page.chars)
            if len(page.rects) + len(page.lines) + len(page.curves) > _MOST_RULES:
                message = f"PDF 第 {number} 页的线条太多, 不像是表格。请只保留表格所在的页, 或上传 Excel 表格。"
                raise Refused("file.pdf.too_complex", message)
            for position, table in enumerate(page.find_tables()):
                read = _read(table, number)
                cells += sum(map(len, read.rows))
                if cells > limits.cells:
                    raise Refused("file.grid_too_large", f"单元格超过 {limits.cells} 个。请拆分后分别上传。")
                if position == 0 and found and _goes_on(found[-1], read, number):
                    _join(found[-1], read)
                elif any(cell for row in read.rows for cell in row):
                    found.append(read)
            page.close()
        return found, letters, len(pdf.pages)


def _read(table: Any, page: int) -> PdfTable:
    rows = [[_text(cell) for cell in row] for row in table.extract()]
    edges = tuple(sorted({round(cell[0], 1) for row in table.rows for cell in row.cells if cell}))
    return PdfTable(page, page, edges, rows, list(_merged(table)))


def _text(cell: str | None) -> str | None:
    # A line break inside a cell is where the column was too narrow: nothing in Chinese, a space between words.
    text = _BETWEEN_IDEOGRAPHS.sub("", cell.strip()).replace("\n", " ") if cell else ""
    return text or None


def _merged(table: Any) -> Iterator[tuple[int, int, int, int]]:
    """The cells that reach over more than one row or column, by their edges."""
    bottoms = [row.bbox[3] for row in table.rows]
    lefts = [min((cell[0] for cell in column if cell), default=None) for column in zip(*_boxes(table), strict=False)]
    for r, row in enumerate(table.rows):
        for c, cell in enumerate(row.cells):
            if not cell:
                continue
            down = sum(1 for bottom in bottoms[r + 1 :] if bottom <= cell[3] + _SAME_EDGE)
            right = sum(1 for left in lefts[c + 1 :] if left is not None and left < cell[2] - _SAME_EDGE)
            if down or right:
                yield r, c, r + down, c + right


def _boxes(table: Any) -> list[list[Any]]:
    return [list(row.cells) for row in table.rows]


def _goes_on(before: PdfTable, table: PdfTable, page: int) -> bool:
    """Whether the first table of a page is the rest of the last one of the page before."""
    if before.last_page != page - 1 or len(before.rows[0]) != len(table.rows[0]):
        return False
    if before.rows[0] == table.rows[0]:
        return True
    return len(before.edges) == len(table.edges) and all(
        abs(a - b) <= _SAME_EDGE for a, b in zip(before.edges, table.edges, strict=True)
    )


def _join(before: PdfTable, table: PdfTable) -> None:
    repeated = 1 if table.rows[0] == before.rows[0] else 0
    shift = len(before.rows) - repeated
    before.rows += table.rows[repeated:]
    before.merged += [(a + shift, b, c + shift, d) for a, b, c, d in table.merged if a >= repeated]
    before.last_page = table.last_page
