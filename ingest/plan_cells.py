"""Reads the cells of one row of a plan (需求行单元格): each method gives a value or notes a fault."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from graph.model import TIERS, CurrentSource
from ingest.cell_values import BadCell, date_of, many_of, money_of, not_a_number, number_of, scaled_unit, text_of
from ingest.columns import MappedColumn, MappedTable
from ingest.faults import Fault, shown
from ingest.numbers import NotANumber, parse_number
from ingest.plan_kind import Field
from ingest.sheets import Cell, place
from ingest.table_rows import TableRow
from ingest.tiers import canonical_tier

T = TypeVar("T")

_LONGEST = {Field.SPEC: 2000, Field.PRODUCT: 200, Field.REMARK: 2000}
_LONG = 500
_SOURCES = {
    CurrentSource.LOCAL: "本地 省内 江苏 本省 本市",
    CurrentSource.OUTSIDE: "省外 外省 国内省外",
    CurrentSource.IMPORT: "进口 国外 境外 海外",
    CurrentSource.NONE: "无 没有 暂无 尚无",
}
_SOURCE_BY_WORD = {word: source for source, words in _SOURCES.items() for word in words.split()}


@dataclass(slots=True)
class RowCells:
    """One row of a plan, read field by field; faults gather in `faults`."""

    table: MappedTable
    row: TableRow
    faults: list[Fault] = field(default_factory=list)

    def text(self, wanted: Field) -> str | None:
        """The text of a cell on one line per line break, spaces trimmed; None where blank or refused."""
        return self._read(wanted, lambda cell, _: text_of(cell, _LONGEST.get(wanted, _LONG)))

    def position(self) -> int | None:
        """序号 as a whole number from 1; None where refused or where the plan has no such column."""
        column, cell = self._cell(Field.NUMBER)
        if column is None:
            return None
        if cell is None:
            self._fault(column, "number.missing", "没有序号。请补上, 或删除整个序号列。", cell)
            return None
        try:
            number = parse_number(cell)
        except NotANumber as error:
            self._fault(column, "number.not_a_number", not_a_number(cell, error.proposal), cell)
            return None
        if number.unit or number.value != int(number.value) or not 1 <= number.value <= 1_000_000:
            message = f"“{shown(cell)}” 不是序号。请改为 1 以上的整数后重新上传。"
            self._fault(column, "number.not_a_number", message, cell)
            return None
        return int(number.value)

    def quantity(self) -> tuple[float | None, str | None]:
        """The quantity and its unit: of the unit column, else of the cell, else of the header."""
        factor, unit = scaled_unit(self.text(Field.UNIT))
        number = self._read(Field.QUANTITY, lambda cell, column: number_of(cell, "quantity", column))
        if number is None:
            return None, unit
        column, cell = self._cell(Field.QUANTITY)
        said = number.unit if column is None or number.unit != column.unit else None
        if unit and said and unit != said:
            message = f"数量里的单位“{said}”与单位列的“{unit}”不同。请只保留一个。"
            self._fault(column, "quantity.unit_conflict", message, cell)
        if factor != 1.0 and number.scaled:
            message = f"“{shown(cell)}” 的单位不清楚: 单位列也写了“万”或“亿”。请只保留一处。"
            self._fault(column, "quantity.unit_unclear", message, cell)
        return number.value * factor, unit or number.unit

    def money(self, wanted: Field) -> float | None:
        """An amount in CNY: the unit in the cell, else the one in the header, else None: the header's fault says so."""
        name = "budget" if wanted is Field.BUDGET else "spend"

        def read(cell: Cell, column: MappedColumn) -> float | None:
            try:
                return money_of(cell, name, column)
            except BadCell as bad:
                if bad.code.endswith(".unit_missing"):
                    return None
                raise

        return self._read(wanted, read)

    def date(self, wanted: Field) -> str | None:
        """A date as YYYY-MM-DD."""
        return self._read(wanted, lambda cell, _: date_of(cell))

    def many(self, wanted: Field) -> tuple[str, ...]:
        """The entries of a cell that are joined by 、 or ; in their order, once each."""
        return self._read(wanted, lambda cell, _: many_of(cell, _LONGEST.get(wanted, _LONG))) or ()

    def tiers(self) -> tuple[str, ...]:
        """The tiers in one spelling."""
        found = []
        for entry in self.many(Field.TIERS):
            if tier := canonical_tier(entry):
                found.append(tier)
            else:
                message = f"“{shown(entry)}” 不是梯队名称。请填写{'、'.join(TIERS)}, 或留空。"
                self._fault(self.table.column(Field.TIERS), "tier.unknown", message, entry)
        return tuple(dict.fromkeys(found))

    def current_source(self) -> CurrentSource | None:
        """现有来源; None where it is not declared."""
        text = self.text(Field.CURRENT_SOURCE)
        if text is None or text in _SOURCE_BY_WORD:
            return _SOURCE_BY_WORD[text] if text else None
        column, cell = self._cell(Field.CURRENT_SOURCE)
        message = f"“{shown(text)}” 不是来源。请填写本地、省外、进口或无, 不清楚就留空。"
        self._fault(column, "source.unknown", message, cell)
        return None

    def product(self) -> str | None:
        """The product, which every line needs."""
        text = self.text(Field.PRODUCT)
        column = self.table.column(Field.PRODUCT)
        if text is None and not any(column and f.column == column.header for f in self.faults):
            self._fault(column, "product.missing", "没有填写产品名称。请补上, 或删除这一行。", None)
        return text

    def check_formulas(self) -> None:
        """Note the cells of known columns that hold an error or a formula that was never computed."""
        for column in self.table.columns:
            if column.key not in self.row.broken:
                continue
            where, value = place(self.row.number - 1, column.index), self.row.broken[column.key]
            if value:
                message = f"单元格 {where} 的公式出错({value})。请改正公式或填写数值后重新上传。"
                self._fault(column, "cell.formula_error", message, value)
            else:
                message = f"单元格 {where} 的公式没有计算结果。请用 Excel 打开并保存一次, 或填写数值。"
                self._fault(column, "cell.formula_uncomputed", message, None)

    def _read(self, wanted: Field, read: Callable[[Cell, MappedColumn], T | None]) -> T | None:
        column, cell = self._cell(wanted)
        if column is None:
            return None
        try:
            return read(cell, column)
        except BadCell as bad:
            self._fault(column, bad.code, bad.message, cell)
            return None

    def _cell(self, wanted: Field) -> tuple[MappedColumn | None, Cell]:
        return self.table.column(wanted), self.row.cells.get(wanted)

    def _fault(self, column: MappedColumn | None, code: str, message: str, value: object) -> None:
        header = column.header if column else None
        said = None if value is None else shown(value)
        name = self.table.sheet.name
        self.faults.append(Fault(self.table.file, f"plan.{code}", message, name, self.row.number, header, said))
