"""Recognises a report of ours that comes back corrected (报告回传), and takes out what is to be read."""

from collections.abc import Sequence
from dataclasses import replace

from ingest.export_cells import imported
from ingest.sheets import Sheet

ABOUT, ACCEPTED, CHANGED, REJECTED, REVIEW = "说明", "接受", "变更", "拒收", "待核"
MARK = "强链导入报告"
# In brackets that nobody types, so that no column of a file is taken for one of them.
ROW, REASONS, CODES = "【原文件行号】", "【拒收原因】", "【代码】"
_OURS = frozenset({ROW, REASONS, CODES})


def is_report(sheets: Sequence[Sheet]) -> bool:
    """Whether the sheets are those of a report that `write_report` wrote."""
    by_name = {sheet.name: sheet for sheet in sheets}
    about = by_name.get(ABOUT)
    return REJECTED in by_name and about is not None and bool(about.rows) and MARK in about.rows[0]


def corrected(sheets: tuple[Sheet, ...]) -> tuple[Sheet, ...]:
    """The sheets as they are; of a report only 拒收, without the columns that we put beside the rows."""
    if not is_report(sheets):
        return sheets
    rejected = next(sheet for sheet in sheets if sheet.name == REJECTED)
    header = rejected.rows[0] if rejected.rows else ()
    kept = [index for index, cell in enumerate(header) if cell not in _OURS]
    rows = tuple(tuple(imported(row[i]) for i in kept if i < len(row)) for row in rejected.rows)
    filled = any(cell is not None for row in rows for cell in row)
    note = "这是改正后的导入报告, 只读取了其中的“拒收”表。"
    return (replace(rejected, hidden=False, rows=rows if filled else (), notes=(*rejected.notes, note)),)
