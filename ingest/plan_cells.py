"""Reads the cells of one row of a plan (需求行单元格): each method gives a value or notes a fault."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field

from graph.model import TIERS, CurrentSource
from ingest.dates import NotADate, parse_date
from ingest.faults import Fault, shown
from ingest.headers import Column, Field
from ingest.numbers import NotANumber, Number, parse_number, plain
from ingest.sheets import Cell, place
from ingest.tables import Table
from ingest.tiers import canonical_tier

_LONGEST = {Field.SPEC: 2000, Field.PRODUCT: 200, Field.REMARK: 2000}
_LONG = 500
_MONEY_UNITS = {"元": 1.0, "人民币": 1.0, "块": 1.0}
_NOTHING = frozenset({"无", "不限", "无要求", "暂无", "-", "—", "--", "/", "——"})
_DITTO = frozenset({"同上", "〃", '"', "″"})
_SOURCES = {
    CurrentSource.LOCAL: "本地 省内 江苏 本省 本市",
    CurrentSource.OUTSIDE: "省外 外省 国内省外",
    CurrentSource.IMPORT: "进口 国外 境外 海外",
    CurrentSource.NONE: "无 没有 暂无 尚无",
}
_SOURCE_BY_WORD = {word: source for source, words in _SOURCES.items() for word in words.split()}
_INVISIBLE = re.compile(r"[\u200b\u200c\u200d\u2060\ufeff]")
_REORDERING = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


@dataclass(slots=True)
class RowCells:
    """One row of a table (`row` from 0), read field by field; faults gather in `faults`."""

    file: str
    table: Table
    row: int
    faults: list[Fault] = field(default_factory=list)

    def text(self, wanted: Field) -> str | None:
        """The text of a cell on one line per line break, spaces trimmed; None where blank or refused."""
        column, cell = self._cell(wanted)
        if column is None or cell is None:
            return None
        if isinstance(cell, dt.date):
            message = f"Excel 把内容变成了日期 {cell.isoformat()}。请把单元格格式设为“文本”后重新填写。"
            self._fault(column, "plan.cell.unexpected_date", message, cell)
            return None
        text = plain(cell) if isinstance(cell, float) else str(cell)
        text = _INVISIBLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()
        limit = _LONGEST.get(wanted, _LONG)
        if len(text) > limit:
            message = f"有 {len(text)} 个字, 上限是 {limit}。请缩短后重新上传。"
            self._fault(column, "plan.cell.too_long", message, cell)
            return None
        if any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in text) or _REORDERING.search(text):
            message = f"“{shown(text)}” 含有看不见的控制字符。请重新输入后上传。"
            self._fault(column, "plan.cell.control_character", message, cell)
            return None
        if text in _DITTO:
            self._fault(column, "plan.cell.ditto", f"“{text}” 要写成实际内容。请填写后重新上传。", cell)
            return None
        return text or None

    def position(self) -> int | None:
        """序号 as a whole number from 1; None where refused or where the plan has no such column."""
        column, cell = self._cell(Field.NUMBER)
        if column is None:
            return None
        if cell is None:
            self._fault(column, "plan.number.missing", "没有序号。请补上, 或删除整个序号列。", cell)
            return None
        try:
            number = parse_number(cell)
        except NotANumber as error:
            self._fault(column, "plan.number.not_a_number", _not_a_number(cell, error.proposal), cell)
            return None
        if number.unit or number.value != int(number.value) or not 1 <= number.value <= 1_000_000:
            message = f"“{shown(cell)}” 不是序号。请改为 1 以上的整数后重新上传。"
            self._fault(column, "plan.number.not_a_number", message, cell)
            return None
        return int(number.value)

    def quantity(self) -> tuple[float | None, str | None]:
        """The quantity and its unit: of the unit column, else of the cell, else of the header."""
        unit = self.text(Field.UNIT)
        column, number = self._number(Field.QUANTITY, "quantity")
        if column is None or number is None:
            return None, unit
        if unit and number.unit and unit != number.unit:
            message = f"数量里的单位“{number.unit}”与单位列的“{unit}”不同。请只保留一个。"
            self._fault(column, "plan.quantity.unit_conflict", message, self._cell(Field.QUANTITY)[1])
        return number.value, unit or number.unit or column.unit

    def money(self, wanted: Field) -> float | None:
        """An amount in CNY: the unit in the cell, else the one in the header."""
        name = "budget" if wanted is Field.BUDGET else "spend"
        column, number = self._number(wanted, name)
        if column is None or number is None:
            return None
        cell = self._cell(wanted)[1]
        if number.unit is None and column.factor is not None:
            if number.scaled and column.factor != 1.0:
                message = f"“{shown(cell)}” 的单位不清楚: 表头已是「{column.header}」。请去掉“万”“亿”, 或写明“元”。"
                self._fault(column, f"plan.{name}.unit_unclear", message, cell)
                return None
            return round(number.value * column.factor, 4)
        if number.unit in _MONEY_UNITS:
            return number.value
        if number.unit:
            message = f"“{shown(cell)}” 的单位“{number.unit}”不是金额单位。请改为元、万元或亿元。"
            self._fault(column, f"plan.{name}.unit_unknown", message, cell)
            return None
        return None

    def date(self, wanted: Field) -> str | None:
        """A date as YYYY-MM-DD."""
        column, cell = self._cell(wanted)
        if column is None or cell is None:
            return None
        try:
            return parse_date(cell)
        except NotADate:
            message = f"“{shown(cell)}” 不是日期。请改为 2026-03-31 这样的日期, 不确定就留空。"
            self._fault(column, "plan.date.not_a_date", message, cell)
            return None

    def many(self, wanted: Field) -> tuple[str, ...]:
        """The entries of a cell that are joined by 、 or ; in their order, once each."""
        text = self.text(wanted)
        if text is None or text in _NOTHING:
            return ()
        parts = (part.strip() for part in re.split(r"[、,，;；\n]", text))
        return tuple(dict.fromkeys(part for part in parts if part))

    def tiers(self) -> tuple[str, ...]:
        """The tiers in one spelling."""
        found = []
        for entry in self.many(Field.TIERS):
            if tier := canonical_tier(entry):
                found.append(tier)
            else:
                column, _ = self._cell(Field.TIERS)
                message = f"“{shown(entry)}” 不是梯队名称。请填写{'、'.join(TIERS)}, 或留空。"
                self._fault(column, "plan.tier.unknown", message, entry)
        return tuple(dict.fromkeys(found))

    def current_source(self) -> CurrentSource | None:
        """现有来源; None where it is not declared."""
        text = self.text(Field.CURRENT_SOURCE)
        if text is None or text in _SOURCE_BY_WORD:
            return _SOURCE_BY_WORD[text] if text else None
        column, cell = self._cell(Field.CURRENT_SOURCE)
        message = f"“{shown(text)}” 不是来源。请填写本地、省外、进口或无, 不清楚就留空。"
        self._fault(column, "plan.source.unknown", message, cell)
        return None

    def product(self) -> str | None:
        """The product, which every line needs."""
        text = self.text(Field.PRODUCT)
        if text is None and not any(f.column == self._header(Field.PRODUCT) for f in self.faults):
            column, cell = self._cell(Field.PRODUCT)
            self._fault(column, "plan.product.missing", "没有填写产品名称。请补上, 或删除这一行。", cell)
        return text

    def check_formulas(self) -> None:
        """Note the cells of known columns that hold an error or a formula that was never computed."""
        sheet = self.table.sheet
        for column in self.table.columns:
            where = place(self.row, column.index)
            if where in sheet.errors:
                value = sheet.errors[where]
                message = f"单元格 {where} 的公式出错({value})。请改正公式或填写数值后重新上传。"
                self._fault(column, "plan.cell.formula_error", message, value)
            elif where in sheet.uncomputed:
                message = f"单元格 {where} 的公式没有计算结果。请用 Excel 打开并保存一次, 或填写数值。"
                self._fault(column, "plan.cell.formula_uncomputed", message, None)

    def _number(self, wanted: Field, name: str) -> tuple[Column | None, Number | None]:
        column, cell = self._cell(wanted)
        if column is None or cell is None:
            return None, None
        try:
            if isinstance(cell, dt.date):
                raise NotANumber(cell.isoformat(), None)
            number = parse_number(cell)
        except NotANumber as error:
            self._fault(column, f"plan.{name}.not_a_number", _not_a_number(cell, error.proposal), cell)
            return column, None
        if number.value <= 0:
            why = "是负数" if number.value < 0 else "是 0"
            message = f"“{shown(cell)}” {why}。请改为大于 0 的数, 不确定就留空。"
            self._fault(column, f"plan.{name}.not_positive", message, cell)
            return column, None
        return column, number

    def _cell(self, wanted: Field) -> tuple[Column | None, Cell]:
        column = next((c for c in self.table.columns if c.field is wanted), None)
        cells = self.table.sheet.rows[self.row]
        return column, cells[column.index] if column and column.index < len(cells) else None

    def _header(self, wanted: Field) -> str | None:
        column, _ = self._cell(wanted)
        return column.header if column else None

    def _fault(self, column: Column | None, code: str, message: str, value: object) -> None:
        header = column.header if column else None
        said = None if value is None else shown(value)
        self.faults.append(Fault(self.file, code, message, self.table.sheet.name, self.row + 1, header, said))


def _not_a_number(cell: object, proposal: str | None) -> str:
    mend = f"请改为 {proposal} 后重新上传。" if proposal else "请改为一个数字, 不确定就留空。"
    return f"“{shown(cell)}” 不是数字。{mend}"
