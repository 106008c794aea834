"""Plan lines to stored matches: the ranking, with reasons and gaps, as the graph keeps it."""

from collections.abc import Sequence

from graph.model import Capability, Firm, Match, PlanLine, stable_id
from matchmaker.explain import gaps, reasons
from matchmaker.index import Offer
from matchmaker.pool import Pool
from matchmaker.rank import Need, Ranker, Result


def offers_of(firms: Sequence[Firm]) -> list[Offer]:
    """Every capability of every firm as an offer, for the index."""
    return [Offer(firm.code, capability.id, capability.text) for firm in firms for capability in firm.capabilities]


def match_lines(
    lines: Sequence[PlanLine],
    firms: Sequence[Firm],
    pool: Pool,
    ranker: Ranker,
    top: int,
    index_version: str,
    exclude: frozenset[str] = frozenset(),
) -> list[Match]:
    """The `top` suppliers of each line among `firms`, lines in their order, suppliers best first.

    `pool` holds the offers of `firms` as the index of version `index_version` has them (`offers_of`), made once and
    used for many plans. `exclude` holds firm codes that may not supply, such as the plan's own buyer.
    """
    by_code = {firm.code: firm for firm in firms}
    capabilities = {capability.id: capability for firm in firms for capability in firm.capabilities}
    needs = [Need(line.id, line.text) for line in lines]
    ranked = ranker.rank(needs, pool, top, frozenset(by_code) - exclude)
    return [
        _match(line, by_code[result.supplier_id], capabilities[result.offer_id], place, result, ranker, index_version)
        for line, results in zip(lines, ranked, strict=True)
        for place, result in enumerate(results, 1)
    ]


def _match(
    line: PlanLine, firm: Firm, capability: Capability, place: int, result: Result, ranker: Ranker, index_version: str
) -> Match:
    return Match(
        id=stable_id("match", line.id, firm.code),
        line_id=line.id,
        firm_code=firm.code,
        capability_id=capability.id,
        rank=place,
        p=result.p,
        parts=result.parts,
        model=ranker.version,
        index=index_version,
        reasons=reasons(line, capability, result.product, result.nearness),
        gaps=gaps(line, firm),
    )
