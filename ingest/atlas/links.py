"""Whether clusters, chains and links hang together (图谱结构检查)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import networkx as nx

from graph.model import LAYERS
from ingest.atlas.structure import Feed, Structure
from ingest.faults import Fault, shown


def link_faults(structure: Structure) -> list[Fault]:
    """Every dangling code, name used twice, orphan link, layer that goes backwards, and unexplained cycle."""
    return [
        *_dangling(structure),
        *_names_twice(structure),
        *_edges(structure),
        *_orphans(structure),
        *_cycles(structure),
    ]


def _dangling(structure: Structure) -> Iterator[Fault]:
    for code, chain in structure.chains.items():
        if chain.cluster_code not in structure.clusters:
            message = f"集群“{shown(chain.cluster_code)}”没有定义。请先写出它。"
            yield _at(structure.places[code], "atlas.cluster_unknown", message)
    for code, link in structure.links.items():
        if link.chain_code not in structure.chains:
            message = f"产业链“{shown(link.chain_code)}”没有定义。请先写出它。"
            yield _at(structure.places[code], "atlas.chain_unknown", message)
    for feed in structure.feeds:
        for code in (feed.supplier, feed.buyer):
            if code not in structure.links:
                yield _at(feed.where, "atlas.link_unknown", f"环节“{shown(code)}”没有定义。请先写出它。")


def _names_twice(structure: Structure) -> Iterator[Fault]:
    chains = Counter(chain.name for chain in structure.chains.values())
    for code, chain in structure.chains.items():
        if chain.name and chains[chain.name] > 1:
            message = f"产业链“{chain.name}”有两条。请合并或改名。"
            yield _at(structure.places[code], "atlas.chain_name_twice", message)
    links = Counter((link.chain_code, link.name) for link in structure.links.values())
    for code, link in structure.links.items():
        if link.name and links[link.chain_code, link.name] > 1:
            message = f"同一条链里有两个环节叫“{link.name}”。请合并或改名。"
            yield _at(structure.places[code], "atlas.link_name_twice", message)


def _edges(structure: Structure) -> Iterator[Fault]:
    seen = set()
    for feed in structure.feeds:
        if (feed.supplier, feed.buyer) in seen:
            yield _at(feed.where, "atlas.feeds_twice", "同一供给关系写了两次。请删去一条。")
        seen.add((feed.supplier, feed.buyer))
        if feed.supplier == feed.buyer:
            yield _at(feed.where, "atlas.feeds_itself", f"环节“{feed.supplier}”供给了自己。请改正。")
        elif _backwards(structure, feed):
            message = "供给的方向与层级相反(上游 → 中游 → 下游)。请改正层级, 或写 loop 和 reason。"
            yield _at(feed.where, "atlas.layer_backwards", message)


def _backwards(structure: Structure, feed: Feed) -> bool:
    ends = structure.links.get(feed.supplier), structure.links.get(feed.buyer)
    if feed.loop or ends[0] is None or ends[1] is None or ends[0].chain_code != ends[1].chain_code:
        return False
    layers = [end.layer for end in ends if end is not None and end.layer in LAYERS]
    return len(layers) == 2 and LAYERS.index(layers[0]) > LAYERS.index(layers[1])


def _orphans(structure: Structure) -> Iterator[Fault]:
    # A file without any edge is a list of links, not a map with holes.
    if not structure.feeds:
        return
    touched = {code for feed in structure.feeds for code in (feed.supplier, feed.buyer)}
    for code in structure.links:
        if code not in touched:
            yield _at(structure.places[code], "atlas.link_orphan", f"环节“{code}”没有任何供给关系。请在 feeds 中补上。")


def _cycles(structure: Structure) -> Iterator[Fault]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    where = {}
    for feed in structure.feeds:
        ends = structure.links.get(feed.supplier), structure.links.get(feed.buyer)
        if feed.loop or feed.supplier == feed.buyer or not all(ends):
            continue
        if ends[0] and ends[1] and ends[0].chain_code == ends[1].chain_code:
            graph.add_edge(feed.supplier, feed.buyer)
            where[feed.supplier, feed.buyer] = feed.where
    for component in nx.strongly_connected_components(graph):
        if len(component) > 1:
            cycle = [edge[0] for edge in nx.find_cycle(graph.subgraph(component))]
            way = " → ".join([*cycle, cycle[0]])
            edge = next(pairwise([*cycle, cycle[0]]))
            message = f"环节之间成环: {way}。请改正, 或在其中一条上写 loop: true 和 reason。"
            yield _at(where[edge], "atlas.cycle", message)


def _at(place: Fault, code: str, message: str) -> Fault:
    return replace(place, code=code, message=message)
