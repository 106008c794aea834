"""Builds plan files for the tests: a good one, and the means to spoil it."""

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from graph.model import Plan, PlanKind
from ingest.faults import Fault, RefusedFile
from ingest.plans import PlanHeader, read_plan

HEADER = PlanHeader(
    PlanKind.PLAN, "2027年度采购计划", "常州示例变压器有限公司", published_on="2026-11-01", synthetic=True
)
COLUMNS = ("序号", "物料名称", "规格型号", "需求数量", "单位", "预算（万元）", "交货日期")
ROW = (1, "不锈钢板", "304 2B 1.5mm", 300, "吨", 480, "2027-03-31")


def workbook(path: Path, rows: Sequence[Sequence[Any]], spoil: Callable[[Worksheet], None] | None = None) -> Path:
    """A workbook with `rows` on its first sheet (需求), then handed to `spoil`."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "需求"
    for row in rows:
        sheet.append(list(row))
    if spoil:
        spoil(sheet)
    book.save(path)
    return path


def plan_of(path: Path, rows: Sequence[Sequence[Any]], spoil: Callable[[Worksheet], None] | None = None) -> Plan:
    """The plan read from such a workbook."""
    return read_plan(workbook(path / "plan.xlsx", rows, spoil), HEADER)


def faults_of(path: Path, sheet: str | None = None) -> tuple[Fault, ...]:
    """The faults for which the file is refused."""
    with pytest.raises(RefusedFile) as refused:
        read_plan(path, HEADER, sheet)
    return refused.value.faults


def codes_of(path: Path) -> list[str]:
    """Their codes, in order."""
    return [fault.code for fault in faults_of(path)]


def rezip(source: Path, target: Path, change: Callable[[str, bytes], bytes], extra: dict[str, bytes]) -> Path:
    """`source` with every member passed through `change`, and `extra` members added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, data in extra.items():
            new.writestr(name, data)
    target.write_bytes(buffer.getvalue())
    return target
