"""What a visitor of the pages sees."""

import httpx
import pytest

from api.clients import Clients
from tests.api.small_data import PLAN, fill


async def test_the_first_page_counts_and_lists(browser: httpx.AsyncClient, clients: Clients) -> None:
    await fill(clients.graph)
    page = await browser.get("/")
    assert page.status_code == 200
    assert PLAN.title in page.text
    assert "其中示例 4 家" in page.text


async def test_an_empty_service_says_what_to_do_next(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/")
    assert page.status_code == 200
    assert "qianglian ingest" in page.text


async def test_a_plan_shows_suppliers_reasons_and_what_they_lack(browser: httpx.AsyncClient, clients: Clients) -> None:
    await fill(clients.graph)
    await clients.matching.update_all()
    page = await browser.get(f"/plans/{PLAN.id}")
    assert "昆山示例电工钢加工有限公司" in page.text
    assert "苏州市昆山市" in page.text
    assert "资质未登记: IATF 16949" in page.text
    assert "无取向硅钢片" in page.text
    assert "1,200 吨" in page.text


async def test_the_parts_shown_sum_to_the_score_shown(browser: httpx.AsyncClient, clients: Clients) -> None:
    await fill(clients.graph)
    await clients.matching.update_all()
    matches = await clients.matching.match_plan(PLAN)
    page = await browser.get(f"/plans/{PLAN.id}")
    for match in matches:
        assert f"{sum(match.parts.values()):+.2f}" in page.text


async def test_a_tried_need_lists_suppliers(browser: httpx.AsyncClient, clients: Clients) -> None:
    await fill(clients.graph)
    page = await browser.get("/", params={"need": "  机器人关节用谐波减速器 "})
    assert page.status_code == 200
    assert "昆山示例减速机有限公司" in page.text


async def test_what_a_visitor_types_is_never_markup(browser: httpx.AsyncClient, clients: Clients) -> None:
    await fill(clients.graph)
    page = await browser.get("/", params={"need": "<script>alert(1)</script>"})
    assert "<script" not in page.text


@pytest.mark.parametrize(("path", "status"), [("/plans/none", 404), ("/nowhere", 404), ("/?need=" + "长" * 201, 422)])
async def test_a_wrong_address_gets_a_readable_page(browser: httpx.AsyncClient, path: str, status: int) -> None:
    page = await browser.get(path)
    assert page.status_code == status
    assert "回到首页" in page.text


async def test_every_answer_forbids_foreign_content(browser: httpx.AsyncClient) -> None:
    for path in ("/", "/nowhere", "/healthz", "/static/app.css"):
        answer = await browser.get(path)
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_health_and_readiness(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/healthz")).json() == {"status": "ok"}
    assert (await browser.get("/readyz")).json() == {"status": "ready"}


async def test_without_the_graph_pages_say_so_and_readiness_is_red(
    browser: httpx.AsyncClient, clients: Clients
) -> None:
    await clients.graph.close()
    ready = await browser.get("/readyz")
    assert ready.status_code == 503
    page = await browser.get("/")
    assert page.status_code == 503
    assert "暂时不能显示" in page.text


async def test_a_wrong_method_gets_a_readable_page(browser: httpx.AsyncClient) -> None:
    page = await browser.post("/")
    assert page.status_code == 405
    assert "回到首页" in page.text
