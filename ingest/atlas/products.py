"""Product tables (产品词库): one TSV a chain, one product a line, with the words of its trade.

Columns, named in the first line: product, link, synonyms, description, confused_with, standards, certificates,
unit; several values are joined by 、. The key of a product is its name, which is unique in the whole atlas.
"""

import unicodedata
from pathlib import Path

from graph.model import Product, stable_id
from ingest.faults import Fault, shown, size_fault

COLUMNS = ("product", "link", "synonyms", "description", "confused_with", "standards", "certificates", "unit")
_MAX_BYTES = 8 * 2**20


def product_key(name: str) -> str:
    """The key of the product called `name`: width, case and spaces do not matter."""
    return stable_id("product", spelt(name))


def spelt(name: str) -> str:
    """`name` in one spelling, to compare names by."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def read_products(path: Path) -> tuple[list[tuple[int, Product]], list[Fault]]:
    """The products of the table with their row (from 1), and the faults of its form."""
    if fault := size_fault(path, _MAX_BYTES):
        return [], [fault]
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return [], [Fault(path.name, "product.not_utf8", "不是 UTF-8 文字。请另存为 UTF-8 后重试。")]
    if not lines or tuple(lines[0].split("\t")) != COLUMNS:
        message = f"第一行应为列名: {' '.join(COLUMNS)}(以制表符分隔)。请补上。"
        return [], [Fault(path.name, "product.header", message, row=1, value=shown(lines[0] if lines else ""))]
    products, faults = [], []
    for row, line in enumerate(lines[1:], start=2):
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(COLUMNS):
            message = f"有 {len(cells)} 列, 应有 {len(COLUMNS)} 列。请检查制表符。"
            faults.append(Fault(path.name, "product.columns", message, row=row, value=shown(line)))
            continue
        name, link, synonyms, description, confused, standards, certificates, unit = cells
        products.append(
            (
                row,
                Product(
                    product_key(name),
                    name,
                    link,
                    _words(synonyms),
                    description,
                    _words(confused),
                    _words(standards),
                    _words(certificates),
                    unit or None,
                ),
            )
        )
    return products, faults


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word for part in cell.split("、") if (word := part.strip()))
