"""A procurement plan as a kind of table (采购计划表): its columns under every header that buyers write."""

from enum import StrEnum

from ingest.headers import NORMALISED
from ingest.table_kind import FieldSpec, TableKind


class Field(StrEnum):
    """What a column of a plan can hold; the value is the field's key."""

    NUMBER = "number"
    PRODUCT = "product"
    SPEC = "spec"
    APPLICATION = "application"
    QUANTITY = "quantity"
    UNIT = "unit"
    BUDGET = "budget"
    CERTIFICATES = "certificates"
    TIERS = "tiers"
    PLACE = "place"
    DELIVERY = "delivery"
    CURRENT_SOURCE = "current_source"
    CURRENT_SUPPLIER = "current_supplier"
    CURRENT_SPEND = "current_spend"
    CLOSES = "closes"
    REMARK = "remark"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PLAN = TableKind(
    name="plan",
    title="需求",
    # A plan is taken whole or refused, so that a header which is only alike is asked about and never guessed.
    accepts=NORMALISED,
    fields=(
        FieldSpec(
            Field.NUMBER,
            "序号",
            _words("编号 行号 项次 no no."),
            note="1 以上的整数, 不能重复。修改后重新上传时, 序号相同的行会被替换。没有这一列时按行的先后编号。",
            examples=("1", "2"),
        ),
        FieldSpec(
            Field.PRODUCT,
            "物料名称",
            _words(
                "产品名称 品名 采购品目 货物名称 名称 产品 物料 品目名称 物资名称 零部件名称 材料名称 设备名称 "
                "采购内容 采购标的 标的名称 采购产品 需求产品 产品/零部件 产品及零部件 品目 物料描述 采购项目名称 "
                "配套产品 零部件"
            ),
            needed=True,
            note="一行写一种产品, 写行业通用的名称, 不超过 200 字。",
            examples=("不锈钢板", "纸管"),
        ),
        FieldSpec(
            Field.SPEC,
            "规格型号",
            _words(
                "规格 型号 技术要求 规格与技术要求 规格及技术要求 技术参数 规格参数 主要技术参数 技术规格 "
                "规格型号及技术要求 规格要求 规格/型号 型号规格 质量要求"
            ),
            note="材质、牌号、尺寸、标准号等。写得越具体, 匹配越准。",
            examples=("304 2B 1.5mm", "内径 76mm, 壁厚 10mm"),
        ),
        FieldSpec(
            Field.APPLICATION,
            "用途",
            _words("应用 应用场景 使用场景 用于 应用领域 使用部位 配套机型"),
            note="用在什么产品或部位。",
            examples=("变压器油箱", "薄膜收卷"),
        ),
        FieldSpec(
            Field.QUANTITY,
            "需求数量",
            _words("数量 年需求量 需求量 采购数量 采购量 年采购量 年用量 用量 预计数量 预计需求量 年度需求量"),
            quantity=True,
            note="大于 0 的数字, 可写“3.5万”“300吨”。不确定就留空。",
            examples=("300", "1.2万"),
        ),
        FieldSpec(
            Field.UNIT,
            "单位",
            _words("计量单位 数量单位"),
            note="吨、件、套等。数量里已写单位时可留空。",
            examples=("吨", "根"),
        ),
        FieldSpec(
            Field.BUDGET,
            "预算（万元）",
            _words(
                "预算 预算金额 采购预算 预算额 预计金额 估算金额 最高限价 限价 预算总额 预算价",
            ),
            money=True,
            note="这一行的总价。表头写明元、万元或亿元, 或在单元格里写明。供应商看不到预算, 除非您同意。",
            examples=("480", "6.5"),
        ),
        FieldSpec(
            Field.CERTIFICATES,
            "资质要求",
            _words("资质 认证要求 资质认证 供应商资质 资质证书 证书要求 体系认证要求 供应商资质要求"),
            note="多项用顿号分开; 不要求就留空或写“无”。",
            examples=("ISO 9001、IATF 16949", "无"),
        ),
        FieldSpec(
            Field.TIERS,
            "优先梯队",
            _words("梯队 企业梯队 优先企业梯队 梯度 优先梯度"),
            note="创新型、专精特新、小巨人、单项冠军, 多项用顿号分开。",
            examples=("专精特新、小巨人", ""),
        ),
        FieldSpec(
            Field.PLACE,
            "交货地点",
            _words("交付地点 交付地 送货地点 交货地 收货地点 交货地址 到货地点"),
            note="到市或县区即可。",
            examples=("江苏省常州市", "江苏省常州市"),
        ),
        FieldSpec(
            Field.DELIVERY,
            "交货日期",
            _words("交付日期 交货期 交期 交付期 交货时间 交付时间 到货日期 需求日期 需求时间"),
            note="2027-03-31 或 2027年3月(按月底)。不确定就留空。",
            examples=("2027-03-31", "2027年6月"),
        ),
        FieldSpec(
            Field.CURRENT_SOURCE,
            "现有来源",
            _words("当前来源 现来源 目前来源 来源 供应来源 现供应来源"),
            note="本地、省外、进口或无。不清楚就留空。",
            examples=("省外", "本地"),
        ),
        FieldSpec(
            Field.CURRENT_SUPPLIER,
            "现供应商",
            _words("当前供应商 现有供应商 目前供应商 供应商 原供应商"),
            note="现在向谁采购。供应商看不到这一列。",
        ),
        FieldSpec(
            Field.CURRENT_SPEND,
            "现采购额（万元）",
            _words("现采购额 当前采购额 年采购额 采购额 现采购金额 采购金额 年采购金额 现年采购额"),
            money=True,
            note="每年向现供应商采购的金额, 用于计算本地配套率。不清楚就留空, 不要写 0。",
            examples=("420", ""),
        ),
        FieldSpec(
            Field.CLOSES,
            "截止日期",
            _words("截止 截止时间 报名截止 响应截止 需求截止 应答截止 截止日"),
            note="供应商最晚何时答复。各行相同; 不填就由您在上传时填写。",
            examples=("2026-12-31", "2026-12-31"),
        ),
        FieldSpec(Field.REMARK, "备注", _words("说明 备注说明"), note="不参与匹配。"),
    ),
)
