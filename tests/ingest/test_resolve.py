"""Two records become one firm only when that is sure; what is not sure is asked; the order of records never matters."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.identity import KnownFirm
from graph.model import Firm
from ingest.codes import firm_key
from ingest.resolve import resolve
from ingest.resolve_judge import Outcome, judge
from ingest.uscc import check_character

SAME, DIFFERENT, ASK = Outcome.SAME, Outcome.DIFFERENT, Outcome.ASK


def uscc(number: int) -> str:
    """A sound code of an invented firm."""
    body = f"91320583MA1{number:06d}"
    return body + check_character(body)


def record(
    code: str, name: str, division: str = "3204", *, of: str | None = None, former: tuple[str, ...] = ()
) -> KnownFirm:
    """A record of an invented firm."""
    return KnownFirm(code, name, former, of, division)


PAIRS = [
    # spelling
    ("常州示例电子科技有限公司", "常州示例电子科技有限公司", SAME),
    ("常州示例电子科技有限公司", "常州市示例电子科技有限责任公司", SAME),
    ("常州示例电子科技有限公司", "江苏省常州市示例电子科技股份有限公司", SAME),
    ("示例电子科技（常州）有限公司", "常州示例电子科技有限公司", SAME),
    ("常州示例电子科技有限公司", "常州示例電子科技有限公司", SAME),
    ("常州示例电子科技有限公司", "常 州 示 例 电 子 科 技 有 限 公 司", SAME),
    ("常州示例电子科技有限公司", "1、“常州示例电子科技有限公司”（盖章）", SAME),
    # slips in the trade, the form and the place
    ("常州示例精密机械有限公司", "常州示例精密机诫有限公司", SAME),
    ("常州示例精密机械有限公司", "常州示例精密械机有限公司", SAME),
    ("常州示例精密机械有限公司", "常州示例精密械有限公司", SAME),
    ("常州示例精密机械有限公司", "常州示例精密密机械有限公司", SAME),
    ("常州示例精密机械有限公司", "常州示例精密机械有限公可", SAME),
    ("常州示例精密机械有限公司", "常洲示例精密机械有限公司", SAME),
    # former names
    ("常州示例精密机械有限公司", "江苏示例智造有限公司（原名：常州示例精密机械厂）", DIFFERENT),
    ("常州示例精密机械有限公司", "江苏示例智造有限公司（原名：常州示例精密机械有限公司）", SAME),
    ("江苏示例智造有限公司", "常州示例精密机械有限公司（现更名为江苏示例智造有限公司）", SAME),
    # one meaningful character
    ("常州东示例电子有限公司", "常州西示例电子有限公司", DIFFERENT),
    ("常州示例一电子有限公司", "常州示例二电子有限公司", DIFFERENT),
    ("常州示华电子有限公司", "常州示华新电子有限公司", DIFFERENT),
    ("常州示例机械有限公司", "常州示例机电有限公司", DIFFERENT),
    ("常州示例电机有限公司", "常州示例机电有限公司", DIFFERENT),
    ("常州示例材料有限公司", "常州示例新材料有限公司", DIFFERENT),
    ("常州示例电子有限公司", "常州示例电子科技有限公司", DIFFERENT),
    ("常州示例电子有限公司", "常州示例纺织有限公司", DIFFERENT),
    ("常州示例信息产业有限公司", "常州示例信信息产业有限公司", ASK),
    # relatives
    ("江苏示例智造有限公司（原名：常州示例机械有限公司）", "常州示例机械有限公司苏州分公司", DIFFERENT),
    ("常州示例电子有限公司", "常州示例电子有限公司苏州分公司", DIFFERENT),
    ("常州示例电子有限公司", "苏州示例电子有限公司", DIFFERENT),
    ("常州示例电子有限公司", "江苏示例电子有限公司", DIFFERENT),
    ("常州示例电子有限公司", "常州示例电子销售有限公司", DIFFERENT),
    ("常州示例电子有限公司", "示例电子(香港)有限公司", DIFFERENT),
    ("常州示例电子集团有限公司", "常州示例电子集团股份有限公司", ASK),
    ("常州示例电子集团有限公司", "常州示例电子有限公司", ASK),
    ("常州示例电子厂", "常州示例电子有限公司", ASK),
    # a brand that sounds or looks alike may be a slip or a neighbour
    ("常州恒示电子有限公司", "常州衡示电子有限公司", ASK),
    ("常州示鑫电子有限公司", "常州示新电子有限公司", ASK),
    ("常州示例电子有限公司", "常州例示电子有限公司", ASK),
    ("常州示例电器有限公司", "常州示例电气有限公司", ASK),
    # a name without its place
    ("常州示例电子有限公司", "示例电子有限公司", ASK),
    ("", "", DIFFERENT),
    ("有限公司", "股份有限公司", DIFFERENT),
]


@pytest.mark.parametrize(("one", "other", "outcome"), PAIRS)
def test_two_names_are_the_same_firm_another_firm_or_a_question(one: str, other: str, outcome: Outcome) -> None:
    left, right = record("a", one), record("b", other)
    assert judge(left, right).outcome is outcome
    assert judge(left, right) == judge(right, left)


def test_equal_names_in_two_cities_are_asked_about() -> None:
    one, other = record("a", "江苏示例电子有限公司", "3204"), record("b", "江苏示例电子有限公司", "3205")
    assert judge(one, other).outcome is ASK
    assert judge(one, record("b", "江苏示例电子有限公司", "320412")).outcome is SAME
    assert judge(one, record("b", "江苏示例电子有限公司", "")).outcome is SAME


def test_equal_brands_of_city_and_province_in_one_county_are_asked_about() -> None:
    one, other = "江苏示例电子有限公司", "常州示例电子有限公司"
    assert judge(record("a", one, "320412"), record("b", other, "320412")).outcome is ASK
    assert judge(record("a", one, "320412"), record("b", other, "320411")).outcome is DIFFERENT


def test_a_uscc_decides_whatever_the_names_say() -> None:
    name = "常州示例电子有限公司"
    assert judge(record("a", name, of=uscc(1)), record("b", "南通样例纺织有限公司", of=uscc(1).lower())).outcome is SAME
    assert judge(record("a", name, of=uscc(1)), record("b", name, of=uscc(2))).outcome is DIFFERENT
    faulty = uscc(2)[:-1] + ("0" if uscc(2)[-1] != "0" else "1")
    assert judge(record("a", name, of=uscc(1)), record("b", name, of=faulty)).outcome is SAME


def test_a_new_record_goes_to_the_known_firm() -> None:
    found = resolve([record("n", "常州市示例电子有限责任公司")], [record("k", "常州示例电子有限公司")])
    assert (found.code_of, found.merges, found.questions) == ({"n": "k"}, (), ())


def test_a_uscc_beats_a_key_made_of_a_name_and_the_smaller_code_beats_the_greater() -> None:
    name = "常州示例电子有限公司"
    with_code = record(uscc(7), name, of=uscc(7))
    found = resolve([with_code], [record("0-key", name)])
    assert (found.code_of, found.merges) == ({uscc(7): uscc(7)}, (("0-key", uscc(7)),))
    found = resolve([record("b", name)], [record("c", name), record("a", "常州市示例电子有限公司")])
    assert (found.code_of, found.merges) == ({"b": "a"}, (("c", "a"),))


def test_records_of_one_file_meet_each_other() -> None:
    found = resolve([record("b", "常州示例电子有限公司"), record("a", "常州市示例电子有限公司")], [])
    assert found.code_of == {"a": "a", "b": "a"}


def test_a_record_that_could_be_either_of_two_firms_becomes_neither() -> None:
    name = "江苏示例电子有限公司"
    known = [record(uscc(1), name, "3204", of=uscc(1)), record(uscc(2), name, "3205", of=uscc(2))]
    found = resolve([record("n", name, "")], known)
    assert found.code_of == {"n": "n"}
    assert [(q.left, q.right) for q in found.questions] == [(uscc(1), "n"), (uscc(2), "n")]
    without = resolve([record("n", name, "")], [record("k1", name, "3204"), record("k2", name, "3205")])
    assert (without.code_of, without.merges) == ({"n": "n"}, ())
    assert {(q.left, q.right) for q in without.questions} == {("k1", "n"), ("k2", "n")}


def test_a_misspelt_name_that_fits_two_firms_is_asked_about() -> None:
    known = [record("k1", "常州示例电气有限公司"), record("k2", "常州示例电器有限公司")]
    found = resolve([record("n", "常州示例电汽有限公司")], known)
    assert (found.code_of, found.merges) == ({"n": "n"}, ())
    assert {(q.left, q.right) for q in found.questions} == {("k1", "n"), ("k2", "n")}


def test_a_former_name_that_two_firms_had_is_asked_about() -> None:
    old = "常州示例机械有限公司"
    known = [record("k1", "常州甲示智造有限公司", former=(old,)), record("k2", "常州乙例重工有限公司", former=(old,))]
    assert resolve([record("n", old)], known[:1]).code_of == {"n": "k1"}
    found = resolve([record("n", old)], known)
    assert (found.code_of, found.merges) == ({"n": "n"}, ())
    assert {(q.left, q.right) for q in found.questions} == {("k1", "n"), ("k2", "n")}


def test_a_firm_of_two_former_names_takes_records_under_both() -> None:
    olds = ("常州示例机械有限公司", "常州样例铸造厂")
    found = resolve(
        [record(f"n{i}", old) for i, old in enumerate(olds)], [record("k", "常州甲示智造有限公司", former=olds)]
    )
    assert found.code_of == {"n0": "k", "n1": "k"}


def test_what_a_person_called_different_is_neither_joined_nor_asked_again() -> None:
    name = "常州示例电子有限公司"
    found = resolve([record("n", name)], [record("k", name)], apart=[("n", "k")])
    assert (found.code_of, found.questions) == ({"n": "n"}, ())
    group = resolve([record("n", "常州示例电子集团有限公司")], [record("k", name)], apart=[("k", "n")])
    assert group.questions == ()


def test_firms_as_readers_give_them_are_resolved_too() -> None:
    firm = Firm("n", "常州市示例电子有限公司", "320412", synthetic=True)
    assert resolve([firm], [record("k", "常州示例电子有限公司")]).code_of == {"n": "k"}


def test_nothing_is_made_of_nothing() -> None:
    found = resolve([], [record("k", "常州示例电子有限公司"), record("k2", "常州示例电子有限公司")])
    assert (found.code_of, found.merges, found.questions) == ({}, (), ())


BRANDS = ("示例", "例示", "恒例", "衡例", "示新", "示鑫")
TRADES = ("电子", "电气", "电器", "电孑", "机械", "机诫", "电子科技")
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "厂", "")
PLACES = ("常州", "常州市", "江苏", "常洲", "苏州", "")


@st.composite
def records(draw: st.DrawFn) -> KnownFirm:
    """A record out of few words, so that many are alike."""
    name = "".join(draw(st.sampled_from(words)) for words in (PLACES, BRANDS, TRADES, FORMS))
    division = draw(st.sampled_from(("", "32", "3204", "320412", "3205")))
    code = draw(st.none() | st.integers(1, 4).map(uscc))
    former = draw(st.just(()) | st.sampled_from(("常州示例电子有限公司", "苏州恒例机械厂")).map(lambda old: (old,)))
    return KnownFirm(code or firm_key(name, division), name, former, code, division)


@given(st.lists(records(), max_size=8), st.lists(records(), max_size=5), st.integers(0, 2**32))
def test_the_order_of_records_does_not_matter(incoming: list[KnownFirm], known: list[KnownFirm], seed: int) -> None:
    shuffled, others = list(incoming), list(known)
    random.Random(seed).shuffle(shuffled)
    random.Random(seed + 1).shuffle(others)
    assert resolve(shuffled, others) == resolve(incoming, known)


@given(st.lists(records(), max_size=8), st.lists(records(), max_size=5))
def test_no_firm_has_two_usccs_and_every_record_has_a_place(incoming: list[KnownFirm], known: list[KnownFirm]) -> None:
    found = resolve(incoming, known)
    target = dict(found.merges) | found.code_of
    assert set(found.code_of) == {firm.code for firm in incoming}
    held: dict[str, set[str]] = {}
    for firm in (*incoming, *known):
        held.setdefault(target.get(firm.code, firm.code), set()).update({firm.uscc} - {None})
    assert all(len(codes) <= 1 for codes in held.values())
    assert all(target.get(winner, winner) == winner for winner in target.values())
    for question in found.questions:
        assert question.left < question.right
        assert {question.left, question.right}.isdisjoint(loser for loser, _ in found.merges)
        assert 0.0 <= question.score <= 1.0


@given(st.lists(records(), max_size=8))
def test_what_was_written_resolves_to_itself(incoming: list[KnownFirm]) -> None:
    code_of = resolve(incoming, []).code_of
    winners = [firm for firm in incoming if code_of[firm.code] == firm.code]
    assert resolve(winners, winners).merges == ()
