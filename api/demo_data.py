"""The example data that ships (示例数据): which file is read by which reader, under which source."""

from collections.abc import Callable
from importlib.resources import as_file, files

from graph.connection import Graph
from graph.model import Source
from ingest.atlas import shipped_folder
from ingest.atlas.load import SHIPPED, load_atlas
from ingest.load import (
    LoadReport,
    load_divisions,
    load_listed_firms,
    load_notices,
    load_plan,
    load_register,
)
from ingest.manifest import read_manifest

LISTED = Source(
    id="listed-firms-2021",
    name="江苏上市公司主营产品（2021-2022）",
    licence="仅取事实；原库未附许可",
    synthetic=False,
    url="https://github.com/liuhuanyong/ChainKnowledgeGraph",
)
NOTICES = Source(
    id="telecom-notices-2026",
    name="运营商公开采购公告（2025-08 至 2026-08）",
    licence="公开公告",
    synthetic=False,
    url="https://github.com/z1404027309-glitch/huadong-caigou-radar",
)
SYNTHETIC = Source(id="synthetic", name="示例企业与示例计划（虚构）", licence="随本项目", synthetic=True)


async def load_demo_data(graph: Graph, tell: Callable[[LoadReport], None]) -> None:
    """Read every example file into the graph; files read before are skipped. `tell` hears of each file."""
    with as_file(files("ingest") / "demo") as folder:
        await load_divisions(graph)
        tell(await load_atlas(graph, SHIPPED, shipped_folder()))
        tell(await load_listed_firms(graph, LISTED, folder / "listed_firms.jsonl"))
        for path in sorted(folder.glob("suppliers_*.jsonl")):
            tell(await load_register(graph, SYNTHETIC, path))
        tell(await load_notices(graph, NOTICES, folder / "notices.jsonl"))
        for path, header in read_manifest(folder / "plans.yaml"):
            tell(await load_plan(graph, SYNTHETIC, path, header))
