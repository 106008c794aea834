"""The firm register as a table: units, codes and free text as offices write them, every fault of it at once."""

from pathlib import Path
from typing import Any

import pytest

from graph.model import ChainRole, Firm, Membership
from ingest.codes import firm_key
from ingest.kinds.chain_names import ChainNames
from ingest.kinds.reading import Reading
from ingest.register_table import RegisterSaid, read_register_table
from tests.ingest.firm_tables import REGISTER_HEADER, REGISTER_ROW, USCC, register, table

SAID = RegisterSaid(ChainNames({"rail": "轨道交通装备", "cnc": "高档数控机床"}), synthetic=True)


def read(path: Path, *rows: dict[str, Any]) -> Reading[Firm]:
    return read_register_table(register(path / "名录.xlsx", *rows), SAID)


def only(path: Path, **row: Any) -> Firm:
    reading = read(path, row)
    assert reading.faults == ()
    return reading.items[0]


def test_a_row_of_the_register_is_a_firm_with_all_that_it_says(tmp_path: Path) -> None:
    firm = only(tmp_path, 统一社会信用代码=USCC)
    assert (firm.code, firm.uscc, firm.division) == (USCC, USCC, "320583")
    assert (firm.staff, firm.revenue_cny, firm.tier) == (120, 86_000_000.0, "专精特新")
    assert firm.certificates == ("IATF 16949", "ISO 9001")
    assert (firm.industry, firm.classes) == ("齿轮及齿轮减、变速箱制造", ("C3453",))
    assert {c.product for c in firm.capabilities} == {"谐波减速器", "伺服电机", "减速器"}
    assert firm.flags == ()


def test_a_firm_without_a_code_is_keyed_by_name_and_place(tmp_path: Path) -> None:
    assert only(tmp_path).code == firm_key("苏州示例精密机械有限公司", "320583")


@pytest.mark.parametrize(
    ("change", "flag"),
    [
        ({"统一社会信用代码": USCC[:-1] + "P"}, "uscc.check_digit"),
        ({"统一社会信用代码": "9132058"}, "uscc.length"),
        ({"设区市": "火星市", "县（市、区）": None, "地址": None}, "division.unknown"),
        ({"地址": "南京市鼓楼区示例路1号"}, "division.conflict"),
        ({"所属行业": "C9999"}, "class.unknown"),
        ({"称号": "优秀企业"}, "tier.unknown"),
        ({"所属产业链": "糖果产业链"}, "chain.unknown"),
    ],
)
def test_what_looks_wrong_is_flagged_and_kept(tmp_path: Path, change: dict[str, Any], flag: str) -> None:
    reading = read(tmp_path, change)
    assert reading.faults == ()
    assert flag in reading.items[0].flags
    assert [told.code for told in reading.flags] == [f"register.{flag}"]


def test_a_wrong_code_is_no_key_but_stays_on_record(tmp_path: Path) -> None:
    firm = only(tmp_path, 统一社会信用代码=USCC[:-1] + "P")
    assert firm.code == firm_key(firm.name, firm.division)
    assert firm.uscc == USCC[:-1] + "P"


@pytest.mark.parametrize(
    ("written", "cny"),
    [("1.2亿元", 1.2e8), ("8600万元", 8.6e7), ("８，６００", 8.6e7), (8600.5, 86_005_000.0), (None, None)],
)
def test_money_is_read_with_its_own_unit_or_the_header_s(tmp_path: Path, written: Any, cny: float | None) -> None:
    assert only(tmp_path, **{"营业收入（万元）": written}).revenue_cny == cny


@pytest.mark.parametrize(
    ("written", "classes"),
    [
        ("C3453", ("C3453",)),
        ("3453", ("C3453",)),
        (3453, ("C3453",)),
        ("C3453 齿轮及齿轮减、变速箱制造", ("C3453",)),
        ("齿轮及齿轮减、变速箱制造", ("C3453",)),
        ("34", ("C34",)),
    ],
)
def test_an_industry_is_a_code_or_a_name(tmp_path: Path, written: Any, classes: tuple[str, ...]) -> None:
    assert only(tmp_path, 所属行业=written).classes == classes


def test_one_product_takes_the_details_of_its_row_and_several_do_not(tmp_path: Path) -> None:
    details = {"主要工艺": "温锻", "规格范围": "模数1-6", "应用领域": "机器人", "年产能": "5万台", "经营范围": None}
    (one,) = only(tmp_path, 主要产品="齿轮锻件", **details).capabilities
    assert (one.process, one.spec, one.application) == ("温锻", "模数1-6", "机器人")
    assert (one.capacity, one.capacity_unit, one.capacity_period) == (50_000.0, "台", "年")
    several = only(tmp_path, 主要产品="齿轮锻件、轴", **details).capabilities
    assert {(c.process, c.spec, c.application, c.capacity) for c in several} == {(None, None, "机器人", None)}


def test_chains_are_known_by_the_names_that_people_give_them(tmp_path: Path) -> None:
    firm = only(tmp_path, 所属产业链="轨道交通装备产业链、高档数控机床", 链上角色="链主企业")
    assert firm.memberships == (Membership("cnc", ChainRole.LEAD), Membership("rail", ChainRole.LEAD))


def test_every_fault_of_every_row_is_told_at_once(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        {"企业名称": None, "从业人员数": "一百多", "营业收入（万元）": "保密"},
        {},
        {"数据年度": "去年", "企业名称": "常州真名机械有限公司"},
    )
    assert [(f.row, f.column, f.code) for f in reading.faults] == [
        (3, "企业名称", "register.name.missing"),
        (3, "从业人员数", "register.staff.not_a_number"),
        (3, "营业收入（万元）", "register.revenue.not_a_number"),
        (5, "企业名称", "register.synthetic_unmarked"),
        (5, "数据年度", "register.year.not_a_year"),
    ]
    assert (reading.rows_read, reading.accepted, len(reading.rejected)) == (3, 1, 2)


def test_a_csv_in_gb18030_reads_as_the_workbook_does(tmp_path: Path) -> None:
    path = tmp_path / "名录.csv"
    cells = [["" if cell is None else str(cell) for cell in row] for row in (REGISTER_HEADER, REGISTER_ROW)]
    path.write_bytes("\n".join(",".join(f'"{cell}"' for cell in row) for row in cells).encode("gb18030"))
    (from_csv,), (from_book,) = read_register_table(path, SAID).items, read(tmp_path, {}).items
    assert from_csv.capabilities == from_book.capabilities
    assert (from_csv.code, from_csv.revenue_cny) == (from_book.code, from_book.revenue_cny)


def test_notes_and_totals_under_the_table_are_no_firms(tmp_path: Path) -> None:
    path = table(tmp_path / "名录.xlsx", REGISTER_HEADER, REGISTER_ROW, notes=("合计", "注：数据截至2025年底"))
    reading = read_register_table(path, SAID)
    assert (reading.rows_read, reading.accepted) == (1, 1)
    assert sum("没有读取" in note and "行是" in note for note in reading.notes) == 2
