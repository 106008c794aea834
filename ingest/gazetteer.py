"""The names that addresses use for divisions (地名表): official, short and former names, streets, zones."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from ingest.divisions import NO_NAME, nation, rows_of

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|"
    "仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|塔吉克|怒|普米|裕固|保安|独龙|鄂伦春|鄂温克|门巴|各"
)
# 内蒙古自治区 and 西藏自治区 keep the people's name, which is the region's.
_AUTONOMOUS = re.compile(rf"(?:(?:{_PEOPLES})族?)*自治[州县旗]$|(?:壮族|回族|维吾尔)?自治区$")
_LEVEL = re.compile(r"(?:新区|地区|特区|林区|省|市|盟|县|区|旗)$")

# The kind of a zone, by what an address calls it; the longest names first.
ZONES = (
    ("医药高新", "医药高新技术产业开发区 医药高新区 医药城"),
    (
        "高新",
        "国家高新技术产业开发区 高新技术产业开发区 高新技术产业园区 高新技术开发区 高新技术产业园 "
        "高新开发区 高新园区 高新区",
    ),
    ("经开", "国家级经济技术开发区 经济技术开发区 经济开发区 技术开发区 经开区 开发区"),
    ("工业", "工业园区 工业园"),
    ("化工", "化学工业园区 化学工业园 化工园区 化工园"),
    ("综保", "综合保税区 综保区 保税区 出口加工区"),
    ("度假", "旅游度假区 度假区"),
    ("新区", "新区"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One meaning of a name. `whole` says that the name shows by itself that it is a place (昆山市, not 昆山)."""

    code: str
    whole: bool


def short_name(name: str) -> str:
    """An official name as people say it, without 省, 市, 县, 区 or 自治州; the name itself where nothing is left."""
    short = _AUTONOMOUS.sub("", name)
    if short == name:
        short = _LEVEL.sub("", name)
    return short if len(short) > 1 else name


@cache
def spellings(code: str) -> tuple[str, ...]:
    """How a name may begin with the division: itself, behind its city, its province or both, short or in full."""
    names = [nation()[code[:length]] for length in range(2, len(code) + 1, 2) if code[:length] in nation()]
    found = {""}
    for name in (name for name in names if name not in NO_NAME):
        found = found | {lead + word for lead in found for word in (name, short_name(name))}
    own = (names[-1], short_name(names[-1])) if names else ()
    return tuple(sorted(text for text in found if text.endswith(own))) if own else ()


@cache
def divisions_by_name() -> dict[str, tuple[Place, ...]]:
    """Official, short and former names of divisions, each with all its meanings."""
    found: dict[str, set[Place]] = defaultdict(set)
    for code, name in nation().items():
        if name in NO_NAME:
            continue
        found[name].add(Place(code, whole=True))
        if (short := short_name(name)) != name:
            found[short].add(Place(code, whole=False))
    for row in rows_of("divisions_former.csv"):
        found[row["name"]].add(Place(row["code"], whole=True))
    return {name: tuple(sorted(places, key=lambda p: (p.code, p.whole))) for name, places in found.items()}


@cache
def counties_by_street() -> dict[str, tuple[str, ...]]:
    """Streets, towns and named parks of Jiangsu → the counties that have one of that name."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows_of("divisions_streets.csv"):
        for street in row["streets"].split():
            found[street].add(row["county"])
    return {street: tuple(sorted(counties)) for street, counties in found.items()}


@cache
def zone_kinds() -> dict[str, str]:
    """What an address calls a zone → its kind."""
    return {name: kind for kind, names in ZONES for name in names.split()}


@cache
def county_of_zone() -> dict[tuple[str, str], str]:
    """City and kind of zone → the county that the zone lies in."""
    return {(row["city"], row["zone"]): row["code"] for row in rows_of("divisions_zones.csv")}


@cache
def longest_name() -> int:
    """The number of characters of the longest name of all."""
    return max(map(len, (*divisions_by_name(), *counties_by_street(), *zone_kinds())))
