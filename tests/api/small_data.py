"""A handful of firms and one plan, enough to see what a page or a command promises."""

from graph.connection import Graph
from graph.firms import FirmRepository
from graph.model import Capability, Firm, Load, LoadState, Plan, PlanKind, PlanLine, Source
from graph.plans import PlanRepository
from graph.provenance import ProvenanceRepository

LOAD = "load-small"

PLAN = Plan(
    id="plan-small",
    kind=PlanKind.PLAN,
    title="示例电机材料采购计划",
    buyer_code="firm-buyer",
    buyer_name="南京示例电机有限公司",
    synthetic=True,
    published_on="2026-11-02",
    lines=(
        PlanLine("line-1", "plan-small", 1, "无取向硅钢片", spec="50W470 厚0.5", application="电机定子铁芯",
                 quantity=1200.0, unit="吨", certificates=("IATF 16949",)),
        PlanLine("line-2", "plan-small", 2, "谐波减速器"),
    ),
)  # fmt: skip


def firm(code: str, name: str, *products: str) -> Firm:
    """An invented firm in Kunshan with one capability a product."""
    capabilities = tuple(Capability(f"cap-{code}-{n}", code, product) for n, product in enumerate(products))
    return Firm(code, name, "320583", synthetic=True, tier="专精特新", capabilities=capabilities)


FIRMS = (
    firm("firm-steel", "昆山示例电工钢加工有限公司", "冷轧电工钢带分条，0.5mm，供电机铁芯冲压"),
    firm("firm-axle", "昆山示例桥壳钢板有限公司", "新能源汽车驱动桥壳用高强度热轧钢板"),
    firm("firm-drive", "昆山示例减速机有限公司", "谐波减速机，柔轮刚轮自制，供机器人关节"),
    firm("firm-buyer", "南京示例电机有限公司", "无取向硅钢片剪切"),
)


async def fill(graph: Graph) -> None:
    """Put the firms and the plan into an empty graph."""
    provenance = ProvenanceRepository(graph)
    await provenance.save_source(Source("small", "示例", "随本项目", synthetic=True))
    await provenance.begin_load(Load(LOAD, "small", "small", "sha", LoadState.RUNNING, "2026-11-24T00:00:00Z"))
    await FirmRepository(graph).save_many(FIRMS, LOAD)
    await PlanRepository(graph).save(PLAN, LOAD)
