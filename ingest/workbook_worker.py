"""The child process that parses one workbook (解析子进程): `python -m ingest.workbook_worker FILE LIMITS`.

ADR: a parser of hostile files is a program that can be killed, not a function. Memory and processor time
are limited by the kernel where it can (RLIMIT_AS, RLIMIT_CPU); the parent holds the wall clock. The answer
is JSON on stdout: the sheets, or a code and a message. Imports are kept few: the start takes 0.2 s.
"""

import datetime as dt
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ingest.archive import Archive, Refused
from ingest.limits import Limits
from ingest.sheet_scan import SheetMarks, scan


def main(arguments: list[str]) -> int:
    """Parse the file named first under the limits named second (JSON); print the answer."""
    path, limits = Path(arguments[0]), Limits(**json.loads(arguments[1]))
    _limit_itself(limits)
    try:
        answer = json.dumps({"sheets": list(_sheets(path, limits))}, ensure_ascii=False)
    except Refused as refused:
        answer = json.dumps({"code": refused.code, "message": refused.message, "sheet": refused.sheet})
    except MemoryError:
        answer = json.dumps({"code": "file.parser.memory", "message": MEMORY})
    sys.stdout.buffer.write(answer.encode("utf-8", errors="replace"))
    return 0


MEMORY = "解析这个文件需要的内存超过上限。请删去空白的行、列后另存, 再重新上传。"


def _limit_itself(limits: Limits) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's clock still holds.
        return
    for what, limit in ((resource.RLIMIT_AS, limits.memory_bytes), (resource.RLIMIT_CPU, limits.cpu_seconds)):
        try:
            resource.setrlimit(what, (limit, limit))
        except (ValueError, OSError):  # macOS refuses RLIMIT_AS
            continue


def _sheets(path: Path, limits: Limits) -> Iterator[dict[str, Any]]:
    archive = Archive(path, limits)
    archive.check()
    marks = scan(Archive(path, limits), limits)
    # Imported late, so that a file that the guard refuses costs no parser.
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            for mark in marks:
                yield asdict(mark) | ({"rows": [], "merged": []} if mark.hidden else _content(book, mark, limits))
    except CalamineError as error:
        message = f"工作簿不能读取({str(error)[:80]})。请用 Excel 打开并另存后重新上传。"
        raise Refused("file.workbook_broken", message) from None


def _content(book: Any, mark: SheetMarks, limits: Limits) -> dict[str, Any]:
    sheet = book.get_sheet_by_name(mark.name)
    rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    if sum(len(c) for row in rows for c in row if isinstance(c, str)) > limits.text_chars:
        raise Refused("file.too_much_text", f"工作表“{mark.name}”的文字太多。请拆分后分别上传。", mark.name)
    return {"rows": rows, "merged": [[*first, *last] for first, last in sheet.merged_cell_ranges or []]}


def _cell(value: Any) -> Any:
    if isinstance(value, dt.date):  # a datetime is one too
        return {"date": value.isoformat()[:10]}
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value if isinstance(value, str | int | float | bool) else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
