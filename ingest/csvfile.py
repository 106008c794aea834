"""Reads CSV whatever program wrote it (CSV 编码识别): UTF-8, UTF-8 with BOM, UTF-16, GB18030.

ADR: GB18030 is read, not refused: it is what Excel writes in China. It gives a meaning to nearly any bytes,
so a UTF-8 file with one broken byte would come out as nonsense. A file that begins as UTF-8 Chinese is
therefore never tried as GB18030; its broken byte is named.
"""

import codecs
import csv
import io
import re
from pathlib import Path

from ingest.faults import Fault, RefusedFile
from ingest.limits import DEFAULT, Limits
from ingest.sheets import Sheet

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SURELY_UTF8 = re.compile(r"[一-鿿].*[一-鿿].*[一-鿿]", re.DOTALL)
_DELIMITERS = ",\t;"


def read_csv(path: Path, limits: Limits = DEFAULT) -> tuple[Sheet, ...]:
    """The one sheet of a CSV file. Raises RefusedFile with the byte and the row that cannot be read."""
    data = path.read_bytes()
    text = _decode(path, data)
    lines = io.StringIO(text, newline="")
    rows: list[tuple[str | None, ...]] = []
    cells = 0
    try:
        for record in csv.reader(lines, delimiter=_delimiter(text), strict=True):
            cells += len(record)
            if cells > limits.cells:
                message = f"单元格超过 {limits.cells} 个。请拆分后分别上传。"
                raise RefusedFile([Fault(path.name, "file.grid_too_large", message, row=len(rows) + 1)])
            rows.append(tuple(cell if cell.strip() else None for cell in record))
    except csv.Error as error:
        message = f"引号没有成对或单元格太长({error})。请检查这一行的引号后重新上传。"
        raise RefusedFile([Fault(path.name, "file.csv.broken", message, row=len(rows) + 1)]) from None
    return (Sheet(None, tuple(rows)),)


def _decode(path: Path, data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(path, data, encoding, len(bom))
    if b"\0" in data:
        # Text of a table has ASCII commas; in UTF-16 each of them has its NUL on one side.
        little = data[1::2].count(0) >= data[0::2].count(0)
        return _strict(path, data, "utf-16-le" if little else "utf-16-be", 0)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _SURELY_UTF8.search(data[: error.start].decode("utf-8")):
            raise _unreadable(path, data, error.start, "UTF-8") from None
    return _strict(path, data, "gb18030", 0)


def _strict(path: Path, data: bytes, encoding: str, skip: int) -> str:
    try:
        return data[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(path, data, error.start + skip, encoding.upper()) from None


def _unreadable(path: Path, data: bytes, at: int, encoding: str) -> RefusedFile:
    row = data.count(b"\n", 0, at) + 1
    message = (
        f"第 {at + 1} 个字节 0x{data[at]:02X} 按 {encoding} 不能解读, 也不是其他中文编码。"
        "请用 Excel 打开原文件, 另存为“CSV UTF-8”后重新上传。"
    )
    return RefusedFile([Fault(path.name, "file.csv.encoding", message, row=row, value=f"0x{data[at]:02X}")])


def _delimiter(text: str) -> str:
    head = text[:4096]
    return max(_DELIMITERS, key=head.count)
