"""The frozen domain model (领域模型): what every other package passes around.

Keys are natural where one exists, otherwise derived from the content (`stable_id`), so that loading
the same file twice finds the same nodes. Money is CNY, times are fixed-width UTC ISO strings
(`2026-11-24T17:30:00Z`), dates are `YYYY-MM-DD`, unknown values are `None` and never zero.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# The titles of good small firms (优质中小企业梯队), ascending: a higher one includes what a lower one shows.
TIERS = ("创新型", "专精特新", "小巨人", "单项冠军")


def stable_id(kind: str, *parts: str) -> str:
    """A key of 24 hexadecimal digits that depends on `kind` and `parts` alone."""
    digest = hashlib.sha256("\x1f".join((kind, *parts)).encode()).hexdigest()
    return f"{kind}-{digest[:24]}"


class Status(StrEnum):
    """How well a name or rule is backed: by an official text, by a source, or by our working list only."""

    OFFICIAL = "official"
    SOURCED = "sourced"
    WORKING = "working"


class LoadState(StrEnum):
    """A load is `running` from its first batch to its last; a killed one stays so until it is run again."""

    RUNNING = "running"
    DONE = "done"


class PlanKind(StrEnum):
    """A lead firm's procurement plan (采购计划) or a public purchase notice (采购公告)."""

    PLAN = "plan"
    NOTICE = "notice"


class CurrentSource(StrEnum):
    """Where the buyer gets a line today (现有来源)."""

    LOCAL = "local"
    OUTSIDE = "province-outside"
    IMPORT = "import"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts come from (来源): a register, a public list, or `synthetic` example data."""

    id: str
    name: str
    licence: str
    synthetic: bool
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """One reading of one file (一次导入). `rows_read == accepted + rejected` once it is done."""

    id: str
    source_id: str
    file_name: str
    sha256: str
    state: LoadState
    started_at: str
    rows_read: int = 0
    accepted: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Origin:
    """The row of the load that a fact was read from, counted as a spreadsheet counts it (from 1)."""

    load_id: str
    row: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """An advanced manufacturing cluster (先进制造业集群)."""

    code: str
    name: str
    status: Status


@dataclass(frozen=True, slots=True)
class Chain:
    """An industrial chain (产业链) of one cluster."""

    code: str
    name: str
    cluster_code: str
    status: Status
    source: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link (环节) of a chain; `layer` is 上游, 中游 or 下游; `feeds` are codes of the links it supplies."""

    code: str
    name: str
    chain_code: str
    layer: str
    feeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Capability:
    """What a firm can make (供给能力). `revenue_share` is a fraction of the firm's revenue where published."""

    id: str
    firm_code: str
    product: str
    process: str | None = None
    material: str | None = None
    spec: str | None = None
    application: str | None = None
    capacity: float | None = None
    capacity_unit: str | None = None
    capacity_period: str | None = None
    lead_time_days: float | None = None
    revenue_share: float | None = None
    confirmed_on: str | None = None

    @property
    def text(self) -> str:
        """The words that the matcher reads: everything that says what is made, and nothing about who makes it."""
        return "，".join(p for p in (self.product, self.process, self.material, self.spec, self.application) if p)


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm (企业). `code` is its USCC (统一社会信用代码), or derived from normalised name and division.

    `division` is a GB/T 2260 code of 2, 4 or 6 digits, or "" where nothing sure is known.
    """

    code: str
    name: str
    division: str
    synthetic: bool
    tier: str | None = None
    industry: str | None = None
    stock_code: str | None = None
    facts_year: str | None = None
    certificates: tuple[str, ...] = ()
    capabilities: tuple[Capability, ...] = ()
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of a plan (采购需求行)."""

    id: str
    plan_id: str
    number: int
    product: str
    spec: str | None = None
    application: str | None = None
    quantity: float | None = None
    unit: str | None = None
    budget_cny: float | None = None
    certificates: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    delivery_place: str | None = None
    delivery_on: str | None = None
    current_source: CurrentSource | None = None
    current_supplier: str | None = None
    current_spend_cny: float | None = None
    origin: Origin | None = None

    @property
    def text(self) -> str:
        """The words that the matcher reads: what is asked for, without quantities and money."""
        return "，".join(p for p in (self.product, self.spec, self.application) if p)


@dataclass(frozen=True, slots=True)
class Plan:
    """A procurement plan or a notice, with its lines in order."""

    id: str
    kind: PlanKind
    title: str
    buyer_code: str
    buyer_name: str
    synthetic: bool
    chain_code: str | None = None
    published_on: str | None = None
    closes_on: str | None = None
    url: str | None = None
    lines: tuple[PlanLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """One supplier for one line. The parts are log-odds and sum to logit(`p`) within 1e-6.

    `rank` counts from 1. `gaps` name what the supplier lacks (a certificate, a tier), in the user's words.
    `reasons` say why, best first. `model` and `index` are the versions that made it.
    """

    id: str
    line_id: str
    firm_code: str
    capability_id: str
    rank: int
    p: float
    parts: Mapping[str, float]
    model: str
    index: str
    reasons: tuple[str, ...] = ()
    gaps: tuple[str, ...] = field(default=())
