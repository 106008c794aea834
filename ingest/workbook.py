"""Reads a table file in a child process under limits (受限读取), whatever its form."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from ingest.faults import Fault, RefusedFile
from ingest.limits import DEFAULT, Limits
from ingest.sheets import Sheet, cell_of
from ingest.workbook_worker import MEMORY

_TIME = "解析这个文件用时超过上限。请删去空白的行、列后另存, 再重新上传。"
_PROJECT = Path(__file__).resolve().parent.parent


def read_sheets(path: Path, form: str, limits: Limits = DEFAULT) -> tuple[str, tuple[Sheet, ...]]:
    """The form that the content shows (xlsx, xls, ods, csv, pdf), and every sheet, hidden ones without content.

    `form` is what the first bytes show: zip, ole, csv or pdf. Raises RefusedFile.
    """
    # On disk and not in a pipe, so that a large answer is held once and in pieces.
    with tempfile.TemporaryFile() as answer:
        if death := _run_child(path, form, limits, answer):
            raise RefusedFile([Fault(path.name, *death)])
        answer.seek(0)
        return _sheets_of(path, answer)


def _sheets_of(path: Path, answer: IO[bytes]) -> tuple[str, tuple[Sheet, ...]]:
    form, sheets, ended = "", [], False
    marks: dict[str, Any] | None = None
    rows: list[tuple[Any, ...]] = []
    for message in map(json.loads, answer):
        if "code" in message:
            raise RefusedFile([_fault(path, message)])
        form, ended = message.get("form", form), "end" in message
        rows += (tuple(map(cell_of, row)) for row in message.get("rows", ()))
        if marks is not None and (ended or "sheet" in message):
            sheets.append(_sheet(marks, rows))
            rows = []
        marks = message.get("sheet", marks)
    if not ended:
        raise RefusedFile([Fault(path.name, "file.parser.failed", "解析程序没有答完。请重新上传。")])
    return form, tuple(sheets)


def _sheet(marks: dict[str, Any], rows: list[tuple[Any, ...]]) -> Sheet:
    width = max(map(len, rows), default=0)
    return Sheet(
        name=marks["name"],
        hidden=marks.get("hidden", False),
        rows=tuple(rows),
        merged=tuple((a, b, c, d) for a, b, c, d in marks.get("merged", ())),
        errors=dict(map(tuple, marks.get("errors", ()))),
        uncomputed=frozenset(marks.get("uncomputed", ())),
        hidden_rows=frozenset(r for r in marks.get("hidden_rows", ()) if r < len(rows)),
        hidden_columns=frozenset(c for c in marks.get("hidden_columns", ()) if c < width),
        notes=tuple(marks.get("notes", ())),
    )


def _fault(path: Path, message: dict[str, Any]) -> Fault:
    where = {key: message.get(key) for key in ("sheet", "row", "value")}
    return Fault(path.name, message["code"], message["message"], **where)


def _run_child(path: Path, form: str, limits: Limits, answer: IO[bytes]) -> tuple[str, str] | None:
    command = [sys.executable, "-m", "ingest.workbook_worker", str(path.resolve()), form, json.dumps(asdict(limits))]
    search = os.pathsep.join(filter(None, (str(_PROJECT), os.environ.get("PYTHONPATH"))))
    environment = os.environ | {"PYTHONPATH": search, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=subprocess.PIPE,
            timeout=limits.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "file.parser.time", _TIME
    return _death(done.returncode, done.stderr) if done.returncode else None


def _death(returncode: int, stderr: bytes) -> tuple[str, str]:
    # SIGXCPU 24 and SIGKILL 9 end a child that used up its processor time; SIGABRT 6 an allocation that failed.
    if returncode in (-24, -9):
        return "file.parser.time", _TIME
    if returncode == -6 or b"MemoryError" in stderr:
        return "file.parser.memory", MEMORY
    last = (stderr.decode(errors="replace").strip().splitlines() or ["?"])[-1][:100]
    message = f"解析程序异常退出({returncode}: {last})。请用 Excel 打开并另存后重新上传。"
    return "file.parser.failed", message
