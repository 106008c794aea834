"""What a page says when it cannot be shown (错误页): what happened and what to do."""

import logging

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse

from api.pages.render import templates
from graph.errors import GraphError

_log = logging.getLogger(__name__)


class PageNotFound(HTTPException):
    """Nothing has this address."""

    def __init__(self) -> None:
        super().__init__(404)


def install(app: FastAPI) -> None:
    """Make `app` answer failures with a readable page."""
    app.add_exception_handler(404, _not_found)
    app.add_exception_handler(405, _not_allowed)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(GraphError, _graph)


async def _not_found(request: Request, _: Exception) -> HTMLResponse:
    return _page(request, 404, "没有这个页面", "它可能已经删除，或地址写错了。请从首页重新进入。")


async def _not_allowed(request: Request, _: Exception) -> HTMLResponse:
    return _page(request, 405, "不能这样访问", "这个地址不接受这种请求。请从首页重新进入。")


async def _invalid(request: Request, _: Exception) -> HTMLResponse:
    return _page(request, 422, "输入不合要求", "需求最多 200 个字。请缩短后再试。")


async def _graph(request: Request, error: Exception) -> HTMLResponse:
    _log.error("page failed: %s", error)
    return _page(request, 503, "暂时不能显示", f"{error} 恢复后刷新本页即可，不需要重启网页服务。")


def _page(request: Request, status: int, title: str, detail: str) -> HTMLResponse:
    return templates.TemplateResponse(request, "problem.html", {"title": title, "detail": detail}, status_code=status)
