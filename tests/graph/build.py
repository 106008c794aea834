"""Small facts for the tests of the graph package."""

from collections.abc import Sequence

from graph.connection import Graph
from graph.model import (
    Capability,
    CatalogueEntry,
    Chain,
    Cluster,
    CurrentSource,
    Firm,
    Link,
    Load,
    LoadState,
    Match,
    Origin,
    Plan,
    PlanKind,
    PlanLine,
    Product,
    Source,
    Status,
)
from graph.provenance import ProvenanceRepository

SOURCE = Source("register", "企业名录", "CC BY 4.0", synthetic=True, url="https://example.org/register")


def a_load(load_id: str = "load-1", *, started_at: str = "2026-11-24T17:30:00Z") -> Load:
    return Load(load_id, SOURCE.id, f"{load_id}.xlsx", f"sha-{load_id}", LoadState.RUNNING, started_at)


async def begin(graph: Graph, *load_ids: str, started_at: str = "2026-11-24T17:30:00Z") -> None:
    """Saves the source and begins the loads."""
    provenance = ProvenanceRepository(graph)
    await provenance.save_source(SOURCE)
    for load_id in load_ids or ("load-1",):
        await provenance.begin_load(a_load(load_id, started_at=started_at))


def a_firm(number: int, products: Sequence[str] = ("齿轮", "轴承"), *, load_id: str = "load-1") -> Firm:
    code = f"firm-{number:04}"
    return Firm(
        code,
        f"常州示例第{number}精锻有限公司",
        "320412" if number % 2 else "3205",
        synthetic=True,
        tier="专精特新" if number % 3 else None,
        certificates=("IATF 16949", "ISO 9001") if number % 2 else (),
        capabilities=tuple(
            Capability(f"{code}-{product}", code, product, process="精锻", capacity=120.0, lead_time_days=30.0)
            for product in sorted(products)
        ),
        origin=Origin(load_id, number + 1),
    )


def a_plan(lines: int = 3, *, plan_id: str = "plan-1", buyer: str = "firm-0001", load_id: str = "load-1") -> Plan:
    return Plan(
        plan_id,
        PlanKind.PLAN,
        "2027 年度采购计划",
        buyer,
        "常州示例整车有限公司",
        synthetic=True,
        published_on="2026-11-01",
        closes_on="2026-12-31",
        lines=tuple(
            PlanLine(
                f"{plan_id}-{number}",
                plan_id,
                number,
                f"齿轮{number}",
                spec="模数 2.5",
                quantity=1200.0,
                unit="件",
                budget_cny=35_000.5,
                certificates=("ISO 9001",),
                current_source=CurrentSource.IMPORT,
                origin=Origin(load_id, number + 1),
            )
            for number in range(1, lines + 1)
        ),
    )


def a_match(line_id: str, firm: int, rank: int = 1, *, model: str = "m1") -> Match:
    return Match(
        f"{line_id}/{firm}",
        line_id,
        f"firm-{firm:04}",
        f"firm-{firm:04}-齿轮",
        rank,
        0.75,
        {"base": 1.5, "词面": -0.25},
        model,
        "index-1",
        reasons=("产品名称一致",),
        gaps=("缺少 IATF 16949",),
    )


CLUSTERS = [Cluster("c1", "高端装备集群", Status.OFFICIAL)]
CHAINS = [Chain("ch1", "工业母机", "c1", Status.OFFICIAL, "名单"), Chain("ch2", "机器人", "c1", Status.WORKING, "名单")]
LINKS = [
    Link("l1", "铸件", "ch1", "上游", ("l2",)),
    Link("l2", "床身", "ch1", "中游", ("l3",)),
    Link("l3", "整机", "ch2", "下游"),
]
PRODUCTS = [
    Product("p1", "铸铁件", "l1", ("灰铸铁件",), "砂型铸造", ("锻件",), ("GB/T 9439",), ("ISO 9001",), "吨"),
    Product("p2", "球墨铸铁件", "l1"),
    Product("p3", "数控机床", "l3", unit="台"),
]
ENTRIES = [
    CatalogueEntry("tax:1090404", "tax", "金属铸件", "tax:10904", "铸造的毛坯件", ("铸件",)),
    CatalogueEntry("tax:10904", "tax", "金属制品"),
    CatalogueEntry("gb4754:C3821", "gb4754", "变压器、整流器和电感器制造"),
]
