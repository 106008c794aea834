"""Chains and divisions come back as they were saved, in any order and however often."""

from dataclasses import replace

import pytest

from graph.chains import ChainRepository
from graph.connection import Graph
from graph.divisions import Division, DivisionRepository
from graph.errors import GraphNotFound
from graph.model import Cluster, Status
from tests.graph.build import CHAINS, CLUSTERS, LINKS


async def save(graph: Graph) -> ChainRepository:
    chains = ChainRepository(graph)
    await chains.save_clusters(CLUSTERS)
    await chains.save_chains(CHAINS[::-1])
    await chains.save_links(LINKS)
    return chains


async def test_chains_come_back_in_order_of_code_also_after_a_second_save(graph: Graph) -> None:
    await save(graph)
    chains = await save(graph)
    assert await chains.clusters() == CLUSTERS
    assert await chains.chains() == CHAINS
    assert await chains.links("ch1") == LINKS[:2]
    assert await chains.links("ch2") == LINKS[2:]
    assert await chains.links("unknown") == []


async def test_a_link_feeds_only_what_its_last_save_says(graph: Graph) -> None:
    chains = await save(graph)
    changed = replace(LINKS[0], feeds=("l3",), name="大型铸件")
    await chains.save_links([changed])
    assert await chains.links("ch1") == [changed, LINKS[1]]


async def test_a_chain_and_a_link_that_moved_are_in_one_place(graph: Graph) -> None:
    chains = await save(graph)
    await chains.save_clusters([Cluster("c2", "机器人集群", Status.WORKING)])
    moved = replace(CHAINS[1], cluster_code="c2")
    await chains.save_chains([moved])
    assert await chains.chains() == [CHAINS[0], moved]
    await chains.save_links([replace(LINKS[1], chain_code="ch2")])
    assert [link.code for link in await chains.links("ch1")] == ["l1"]
    assert [link.code for link in await chains.links("ch2")] == ["l2", "l3"]


async def test_what_a_chain_or_link_points_to_must_exist(graph: Graph) -> None:
    chains = ChainRepository(graph)
    with pytest.raises(GraphNotFound, match="c1"):
        await chains.save_chains(CHAINS)
    await chains.save_clusters(CLUSTERS)
    await chains.save_chains(CHAINS)
    with pytest.raises(GraphNotFound, match="nowhere"):
        await chains.save_links([replace(LINKS[0], feeds=("nowhere",))])
    assert await chains.links("ch1") == []


async def test_divisions_are_known_by_code_in_any_order(graph: Graph) -> None:
    divisions = DivisionRepository(graph)
    await divisions.save_many([Division("320412", "武进区", "3204"), Division("32", "江苏省")])
    assert await divisions.names() == {"32": "江苏省", "320412": "武进区"}
    await divisions.save_many([Division("3204", "常州市", "32"), Division("320412", "武进区", "3204")])
    assert list(await divisions.names()) == ["32", "3204", "320412"]
