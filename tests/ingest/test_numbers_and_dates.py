"""What people type as numbers and dates is read in one way or refused."""

import contextlib
import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import NotADate, dates_in, parse_date
from ingest.numbers import NotANumber, chinese_numeral, parse_number, plain


@pytest.mark.parametrize(
    ("typed", "value", "unit"),
    [
        ("1,200", 1200, None),
        ("２００", 200, None),
        ("3.5万", 35_000, None),
        ("3.3万套", 33_000, "套"),
        ("300套", 300, "套"),
        ("300 千克", 300, "千克"),
        ("１，２００", 1200, None),
        ("1.2亿元", 120_000_000, "元"),
        ("50㎡", 50, "m2"),
        (" 12 ", 12, None),
        (7, 7, None),
        (2.5, 2.5, None),
    ],
)
def test_numbers_are_read_as_they_are_meant(typed: object, value: float, unit: str | None) -> None:
    number = parse_number(typed)
    assert (number.value, number.unit) == (value, unit)


@pytest.mark.parametrize(
    ("typed", "proposal"),
    [
        ("三百", "300"),
        ("一万二千套", "12000"),
        ("约300", "300"),
        ("300左右", "300"),
        ("1,20", None),
        ("300-500", None),
        ("300~500", None),
        ("5%", None),
        ("1e5", None),
        (".5", None),
        ("", None),
        ("待定", None),
        (True, None),
        (math.inf, None),
        ("9" * 400, None),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_with_a_proposal_where_there_is_one(
    typed: object, proposal: str | None
) -> None:
    with pytest.raises(NotANumber) as refused:
        parse_number(typed)
    assert refused.value.proposal == proposal


@given(st.integers(0, 10**12))
def test_thousands_commas_change_nothing(value: int) -> None:
    assert parse_number(f"{value:,}") == parse_number(str(value)) == parse_number(value)


@given(st.decimals("0.01", "9999", places=2), st.sampled_from([("万", 4), ("亿", 8)]))
def test_wan_and_yi_scale_without_rounding_noise(value: object, scale: tuple[str, int]) -> None:
    assert parse_number(f"{value}{scale[0]}").value == float(f"{value}e{scale[1]}")


@given(st.text(max_size=30))
def test_any_text_is_a_finite_number_or_refused(text: str) -> None:
    try:
        assert math.isfinite(parse_number(text).value)
    except NotANumber as refused:
        if refused.proposal:
            parse_number(refused.proposal)


@given(st.integers(1, 99_999_999))
def test_chinese_numerals_are_read_back(value: int) -> None:
    assert chinese_numeral(_spelt(value)) == value


def _spelt(value: int) -> str:
    if value >= 10_000:
        rest = value % 10_000
        gap = "零" if 0 < rest < 1000 else ""
        return _spelt(value // 10_000) + "万" + gap + (_spelt(rest) if rest else "")
    text, zero = "", False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // size % 10
        if digit:
            text += ("零" if zero and text else "") + "零一二三四五六七八九"[digit] + name
            zero = False
        else:
            zero = True
    return text


def test_a_number_is_shown_as_a_person_types_it() -> None:
    assert [plain(300.0), plain(0.5), plain(1e9)] == ["300", "0.5", "1000000000"]


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("2026-3-5", "2026-03-05"),
        ("2026/03/05", "2026-03-05"),
        ("2026.3.5", "2026-03-05"),
        ("2026年3月5日", "2026-03-05"),
        ("２０２６年３月５日", "2026-03-05"),
        ("2026年3月5日 10:00", "2026-03-05"),
        ("2026-03-05T10:00:00", "2026-03-05"),
        ("20260305", "2026-03-05"),
        (20260305, "2026-03-05"),
        (46024, "2026-01-02"),
        (46024.5, "2026-01-02"),
        ("46024", "2026-01-02"),
        ("2026年3月", "2026-03-31"),
        ("2026-02", "2026-02-28"),
        ("2028年2月底", "2028-02-29"),
        (dt.date(2026, 3, 5), "2026-03-05"),
        (dt.datetime(2026, 3, 5, 9), "2026-03-05"),
    ],
)
def test_dates_are_read_in_the_forms_that_people_use(typed: object, date: str) -> None:
    assert parse_date(typed) == date


@pytest.mark.parametrize("typed", ["2026年2月30日", "26/3/5", "5/3/2026", "签订后30天", "", True, 12, 1e300, math.nan])
def test_what_is_not_one_date_is_refused(typed: object) -> None:
    with pytest.raises(NotADate):
        parse_date(typed)


@given(st.dates(dt.date(1954, 10, 4), dt.date(2118, 12, 31)))
def test_every_spelling_of_a_day_is_the_same_day(day: dt.date) -> None:
    spellings = [
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
        day.strftime("%Y%m%d"),
        (day - dt.date(1899, 12, 30)).days,
    ]
    assert {parse_date(spelling) for spelling in spellings} == {day.isoformat()}


@given(st.text(max_size=30))
def test_any_text_is_an_iso_date_or_refused(text: str) -> None:
    with contextlib.suppress(NotADate):
        dt.date.fromisoformat(parse_date(text))


def test_dates_are_found_in_running_text() -> None:
    assert dates_in("2026年07月30日09时00分至2026-08-02") == ["2026-07-30", "2026-08-02"]
    assert dates_in("公告未明确列示") == []
