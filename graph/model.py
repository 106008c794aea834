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

# The layers of a chain (层级), from materials to the market.
LAYERS = ("上游", "中游", "下游")


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


class ChainRole(StrEnum):
    """What a firm is to a chain (链上角色): its lead firm (链主, 领航企业) or a member."""

    LEAD = "lead"
    MEMBER = "member"


class FitHow(StrEnum):
    """Who says that a capability belongs to a link: its firm, the matcher, or a person who looked."""

    DECLARED = "declared"
    INFERRED = "inferred"
    CONFIRMED = "confirmed"


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
    source: str = ""


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
    """A link (环节) of a chain; `layer` is 上游, 中游 or 下游; `feeds` are codes of the links it supplies.

    `kind` is 材料, 零部件, 设备, 总成 or 服务. `tax_codes` are goods codes of the tax catalogue and `classes`
    classes of GB/T 4754-2017 that its products fall under. `loops` are the fed links that close a cycle on
    purpose (recycling).
    """

    code: str
    name: str
    chain_code: str
    layer: str
    feeds: tuple[str, ...] = ()
    kind: str = ""
    processes: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    tax_codes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    loops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    """A product (产品) that one link makes, with the words of its trade.

    `description` is how its makers describe what they do, without its name; `confused_with` are products that
    share a word, the material or the application, and that other factories make. `unit` is the unit of trade.
    """

    code: str
    name: str
    link_code: str
    synonyms: tuple[str, ...] = ()
    description: str = ""
    confused_with: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One entry of a public catalogue (分类目录): the tax goods codes, GB/T 4754-2017, the procurement catalogue.

    `code` is `scheme:own code` (`tax:1090404010000000000`, `gb4754:C3821`, `gpc:A02010100`), `parent` likewise.
    """

    code: str
    scheme: str
    name: str
    parent: str | None = None
    description: str | None = None
    keywords: tuple[str, ...] = ()


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
class TierTitle:
    """A title of the tier ladder (梯队称号), with the dates it is valid from and until, where the list says so."""

    tier: str
    valid_from: str | None = None
    valid_until: str | None = None
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """What a firm is to a chain (所属产业链)."""

    chain_code: str
    role: ChainRole


@dataclass(frozen=True, slots=True)
class Fit:
    """A capability placed on a link (环节归属). `score` is the calibrated probability that it belongs there."""

    capability_id: str
    link_code: str
    score: float
    how: FitHow


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm (企业). `code` is its USCC (统一社会信用代码), or derived from normalised name and division.

    `division` is a GB/T 2260 code of 2, 4 or 6 digits, or "" where nothing sure is known. `tier` is the highest
    title. `flags` name what was kept though it looks wrong (`uscc.check_digit`). Revenue is CNY a year.
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
    uscc: str | None = None
    former_names: tuple[str, ...] = ()
    address: str | None = None
    classes: tuple[str, ...] = ()
    staff: int | None = None
    revenue_cny: float | None = None
    titles: tuple[TierTitle, ...] = ()
    memberships: tuple[Membership, ...] = ()
    flags: tuple[str, ...] = ()


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
