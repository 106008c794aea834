"""The firm register as a table (企业名录): who a firm is, how big, and what it makes.

Products and business scope are free text and are cut by `ingest.capability_text`. Where a row also states a
process, a material, a specification or a capacity, and names one product, they belong to that product.
"""

from dataclasses import dataclass
from pathlib import Path

from graph.keys import capability_key
from graph.model import TIERS, Capability, ChainRole, Firm, Membership, Origin, TierTitle
from ingest.capability_text import split_capabilities
from ingest.kinds.chain_names import ChainNames, role_in
from ingest.kinds.firm_fields import NAME, PLACE_FIELDS, USCC, identity_of
from ingest.kinds.industry import industry_of
from ingest.kinds.reading import PLAIN, Reading, TableChoice, open_table, read_table
from ingest.kinds.row import RowReader
from ingest.kinds.titles import tier_in
from ingest.table_kind import FieldSpec, TableKind

REGISTER = TableKind(
    "register",
    "企业名录",
    (
        FieldSpec("number", "序号", ("编号",)),
        NAME,
        USCC,
        FieldSpec("former", "曾用名", ("原名称", "曾用名称", "企业曾用名", "原企业名称"), note="多个用顿号分开。"),
        *PLACE_FIELDS,
        FieldSpec(
            "industry",
            "行业",
            (
                "所属行业",
                "行业代码",
                "国民经济行业",
                "行业类别",
                "行业名称",
                "国民经济行业代码",
                "行业分类",
                "行业小类",
                "主营行业",
            ),
            note="GB/T 4754-2017 的代码或名称。",
            examples=("C3453", "滚动轴承制造"),
        ),
        FieldSpec(
            "staff",
            "从业人员数",
            (
                "员工人数",
                "职工人数",
                "从业人数",
                "人数",
                "从业人员",
                "员工数",
                "企业人数",
                "用工人数",
                "职工总数",
                "在职员工数",
            ),
            quantity=True,
            examples=("120", "85人"),
        ),
        FieldSpec(
            "revenue",
            "营业收入",
            (
                "年营业收入",
                "主营业务收入",
                "销售收入",
                "营收",
                "年销售额",
                "上年度营业收入",
                "上年营业收入",
                "开票销售",
                "年产值",
                "产值",
                "销售额",
            ),
            money=True,
            note="写明单位: 万元、亿元或元。",
            examples=("8600万元", "1.2亿元"),
        ),
        FieldSpec(
            "certificates",
            "资质认证",
            ("认证", "体系认证", "资质", "资质证书", "认证证书", "管理体系认证", "证书", "资质荣誉"),
            examples=("ISO 9001、IATF 16949", "ISO 9001"),
        ),
        FieldSpec(
            "tier",
            "称号",
            ("梯队", "企业称号", "企业梯队", "专精特新等级", "荣誉称号", "培育层次"),
            examples=("专精特新", ""),
        ),
        FieldSpec(
            "products",
            "主要产品",
            (
                "产品",
                "主导产品",
                "主营产品",
                "产品名称",
                "主要产品(服务)",
                "主要产品及服务",
                "主导产品名称",
                "主要产品名称",
                "主要产品或服务",
                "products",
                "product",
            ),
            note="多个产品用顿号分开, 规格写在括号里。",
            examples=("精密减速器、伺服电机", "深沟球轴承、圆锥滚子轴承"),
        ),
        FieldSpec(
            "scope",
            "主营业务",
            ("经营范围", "业务范围", "主营", "企业简介", "主营业务介绍", "经营内容", "主要业务"),
            note="可以整段粘贴, 系统会拆成一项一项的能力; 销售、服务不算能力。",
            examples=("精密减速器的研发、生产、销售", ""),
        ),
        FieldSpec("process", "主要工艺", ("工艺", "核心工艺", "生产工艺", "加工工艺")),
        FieldSpec("material", "主要材料", ("材料", "材质", "加工材料")),
        FieldSpec("spec", "规格范围", ("规格", "规格型号", "产品规格", "加工范围", "技术参数")),
        FieldSpec("application", "应用领域", ("用途", "应用", "配套领域", "应用行业", "下游应用")),
        FieldSpec(
            "capacity", "年产能", ("产能", "年产量", "设计产能", "生产能力"), quantity=True, examples=("50000台", "")
        ),
        FieldSpec("chain", "所属产业链", ("产业链", "所在产业链", "产业链名称", "链条")),
        FieldSpec("role", "链上角色", ("产业链角色", "链主企业", "企业角色", "是否链主")),
        FieldSpec("year", "数据年度", ("年度", "统计年度", "年份", "数据年份", "填报年度")),
        FieldSpec("remark", "备注", ("说明",)),
    ),
)
_DETAILS = ("process", "material", "spec", "application")


@dataclass(frozen=True, slots=True)
class RegisterSaid:
    """What the loader knows beside the file: the chains there are, and whether the firms are invented examples."""

    chains: ChainNames
    synthetic: bool = False


def read_register_table(path: Path, said: RegisterSaid, choice: TableChoice = PLAIN) -> Reading[Firm]:
    """A firm for every row. Raises RefusedFile."""
    return read_table(open_table(path, REGISTER, choice), lambda row: _firm(row, said))


def _firm(row: RowReader, said: RegisterSaid) -> Firm | None:
    who = identity_of(row, synthetic=said.synthetic)
    industry, classes = industry_of(row)
    tier, year, staff, revenue = _tier(row), _year(row), row.number("staff"), row.money("revenue")
    former, certificates = row.many("former"), row.many("certificates")
    memberships = _memberships(row, said.chains)
    capabilities = _capabilities(row, who.code if who else "")
    if who is None or row.faults:
        return None
    return Firm(
        code=who.code,
        name=who.name,
        division=who.division,
        synthetic=said.synthetic,
        tier=tier,
        industry=industry,
        facts_year=year,
        certificates=certificates,
        capabilities=capabilities,
        origin=Origin("", row.row.number),
        uscc=who.uscc,
        former_names=former,
        address=who.address,
        classes=classes,
        staff=round(staff.value) if staff else None,
        revenue_cny=revenue,
        titles=(TierTitle(tier),) if tier else (),
        memberships=memberships,
        flags=tuple(sorted({*who.flags, *_own_flags(row)})),
    )


def _own_flags(row: RowReader) -> set[str]:
    prefix = f"{row.table.kind.name}."
    return {flag.code.removeprefix(prefix) for flag in row.flags}


def _tier(row: RowReader) -> str | None:
    text = row.text("tier", 100)
    if text is None or text in ("无", "/", "-", "否", "暂无"):
        return None
    if (tier := tier_in(text)) is None:
        row.flag("tier", "tier.unknown", f"不是梯队称号({'、'.join(TIERS)}), 没有作为称号读取。请核对。")
    return tier


def _year(row: RowReader) -> str | None:
    text = row.text("year", 20)
    if text is None:
        return None
    digits = text.strip("年度 .0") if text.endswith(".0") else text.strip("年度 ")
    if not (digits.isdecimal() and 1990 <= int(digits) <= 2100):
        row.refuse("year", "year.not_a_year", "不是年份。请写成 2025。")
        return None
    return digits


def _memberships(row: RowReader, chains: ChainNames) -> tuple[Membership, ...]:
    found = []
    for name in row.many("chain"):
        code = chains.code(name)
        if code is None:
            row.flag(
                "chain", "chain.unknown", f"没有名为“{name}”的产业链{chains.hint(name)}, 企业已保留, 未挂到产业链。"
            )
        else:
            found.append(Membership(code, role_in(row.text("role", 40)) or ChainRole.MEMBER))
    return tuple(sorted(set(found), key=lambda m: (m.chain_code, m.role)))


def _capabilities(row: RowReader, firm_code: str) -> tuple[Capability, ...]:
    said = (*split_capabilities(row.text("products", 3000) or ""), *split_capabilities(row.text("scope", 8000) or ""))
    products = tuple(dict.fromkeys(said))
    details = {key: row.text(key) for key in _DETAILS}
    capacity = row.number("capacity")
    if len(products) != 1:
        # Of several products nobody can say which one is meant; what they are for holds for all of them.
        details |= {"process": None, "material": None, "spec": None}
        capacity = None
    found = {}
    for product in products:
        key = capability_key(firm_code, product, *details.values())
        found[key] = Capability(
            key,
            firm_code,
            product,
            details["process"],
            details["material"],
            details["spec"],
            details["application"],
            capacity=capacity.value if capacity else None,
            capacity_unit=capacity.unit if capacity else None,
            capacity_period="年" if capacity else None,
        )
    return tuple(sorted(found.values(), key=lambda c: c.id))
