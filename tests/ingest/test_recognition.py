"""Recognition lists: each row is a title with its tier, batch and term, and what nobody says stays unknown."""

from pathlib import Path

import pytest

from graph.model import Firm, TierTitle
from ingest.faults import RefusedFile
from ingest.kinds.reading import Reading
from ingest.kinds.tier_rules import rules_on, valid_until
from ingest.kinds.titles import Announcement, batch_in, term_in, tier_in
from ingest.recognition import RecognitionSaid, read_recognition
from tests.ingest.firm_tables import RECOGNITION_HEADER, table

SAID = RecognitionSaid(Announcement(), synthetic=True)
ROWS = (
    (1, "苏州市", "昆山市", "苏州示例精密机械有限公司", "谐波减速器、伺服电机"),
    (2, "常州市", "武进区", "常州示例轴承有限公司", "深沟球轴承"),
)


def read(path: Path, *rows: tuple[object, ...], title: tuple[str, ...], said: RecognitionSaid = SAID) -> Reading[Firm]:
    return read_recognition(table(path / "名单.xlsx", RECOGNITION_HEADER, *rows, title=title), said)


def test_a_list_gives_each_firm_its_title_and_place(tmp_path: Path) -> None:
    title = ("附件", "2025年度江苏省专精特新中小企业名单（第二批）", "（有效期：2025年7月1日至2028年6月30日）")
    reading = read(tmp_path, *ROWS, title=title)
    first, second = reading.items
    assert (first.name, first.division, first.tier) == ("苏州示例精密机械有限公司", "320583", "专精特新")
    assert first.titles == (TierTitle("专精特新", "2025-07-01", "2028-06-30", "2025年度第二批"),)
    assert {c.product for c in first.capabilities} == {"谐波减速器", "伺服电机"}
    assert (second.division, second.synthetic) == ("320412", True)
    assert (reading.rows_read, reading.accepted, reading.faults) == (2, 2, ())


def test_a_list_without_dates_leaves_the_term_unknown(tmp_path: Path) -> None:
    (firm,) = read(tmp_path, ROWS[0], title=("第六批专精特新“小巨人”企业名单",)).items
    assert firm.titles == (TierTitle("小巨人", None, None, "第六批"),)


def test_what_the_loader_says_stands_before_the_title_and_the_row_before_both(tmp_path: Path) -> None:
    said = RecognitionSaid(Announcement("小巨人", "第七批", "2025-10-01"), synthetic=True)
    path = table(
        tmp_path / "名单.xlsx",
        (*RECOGNITION_HEADER, "称号", "有效期"),
        (*ROWS[0], None, None),
        (*ROWS[1], "单项冠军", "2024.1-2026.12"),
        title=("2024年专精特新中小企业名单",),
    )
    first, second = read_recognition(path, said).items
    assert first.titles == (TierTitle("小巨人", "2025-10-01", "2028-09-30", "第七批"),)
    assert second.titles == (TierTitle("单项冠军", "2024-01-01", "2026-12-31", "第七批"),)


def test_a_list_put_up_for_comment_says_so(tmp_path: Path) -> None:
    reading = read(tmp_path, *ROWS, title=("2026年度创新型中小企业公示名单",))
    assert any("公示" in note for note in reading.notes)
    assert not any("公示" in note for note in read(tmp_path, *ROWS, title=("创新型中小企业名单",)).notes)


def test_every_fault_of_a_list_is_told_at_once_and_the_good_rows_go_on(tmp_path: Path) -> None:
    rows = (
        (1, "苏州市", "昆山市", None, "齿轮"),
        (2, "苏州市", "昆山市", "苏州精密机械有限公司", "齿轮"),
        (3, "苏州市", "昆山市", "12345", "齿轮"),
        ROWS[0],
        (5, "火星市", "环形山区", "无锡示例机械有限公司", "齿轮"),
    )
    reading = read(tmp_path, *rows, title=("专精特新企业名单",))
    assert [(f.row, f.code) for f in reading.faults] == [
        (3, "recognition.name.missing"),
        (4, "recognition.synthetic_unmarked"),
        (5, "recognition.name.not_a_name"),
        (5, "recognition.synthetic_unmarked"),
    ]
    assert [firm.name for firm in reading.items] == ["苏州示例精密机械有限公司", "无锡示例机械有限公司"]
    assert reading.items[1].division == ""
    assert reading.items[1].flags == ("division.unknown",)
    assert reading.rows_read == reading.accepted + len(reading.rejected) == 5
    assert reading.rejected[0].cells[1:3] == ("苏州市", "昆山市")


def test_a_list_of_no_known_tier_is_refused_row_by_row(tmp_path: Path) -> None:
    reading = read(tmp_path, *ROWS, title=("优秀企业名单",))
    assert {f.code for f in reading.faults} == {"recognition.tier.unknown"}
    assert "--tier" in reading.faults[0].message


def test_what_is_no_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile):
        read_recognition(table(tmp_path / "其他.xlsx", ("日期", "天气"), ("2026-01-01", "晴")), SAID)


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("专精特新“小巨人”企业", "小巨人"),
        ("江苏省专精特新中小企业", "专精特新"),
        ("制造业单项冠军企业", "单项冠军"),
        ("创新型中小企业", "创新型"),
        ("高新技术企业", None),
    ],
)
def test_the_highest_title_that_a_text_names_counts(text: str, tier: str | None) -> None:
    assert tier_in(text) == tier


@pytest.mark.parametrize(
    ("text", "batch"),
    [
        ("江苏省2025年度第二批专精特新中小企业名单", "2025年度第二批"),
        ("第六批专精特新“小巨人”企业", "第六批"),
        ("2024年度创新型中小企业名单", "2024年度"),
        ("关于公布名单的通知（苏工信〔2023〕100号）", None),
    ],
)
def test_year_and_batch_are_read_from_the_title(text: str, batch: str | None) -> None:
    assert batch_in(text) == batch


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("有效期2023年7月1日至2026年6月30日", ("2023-07-01", "2026-06-30")),
        ("2023.7-2026.6", ("2023-07-01", "2026-06-30")),
        ("2023-07-01～2026-06-30", ("2023-07-01", "2026-06-30")),
        ("2026年6月至2023年7月", (None, None)),
        ("三年", (None, None)),
    ],
)
def test_a_term_is_read_from_both_its_days(text: str, term: tuple[str | None, str | None]) -> None:
    assert term_in(text) == term


@pytest.mark.parametrize(
    ("tier", "day", "until"),
    [
        ("专精特新", "2023-07-14", "2026-07-13"),
        ("创新型", "2023-07-14", "2026-07-13"),
        ("小巨人", "2026-04-01", "2029-03-31"),
        ("创新型", "2026-04-01", None),
        ("小巨人", "2022-05-31", None),
        ("单项冠军", "2024-01-01", None),
        ("专精特新", "2024-02-29", "2027-02-28"),
        ("专精特新", None, None),
    ],
)
def test_a_title_is_valid_as_long_as_the_rules_of_its_day_say(tier: str, day: str | None, until: str | None) -> None:
    assert valid_until(tier, day) == until


def test_the_rules_change_on_their_day() -> None:
    before, after = rules_on("2026-03-31"), rules_on("2026-04-01")
    assert before is not None
    assert after is not None
    assert before.name.startswith("工信部企业〔2022〕63号")
    assert after.name.startswith("工信部企业〔2026〕2号")
