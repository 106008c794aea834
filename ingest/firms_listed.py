"""Listed firms (上市公司) from JSON lines: facts of 2021-2022 that filings published.

One object a line: `stock_code`, `name`, `full_name`, `division`, `industry`, `products` (each `name` and
`revenue_share`, null where the product only stands in the registered business scope).
"""

from pathlib import Path
from typing import Any

from graph.keys import capability_key
from graph.model import Capability, Firm, Origin
from ingest.codes import firm_key
from ingest.faults import Parsed, shown
from ingest.jsonl import BadRow, Row, needed_text, read_rows, text_field
from ingest.makes import is_made
from ingest.register_codes import checked_division

FACTS_YEAR = "2021-2022"


def read_listed_firms(path: Path) -> Parsed[Firm]:
    """Every firm of the file with one capability a product that it makes; see `ingest.makes` for the rule.

    A firm whose filing names nothing but services is kept without capabilities. Raises RefusedFile.
    """
    return read_rows(path, _firm)


def _firm(fields: Row, row: int) -> Firm:
    full_name = needed_text(fields, "full_name")
    division = checked_division(text_field(fields, "division"))
    code = firm_key(full_name, division)
    return Firm(
        code=code,
        name=full_name,
        division=division,
        synthetic=False,
        industry=text_field(fields, "industry"),
        stock_code=text_field(fields, "stock_code", limit=20),
        facts_year=FACTS_YEAR,
        capabilities=_capabilities(code, fields.get("products")),
        origin=Origin("", row),
    )


def _capabilities(code: str, products: Any) -> tuple[Capability, ...]:
    if products is None:
        return ()
    if not isinstance(products, list):
        raise BadRow("row.not_a_list", "不是列表。请写成 [{…}, {…}]。", "products", products)
    made: dict[str, Capability] = {}
    for product in products:
        if not isinstance(product, dict):
            raise BadRow("row.not_an_object", f"“{shown(product)}” 不是产品。请写成 {{…}}。", "products", product)
        name = needed_text(product, "name", limit=200)
        share = _share(product.get("revenue_share"))
        if not is_made(name, share_known=product.get("revenue_share") is not None):
            continue
        capability = Capability(capability_key(code, name), code, name, revenue_share=share)
        known = made.get(capability.id)
        if known is None or (known.revenue_share or 0.0) < (share or 0.0):
            made[capability.id] = capability
    return tuple(sorted(made.values(), key=lambda c: c.id))


def _share(value: Any) -> float | None:
    """A fraction; None where unknown. Filings net out internal sales, so a part can exceed the whole: unknown too."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        message = f"“{shown(value)}” 不是数字。请改为 0 到 1 之间的数字。"
        raise BadRow("row.not_a_number", message, "revenue_share", value)
    return float(value) if 0 <= value <= 1 else None
