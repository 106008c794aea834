"""Public catalogues (分类目录): tax goods codes, GB/T 4754-2017, the procurement catalogue of 2022.

From a table (代码, 名称, 上级代码, 说明, 关键字) or from JSON as it is published; see `ingest.catalogue_json`. A name
of the procurement catalogue that carries a stray piece of the 说明 column is cut (`ingest.catalogue_names`); one that
is nothing but such a piece is kept and flagged, for nobody can say what stood there.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from graph.model import CatalogueEntry
from ingest.catalogue_json import json_entries, scheme_of_json
from ingest.catalogue_names import CleanName, RawEntry, cleaned
from ingest.faults import Fault, RefusedFile, shown
from ingest.kinds.reading import PLAIN, Reading, Rejected, TableChoice, is_table, open_table, read_table
from ingest.kinds.row import RowReader
from ingest.table_kind import FieldSpec, TableKind

SCHEMES = {
    "tax": "商品和服务税收分类编码",
    "gb4754": "GB/T 4754-2017 国民经济行业分类",
    "gpc": "政府采购品目分类目录(2022)",
}
CATALOGUE = TableKind(
    "catalogue",
    "分类目录",
    (
        FieldSpec(
            "code",
            "代码",
            ("编码", "品目编码", "合并编码", "商品编码", "分类编码", "行业代码", "税收分类编码"),
            needed=True,
        ),
        FieldSpec(
            "name",
            "名称",
            ("品目名称", "货物和劳务名称", "商品名称", "行业名称", "类别名称", "商品和服务名称"),
            needed=True,
        ),
        FieldSpec("parent", "上级代码", ("父级代码", "上级编码", "父代码")),
        FieldSpec("description", "说明", ("品目说明", "注释", "解释", "描述")),
        FieldSpec("keywords", "关键字", ("关键词", "商品和服务分类简称", "简称", "别名")),
    ),
)
_SHAPES = {
    "tax": re.compile(r"\d{19}"),
    "gb4754": re.compile(r"[A-T](?:\d{2,4})?"),
    "gpc": re.compile(r"[ABC](?:\d{8})?"),
}


def read_catalogue(path: Path, scheme: str | None = None, choice: TableChoice = PLAIN) -> Reading[CatalogueEntry]:
    """Every entry of the catalogue, each code once. `scheme` is needed for tables whose codes fit several.

    Raises RefusedFile where the file is no catalogue.
    """
    if is_table(path):
        raw = read_table(open_table(path, CATALOGUE, choice), _from_row)
        scheme = scheme or _scheme_of(entry.code for entry in raw.items)
    else:
        scheme = scheme or scheme_of_json(path)
        raw = json_entries(path)
    if scheme not in SCHEMES:
        message = (
            f"看不出是哪一种目录。请用 --scheme 说明: {'、'.join(f'{key}({name})' for key, name in SCHEMES.items())}。"
        )
        raise RefusedFile([Fault(path.name, "catalogue.scheme_unknown", message)])
    return _entries(path.name, scheme, raw)


def _from_row(row: RowReader) -> RawEntry | None:
    code, name = row.needed("code", 40), row.needed("name", 200)
    entry = RawEntry(
        code, name, row.text("parent", 40), row.text("description", 8000), row.many("keywords"), row.row.number
    )
    return None if row.faults else entry


def _scheme_of(codes: Iterable[str]) -> str | None:
    sample = [code for code, _ in zip(codes, range(200), strict=False)]
    fits = [scheme for scheme, shape in _SHAPES.items() if sample and all(shape.fullmatch(code) for code in sample)]
    return fits[0] if len(fits) == 1 else None


def _entries(file: str, scheme: str, raw: Reading[RawEntry]) -> Reading[CatalogueEntry]:
    reading: Reading[CatalogueEntry] = Reading(
        rejected=raw.rejected, flags=raw.flags, header=raw.header, notes=raw.notes
    )

    def refuse(entry: RawEntry, code: str, column: str, message: str, value: str) -> None:
        fault = Fault(file, f"catalogue.{code}", message, row=entry.row, column=column, value=shown(value))
        reading.rejected.append(Rejected(entry.row, (fault,), entry.cells))

    kept: dict[str, RawEntry] = {}
    # Which of two entries of one code is kept depends on what they say, and not on their order.
    for entry in sorted(raw.items, key=lambda e: (e.code, -len(e.description or ""), e.name, e.row)):
        if not _SHAPES[scheme].fullmatch(entry.code):
            refuse(
                entry,
                "code.malformed",
                "代码",
                f"“{shown(entry.code)}” 不是{SCHEMES[scheme]}的代码。请改正。",
                entry.code,
            )
        elif entry.code in kept:
            first = kept[entry.code]
            message = f"代码与第 {first.row} 行“{shown(first.name)}”相同, 只保留那一行。请改正。"
            refuse(entry, "code.duplicate", "代码", message, entry.code)
        else:
            kept[entry.code] = entry
    for entry in sorted(kept.values(), key=lambda e: e.row):
        clean = cleaned(entry) if scheme == "gpc" else CleanName(entry.name, entry.description, False)
        if clean.doubt:
            message = f"名称“{shown(entry.name)}”像是说明栏的残片, 原样保留。请对照原文核对。"
            reading.flags.append(
                Fault(file, "catalogue.name.fragment", message, row=entry.row, column="名称", value=entry.code)
            )
        parent = entry.parent if entry.parent in kept else nearest_parent(scheme, entry.code, kept.__contains__)
        reading.take(
            CatalogueEntry(
                f"{scheme}:{entry.code}",
                scheme,
                clean.name,
                f"{scheme}:{parent}" if parent else None,
                clean.description,
                tuple(dict.fromkeys(word for word in entry.keywords if word != clean.name)),
            )
        )
    reading.rejected.sort(key=lambda refused: refused.row)
    return reading


def nearest_parent(scheme: str, code: str, exists: Callable[[str], bool]) -> str | None:
    """The closest code above `code` that the catalogue has; None for one that stands at the top."""
    return next((above for above in _above(scheme, code) if exists(above)), None)


def _above(scheme: str, code: str) -> Iterator[str]:
    if scheme == "gb4754":
        yield from (code[:end] for end in range(len(code) - 1, 0, -1))
        return
    # One leading place, then pairs (tax) or the letter and pairs (procurement); trailing zeros are "none".
    pairs = [code[at : at + 2] for at in range(1, len(code), 2)]
    for at in range(len(pairs) - 1, -1, -1):
        if pairs[at] != "00":
            pairs[at] = "00"
            yield code[0] + "".join(pairs)
    if scheme == "gpc":
        yield code[0]
