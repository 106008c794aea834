"""The child process that parses one file (解析子进程): `python -m ingest.workbook_worker FILE FORM LIMITS`.

ADR: a parser of hostile files is a program that can be killed, not a function. Memory and processor time
are limited by the kernel where it can (RLIMIT_AS, RLIMIT_CPU); the parent holds the wall clock. The answer
is JSON lines on stdout: {"sheet": …} and its {"rows": […]} in pieces, then {"end": …}; or {"code": …} and a
message. Imports are kept few and late: the start takes 0.2 s, and a file that a guard refuses costs no parser.
"""

import contextlib
import datetime as dt
import itertools
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ingest.archive import Archive
from ingest.limits import Limits
from ingest.refused import Refused
from ingest.sheet_scan import SheetMarks, scan

MEMORY = "解析这个文件需要的内存超过上限。请删去空白的行、列后另存, 再重新上传。"
_ROWS_A_PIECE = 500
Message = dict[str, Any]


def main(arguments: list[str]) -> int:
    """Parse the file named first, whose form is named second, under limits (JSON); print the answer."""
    path, form, limits = Path(arguments[0]), arguments[1], Limits(**json.loads(arguments[2]))
    limit_itself(limits)
    try:
        for message in _FORMS[form](path, limits):
            _say(message)
        _say({"end": True})
    except Refused as refused:
        _say({key: getattr(refused, key) for key in ("code", "message", "sheet", "row", "value")})
    except MemoryError:
        _say({"code": "file.parser.memory", "message": MEMORY})
    return 0


def _say(message: Message) -> None:
    sys.stdout.buffer.write(json.dumps(message, ensure_ascii=False).encode("utf-8", errors="replace") + b"\n")


def limit_itself(limits: Limits) -> None:
    """Let the kernel hold this process to `limits`, where it can."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's clock still holds.
        return
    for what, limit in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.answer_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS refuses RLIMIT_AS
            resource.setrlimit(what, (limit, limit))


def _zip(path: Path, limits: Limits) -> Iterator[Message]:
    archive = Archive(path, limits)
    archive.check()
    again = Archive(path, limits)
    if "content.xml" in again.names and "xl/workbook.xml" not in again.names:
        from ingest.workbook_ods import MIME, scan_ods

        if again.read("mimetype").startswith(MIME):
            yield {"form": "ods"}
            yield from _book(path, scan_ods(again, limits), limits)
            return
    yield {"form": "xlsx"}
    yield from _book(path, scan(again, limits), limits)


def _ole(path: Path, limits: Limits) -> Iterator[Message]:
    from ingest.workbook_xls import scan_xls

    yield {"form": "xls"}
    yield from _book(path, scan_xls(path.read_bytes(), limits), limits)


def _book(path: Path, marks: list[SheetMarks], limits: Limits) -> Iterator[Message]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    text = _TextCount(limits)
    try:
        # By content: given a path, the parser would go by the extension.
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            shown = {meta.name for meta in book.sheets_metadata if meta.visible is SheetVisibleEnum.Visible}
            for mark in marks:
                hidden = mark.hidden or mark.name not in shown
                sheet = None if hidden else book.get_sheet_by_name(mark.name)
                merged = mark.merged
                if sheet is not None and merged is None:
                    merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or []]
                height = sheet.total_height if sheet is not None else 0
                _check_merged(mark.name, merged or [], height, limits)
                yield {"sheet": asdict(mark) | {"hidden": hidden, "merged": [] if hidden else merged or []}}
                if sheet is not None:
                    rows = ([_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False))
                    yield from _pieces(text.counted(mark.name, rows))
    except CalamineError as error:
        message = f"工作簿不能读取({str(error)[:80]})。请用 Excel 打开并另存后重新上传。"
        raise Refused("file.workbook_broken", message) from None


def _check_merged(name: str, merged: list[tuple[int, int, int, int]], height: int, limits: Limits) -> None:
    if sum(max(min(last, height - 1) - first + 1, 0) for first, _, last, _ in merged) > limits.merged_rows:
        raise Refused("file.too_many_merges", f"工作表“{name}”的合并单元格太大。请取消合并后另存。", name)


def _csv(path: Path, limits: Limits) -> Iterator[Message]:
    from ingest.csvfile import decoded, rows_of

    text, encoding = decoded(path.read_bytes())
    said = {"gb18030": "GB18030", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}.get(encoding)
    yield {"form": "csv"}
    yield {"sheet": {"name": None, "notes": [f"按 {said} 编码读取。"] if said else []}}
    yield from _pieces(rows_of(text, limits))


def _pdf(path: Path, limits: Limits) -> Iterator[Message]:
    from ingest.pdf_tables import read_pdf

    yield {"form": "pdf"}
    for number, table in enumerate(read_pdf(path, limits), start=1):
        pages = str(table.first_page) + (f"-{table.last_page}" if table.last_page > table.first_page else "")
        yield {"sheet": {"name": f"第 {pages} 页表 {number}", "merged": table.merged}}
        yield from _pieces(table.rows)


_FORMS = {"zip": _zip, "ole": _ole, "csv": _csv, "pdf": _pdf}


def _pieces(rows: Iterable[list[Any]]) -> Iterator[Message]:
    each = iter(rows)
    while piece := list(itertools.islice(each, _ROWS_A_PIECE)):
        yield {"rows": piece}


class _TextCount:
    """Counts the text of a book: one shared string can be used a million times."""

    def __init__(self, limits: Limits) -> None:
        self._limit, self._seen = limits.text_chars, 0

    def counted(self, sheet: str, rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
        """The rows as they are. Raises Refused where the book's text is too much."""
        for row in rows:
            self._seen += sum(len(cell) for cell in row if isinstance(cell, str))
            if self._seen > self._limit:
                raise Refused("file.too_much_text", f"工作表“{sheet}”的文字太多。请拆分后分别上传。", sheet)
            yield row


def _cell(value: Any) -> Any:
    if isinstance(value, dt.date):  # a datetime is one too
        return {"date": value.isoformat()[:10]}
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value if isinstance(value, str | int | float | bool) else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
