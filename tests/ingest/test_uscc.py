"""A unified social credit code is read however it is written, and a slip in it is always found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.uscc import ALPHABET, FAULTS, check_character, normal_uscc, uscc_fault

BODIES = st.builds(
    lambda head, division, organisation: head + division + organisation,
    st.sampled_from(("91", "92", "93", "12", "53", "A1", "N2", "Y1")),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
)
CODES = BODIES.map(lambda body: body + check_character(body))


@given(CODES)
def test_a_code_made_by_the_standard_is_sound(code: str) -> None:
    assert uscc_fault(code) is None
    assert normal_uscc(code) == code


@given(CODES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_changed_character_is_found(code: str, at: int, other: str) -> None:
    changed = code[:at] + other + code[at + 1 :]
    assert (uscc_fault(changed) is None) == (changed == code)


@given(CODES, st.integers(0, 16))
def test_two_neighbours_in_the_wrong_order_are_found(code: str, at: int) -> None:
    turned = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert (uscc_fault(turned) is None) == (turned == code)


@given(CODES, st.sampled_from((" ", "　", "-", "\u200b", "'", "\t", "\u00a0")), st.integers(0, 18))
def test_width_case_and_spaces_do_not_matter(code: str, filler: str, at: int) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code)
    for written in (code.lower(), wide, wide.lower(), code[:at] + filler + code[at:]):
        assert normal_uscc(written) == code
        assert uscc_fault(written) is None


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", "uscc.length"),
        ("320583000012345", "uscc.length"),
        ("91320583MA1MTEST0XX", "uscc.length"),
        ("9132O583MA1MTE2T0X", "uscc.character"),
        ("91320583MA1MTEST0X", "uscc.character"),
        ("91320583企A1MTE2T0X", "uscc.character"),
        ("9132058AMA1MTE2T0X", "uscc.division"),
        ("913205830000000000", "uscc.check_digit"),
    ],
)
def test_a_fault_is_named_and_explained(written: str, fault: str) -> None:
    assert uscc_fault(written) == fault
    assert fault in FAULTS


@given(st.text(max_size=30))
def test_any_text_is_answered(text: str) -> None:
    assert uscc_fault(text) in {None, *FAULTS}
