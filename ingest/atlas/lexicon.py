"""The words that ship (产品词库): every product and link of the atlas, without the checks of a load."""

from functools import cache

from graph.model import Link, Product
from ingest.atlas import shipped_folder
from ingest.atlas.products import read_products
from ingest.atlas.structure import Structure, read_structure


@cache
def shipped_products() -> tuple[Product, ...]:
    """Every product of the shipped tables, chain by chain, in the order of the tables."""
    tables = sorted((shipped_folder() / "products").glob("*.tsv"))
    return tuple(product for table in tables for _, product in read_products(table)[0])


@cache
def shipped_links() -> tuple[Link, ...]:
    """Every link of the shipped clusters, ordered by code, without what it feeds. Reading the YAML takes seconds."""
    structure = Structure()
    for path in sorted(shipped_folder().glob("*.yaml")):
        read_structure(path, structure)
    return tuple(structure.links[code] for code in sorted(structure.links))
