"""A list of plan files with what they do not say of themselves (采购计划清单), from YAML.

Entries: `file` (beside the list, or in a folder below it), `buyer`, `chain`, `title`, `published_on`,
`closes_on`, `source` ("synthetic" for invented examples).
"""

from pathlib import Path
from typing import Any

import yaml

from graph.model import PlanKind
from ingest.dates import NotADate, parse_date
from ingest.faults import Fault, RefusedFile, shown, size_fault
from ingest.firms_register import SYNTHETIC
from ingest.plans import PlanHeader

_MAX_BYTES = 2**20


def read_manifest(path: Path) -> tuple[tuple[Path, PlanHeader], ...]:
    """The plan files of the list in its order, each with its header. Raises RefusedFile with every fault."""
    if fault := size_fault(path, _MAX_BYTES):
        raise RefusedFile([fault])
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        entries = None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        message = "应为 YAML 列表, 每项有 file、buyer、title。请检查缩进。"
        raise RefusedFile([Fault(path.name, "manifest.not_a_list", message)])
    faults: list[Fault] = []
    found = [_entry(path, number, entry, faults) for number, entry in enumerate(entries, start=1)]
    if faults:
        raise RefusedFile(faults)
    return tuple(found)


def _entry(path: Path, number: int, entry: dict[str, Any], faults: list[Fault]) -> tuple[Path, PlanHeader]:
    def refuse(key: str, message: str) -> None:
        where, value = f"[{number}].{key}", entry.get(key)
        said = None if value is None else shown(value)
        faults.append(Fault(path.name, f"manifest.{key}", message, column=where, value=said))

    def text(key: str) -> str:
        value = entry.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        refuse(key, "没有填写。请补上。")
        return ""

    def date(key: str) -> str | None:
        value = entry.get(key)
        try:
            return None if value is None else parse_date(value)
        except NotADate:
            refuse(key, f"“{shown(value)}” 不是日期。请改为 2026-03-31 的形式。")
            return None

    name = text("file")
    file = (path.parent / name).resolve()
    if name and not file.is_relative_to(path.parent.resolve()):
        refuse("file", "文件必须与清单在同一文件夹内。请移动文件并改正。")
    elif name and not file.is_file():
        refuse("file", f"找不到文件 {name}。请检查名称。")
    chain = entry.get("chain")
    header = PlanHeader(
        kind=PlanKind.PLAN,
        title=text("title"),
        buyer=text("buyer"),
        chain_code=str(chain) if chain is not None else None,
        published_on=date("published_on"),
        closes_on=date("closes_on"),
        synthetic=entry.get("source") == SYNTHETIC,
    )
    return file, header
