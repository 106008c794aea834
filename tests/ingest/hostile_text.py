"""Hostile and broken CSV and PDF files: endless lines, odd bytes, scripts, locks, pages in a circle."""

import zlib
from collections.abc import Callable
from pathlib import Path

from tests.ingest.hostile import MIB, Case, noise, of_bytes, read, refused, spoilt_at
from tests.ingest.papers import page_of, paper, write_objects

CSV = "序号,物料名称,需求数量\n1,不锈钢板,300\n"


def _one_endless_line(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1024 * MIB)


def _pdf(**options: object) -> Callable[[Path], object]:
    drawn = page_of([["序号", "物料名称"], ["1", "不锈钢板"]])
    return lambda path: paper(path, [drawn], **options)  # type: ignore[arg-type]


def _pdf_pages_in_a_circle(path: Path) -> None:
    pages = "<< /Type /Pages /Kids [ 2 0 R 2 0 R ] /Count 2 /Parent 2 0 R >>"
    write_objects(path, ["<< /Type /Catalog /Pages 2 0 R >>", pages])


def _pdf_bomb(path: Path) -> None:
    """A page whose 4 KiB of packed drawing are 600 MiB of spaces, packed twice."""
    packed = zlib.compress(zlib.compress(b" " * (600 * MIB), 1), 9).decode("latin-1")
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>"
    stream = f"<< /Length {len(packed)} /Filter [/Fl /Fl] >>\nstream\n{packed}\nendstream"
    write_objects(
        path, ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, stream]
    )


def _pdf_many_lines(path: Path) -> None:
    """One page with a grid of 160 by 160 boxes: 25,600 cells of which each is compared with each."""
    drawn = "\n".join(f"{20 + c} {20 + r} 1 1 re S" for r in range(160) for c in range(160))
    paper(path, [page_of([["物料名称"]]) + "\n" + drawn])


def _no_text(path: Path) -> None:
    paper(path, ["10 10 200 200 re f"])


TEXTS_AND_PAPERS: tuple[Case, ...] = (
    refused("endless_line.csv", _one_endless_line, "file.too_large"),
    refused("line_of_15_mb.csv", of_bytes(b"x" * (15 * MIB)), "file.csv.broken"),
    refused("open_quote.csv", of_bytes(b'a,b\n"' + b"1,2\n" * 100_000), "file.csv.broken"),
    refused("only_quotes.csv", of_bytes(b'"' * 1_000_001), "file.csv.broken"),
    refused("million_columns.csv", of_bytes(b"," * 1_000_000), "file.grid_too_large"),
    refused("many_cells.csv", of_bytes((b"," * 999 + b"\n") * 3000), "file.grid_too_large"),
    read("mixed_line_ends.csv", of_bytes(CSV.replace("\n", "\r\n", 1).encode() + "2,纸管,3\r3,铜排,4\n".encode())),
    refused("only_a_mark.csv", of_bytes(b"\xef\xbb\xbf"), "file.empty"),
    refused("only_a_mark_16.csv", of_bytes(b"\xff\xfe"), "file.empty"),
    read("utf_7.csv", of_bytes(CSV.encode("utf-7")), "1"),
    refused(
        "ebcdic.csv", of_bytes("NO,NAME,QTY\n1,STEEL,300\n".encode("cp500")), "file.csv.not_text", "file.csv.encoding"
    ),
    refused("nul.csv", of_bytes(CSV.replace("板", "板\0").encode()), "file.csv.not_text"),
    refused("half_utf_8.csv", of_bytes(CSV.encode()[:-12] + b"\xe9\x92" + CSV.encode()[-12:]), "file.csv.encoding"),
    refused("noise.csv", of_bytes(noise(MIB)), "file.csv.not_text", "file.csv.encoding"),
    refused("script.pdf", _pdf(catalogue="/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "file.pdf.active"),
    refused(
        "hidden_script.pdf",
        _pdf(catalogue="/OpenAction << /S /J#61vaScript /#4AS (app.alert(1)) >>"),
        "file.pdf.active",
    ),
    refused(
        "attachment.pdf", _pdf(catalogue="/Names << /EmbeddedFiles << /Names [ (x) 9 0 R ] >> >>"), "file.pdf.active"
    ),
    refused("pages_10000.pdf", lambda p: paper(p, [""] * 10_000), "file.pdf.too_many_pages"),
    refused(
        "locked.pdf",
        _pdf(trailer="/Encrypt << /Filter /Standard /V 2 /R 3 /O (x) /U (x) /P -4 >> /ID [ (a) (b) ]"),
        "file.encrypted",
    ),
    Case("broken_xref.pdf", spoilt_at(_pdf(), 0.93, 30), frozenset({"file.pdf.broken"}), "不锈钢板"),
    refused("cut.pdf", of_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type"), "file.pdf.broken"),
    refused("pages_in_a_circle.pdf", _pdf_pages_in_a_circle, "file.pdf.broken"),
    refused("bomb.pdf", _pdf_bomb, "file.parser.memory", "file.parser.time", "file.pdf.broken", "file.pdf.scanned"),
    refused("many_lines.pdf", _pdf_many_lines, "file.pdf.too_complex"),
    refused("scan.pdf", _no_text, "file.pdf.scanned"),
    refused("named_pdf.xlsx", _pdf(), "file.type_mismatch"),
)
