"""The page of one plan or notice (采购计划): each line with its suppliers, reasons and gaps."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.errors import PageNotFound
from api.pages.render import ClientsDep, templates
from api.views import plan_view
from graph.plans import PlanRepository

router = APIRouter()


@router.get("/plans/{plan_id}", response_class=HTMLResponse)
async def plan_page(request: Request, clients: ClientsDep, plan_id: str) -> HTMLResponse:
    """One plan with the stored matches of its lines. Raises PageNotFound."""
    plan = await PlanRepository(clients.graph).get(plan_id)
    if plan is None:
        raise PageNotFound
    view = await plan_view(clients.graph, plan)
    return templates.TemplateResponse(request, "plan.html", {"plan": plan, "lines": view.lines})
