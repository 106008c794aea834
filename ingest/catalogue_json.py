"""Catalogues as they are published in JSON (目录的 JSON 形式), each shape told by its own keys.

Tax goods codes: one object a line, `code`, `name`, `description`, `keywords`. GB/T 4754-2017: a list of objects with
`section`, `division`, `group`, `cls`, `name`, `note`. Procurement catalogue: an object with `entries`, each
`catalog_code`, `catalog_name`, `parent_code`, `description`.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingest.catalogue_names import RawEntry
from ingest.faults import Fault, RefusedFile, shown, size_fault
from ingest.jsonl import BadRow, Row, needed_text, read_rows, text_field
from ingest.kinds.reading import Reading, Rejected, of_parsed

_MAX_BYTES = 64 * 2**20
_HEADER = ("代码", "名称", "上级代码", "说明", "关键字")


def scheme_of_json(path: Path) -> str | None:
    """Which catalogue a JSON file is, by its beginning; None where it cannot be told."""
    if fault := size_fault(path, _MAX_BYTES):
        raise RefusedFile([fault])
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        start = file.read(4000)
    marks = {"gpc": '"catalog_code"', "gb4754": '"section"', "tax": '"keywords"'}
    return next((scheme for scheme, mark in marks.items() if mark in start), None)


def json_entries(path: Path) -> Reading[RawEntry]:
    """The entries of a JSON file of any of the three shapes; a bad one is refused alone. Raises RefusedFile."""
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        reading = of_parsed(read_rows(path, _tax))
        reading.header = _HEADER
        return reading
    if fault := size_fault(path, _MAX_BYTES):
        raise RefusedFile([fault])
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        message = f"不是有效的 JSON({str(error)[:60]})。请检查引号、逗号和括号。"
        raise RefusedFile([Fault(path.name, "catalogue.not_json", message)]) from None
    entries: Any = content.get("entries") if isinstance(content, dict) else content
    if not isinstance(entries, list):
        raise RefusedFile([Fault(path.name, "catalogue.not_a_list", "应为列表, 或含 entries 列表的对象。请检查文件。")])
    reading = Reading(header=_HEADER)
    for row, entry in enumerate(entries, start=1):
        try:
            reading.take(_build(entry)(entry, row))
        except BadRow as bad:
            fault = Fault(path.name, bad.code, bad.message, row=row, column=bad.column, value=bad.value)
            reading.rejected.append(Rejected(row, (fault,)))
    return reading


def _build(entry: object) -> Callable[[Row, int], RawEntry]:
    if not isinstance(entry, dict):
        raise BadRow("row.not_an_object", f'“{shown(entry)}” 不是 JSON 对象。请写成 {{"字段": 值}}。')
    return _gpc if "catalog_code" in entry else _gb4754 if "section" in entry else _tax


def _tax(fields: Row, row: int) -> RawEntry:
    keywords = fields.get("keywords") or []
    if not isinstance(keywords, list) or not all(isinstance(word, str) for word in keywords):
        raise BadRow("row.not_a_list", '不是文字列表。请写成 ["…", "…"]。', "keywords", keywords)
    return _entry(
        needed_text(fields, "code", limit=40),
        needed_text(fields, "name"),
        text_field(fields, "parent", limit=40),
        text_field(fields, "description", limit=8000),
        tuple(dict.fromkeys(word.strip() for word in keywords if word.strip())),
        row,
    )


def _gb4754(fields: Row, row: int) -> RawEntry:
    section = needed_text(fields, "section", limit=1)
    below = next((code for key in ("cls", "group", "division") if (code := text_field(fields, key, limit=4))), "")
    return _entry(section + below, needed_text(fields, "name"), None, text_field(fields, "note", limit=8000), (), row)


def _gpc(fields: Row, row: int) -> RawEntry:
    return _entry(
        needed_text(fields, "catalog_code", limit=40),
        needed_text(fields, "catalog_name"),
        text_field(fields, "parent_code", limit=40),
        text_field(fields, "description", limit=8000),
        (),
        row,
    )


def _entry(
    code: str, name: str, parent: str | None, description: str | None, keywords: tuple[str, ...], row: int
) -> RawEntry:
    cells = (code, name, parent, description, "、".join(keywords) or None)
    return RawEntry(code, name, parent, description, keywords, row, cells)
