"""What a person corrected once is used for the next file of that shape, and refused for one of another shape."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.faults import RefusedFile
from ingest.mapping import map_table
from ingest.mapping_preview import MappingPreview, preview, preview_of
from ingest.plan_kind import PLAN
from ingest.plans import read_plan_noted
from ingest.profiles import Profile, ProfileColumn, load_profile, profile_names, save_profile
from ingest.sheets import Sheet
from ingest.table_rows import rows
from tests.ingest.books import HEADER, workbook
from tests.ingest.test_mapping import FIRMS, sheet

ODD = sheet(("主体", "代号", "企业名称", "收入"), ("示例甲公司", "x1", "旧名", 12), ("示例乙公司", "x2", None, 13))


def corrected() -> MappingPreview:
    """The preview of an odd sheet after a person looked at it."""
    shown = preview([ODD], FIRMS, file="odd.xlsx")
    return shown.corrected("A", "name").corrected("B", "code").corrected("D", "revenue", "万元").corrected("C", None)


def refusal(profile: Profile, table: Sheet) -> str:
    """The refusal of a table by a profile."""
    with pytest.raises(RefusedFile) as refused:
        map_table([table], FIRMS, profile, file="next.xlsx")
    return str(refused.value)


def test_a_preview_shows_letters_headers_fields_confidence_and_samples() -> None:
    shown = preview([ODD], FIRMS, file="odd.xlsx")
    by_letter = {column.letter: column for column in shown.columns}
    assert [(c.letter, c.header) for c in shown.columns] == [
        ("A", "主体"),
        ("B", "代号"),
        ("C", "企业名称"),
        ("D", "收入"),
    ]
    assert (by_letter["C"].field, by_letter["C"].confidence, by_letter["C"].samples) == ("name", 1.0, ("旧名",))
    assert by_letter["A"].field is None
    assert by_letter["A"].samples == ("示例甲公司", "示例乙公司")
    text = "\n".join(shown.lines(FIRMS))
    assert "A  「主体」 → (不读取)" in text
    assert "C  「企业名称」 → 企业名称  100%  例: 旧名" in text


def test_a_preview_tells_problems_instead_of_refusing() -> None:
    shown = preview([sheet(("信用代码", "所在市"), ("x", "苏州"))], FIRMS, file="a.xlsx")
    assert any("firms.header.name_missing" in problem for problem in shown.problems)


def test_a_preview_survives_being_written_as_json() -> None:
    shown = corrected()
    assert preview_of(json.loads(json.dumps(shown.as_json(), ensure_ascii=False))) == shown


def test_a_corrected_preview_becomes_a_profile_that_reads_the_next_file(tmp_path: Path) -> None:
    save_profile(tmp_path, corrected().profile("工信局名单"))
    profile = load_profile(tmp_path, "工信局名单")
    moved = sheet(
        ("名单",), ("收入", "主体", "企业名称", "代号", "新列"), (99, "示例丙公司", "旧", "x3", "?"), name="2027"
    )
    table = map_table([moved], FIRMS, profile, file="next.xlsx")
    (row,) = rows(table)
    assert dict(row.cells) == {"revenue": 99, "name": "示例丙公司", "code": "x3"}
    revenue = table.column("revenue")
    assert revenue is not None
    assert (revenue.factor, revenue.confidence) == (10_000.0, 1.0)
    assert "「新列」 没有读取。" in table.notes
    assert profile_names(tmp_path) == ("工信局名单",)


def test_a_profile_whose_headers_are_gone_is_refused_with_what_is_missing_and_new() -> None:
    profile = corrected().profile("工信局名单")
    said = refusal(profile, sheet(("主体", "编号", "收入"), ("示例甲公司", 1, 2)))
    assert "缺少 「代号」, 多出 「编号」" in said
    assert "firms.profile.does_not_fit" in said
    assert "没有找到映射方案“工信局名单”的任何表头" in refusal(profile, sheet(("甲", "乙"), (1, 2)))


def test_a_profile_of_another_kind_is_refused() -> None:
    with pytest.raises(RefusedFile) as refused:
        map_table([ODD], PLAN, corrected().profile("x"), file="next.xlsx")
    assert refused.value.code == "plan.profile.other_kind"


def test_a_unit_that_comes_into_the_header_is_believed() -> None:
    table = map_table([sheet(("主体", "代号", "收入（元）"), ("示例甲公司", 1, 2))], FIRMS, corrected().profile("x"))
    revenue = table.column("revenue")
    assert revenue is not None
    assert revenue.factor == 1.0


def test_a_plan_with_headers_that_nobody_knows_is_read_by_profile(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "plan.xlsx", [("东西", "要多少", "哪天要", "内部码"), ("铜排", "3吨", "2027年3月", "K1")]
    )
    columns = (("东西", "product"), ("要多少", "quantity"), ("哪天要", "delivery"), ("内部码", None))
    profile = Profile("内部表", "plan", tuple(ProfileColumn(*pair) for pair in columns))
    (line,) = read_plan_noted(path, HEADER, profile=profile).plan.lines
    assert (line.product, line.quantity, line.unit, line.delivery_on) == ("铜排", 3.0, "吨", "2027-03-31")


@pytest.mark.parametrize("name", ["", "../x", "a/b", "..", "x" * 61, "a\nb", ".hidden"])
def test_a_name_that_could_leave_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RefusedFile) as refused:
        save_profile(tmp_path, Profile(name, "firms", ()))
    assert refused.value.code == "profile.name"
    assert list(tmp_path.iterdir()) == []


def test_a_profile_that_is_missing_or_spoilt_is_refused(tmp_path: Path) -> None:
    for content, code in [(None, "unknown"), ("{", "broken"), ('{"name": 1, "kind": "x", "columns": []}', "broken")]:
        if content is not None:
            (tmp_path / "甲.json").write_text(content, encoding="utf-8")
        with pytest.raises(RefusedFile) as refused:
            load_profile(tmp_path, "甲")
        assert refused.value.code == f"profile.{code}"


def test_one_field_under_two_headers_and_a_unit_that_is_none_are_refused(tmp_path: Path) -> None:
    twice = (ProfileColumn("a", "name"), ProfileColumn("b", "name"))
    for columns, code in [(twice, "profile.twice"), ((ProfileColumn("a", "revenue", "美元"),), "profile.money_unit")]:
        with pytest.raises(RefusedFile) as refused:
            save_profile(tmp_path, Profile("甲", "firms", columns))
        assert refused.value.code == code


@given(st.permutations([("主体", "示例甲公司"), ("代号", "x1"), ("收入", 12), ("多余", "y")]))
def test_the_order_of_the_columns_does_not_matter(pairs: list[tuple[str, object]]) -> None:
    table = sheet(tuple(name for name, _ in pairs), tuple(value for _, value in pairs))  # type: ignore[arg-type]
    (row,) = rows(map_table([table], FIRMS, corrected().profile("x")))
    assert dict(row.cells) == {"name": "示例甲公司", "code": "x1", "revenue": 12}
