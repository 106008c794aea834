import pytest

from graph.model import Capability, Firm, PlanLine
from matchmaker.explain import gaps, reasons, shared_grades, shared_terms

LINE = PlanLine("l", "p", 1, "无取向硅钢片", spec="50W470，0.5mm", certificates=("IATF 16949", "ISO 9001"))
CAPABILITY = Capability("c", "f", "冷轧无取向硅钢", spec="50W470/35W300，厚0.5mm")


def firm(tier: str | None = None, *certificates: str) -> Firm:
    return Firm("f", "示例", "3204", True, tier=tier, certificates=certificates)


def test_reasons_name_product_grades_and_terms_best_first() -> None:
    assert reasons(LINE, CAPABILITY, "无取向硅钢片", 0.9) == (
        "两者都指向: 无取向硅钢片",
        "规格牌号一致: 50W470、0.5mm",
        "共同用语: 无取向硅钢",
    )


def test_a_product_that_both_are_only_near_to_is_said_to_be_near() -> None:
    assert reasons(LINE, CAPABILITY, "取向硅钢", 0.6)[0] == "两者都接近: 取向硅钢"
    assert not any("取向硅钢" in reason and "两者" in reason for reason in reasons(LINE, CAPABILITY, "取向硅钢", 0.4))


def test_a_match_on_likeness_alone_says_so() -> None:
    assert reasons(LINE, Capability("c", "f", "家具")) == ("只是描述相近，没有共同的产品、牌号或用语",)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("QZ-2/130 漆包线", "漆包圆铜线qz-2/130", ("QZ-2", "130")),
        ("６微米铜箔", "厚度6微米", ("6微米",)),
        ("轴承 6205", "6206 轴承", ()),
        ("M8 螺栓", "M80 螺栓", ()),
        ("50W470", "35W300/50W470", ("50W470",)),
        ("S20 配变，5台", "年产5台", ()),
    ],
)
def test_grades_are_shared_only_when_whole(one: str, other: str, shared: tuple[str, ...]) -> None:
    assert shared_grades(one, other) == shared


def test_terms_are_runs_of_chinese_characters_longest_first() -> None:
    assert shared_terms("铝壳，用于谐波减速机", "供铝壳与谐波减速机配套") == ("谐波减速机", "铝壳")
    assert shared_terms("钢", "钢") == ()


def test_missing_certificates_are_gaps_however_they_are_written() -> None:
    assert gaps(LINE, firm(None, "iso9001:2015")) == ("资质未登记: IATF 16949",)
    assert gaps(LINE, firm(None, "ISO-9001", "IATF16949:2016")) == ()


def test_a_tier_below_the_lowest_asked_is_a_gap_and_one_above_is_not() -> None:
    line = PlanLine("l", "p", 1, "轴承", tiers=("专精特新", "小巨人"))
    assert gaps(line, firm("单项冠军")) == ()
    assert gaps(line, firm("专精特新")) == ()
    assert gaps(line, firm("创新型")) == ("优先梯队未登记: 要求 专精特新、小巨人，登记为 创新型",)
    assert gaps(line, firm()) == ("优先梯队未登记: 要求 专精特新、小巨人，登记为 无",)
