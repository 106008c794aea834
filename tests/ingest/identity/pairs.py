"""Labelled pairs of firms (企业同一性标注对): the same firm written otherwise, and the hardest firms that are others.

A firm here is a name and a division. Names come from firms.txt; one half, chosen by the hash of the name, was looked
at while the rules were made, the other was not. What is made of a name here is invented and says nothing about it.
"""

import hashlib
import random
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from tests.ingest.identity.noise import CITIES, COUNTIES, PROVINCES, form_of, noisy, width

SEED = "identity-1"
# One character that makes another firm of a brand: directions, numbers, adjectives, and the favourites of founders.
MEANINGFUL = "东南西北中一二三新大华国金银天海盛泰恒亚凯瑞德信达通利源兴龙鑫宏鸿"
# Brands that sound or look alike and belong to firms side by side in any industrial park.
_SIBLINGS = (
    "恒=衡亨 华=桦画 鑫=新信 新=鑫欣 力=立利 宏=鸿弘 达=大 瑞=锐 源=元 天=添 亚=雅 科=柯 信=鑫 杰=捷 泰=太 "
    "盛=胜晟 东=冬 方=芳 海=河 长=常 金=锦 通=同 兴=星 林=琳 伟=维 威=维 德=得 联=连 迪=地 凯=恺 康=慷"
)
SIBLINGS = dict(pair.split("=") for pair in _SIBLINGS.split())
TRADES = (
    "机械", "精密机械", "电子", "电子科技", "新材料", "新材料科技", "汽车零部件", "化工", "电气", "自动化设备",
    "环保科技", "医疗器械", "光电科技", "模具", "智能装备", "新能源", "半导体", "线缆", "纺织", "贸易", "投资",
    "物流", "软件",
)  # fmt: skip
NEAR_TRADES = (
    ("机械", "机电"), ("电子", "电气"), ("电器", "电气"), ("科技", "技术"), ("材料", "新材料"), ("化工", "化学"),
    ("药业", "医药"), ("汽车", "汽配"), ("装备", "设备"), ("光电", "光伏"), ("制造", "智造"), ("实业", "工业"),
    ("重工", "轻工"), ("钢管", "钢板"), ("电力", "电气"), ("生物", "生化"), ("通信", "通讯"), ("精工", "精密"),
    ("机床", "机器"),
)  # fmt: skip
ADDITIONS = ("销售", "进出口", "国际贸易", "科技", "技术", "新")
BRANCHES = (
    "{}苏州分公司", "{}第二分公司", "{}昆山分公司", "{}销售分公司", "{}一分厂", "{}南京办事处", "{}无锡研究院",
)  # fmt: skip


# So that the first two characters behind them are the brand and not the place.
_OTHER_PLACES = (
    "江苏 上海 北京 天津 重庆 深圳 广州 珠海 佛山 东莞 惠州 中山 汕头 潮州 湛江 杭州 宁波 温州 嘉兴 湖州 绍兴 "
    "金华 台州 济南 青岛 烟台 潍坊 威海 淄博 济宁 福州 厦门 泉州 合肥 芜湖 安庆 铜陵 武汉 襄阳 宜昌 荆州 长沙 "
    "株洲 湘潭 岳阳 郑州 洛阳 许昌 新乡 林州 石家庄 唐山 保定 邯郸 成都 绵阳 宜宾 泸州 南昌 赣州 九江 沈阳 "
    "大连 鞍山 抚顺 锦州 铁岭 哈尔滨 长春 吉林 黑龙江 西安 宝鸡 兰州 银川 西宁 乌鲁木齐 昆明 贵阳 南宁 桂林 "
    "柳州 海口 三亚 拉萨 包头 赤峰 呼和浩特 内蒙古 山西 陕西 甘肃 青海 宁夏 新疆 西藏 云南 贵州 广西 海南 "
    "太原 大同 宣城 马鞍山 蚌埠 黄山 滁州 丽水 衢州 舟山 义乌 常德 衡阳 郴州 十堰 黄石 孝感 南阳 焦作 平顶山 "
    "开封 安阳 中国"
)
OTHER_PLACES = tuple(_OTHER_PLACES.split())


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two spellings with their divisions, whether they are of one firm, and what makes the pair hard."""

    left: tuple[str, str]
    right: tuple[str, str]
    same: bool
    kind: str


def real_firms(half: str) -> list[tuple[str, str]]:
    """Name and division of the firms of one half: "seen" while the rules were made, or "held out"."""
    lines = Path(__file__).with_name("firms.txt").read_text(encoding="utf-8").splitlines()
    firms = [(name, division) for name, division in (line.split("\t") for line in lines)]
    wanted = 0 if half == "seen" else 1
    return [firm for firm in firms if hashlib.sha256(f"half {firm[0]}".encode()).digest()[0] % 2 == wanted]


def labelled_pairs(half: str) -> list[LabelledPair]:
    """Two positives and about three negatives a firm of the half, the same in every run."""
    firms = real_firms(half)
    pairs: list[LabelledPair] = []
    for name, division in firms:
        r = random.Random(f"{SEED}{name}")
        for _ in range(2):
            written, kind = noisy(name, r)
            stated = r.choices((division, division[:2], ""), (60, 25, 15))[0]
            pairs.append(LabelledPair((written, stated), (name, division), True, kind))
        pairs += _others(name, division, r)
    return pairs + _nearest(firms)


def _nearest(firms: list[tuple[str, str]]) -> list[LabelledPair]:
    names = [name for name, _ in firms]
    pairs = []
    for at, (name, division) in enumerate(firms):
        found = process.extract(name, names[:at] + names[at + 1 :], scorer=fuzz.ratio, limit=1)
        if found:
            other = names.index(found[0][0])
            r = random.Random(f"{SEED}nearest{name}")
            spelt = width(name, r) if r.random() < 0.3 else name
            pairs.append(LabelledPair((spelt, division), firms[other], False, "nearest"))
    return pairs


def _others(name: str, division: str, r: random.Random) -> list[LabelledPair]:
    """Two made-up neighbours of a firm: sisters, siblings, branches, the same brand elsewhere."""
    place, brand, trade, form = _parts(name)
    other_towns = [town for town in ("南京", "常熟", "合肥", "香港") if town != place.rstrip("市")]
    bracketed = r.choice(("{}（{}）{}", "{}({}){}")).format(brand + trade, r.choice(other_towns), form)
    additions = [word for word in ADDITIONS if not trade.endswith(word)]
    parent = trade.replace("集团", "").replace("()", "") if "集团" in name else "集团"
    unlike = [other for other in TRADES if other not in trade and (not trade or trade not in other)]
    made: dict[str, str] = {
        "sister": place + brand + r.choice(unlike) + form,
        "other city": _elsewhere(place, r) + brand + trade + form,
        "other brand": place + _other_brand(brand, r) + trade + form,
        "one character": place + _one_character(brand, r) + trade + form,
        "longer brand": place + brand + r.choice(MEANINGFUL) + trade + form,
        "branch": r.choice(BRANCHES).format(name),
        "subsidiary": bracketed if place else r.choice(("苏州", "常州", "合肥")) + brand + trade + form,
        "group": place + brand + parent + "有限公司",
        "sales arm": place + brand + trade + r.choice(additions) + form,
    }
    if near := _near_trade(trade, r):
        made["near trade"] = place + brand + near + form
    if alike := [c for c in brand if c in SIBLINGS]:
        changed = r.choice(alike)
        made["sounds alike"] = place + brand.replace(changed, r.choice(SIBLINGS[changed]), 1) + trade + form
    pairs = []
    for kind in r.sample(sorted(made), 2):
        other = made[kind]
        if other == name:
            continue
        spelt = width(other, r) if r.random() < 0.3 else other
        stated = r.choices((division, division[:2], ""), (60, 25, 15))[0]
        pairs.append(LabelledPair((spelt, stated), (name, division), False, kind))
    return pairs


def _parts(name: str) -> tuple[str, str, str, str]:
    """Place, brand (two characters, which is the rule), trade and form, roughly."""
    form = form_of(name)
    rest = name.removesuffix(form)
    towns = sorted((*CITIES, *COUNTIES, *PROVINCES, *OTHER_PLACES), key=len, reverse=True)
    place = next((town for town in towns if rest.startswith(town)), "")
    rest = rest.removeprefix(place)
    if rest.startswith(("市", "省")) and place:
        place, rest = place + rest[0], rest[1:]
    return place, rest[:2], rest[2:], form


def _elsewhere(place: str, r: random.Random) -> str:
    return r.choice([town for town in (*CITIES, *PROVINCES, "上海") if town != place.rstrip("市省")])


def _other_brand(brand: str, r: random.Random) -> str:
    return r.choice([b for b in ("宏图", "远东", "新苏", "金陵", "华荣", "博众", "天奇", "力源", "恒泰") if b != brand])


def _one_character(brand: str, r: random.Random) -> str:
    at = r.randrange(len(brand))
    return brand[:at] + r.choice([c for c in MEANINGFUL if c != brand[at]]) + brand[at + 1 :]


def _near_trade(trade: str, r: random.Random) -> str | None:
    near = [
        pair
        for one, two in NEAR_TRADES
        for pair in ((one, two), (two, one))
        if pair[0] in trade and pair[1] not in trade
    ]
    if not near:
        return None
    old, new = r.choice(near)
    return trade.replace(old, new, 1)
