"""Reads workbooks in a child process under limits (受限读取): what is not a plain xlsx is refused by name."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ingest.faults import Fault, RefusedFile
from ingest.limits import DEFAULT, Limits
from ingest.sheets import Sheet, cell_of
from ingest.workbook_worker import MEMORY

ZIP = b"PK\x03\x04"
OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
_TIME = "解析这个文件用时超过上限。请删去空白的行、列后另存, 再重新上传。"
_PROJECT = Path(__file__).resolve().parent.parent


def read_workbook(path: Path, limits: Limits = DEFAULT) -> tuple[Sheet, ...]:
    """Every worksheet of the book, hidden ones without their content. Raises RefusedFile."""
    if fault := _old_or_locked(path):
        raise RefusedFile([fault])
    answer = _ask_child(path, limits)
    if "code" in answer:
        raise RefusedFile([Fault(path.name, answer["code"], answer["message"], sheet=answer.get("sheet"))])
    return tuple(
        Sheet(
            name=sheet["name"],
            hidden=sheet["hidden"],
            rows=tuple(tuple(cell_of(c) for c in row) for row in sheet["rows"]),
            merged=tuple((a, b, c, d) for a, b, c, d in sheet["merged"]),
            errors=dict(map(tuple, sheet["errors"])),
            uncomputed=frozenset(place for place, _ in sheet["uncomputed"]),
        )
        for sheet in answer["sheets"]
    )


def _old_or_locked(path: Path) -> Fault | None:
    with path.open("rb") as file:
        if file.read(8) != OLE2:
            return None
        content = file.read(DEFAULT.file_bytes)
    # An OLE2 container names its streams in UTF-16; a locked xlsx is one with the stream EncryptedPackage.
    if "EncryptedPackage".encode("utf-16-le") in content:
        return Fault(path.name, "file.encrypted", "文件设有打开密码。请在 Excel 中取消密码后另存, 再重新上传。")
    return Fault(path.name, "file.old_xls", "这是旧版 Excel(.xls)文件。请在 Excel 中另存为 .xlsx 后重新上传。")


def _ask_child(path: Path, limits: Limits) -> dict[str, Any]:
    command = [sys.executable, "-m", "ingest.workbook_worker", str(path.resolve()), json.dumps(asdict(limits))]
    search = os.pathsep.join(filter(None, (str(_PROJECT), os.environ.get("PYTHONPATH"))))
    environment = os.environ | {"PYTHONPATH": search, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limits.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"code": "file.parser.time", "message": _TIME}
    if done.returncode == 0:
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer
    return _death(done.returncode, done.stderr)


def _death(returncode: int, stderr: bytes) -> dict[str, Any]:
    # SIGXCPU 24 and SIGKILL 9 end a child that used up its processor time; SIGABRT 6 an allocation that failed.
    if returncode in (-24, -9):
        return {"code": "file.parser.time", "message": _TIME}
    if returncode == -6 or b"MemoryError" in stderr:
        return {"code": "file.parser.memory", "message": MEMORY}
    last = (stderr.decode(errors="replace").strip().splitlines() or ["?"])[-1][:100]
    message = f"解析程序异常退出({returncode}: {last})。请用 Excel 打开并另存后重新上传。"
    return {"code": "file.parser.failed", "message": message}
