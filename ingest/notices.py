"""Public purchase notices (采购公告) from JSON lines: one plan of kind NOTICE a line.

Fields read: `id`, `title`, `operator`, `region`, `date`, `purchaseContent`, `deadline`, `url`; all others
are left alone. People are taken out of every text before anything else looks at it.
"""

from pathlib import Path

from graph.model import Origin, Plan, PlanKind, PlanLine, stable_id
from ingest.codes import firm_key
from ingest.contacts import without_contacts
from ingest.dates import NotADate, dates_in, parse_date
from ingest.faults import Parsed
from ingest.jsonl import BadRow, Row, needed_text, read_rows, text_field
from ingest.notice_text import needs_of
from ingest.unique import one_per_key

_TITLE = 500
_CONTENT = 20_000


def read_notices(path: Path) -> Parsed[Plan]:
    """Every notice of the file that says what is bought. Raises RefusedFile.

    A notice is rejected where its words name nothing to buy (notice.need.not_found).
    """
    return one_per_key(path, read_rows(path, _notice), key=lambda plan: plan.id, what="公告")


def _notice(fields: Row, row: int) -> Plan:
    plan_id = f"notice-{needed_text(fields, 'id', limit=100)}"
    title = without_contacts(needed_text(fields, "title", limit=_TITLE))
    content = without_contacts(text_field(fields, "purchaseContent", limit=_CONTENT) or "")
    needs = needs_of(title, content)
    if not needs:
        message = "标题和采购内容里没有写明买什么。请补充采购内容后重试。"
        raise BadRow("notice.need.not_found", message, "title", title)
    operator = needed_text(fields, "operator")
    region = text_field(fields, "region", limit=50)
    buyer = f"{operator}({region})" if region else operator
    published = _published(fields)
    lines = tuple(
        PlanLine(
            id=stable_id("line", plan_id, str(number)),
            plan_id=plan_id,
            number=number,
            product=need.product,
            spec=need.spec,
            quantity=need.quantity,
            unit=need.unit,
            origin=Origin("", row),
        )
        for number, need in enumerate(needs, start=1)
    )
    return Plan(
        id=plan_id,
        kind=PlanKind.NOTICE,
        title=title,
        buyer_code=firm_key(buyer, ""),
        buyer_name=buyer,
        synthetic=False,
        published_on=published,
        closes_on=_deadline(text_field(fields, "deadline"), published),
        url=_url(fields),
        lines=lines,
    )


def _published(fields: Row) -> str | None:
    text = text_field(fields, "date", limit=40)
    try:
        return parse_date(text) if text else None
    except NotADate:
        message = f"“{text}” 不是日期。请改为 2026-03-31 的形式。"
        raise BadRow("notice.date.not_a_date", message, "date", text) from None


def _deadline(text: str | None, published: str | None) -> str | None:
    """The last date in the text; None where it says none, or one that was over when the notice came out."""
    last = max(dates_in(text or ""), default=None)
    return None if last and published and last < published else last


def _url(fields: Row) -> str | None:
    url = text_field(fields, "url", limit=2000)
    # Shown as a link: any other scheme (javascript:) is no address of a notice.
    return url if url and url.startswith(("https://", "http://")) else None
