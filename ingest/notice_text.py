"""What a purchase notice asks for (采购公告里要买什么), cut out of its title and content.

Only cut, never written: every need is a piece of the notice's own words. The rules, in order:
1. A content that lists things does best: "机柜电控锁,数量6000套;…" or "采购 A、B 和 C。" gives a line a thing.
2. Otherwise the title, from whose ends are cut, until nothing more comes off: the frame of a request for
   opinions (关于征集…技术规范书意见的公告), the kind of notice (询比公告, 招标预公告 …), 采购/集中/项目, the round
   and the lot (第二次, 标包1), the buyer (up to 公司, 分公司, 移动 …), years and months, 全省, the site (某某机房,
   某某大楼), 及配套.
3. A rest that names no thing (设备, 服务, 物资 …) is no need; then a short content is tried, and else none.
"""

import re
import unicodedata
from dataclasses import dataclass

UNSTATED = "公告未明确列示"

_YEAR = r"20\d\d(?:\s*年)?(?:度)?(?:\d{1,2}月(?:份)?)?"
_HEADS = tuple(
    re.compile(pattern)
    for pattern in (
        r"^关于",
        r"^[^征]{0,12}(?:征集|征求)",
        r"^(?:[^,。(\d]{0,24}?)(?:有限责任公司|有限公司|分公司|公司|直属中心|政企中心)",
        r"^(?:中国)?(?:移动|电信|铁塔|联通|中移)(?!式|电|互联|通信|设备|终端|机|硬盘|网|信号)(?:通信集团)?",
        r"^(?!自有|现有|既有|新建)[一-龥]{2,4}(?:移动|电信|铁塔|联通)(?!式|电|设备|终端|机|硬盘|网|信号)",
        rf"^{_YEAR}(?:[-—–~至到]+(?:{_YEAR}|\d{{1,2}}月))*",
        r"^\((?:\d+个月|公开部分|[一二三四五六七八九十]期)\)",
        r"^(?:全省|本省|全市|某|采购|拟|的|,|、|-|_|:)",
        r"^(?:年度|年)(?!轮)",
        r"^第[一二三四五六七八九十\d]+批(?:次)?",
        r"^[一-龥]{2,3}市(?![电政场内])(?:[一-龥]{1,4}?(?:新区|区|县))?(?=[一-龥A-Za-z0-9]{3})(?:分公司)?",
        r"^[A-Z]{3,}-\d{6,}-[A-Z]+",
        # The site that it is for; 机房防静电地板 keeps its 机房, which says what kind of floor it is.
        r"^[一-龥A-Za-z0-9]{2,20}?(?:机房|机楼|(?:智算|算力|数据)中心|调度(?:用房|大楼)|枢纽楼?|大楼|办公用(?!房))(?=[一-龥A-Za-z0-9]{3})",
        r"^[一-龥]{2}局(?=[一-龥]{4})",
        r"^[一-龥]{2,4}项目(?!部)(?=[一-龥]{3})",
        r"^共建共享",
    )
)
_KIND = (
    r"(?:公开)?(?:重新)?(?:招标|询比|比选|询价|谈判|竞谈|直接采购|单一来源|采购需求|采购信息|小额采购|"
    r"采购意见征求|采购|资格预审|变更|计划发布)"
)
_TAILS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:采购)?(?:的)?(?:采购)?(?:技术(?:规范|评审|评分|打分|要求|文件|条款)|评分(?:表|办法)|打分表|比选文件|采购文件)"
        r".*?(?:意见|文件).*$",
        r"(?:的)?意见(?:征求|征集)?的?(?:公告|公示)?$",
        rf"[-—_\s]*(?:{_KIND}|[(](?:{_KIND})[)]|事前|信息|项目|预|结果|中标)*(?:公告|公示|通知|文件)$",
        r"(?:公开)?(?:重新)?(?:招标|询比|比选|询价|竞谈)(?:采购)?$",
        r"[(]?标(?:包|段)\s*[\d一二三四五六]+.*$",
        r"[(](?:询比|比选|招标)采购.*$",
        r"[-—]直接采购[(].*$",
        r"[(]\w*公告[)]$",
        r"[(]$",
        r"[(](?:第?[一二三四五六\d]+[次轮批]|重新\w*|重招\w*|变更|公开部分|二次|[一二三四]期|\d+个月|\w*公开询比\w*)[)]$",
        r"[【\[](?:变更|更正|重新\w*|第?[一二三四五六\d]+次)[】\]]$",
        r"第[一二三四五六七八九十\d]+[批次轮](?:次)?$",
        r"(?:集中|补充|公开|零星|框架|年度)?采购(?:项目)?$",
        r"(?:集中|补充|零星|公开)$",
        r"项目$",
        r"(?:系列)?产品$",
        r"(?:空档期|标准化采购方案|更换)$",
        r"及(?:相关)?配套(?:设备|产品|物资|配件)?$",
        r"[-—_:,、。;\s]+$",
        r"的$",
    )
)
_NOTHING = re.compile(
    r"^(?:设备|材料|物资|产品|服务|货物|工程|施工|项目|采购|技术|配套|硬件|软件|系统|建设|标包|计划|二级|集中|年度|等|及|和|类|\d)*$"
)
_COUNTED = re.compile(r"([^;,。]{2,40}),数量\s*(?:([\d.]+)\s*([一-龥]{1,3})?|-|—)?(?:\(合计\))?(?:;|。|:|$)")
_LISTED = re.compile(
    r"采购(?:内容)?(?:为|:)?\s*([^。;,:]{5,120}?)(?:等(?:产品|物资|设备|材料|货物)?)?"
    r"(?:。|;|$|,(?=主要|用于|具体|详见|以))"
)
_NOT_A_THING = re.compile(
    r"^\d|金额|预算|服务|施工|维护|维修|培训|工作|项目|公司|年|包括|进行|提供|具体|等|详见|采购|[()。:;]|\d{3}"
)
_NOT_A_SPEC = re.compile(
    r"项目|采购|公告|启动|服务|意见|已|进行|针对|本次|要求|满足|税|标包|完成|工期|详见|招标|具体如下|公司|应答|供应商|[,;★]"
)
_TRADE_UNITS = "个台套只根座件块米架部辆片组条盒瓶桶吨把张支副对箱卷"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to be bought; `quantity` and `unit` only where the notice counts it."""

    product: str
    quantity: float | None = None
    unit: str | None = None
    spec: str | None = None


def needs_of(title: str, content: str | None) -> tuple[Need, ...]:
    """The things that a notice asks for, in its own words and order; empty where it names none."""
    heading = cut(_normal(title))
    said = _normal(content or "")
    if said.startswith(UNSTATED):
        said = ""
    counted = _counted(said)
    if counted:
        return counted
    if listed := _listed(said):
        return tuple(Need(product) for product in listed)
    short = cut(said) if len(said) <= 60 else ""
    if not _names_a_thing(heading):
        return (Need(short),) if _names_a_thing(short) and not _NOT_A_SPEC.search(short) else ()
    fits = 2 <= len(short) <= 40 and short.count("(") == short.count(")") and not _NOT_A_SPEC.search(short)
    adds = fits and short not in heading and heading not in short
    return (Need(heading, spec=short if adds else None),)


def cut(text: str) -> str:
    """`text` without the boilerplate at its two ends (rule 2)."""
    before = None
    while text != before:
        before = text
        for pattern in (*_TAILS, *_HEADS):
            rest = pattern.sub("", text, count=1)
            # A tail such as 产品 or 项目 is the need itself where nothing else is left.
            if rest.strip():
                text = rest.strip()
    return text


def _normal(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", text)
    return re.sub(r"\s+", " ", text).strip(" :,。")


def _counted(text: str) -> tuple[Need, ...]:
    found: dict[str, Need] = {}
    end = 0
    while match := _COUNTED.match(text, end):
        end = match.end()
        product = match[1].strip(" :")
        if not re.search(r"[一-龥]", product) or not _names_a_thing(product) or re.search(r"采购|项目", product):
            return ()
        # 数量1项 counts contracts and no things.
        counts = match[3] is None or match[3][0] in _TRADE_UNITS
        quantity = float(match[2]) if counts and re.fullmatch(r"\d+(\.\d+)?", match[2] or "") else None
        found.setdefault(product, Need(product, quantity or None, match[3] if quantity else None))
    return tuple(found.values())


def _listed(text: str) -> tuple[str, ...]:
    match = _LISTED.search(text)
    if match is None or "、" not in match[1]:
        return ()
    things = [t.strip() for t in re.split(r"、|和(?=[^、和]+$)|及(?=[^、及]+$)", match[1])]
    if all(2 <= len(t) <= 15 and not _NOT_A_THING.search(t) and _names_a_thing(t) for t in things):
        return tuple(dict.fromkeys(things))
    return ()


def _names_a_thing(text: str) -> bool:
    return len(text) >= 2 and not _NOTHING.match(text) and bool(re.search(r"[一-龥A-Za-z]", text))
