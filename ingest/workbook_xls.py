"""Looks over the records of an old Excel file before a parser may allocate for it (.xls 预扫描).

Layout after [MS-XLS]: a stream of records (type, length, content); a book part, then one part for each sheet.
"""

import struct
from collections.abc import Iterator

from ingest.limits import Limits
from ingest.refused import Refused
from ingest.sheet_scan import SheetMarks, check_grid
from ingest.sheets import place
from ingest.workbook_ole import Compound

_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _SUPBOOK = 0x809, 0x0A, 0x2F, 0x85, 0x1AE
_DIMENSIONS, _ROW, _COLINFO, _MERGED, _FORMULA, _BOOLERR, _MULRK = 0x200, 0x208, 0x7D, 0xE5, 0x06, 0x205, 0xBD
_CELLS = frozenset({0xFD, 0x203, 0x27E, 0x204, 0xD6, _BOOLERR, _FORMULA, _MULRK})
_BIFF8 = 0x600
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}

Record = tuple[int, bytes]


def scan_xls(data: bytes, limits: Limits) -> list[SheetMarks]:
    """The marks of every worksheet in the book's order.

    Raises Refused: broken or cyclic container, no workbook in it, passwords, macros, links, sizes.
    """
    container = Compound(data)
    names = container.names
    stream = next((name for name in ("Workbook", "Book") if name in names), None)
    if "EncryptedPackage" in names:
        raise Refused("file.encrypted", "文件设有打开密码。请在 Excel 中取消密码后另存, 再重新上传。")
    if stream is None:
        raise Refused("file.not_a_workbook", "文件里没有 Excel 工作簿。请用 Excel 或 WPS 另存为 .xlsx 后重新上传。")
    if "_VBA_PROJECT_CUR" in names:
        raise Refused("file.macros", "文件含有宏。请另存为不含宏的 .xlsx 后重新上传。")
    book = container.stream(stream)
    if len(book) < 8 or struct.unpack_from("<H", book)[0] != _BOF:
        raise too_old()
    sheets = list(_sheets(book))
    if len(sheets) > limits.sheets:
        message = f"工作簿有 {len(sheets)} 个工作表, 上限是 {limits.sheets}。请拆分后分别上传。"
        raise Refused("file.too_many_sheets", message)
    marks, cells = [], 0
    for name, hidden, start in sheets:
        mark, rows, columns = _scan_sheet(name, hidden, book, start)
        cells += rows * columns
        check_grid(name, columns, cells, limits)
        if len(mark.merged or ()) > limits.merged_ranges:
            raise Refused("file.too_many_merges", f"工作表“{name}”的合并单元格太多。请取消合并后另存。", name)
        marks.append(mark)
    return marks


def too_old() -> Refused:
    """The refusal of a file from before Excel 5, which is a bare stream of records."""
    message = "这是 Excel 4.0 或更早的文件。请用 Excel 或 WPS 打开并另存为 .xlsx 后重新上传。"
    return Refused("file.old_xls", message)


def _records(book: bytes, start: int = 0) -> Iterator[Record]:
    while start + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, start)
        yield kind, book[start + 4 : start + 4 + length]
        start += 4 + length


def _sheets(book: bytes) -> Iterator[tuple[str, bool, int]]:
    version = struct.unpack_from("<H", book, 4)[0]
    for kind, content in _records(book):
        if kind == _FILEPASS:
            raise Refused("file.encrypted", "文件设有打开密码。请在 Excel 中取消密码后另存, 再重新上传。")
        if kind == _SUPBOOK and content[2:4] not in (b"\x01\x04", b"\x01\x3a"):
            message = "文件引用了别的文件的数据。请在 Excel「数据 - 编辑链接」中断开链接后另存, 再重新上传。"
            raise Refused("file.external_link", message)
        if kind == _BOUNDSHEET and len(content) >= 8 and content[5] == 0:
            yield _name(content, version), content[4] & 3 != 0, struct.unpack_from("<I", content)[0]
        if kind == _EOF:
            return


def _name(content: bytes, version: int) -> str:
    if version < _BIFF8:
        return content[7:].decode("gb18030", "replace")
    return content[8:].decode("utf-16-le" if content[7] & 1 else "latin-1", "replace")


def _scan_sheet(name: str, hidden: bool, book: bytes, start: int) -> tuple[SheetMarks, int, int]:
    mark = SheetMarks(name, hidden, merged=[])
    rows = columns = depth = 0
    for kind, content in _records(book, start):
        # A chart inside a sheet is a part of its own, with its own cells.
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            break
        if depth > 1 or len(content) < 4:
            continue
        if kind in _CELLS:
            row, column = struct.unpack_from("<HH", content)
            last = struct.unpack_from("<H", content, len(content) - 2)[0] if kind == _MULRK else column
            rows, columns = max(rows, row + 1), max(columns, last + 1, column + 1)
            if error := _error(kind, content):
                mark.errors.append((place(row, column), error))
        elif kind == _DIMENSIONS and len(content) >= 12:
            # A parser may reserve what the file declares.
            _, last_row, _, last_column = struct.unpack_from("<IIHH", content)
            rows, columns = max(rows, last_row), max(columns, last_column)
        elif kind == _ROW and len(content) >= 16 and content[12] & 0x20:
            mark.hidden_rows.append(struct.unpack_from("<H", content)[0])
        elif kind == _COLINFO and len(content) >= 10 and content[8] & 1:
            first, last = struct.unpack_from("<HH", content)
            mark.hidden_columns.extend(range(first, min(last, 255) + 1))
        elif kind == _MERGED and mark.merged is not None:
            for at in range(2, len(content) - 7, 8):
                first_row, last_row, first, last = struct.unpack_from("<HHHH", content, at)
                mark.merged.append((first_row, first, last_row, last))
    return mark, rows, columns


def _error(kind: int, content: bytes) -> str | None:
    if kind == _BOOLERR and len(content) >= 8 and content[7]:
        return _ERRORS.get(content[6], "#?")
    if kind == _FORMULA and len(content) >= 14 and content[12:14] == b"\xff\xff" and content[6] == 2:
        return _ERRORS.get(content[8], "#?")
    return None
