"""One chain as people look at it (产业链视图): layers, their links, what each makes and whom it supplies."""

from dataclasses import dataclass
from typing import Any

from graph.chains import ChainRepository
from graph.connection import Graph
from graph.model import LAYERS, Chain, Cluster, Link, Product, Status
from graph.placements import PlacementRepository
from graph.products import ProductRepository

STATUS_WORDS = {
    Status.OFFICIAL: "官方公布",
    Status.SOURCED: "公开报道",
    Status.WORKING: "工作名单",
}


@dataclass(frozen=True, slots=True)
class FedLink:
    """A link at the other end of an edge; `chain` is named where it is another chain's."""

    code: str
    name: str
    chain: Chain | None


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link with its products, the links it supplies, and how many firms offer something that fits it."""

    link: Link
    products: tuple[Product, ...]
    feeds: tuple[FedLink, ...]
    firms: int


@dataclass(frozen=True, slots=True)
class ChainView:
    """A chain under its cluster, links grouped by layer from upstream to downstream."""

    cluster: Cluster
    chain: Chain
    layers: tuple[tuple[str, tuple[LinkView, ...]], ...]


async def chain_view(graph: Graph, code: str) -> ChainView | None:
    """The chain of this code, or None."""
    repository = ChainRepository(graph)
    chains = {chain.code: chain for chain in await repository.chains()}
    if code not in chains:
        return None
    clusters = {cluster.code: cluster for cluster in await repository.clusters()}
    everything = {link.code: link for link in await repository.all_links()}
    firms = await PlacementRepository(graph).firms_by_link(code)
    products: dict[str, list[Product]] = {}
    for product in await ProductRepository(graph).of_chain(code):
        products.setdefault(product.link_code, []).append(product)

    def fed(end: str) -> FedLink:
        link = everything[end]
        return FedLink(end, link.name, None if link.chain_code == code else chains[link.chain_code])

    def view(link: Link) -> LinkView:
        made = tuple(sorted(products.get(link.code, ()), key=lambda product: product.name))
        return LinkView(link, made, tuple(map(fed, link.feeds)), firms[link.code].firms)

    own = [link for link in everything.values() if link.chain_code == code]
    layers = tuple((layer, tuple(view(link) for link in own if link.layer == layer)) for layer in LAYERS)
    return ChainView(clusters[chains[code].cluster_code], chains[code], layers)


def as_json(view: ChainView) -> dict[str, Any]:
    """The view as plain values, names and their status beside each other."""
    return {
        "cluster": {"code": view.cluster.code, "name": view.cluster.name, "status": view.cluster.status},
        "chain": {
            "code": view.chain.code,
            "name": view.chain.name,
            "status": view.chain.status,
            "source": view.chain.source,
        },
        "links": [
            {
                "code": row.link.code,
                "name": row.link.name,
                "layer": layer,
                "kind": row.link.kind,
                "processes": row.link.processes,
                "certificates": row.link.certificates,
                "tax_codes": row.link.tax_codes,
                "classes": row.link.classes,
                "products": [product.name for product in row.products],
                "feeds": [end.code for end in row.feeds],
                "firms": row.firms,
            }
            for layer, rows in view.layers
            for row in rows
        ],
    }
