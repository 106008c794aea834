"""Matches in the graph follow the data: what changed is matched again, and nothing else."""

from dataclasses import replace

from redis.asyncio import Redis

from api.cache import AnswerCache
from api.clients import Clients
from api.matching import MatchingService
from graph.firms import FirmRepository
from graph.matches import MatchRepository
from graph.plans import PlanRepository
from tests.api.small_data import FIRMS, LOAD, PLAN, fill, firm


async def test_each_line_gets_the_supplier_that_makes_it_first(clients: Clients) -> None:
    await fill(clients.graph)
    assert await clients.matching.update_all() == 2
    found = await MatchRepository(clients.graph).of_plan(PLAN.id)
    assert [found[line.id][0].firm_code for line in PLAN.lines] == ["firm-steel", "firm-drive"]


async def test_a_buyer_is_never_its_own_supplier(clients: Clients) -> None:
    await fill(clients.graph)
    matches = await clients.matching.match_plan(PLAN)
    assert {match.firm_code for match in matches} == {"firm-steel", "firm-axle", "firm-drive"}


async def test_a_second_update_matches_nothing_again(clients: Clients) -> None:
    await fill(clients.graph)
    await clients.matching.update_all()
    assert await clients.matching.update_all() == 0


async def test_only_a_changed_line_is_matched_again(clients: Clients) -> None:
    await fill(clients.graph)
    await clients.matching.update_all()
    changed = replace(PLAN, lines=(PLAN.lines[0], replace(PLAN.lines[1], spec="速比 100")))
    await PlanRepository(clients.graph).save(changed, LOAD)
    assert await clients.matching.update_all() == 1


async def test_a_new_supplier_is_found_after_a_refresh(clients: Clients) -> None:
    await fill(clients.graph)
    await clients.matching.update_all()
    better = firm("firm-new", "昆山示例硅钢有限公司", "无取向硅钢片 50W470，电机定子铁芯用")
    await FirmRepository(clients.graph).save_many([*FIRMS, better], LOAD)
    await clients.matching.refresh()
    assert await clients.matching.update_all() == 2
    assert (await MatchRepository(clients.graph).of_line("line-1"))[0].firm_code == "firm-new"


async def test_a_tried_need_is_answered_from_the_cache_with_the_same_matches(clients: Clients) -> None:
    await fill(clients.graph)
    first = await clients.matching.try_need("电机铁芯用电工钢")
    assert first[0].firm_code == "firm-steel"
    assert await clients.matching.try_need("电机铁芯用电工钢") == first


async def test_without_redis_a_tried_need_is_answered_all_the_same(clients: Clients) -> None:
    await fill(clients.graph)
    async with Redis.from_url("unix:///nonexistent/redis.sock") as nowhere:
        folder = clients.matching.index_folder.parent / "other"
        service = MatchingService(clients.graph, clients.matching.ranker, folder, AnswerCache(nowhere))
        assert (await service.try_need("电机铁芯用电工钢"))[0].firm_code == "firm-steel"
