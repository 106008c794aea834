"""Who a row is about (企业身份): name, USCC and place, checked alike in every kind of list."""

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.addresses import locate
from ingest.codes import firm_key
from ingest.divisions import is_valid, nation
from ingest.firms_register import EXAMPLE_MARK
from ingest.kinds.row import RowReader
from ingest.table_kind import FieldSpec
from ingest.uscc import FAULTS, normal_uscc, uscc_fault

NAME = FieldSpec(
    "name",
    "企业名称",
    (
        "单位名称",
        "公司名称",
        "企业全称",
        "单位全称",
        "名称",
        "企业",
        "申报企业",
        "申报单位",
        "入选企业",
        "企业(单位)名称",
        "name",
        "company",
    ),
    needed=True,
    note="营业执照上的全称。",
    examples=("苏州示例精密机械有限公司", "常州示例轴承有限公司"),
)
USCC = FieldSpec(
    "uscc",
    "统一社会信用代码",
    ("信用代码", "社会信用代码", "统一信用代码", "企业代码", "统一社会信用代码(18位)", "纳税人识别号", "税号"),
    note="18 位。没有时留空; 校验位不对的会保留并提示。",
    examples=("", ""),
)
CITY = FieldSpec(
    "city",
    "设区市",
    (
        "市",
        "所在市",
        "地市",
        "所属市",
        "城市",
        "地区",
        "所在地区",
        "所属地区",
        "区域",
        "推荐单位所在市",
        "属地",
        "所在地市",
        "设区的市",
    ),
    note="如苏州市。",
    examples=("苏州市", "常州市"),
)
COUNTY = FieldSpec(
    "county",
    "县(市、区)",
    (
        "县市区",
        "区县",
        "县区",
        "所在区县",
        "县(市)区",
        "县(市/区)",
        "所属区县",
        "县(区、市)",
        "市(县、区)",
        "区(县)",
        "所在县区",
        "板块",
        "县级",
    ),
    note="如昆山市; 开发区也可以。",
    examples=("昆山市", "武进区"),
)
ADDRESS = FieldSpec(
    "address",
    "地址",
    (
        "注册地址",
        "企业地址",
        "住所",
        "生产地址",
        "经营地址",
        "详细地址",
        "通讯地址",
        "单位地址",
        "生产经营地址",
        "公司地址",
        "注册地",
        "所在地",
    ),
    examples=("江苏省昆山市示例路1号", ""),
)
PLACE_FIELDS = (CITY, COUNTY, ADDRESS)
COUNTY_DIGITS = 6
_MASKED = re.compile(r"[*＊×]|某某")
_NAME = re.compile(r"[一-鿿A-Za-z]")


@dataclass(frozen=True, slots=True)
class FirmIdentity:
    """A firm as a row names it. `code` is the USCC where it is sound, else derived from name and division."""

    code: str
    name: str
    division: str
    uscc: str | None
    address: str | None
    flags: tuple[str, ...]


def identity_of(row: RowReader, *, synthetic: bool) -> FirmIdentity | None:
    """Who the row is about; None with a fault where it names nobody. Codes that look wrong are flagged and kept."""
    name = row.needed("name", 120)
    if name and _MASKED.search(name):
        row.refuse("name", "name.masked", "名称被 * 遮盖, 不知道是哪一家。请填写全称。")
    elif name and not _NAME.search(name):
        row.refuse("name", "name.not_a_name", "不是企业名称。请填写营业执照上的全称。")
    if name and synthetic != (EXAMPLE_MARK in name):
        row.refuse("name", "synthetic_unmarked", _unmarked(synthetic))
    uscc, address = row.text("uscc", 60), row.text("address", 300)
    flags: set[str] = set()
    if uscc is not None:
        uscc = normal_uscc(uscc)
        if fault := uscc_fault(uscc):
            flags.add(fault)
            row.flag("uscc", fault, f"{FAULTS[fault]}原样保留。")
    division = _division(row, address, flags)
    if not name:
        return None
    sound = uscc is not None and not any(flag.startswith("uscc.") for flag in flags)
    code = uscc if sound and uscc else firm_key(name, division)
    return FirmIdentity(code, name, division, uscc, address, tuple(sorted(flags)))


def _division(row: RowReader, address: str | None, flags: set[str]) -> str:
    """The place that the columns name, made closer by the address where both agree."""
    city, county = row.text("city", 60), row.text("county", 60)
    by_place = _located(row, "county" if county else "city", (city or "") + (county or ""), flags)
    if len(by_place) == COUNTY_DIGITS and address and nation()[by_place] in address:
        return by_place
    by_address = _located(row, "address", address or "", flags)
    if not by_place or by_address.startswith(by_place):
        return by_address or by_place
    if by_address and not by_place.startswith(by_address):
        flags.add("division.conflict")
        row.flag("address", "division.conflict", "地址与所填市、县不在同一处, 以市、县为准。请核对。")
    return by_place


def _located(row: RowReader, key: str, text: str, flags: set[str]) -> str:
    if not text:
        return ""
    if re.fullmatch(r"\d{2}(\d{2}){0,2}", text):
        if text[:2] != "32" or is_valid(text):
            return text
    elif division := _place(text) if key != "address" else _address(text):
        return division
    if key != "address":
        flags.add("division.unknown")
        row.flag(key, "division.unknown", "不认识这个地名, 企业已保留, 所在地未知。请核对。")
    return ""


@lru_cache(maxsize=4096)
def _place(text: str) -> str:
    """The division of a place, remembered, for a list names the same few over and over."""
    return _address(text)


def _address(text: str) -> str:
    found = locate(text)
    return found.division if found else ""


def _unmarked(synthetic: bool) -> str:
    if synthetic:
        return f"示例数据的企业名称里要有“{EXAMPLE_MARK}”。请加上, 或去掉 --synthetic。"
    return f"名称含“{EXAMPLE_MARK}”, 但没有说明是示例数据。请改正名称, 或加上 --synthetic。"
