"""A notice says what is bought in its own words, and nothing of the people in it is kept."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import PlanKind
from ingest.contacts import without_contacts
from ingest.notice_text import needs_of
from ingest.notices import read_notices
from tests.ingest.test_registers import lines

NOTICE = {
    "id": "tower-1",
    "operator": "中国铁塔",
    "region": "浙江",
    "date": "2026-07-01",
    "title": "中国铁塔股份有限公司浙江省分公司2026-2027年不锈钢板微机柜集中采购项目(第二次)询比（比选）公告",
    "purchaseContent": "公告未明确列示",
    "deadline": "2026年07月16日09时30分",
    "url": "https://example.com/1",
}


@pytest.mark.parametrize(
    ("title", "need"),
    [
        (NOTICE["title"], "不锈钢板微机柜"),
        ("福建移动征集泉州分公司2025年员工户外工作鞋采购项目采购技术规范等文件意见的公告", "员工户外工作鞋"),
        ("关于征集中国移动江西公司2026年-2028年防盗门采购项目技术规范及技术评分表相关文件意见的公告", "防盗门"),
        ("中国移动江西公司2026年-2028年多频合路器集中采购项目_询比公告", "多频合路器"),
        ("中国电信江西公司2026年光缆分光分纤盒产品集中采购项目招标公告（第二次）", "光缆分光分纤盒"),
        ("铁塔能源有限公司江西分公司2026年三轮车电池充电器项目（二次）--比选公告", "三轮车电池充电器"),
        ("中国铁塔泉州市分公司2026年移动式液压升降塔比选公告", "移动式液压升降塔"),
        ("2026年中国联通温州市分公司移动式柴油发电机组采购询比采购公告", "移动式柴油发电机组"),
        ("江西公司2026年-2028年核心机楼低压成套开关设备集中采购项目招标公告", "低压成套开关设备"),
        ("关于征集中国移动江西公司2026年-2028年机房防静电地板集中采购项目意见的公告", "机房防静电地板"),
        ("中国电信南昌分公司2026-2028年水泥电杆及配套产品集中采购项目询比公告", "水泥电杆"),
        ("福建移动征集2026-2027年（12个月）城域网QKD设备项目采购技术规范等文件意见的公告", "城域网QKD设备"),
        ("福建移动征集莆田分公司2025-2027年（24个月）自有铁塔整治项目技术规范文件意见的公告", "自有铁塔整治"),
    ],
)
def test_the_frame_of_a_title_is_cut_away(title: str, need: str) -> None:
    assert [n.product for n in needs_of(title, "公告未明确列示")] == [need]


def test_counted_things_become_lines_with_quantities() -> None:
    content = "机柜电控锁，数量6000套；蓝牙钥匙，数量-；公共安全视频系统，数量1项"
    assert [(n.product, n.quantity, n.unit) for n in needs_of("智能门禁招标公告", content)] == [
        ("机柜电控锁", 6000.0, "套"),
        ("蓝牙钥匙", None, None),
        ("公共安全视频系统", None, None),
    ]


def test_listed_things_become_lines() -> None:
    content = "采购 壁挂式动力配电箱、总配电箱和智能电表。"
    assert [n.product for n in needs_of("动力设备项目比选公告", content)] == [
        "壁挂式动力配电箱",
        "总配电箱",
        "智能电表",
    ]


def test_a_list_of_places_is_no_list_of_things() -> None:
    content = "本项目拟采购宁波、舟山，台州，所需的 3辆公务车，具体详见技术规范书。"
    assert [n.product for n in needs_of("中国铁塔浙江省分公司公务车辆购置项目预公示", content)] == ["公务车辆购置"]


def test_a_notice_that_names_nothing_is_rejected(tmp_path: Path) -> None:
    nothing = NOTICE | {"id": "t2", "title": "中国铁塔股份有限公司浙江省分公司2026年二级集中采购项目采购计划发布通知"}
    parsed = read_notices(lines(tmp_path / "notices.jsonl", NOTICE, nothing))
    assert [(f.row, f.code) for f in parsed.faults] == [(2, "notice.need.not_found")]
    assert (len(parsed.items), parsed.rows_read) == (1, 2)


@given(
    st.text("采购项目公告中国移动公司分2026年、招标设备A1（）", max_size=40),
    st.text("采购、和。，数量1套设备", max_size=30),
)
def test_a_need_is_always_a_piece_of_the_words_of_the_notice(title: str, content: str) -> None:
    said = unicodedata.normalize("NFKC", f"{title}\n{content}").replace(" ", "")
    for need in needs_of(title, content):
        assert need.product.replace(" ", "") in said


def test_a_notice_becomes_a_plan_of_its_buyer(tmp_path: Path) -> None:
    (plan,) = read_notices(lines(tmp_path / "notices.jsonl", NOTICE)).items
    assert (plan.id, plan.kind, plan.buyer_name, plan.synthetic) == (
        "notice-tower-1",
        PlanKind.NOTICE,
        "中国铁塔(浙江)",
        False,
    )
    assert (plan.published_on, plan.closes_on, plan.url) == ("2026-07-01", "2026-07-16", "https://example.com/1")
    assert [line.product for line in plan.lines] == ["不锈钢板微机柜"]


@pytest.mark.parametrize(
    ("deadline", "closes_on"),
    [
        ("公告未明确列示", None),
        ("", None),
        (None, None),
        ("2026-08-19 09:00", "2026-08-19"),
        ("2026年8月5日9时", "2026-08-05"),
        ("2026年07月30日09时00分至2026年07月20日17时00分", "2026-07-30"),
        ("2026年13月45日", None),
        ("2023-01-01", None),
    ],
)
def test_a_deadline_is_read_or_unknown(tmp_path: Path, deadline: Any, closes_on: str | None) -> None:
    (plan,) = read_notices(lines(tmp_path / "notices.jsonl", NOTICE | {"deadline": deadline})).items
    assert plan.closes_on == closes_on


def test_people_are_taken_out() -> None:
    text = "采购光缆。联系人：张三，电话：0791-88887777；邮箱: a.b@example.com。手机13812345678或[PHONE]、[EMAIL]"
    left = without_contacts(text)
    for private in ("张三", "88887777", "example.com", "13812345678", "PHONE", "EMAIL"):
        assert private not in left
    assert left.startswith("采购光缆。")


def test_numbers_that_are_no_phones_stay() -> None:
    assert (
        without_contacts("数字通信电缆，数量10138200，110kV，2026-2028年")
        == "数字通信电缆，数量10138200，110kV，2026-2028年"
    )


def test_only_web_addresses_are_kept_as_links(tmp_path: Path) -> None:
    (plan,) = read_notices(lines(tmp_path / "notices.jsonl", NOTICE | {"url": "javascript:alert(1)"})).items
    assert plan.url is None
