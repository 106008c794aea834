"""Where facts come from (数据来源与导入批次): sources, and one load for each reading of one file."""

from graph.connection import Graph
from graph.errors import GraphNotFound, GraphValueError
from graph.model import Load, LoadState, Source
from graph.records import unknown_load
from graph.rows import built, properties

SAVE_SOURCE = """
MERGE (s:Source {id: $id})
SET s += $props
"""

BEGIN_LOAD = """
MATCH (s:Source {id: $source})
MERGE (l:Load {id: $id})
SET l += $props
MERGE (l)-[:OF_SOURCE]->(s)
RETURN l.id AS id
"""

FINISH_LOAD = """
MATCH (l:Load {id: $id})
SET l.state = $state, l.rows_read = $rows_read, l.accepted = $accepted, l.rejected = $rejected
RETURN l.id AS id
"""

GET_LOAD = "MATCH (l:Load {id: $id})-[:OF_SOURCE]->(s:Source) RETURN l {.*} AS load, s.id AS source"

LOADS = """
MATCH (l:Load)-[:OF_SOURCE]->(s:Source)
RETURN l {.*} AS load, s.id AS source ORDER BY l.started_at, l.id
"""

SOURCES = "MATCH (s:Source) RETURN s {.*} AS source ORDER BY s.id"

FIND_DONE = """
MATCH (l:Load {sha256: $sha256})-[:OF_SOURCE]->(s:Source {id: $source})
WHERE l.state = $state
RETURN l {.*} AS load, s.id AS source ORDER BY l.started_at, l.id LIMIT 1
"""


class ProvenanceRepository:
    """Sources and loads."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def save_source(self, source: Source) -> None:
        """Adds or renews one source."""
        await self._graph.write(SAVE_SOURCE, upsert=True, id=source.id, props=properties(source))

    async def begin_load(self, load: Load) -> None:
        """Adds a load, or opens the one of the same id again. Raises GraphNotFound for an unknown source."""
        props = properties(load, leave_out=["source_id"])
        if not await self._graph.write(BEGIN_LOAD, upsert=True, id=load.id, source=load.source_id, props=props):
            raise GraphNotFound(
                f"数据来源 {load.source_id} 不存在，无法开始导入。请先登记数据来源。", code="graph.source.unknown"
            )

    async def finish_load(self, load_id: str, rows_read: int, accepted: int, rejected: int) -> None:
        """Marks a load as done. Raises GraphValueError unless every row read is accepted or rejected."""
        if rows_read != accepted + rejected:
            raise GraphValueError(
                f"导入 {load_id} 的行数不符：读取 {rows_read} 行，接受 {accepted} 行，拒绝 {rejected} 行。请重新导入。",
                code="graph.load.rows_lost",
            )
        found = await self._graph.write(
            FINISH_LOAD,
            id=load_id,
            state=LoadState.DONE.value,
            rows_read=rows_read,
            accepted=accepted,
            rejected=rejected,
        )
        if not found:
            raise unknown_load(load_id)

    async def get_load(self, load_id: str) -> Load | None:
        """One load, or None."""
        rows = await self._graph.read(GET_LOAD, id=load_id)
        return built(Load, rows[0]["load"], source_id=rows[0]["source"]) if rows else None

    async def loads(self) -> list[Load]:
        """Every load, oldest first."""
        return [built(Load, row["load"], source_id=row["source"]) for row in await self._graph.read(LOADS)]

    async def sources(self) -> list[Source]:
        """Every source, ordered by id."""
        return [built(Source, row["source"]) for row in await self._graph.read(SOURCES)]

    async def find_done(self, sha256: str, source_id: str) -> Load | None:
        """The finished load of the same bytes for the same source, or None: such a file needs no second load."""
        rows = await self._graph.read(FIND_DONE, sha256=sha256, source=source_id, state=LoadState.DONE.value)
        return built(Load, rows[0]["load"], source_id=rows[0]["source"]) if rows else None


async def source_of(graph: Graph, load_id: str) -> str:
    """The source of a load. Raises GraphNotFound for one never begun: no fact is written without its origin."""
    rows = await graph.read(GET_LOAD, id=load_id)
    if not rows:
        raise unknown_load(load_id)
    source: str = rows[0]["source"]
    return source
