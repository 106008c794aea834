from pathlib import Path

import pytest

from matchmaker.errors import ListFileError
from matchmaker.index import Offer
from matchmaker.lists import read_needs, read_offers
from matchmaker.rank import Need


def test_rows_are_read_with_or_without_bom_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "needs.tsv"
    path.write_bytes("\ufeffn1\t轴承\r\n\r\nn2\t水泵\r\n".encode())
    assert read_needs(path) == [Need("n1", "轴承"), Need("n2", "水泵")]


def test_offers_carry_their_supplier(tmp_path: Path) -> None:
    path = tmp_path / "offers.tsv"
    path.write_text("o1\ts1\t轴承\n", "utf-8")
    assert read_offers(path) == [Offer(id="o1", supplier_id="s1", text="轴承")]


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("n1\t轴承\nn2\n".encode(), "list.row.columns", "第 2 行"),
        ("n1\t轴承\t多\n".encode(), "list.row.columns", "有 3 列, 应为 2 列"),
        ("n1\t轴承\nn2\t  \n".encode(), "list.cell.empty", "第 2 行「需求」"),
        ("n1\t轴承\nn1\t水泵\n".encode(), "list.id.double", "第 2 行「编号」: n1 已在第 1 行出现"),
        ("n1\t轴承\nn2\t水泵\n".encode("gbk"), "list.file.not_utf8", "第 1 行"),
    ],
)
def test_a_faulty_row_is_named_with_its_column_and_a_mend(tmp_path: Path, content: bytes, code: str, said: str) -> None:
    path = tmp_path / "needs.tsv"
    path.write_bytes(content)
    with pytest.raises(ListFileError, match=said) as refused:
        read_needs(path)
    assert refused.value.code == code
    assert "重试" in refused.value.message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ListFileError, match=r"absent\.tsv") as refused:
        read_needs(tmp_path / "absent.tsv")
    assert refused.value.code == "list.file.unreadable"
