"""The web application (网页服务): built from clients that already exist, so that nothing connects at import."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles

from api.clients import Clients
from api.pages import chains, errors, home, plans
from graph.errors import GraphError

STATIC = Path(__file__).parent / "static"

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def create_app(clients: Clients) -> FastAPI:
    """The pages and the two health checks over `clients`, which the caller opens and closes."""
    app = FastAPI(title="强链 Qianglian", openapi_url=None)
    app.state.clients = clients
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(home.router)
    app.include_router(plans.router)
    app.include_router(chains.router)
    errors.install(app)

    @app.middleware("http")
    async def add_security_headers(request, call_next):  # type: ignore[no-untyped-def]
        response = await call_next(request)
        response.headers.update(SECURITY_HEADERS)
        return response

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        """The process can serve: the graph engine answers and the index is open."""
        try:
            await clients.graph.ping()
        except GraphError as error:
            return JSONResponse({"status": "unready", "code": error.code, "detail": str(error)}, status_code=503)
        return JSONResponse({"status": "ready"})

    return app
