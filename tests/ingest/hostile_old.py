"""Hostile and broken xls and ods files: chains in circles, records that lie, cells that repeat 2^31 times."""

import struct
from collections.abc import Callable
from pathlib import Path

from tests.ingest.books import rezip
from tests.ingest.hostile import HEAD, MIB, Case, of_bytes, read, refused
from tests.ingest.old_books import SECTOR, bof, book, container, old_workbook, record, sheet
from tests.ingest.open_books import open_book, table


def _xls(change: Callable[[bytearray], None]) -> Callable[[Path], object]:
    def make(path: Path) -> None:
        data = container({"Workbook": book({"需求": sheet([list(row) for row in HEAD])})})
        change(data)
        path.write_bytes(bytes(data))

    return make


def _cyclic_fat(data: bytearray) -> None:
    # The FAT is sector 0; the stream starts in sector 2: it now leads to itself.
    struct.pack_into("<I", data, SECTOR + 2 * 4, 2)


def _cyclic_directory(data: bytearray) -> None:
    struct.pack_into("<I", data, SECTOR + 1 * 4, 1)


def _fat_to_nowhere(data: bytearray) -> None:
    struct.pack_into("<I", data, SECTOR + 3 * 4, 0x00FFFFFF)


def _cyclic_difat(data: bytearray) -> None:
    struct.pack_into("<II", data, 68, 2, 1000)
    struct.pack_into("<I", data, SECTOR + 3 * SECTOR - 4, 2)


def _xls_stream(stream: bytes, extra: dict[str, bytes] | None = None) -> Callable[[Path], object]:
    return of_bytes(bytes(container({"Workbook": stream, **(extra or {})})))


_ONE = 'office:value-type="float" office:value="1"'
_REPEAT = (
    '<table:table-row table:number-rows-repeated="{rows}"><table:table-cell '
    f'table:number-columns-repeated="{{cols}}" {_ONE}><text:p>1</text:p></table:table-cell></table:table-row>'
)
_EMPTY = (
    '<table:table-row table:number-rows-repeated="{rows}">'
    '<table:table-cell table:number-columns-repeated="{cols}"/></table:table-row>'
)


def _ods(extra: str = "", members: dict[str, bytes] | None = None) -> Callable[[Path], object]:
    return lambda path: open_book(path, table("需求", HEAD, extra), members)


def _ods_locked(path: Path) -> None:
    locked = b"><manifest:encryption-data/></manifest:file-entry>"
    rezip(_ods_at(path), path, lambda n, d: d.replace(b"/>", locked) if "manifest" in n else d, {})


def _ods_at(path: Path) -> Path:
    return open_book(path, table("需求", HEAD))


XLS_AND_ODS: tuple[Case, ...] = (
    refused("named_xlsx.xlsx", lambda p: old_workbook(p, {"需求": HEAD}), "file.type_mismatch"),
    refused("page.xls", of_bytes(b"<html><table><tr><td>1</td></tr></table></html>"), "file.markup"),
    refused("cyclic_fat.xls", _xls(_cyclic_fat), "file.xls.broken"),
    refused("cyclic_directory.xls", _xls(_cyclic_directory), "file.xls.broken"),
    refused("fat_to_nowhere.xls", _xls(_fat_to_nowhere), "file.xls.broken"),
    refused("cyclic_difat.xls", _xls(_cyclic_difat), "file.xls.broken"),
    refused("only_a_head.xls", of_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)), "file.xls.broken"),
    refused("locked.xls", _xls_stream(book({"s": sheet(HEAD)}, extra=record(0x2F, bytes(6)))), "file.encrypted"),
    refused("macro.xls", _xls_stream(book({"s": sheet(HEAD)}), {"_VBA_PROJECT_CUR": b"x"}), "file.macros"),
    refused(
        "linked.xls",
        _xls_stream(book({"s": sheet(HEAD)}, extra=record(0x1AE, struct.pack("<HH", 1, 4) + b"\0book"))),
        "file.external_link",
    ),
    refused("declared_size.xls", _xls_stream(book({"s": sheet(HEAD, size=(65536, 256))})), "file.grid_too_large"),
    refused(
        "far_apart.xls",
        _xls_stream(book({"s": sheet(HEAD, extra=record(0x203, struct.pack("<HHHd", 65535, 255, 0, 1.0)))})),
        "file.grid_too_large",
    ),
    refused("letter.xls", of_bytes(bytes(container({"WordDocument": b"x"}))), "file.not_a_workbook"),
    refused("excel_2.xls", of_bytes(bytes.fromhex("09000400020010000a000000")), "file.old_xls"),
    refused("excel_4.xls", of_bytes(bytes.fromhex("0904060000001000000a000000")), "file.old_xls"),
    refused("not_biff.xls", _xls_stream(b"\x01\x02\x03\x04" * 100), "file.old_xls"),
    refused(
        "cut_records.xls",
        _xls_stream(bof(5) + record(0x85, struct.pack("<IBBBB", 0xFFFFFFF0, 0, 0, 1, 1) + b"s\0") + record(0x0A)),
        "file.workbook_broken",
        "file.parser.failed",
    ),
    refused("repeated_columns.ods", _ods(_REPEAT.format(rows=1, cols=2**31)), "file.grid_too_large"),
    refused("repeated_rows.ods", _ods(_REPEAT.format(rows=2**31, cols=1)), "file.grid_too_large"),
    refused("repeated_both.ods", _ods(_REPEAT.format(rows=100_000, cols=1000)), "file.grid_too_large"),
    refused("repeated_empty.ods", _ods(_EMPTY.format(rows=1, cols=2**31)), "file.grid_too_large"),
    read("empty_to_the_end.ods", _ods(_EMPTY.format(rows=1_048_000, cols=16_384))),
    refused("macro.ods", _ods(members={"Basic/Standard/Module1.xml": b"<x/>"}), "file.macros"),
    refused("locked.ods", _ods_locked, "file.encrypted"),
    refused("linked.ods", _ods('<table:table-source xlink:href="http://example.com/x.ods"/>'), "file.external_link"),
    refused("bomb.ods", _ods(members={"Pictures/x.bin": bytes(64 * MIB)}), "file.zip.bomb"),
)
