"""Reads the atlas whole (读取图谱): every file of a folder, or one YAML alone, with every fault at once."""

from dataclasses import dataclass, replace
from pathlib import Path

from graph.model import Chain, Cluster, Link, Product
from ingest.atlas.codes import unknown_codes
from ingest.atlas.links import link_faults
from ingest.atlas.products import read_products
from ingest.atlas.structure import Structure, read_structure
from ingest.atlas.wording import Placed, wording_faults
from ingest.faults import Fault, RefusedFile


@dataclass(frozen=True, slots=True)
class Atlas:
    """The map of the industry, each part ordered by code. `rows` counts what was read."""

    clusters: tuple[Cluster, ...]
    chains: tuple[Chain, ...]
    links: tuple[Link, ...]
    products: tuple[Product, ...]

    @property
    def rows(self) -> int:
        """Clusters, chains, links and products together."""
        return len(self.clusters) + len(self.chains) + len(self.links) + len(self.products)


def files_of(path: Path) -> list[Path]:
    """The files that make the atlas at `path`, in a fixed order: the YAML files, then the product tables."""
    if not path.is_dir():
        return [path]
    return [*sorted(path.glob("*.yaml")), *sorted((path / "products").glob("*.tsv"))]


def read_atlas(path: Path) -> Atlas:
    """The atlas of a folder, or of one YAML file without products. Raises RefusedFile with every fault."""
    structure = Structure()
    faults: list[Fault] = []
    yamls = [file for file in files_of(path) if file.suffix != ".tsv"]
    for file in yamls:
        try:
            read_structure(file, structure)
        except RefusedFile as refused:
            faults += refused.faults
    if not structure.chains and not faults and not structure.faults:
        faults.append(Fault(path.name, "atlas.empty", "没有产业链。请至少写一条。", column="chains"))
    placed: list[Placed] = []
    for name in structure.tables if path.is_dir() else []:
        table = path / "products" / f"{name}.tsv"
        products, found = read_products(table)
        placed += [Placed(table.name, row, product) for row, product in products]
        faults += found
    faults += structure.faults + link_faults(structure) + unknown_codes(structure)
    faults += wording_faults(placed, structure.links)
    if faults:
        raise RefusedFile(faults)
    return Atlas(
        tuple(structure.clusters[code] for code in sorted(structure.clusters)),
        tuple(structure.chains[code] for code in sorted(structure.chains)),
        tuple(_with_feeds(structure)),
        tuple(sorted((p.product for p in placed), key=lambda product: product.code)),
    )


def _with_feeds(structure: Structure) -> list[Link]:
    feeds: dict[str, set[str]] = {}
    loops: dict[str, set[str]] = {}
    for feed in structure.feeds:
        feeds.setdefault(feed.supplier, set()).add(feed.buyer)
        if feed.loop:
            loops.setdefault(feed.supplier, set()).add(feed.buyer)
    return [
        replace(
            structure.links[code], feeds=tuple(sorted(feeds.get(code, ()))), loops=tuple(sorted(loops.get(code, ())))
        )
        for code in sorted(structure.links)
    ]
