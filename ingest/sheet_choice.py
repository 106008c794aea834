"""Chooses the sheet that holds the table (选表): the one that maps best; two that do so equally are refused."""

from collections.abc import Callable, Sequence

from ingest.faults import Fault, RefusedFile
from ingest.header_rows import Header
from ingest.sheets import Sheet, is_empty, names_of
from ingest.table_kind import TableKind

# A sheet is clearly worse, and only told of, where it names less than this share of what the best one names.
_RIVAL = 0.75


def candidates(file: str, sheets: Sequence[Sheet], kind: TableKind, wanted: str | None) -> list[Sheet]:
    """The visible sheets with content, or the one `wanted`. Raises RefusedFile."""
    visible = [s for s in sheets if not s.hidden]
    if wanted is not None:
        visible = [s for s in sheets if s.name == wanted and not s.hidden]
        if not visible:
            message = f"没有可见的工作表“{wanted}”。现有工作表: {names_of([s for s in sheets if not s.hidden])}。"
            raise RefusedFile([Fault(file, f"{kind.name}.sheet.unknown", message, sheet=wanted)])
    if not visible:
        message = f"工作表 {names_of(sheets)} 都已隐藏。请取消隐藏后重新上传。"
        raise RefusedFile([Fault(file, f"{kind.name}.sheet.all_hidden", message)])
    filled = [s for s in visible if not is_empty(s)]
    if not filled:
        message = f"是空表。请填写表头和至少一行{kind.title}后重新上传。"
        raise RefusedFile([Fault(file, f"{kind.name}.sheet.empty", message, sheet=s.name) for s in visible])
    return filled


def choose(
    file: str, sheets: Sequence[Sheet], kind: TableKind, find: Callable[[Sheet], Header | None]
) -> tuple[Sheet, Header] | None:
    """The sheet whose header scores best; None where none has a header. Raises RefusedFile where two come close."""
    found = [(s, h) for s in sheets if (h := find(s))]
    if not found:
        return None
    best = max(found, key=lambda pair: (_complete(pair[1], kind), pair[1].score))
    rivals = [
        s for s, h in found if h.score >= _RIVAL * best[1].score and _complete(h, kind) == _complete(best[1], kind)
    ]
    if len(rivals) > 1:
        message = f"{names_of(rivals)} 都有{kind.title}表头, 不能确定读哪一个。请只保留一个, 或指明工作表。"
        raise RefusedFile([Fault(file, f"{kind.name}.sheet.several", message)])
    return best


def notes_on(
    sheets: Sequence[Sheet], read: Sheet, kind: TableKind, find: Callable[[Sheet], Header | None]
) -> list[str]:
    """Which sheet was read, and which were left out and why."""
    if read.name is None:
        return []
    notes = [f"读取了工作表“{read.name}”。"]
    if hidden := [s for s in sheets if s.hidden]:
        notes.append(f"隐藏的工作表 {names_of(hidden)} 没有读取。")
    others = [s for s in sheets if not s.hidden and s is not read and not is_empty(s)]
    if bare := [s for s in others if find(s) is None]:
        notes.append(f"工作表 {names_of(bare)} 没有{kind.title}表头, 没有读取。")
    if lesser := [s for s in others if s not in bare]:
        notes.append(f"工作表 {names_of(lesser)} 的{kind.title}表头不如“{read.name}”完整, 没有读取。")
    return notes


def _complete(header: Header, kind: TableKind) -> bool:
    keys = {column.key for column in header.columns}
    return all(spec.key in keys for spec in kind.fields if spec.needed)
