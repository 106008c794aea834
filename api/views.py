"""What pages, tables and exports show of a plan (视图): matches joined with their firms, one shape for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.connection import Graph
from graph.firms import FirmRepository
from graph.matches import MatchRepository
from graph.model import Capability, Firm, Match, Plan, PlanLine
from ingest.divisions import is_valid, name_of
from matchmaker.score import PARTS, Band, band

PART_LABELS = {"base": "基准", "dense": "语义相近", "lexical": "用词相近", "lexicon": "同一产品", "breadth": "专注程度"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score, in log-odds."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """One supplier of a line, with the capability that fits best."""

    match: Match
    firm: Firm
    capability: Capability
    place: str
    band: Band
    parts: tuple[Part, ...]

    @property
    def logit(self) -> float:
        """The sum of the parts."""
        return sum(part.value for part in self.parts)


@dataclass(frozen=True, slots=True)
class LineView:
    """A line with its suppliers, best first."""

    line: PlanLine
    rows: tuple[SupplierRow, ...]

    @property
    def best(self) -> Band | None:
        """The band of the best supplier; None where nobody is worth trusting."""
        found = self.rows[0].band if self.rows else Band.WEAK
        return None if found is Band.WEAK else found


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan with its lines and their suppliers."""

    plan: Plan
    lines: tuple[LineView, ...]

    @property
    def confidence(self) -> float:
        """Mean `p` of the best suppliers of the lines; 0 for a plan without lines."""
        best = [line.rows[0].match.p if line.rows else 0.0 for line in self.lines]
        return sum(best) / len(best) if best else 0.0


async def plan_view(graph: Graph, plan: Plan) -> PlanView:
    """The stored matches of `plan`, ready to show."""
    return await view_of(graph, plan, await MatchRepository(graph).of_plan(plan.id))


async def view_of(graph: Graph, plan: Plan, found: Mapping[str, Sequence[Match]]) -> PlanView:
    """Matches by line id, ready to show; those of a firm or capability that is gone meanwhile are left out."""
    codes = {match.firm_code for matches in found.values() for match in matches}
    firms = {firm.code: firm for firm in await FirmRepository(graph).by_codes(sorted(codes))}
    lines = [LineView(line, supplier_rows(found.get(line.id, ()), firms)) for line in plan.lines]
    return PlanView(plan, tuple(lines))


def supplier_rows(matches: Sequence[Match], firms: Mapping[str, Firm]) -> tuple[SupplierRow, ...]:
    """One row a match, in the order given."""
    rows = []
    for match in matches:
        firm = firms.get(match.firm_code)
        capability = next((c for c in firm.capabilities if c.id == match.capability_id), None) if firm else None
        if firm is not None and capability is not None:
            parts = tuple(Part(PART_LABELS[name], match.parts[name]) for name in PARTS)
            rows.append(SupplierRow(match, firm, capability, _place(firm), band(match.p), parts))
    return tuple(rows)


def _place(firm: Firm) -> str:
    return name_of(firm.division) if is_valid(firm.division) else "所在地未知"
