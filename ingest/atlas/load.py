"""The atlas into the graph (导入图谱): one load for the whole folder, or for one YAML file."""

from pathlib import Path

from graph.chains import ChainRepository
from graph.connection import Graph
from graph.model import Source
from graph.products import ProductRepository
from ingest.atlas.reader import Atlas, read_atlas
from ingest.kinds.reading import Reading
from ingest.load import AS_IT_IS, How
from ingest.load_report import LoadReport, Written
from ingest.load_run import Job, Progress, run_load

SHIPPED = Source(
    id="atlas", name="产业图谱：集群、产业链、环节、产品（本项目编写）", licence="随本项目", synthetic=False
)


async def load_atlas(graph: Graph, source: Source, path: Path, how: How = AS_IT_IS) -> LoadReport:
    """Clusters, chains, links and products. Raises RefusedFile with every fault before anything is written."""

    def read() -> Reading[Atlas]:
        atlas = read_atlas(path)
        return Reading([atlas], accepted=atlas.rows)

    async def write(reading: Reading[Atlas], load_id: str | None, tell: Progress) -> Written:
        chains, products = ChainRepository(graph), ProductRepository(graph)
        for atlas in reading.items if load_id else ():
            await chains.save_clusters(atlas.clusters, load_id)
            await chains.save_chains(atlas.chains, load_id)
            await chains.save_links(atlas.links, load_id)
            tell(atlas.rows - len(atlas.products), atlas.rows)
            await products.save_many(atlas.products, load_id)
        tell(reading.accepted, reading.accepted)
        return Written(added=reading.accepted)

    return await run_load(graph, source, path, Job("atlas/1", read, write), how.progress, dry_run=how.dry_run)
