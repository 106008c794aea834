"""Builds the firm lists that offices send, as workbooks, with invented firms."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

REGISTER_HEADER = (
    "序号", "企业名称", "统一社会信用代码", "设区市", "县（市、区）", "地址", "所属行业", "从业人员数",
    "营业收入（万元）",
    "资质认证", "称号", "主要产品", "经营范围",
)  # fmt: skip
# Made for tests: the check character is right, the organisation does not exist.
USCC = "91320583MA00EXAM2N"
REGISTER_ROW = (
    1, "苏州示例精密机械有限公司", None, "苏州市", "昆山市", "江苏省昆山市示例路1号", "C3453", 120, 8600,
    "ISO 9001、IATF 16949", "专精特新", "谐波减速器、伺服电机", "减速器的研发、生产、销售；货物进出口",
)  # fmt: skip
RECOGNITION_HEADER = ("序号", "设区市", "县（市、区）", "企业名称", "主导产品")


def table(path: Path, *rows: Sequence[Any], title: Sequence[str] = (), notes: Sequence[str] = ()) -> Path:
    """A workbook with title rows merged over the table, the rows, and notes under it."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    width = max(len(row) for row in rows)
    for text in title:
        sheet.append([text])
        sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=width)
    for row in rows:
        sheet.append(list(row))
    for text in notes:
        sheet.append([text])
    book.save(path)
    return path


def register(path: Path, *rows: dict[str, Any]) -> Path:
    """A register: the standard row once for each of `rows`, with what it changes by header."""
    header = list(REGISTER_HEADER)
    extra = [name for row in rows for name in row if name not in header]
    header += list(dict.fromkeys(extra))
    standard = dict(zip(REGISTER_HEADER, REGISTER_ROW, strict=True))
    built = [[(standard | row | {"序号": n}).get(name) for name in header] for n, row in enumerate(rows, start=1)]
    return table(path, header, *built, title=("企业名录",))
