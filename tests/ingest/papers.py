"""Writes PDFs with ruled tables for the tests: Chinese text in a font that every reader of PDF knows by name."""

from collections.abc import Sequence
from pathlib import Path

CELL_WIDTH, CELL_HEIGHT, TOP, LEFT = 100, 24, 760, 40
_FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [ << /Type /Font "
    "/Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 "
    ">> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900] "
    "/ItalicAngle 0 /Ascent 880 /Descent -120 /StemV 93 /CapHeight 880 >> >> ] >>"
)


def page_of(rows: Sequence[Sequence[str]], title: str = "", left: int = LEFT) -> str:
    """The drawing of one page: a title, and a table with rules around each cell."""
    drawn = [_text(LEFT, TOP + 30, title)] if title else []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            x, y = left + c * CELL_WIDTH, TOP - r * CELL_HEIGHT
            drawn += [f"{x} {y - CELL_HEIGHT} {CELL_WIDTH} {CELL_HEIGHT} re S", _text(x + 4, y - 16, text)]
    return "\n".join(drawn)


def paper(path: Path, pages: Sequence[str], catalogue: str = "", extra: Sequence[str] = (), trailer: str = "") -> Path:
    """A PDF of these pages. `catalogue` and `trailer` go into those dictionaries; `extra` objects come last."""
    first = 4
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>",
        f"<< /Type /Pages /Kids [ {kids} ] /Count {len(pages)} >>",
        _FONT,
    ]
    for n, drawing in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {first + 2 * n + 1} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream")
    return write_objects(path, [*objects, *extra], trailer)


def write_objects(path: Path, objects: Sequence[str], trailer: str = "") -> Path:
    """A PDF file of these objects, the first of which is the catalogue."""
    data, places = b"%PDF-1.7\n", []
    pieces = [data]
    length = len(data)
    for number, body in enumerate(objects, start=1):
        places.append(length)
        piece = f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
        pieces.append(piece)
        length += len(piece)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{length}\n%%EOF\n"
    )
    path.write_bytes(b"".join(pieces) + end.encode("latin-1"))
    return path


def _text(x: int, y: int, text: str) -> str:
    return f"BT /F1 9 Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET"
