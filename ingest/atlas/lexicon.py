"""The product lexicon that ships (产品词库): every product of the atlas, without the checks of a load."""

from functools import cache

from graph.model import Product
from ingest.atlas import shipped_folder
from ingest.atlas.products import read_products


@cache
def shipped_products() -> tuple[Product, ...]:
    """Every product of the shipped tables, chain by chain, in the order of the tables."""
    tables = sorted((shipped_folder() / "products").glob("*.tsv"))
    return tuple(product for table in tables for _, product in read_products(table)[0])
