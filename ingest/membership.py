"""Chain membership and lead firms (产业链成员、链主与领航企业): which firm belongs to which chain, and as what."""

from dataclasses import dataclass
from pathlib import Path

from graph.keys import capability_key
from graph.model import Capability, ChainRole, Firm, Membership, Origin
from ingest.capability_text import split_capabilities
from ingest.kinds.chain_names import ROLE_NAMES, ChainNames, role_in
from ingest.kinds.firm_fields import NAME, PLACE_FIELDS, USCC, identity_of
from ingest.kinds.reading import PLAIN, Reading, TableChoice, open_table, read_table, title_of
from ingest.kinds.row import RowReader
from ingest.table_kind import FieldSpec, TableKind

MEMBERSHIP = TableKind(
    "membership",
    "产业链企业名单",
    (
        FieldSpec("number", "序号", ("编号",)),
        FieldSpec(
            "chain",
            "产业链",
            (
                "产业链名称",
                "所属产业链",
                "重点产业链",
                "链条",
                "所在产业链",
                "产业链条",
                "对应产业链",
                "industry",
                "chain",
            ),
            note="名称或代码, 须已在产业链图谱中。",
            examples=("轨道交通装备", "工程机械"),
        ),
        NAME,
        USCC,
        FieldSpec(
            "role",
            "角色",
            ("链上角色", "企业角色", "企业类型", "类型", "类别", "链主/成员", "角色定位"),
            note="链主企业、领航企业, 或成员企业。",
            examples=("链主企业", "成员企业"),
        ),
        FieldSpec(
            "link",
            "环节",
            ("产业环节", "链上环节", "所在环节", "细分领域", "segment"),
            note="只作说明, 企业的环节由能力推断。",
        ),
        *PLACE_FIELDS,
        FieldSpec("products", "主要产品", ("产品", "主导产品", "主营产品", "配套产品"), examples=("车轴、车轮", "")),
        FieldSpec("remark", "备注", ("说明",)),
    ),
)


@dataclass(frozen=True, slots=True)
class MembershipSaid:
    """What the loader knows: the chains there are, and chain and role where the file leaves them out."""

    chains: ChainNames
    chain: str | None = None
    role: ChainRole | None = None
    synthetic: bool = False


def read_membership(path: Path, said: MembershipSaid, choice: TableChoice = PLAIN) -> Reading[Firm]:
    """A firm with its chain and role for every row; 链主 in the title holds for all rows. Raises RefusedFile."""
    table = open_table(path, MEMBERSHIP, choice)
    title = title_of(table)
    by_title = role_in(title) if role_in(title) is ChainRole.LEAD else None
    role = by_title or said.role
    lead = ROLE_NAMES[role] if role else None
    return read_table(table, lambda row: _firm(row, said, by_title), {"chain": said.chain, "role": lead})


def _firm(row: RowReader, said: MembershipSaid, by_title: ChainRole | None) -> Firm | None:
    who = identity_of(row, synthetic=said.synthetic)
    names = row.many("chain") or ((said.chain,) if said.chain else ())
    codes = {code for name in names if (code := said.chains.code(name))}
    if not names:
        row.refuse("chain", "chain.missing", "没有写明产业链。请补上, 或用 --chain 说明。")
    for name in names:
        if said.chains.code(name) is None:
            mend = "请先用 qianglian ingest atlas 导入图谱, 或改正名称。"
            row.refuse("chain", "chain.unknown", f"没有名为“{name}”的产业链{said.chains.hint(name)}。{mend}")
    written = row.text("role", 60)
    role = role_in(written) or (said.role if written is None else None) or by_title
    if written is not None and role_in(written) is None:
        row.refuse("role", "role.unknown", f"“{written}” 不是角色。请填写链主企业、领航企业或成员企业。")
    if who is None or row.faults:
        return None
    products = split_capabilities(row.text("products", 2000) or "")
    return Firm(
        code=who.code,
        name=who.name,
        division=who.division,
        synthetic=said.synthetic,
        capabilities=tuple(Capability(capability_key(who.code, product), who.code, product) for product in products),
        origin=Origin("", row.row.number),
        uscc=who.uscc,
        address=who.address,
        memberships=tuple(Membership(code, role or ChainRole.MEMBER) for code in sorted(codes)),
        flags=who.flags,
    )
