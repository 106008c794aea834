"""Registers of firms: a bad row never stops the good ones, every row is accounted for, keys are stable."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.keys import capability_key
from ingest.codes import firm_key, normal_name
from ingest.divisions import UnknownDivision, city_of, is_valid, name_of, table
from ingest.faults import RefusedFile
from ingest.firms_listed import read_listed_firms
from ingest.firms_register import read_register
from ingest.makes import is_made
from ingest.tiers import canonical_tier

LISTED = {
    "stock_code": "300809",
    "name": "华辰装备",
    "full_name": "华辰精密装备（昆山）股份有限公司",
    "division": "320583",
    "industry": "机床工具",
    "products": [
        {"name": "全自动数控轧辊磨床", "revenue_share": 0.896149},
        {"name": "平衡项目", "revenue_share": 0.120089},
        {"name": "法律", "revenue_share": None},
        {"name": "大型机械零件加工", "revenue_share": None},
        {"name": "备货件", "revenue_share": 2.5},
    ],
}
SMALL = {
    "name": "常州示例精锻有限公司",
    "division": "320412",
    "source": "synthetic",
    "tier": "专精特新",
    "certificates": ["ISO 9001", "IATF 16949"],
    "capabilities": [
        {"product": "齿轮锻件", "process": "温锻", "material": None, "capacity": 120, "lead_time_days": 30}
    ],
}


def lines(path: Path, *rows: dict[str, Any] | str) -> Path:
    """A file of JSON lines."""
    text = "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def test_a_listed_firm_has_a_capability_for_each_thing_that_it_makes(tmp_path: Path) -> None:
    parsed = read_listed_firms(lines(tmp_path / "firms.jsonl", LISTED))
    (firm,) = parsed.items
    assert (firm.name, firm.division, firm.synthetic) == ("华辰精密装备（昆山）股份有限公司", "320583", False)
    assert (firm.stock_code, firm.industry, firm.facts_year) == ("300809", "机床工具", "2021-2022")
    assert {c.product: c.revenue_share for c in firm.capabilities} == {
        "全自动数控轧辊磨床": 0.896149,
        "大型机械零件加工": None,
        "备货件": None,
    }
    assert firm.code == firm_key("华辰精密装备(昆山)股份有限公司", "320583")


@pytest.mark.parametrize(
    ("name", "share_known", "made"),
    [
        ("轮胎", True, True),
        ("轮胎销售业务", True, True),
        ("轮胎销售业务", False, False),
        ("汽车零部件及配件制造", False, True),
        ("汽车零配件零售", False, False),
        ("信息系统集成服务", False, False),
        ("污水处理设备", False, True),
        ("设备租赁", False, False),
        ("普通货物运输", False, False),
        ("电气设备修理", False, False),
        ("投资顾问", False, False),
        ("ERP软件", True, True),
        ("平衡项目", True, False),
        ("技术服务", True, False),
        ("【需资质证", False, False),
        ("配件", True, False),
    ],
)
def test_services_trade_and_accounting_are_not_things_that_a_firm_makes(
    name: str, share_known: bool, made: bool
) -> None:
    assert is_made(name, share_known=share_known) is made


def test_a_small_firm_keeps_its_capabilities_as_given(tmp_path: Path) -> None:
    (firm,) = read_register(lines(tmp_path / "sme.jsonl", SMALL)).items
    (capability,) = firm.capabilities
    assert (firm.tier, firm.certificates, firm.synthetic) == ("专精特新", ("IATF 16949", "ISO 9001"), True)
    assert (capability.product, capability.process, capability.material) == ("齿轮锻件", "温锻", None)
    assert (capability.capacity, capability.lead_time_days, capability.firm_code) == (120.0, 30.0, firm.code)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "常州精锻有限公司"}, "firm.synthetic_unmarked"),
        ({"source": "register"}, "firm.synthetic_unmarked"),
        ({"source": None}, "row.field_missing"),
        ({"division": "320499"}, "division.unknown"),
        ({"division": 320412}, "row.not_text"),
        ({"tier": "大公司"}, "tier.unknown"),
        ({"certificates": "ISO"}, "row.not_a_list"),
        ({"capabilities": []}, "firm.capabilities_missing"),
        ({"capabilities": [{"process": "温锻"}]}, "row.field_missing"),
        ({"capabilities": [{"product": "锻件", "capacity": "120"}]}, "row.not_a_number"),
        ({"capabilities": [{"product": "锻件", "capacity": -1}]}, "row.not_a_number"),
        ({"capabilities": [{"product": "锻件"}, {"product": "锻件", "capacity": 1}]}, "firm.capability_twice"),
        ({"name": "示例\u0000"}, "row.control_character"),
    ],
)
def test_a_bad_row_is_rejected_by_name_and_the_good_ones_go_on(
    tmp_path: Path, change: dict[str, Any], code: str
) -> None:
    parsed = read_register(lines(tmp_path / "sme.jsonl", SMALL | change, SMALL))
    assert [(f.code, f.row) for f in parsed.faults] == [(code, 1)]
    assert (len(parsed.items), parsed.rows_read) == (1, 2)


def test_what_is_not_json_is_rejected_row_by_row(tmp_path: Path) -> None:
    path = lines(tmp_path / "sme.jsonl", "{", "[1]", "", "9" * 5000, SMALL)
    with path.open("ab") as file:
        file.write(b'{"name": "\xff"}\n' + b'"' + b"x" * 2**21 + b'"\n')
    parsed = read_register(path)
    assert [(f.row, f.code) for f in parsed.faults] == [
        (1, "row.not_json"),
        (2, "row.not_an_object"),
        (4, "row.not_json"),
        (6, "row.not_utf8"),
        (7, "row.too_long"),
    ]
    assert parsed.rows_read == len(parsed.items) + len(parsed.faults) == 6


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match=r"file\.missing"):
        read_register(tmp_path / "none.jsonl")


def test_two_rows_of_one_firm_are_two_statements_about_it(tmp_path: Path) -> None:
    parsed = read_register(lines(tmp_path / "a.jsonl", SMALL, SMALL | {"tier": "小巨人"}))
    assert [(f.tier, f.origin.row if f.origin else 0) for f in parsed.items] == [("专精特新", 1), ("小巨人", 2)]
    assert len({f.code for f in parsed.items}) == 1
    assert parsed.rows_read == 2


@given(st.text("常州示例精锻（）() 　有限公司ABＡab", min_size=1, max_size=20))
def test_the_key_of_a_firm_does_not_depend_on_spaces_width_or_case(name: str) -> None:
    spaced = "　".join(name).lower()
    assert firm_key(spaced, "3204") == firm_key(name, "3204")
    assert normal_name(normal_name(name)) == normal_name(name)
    assert firm_key(name, "3204") != firm_key(name, "3205")


def test_keys_are_pinned_for_ever() -> None:
    assert firm_key("常州示例精锻有限公司", "320412") == "firm-189ccae44cd033bdd7045c4a"
    assert capability_key("firm-x", "齿轮锻件", None, " a ") == "cap-26faccc09a7b7b0205a789e3"


def test_divisions_of_jiangsu_are_known_by_code() -> None:
    assert (name_of("320583"), name_of("3205"), name_of("32")) == ("苏州市昆山市", "苏州市", "江苏省")
    assert city_of("320583") == city_of("3205") == "3205"
    assert is_valid("320412")
    assert not is_valid("330100")
    assert len([code for code in table() if len(code) == 4]) == 13
    for wrong in ("32", "3299", "320599", ""):
        with pytest.raises(UnknownDivision):
            city_of(wrong)


@pytest.mark.parametrize(
    ("written", "tier"),
    [
        ("专精特新中小企业", "专精特新"),
        ("专精特新“小巨人”企业", "小巨人"),
        ("国家级专精特新小巨人企业", "小巨人"),
        ("制造业单项冠军企业", "单项冠军"),
        ("创新型中小企业", "创新型"),
        ("大公司", None),
        ("非专精特新", None),
    ],
)
def test_tiers_have_one_spelling(written: str, tier: str | None) -> None:
    assert canonical_tier(written) == tier
