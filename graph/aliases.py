"""Codes that lead to another firm (别名): what is left of a firm that was merged into one.

ADR: an alias names the code that it was merged into, which may have become an alias itself later. Codes
are followed to the end when they are used and never shortened, so that each merge can be taken back alone.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

ALIASES_OF = "MATCH (a:Alias) WHERE a.code IN $codes RETURN a.code AS code, a.target AS target"
ALL_ALIASES = "MATCH (a:Alias) RETURN a.code AS code, a.target AS target ORDER BY a.code"

Run = Callable[..., Awaitable[list[dict[str, Any]]]]


async def roots(run: Run, codes: Iterable[str]) -> dict[str, str]:
    """For each of `codes` the code of the firm it leads to, itself where it is no alias.

    `run` is `Graph.read` or `Transaction.run`.
    """
    wanted = set(codes)
    target: dict[str, str] = {}
    asked: set[str] = set()
    while following := (wanted | set(target.values())) - asked:
        asked |= following
        target |= {row["code"]: row["target"] for row in await run(ALIASES_OF, codes=sorted(following))}
    return {code: end(code, target) for code in wanted}


def end(code: str, target: Mapping[str, str]) -> str:
    """Follows `code` through `target` to the end."""
    while code in target:
        code = target[code]
    return code
