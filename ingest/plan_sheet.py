"""Chooses the sheet that holds the plan, and checks its header more strictly than other tables' (选表与表头检查)."""

from collections.abc import Sequence

from ingest.columns import MappedTable
from ingest.faults import Fault
from ingest.header_faults import header_faults, merged_in_header, unknown_headers
from ingest.mapping import find_table
from ingest.plan_kind import PLAN
from ingest.profiles import Profile
from ingest.sheets import Sheet


def choose_table(file: str, sheets: Sequence[Sheet], wanted: str | None, profile: Profile | None = None) -> MappedTable:
    """The one table with a plan header. Raises RefusedFile."""
    return find_table(sheets, PLAN, profile, file=file, sheet=wanted)


def plan_header_faults(mapped: MappedTable) -> list[Fault]:
    """Every fault of the header: merged, unknown, doubled or blank headers, no product, money without a unit.

    A plan that a person mapped by hand (a profile) may have merged headers: its columns are settled.
    """
    merged = merged_in_header(mapped.file, mapped.kind, mapped.sheet, mapped.header_top, mapped.header_row)
    return [*([] if mapped.profile else merged), *unknown_headers(mapped), *header_faults(mapped)]
