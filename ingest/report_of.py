"""The report of a load as a workbook of rows (导入报告)."""

from ingest.load_report import LoadReport
from ingest.report import ImportReport, RejectedRow, ReportTable


def report_of(report: LoadReport, title: str) -> ImportReport:
    """The sheets of the report on one file; `title` names its kind."""
    rows = report.written.rows
    changed = [(row.code, row.name, row.row) for row in rows if row.effect == "变更"]
    pairs = [
        ("可能是同一企业", p.left_name, p.left, p.right_name, p.right, p.score, p.why) for p in report.written.review
    ]
    flags = [
        ("原样保留", f.value, f"第 {f.row} 行", f.column, None, None, f"{f.message} ({f.code})") for f in report.flags
    ]
    return ImportReport(
        file=report.file_name,
        title=title,
        header=report.header,
        rejected=[RejectedRow(refused.row, refused.cells, refused.faults) for refused in report.refused],
        accepted=ReportTable(
            ("行号", "名称", "代码", "结果"), [(row.row, row.name, row.code, row.effect) for row in rows]
        ),
        changed=ReportTable(("代码", "名称", "行号"), changed),
        review=ReportTable(
            ("类别", "名称", "代码或位置", "另一名称或列", "另一代码", "相似度", "说明"), [*pairs, *flags]
        ),
        notes=(_counts(report), *report.notes),
    )


def _counts(report: LoadReport) -> str:
    return f"读取 {report.rows_read} 行, 接受 {report.accepted} 行, 拒收 {report.rejected} 行。"
