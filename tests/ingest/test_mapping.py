"""Headers are recognised as people write them, guesses are told, and rows come out filled and without totals."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cell_values import BadCell, date_of, many_of, money_of, number_of, text_of
from ingest.columns import MappedColumn, MappedTable
from ingest.faults import RefusedFile
from ingest.headers import HeaderReader
from ingest.mapping import map_table
from ingest.plan_kind import PLAN
from ingest.sheets import Cell, Sheet
from ingest.table_kind import FieldSpec, TableKind
from ingest.table_rows import rows, skipped

FIRMS = TableKind(
    "firms",
    "企业",
    (
        FieldSpec("name", "企业名称", ("单位名称", "公司名称"), needed=True),
        FieldSpec("code", "统一社会信用代码", ("信用代码",)),
        FieldSpec("city", "所在市", ("设区市", "地市")),
        FieldSpec("revenue", "营业收入", ("年营业收入", "销售收入"), money=True),
        FieldSpec("capacity", "年产能", ("产能",), quantity=True),
    ),
)


def sheet(*lines: tuple[Cell, ...], name: str = "名单", **marks: object) -> Sheet:
    """A sheet of these rows, made rectangular."""
    width = max(map(len, lines))
    return Sheet(name, tuple((*line, *[None] * (width - len(line))) for line in lines), **marks)  # type: ignore[arg-type]


def mapped(*lines: tuple[Cell, ...], **marks: object) -> MappedTable:
    """The table of firms in such a sheet."""
    return map_table([sheet(*lines, **marks)], FIRMS, file="名单.xlsx")


def keys(table: MappedTable) -> dict[str, str]:
    """Which header each field was found under."""
    return {column.key: column.header for column in table.columns}


def codes(*sheets: Sheet, wanted: str | None = None) -> list[str]:
    """The codes with which the sheets are refused."""
    with pytest.raises(RefusedFile) as refused:
        map_table(sheets, FIRMS, file="名单.xlsx", sheet=wanted)
    return [fault.code for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("header", "key", "least", "most"),
    [
        ("企业名称", "name", 1.0, 1.0),
        ("单位名称", "name", 1.0, 1.0),
        (" 企 业 名 称＊", "name", 0.95, 0.95),
        ("企业名称（全称）", "name", 0.95, 0.95),
        ("1.企业名称", "name", 0.95, 0.95),
        ("申报企业名称", "name", 0.75, 0.9),
        ("企业名你", "name", 0.6, 0.85),
        ("统一社会信用代码（18位）", "code", 0.95, 0.95),
        ("统一社会信用编码", "code", 0.7, 0.86),
        ("年产能（万件）", "capacity", 0.95, 0.95),
    ],
)
def test_a_header_is_recognised_with_a_confidence_that_says_how(
    header: str, key: str, least: float, most: float
) -> None:
    guess = HeaderReader(FIRMS).read(header).guesses[0]
    assert guess.key == key
    assert least <= guess.confidence <= most


@given(st.text(max_size=80))
def test_any_text_can_stand_in_a_header(text: str) -> None:
    heading = HeaderReader(FIRMS).read(text)
    assert all(0 < guess.confidence <= 1 for guess in heading.guesses)


@given(st.sampled_from([name for spec in PLAN.fields for name in spec.names]), st.sampled_from(["", " ", "*", "："]))
def test_every_synonym_is_sure_however_it_is_decorated(name: str, decoration: str) -> None:
    heading = HeaderReader(PLAN).read(name + decoration)
    assert heading.guesses[0].confidence >= 0.95
    assert name in PLAN.field(heading.guesses[0].key).names


def test_a_guessed_header_is_told_and_an_unknown_one_too() -> None:
    table = mapped(("申报企业名称", "信用代码", "联络暗号"), ("示例甲公司", "x", "y"))
    assert keys(table) == {"name": "申报企业名称", "code": "信用代码"}
    assert [note for note in table.notes if "把握" in note and "「申报企业名称」" in note]
    assert "「联络暗号」 没有读取。" in table.notes
    assert [column.header for column in table.unknown] == ["联络暗号"]


def test_the_surer_column_gets_the_field() -> None:
    assert keys(mapped(("原企业名称", "企业名称"), ("旧", "新")))["name"] == "企业名称"


def test_title_rows_above_and_a_unit_line_are_understood() -> None:
    table = mapped(("江苏省企业名单",), ("单位：万元",), ("企业名称", "营业收入"), ("示例甲公司", 12))
    (row,) = rows(table)
    column = table.column("revenue")
    assert column is not None
    assert money_of(row.cells["revenue"], "revenue", column) == 120_000
    assert any("万元" in note and "营业收入" in note for note in table.notes)


def test_a_header_in_two_rows_is_read_with_its_groups() -> None:
    table = mapped(
        ("序号", "企业名称", "经营情况(万元)", None, "所在市"),
        (None, None, "营业收入", "产能", None),
        (1, "示例甲公司", 12, 5, "苏州市"),
        merged=((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4)),
    )
    assert (table.header_top, table.header_row) == (0, 1)
    assert set(keys(table)) == {"name", "revenue", "capacity", "city"}
    revenue, capacity = table.column("revenue"), table.column("capacity")
    assert revenue is not None
    assert capacity is not None
    assert (revenue.factor, capacity.factor) == (10_000.0, None)
    assert next(rows(table)).number == 3


def test_a_row_above_the_header_is_no_group_header() -> None:
    assert mapped(("单位: 万元",), ("企业名称", "产能"), ("示例甲公司", 3)).header_row == 1


def test_the_sheet_that_maps_best_is_read_and_a_tie_is_refused() -> None:
    short = sheet(("企业名称", "产能"), ("示例甲公司", 1), name="简表")
    full = sheet(("企业名称", "信用代码", "所在市", "营业收入（元）"), ("示例乙公司", "x", "苏州", 1), name="全表")
    table = map_table([short, full], FIRMS)
    assert table.sheet.name == "全表"
    assert "工作表 “简表” 的企业表头不如“全表”完整, 没有读取。" in table.notes
    assert map_table([short, full], FIRMS, sheet="简表").sheet.name == "简表"
    assert codes(full, sheet(*full.rows, name="另一张")) == ["firms.sheet.several"]
    assert codes(short, full, wanted="没有") == ["firms.sheet.unknown"]


def test_header_faults_carry_the_name_of_the_kind() -> None:
    assert codes(sheet(("信用代码", "所在市"), ("x", "苏州"))) == ["firms.header.name_missing"]
    assert codes(sheet(("企业名称", "公司名称", "所在市"), ("a", "b", "c"))) == ["firms.header.duplicate"]
    assert codes(sheet(("企业名称", "营业收入"), ("a", 3))) == ["firms.header.money_unit_missing"]
    assert codes(sheet(("你好",))) == ["firms.header.missing"]
    assert codes(Sheet("空", ())) == ["firms.sheet.empty"]
    assert codes(Sheet("藏", (), hidden=True)) == ["firms.sheet.all_hidden"]


def test_merged_cells_and_dittos_are_filled_from_above_and_said_to_be() -> None:
    table = mapped(
        ("企业名称", "所在市", "产能"),
        ("示例甲公司", "苏州市", 1),
        ("示例乙公司", None, 2),
        ("示例丙公司", "同上", 3),
        ("示例丁公司", "〃", 4),
        ("示例戊公司", '"', 5),
        merged=((1, 1, 2, 1),),
    )
    read = list(rows(table))
    assert [row.cells["city"] for row in read] == ["苏州市"] * 5
    assert [dict(row.filled) for row in read] == [{}, {"city": "合并"}, *[{"city": "同上"}] * 3]
    assert [row.original[1] for row in read] == ["苏州市"] * 5


def test_a_ditto_with_nothing_above_stays_and_is_refused_as_text() -> None:
    (row,) = rows(mapped(("企业名称", "所在市"), ("示例甲公司", "同上")))
    assert row.cells["city"] == "同上"
    with pytest.raises(BadCell) as bad:
        text_of(row.cells["city"])
    assert bad.value.code == "cell.ditto"


def test_totals_notes_section_titles_and_repeated_headers_are_skipped_and_told() -> None:
    table = mapped(
        ("序号", "企业名称", "产能"),
        ("一、苏州市",),
        (1, "示例甲公司", 1),
        ("小计", None, 1),
        ("序号", "企业名称", "产能"),
        (2, "示例乙公司", 2),
        (None, "合 计", 3),
        ("备注: 以上为示例",),
        ("填表人：某某", None, "审核人：某某"),
        merged=((1, 0, 1, 2),),
    )
    assert [row.cells["name"] for row in rows(table)] == ["示例甲公司", "示例乙公司"]
    assert [(row.number, row.why) for row in skipped(table)] == [
        (2, "说明行"),
        (4, "合计行"),
        (5, "重复的表头"),
        (7, "合计行"),
        (8, "说明行"),
        (9, "说明行"),
    ]


@pytest.mark.parametrize("product", ["注塑件", "说明书", "备用电源", "审核软件", "合计费器", "注射器"])
def test_a_product_that_begins_like_a_note_is_a_product(product: str) -> None:
    table = map_table([sheet(("物料名称", "需求数量"), (product, 5))], PLAN)
    assert [row.cells["product"] for row in rows(table)] == [product]


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    table = mapped(
        ("企业名称", "所在市"), ("示例甲公司", "苏州市"), hidden_rows=frozenset({1}), hidden_columns=frozenset({1})
    )
    assert next(rows(table)).cells["city"] == "苏州市"
    assert "隐藏的列 B 也读取了。" in table.notes
    assert "隐藏的行 2 也读取了。" in table.notes


def test_a_broken_formula_is_no_value() -> None:
    table = mapped(("企业名称", "产能"), ("示例甲公司", None), ("示例乙公司", 0), errors={"B2": "#REF!"})
    first, second = rows(table)
    assert (first.cells["capacity"], first.broken, first.original[1]) == (None, {"capacity": "#REF!"}, "#REF!")
    assert (second.cells["capacity"], second.broken) == (0, {})


def _column(factor: float | None = None, unit: str | None = None) -> MappedColumn:
    return MappedColumn(0, "产能", "capacity", 1.0, factor, unit)


@pytest.mark.parametrize(
    ("cell", "column", "value", "unit"),
    [
        ("500万件", None, 5_000_000, "件"),
        ("５００万件", None, 5_000_000, "件"),
        (5, _column(1e4, "件"), 50_000, "件"),
        ("5吨", _column(None, "件"), 5, "吨"),
        (5, _column(None, "吨/年"), 5, "吨/年"),
    ],
)
def test_units_inside_numbers_and_headers_are_applied(
    cell: Cell, column: MappedColumn | None, value: float, unit: str
) -> None:
    number = number_of(cell, "capacity", column)
    assert number is not None
    assert (number.value, number.unit) == (value, unit)


@pytest.mark.parametrize(
    ("cell", "factor", "cny"),
    [
        (12, 1e4, 120_000),
        ("12亿元", None, 1_200_000_000),
        ("3.5万元", 1.0, 35_000),
        ("480千元", None, 480_000),
        ("２百万元", None, 2_000_000),
        ("35", 1e8, 3_500_000_000),
    ],
)
def test_money_is_in_yuan_whatever_unit_it_was_in(cell: Cell, factor: float | None, cny: float) -> None:
    assert money_of(cell, "revenue", _column(factor)) == cny


@pytest.mark.parametrize(
    ("cell", "factor", "code"),
    [
        ("35万", 1e4, "revenue.unit_unclear"),
        ("35美元", 1e4, "revenue.unit_unknown"),
        ("35", None, "revenue.unit_missing"),
        ("面议", 1e4, "revenue.not_a_number"),
        (-1, 1e4, "revenue.not_positive"),
    ],
)
def test_money_that_has_two_readings_is_refused(cell: Cell, factor: float | None, code: str) -> None:
    with pytest.raises(BadCell) as bad:
        money_of(cell, "revenue", _column(factor))
    assert bad.value.code == code


def test_dates_and_lists_are_read_as_people_write_them() -> None:
    assert [date_of(cell) for cell in ("2026年3月", 46024, dt.date(2026, 1, 2), None)] == [
        "2026-03-31",
        "2026-01-02",
        "2026-01-02",
        None,
    ]
    assert many_of("甲、乙；甲\n丙") == ("甲", "乙", "丙")
    assert many_of("不限") == ()
    with pytest.raises(BadCell):
        date_of("下个月")


CELLS = st.one_of(st.none(), st.integers(-(10**9), 10**9), st.text(max_size=12), st.dates(), st.booleans())


@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), max_size=12))
def test_every_row_under_a_header_is_data_skipped_or_blank(body: list[list[Cell]]) -> None:
    cleaned = [tuple(None if isinstance(c, str) and not c.strip() else c for c in line) for line in body]
    try:
        table = map_table([sheet(("企业名称", "所在市", "产能"), *cleaned)], FIRMS)
    except RefusedFile:
        return
    read, passed = [row.number for row in rows(table)], [row.number for row in skipped(table)]
    blank = [n for n, line in enumerate(table.sheet.rows, start=1) if all(c is None for c in line)]
    below = range(table.header_row + 2, len(table.sheet.rows) + 1)
    assert sorted(read + passed + [n for n in blank if n in below]) == list(below)
