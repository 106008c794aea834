"""Recognition lists (公示名单、认定名单): 序号, 设区市, 县(市、区), 企业名称[, 产品], one title a row.

Tier, batch and term come from the row, else from what the loader says, else from the text above the header.
A list that is only put up for comment (公示) says so in the notes: the title follows from the final text.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from graph.keys import capability_key
from graph.model import TIERS, Capability, Firm, Origin
from ingest.capability_text import split_capabilities
from ingest.kinds.firm_fields import NAME, PLACE_FIELDS, USCC, identity_of
from ingest.kinds.reading import PLAIN, Reading, TableChoice, open_table, read_table, title_of
from ingest.kinds.row import RowReader
from ingest.kinds.titles import Announcement, announced, term_in, tier_in
from ingest.table_kind import FieldSpec, TableKind

RECOGNITION = TableKind(
    "recognition",
    "公示(认定)名单",
    (
        FieldSpec("number", "序号", ("编号", "号")),
        *PLACE_FIELDS[:2],
        NAME,
        USCC,
        FieldSpec(
            "products",
            "主导产品",
            (
                "产品",
                "主要产品",
                "主导产品名称",
                "产品名称",
                "示范产品",
                "单项冠军产品",
                "主营产品",
                "主导产品(服务)",
                "主要产品(服务)",
            ),
            note="多个产品用顿号分开。",
            examples=("精密减速器、伺服电机", "滚动轴承"),
        ),
        FieldSpec(
            "tier",
            "称号",
            ("梯队", "类别", "企业类别", "称号类别", "认定类别", "认定类型", "培育层次", "企业类型"),
            note="、".join(TIERS) + "之一; 整份名单相同时可写在标题里。",
            examples=("专精特新", "小巨人"),
        ),
        FieldSpec("batch", "批次", ("认定批次", "公布批次", "公示批次"), examples=("2025年度第二批", "")),
        FieldSpec("valid_from", "认定日期", ("认定时间", "公布日期", "有效期起", "发证日期", "公告日期", "授牌时间")),
        FieldSpec("valid_until", "有效期至", ("有效期", "有效期止", "到期日期", "有效期限", "有效截止日期")),
        PLACE_FIELDS[2],
        FieldSpec("remark", "备注", ("说明",)),
    ),
)


@dataclass(frozen=True, slots=True)
class RecognitionSaid:
    """What the person who loads a list says of it."""

    announcement: Announcement
    synthetic: bool = False


def read_recognition(path: Path, said: RecognitionSaid, choice: TableChoice = PLAIN) -> Reading[Firm]:
    """A firm with its title for every row. Raises RefusedFile."""
    table = open_table(path, RECOGNITION, choice)
    title = title_of(table)
    announcement = announced(title or path.stem, said.announcement)
    assumed = {
        "tier": announcement.tier,
        "batch": announcement.batch,
        "valid_from": announcement.valid_from,
        "valid_until": announcement.valid_until,
    }
    reading = read_table(table, lambda row: _firm(row, announcement, synthetic=said.synthetic), assumed)
    if "公示" in title or (not title and "公示" in path.stem):
        note = "标题写的是“公示”: 称号以正式公布的文件为准。"
        reading.notes = (*reading.notes, note)
    return reading


def _firm(row: RowReader, announcement: Announcement, *, synthetic: bool) -> Firm | None:
    who = identity_of(row, synthetic=synthetic)
    written = row.text("tier", 60)
    tier = tier_in(written) if written else announcement.tier
    if tier is None:
        row.refuse("tier", "tier.unknown", f"没有写明是哪一级称号。请填写{'、'.join(TIERS)}之一, 或用 --tier 说明。")
    batch, (start, end) = row.text("batch", 60), _term(row)
    products = split_capabilities(row.text("products", 1000) or "")
    if who is None or tier is None or row.faults:
        return None
    return Firm(
        code=who.code,
        name=who.name,
        division=who.division,
        synthetic=synthetic,
        tier=tier,
        capabilities=tuple(Capability(capability_key(who.code, product), who.code, product) for product in products),
        origin=Origin("", row.row.number),
        uscc=who.uscc,
        address=who.address,
        titles=(replace(announcement, batch=batch or announcement.batch).title(tier, start, end),),
        flags=who.flags,
    )


def _term(row: RowReader) -> tuple[str | None, str | None]:
    """The row's own dates; one cell may hold both (2023年7月至2026年6月)."""
    for key in ("valid_until", "valid_from"):
        cell = row.cell(key)
        if isinstance(cell, str) and (both := term_in(cell)) != (None, None):
            return both
    return row.date("valid_from"), row.date("valid_until")
