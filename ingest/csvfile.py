"""Reads CSV whatever program wrote it (CSV 编码识别): UTF-8, UTF-8 with BOM, UTF-16, GB18030.

ADR: GB18030 is read, not refused: it is what Excel writes in China. It gives a meaning to nearly any bytes,
so a UTF-8 file with one broken byte would come out as nonsense. A file that begins as UTF-8 Chinese is
therefore never tried as GB18030; its broken byte is named. Runs in the child process only.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from ingest.limits import Limits
from ingest.refused import Refused

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SURELY_UTF8 = re.compile(r"[一-鿿].*[一-鿿].*[一-鿿]", re.DOTALL)
_DELIMITERS = ",\t;"
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_AGAIN = "请用 Excel 打开原文件, 另存为“CSV UTF-8”后重新上传。"


def decoded(data: bytes) -> tuple[str, str]:
    """The text of the file and the name of its encoding. Raises Refused with the byte and the row that is wrong."""
    text, encoding = _decode(data)
    if not text.strip("\ufeff \t\r\n"):
        raise Refused("file.empty", "文件里没有内容。请重新导出后上传。")
    if odd := _NOT_TEXT.search(text):
        row = text.count("\n", 0, odd.start()) + 1
        message = f"含有控制字符 0x{ord(odd[0]):02X}, 不是文本文件。{_AGAIN}"
        raise Refused("file.csv.not_text", message, row=row, value=f"0x{ord(odd[0]):02X}")
    return text, encoding


def rows_of(text: str, limits: Limits) -> Iterator[list[str | None]]:
    """The rows of the text, blank cells as None. Raises Refused: quotes that do not pair, too many cells."""
    cells = row = 0
    try:
        for row, record in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        ):
            cells += len(record)
            if cells > limits.cells or len(record) > limits.columns:
                message = f"单元格超过 {limits.cells} 个, 或一行超过 {limits.columns} 列。请拆分后分别上传。"
                raise Refused("file.grid_too_large", message, row=row + 1)
            yield [cell if cell.strip() else None for cell in record]
    except csv.Error as error:
        message = f"引号没有成对或单元格太长({error})。请检查这一行的引号后重新上传。"
        raise Refused("file.csv.broken", message, row=row + 2 if cells else 1) from None


def _decode(data: bytes) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding, len(bom)), encoding
    if encoding := _utf16(data):
        return _strict(data, encoding, 0), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if _SURELY_UTF8.search(data[: error.start].decode("utf-8")):
            raise _unreadable(data, error.start, "UTF-8") from None
    return _strict(data, "gb18030", 0), "gb18030"


def _utf16(data: bytes) -> str:
    """The kind of UTF-16 without its mark that the bytes are, "" for none.

    The commas and line ends of a table each have a NUL on one side; bytes with a stray NUL decode to neither.
    """
    if len(data) % 2 or b"\0" not in data:
        return ""
    encoding = "utf-16-le" if data[1::2].count(0) >= data[0::2].count(0) else "utf-16-be"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return ""
    return encoding if re.search(rf"[{_DELIMITERS}\n]", text) and not _NOT_TEXT.search(text) else ""


def _strict(data: bytes, encoding: str, skip: int) -> str:
    try:
        return data[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(data, error.start + skip, encoding.upper()) from None


def _unreadable(data: bytes, at: int, encoding: str) -> Refused:
    row = data.count(b"\n", 0, at) + 1
    message = f"第 {at + 1} 个字节 0x{data[at]:02X} 按 {encoding} 不能解读, 也不是其他中文编码。{_AGAIN}"
    return Refused("file.csv.encoding", message, row=row, value=f"0x{data[at]:02X}")


def _delimiter(text: str) -> str:
    head = text[:4096]
    return max(_DELIMITERS, key=head.count)
