"""Codes and titles that a register gives for a firm (登记代码与称号), checked one by one."""

import re

from graph.model import TIERS
from ingest.divisions import PROVINCE, is_valid
from ingest.jsonl import BadRow
from ingest.tiers import canonical_tier


def checked_division(division: str | None) -> str:
    """A division code, "" where unknown. Raises BadRow for text and for codes that Jiangsu does not have."""
    if division is None:
        return ""
    shaped = re.fullmatch(r"[1-8]\d(\d\d)?(\d\d)?", division)
    if not shaped or (division.startswith(PROVINCE) and not is_valid(division)):
        message = f"“{division}” 不是行政区划代码。请填写 2、4 或 6 位 GB/T 2260 代码, 例如 320583。"
        raise BadRow("division.unknown", message, "division", division)
    return division


def checked_tier(tier: str | None) -> str | None:
    """One of the four tiers, None where there is none. Raises BadRow."""
    if tier is None:
        return None
    if known := canonical_tier(tier):
        return known
    raise BadRow("tier.unknown", f"“{tier}” 不是梯队名称。请填写{'、'.join(TIERS)}之一。", "tier", tier)
