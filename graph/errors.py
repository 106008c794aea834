"""What can go wrong between the service and its graph engine, as one family of errors.

Each error carries a dotted `code` that never changes and a Chinese `message` that says what happened, why,
and what to do next. Errors of the driver do not leave the package: `translated` turns them into these.
"""

from neo4j.exceptions import (
    AuthError,
    ConstraintError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

# Neo4j ends a query at the limit that the client sent, the embedded engine at its own: two codes, one meaning.
TIMEOUT_CODES = frozenset(
    {
        "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
        "Neo.ClientError.Transaction.TransactionTimedOut",
        "Neo.TransientError.Transaction.TransactionTimedOut",
    }
)


class GraphError(Exception):
    """Base of every error of this package. `message` is shown to people, `code` is for programs."""

    code = "graph.failed"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return f"{self.message} ({self.code})"


class GraphUnreachable(GraphError):
    """No engine answers at the address."""

    code = "graph.unreachable"


class GraphRefused(GraphError):
    """The engine answers but refuses user and password, or the address cannot be one of an engine."""

    code = "graph.refused"


class GraphTimeout(GraphError):
    """The engine was reached but the answer did not come within the deadline."""

    code = "graph.timeout"


class GraphConstraintError(GraphError):
    """A key that must be unique exists already."""

    code = "graph.constraint"


class GraphValueError(GraphError, ValueError):
    """A query or value that one of the engines would store wrongly; refused before anything is sent."""

    code = "graph.value"


class GraphNotFound(GraphError, LookupError):
    """A fact points to a node that must exist first and does not."""

    code = "graph.not_found"


class MigrationError(GraphError):
    """The schema in the engine and the numbered files do not fit together."""

    code = "graph.migration"


def unreachable(uri: str) -> GraphUnreachable:
    """The error for an engine that does not answer at `uri`."""
    return GraphUnreachable(
        f"无法连接图数据库 {uri}：地址不可达或服务未启动。请检查 QL_NEO4J_URI，并运行 qianglian doctor 查看原因。"
    )


def timed_out(deadline: float) -> GraphTimeout:
    """The error for an answer that took longer than `deadline` seconds."""
    return GraphTimeout(f"图数据库在 {deadline:g} 秒内没有完成操作，结果可能未保存。请刷新确认后重试，或缩小范围。")


def translated(error: Exception, uri: str, deadline: float) -> GraphError:
    """The error of this package that says what the driver's `error` means."""
    if isinstance(error, (ServiceUnavailable, SessionExpired)):
        return unreachable(uri)
    if isinstance(error, AuthError):
        return GraphRefused(f"图数据库 {uri} 拒绝了用户名或密码。请检查 QL_NEO4J_USER 与 QL_NEO4J_PASSWORD。")
    if isinstance(error, ConstraintError):
        return GraphConstraintError("违反唯一性约束：相同主键的记录已存在。请刷新后重试。")
    if isinstance(error, Neo4jError):
        if error.code in TIMEOUT_CODES:
            return timed_out(deadline)
        return GraphError(f"图数据库未能执行操作：{error.code} {error.message}。请运行 qianglian doctor 查看原因。")
    if isinstance(error, DriverError):
        return GraphError(f"与图数据库通信失败：{error}。请运行 qianglian doctor 查看原因。")
    raise error
