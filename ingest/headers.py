"""Which column is which (表头识别): headers by synonyms, with the money unit that the header names."""

import difflib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What a column of a plan can hold; the value is the header that our own template uses."""

    NUMBER = "序号"
    PRODUCT = "物料名称"
    SPEC = "规格型号"
    APPLICATION = "用途"
    QUANTITY = "需求数量"
    UNIT = "单位"
    BUDGET = "预算"
    CERTIFICATES = "资质要求"
    TIERS = "优先梯队"
    PLACE = "交货地点"
    DELIVERY = "交货日期"
    CURRENT_SOURCE = "现有来源"
    CURRENT_SUPPLIER = "现供应商"
    CURRENT_SPEND = "现采购额"
    REMARK = "备注"


MONEY = frozenset({Field.BUDGET, Field.CURRENT_SPEND})

SYNONYMS: dict[Field, str] = {
    Field.NUMBER: "序号 编号 行号 项次 no no.",
    Field.PRODUCT: "物料名称 产品名称 品名 采购品目 货物名称 名称 产品 物料 品目名称 物资名称 "
    "零部件名称 材料名称 设备名称 采购内容 采购标的 标的名称 采购产品 需求产品 "
    "产品/零部件 产品及零部件 品目 物料描述 采购项目名称 配套产品",
    Field.SPEC: "规格型号 规格 型号 技术要求 规格与技术要求 规格及技术要求 技术参数 规格参数 主要技术参数 技术规格 "
    "规格型号及技术要求 规格要求 规格/型号 型号规格 质量要求",
    Field.APPLICATION: "用途 应用 应用场景 使用场景 用于 应用领域 使用部位 配套机型",
    Field.QUANTITY: "需求数量 数量 年需求量 需求量 采购数量 采购量 年采购量 年用量 用量 预计数量 预计需求量 年度需求量",
    Field.UNIT: "单位 计量单位 数量单位",
    Field.BUDGET: "预算 预算金额 采购预算 预算额 预计金额 估算金额 最高限价 限价 预算总额 预算价",
    Field.CERTIFICATES: "资质要求 资质 认证要求 资质认证 供应商资质 资质证书 证书要求 体系认证要求 供应商资质要求",
    Field.TIERS: "优先梯队 梯队 企业梯队 优先企业梯队 梯度 优先梯度",
    Field.PLACE: "交货地点 交付地点 交付地 送货地点 交货地 收货地点 交货地址 到货地点",
    Field.DELIVERY: "交货日期 交付日期 交货期 交期 交付期 交货时间 交付时间 到货日期 需求日期 需求时间",
    Field.CURRENT_SOURCE: "现有来源 当前来源 现来源 目前来源 来源 供应来源 现供应来源",
    Field.CURRENT_SUPPLIER: "现供应商 当前供应商 现有供应商 目前供应商 供应商 原供应商",
    Field.CURRENT_SPEND: "现采购额 当前采购额 年采购额 采购额 现采购金额 采购金额 年采购金额 现年采购额",
    Field.REMARK: "备注 说明 备注说明",
}
_BY_NAME = {name: field for field, names in SYNONYMS.items() for name in names.split()}
_FACTORS = {"元": 1.0, "人民币元": 1.0, "千元": 1e3, "万元": 1e4, "百万元": 1e6, "亿元": 1e8, "万": 1e4, "亿": 1e8}
_BRACKET = re.compile(r"\(([^()]*)\)")
_TRAILING_UNIT = re.compile(r"[/,:\-]?(?:单位:?)?(亿元|百万元|万元|千元|元)$")


@dataclass(frozen=True, slots=True)
class Column:
    """One recognised column. `factor` turns its money into CNY; `unit` is what the header says of a quantity."""

    index: int
    header: str
    field: Field
    factor: float | None = None
    unit: str | None = None


def recognise(index: int, header: str) -> Column | None:
    """The column that `header` announces, None where it is not known."""
    text = re.sub(r"[\s*＊★]+", "", unicodedata.normalize("NFKC", header)).lower()
    remarks = [r.removeprefix("单位").lstrip(":") for r in _BRACKET.findall(text)]
    base = _BRACKET.sub("", text).strip(":")
    factor = next((_FACTORS[r] for r in remarks if r in _FACTORS), None)
    field = _BY_NAME.get(base)
    if field is None and (tail := _TRAILING_UNIT.search(base)):
        field = _BY_NAME.get(base[: tail.start()])
        factor = _FACTORS[tail[1]]
    if field is None or (field not in MONEY and factor is not None):
        return None
    unit = next((r for r in remarks if _looks_like_unit(r)), None) if field is Field.QUANTITY else None
    return Column(index, header.strip(), field, factor, unit)


def nearest(header: str) -> str | None:
    """The known header that `header` is most like, for "did you mean"; None where none is near."""
    text = _BRACKET.sub("", re.sub(r"\s+", "", unicodedata.normalize("NFKC", header)).lower())
    close = difflib.get_close_matches(text, _BY_NAME, n=1, cutoff=0.5)
    if close:
        return close[0]
    return next((name for name in _BY_NAME if len(name) > 1 and name in text), None)


def _looks_like_unit(remark: str) -> bool:
    return 0 < len(remark) <= 4 and not re.search(r"[\d填选必如例年月]", remark)
