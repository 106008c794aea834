"""The two lists of `rank` and its answer as files: UTF-8 with tabs in, JSON lines out."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from matchmaker.errors import ListFileError
from matchmaker.index import Offer
from matchmaker.rank import Need, Result


def read_needs(path: Path) -> list[Need]:
    """Rows `id<TAB>text`, no header. Raises ListFileError that names the row and the column."""
    return [Need(key, text) for key, text in _rows(path, ("编号", "需求"))]


def read_offers(path: Path) -> list[Offer]:
    """Rows `id<TAB>supplier_id<TAB>text`, no header. Raises ListFileError that names the row and the column."""
    columns = ("编号", "企业编号", "供给")
    return [Offer(id=key, supplier_id=supplier, text=text) for key, supplier, text in _rows(path, columns)]


def write_ranks(path: Path, needs: Sequence[Need], ranked: Sequence[Sequence[Result]]) -> None:
    """One need a line, suppliers best first; written beside and renamed, the same bytes for the same input."""
    aside = path.with_name(f"{path.name}.part")
    with aside.open("w", encoding="utf-8", newline="\n") as stream:
        for need, results in zip(needs, ranked, strict=True):
            shown = [
                {"supplier_id": r.supplier_id, "offer_id": r.offer_id, "p": r.p, "parts": r.parts} for r in results
            ]
            stream.write(json.dumps({"need_id": need.id, "results": shown}, ensure_ascii=False) + "\n")
    aside.replace(path)


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[list[str]]:
    seen: dict[str, int] = {}
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        where = f"{path.name} 第 {number} 行"
        if len(cells) != len(columns):
            raise ListFileError(
                "list.row.columns",
                f"{where}: 有 {len(cells)} 列, 应为 {len(columns)} 列({'、'.join(columns)})。请以制表符分隔后重试。",
            )
        for name, cell in zip(columns, cells, strict=True):
            if not cell:
                raise ListFileError("list.cell.empty", f"{where}「{name}」: 不能为空。请填写后重试。")
        if cells[0] in seen:
            raise ListFileError(
                "list.id.double",
                f"{where}「{columns[0]}」: {cells[0]} 已在第 {seen[cells[0]]} 行出现。请改为不同的编号后重试。",
            )
        seen[cells[0]] = number
        yield cells


def _lines(path: Path) -> list[str]:
    try:
        # Only real line ends count: splitlines() would also cut at form feeds inside a text.
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        raise ListFileError(
            "list.file.not_utf8", f"{path.name} 第 {row} 行: 不是 UTF-8 编码。请另存为 UTF-8 文本后重试。"
        ) from error
    except OSError as error:
        raise ListFileError(
            "list.file.unreadable", f"无法读取 {path}: {error.strerror}。请检查文件名和权限。"
        ) from error
