"""A blank table of a kind for people to fill in (填报模板): header, example rows, and how each column is meant."""

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from ingest.export_cells import exported
from ingest.sheets import letters
from ingest.table_kind import FieldSpec, TableKind

GUIDE = "填写说明"
# Words that are no header of any kind, so that this sheet is never taken for the table.
_GUIDE_HEADER = ("这一列", "要不要填", "怎么填", "也可以写成", "举例")
_GUIDE_WIDTHS = (18, 10, 60, 40, 30)
_NEEDED = PatternFill("solid", start_color="FCE4D6")
_GENERAL = (
    "第一行是表头, 请不要改动; 可以增减行, 用不到的列可以删去。",
    "下面的示例行请删去后再填写。底色较深的列必须填写, 其他的不清楚就留空。",
    "一格只写一件事; 不要合并单元格, 不要写“同上”。",
)


def write_template(kind: TableKind, path: Path) -> None:
    """Write the template as xlsx. It reads back without a fault, examples included. Raises OSError."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = kind.title
    sheet.freeze_panes = "A2"
    sheet.append([spec.header for spec in kind.fields])
    for number in range(max((len(spec.examples) for spec in kind.fields), default=0)):
        sheet.append([_example(spec, number) for spec in kind.fields])
    for index, spec in enumerate(kind.fields):
        cell = sheet.cell(1, index + 1)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True)
        if spec.needed:
            cell.fill = _NEEDED
        sheet.column_dimensions[letters(index)].width = max(12, 2 * len(spec.header) + 4)
    _write_guide(book, kind)
    book.save(path)


def _write_guide(book: Workbook, kind: TableKind) -> None:
    guide = book.create_sheet(GUIDE)
    for line in _GENERAL:
        guide.append([line])
    guide.append([])
    guide.append(list(_GUIDE_HEADER))
    for spec in kind.fields:
        names = "、".join(spec.synonyms[:6])
        shown = "、".join(text for text in spec.examples if text)
        needed = "必填" if spec.needed else "选填"
        guide.append([exported(text) for text in (spec.header, needed, spec.note, names, shown)])
    for index, width in enumerate(_GUIDE_WIDTHS):
        guide.column_dimensions[letters(index)].width = width
    for row in guide.iter_rows(min_row=len(_GENERAL) + 2):
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.font = Font(bold=cell.row == len(_GENERAL) + 2)


def _example(spec: FieldSpec, number: int) -> str | int | None:
    text = spec.examples[number] if number < len(spec.examples) else ""
    # Codes stay text: a number would lose their zeros in front and their last digits.
    as_number = text.isascii() and text.isdigit() and len(text) < 10 and not text.startswith("0")
    return int(text) if as_number else exported(text) or None
