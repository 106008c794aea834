"""What became of one file (导入报告): counts that add up, and every row that needs a person's eye."""

from dataclasses import dataclass

from ingest.faults import Fault
from ingest.kinds.reading import Rejected


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """A row that went in: what it is about, under which code, and whether that is added, changed or same."""

    row: int
    name: str
    code: str
    effect: str


@dataclass(frozen=True, slots=True)
class ReviewPair:
    """Two firms that may be one; a person decides. `score` is 0..1."""

    left: str
    right: str
    left_name: str
    right_name: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Written:
    """What writing changed, counted in things (firms, plans, entries) and not in rows."""

    added: int = 0
    changed: int = 0
    same: int = 0
    plan_ids: tuple[str, ...] = ()
    rows: tuple[AcceptedRow, ...] = ()
    review: tuple[ReviewPair, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of one file: `rows_read == accepted + rejected`, at least one fault a rejected row.

    `skipped` says that the same file was loaded before and nothing was written now; `dry_run` that nothing was to
    be written. `plan_ids` are the plans that were written; a skipped plan file still names its plan. `flags` were
    kept though they look wrong. `refused` are the rejected rows with their cells under `header`.
    """

    load_id: str
    source_id: str
    file_name: str
    sha256: str
    rows_read: int
    accepted: int
    rejected: int
    skipped: bool = False
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    plan_ids: tuple[str, ...] = ()
    dry_run: bool = False
    flags: tuple[Fault, ...] = ()
    written: Written = Written()
    refused: tuple[Rejected, ...] = ()
    header: tuple[str, ...] = ()
