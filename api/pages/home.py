"""The first page (首页): numbers, one need to try, and every plan and notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.clients import Clients
from api.pages.render import ClientsDep, templates
from api.views import SupplierRow, supplier_rows
from graph.firms import FirmRepository
from graph.matches import MatchRepository
from graph.model import Plan, PlanKind
from graph.plans import PlanRepository
from matchmaker.score import STRONG_FROM

router = APIRouter()

TRIED_TOP = 5
NEED_LIMIT = 200


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan and how many of its lines have a strong supplier."""

    plan: Plan
    strong: int


@dataclass(frozen=True, slots=True)
class Group:
    """Plans of one kind under one heading."""

    anchor: str
    title: str
    plans: tuple[PlanRow, ...]


@router.get("/", response_class=HTMLResponse)
async def home(
    request: Request, clients: ClientsDep, need: Annotated[str, Query(max_length=NEED_LIMIT)] = ""
) -> HTMLResponse:
    """The first page; with `need`, also its suppliers."""
    wanted = " ".join(need.split())
    plans = await PlanRepository(clients.graph).all()
    strong = await MatchRepository(clients.graph).lines_with(STRONG_FROM)
    groups = (
        _group("plans", "采购计划", PlanKind.PLAN, plans, strong),
        _group("notices", "采购公告", PlanKind.NOTICE, plans, strong),
    )
    context = {
        "need": wanted,
        "tried": await _try(clients, wanted) if wanted else (),
        "groups": groups,
        "counts": await FirmRepository(clients.graph).totals(),
        "lines": sum(len(plan.lines) for plan in plans),
        "strong_lines": sum(strong.values()),
    }
    return templates.TemplateResponse(request, "home.html", context)


def _group(anchor: str, title: str, kind: PlanKind, plans: Sequence[Plan], strong: dict[str, int]) -> Group:
    own = sorted((plan for plan in plans if plan.kind is kind), key=lambda plan: plan.published_on or "", reverse=True)
    return Group(anchor, title, tuple(PlanRow(plan, strong.get(plan.id, 0)) for plan in own))


async def _try(clients: Clients, need: str) -> tuple[SupplierRow, ...]:
    matches = await clients.matching.try_need(need, TRIED_TOP)
    firms = await FirmRepository(clients.graph).by_codes([match.firm_code for match in matches])
    return supplier_rows(matches, {firm.code: firm for firm in firms})
