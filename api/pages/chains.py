"""The pages of the chains (产业链): the list by cluster, and one chain by layers."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.chain_view import STATUS_WORDS, chain_view
from api.pages.errors import PageNotFound
from api.pages.render import ClientsDep, templates
from graph.chains import ChainRepository

router = APIRouter()


@router.get("/chains", response_class=HTMLResponse)
async def chains_page(request: Request, clients: ClientsDep) -> HTMLResponse:
    """Every chain under its cluster."""
    repository = ChainRepository(clients.graph)
    chains = await repository.chains()
    groups = [
        (cluster, [c for c in chains if c.cluster_code == cluster.code]) for cluster in await repository.clusters()
    ]
    return templates.TemplateResponse(request, "chains.html", {"groups": groups, "status_words": STATUS_WORDS})


@router.get("/chains/{code}", response_class=HTMLResponse)
async def chain_page(request: Request, clients: ClientsDep, code: str) -> HTMLResponse:
    """One chain, its links by layer. Raises PageNotFound."""
    view = await chain_view(clients.graph, code)
    if view is None:
        raise PageNotFound
    return templates.TemplateResponse(request, "chain.html", {"view": view, "status_words": STATUS_WORDS})
