"""Hostile and broken xlsx files: bombs, lies about sizes, macros, links, odd members, odd XML."""

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import msoffcrypto.format.ooxml  # type: ignore[import-untyped]

from tests.ingest.books import COLUMNS, ROW, rezip, workbook
from tests.ingest.hostile import MIB, Case, noise, read, refused, spoilt_at

SHEET = "xl/worksheets/sheet1.xml"
_RELS = "xl/_rels/workbook.xml.rels"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def good(path: Path) -> Path:
    """A good plan as xlsx."""
    return workbook(path, [COLUMNS, ROW])


def changed(path: Path, member: str, change: Callable[[bytes], bytes], extra: dict[str, bytes] | None = None) -> Path:
    """A good plan with one member changed and others added."""
    good(path)
    return rezip(path, path, lambda name, data: change(data) if name == member else data, extra or {})


def _in_sheet(before: str, added: str, noisy: int = 0) -> Callable[[Path], object]:
    extra = {"xl/media/noise.bin": noise(noisy)} if noisy else None
    return lambda path: changed(
        path, SHEET, lambda d: d.replace(before.encode(), added.encode() + before.encode(), 1), extra
    )


def _body(rows: str, noisy: int = 0) -> Callable[[Path], object]:
    data = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    extra = {"xl/media/noise.bin": noise(noisy)} if noisy else None
    return lambda path: changed(path, SHEET, lambda _: data, extra)


def _text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def _rows(*rows: list[str]) -> str:
    cells = (
        (r, "".join(_text_cell(f"{chr(65 + c)}{r}", text) for c, text in enumerate(row)))
        for r, row in enumerate(rows, start=1)
    )
    return "".join(f'<row r="{r}">{text}</row>' for r, text in cells)


def _with(extra: dict[str, bytes]) -> Callable[[Path], object]:
    return lambda path: changed(path, SHEET, lambda data: data, extra)


def _flat_bomb(path: Path) -> None:
    _with({"xl/media/bomb.bin": bytes(64 * MIB)})(path)


def _nested_zip(path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("zeros.bin", bytes(64 * MIB))
    _with({"xl/embeddings/inner.zip": inner.getvalue()})(path)


def _only_zips(path: Path) -> None:
    data = b"x" * 1000
    for _ in range(5):
        outer = io.BytesIO()
        with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as bomb:
            for n in range(20):
                bomb.writestr(f"{n}.zip", data)
        data = outer.getvalue()
    path.write_bytes(data)


def _member(name: str, mode: int = 0) -> Callable[[Path], object]:
    def make(path: Path) -> None:
        good(path)
        with zipfile.ZipFile(path, "a") as target:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            target.writestr(info, b"/etc/passwd")

    return make


def _same_name_twice(path: Path) -> None:
    good(path)
    data = path.read_bytes()
    with zipfile.ZipFile(path, "a") as target:
        target.writestr("xl/worksheets/sheet9.xml", zipfile.ZipFile(io.BytesIO(data)).read(SHEET))
    path.write_bytes(path.read_bytes().replace(b"sheet9.xml", b"sheet1.xml"))


def _lying_size(path: Path) -> None:
    """The directory says that a member of 64 MiB has 10 bytes."""
    _flat_bomb(path)
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/media/bomb.bin"))
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    path.write_bytes(bytes(data))


def _many_sheets(count: int) -> Callable[[Path], object]:
    space = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    listed = "".join(f'<sheet {space} name="s{n}" sheetId="{n + 2}" r:id="rId1"/>' for n in range(count)).encode()
    noisy = {"xl/media/noise.bin": noise(MIB)}
    return lambda path: changed(
        path, "xl/workbook.xml", lambda d: d.replace(b"</sheets>", listed + b"</sheets>"), noisy
    )


def _locked_xlsx(path: Path) -> None:
    good(path)
    plain = io.BytesIO(path.read_bytes())
    with path.open("wb") as target:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("geheim", target)


def with_shared_texts(path: Path, texts: bytes, sheet: Callable[[bytes], bytes] = lambda data: data) -> Path:
    """A good plan to which shared texts (elements `si`) are added, and whose sheet is passed through `sheet`."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = f'<Relationship Type="{kind}" Target="/xl/sharedStrings.xml" Id="rIdS"/></Relationships>'.encode()
    shared = f'<sst xmlns="{MAIN}">'.encode() + texts + b"</sst>"
    changes = {_RELS: lambda data: data.replace(b"</Relationships>", link), SHEET: sheet}
    extra = {"xl/sharedStrings.xml": shared, "xl/media/noise.bin": noise(3 * MIB)}
    return rezip(good(path), path, lambda name, data: changes[name](data) if name in changes else data, extra)


def _styles(path: Path) -> None:
    many = b'<xf numFmtId="14" fontId="0" fillId="0" borderId="0"/>' * 2_500_000
    changed(
        path, "xl/styles.xml", lambda d: d.replace(b"</cellXfs>", many + b"</cellXfs>"), {"xl/n.bin": noise(3 * MIB)}
    )


def _merges(count: int, ref: str = "A{n}:B{n}") -> Callable[[Path], object]:
    listed = "".join(f'<mergeCell ref="{ref.format(n=n + 5)}"/>' for n in range(count))
    return lambda path: changed(
        path,
        SHEET,
        lambda d: d.replace(b"</sheetData>", f"</sheetData><mergeCells>{listed}</mergeCells>".encode()),
        {"xl/n.bin": noise(MIB)},
    )


def _tall_merges(path: Path) -> None:
    rows = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c></row>' for r in range(1, 100_001))
    listed = '<mergeCell ref="A1:A100000"/>' * 10_000
    data = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData><mergeCells>{listed}</mergeCells></worksheet>'
    changed(path, SHEET, lambda _: data.encode(), {"xl/n.bin": noise(MIB)})


_OLE_LINK = b'<Relationship Type="http://x/oleObject" Target="file:///etc/passwd" TargetMode="External" Id="q"/>'
_ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'

XLSX: tuple[Case, ...] = (
    refused("flat_bomb.xlsx", _flat_bomb, "file.zip.bomb"),
    read("nested_zip.xlsx", _nested_zip),
    refused("zips_in_zips.xlsx", _only_zips, "file.not_a_workbook"),
    refused("lying_size.xlsx", _lying_size, "file.zip.bomb", "file.zip.broken"),
    refused(
        "far_apart.xlsx",
        _in_sheet("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "file.grid_too_large",
    ),
    refused(
        "declared_size.xlsx",
        lambda p: changed(p, SHEET, lambda d: d.replace(b'ref="A1:G2"', b'ref="A1:XFD1048576"')),
        "file.grid_too_large",
    ),
    refused("million_columns.xlsx", _body('<row r="1"><c r="BDWGN1"><v>1</v></c></row>'), "file.grid_too_large"),
    refused(
        "huge_row_number.xlsx",
        _body('<row r="99999999999999"><c r="A99999999999999"><v>1</v></c></row>'),
        "file.grid_too_large",
    ),
    refused(
        "negative_row.xlsx",
        _body('<row r="-5"><c r="A-5"><v>1</v></c></row>'),
        "file.workbook_broken",
        "file.parser.failed",
    ),
    refused("macro.xlsx", _with({"xl/vbaProject.bin": b"x"}), "file.macros"),
    refused("macro_sheet.xlsx", _with({"xl/macrosheets/sheet1.xml": b"<x/>"}), "file.macros"),
    refused(
        "macro_type.xlsx",
        lambda p: changed(
            p, "[Content_Types].xml", lambda d: d.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
        ),
        "file.macros",
    ),
    refused("entities.xlsx", _in_sheet("<worksheet", _ENTITIES), "file.dtd"),
    refused("utf16_dtd.xlsx", lambda p: changed(p, SHEET, lambda d: d.decode().encode("utf-16")), "file.xml_encoding"),
    refused("external_book.xlsx", _with({"xl/externalLinks/externalLink1.xml": b"<a/>"}), "file.external_link"),
    refused(
        "external_target.xlsx",
        lambda p: changed(p, _RELS, lambda d: d.replace(b"</Relationships>", _OLE_LINK + b"</Relationships>")),
        "file.external_link",
    ),
    refused("truncated.xlsx", lambda p: p.write_bytes(good(p).read_bytes()[:-300]), "file.zip.broken"),
    refused("flipped_bits.xlsx", spoilt_at(good, 0.3, 60), "file.zip.broken", "file.workbook_broken"),
    refused("named_csv.csv", good, "file.type_mismatch"),
    refused("named_xls.xls", good, "file.type_mismatch"),
    refused("sheets_300.xlsx", _many_sheets(300), "file.too_many_sheets"),
    refused("sheets_100000.xlsx", _many_sheets(100_000), "file.too_many_sheets"),
    refused("members_300.xlsx", _with({f"xl/media/{n}.png": b"x" for n in range(300)}), "file.zip.too_many_members"),
    read("formula_text.xlsx", _body(_rows(["物料名称"], ["=cmd|' /C calc'!A0"])), "=cmd|' /C calc'!A0"),
    read("nul_in_text.xlsx", _body(_rows(["物料名称", "数量"], ["钢_x0000_板", "3"])), "数量"),
    read("reordering_marks.xlsx", _body(_rows(["物料名称"], ["abc\u202egpj"])), "abc\u202egpj"),
    read("cell_of_10_mb.xlsx", _body(_rows(["物料名称"], ["钢" * 3_500_000]), MIB), "物料名称"),
    read("raw_nul.xlsx", _body(_rows(["物料\0名称"])), "物料\0名称"),
    refused("locked.xlsx", _locked_xlsx, "file.encrypted"),
    refused("path_out.xlsx", _member("../../etc/cron.d/x"), "file.zip.unsafe_member"),
    refused("path_root.xlsx", _member("/etc/cron.d/x"), "file.zip.unsafe_member"),
    refused("path_windows.xlsx", _member("C:\\windows\\x"), "file.zip.unsafe_member"),
    refused("symlink.xlsx", _member("xl/link", stat.S_IFLNK | 0o777), "file.zip.unsafe_member"),
    refused("same_name_twice.xlsx", _same_name_twice, "file.zip.duplicate_member"),
    refused(
        "shared_texts.xlsx",
        lambda path: with_shared_texts(path, b"<si><t>x</t></si>" * 10_000_000),
        "file.parser.memory",
        "file.zip.bomb",
    ),
    Case("styles.xlsx", _styles, frozenset({"file.parser.memory", "file.zip.bomb", "file.parser.time"}), "不锈钢板"),
    refused("merges.xlsx", _merges(30_000), "file.too_many_merges"),
    refused("tall_merges.xlsx", _tall_merges, "file.too_many_merges"),
    read("merge_of_billions.xlsx", _merges(1, "A3:XFD1048576")),
    read(
        "bad_dates.xlsx",
        _body('<row r="1">' + _text_cell("A1", "日期") + '<c r="B1" t="d"><v>2026-99-99</v></c></row>'),
        "日期",
    ),
    read(
        "bad_serials.xlsx",
        _body('<row r="1">' + _text_cell("A1", "日期") + '<c r="B1"><v>1e308</v></c><c r="C1"><v>-1</v></c></row>'),
        "日期",
    ),
    read(
        "error_cells.xlsx",
        _body('<row r="1">' + _text_cell("A1", "数量") + '<c r="B1" t="e"><v>#REF!</v></c></row>'),
        "数量",
    ),
    refused(
        "deep_xml.xlsx",
        lambda p: changed(p, "xl/workbook.xml", lambda _: b"<a>" * 500_000, {"xl/n.bin": noise(MIB)}),
        "file.workbook_broken",
        "file.parser.failed",
        "file.parser.memory",
    ),
    refused(
        "letter.xlsx",
        lambda p: zipfile.ZipFile(p, "w").writestr("word/document.xml", "<w/>"),
        "file.not_a_workbook",
        "file.zip.broken",
    ),
)
