"""Matches of a plan as a workbook or as JSON (导出): the same rows as the pages."""

from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from api.failures import Failed
from api.views import PlanView

_HEADERS = (
    ("序号", 6), ("物料名称", 22), ("规格型号", 30), ("名次", 6), ("供应商", 30), ("所在地", 16), ("梯队", 10),
    ("供给能力", 46), ("把握", 6), ("理由", 40), ("缺什么", 30), ("示例数据", 9),
)  # fmt: skip
# A cell that begins with one of these is a formula to spreadsheet programs, in full width too.
_FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")


def write_workbook(path: Path, view: PlanView, top: int) -> None:
    """One sheet, one row a supplier, lines in order. Raises Failed where the file cannot be written."""
    book = Workbook()
    sheet = book.create_sheet("匹配结果", 0)
    del book["Sheet"]
    sheet.append([name for name, _ in _HEADERS])
    for line in view.lines:
        for row in line.rows[:top]:
            cells = (
                line.line.number, line.line.product, line.line.spec, row.match.rank, row.firm.name, row.place,
                row.firm.tier, row.capability.text, row.band.value, "；".join(row.match.reasons),
                "；".join(row.match.gaps), "是" if row.firm.synthetic else "否",
            )  # fmt: skip
            sheet.append([_harmless(cell) for cell in cells])
    for column, (_, width) in zip(sheet.columns, _HEADERS, strict=True):
        sheet.column_dimensions[column[0].column_letter].width = width
        column[0].font = Font(bold=True)
        for cell in column:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "A2"
    try:
        book.save(path)
    except OSError as error:
        raise Failed("export.not_writable", f"无法写入 {path}：{error.strerror}。请换一个可写的位置。") from error


def as_json_object(view: PlanView, top: int) -> dict[str, Any]:
    """The plan, its lines and their suppliers with every part of the score."""
    lines = [
        {
            "number": line.line.number,
            "product": line.line.product,
            "spec": line.line.spec,
            "suppliers": [
                {
                    "rank": row.match.rank,
                    "firm": {"code": row.firm.code, "name": row.firm.name, "place": row.place, "tier": row.firm.tier,
                             "synthetic": row.firm.synthetic},
                    "capability": {"id": row.capability.id, "text": row.capability.text},
                    "p": row.match.p,
                    "band": row.band.value,
                    "parts": dict(row.match.parts),
                    "reasons": list(row.match.reasons),
                    "gaps": list(row.match.gaps),
                }
                for row in line.rows[:top]
            ],
        }
        for line in view.lines
    ]  # fmt: skip
    versions = next(((row.match.model, row.match.index) for line in view.lines for row in line.rows), (None, None))
    return {"plan": view.plan.id, "title": view.plan.title, "model": versions[0], "index": versions[1], "lines": lines}


def _harmless(cell: str | int | None) -> str | int | None:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
