"""A hostile or broken file is refused by name before it can cost memory, and the reading process lives on."""

import random
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import msoffcrypto.format.ooxml  # type: ignore[import-untyped]
import pytest

from ingest.faults import RefusedFile
from ingest.limits import DEFAULT, Limits
from ingest.plans import read_plan
from tests.ingest.books import COLUMNS, HEADER, ROW, codes_of, faults_of, rezip, workbook

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A good plan."""
    return workbook(tmp_path / "good.xlsx", [COLUMNS, ROW])


def spoilt(good: Path, member: str, old: str, new: str, extra: dict[str, bytes] | None = None) -> Path:
    """`good` with `old` replaced in one member."""

    def change(name: str, data: bytes) -> bytes:
        assert name != member or old.encode() in data
        return data.replace(old.encode(), new.encode()) if name == member else data

    return rezip(good, good.with_name("spoilt.xlsx"), change, extra or {})


def refused_under(path: Path, limits: Limits) -> list[str]:
    """The codes with which `path` is refused under `limits`."""
    with pytest.raises(RefusedFile) as refused:
        read_plan(path, HEADER, limits=limits)
    return [fault.code for fault in refused.value.faults]


def test_a_password_is_told_apart_from_an_old_xls(good: Path) -> None:
    locked = good.with_name("locked.xlsx")
    with good.open("rb") as plain, locked.open("wb") as target:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("geheim", target)
    (fault,) = faults_of(locked)
    assert fault.code == "file.encrypted"
    assert "密码" in fault.message
    old = good.with_name("old.xls")
    old.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + "Workbook".encode("utf-16-le"))
    assert codes_of(old) == ["file.old_xls"]


def test_what_is_no_workbook_is_refused_by_its_content(good: Path) -> None:
    folder = good.parent
    for name, data, code in [
        ("text.xlsx", "物料名称,数量\n".encode(), "file.not_a_zip"),
        ("empty.xlsx", b"", "file.empty"),
        ("book.csv", good.read_bytes(), "file.type_mismatch"),
        ("paper.xlsx", b"%PDF-1.7 ...", "file.type_mismatch"),
        ("cut.xlsx", good.read_bytes()[:-200], "file.zip.broken"),
        ("head.xlsx", good.read_bytes()[:40], "file.zip.broken"),
    ]:
        (folder / name).write_bytes(data)
        assert codes_of(folder / name) == [code], name
    assert codes_of(folder / "nowhere.xlsx") == ["file.missing"]


def test_a_member_with_flipped_bits_is_refused(good: Path) -> None:
    data = bytearray(good.read_bytes())
    with zipfile.ZipFile(good) as book:
        start = book.getinfo(SHEET).header_offset + 30 + len(SHEET)
    data[start + 40 : start + 60] = b"\xff" * 20
    broken = good.with_name("broken.xlsx")
    broken.write_bytes(bytes(data))
    assert codes_of(broken) == ["file.zip.broken"]


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.xlsx"
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("word/document.xml", "<w/>")
    assert codes_of(path) == ["file.not_a_workbook"]


def test_macros_links_and_dtds_are_refused(good: Path) -> None:
    rels = "xl/_rels/workbook.xml.rels"
    assert codes_of(spoilt(good, SHEET, "x", "x", {"xl/vbaProject.bin": b"x"})) == ["file.macros"]
    assert codes_of(spoilt(good, SHEET, "x", "x", {"xl/externalLinks/externalLink1.xml": b"<a/>"})) == [
        "file.external_link"
    ]
    linked = '<Relationship Type="http://x/oleObject" Target="file:///etc/passwd" TargetMode="External" Id="q"/>'
    assert codes_of(spoilt(good, rels, "</Relationships>", linked + "</Relationships>")) == ["file.external_link"]
    assert codes_of(spoilt(good, SHEET, "<worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet')) == ["file.dtd"]
    assert codes_of(spoilt(good, "[Content_Types].xml", "sheet.main+xml", "macroEnabled.main+xml")) == ["file.macros"]


def test_a_hyperlink_is_no_external_link(tmp_path: Path) -> None:
    def link(sheet: object) -> None:
        sheet["B2"].hyperlink = "mailto:someone@example.com"  # type: ignore[index]

    path = workbook(tmp_path / "plan.xlsx", [COLUMNS, ROW], link)
    assert len(read_plan(path, HEADER).lines) == 1


@pytest.mark.parametrize(
    "cell", ['<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "<row r='1048576'><c r='XFD1048576'/></row>"]
)
def test_two_cells_far_apart_are_refused_before_the_parser_reserves_them(good: Path, cell: str) -> None:
    path = spoilt(good, SHEET, "</sheetData>", cell + "</sheetData>")
    assert codes_of(path) == ["file.grid_too_large"]


def test_a_declared_grid_is_believed_and_refused(good: Path) -> None:
    path = spoilt(good, SHEET, 'ref="A1:G2"', 'ref="A1:XFD1048576"')
    assert codes_of(path) == ["file.grid_too_large"]


def test_a_zip_bomb_is_stopped_while_it_is_inflated(good: Path) -> None:
    path = spoilt(good, SHEET, "x", "x", {"xl/media/bomb.bin": b"\0" * (64 * 2**20)})
    assert codes_of(path) == ["file.zip.bomb"]


def test_size_and_number_of_members_are_limited(good: Path) -> None:
    many = spoilt(good, SHEET, "x", "x", {f"xl/media/{n}.png": b"x" for n in range(200)})
    assert codes_of(many) == ["file.zip.too_many_members"]
    assert refused_under(good, replace(DEFAULT, file_bytes=100)) == ["file.too_large"]


def test_a_shared_text_that_is_used_a_million_times_ends_the_child_and_not_the_service(tmp_path: Path) -> None:
    text = "铁" * 30_000
    cells = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 40_001))
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    shared = f'<sst xmlns="{name}" count="1" uniqueCount="1"><si><t>{text}</t></si></sst>'
    good = workbook(tmp_path / "good.xlsx", [COLUMNS, ROW])
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = f'<Relationship Type="{kind}" Target="/xl/sharedStrings.xml" Id="rIdS"/>'

    def change(member: str, data: bytes) -> bytes:
        if member == SHEET:
            return f'<worksheet xmlns="{name}"><sheetData>{cells}</sheetData></worksheet>'.encode()
        return data.replace(b"</Relationships>", link.encode() + b"</Relationships>") if "workbook" in member else data

    # Incompressible padding, so that the ratio guard does not see the bomb first.
    padding = {"xl/sharedStrings.xml": shared.encode(), "xl/media/noise.bin": _noise(600_000)}
    path = rezip(good, tmp_path / "shared.xlsx", change, padding)
    assert set(codes_of(path)) <= {"file.parser.memory", "file.too_much_text"}


def _noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)


def test_a_parser_that_takes_too_long_is_ended(good: Path) -> None:
    assert refused_under(good, replace(DEFAULT, wall_seconds=0)) == ["file.parser.time"]


def test_the_child_imports_neither_the_engines_nor_the_models() -> None:
    probe = (
        "import sys, ingest.workbook_worker; from python_calamine import CalamineWorkbook;"
        "heavy = {'torch', 'neo4j', 'numpy', 'openpyxl', 'graph.connection'} & set(sys.modules);"
        "sys.exit(','.join(sorted(heavy)) or None)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_refusal_prints_where_what_and_how(good: Path) -> None:
    path = spoilt(good, SHEET, "x", "x", {"xl/vbaProject.bin": b"x"})
    with pytest.raises(RefusedFile) as refused:
        read_plan(path, HEADER)
    assert str(refused.value) == "spoilt.xlsx: 文件含有宏。请另存为不含宏的 .xlsx 后重新上传。 (file.macros)"
    assert refused.value.code == "file.macros"


def test_a_csv_of_too_many_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("," * 3_000_000, encoding="utf-8")
    assert codes_of(path) == ["file.grid_too_large"]
