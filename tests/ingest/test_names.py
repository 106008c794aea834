"""A firm's name is taken apart the same way however a file spells it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.hanzi import alike, looks_alike, simplified, sounds_alike
from ingest.names import clean_name, spelt
from ingest.trades import brand_length, is_trade


@pytest.mark.parametrize(
    ("name", "place", "core", "trade", "form"),
    [
        ("江苏示例液压股份有限公司", "江苏", "示例", "液压", "股份有限公司"),
        ("江苏省示例液压股份有限公司", "江苏", "示例", "液压", "股份有限公司"),
        ("江蘇示例電子科技有限公司", "江苏", "示例", "电子科技", "有限公司"),
        ("江苏省苏州市昆山市示例机械有限责任公司", "昆山", "示例", "机械", "有限责任公司"),
        ("示例精密装备（昆山）股份有限公司", "昆山", "示例", "精密装备", "股份有限公司"),
        ("示例精密装备昆山股份有限公司", "昆山", "示例", "精密装备", "股份有限公司"),
        ("苏州工业园区示例电气有限公司", "苏州工业园", "示例", "电气", "有限公司"),
        ("无锡新区示例电气有限公司", "新吴", "示例", "电气", "有限公司"),
        ("示例科技集团有限公司", "", "示例", "科技", "有限公司"),
        ("内蒙古示例煤业有限公司", "内蒙古", "示例", "煤业", "有限公司"),
        ("示例东方平安有限公司", "", "示例东方平安", "", "有限公司"),
        ("东方示例电子有限公司", "", "东方示例", "电子", "有限公司"),
        ("盐城示例 股 份 有 限 公 司", "盐城", "示例", "", "股份有限公司"),
        ("盐城示例机械股分有限公司", "盐城", "示例", "机械", "股份有限公司"),
        ("盐城示例机械股份有限公可", "盐城", "示例", "机械", "股份有限公司"),
        ("盐城示例机械有线公司", "盐城", "示例", "机械", "有限公司"),
        ("盐城示例机械股股份有限公司", "盐城", "示例", "机械", "股份有限公司"),
        ("盐城示例机械股份份有限公司", "盐城", "示例", "机械", "股份有限公司"),
        ("盐城示例投资控股股份有限公司", "盐城", "示例", "投资控股", "股份有限公司"),
        ("盐城示例阀门厂", "盐城", "示例", "阀门", "厂"),
        ("盐城示例阀门", "盐城", "示例", "阀门", ""),
        ("1、盐城示例阀门有限公司", "盐城", "示例", "阀门", "有限公司"),
        ("3. 企业名称：盐城示例阀门有限公司（盖章）", "盐城", "示例", "阀门", "有限公司"),
        ("“盐城示例阀门有限公司”", "盐城", "示例", "阀门", "有限公司"),
        ("", "", "", "", ""),
        ("公司", "", "公司", "", ""),
    ],
)
def test_a_name_has_a_place_a_brand_a_trade_and_a_form(name: str, place: str, core: str, trade: str, form: str) -> None:
    parts = spelt(name)
    assert (parts.place, parts.core, parts.trade, parts.form) == (place, core, trade, form)


@pytest.mark.parametrize(
    ("name", "former"),
    [
        ("江苏示例液压有限公司（原名：常州示例液压件厂）", ("常州示例液压件厂",)),
        ("江苏示例液压有限公司(原常州示例液压件厂)", ("常州示例液压件厂",)),
        ("江苏示例液压有限公司【曾用名：示例（常州）液压有限公司】", ("示例(常州)液压有限公司",)),
        ("江苏示例液压有限公司 原名 常州示例液压有限公司", ("常州示例液压有限公司",)),
        ("常州示例液压件厂（现更名为江苏示例液压有限公司）", ("常州示例液压件厂",)),
        ("江苏示例液压有限公司（原料药）", ()),
    ],
)
def test_former_names_are_told_from_the_present_one(name: str, former: tuple[str, ...]) -> None:
    parts = spelt(name)
    assert parts.former == former
    assert parts.key.startswith("示例液压")


@pytest.mark.parametrize(
    ("name", "branch", "group"),
    [
        ("江苏示例液压股份有限公司苏州分公司", "苏州分公司", False),
        ("江苏示例液压股份有限公司(南京办事处)", "南京办事处", False),
        ("江苏示例液压集团有限公司", "", True),
        ("江苏示例液压(集团)股份有限公司", "", True),
        ("江苏示例液压集困股份有限公司", "", True),
        ("江苏示例液压股份有限公司", "", False),
    ],
)
def test_branches_and_groups_are_marked(name: str, branch: str, group: bool) -> None:
    parts = spelt(name)
    assert (parts.branch, parts.group, parts.key) == (branch, group, "示例液压")


def test_a_second_place_makes_another_name() -> None:
    assert spelt("苏州示例电子(南京)有限公司").key != spelt("苏州示例电子有限公司").key
    assert spelt("示例电子(中国)有限公司").key != spelt("示例电子有限公司").key


NAMES = st.text("江苏省常州市示例电子科技（）() 　有限公司股份集团厂原名：ABＡab1、", max_size=24)


@given(NAMES)
def test_cleaning_twice_is_cleaning_once(name: str) -> None:
    assert clean_name(clean_name(name)) == clean_name(name)


@given(NAMES)
def test_width_and_spaces_do_not_matter(name: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
    assert spelt(wide) == spelt(name)
    assert spelt(name + "　") == spelt("\u00a0" + name)


@given(st.text(max_size=40))
def test_any_text_has_parts(name: str) -> None:
    parts = spelt(name)
    assert parts.whole == parts.place + parts.core + parts.trade


def test_characters_that_are_taken_for_one_another_are_known() -> None:
    assert sounds_alike("恒", "衡")
    assert sounds_alike("新", "星")
    assert looks_alike("械", "诫")
    assert looks_alike("未", "末")
    assert alike("国", "囯")
    assert not alike("东", "南")
    assert simplified("電機設備") == "电机设备"


def test_the_trade_begins_where_known_words_begin() -> None:
    assert brand_length("恒立精密机械") == 2
    assert brand_length("精密机械") == 2
    assert brand_length("恒立某某") == 4
    assert is_trade("精密机械")
    assert not is_trade("精密机诫")
