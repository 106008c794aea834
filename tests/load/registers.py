"""A big messy register of invented firms (示例名录), the same for the same seed: what offices really send, at scale.

Titles above the header, notes below; names in full and half width, with spaces; codes that are missing or wrong;
places as city and county, as an address alone, or not at all; money in 万元, 亿元 and full-width digits; industry as
code or name; products as a list or as a whole business scope; about one row in a hundred of a firm that came before.
"""

import random
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook

from ingest.atlas.codes import code_names
from ingest.divisions import table
from ingest.uscc import check_character

HEADER = (
    "序号",
    "企业名称",
    "统一社会信用代码",
    "设区市",
    "县（市、区）",
    "注册地址",
    "所属行业",
    "员工人数",
    "营业收入（万元）",
    "体系认证",
    "称号",
    "主要产品",
    "经营范围",
)
Row = tuple[str | int | float | None, ...]
_BRANDS = (
    "恒瑞德华盛锐泰达科润创昌隆鼎亚拓普迈信远景泽维凯捷航宇天力新奥源宏毅博正兴立众联强飞旭晟嘉百利同方安邦金永顺和"
)
_TRADES = (
    "精密机械",
    "自动化设备",
    "电气",
    "新材料",
    "汽车零部件",
    "轴承",
    "液压",
    "电子",
    "模具",
    "阀门",
    "纺织",
    "化工装备",
    "医疗器械",
    "光伏",
    "特钢",
)
_HEADS = (
    "谐波",
    "行星",
    "伺服",
    "深沟球",
    "液压",
    "高压",
    "精密",
    "不锈钢",
    "铝合金",
    "碳纤维",
    "永磁",
    "真空",
    "数控",
    "激光",
    "微型",
    "防爆",
    "轻量化",
)
_THINGS = (
    "减速器",
    "电机",
    "轴承",
    "油缸",
    "开关柜",
    "齿轮",
    "法兰",
    "压铸件",
    "预浸料",
    "同步电机",
    "泵",
    "车床",
    "切割机",
    "传感器",
    "阀门",
    "连接器",
)
_CERTIFICATES = ("ISO 9001", "IATF 16949", "ISO 14001", "AS9100D", "ISO 13485", "ISO 45001", "CCS")
_TIERS = (None, None, None, "创新型", "专精特新", "专精特新中小企业", "专精特新“小巨人”", "单项冠军")


def rows(count: int, seed: int = 2026) -> Iterator[Row]:
    """`count` rows in the order of HEADER."""
    dice = random.Random(seed)
    counties = [(code, name) for code, name in table().items() if code.startswith("32") and len(code) == 6]
    classes = [
        (c.removeprefix("gb4754:"), name)
        for c, name in code_names().items()
        if c.startswith("gb4754:C") and len(c) == 12
    ]
    before: list[Row] = []
    for number in range(1, count + 1):
        if before and dice.random() < 0.01:
            yield (number, *dice.choice(before)[1:])
            continue
        row = _row(number, dice, counties, classes)
        if len(before) < 1000:
            before.append(row)
        yield row


def write(path: Path, count: int, seed: int = 2026) -> Path:
    """A workbook with such a register."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名录")
    sheet.append(["江苏省制造业企业名录（示例）"])
    sheet.append(["填报单位：示例", None, None, "单位：万元"])
    sheet.append(HEADER)
    for row in rows(count, seed):
        sheet.append(row)
    sheet.append(["注：本表企业均为虚构示例。"])
    book.save(path)
    return path


def _row(number: int, dice: random.Random, counties: list[tuple[str, str]], classes: list[tuple[str, str]]) -> Row:
    code, county = dice.choice(counties)
    city = table()[code[:4]]
    name = f"{county if dice.random() < 0.5 else city}示例{_word(dice, 3)}{dice.choice(_TRADES)}有限公司"
    class_code, class_name = dice.choice(classes)
    products = "、".join(
        dice.choice(_HEADS) + dice.choice(_THINGS) + dice.choice(("", "组件", "总成", "A型")) for _ in range(5)
    )
    return (
        number,
        _messy(name, dice),
        _uscc(code, dice),
        *dice.choice(((city, county), (city, county), (city, None), (None, None))),
        f"江苏省{city}{county}示例路{dice.randrange(1, 999)}号" if dice.random() < 0.8 else None,
        dice.choice((class_code, class_code[1:], class_name)),
        dice.choice((dice.randrange(5, 3000), f"{dice.randrange(5, 900)}人", None)),
        dice.choice((round(dice.uniform(200, 90000), 1), f"{dice.randrange(1, 9)}.5亿元", "８，６００", None)),
        "、".join(sorted(dice.sample(_CERTIFICATES, dice.randrange(3)))) or None,
        dice.choice(_TIERS),
        products if dice.random() < 0.7 else None,
        f"{products}的研发、生产、销售；货物进出口（依法须经批准的项目除外）" if dice.random() < 0.4 else None,
    )


def _word(dice: random.Random, length: int) -> str:
    return "".join(dice.choice(_BRANDS) for _ in range(length))


def _messy(name: str, dice: random.Random) -> str:
    return dice.choice(
        (name, name, name, f" {name}", name.replace("有限公司", "有限公司 "), name.replace("示例", "示例 ", 1))
    )


def _uscc(division: str, dice: random.Random) -> str | None:
    if dice.random() < 0.25:
        return None
    body = f"91{division}MA" + "".join(dice.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(7))
    sound = body + check_character(body)
    return sound if dice.random() < 0.98 else sound[:-1] + ("0" if sound[-1] != "0" else "1")
