"""What a listed firm makes (制造什么), told apart from what it only trades, rents or does as a service.

The rule, applied to the name of one product of a filing:
1. an accounting line (平衡项目, 利息 …) or a word that names no thing (配件, 材料, 销售 …) is no product;
2. a broken cut of the registered scope (unbalanced brackets, 对…, 除…) is no product;
3. a name with a service, trade, finance, property or building word in it is no product, unless it is
   named as equipment or as software (…设备, …机, …仪, …系统, …软件, …车, …制造);
4. a name that ends in 销售, 购销, 采购 or 业务 is trade where the firm publishes no revenue share of it.
   Where it does, the name is kept: makers report 轮胎销售 for the tyres that they make.
The rule drops rather than keeps where it cannot know: a supplier wrongly shown costs more than one not shown.
"""

import re
import unicodedata

ACCOUNTING = re.compile(
    r"平衡项目|调整项目|未分配|利息|拆出资金|租金|房租|手续费|管理费|物业费|抵消|抵减|内部|收入|资金业务|分部"
)
_NOTHING = """
材料 原材料 配件 备件 组件 设备 产品 商品 货物 销售业务 贸易业务 云业务 废料 废品
废旧物资 下脚料 边角料 动力 工业 商业 制造业 服务业 农业 工程 设计 加工 加工费 销售
贸易 服务 劳务 租赁 运输 法律 软件 硬件 化工 医药 新能源 新材料 材料销售 销售材料
商品销售 销售商品 原材料销售 货物销售 设备销售 产品销售 解决方案 系统集成 技术开发
第一产业 第二产业 第三产业 自产产品 相关产品 配套产品 主营产品 其他 其它 其他产品
其他业务 传媒 柜台 投资 养殖业 种植业 林 牧 江 面
"""
NAMES_NOTHING = frozenset(_NOTHING.split())
BROKEN = re.compile(r"[【】]|^对|^除|^经|^及|^和|^等|含量[≥≤]|^\d+$|第[一二三]产业")
SERVICES = re.compile(
    r"服务|零售|批发|租赁|出租|运输|货运|客运|航运|物流|仓储|装卸|配送|咨询|法律|投资|"
    r"贸易|进出口|出口|经纪|代理|代销|经销|分销|顾问|中介|策划|评估|检测|检验|监测|认证|"
    r"培训|教育|金融|银行|银务|贷款|存款|债券|证券|期货|基金|保险|保理|信托|担保|典当|"
    r"拆借|结算|外汇|售汇|承兑|贴现|理财|资产管理|受托|股权|房地产|房产|地产|商品房|住宅|"
    r"物业|酒店|宾馆|旅馆|旅游|旅行|景区|餐饮|演出|广告|会展|展览|传媒|影视|电影|游戏|"
    r"动漫|文化|体育|彩票|广播剧|出版|发行|诊所|医院|养老|健康管理|施工|工程|装修|装饰装潢|"
    r"总承包|专业承包|承包|承建|土木|市政|园林绿化|勘察|勘探|测绘|设计|开发|研发|研究|技术|"
    r"科技|维修|修理|维护|运维|维保|保养|安装|改造|清洁|保洁|环卫|治理|污水处理|垃圾处理|"
    r"供水|供热|供电|售电|发电|停车|加油|招标|电信业务|互联网|数据处理|云计算|系统集成|"
    r"集成业务|管理|经营|营运|运营|买卖|收购|订阅|会员|平台|零配件零售|劳务|外包|回收|"
    r"物资供销|捕捞|屠宰|养殖|种植|种畜|总部|商务|策展|直播|活动"
)
THINGS = re.compile(
    r"(设备|装备|装置|机|机组|器|仪|仪器|仪表|系统|软件|车|制造|材料|制品|产品|部件|零件|构件|元件|组件|模块|芯片|电缆|电池|管|板|阀|泵)$"
)
ONLY_DEEDS = re.compile(r"(服务|零售|批发|租赁|出租|咨询|施工|安装|维修|修理|维护|贸易|进出口|代理|研发|开发|设计)")
SELLING = re.compile(r"(销售|购销|采购|经销)(业务|服务)?$|^(销售|采购|购销|经营|生产|研发|开发|提供)")


def is_made(name: str, *, share_known: bool) -> bool:
    """Whether a filing's product called `name` is a thing that the firm makes; see the rule above."""
    text = unicodedata.normalize("NFKC", name).strip()
    if not text or text in NAMES_NOTHING or ACCOUNTING.search(text) or BROKEN.search(text):
        return False
    if text.count("(") != text.count(")"):
        return False
    if not share_known and (SELLING.search(text) or text.endswith("业务")):
        return False
    if not SERVICES.search(text):
        return True
    return bool(THINGS.search(text)) and not ONLY_DEEDS.search(text)
