"""Looks over the XML of an OpenDocument sheet before a parser may allocate for it (.ods 预扫描).

A cell or a row says how often it repeats, so that 100 bytes can ask for 2^31 cells.
"""

import io
from dataclasses import dataclass, field
from xml.etree import ElementTree

from ingest.archive import Archive
from ingest.limits import Limits
from ingest.refused import Refused
from ingest.sheet_scan import SheetMarks, check_grid
from ingest.sheets import place

MIME = b"application/vnd.oasis.opendocument.spreadsheet"
_T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
_CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
_LINKS = frozenset({f"{_T}table-source", f"{_T}cell-range-source", f"{_T}database-source-sql"})
_CELLS = frozenset({f"{_T}table-cell", f"{_T}covered-table-cell"})
# What LibreOffice itself can write: rows and columns of the largest sheet.
_MOST_ROWS = 2**20


def scan_ods(archive: Archive, limits: Limits) -> list[SheetMarks]:
    """The marks of every sheet. Raises Refused: passwords, links, sizes, broken XML."""
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Refused("file.encrypted", "文件设有打开密码。请取消密码后另存, 再重新上传。")
    scan = _Scan(limits)
    try:
        for event, element in ElementTree.iterparse(io.BytesIO(archive.read("content.xml")), ("start", "end")):
            if event == "start":
                scan.start(element)
            else:
                scan.end(element)
    except ElementTree.ParseError:
        raise Refused("file.workbook_broken", "工作簿内容已损坏。请用 WPS 或 LibreOffice 打开并另存。") from None
    return scan.marks


@dataclass(slots=True)
class _Scan:
    """Where the scan is: row and column count from 0, `used` is the last filled column of the sheet, plus one."""

    limits: Limits
    marks: list[SheetMarks] = field(default_factory=list)
    cells: int = 0
    row: int = 0
    column: int = 0
    columns_defined: int = 0
    used_rows: int = 0
    used: int = 0

    def start(self, element: ElementTree.Element) -> None:
        if element.tag in _LINKS:
            raise Refused("file.external_link", "文件引用了别的文件或网址的数据。请断开链接后另存, 再重新上传。")
        if element.tag == f"{_T}table":
            if len(self.marks) >= self.limits.sheets:
                message = f"工作表超过 {self.limits.sheets} 个。请拆分后分别上传。"
                raise Refused("file.too_many_sheets", message)
            self.marks.append(SheetMarks(element.get(f"{_T}name", ""), merged=[]))
            self.row = self.column = self.columns_defined = self.used = self.used_rows = 0
        elif element.tag == f"{_T}table-row":
            self.column = 0

    def end(self, element: ElementTree.Element) -> None:
        if not self.marks:
            return
        mark = self.marks[-1]
        hidden = element.get(f"{_T}visibility") in ("collapse", "filter")
        if element.tag in _CELLS:
            self._cell(element, mark)
        elif element.tag == f"{_T}table-row":
            repeat = self._repeat(element, "rows", _MOST_ROWS)
            if hidden:
                mark.hidden_rows.extend(range(self.row, min(self.row + repeat, self.row + 1000)))
            if self.used_rows > self.row:
                self.used_rows = self.row + repeat
            self.row += repeat
            self._check(mark)
            element.clear()
        elif element.tag == f"{_T}table-column":
            repeat = self._repeat(element, "columns", self.limits.columns)
            if hidden and self.columns_defined < self.limits.columns:
                mark.hidden_columns.extend(range(self.columns_defined, self.columns_defined + repeat))
            self.columns_defined += repeat
        elif element.tag == f"{_T}table":
            self.cells += self.used * self.used_rows
            mark.hidden_columns[:] = [c for c in mark.hidden_columns if c < self.used]
            element.clear()

    def _cell(self, element: ElementTree.Element, mark: SheetMarks) -> None:
        repeat = self._repeat(element, "columns", self.limits.columns)
        text = element.find(_TEXT)
        if text is not None or element.get(_OFFICE_TYPE):
            self.used, self.used_rows = max(self.used, self.column + repeat), self.row + 1
            if element.get(_CALC_TYPE) == "error" and text is not None:
                mark.errors.append((place(self.row, self.column), "".join(text.itertext())[:20]))
        down, right = self._spanned(element, "rows"), self._spanned(element, "columns")
        if (down > 1 or right > 1) and mark.merged is not None:
            mark.merged.append((self.row, self.column, self.row + down - 1, self.column + right - 1))
            if len(mark.merged) > self.limits.merged_ranges:
                message = f"工作表“{mark.name}”的合并单元格太多。请取消合并后另存。"
                raise Refused("file.too_many_merges", message, mark.name)
        self.column += repeat

    def _check(self, mark: SheetMarks) -> None:
        check_grid(mark.name, self.used, self.cells + self.used * self.used_rows, self.limits)

    def _repeat(self, element: ElementTree.Element, what: str, most: int) -> int:
        number = _whole(element.get(f"{_T}number-{what}-repeated"))
        if number > most:
            message = f"工作表“{self.marks[-1].name}”里有重复 {number} 次的行或列。请删除空白的行和列后另存。"
            raise Refused("file.grid_too_large", message, self.marks[-1].name)
        return number

    def _spanned(self, element: ElementTree.Element, what: str) -> int:
        return min(_whole(element.get(f"{_T}number-{what}-spanned")), _MOST_ROWS)


def _whole(text: str | None) -> int:
    return max(int(text), 1) if text and text.isascii() and text.isdigit() and len(text) < 20 else 1
