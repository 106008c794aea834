"""How pages are rendered (模板): one environment, and what every template may use."""

import hashlib
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from fastapi.templating import Jinja2Templates

from api.clients import Clients


def _amount(value: float) -> str:
    """A number as people write it: 1,200 or 0.5."""
    return f"{value:,.10g}"


def _style_version() -> str:
    """Changes with the style sheet, so that no browser shows a new page in an old style."""
    return hashlib.sha256((_API / "static" / "app.css").read_bytes()).hexdigest()[:8]


_API = Path(__file__).parents[1]

templates = Jinja2Templates(directory=_API / "templates")
templates.env.filters["amount"] = _amount
templates.env.globals["style_version"] = _style_version()


def get_clients(request: Request) -> Clients:
    """The clients that this application was built with."""
    clients: Clients = request.app.state.clients
    return clients


ClientsDep = Annotated[Clients, Depends(get_clients)]
