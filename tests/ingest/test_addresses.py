"""An address is placed in the smallest division that its words show for certain, and nowhere when they do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.addresses import locate
from ingest.divisions import NO_NAME, common_ancestor, is_valid, name_of, nation, rows_of, short_code
from ingest.gazetteer import county_of_zone, divisions_by_name, short_name

ADDRESSES = [
    # written in full
    ("江苏省苏州市昆山市玉山镇城北中路1号", "320583"),
    ("江苏省昆山市周市镇", "320583"),
    ("昆山市花桥镇绿地大道", "320583"),
    ("江苏省南京市江宁区秣陵街道", "320115"),
    ("南京市鼓楼区中山北路", "320106"),
    ("江苏省徐州市鼓楼区琵琶街道", "320302"),
    ("江苏省连云港市赣榆区青口镇", "320707"),
    ("盐城市东台市", "320981"),
    ("淮安市淮安区", "320803"),
    ("泰州市姜堰区罗塘街道", "321204"),
    # short forms
    ("苏州昆山", "320583"),
    ("江苏常熟", "320581"),
    ("江苏 张家港", "320582"),
    ("常州武进湖塘", "320412"),
    ("无锡江阴临港", "320281"),
    ("武进", "320412"),
    ("沭阳", "321322"),
    ("南通", "3206"),
    ("江苏", "32"),
    ("中国江苏省无锡市", "3202"),
    # zones
    ("昆山开发区前进东路", "320583"),
    ("昆山高新区", "320583"),
    ("江苏省昆山经济技术开发区", "320583"),
    ("苏州工业园区星湖街328号", "320576"),
    ("苏州市工业园区", "320576"),
    ("中国(江苏)自由贸易试验区苏州片区苏州工业园区", "320576"),
    ("苏州高新区科技城", "320505"),
    ("苏州新区", "320505"),
    ("苏州太湖国家旅游度假区", "3205"),
    ("苏州市太湖旅游度假区", "320506"),
    ("无锡新吴区", "320214"),
    ("无锡新区", "320214"),
    ("无锡高新技术产业开发区", "320214"),
    ("无锡经济开发区华庄街道", "320211"),
    ("南京江北新区", "3201"),
    ("南京经济技术开发区", "320113"),
    ("江宁开发区", "320115"),
    ("江苏武进高新技术产业开发区", "320412"),
    ("常州国家高新技术产业开发区", "320411"),
    ("常州经济开发区", "320412"),
    ("南通经济技术开发区通盛大道", "320671"),
    ("南通市开发区", "320671"),
    ("连云港经开区", "320771"),
    ("徐州高新区", "320312"),
    ("镇江新区", "321171"),
    ("镇江新区大港", "321171"),
    ("扬州化学工业园区", "321081"),
    ("泰州医药高新区", "321203"),
    ("宿迁苏州宿迁工业园区", "321302"),
    ("张家港保税区", "320582"),
    ("太仓港经济技术开发区", "320585"),
    ("江阴高新技术产业开发区", "320281"),
    ("盐城环保科技城", "3209"),
    # streets and towns inside a known city, but not where two counties of it have one
    ("苏州市木渎镇", "320506"),
    ("苏州市甪直镇", "320506"),
    ("常州市横林镇", "320412"),
    ("无锡市硕放街道", "320214"),
    ("江苏省硕放街道", "320214"),
    ("硕放街道", None),
    # former counties
    ("江苏省丹徒县", "321112"),
    ("江苏省武进市湖塘镇", "320412"),
    ("吴县市", "3205"),
    ("江都市", "321012"),
    ("铜山县", "320312"),
    ("通州市", "320612"),
    ("连云港赣榆县", "320707"),
    ("金坛市", "320413"),
    ("南京市溧水县", "320117"),
    ("南京高淳县", "320118"),
    ("姜堰市", "321204"),
    ("大丰市", "320904"),
    ("洪泽县", "320813"),
    ("海门市", "320614"),
    ("南通市港闸区", "320613"),
    ("南通市崇川区", "320613"),
    ("吴江市盛泽镇", "320509"),
    ("锡山市", "3202"),
    ("无锡市南长区", "320213"),
    ("淮阴市清浦区", "320812"),
    ("邗江县", "321003"),
    # ambiguous
    ("鼓楼区", "32"),
    ("江苏省鼓楼区", "32"),
    ("通州区", "320612"),
    ("朝阳区", None),
    ("徐州市东海县", "32"),
    # roads and other things that only sound like places
    ("南京市江宁区上海路12号", "320115"),
    ("苏州市北京东路5号", "3205"),
    ("无锡市江阴路8号", "3202"),
    ("东海路100号", None),
    ("江苏省南京市建邺区江东中路", "320105"),
    # elsewhere
    ("浙江省杭州市余杭区", "330110"),
    ("浙江慈溪", "330282"),
    ("义乌市", "330782"),
    ("上海市浦东新区张江镇", "310115"),
    ("北京市朝阳区", "110105"),
    ("北京通州区", "110112"),
    ("广东省深圳市", "4403"),
    ("吉林省吉林市", "2202"),
    ("内蒙古自治区包头市", "1502"),
    ("内蒙古包头", "1502"),
    ("西藏拉萨", "5401"),
    ("广西柳州", "4502"),
    ("湖北省恩施州恩施市", "422801"),
    ("新疆昌吉", "6523"),
    # spelling
    ("　江苏省 苏州市　昆山市 ", "320583"),
    ("地址：江苏省扬中市", "321182"),
    ("215300江苏省昆山市", "320583"),
    ("320583", "320583"),
    ("320500", "3205"),
    ("320000", "32"),
    ("320599", None),
    ("", None),
    ("不详", None),
    ("德国慕尼黑", None),
]


@pytest.mark.parametrize(("address", "division"), ADDRESSES)
def test_an_address_is_placed_where_its_words_say(address: str, division: str | None) -> None:
    found = locate(address)
    assert (found.division if found else None) == division


@pytest.mark.parametrize("address", ["鼓楼区", "通州区", "武进"])
def test_a_caller_from_elsewhere_gets_no_answer_from_jiangsu_for_a_bare_name_that_others_share(address: str) -> None:
    found = locate(address, home="")
    assert found is None or len(divisions_by_name()[address]) == 1


def test_the_word_that_decided_is_told() -> None:
    found = locate("江苏省昆山市玉山镇")
    assert found is not None
    assert found.matched == "昆山市"


NAMED = sorted(code for code, name in nation().items() if name not in NO_NAME)


def full_name(code: str) -> str:
    """The names of all levels of a division, as an envelope has them."""
    levels = [code[:length] for length in (2, 4, 6) if length <= len(code)]
    return "".join(nation()[level] for level in levels if nation()[level] not in NO_NAME)


def test_every_division_is_found_by_its_full_name() -> None:
    # A city without counties has a row of its own among the counties (儋州市, 嘉峪关市), and is found as the city.
    alone = {code for code in NAMED if len(code) == 6 and nation()[code] == nation()[code[:4]]}
    wanted = {code: code[:4] if code in alone else code for code in NAMED}
    missed = {code for code in NAMED if (found := locate(full_name(code))) is None or found.division != wanted[code]}
    assert missed == set()


@given(st.sampled_from(NAMED), st.text("昆山苏州江宁鼓楼区市县路街道开发新北京上海0123号", max_size=12))
def test_what_follows_never_moves_an_address_out_of_the_county_it_names(code: str, rest: str) -> None:
    if len(code) == 6 and nation()[code] != nation()[code[:4]]:
        found = locate(full_name(code) + rest)
        assert found is not None
        assert found.division == code


@given(st.text(max_size=40))
def test_any_text_gets_a_division_that_exists_or_none(text: str) -> None:
    found = locate(text)
    assert found is None or is_valid(found.division)


@given(st.text("江苏省南京无锡徐州昆山武进区市县鼓楼通新高开发园路镇街道", max_size=14), st.integers(0, 14))
def test_spaces_do_not_matter(text: str, at: int) -> None:
    assert locate(text[:at] + "　" + text[at:]) == locate(text)


@given(st.lists(st.sampled_from(NAMED), min_size=1, max_size=4))
def test_the_common_ancestor_holds_all(codes: list[str]) -> None:
    found = common_ancestor(codes)
    assert all(code.startswith(found) for code in codes)
    assert found == "" or is_valid(found)
    assert common_ancestor([codes[0]]) == codes[0]


def test_the_tables_name_only_divisions_that_exist() -> None:
    for row in (*rows_of("divisions_former.csv"), *rows_of("divisions_zones.csv")):
        assert is_valid(row["city"])
        assert row["code"].startswith(row["city"])
        assert is_valid(row["code"])
    assert all(is_valid(row["county"]) for row in rows_of("divisions_streets.csv"))
    assert len(county_of_zone()) == len(list(rows_of("divisions_zones.csv")))


def test_names_are_told_as_an_address_gives_them() -> None:
    assert name_of("330282") == "浙江省宁波市慈溪市"
    assert name_of("110105") == "北京市朝阳区"
    assert name_of("11") == "北京市"
    assert short_code("320000") == "32"
    assert short_name("恩施土家族苗族自治州") == "恩施"
    assert short_name("沛县") == "沛县"
