"""What files do to a firm's name (名称的各种写法): one function a kind of noise, seeded by its caller.

Written from what people and machines do to names, before and without the resolver: nothing is imported
from the package. A slip may hit any character, the place and the legal form included.
"""

import random
import re

FORMS = ("股份有限公司", "有限责任公司", "有限公司", "股份公司")
CITIES = {
    "南京": "3201", "无锡": "3202", "徐州": "3203", "常州": "3204", "苏州": "3205", "南通": "3206", "连云港": "3207",
    "淮安": "3208", "盐城": "3209", "扬州": "3210", "镇江": "3211", "泰州": "3212", "宿迁": "3213",
}  # fmt: skip
COUNTIES = ("江阴", "宜兴", "常熟", "张家港", "昆山", "太仓", "海安", "启东", "如皋", "丹阳", "扬中", "靖江", "泰兴")
PROVINCES = ("浙江", "广东", "山东", "福建", "安徽", "湖北", "湖南", "河南", "河北", "四川", "江西", "辽宁")

# What an input method offers instead: the same syllable, another character.
_SAME_SOUND = (
    "科=柯棵 技=计际 电=店垫 子=字自 机=基几 械=谢屑 工=公功 业=页夜 材=财才 料=廖 新=心芯 能=嫩 源=原元 "
    "药=要 医=依一 化=画话 学=雪 股=古谷 份=分 限=线现 公=工功 司=思斯 苏=酥 江=将浆 州=洲周 通=同 信=讯心 "
    "设=社涉 备=倍背 制=治智 造=皂 汽=气汔 车=彻 部=步布 件=建健 精=晶京 密=蜜 智=志制 控=空 环=还 保=宝 "
    "华=花铧 恒=衡 力=利立 达=大 光=广 伏=福 锂=里理 纤=先 维=唯 集=急 团=湍 建=健 筑=祝 钢=刚 铁=帖 石=时 "
    "油=由 传=船 动=冻 轴=周 承=成 液=业 压=押 天=添 东=冬 方=芳 国=果 海=亥 盛=胜 泰=太 金=今锦 银=吟 长=常 "
    "城=成 安=按 瑞=锐 生=声 物=务 食=实 品=聘 服=符 务=物 网=往 络=洛 软=阮 数=树 据=具"
)
SAME_SOUND = dict(pair.split("=") for pair in _SAME_SOUND.split())
# What a scanner reads instead: nearly the same strokes.
_SAME_SHAPE = (
    "科=料 技=枝 电=申 子=孑 机=杋 械=诫 工=土 业=亚 材=村 料=科 新=斩 限=很 公=么 司=可 苏=芬 江=汪 州=卅 "
    "通=逋 信=佶 设=没 制=剁 车=东 部=邰 件=仵 精=情 密=蜜 智=暂 控=挖 环=坏 保=堡 华=毕 恒=桓 力=刀 达=迖 "
    "光=先 伏=优 纤=纡 集=隼 团=困 建=健 钢=铜 铁=秩 石=右 油=汕 传=伎 动=劫 轴=铀 承=丞 压=庄 天=夭 东=车 "
    "方=万 国=囯 海=悔 盛=盔 泰=秦 金=全 银=锒 长=卡 城=诚 安=妥 瑞=端 生=主 物=牧 食=良 品=晶 服=眼 务=夯 "
    "网=冈 络=洛 软=钦 数=薮 据=椐 末=未 大=太 日=曰 人=入 土=士 己=已 未=末 份=仿 有=冇 药=约 医=匠 化=比 "
    "学=宇 股=胶 板=扳 线=钱 气=乞"
)
SAME_SHAPE = dict(pair.split("=") for pair in _SAME_SHAPE.split())
TRADITIONAL = dict(
    zip(
        "电机业备设车华东国苏药医学网络软数据轴动压纤维团钢铁传银长汽铝铜锂环绿节轻飞马龙鸿达运输织纺实农渔饰优创财资产发财务务"
        "广兴尔联亿万义书习乐乔云亚产亲从众优会伟传体馆号号围图圆圣场块坚坛壳处复够头夹夺奋奖妆",
        "電機業備設車華東國蘇藥醫學網絡軟數據軸動壓纖維團鋼鐵傳銀長汽鋁銅鋰環綠節輕飛馬龍鴻達運輸織紡實農漁飾優創財資產發財務務"
        "廣興爾聯億萬義書習樂喬雲亞產親從眾優會偉傳體館號號圍圖圓聖場塊堅壇殼處複夠頭夾奪奮獎妝",
        strict=True,
    )
)
_LATIN = re.compile("[A-Za-z0-9]")


def form_of(name: str) -> str:
    """The legal form at the end of a name, "" where there is none."""
    return next((form for form in FORMS if name.endswith(form)), "")


def width(name: str, r: random.Random) -> str:
    """Brackets, spaces and letters as another program writes them."""
    match r.randrange(5):
        case 0:
            return name.translate(str.maketrans("（）", "()")) if "（" in name else name + "　"
        case 1:
            return name.translate(str.maketrans("()", "（）")) if "(" in name else f" {name}"
        case 2:
            at = r.randrange(1, len(name))
            return name[:at] + r.choice((" ", "　", "\u00a0", "\n")) + name[at:]
        case 3:
            wide = _LATIN.sub(lambda m: chr(ord(m[0]) + 0xFEE0), name)
            return wide if wide != name else " ".join(name)
        case _:
            form = form_of(name)
            return f"{name.removesuffix(form)} {form}"


def legal_form(name: str, r: random.Random) -> str:
    """The form as it was before the firm became a stock company, spelt out, or cut short."""
    form = form_of(name)
    rest = name.removesuffix(form)
    # The 集团有限公司 of a brand is the parent of its 集团股份有限公司, so for a group that is not another spelling.
    others = (
        ["股份公司", "公司", ""] if "集团" in rest else ["有限公司", "有限责任公司", "股份公司", "股份有限公司", "公司"]
    )
    return rest + r.choice([other for other in others if other != form])


def place(name: str, r: random.Random) -> str:
    """The place with or without 省 and 市, with the province before the city, or moved out of its brackets."""
    bracketed = re.search(r"[(（]([^()（）]{2,3})[)）]", name)
    if bracketed and bracketed[1] != "集团":
        town = bracketed[1]
        return r.choice(
            (town + name.replace(bracketed[0], ""), *(name.replace(bracketed[0], s) for s in (town, f"({town}市)")))
        )
    for town in (*CITIES, *COUNTIES):
        if name.startswith(town):
            rest = name.removeprefix(town).removeprefix("市")
            return r.choice((f"江苏{town}{rest}", f"江苏省{town}市{rest}", f"{town}市{rest}", f"江苏省{town}{rest}"))
    for province in ("江苏", *PROVINCES):
        if name.startswith(province):
            rest = name.removeprefix(province).removeprefix("省")
            return f"{province}省{rest}"
    return width(name, r)


def place_dropped(name: str, r: random.Random) -> str:
    """The place left out, as a list of one city's firms does."""
    for town in ("江苏省", "江苏", *CITIES, *COUNTIES, *PROVINCES, "上海", "北京", "深圳"):
        if name.startswith(town):
            return name.removeprefix(town).removeprefix("市")
    return width(name, r)


def former(name: str, r: random.Random) -> str:
    """The firm's earlier name written behind its name."""
    old = legal_form(name, r)
    return name + r.choice(
        ("（原名：{}）", "(原{})", "（曾用名：{}）", "(曾用名:{})", "（原名称为{}）", "【原{}】")
    ).format(old)


def renamed(name: str, r: random.Random) -> str:
    """Written under the earlier name, with the present one behind it."""
    return legal_form(name, r) + r.choice(("（现更名为{}）", "（现名：{}）", "(已更名为{})")).format(name)


def remark(name: str, r: random.Random) -> str:
    """A number, a mark or a remark that does not belong to the name."""
    return r.choice(("1、{}", "“{}”", "{}（盖章）", "{}。", "★{}", "{}*", "3.{}", "企业名称：{}")).format(name)


def traditional(name: str, _: random.Random) -> str:
    """In traditional characters, as a partner from Taiwan or Hong Kong writes it."""
    return "".join(TRADITIONAL.get(c, c) for c in name)


def _swapped(name: str, r: random.Random, table: dict[str, str]) -> str:
    places = [i for i, c in enumerate(name) if c in table]
    if not places:
        return doubled(name, r)
    at = r.choice(places)
    return name[:at] + r.choice(table[name[at]]) + name[at + 1 :]


def typed(name: str, r: random.Random) -> str:
    """One character of the same sound, from an input method."""
    return _swapped(name, r, SAME_SOUND)


def scanned(name: str, r: random.Random) -> str:
    """One character of nearly the same strokes, from a scanner."""
    return _swapped(name, r, SAME_SHAPE)


def doubled(name: str, r: random.Random) -> str:
    """One character twice."""
    at = r.randrange(len(name))
    return name[:at] + name[at] + name[at:]


def left_out(name: str, r: random.Random) -> str:
    """One character missing."""
    at = r.randrange(len(name))
    return name[:at] + name[at + 1 :]


def turned(name: str, r: random.Random) -> str:
    """Two neighbours in the wrong order."""
    places = [i for i in range(len(name) - 1) if name[i] != name[i + 1]]
    at = r.choice(places)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


# How often each is met, of 100 records that differ at all. Most files come out of other systems, so what differs is
# how a system or a clerk formats a name; slips are one in seven, which is more than registers show.
KINDS = {
    width: 16, legal_form: 14, place: 14, former: 9, renamed: 3, remark: 6, traditional: 7, place_dropped: 2,
    typed: 5, scanned: 4, doubled: 2, left_out: 2, turned: 2,
}  # fmt: skip
# In the order in which they befall a name: it is changed first, then typed or scanned, then formatted.
FORMATTING = (legal_form, place, traditional, remark, width)
SLIPS = (typed, scanned, doubled, left_out, turned)
MIXED = 14


def noisy(name: str, r: random.Random) -> tuple[str, str]:
    """A spelling of `name` and the kind of noise that made it ("mixed" for two or three at once)."""
    kinds = list(KINDS)
    (kind,) = r.choices([*kinds, None], [*KINDS.values(), MIXED])
    if kind is not None:
        return kind(name, r), kind.__name__
    chosen = r.sample(FORMATTING, 2)
    slip = r.choice(SLIPS) if r.random() < 0.2 else None
    for step in (*FORMATTING[:2], slip, *FORMATTING[2:]):
        if step is not None and (step is slip or step in chosen):
            name = step(name, r)
    return name, "mixed"
