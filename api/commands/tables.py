"""Suppliers of a line as a table on the terminal (匹配结果表)."""

from rich.table import Table

from api.views import LineView


def supplier_table(view: LineView, top: int) -> Table:
    """The `top` best suppliers of one line with what they make, why they fit and what they lack."""
    line = view.line
    asked = "，".join(part for part in (line.spec, line.application) if part)
    table = Table(title=f"{line.number}. {line.product}" + (f"（{asked}）" if asked else ""), title_justify="left")
    for name, ratio in (("供应商", 3), ("能做什么", 4), ("把握", 1), ("理由", 4), ("缺什么", 2)):
        table.add_column(name, ratio=ratio, overflow="fold")
    for row in view.rows[:top]:
        table.add_row(
            f"{row.firm.name}（{row.place}）",
            row.capability.text,
            row.band.value,
            "；".join(row.match.reasons),
            "；".join(row.match.gaps),
        )
    return table
