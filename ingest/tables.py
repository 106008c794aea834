"""Opens a table file by what it holds (打开表格): xlsx, xls, ods, CSV, or a PDF with ruled tables."""

from pathlib import Path

from ingest.faults import Fault, RefusedFile, size_fault
from ingest.limits import DEFAULT, Limits
from ingest.report_back import corrected
from ingest.sheets import Sheet
from ingest.workbook import read_sheets
from ingest.workbook_xls import too_old

_ZIP = b"PK\x03\x04"
_OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
_PDF = b"%PDF"
# The first member of an OpenDocument file, unpacked, says what it is.
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_SIGNS = ((_ZIP, "zip"), (_OLE2, "ole"), (_PDF, "pdf"))
# The first record of Excel 2, 3 and 4 files, which have no container.
_BEFORE_EXCEL_5 = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")
_EXTENSIONS = {"xlsx": (".xlsx", ".xlsm"), "xls": (".xls", ".et"), "ods": (".ods",), "pdf": (".pdf",)}
_TEXTS = (".csv", ".txt", ".tsv")
_TITLES = {"xlsx": "Excel 工作簿(.xlsx)", "xls": "旧版 Excel 工作簿(.xls)", "ods": "OpenDocument 表格", "pdf": "PDF"}
_KNOWN = frozenset(_TEXTS).union(*_EXTENSIONS.values())


def open_sheets(path: Path, limits: Limits = DEFAULT) -> tuple[Sheet, ...]:
    """The sheets of a table file, by its content; the extension must agree. Raises RefusedFile.

    A table in a PDF is a sheet named after its pages, joined where it goes on over the next page. Of a report of
    ours that comes back corrected, only the rejected rows are given.
    """
    if fault := size_fault(path, limits.file_bytes):
        raise RefusedFile([fault])
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        raise RefusedFile([Fault(path.name, "file.empty", "文件是空的(0 字节)。请重新导出后上传。")])
    suffix = path.suffix.lower()
    sign = next((form for sign, form in _SIGNS if start.startswith(sign)), None)
    if sign is None:
        if fault := _no_text(path, suffix, start):
            raise RefusedFile([fault])
        return read_sheets(path, "csv", limits)[1]
    if fault := _named_otherwise(path, suffix, sign, start):
        raise RefusedFile([fault])
    form, sheets = read_sheets(path, sign, limits)
    if suffix in _KNOWN and suffix not in _EXTENSIONS[form]:
        raise RefusedFile([_mismatch(path, form)])
    return corrected(sheets)


def _no_text(path: Path, suffix: str, start: bytes) -> Fault | None:
    """The fault of a file that is none of the signed forms and cannot be CSV either."""
    if start.startswith(_BEFORE_EXCEL_5):
        old = too_old()
        return Fault(path.name, old.code, old.message)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        message = "内容是网页(HTML 或 XML), 不是表格文件。请用 Excel 或 WPS 打开并另存为 .xlsx 后重新上传。"
        return Fault(path.name, "file.markup", message)
    if suffix not in _TEXTS:
        message = "不是有效的 Excel 文件(不是 zip 压缩包)。请用 Excel 另存为 .xlsx 后重新上传。"
        return Fault(path.name, "file.not_a_zip", message)
    return None


def _named_otherwise(path: Path, suffix: str, sign: str, start: bytes) -> Fault | None:
    """What can be said of the name before the file is parsed; an OLE2 file named .xlsx may be a locked xlsx."""
    form = {"zip": "ods" if _OPEN_DOCUMENT in start else "xlsx", "ole": "xls", "pdf": "pdf"}[sign]
    if suffix in _TEXTS or (suffix in _KNOWN and (sign == "pdf") != (suffix == ".pdf")):
        return _mismatch(path, form)
    return None


def _mismatch(path: Path, form: str) -> Fault:
    mend = f"内容是{_TITLES[form]}, 请把扩展名改为 {_EXTENSIONS[form][0]} 后重新上传。"
    return Fault(path.name, "file.type_mismatch", f"扩展名是 {path.suffix or '空'}, 但{mend}")
