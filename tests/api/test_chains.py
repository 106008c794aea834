"""Chains are shown with what backs their names, links with what they make, firms where the matcher put them."""

import json
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from api.chain_view import as_json, chain_view
from api.clients import Clients
from api.commands.chain import tree_of
from api.placing import place_all
from graph.chains import ChainRepository
from graph.firms import FirmRepository
from graph.loads import undo
from graph.model import Capability, Firm, FitHow, Load, LoadState, Source
from graph.placements import PlacementRepository
from graph.products import ProductRepository
from graph.provenance import ProvenanceRepository
from ingest.atlas import shipped_folder
from ingest.atlas.load import SHIPPED, load_atlas
from tests.ingest.test_atlas import folder


async def a_firm_that_makes(clients: Clients, *products: str) -> None:
    provenance = ProvenanceRepository(clients.graph)
    await provenance.save_source(Source("synthetic", "示例", "随本项目", True))
    await provenance.begin_load(
        Load("load-1", "synthetic", "a.jsonl", "0" * 64, LoadState.RUNNING, "2026-11-24T00:00:00Z")
    )
    made = tuple(Capability(f"cap-{i}", "firm-1", text) for i, text in enumerate(products))
    firm = Firm("firm-1", "常州示例电工材料有限公司", "3204", True, capabilities=made)
    await FirmRepository(clients.graph).save_many([firm], "load-1")


async def test_pages_name_what_backs_a_chain_and_list_its_links(
    clients: Clients, browser: httpx.AsyncClient, tmp_path: Path
) -> None:
    assert "还没有产业链" in (await browser.get("/chains")).text
    await load_atlas(clients.graph, SHIPPED, folder(tmp_path))
    listed, page = await browser.get("/chains"), await browser.get("/chains/grid")
    assert "智能电网" in listed.text
    assert "公开报道" in listed.text
    assert "工作名单" in listed.text
    for text in ("上游", "硅钢片", "变压器", "取向硅钢片", "尚无企业"):
        assert text in page.text
    assert (await browser.get("/chains/nowhere")).status_code == 404


async def test_a_chain_is_a_tree_on_the_terminal_and_json_says_the_same(clients: Clients, tmp_path: Path) -> None:
    await load_atlas(clients.graph, SHIPPED, folder(tmp_path))
    view = await chain_view(clients.graph, "grid")
    assert view is not None
    console = Console(width=100, record=True)
    console.print(tree_of(view))
    drawn = console.export_text()
    assert "名称依据：公开报道" in drawn
    assert "供给：铁芯" in drawn
    told = json.loads(json.dumps(as_json(view)))
    assert told["chain"]["status"] == "sourced"
    assert [(link["name"], link["layer"]) for link in told["links"]] == [
        ("硅钢片", "上游"),
        ("铁芯", "中游"),
        ("变压器", "下游"),
    ]


async def test_undoing_the_atlas_takes_the_map_back(clients: Clients, tmp_path: Path) -> None:
    report = await load_atlas(clients.graph, SHIPPED, folder(tmp_path))
    assert (report.accepted, report.rejected) == (6, 0)
    assert (await load_atlas(clients.graph, SHIPPED, tmp_path)).skipped
    await undo(clients.graph, report.load_id)
    assert await ChainRepository(clients.graph).chains() == []
    assert await ProductRepository(clients.graph).all() == []


async def test_a_capability_is_found_on_its_link_and_only_once(clients: Clients, browser: httpx.AsyncClient) -> None:
    await load_atlas(clients.graph, SHIPPED, shipped_folder())
    await a_firm_that_makes(clients, "取向硅钢片，0.23mm，变压器铁芯用", "寿险业务")
    assert await place_all(clients.graph, clients.matching) == 2
    assert await place_all(clients.graph, clients.matching) == 0
    fits = await PlacementRepository(clients.graph).of_firm("firm-1")
    assert {fit.capability_id for fit in fits} == {"cap-0"}
    link = await ChainRepository(clients.graph).link(fits[0].link_code)
    assert link is not None
    assert "硅钢" in link.name or "电工钢" in link.name
    assert fits[0].how is FitHow.INFERRED
    assert f'id="{link.code}"' in (await browser.get(f"/chains/{link.chain_code}")).text


async def test_without_a_map_nothing_is_placed_nor_marked(clients: Clients) -> None:
    await a_firm_that_makes(clients, "取向硅钢片")
    assert await place_all(clients.graph, clients.matching) == 0
    assert await PlacementRepository(clients.graph).unplaced("") == []
    assert len(await PlacementRepository(clients.graph).unplaced("any")) == 1


@pytest.mark.parametrize("path", ["/chains", "/chains/grid"])
async def test_pages_of_chains_carry_no_script(
    clients: Clients, browser: httpx.AsyncClient, tmp_path: Path, path: str
) -> None:
    await load_atlas(clients.graph, SHIPPED, folder(tmp_path))
    assert "<script" not in (await browser.get(path)).text
