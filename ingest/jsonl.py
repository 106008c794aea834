"""Reads JSON lines (JSON 行) one object a line; a line that cannot be read is a fault, the others go on."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from ingest.faults import Fault, Parsed, RefusedFile, shown, size_fault

T = TypeVar("T")

MAX_BYTES = 512 * 2**20
MAX_LINE = 2**20


class BadRow(ValueError):
    """One row is refused. Carries what a fault needs beside the place of the row."""

    def __init__(self, code: str, message: str, column: str | None = None, value: object = None) -> None:
        super().__init__(message)
        self.code, self.message, self.column = code, message, column
        self.value = None if value is None else shown(value)


Row = dict[str, Any]


def read_rows(path: Path, build: Callable[[Row, int], T]) -> Parsed[T]:
    """Make one item of every non-blank line with `build(fields, row)`, which raises BadRow to refuse it.

    Raises RefusedFile where the file is missing, too large or not text at all.
    """
    if fault := size_fault(path, MAX_BYTES):
        raise RefusedFile([fault])
    items: list[T] = []
    faults: list[Fault] = []
    with path.open("rb") as file:
        for row, line in enumerate(_lines(file), start=1):
            if not line.strip():
                continue
            try:
                items.append(build(_fields(line), row))
            except BadRow as bad:
                faults.append(Fault(path.name, bad.code, bad.message, row=row, column=bad.column, value=bad.value))
    return Parsed(tuple(items), tuple(faults), len(items) + len(faults))


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Every line, but no more than MAX_LINE + 1 bytes of it in memory."""
    while line := file.readline(MAX_LINE + 1):
        yield line
        while line and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE + 1)


def _fields(line: bytes) -> Row:
    if len(line) > MAX_LINE:
        raise BadRow("row.too_long", f"这一行超过 {MAX_LINE} 字节。请检查是否缺少换行。")
    try:
        fields = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadRow("row.not_utf8", f"这一行第 {error.start + 1} 个字节不是 UTF-8。请另存为 UTF-8 后重试。") from None
    except (ValueError, RecursionError):
        raise BadRow("row.not_json", "这一行不是 JSON。请检查引号、逗号和括号。", value=line[:60]) from None
    if not isinstance(fields, dict):
        raise BadRow("row.not_an_object", '这一行不是 JSON 对象。每行应写成 {"字段": 值}。', value=line[:60])
    return fields


def text_field(fields: Row, key: str, *, limit: int = 300) -> str | None:
    """The text under `key` without outer spaces, None where it is missing or empty. Raises BadRow."""
    value = fields.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadRow("row.not_text", f"“{shown(value)}” 不是文字。请改为带引号的文字。", key, value)
    value = value.strip()
    if len(value) > limit:
        raise BadRow("row.text_too_long", f"有 {len(value)} 个字, 上限是 {limit}。请缩短。", key, value)
    if any(ord(c) < 32 and c not in "\t\n\r" for c in value):
        raise BadRow("row.control_character", "含有控制字符。请删除后重试。", key, value)
    return value or None


def needed_text(fields: Row, key: str, *, limit: int = 300) -> str:
    """The text under `key`, which must be there. Raises BadRow."""
    value = text_field(fields, key, limit=limit)
    if value is None:
        raise BadRow("row.field_missing", "没有填写。请补上后重试。", key)
    return value


def number_field(fields: Row, key: str) -> float | None:
    """The finite number >= 0 under `key`, None where it is missing. Raises BadRow."""
    value = fields.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15:
        raise BadRow("row.not_a_number", f"“{shown(value)}” 不是 0 以上的数字。请改为数字, 不加引号。", key, value)
    return float(value)
