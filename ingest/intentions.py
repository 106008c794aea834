"""Government purchase intentions (政府采购意向公开): one notice with one line for every project.

Columns as the sheets have them: 采购项目名称, 采购需求概况, 预算金额(万元), 拟面向中小企业预留, 预计采购时间, 备注;
with 采购单位 or the announcement's title where a sheet holds several bodies. JSON lines have the same fields as
`title`, `project`, `need`, `budget_wan`, `expected`, `published`, `sme_reserved`.

A need expires: the notice closes with the last day of the month in which its purchase is expected.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from graph.model import Origin, Plan, PlanKind, PlanLine, stable_id
from ingest.codes import firm_key
from ingest.contacts import without_contacts
from ingest.dates import NotADate, parse_date
from ingest.faults import shown
from ingest.jsonl import BadRow, Row, needed_text, read_rows, text_field
from ingest.kinds.reading import PLAIN, Reading, TableChoice, is_table, of_parsed, open_table, read_table, title_of
from ingest.kinds.row import RowReader
from ingest.table_kind import FieldSpec, TableKind

INTENTIONS = TableKind(
    "intention",
    "政府采购意向",
    (
        FieldSpec("number", "序号", ("编号",)),
        FieldSpec(
            "buyer", "采购单位", ("采购人", "预算单位", "单位名称", "采购单位名称"), examples=("示例市第一中学", "")
        ),
        FieldSpec(
            "project",
            "采购项目名称",
            ("项目名称", "采购项目", "意向项目名称", "采购意向名称"),
            needed=True,
            examples=("实训室数控机床采购", "教学仪器采购"),
        ),
        FieldSpec(
            "need",
            "采购需求概况",
            ("需求概况", "采购需求", "采购需求概述", "主要内容", "采购内容", "采购标的"),
            examples=("数控车床 6 台, 用于实训教学。", ""),
        ),
        FieldSpec(
            "budget",
            "预算金额(万元)",
            ("预算金额", "采购预算", "预算", "预算金额(元)"),
            money=True,
            examples=("120", "45.5"),
        ),
        FieldSpec(
            "reserved",
            "是否专门面向中小企业采购",
            ("拟面向中小企业预留", "是否面向中小企业", "面向中小企业", "预留中小企业"),
        ),
        FieldSpec(
            "expected",
            "预计采购时间(填写到月)",
            ("预计采购时间", "预计采购月份", "预计采购日期", "采购时间"),
            examples=("2027年3月", "2027-05"),
        ),
        FieldSpec("title", "意向公告名称", ("公告名称", "公告标题", "意向名称")),
        FieldSpec("published", "发布日期", ("公开时间", "发布时间", "公示时间")),
        FieldSpec("remark", "备注", ("说明",)),
    ),
)
_NEED = 4000
_SPEC = 500
_TAIL = re.compile(r"(?<=.{4})(?:采购项目|采购|项目)$")
# "…2026年01月(至)06月政府采购意向" names the body and the months that it announces for.
_OF_BODY = re.compile(r"(?:20\d\d年\d{1,2}月.*)?(?:政府)?采购意向(?:公开|公告|表)?.*$")


@dataclass(frozen=True, slots=True)
class _Project:
    """One row: an announcement's project before it becomes a line."""

    title: str
    buyer: str
    published: str | None
    product: str
    spec: str | None
    budget: float | None
    expected: str | None
    row: int


def read_intentions(path: Path, choice: TableChoice = PLAIN, buyer: str | None = None) -> Reading[Plan]:
    """One plan of kind NOTICE a project; `buyer` where a sheet does not name it. Raises RefusedFile."""
    projects = _from_table(path, choice, buyer) if is_table(path) else of_parsed(read_rows(path, _from_json))
    # The same project twice is one plan; the first row of it is its origin.
    plans = {plan.id: plan for plan in reversed([_plan(project) for project in projects.items])}
    found = list(reversed(plans.values()))
    return Reading(found, projects.rejected, projects.flags, projects.header, projects.notes, projects.accepted)


def _from_table(path: Path, choice: TableChoice, buyer: str | None) -> Reading[_Project]:
    table = open_table(path, INTENTIONS, choice)
    title = title_of(table)
    body = buyer or _OF_BODY.sub("", title).strip() or None
    return read_table(table, lambda row: _from_row(row, title or path.stem, body), {"buyer": body, "title": title})


def _from_row(row: RowReader, title: str, body: str | None) -> _Project | None:
    name = row.needed("project")
    buyer = row.text("buyer", 200) or body
    if buyer is None:
        row.refuse("buyer", "buyer.missing", "没有写明采购单位。请加上「采购单位」一列, 或用 --buyer 说明。")
    need = row.text("need", _NEED)
    expected, published, budget = row.date("expected"), row.date("published"), row.money("budget")
    if row.faults or buyer is None:
        return None
    heading = row.text("title", 300) or (f"{buyer}政府采购意向" if row.text("buyer", 200) else title)
    return _project(heading, buyer, published, name, need, budget, expected, row.row.number)


def _from_json(fields: Row, row: int) -> _Project:
    title = needed_text(fields, "title", limit=300)
    buyer = text_field(fields, "buyer", limit=200) or _OF_BODY.sub("", title).strip()
    if not buyer:
        raise BadRow("intention.buyer.missing", "标题里没有写明采购单位。请补上 buyer。", "title", title)
    return _project(
        title,
        buyer,
        _date(fields, "published"),
        needed_text(fields, "project"),
        text_field(fields, "need", limit=_NEED),
        _budget(fields),
        _date(fields, "expected"),
        row,
    )


def _project(
    title: str,
    buyer: str,
    published: str | None,
    name: str,
    need: str | None,
    budget: float | None,
    expected: str | None,
    row: int,
) -> _Project:
    name, need = without_contacts(name), without_contacts(need or "")
    spec = need if len(need) <= _SPEC else need[: _SPEC - 1] + "…"
    return _Project(without_contacts(title), buyer, published, _TAIL.sub("", name), spec or None, budget, expected, row)


def _date(fields: Row, key: str) -> str | None:
    text = text_field(fields, key, limit=40)
    try:
        return parse_date(text) if text else None
    except NotADate:
        raise BadRow("intention.date.not_a_date", f"“{text}” 不是日期。请改为 2026-03-31 的形式。", key, text) from None


def _budget(fields: Row) -> float | None:
    value = fields.get("budget_wan")
    if value in (None, ""):
        return None
    try:
        budget = float(str(value).replace(",", ""))
    except ValueError:
        budget = -1.0
    if not 0 < budget < 1e9:
        message = f"“{shown(value)}” 不是大于 0 的万元数。请改为数字, 不确定就删去。"
        raise BadRow("intention.budget.not_a_number", message, "budget_wan", value)
    return round(budget * 1e4, 4)


def _plan(project: _Project) -> Plan:
    # Keyed by what it says and not by its row, so that a corrected file adds to what the first one brought.
    said = (firm_key(project.buyer, ""), project.title, project.product, project.spec or "", str(project.budget))
    key = stable_id("plan", "intention", *said)
    line = PlanLine(
        id=stable_id("line", key, "1"),
        plan_id=key,
        number=1,
        product=project.product,
        spec=project.spec,
        budget_cny=project.budget,
        origin=Origin("", project.row),
    )
    return Plan(
        id=key,
        kind=PlanKind.NOTICE,
        title=f"{project.title}：{project.product}",
        buyer_code=firm_key(project.buyer, ""),
        buyer_name=project.buyer,
        synthetic=False,
        published_on=project.published,
        closes_on=project.expected,
        lines=(line,),
    )
