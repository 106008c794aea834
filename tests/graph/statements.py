"""What several loads of several sources state about a few firms, as hypothesis strategies."""

import random
from collections.abc import Sequence

from hypothesis import strategies as st

from graph.connection import Graph
from graph.firms import FirmRepository
from graph.keys import capability_key
from graph.model import Capability, ChainRole, Firm, Load, LoadState, Membership, Origin, Source, TierTitle
from graph.provenance import ProvenanceRepository

LOADS = ("load-a", "load-b", "load-c")
CODES = ("firm-1", "firm-2", "firm-3")

some = st.sampled_from
maybe_word = st.none() | some(["甲", "乙"])


@st.composite
def firms(draw: st.DrawFn) -> Firm:
    """One row of one load about one of three firms."""
    code, load_id = draw(some(CODES)), draw(some(LOADS))
    products = draw(st.lists(some(["齿轮", "轴承", "丝杠"]), max_size=2, unique=True))
    return Firm(
        code,
        draw(some(["示例精锻", "示例精锻有限公司"])),
        draw(some(["", "32", "320412"])),
        synthetic=True,
        tier=draw(some([None, "创新型", "小巨人"])),
        industry=draw(maybe_word),
        facts_year=draw(some([None, "2024", "2025"])),
        certificates=tuple(draw(st.lists(some(["ISO 9001", "IATF 16949"]), unique=True))),
        capabilities=tuple(
            Capability(capability_key(code, product), code, product, capacity=draw(some([None, 1.0, 2.0])))
            for product in products
        ),
        origin=Origin(load_id, draw(st.integers(2, 5))),
        former_names=tuple(draw(st.lists(some(["示例锻造"]), max_size=1))),
        staff=draw(some([None, 20, 300])),
        titles=tuple(draw(st.lists(some([TierTitle("专精特新", "2024-01-01"), TierTitle("单项冠军")]), unique=True))),
        memberships=tuple(draw(st.lists(some([Membership("ch1", role) for role in ChainRole]), unique=True))),
    )


def row_of(firm: Firm) -> tuple[str, str, int]:
    """What a row is known by."""
    assert firm.origin
    return firm.code, firm.origin.load_id, firm.origin.row


statements = st.lists(firms(), min_size=1, max_size=8, unique_by=row_of)


async def begin_all(graph: Graph) -> None:
    """Three loads of two sources."""
    provenance = ProvenanceRepository(graph)
    for source_id in ("register", "list"):
        await provenance.save_source(Source(source_id, source_id, "CC BY 4.0", synthetic=True))
    for number, load_id in enumerate(LOADS):
        await begin_one(graph, load_id, ("register", "list")[number % 2])


async def begin_one(graph: Graph, load_id: str, source_id: str) -> None:
    """One load of a source that is saved."""
    load = Load(load_id, source_id, load_id, f"sha-{load_id}", LoadState.RUNNING, "2026-11-24T17:30:00Z")
    await ProvenanceRepository(graph).begin_load(load)


async def save(graph: Graph, stated: Sequence[Firm], seed: int = 0) -> None:
    """Saves the firms load by load, loads and rows in an order that depends on `seed`, some rows alone."""
    shuffle = random.Random(seed)
    for load_id in shuffle.sample(LOADS, len(LOADS)):
        rows = [firm for firm in stated if firm.origin and firm.origin.load_id == load_id]
        rows = shuffle.sample(rows, len(rows))
        cut = shuffle.randint(0, len(rows))
        for part in filter(None, (rows[:cut], rows[cut:])):
            await FirmRepository(graph).save_many(part, load_id)
