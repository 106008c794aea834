"""What may be sent to an engine (发送前检查): refuses what one of the two would store wrongly or drop.

Measured on both engines: a row with a null merge key becomes a node without a key on the embedded one,
lists of mixed types are refused by one and kept by the other, an aware datetime loses its zone on one,
and a label given as a parameter is dropped silently on one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from graph.errors import GraphValueError

MAX_ROWS = 2_000
# The embedded engine stalls on messages above 16 MB; the estimate stays well below half of that.
MAX_BYTES = 6_000_000

_DYNAMIC_NAME = re.compile(r"[:|&!]\s*\$\s*\(")
_OWN_TRANSACTIONS = re.compile(r"\bIN\s+(?:\d+\s+|\$\w+\s+)?(?:CONCURRENT\s+)?TRANSACTIONS\b", re.IGNORECASE)
_MERGE_CLAUSE = re.compile(
    r"\bMERGE\b(.*?)(?=\b(?:MERGE|MATCH|CREATE|SET|ON|WITH|RETURN|UNWIND|DELETE|FOREACH|CALL|REMOVE)\b|$)",
    re.IGNORECASE | re.DOTALL,
)
_KEY_MAP = re.compile(r"\{([^{}]*)\}")
_KEY_FROM = re.compile(r"`?\w+`?\s*:\s*(?:\$(\w+)|row\.(\w+)|'[^']*'|\d+)\s*$")


@lru_cache(maxsize=512)
def merge_keys(query: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the parameters, and fields of `$rows`, that are merge keys in `query`.

    A merge key must be `$name`, `row.field` (of `UNWIND $rows AS row`) or a literal, so that it can be
    checked. Raises GraphValueError for any other, for a label or type that is an expression, and for
    a query that commits by itself.
    """
    if _DYNAMIC_NAME.search(query):
        raise GraphValueError("查询中的节点类型不能是参数：请写在查询文本中。", code="graph.label.dynamic")
    if _OWN_TRANSACTIONS.search(query):
        raise GraphValueError("查询不能自行提交事务：请分批调用。", code="graph.query.own_transactions")
    params: list[str] = []
    fields: list[str] = []
    for clause in _MERGE_CLAUSE.finditer(query):
        for key_map in _KEY_MAP.finditer(clause[1]):
            for item in key_map[1].split(","):
                found = _KEY_FROM.fullmatch(item.strip())
                if found is None:
                    raise GraphValueError(
                        f"MERGE 的主键 {item.strip()!r} 无法检查：请使用 $参数 或 row.字段。",
                        code="graph.key.unchecked",
                    )
                if found[1]:
                    params.append(found[1])
                if found[2]:
                    fields.append(found[2])
    return tuple(params), tuple(fields)


def check(query: str, params: Mapping[str, Any]) -> None:
    """Raises GraphValueError if `query` with `params` would be stored wrongly by one of the engines."""
    check_keys(query, params)
    for name, value in params.items():
        size_of(value, name)


def check_keys(query: str, params: Mapping[str, Any]) -> None:
    """The part of `check` that looks at merge keys, for rows that `batches` has looked at already."""
    names, fields = merge_keys(query)
    for name in names:
        _present(name, params.get(name))
    if fields:
        for row in params.get("rows", ()):
            for field in fields:
                _present(field, row.get(field))


def batches(rows: Iterable[Mapping[str, Any]], count: int = MAX_ROWS) -> Iterator[list[Mapping[str, Any]]]:
    """Cuts `rows` into lists of at most `count` rows and about 6 MB, which both engines take in one message.

    Raises GraphValueError for a row that is too large alone, or that holds a value no engine may get.
    """
    batch: list[Mapping[str, Any]] = []
    held = 0
    for row in rows:
        size = size_of(row, "row")
        if size > MAX_BYTES:
            raise GraphValueError(
                f"单条记录约 {size} 字节，超过上限 {MAX_BYTES} 字节。请拆分该记录。", code="graph.row.too_large"
            )
        if batch and (len(batch) >= count or held + size > MAX_BYTES):
            yield batch
            batch, held = [], 0
        batch.append(row)
        held += size
    if batch:
        yield batch


def size_of(value: Any, name: str) -> int:
    """Bytes that `value` takes in a Bolt message, estimated. Raises GraphValueError for an unfit value."""
    if isinstance(value, str):
        return len(value.encode()) + 5
    if value is None or isinstance(value, (bool, int, float)):
        return 9
    if isinstance(value, (bytes, bytearray)):
        return len(value) + 5
    if isinstance(value, (datetime, time)):
        raise GraphValueError(
            f"参数 {name} 含时间对象，引擎会丢失时区。请改用 UTC ISO 字符串或毫秒整数。", code="graph.value.time"
        )
    if isinstance(value, Mapping):
        return 5 + sum(len(key.encode()) + 5 + size_of(item, f"{name}.{key}") for key, item in value.items())
    if isinstance(value, Sequence):
        _homogeneous(value, name)
        return 5 + sum(size_of(item, name) for item in value)
    return 16


def _present(name: str, value: Any) -> None:
    if value is None or value == "":
        raise GraphValueError(f"主键 {name} 为空，无法保存。请补全后重试。", code="graph.key.missing")


def _homogeneous(values: Sequence[Any], name: str) -> None:
    # A StrEnum is a str to the driver, so kinds are compared and not exact types.
    kinds = {next((kind for kind in (str, bool, int, float, Mapping) if isinstance(v, kind)), type(v)) for v in values}
    if len(kinds) > 1 or type(None) in kinds:
        raise GraphValueError(
            f"列表 {name} 含空值或不同类型的元素。请统一为同一类型（数字统一为小数）。", code="graph.value.mixed"
        )
