"""Cuts what a firm says of itself into the things that it makes (主营业务、经营范围、主导产品 → 供给能力).

Only cut and joined, never written. The rules, in order:
1. A text is clauses (；。 and line ends); a clause is items (、，/ and 和 与 及 between two nouns). Nothing is cut
   inside brackets: they stay with their noun, except remarks of the register (除…外, 依法须经批准 …), which go.
2. Deeds say what is done with the items: in front (生产、销售齿轮、轴), or behind (齿轮、轴的研发、生产和销售).
   They reach over the items of their enumeration. Where deeds are named and none of them makes anything
   (销售, 研发, 进出口 …), its items go; where none is named, the text is a list of products and they stay.
3. Items that are services, trade or words for nothing in particular (技术服务, 配件) go.
4. What an enumeration shares is given to each: 高、低压开关柜; 汽车、摩托车零部件; 汽车用齿轮、轴; 电机及其零部件.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.capability_words import (
    ALL_IN_ONE,
    ALONE,
    DEED,
    FIELDS,
    GENERIC,
    INTRO,
    MAKING,
    NOT_A_DEED,
    NOT_A_THING,
    NOT_AND,
    OUTRO,
    PAIRS,
    PART_WORD,
    REMARK,
    SERVICE_END,
    SERVICE_KEPT,
    SHARED_MATERIALS,
)

MAX_ITEM = 60
_CLAUSES = re.compile(r"[;。!\n\r\t|]+|[,、]?(?=兼营|兼售|同时(?:经营|销售))")
_SEPARATORS = re.compile(r"[、,/]+")
_QUANTITY = re.compile(
    r"^(?:年产|年产能|产能|月产|日产)?(?:约)?\d+(?:\.\d+)?[万千百亿]*(?:吨|套|件|台|只|个|米|平方米|片|支|辆|千瓦|兆瓦|GW|MW)(?:/?年)?"
)
_LABEL = re.compile(
    r"^[^:,、()]{0,14}(?:项目|产品|业务|范围|主营|兼营|主产|许可|一般|能力|配套|系列)(?:包括|为|有|是)?:"
)
_NUMBERED = re.compile(r"^(?:\(?\d{1,2}\)|\d{1,2}[.、](?!\d)|[①-⑳]|[-*•·]+)\s*")
_DEEDS_BEFORE = re.compile(rf"^(?:(?:{DEED})(?:和|与|及|以及|并)?)+")
_DEEDS_BEHIND = re.compile(rf"(?:的)?(?:(?:和|与|及|以及|并)?(?:{DEED}))+(?:业务|活动|业|一体化|为一体|于一体)?$")
_ONE_DEED = re.compile(DEED)
_USED_IN = re.compile(r"^(.{1,7}?用)(?!于|户|品)(?=.)")
_ITS_OWN = re.compile(r"^其(?![他它余])(.+)$")
_ITS = re.compile(r"^(?:其|相关|配套|相关配套|其相关|其配套)(" + PART_WORD + r")$")
_PROCESS = re.compile(r"的(?:铸造|锻造|冲压|焊接|机加工|深加工|精加工)$")
_PARTS_FIRST = re.compile(rf"(?:{PART_WORD})(?=$|的|{DEED})")
_SERIES = re.compile(r"(?:(?:的)?系列(?:产品)?|各系列)$")
_ETC = re.compile(
    r"等(?!离子|温|静压|压|级|径|速|角|高|强|电位|轴|分|值|距|势|效|量|功|通|边|腰|厚|规)(?:系列|相关|配套|多种)?(?:产品|方面|领域)?"
)
_BRACKETED = re.compile(r"\(.*?\)")
_WORD = re.compile(r"[一-龥]|[A-Za-z]{2}")
_ANY_KIND = re.compile(r"^(?:各类|各种|各式|相关|其他|其它|多种)")
_PAIRED = frozenset().union(*PAIRS)
_AND = re.compile(r"(?:以及|和|与|及|或|暨)")


def split_capabilities(text: str) -> tuple[str, ...]:
    """The things made that `text` names, each once, in its order; empty where it names none."""
    found: dict[str, str] = {}
    for clause in _CLAUSES.split(_outside_brackets(_normal(text))):
        for item in _items_of(clause):
            found.setdefault(item.upper(), item)
    return tuple(found.values())


@dataclass(slots=True)
class _Group:
    """Items of one enumeration with the deeds that reach over them."""

    deeds: set[str] = field(default_factory=set)
    items: list[str] = field(default_factory=list)
    closed: bool = False

    def made(self) -> Iterable[str]:
        if self.deeds and not self.deeds & MAKING:
            return ()
        return (tidy for item in _shared(self.items) if (tidy := _tidy(item)) and is_thing(tidy))


def is_thing(item: str) -> bool:
    """Whether `item` names a thing (or a process of manufacture), and neither a service nor nothing in particular."""
    bare = _BRACKETED.sub("", item)
    if len(bare) > MAX_ITEM or (len(bare) < 2 and bare not in ALONE) or bare in GENERIC:
        return False
    if not _WORD.search(bare) or NOT_A_THING.match(bare):
        return False
    return bool(SERVICE_KEPT.search(bare)) or not SERVICE_END.search(bare)


def _items_of(clause: str) -> list[str]:
    clause = _frame(ALL_IN_ONE.sub(r"\2的\1", clause))
    groups: list[_Group] = []
    group = _Group()
    waiting: list[str] = []  # bare deeds whose side is not known yet
    for token in _tokens(clause):
        token = _frame(token)
        deeds = _only_deeds(token)
        if deeds:
            waiting += deeds
            continue
        before, noun = _deeds_before(token)
        noun, behind = _deeds_behind(noun)
        if before or (waiting and not group.items):
            groups.append(group)
            group = _Group({*waiting, *before})
        elif waiting or group.closed:
            group.deeds.update(waiting)
            groups.append(group)
            group = _Group()
        waiting = []
        if noun:
            group.items.append(noun)
        if behind:
            group.deeds.update(behind)
            group.closed = True
    group.deeds.update(waiting)
    return [item for g in (*groups, group) for item in g.made()]


def _normal(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("；", ";").replace("【", "(").replace("】", ")")
    text = re.sub(r"[\u200b-\u200f\u2060\ufeff]", "", text)
    text = re.sub(r"(?<=[^\x00-\x7f])[ \u3000]+|[ \u3000]+(?=[^\x00-\x7f])", " ", text)
    text = re.sub(r" +(?=[(]?\d{1,2}[.、)]\s*[一-龥A-Za-z])", ";", text)
    text = re.sub(r"(?<=[一-龥]) (?=[一-龥])", "、", text)
    return REMARK.sub("", text.replace(" ", "\u00a0"))


# Cut marks inside brackets are hidden while a text is cut at them.
_HIDDEN = {ord(mark): 0xE000 + n for n, mark in enumerate("、,/;。!|\n\r\t和与及或等:兼营售同时")}
_SHOWN = {hidden: chr(mark) for mark, hidden in _HIDDEN.items()}


def _outside_brackets(text: str) -> str:
    """`text` with the cut marks inside its brackets hidden; brackets without a partner go."""
    out: list[str] = []
    opened: list[int] = []
    for c in text.replace("\u00a0", " "):
        if c == "(":
            opened.append(len(out))
        elif c == ")" and not opened:
            continue
        elif c == ")":
            opened.pop()
        out.append(c.translate(_HIDDEN) if opened and c != "(" else c)
    for place in opened:
        out[place] = ""
    return "".join(out).translate(_SHOWN) if opened else "".join(out)


def _frame(text: str) -> str:
    """`text` without labels (主营产品:), numbers, quantities and the sentence around it (我公司专业从事 … 的企业)."""
    before = None
    while text != before:
        before = text
        text = text.strip(" :,、-_.")
        for pattern in (_NUMBERED, _LABEL, INTRO, _QUANTITY):
            text = pattern.sub("", text, count=1)
        text = OUTRO.sub("", text)
    return text


def _tokens(clause: str) -> list[str]:
    """The clause cut at separators, at 等 between a list and its kind, and at 和 与 及 between two nouns."""
    tokens: list[str] = []
    for piece in _SEPARATORS.split(clause):
        for part in _ETC.split(piece) if "等" in piece else (piece,):
            tokens += _at_and(part.strip())
    return [token for token in tokens if token]


def _at_and(piece: str) -> list[str]:
    for match in _AND.finditer(piece):
        left, right = piece[: match.start()], piece[match.end() :]
        if NOT_AND.search(piece[max(0, match.start() - 2) : match.end() + 2]):
            continue
        if left and right and not (len(left) == 1 and left not in SHARED_MATERIALS and left not in ALONE):
            # 液压泵及配件 means the parts of the pump; 泵、配件 means nothing in particular.
            own = "其" if _PARTS_FIRST.match(right.strip()) else ""
            return [left.strip(), *_at_and(own + right.strip())]
    return [piece]


def _only_deeds(token: str) -> list[str]:
    match = _DEEDS_BEHIND.fullmatch(token)
    return _ONE_DEED.findall(token) if match else []


def _deeds_before(token: str) -> tuple[list[str], str]:
    """Deeds in front of a noun. 加工中心 and 检测设备 begin with a deed and are things all the same."""
    match = _DEEDS_BEFORE.match(token)
    while match:
        rest = token[match.end() :].lstrip(": ")
        if rest and not NOT_A_DEED.match(rest):
            return _ONE_DEED.findall(match.group()), rest.removeprefix("各类").removeprefix("各种")
        shorter = match.group()
        cuts = [m.start() for m in _ONE_DEED.finditer(shorter)]
        match = _DEEDS_BEFORE.match(token[: cuts[-1]]) if len(cuts) > 1 else None
    return [], token


def _deeds_behind(token: str) -> tuple[str, list[str]]:
    """Deeds behind a noun. A lone 加工 is part of the name of what is done (机械加工), and stays with it."""
    match = _DEEDS_BEHIND.search(token)
    if match is None or not match.start():
        return token, []
    deeds = _ONE_DEED.findall(match.group())
    if deeds == ["加工"] and not match.group().startswith("的"):
        return token, deeds
    if SERVICE_KEPT.search(token):
        return token, ["生产"]
    return token[: match.start()], deeds


def _shared(items: list[str]) -> list[str]:
    """The items with what they share given to each (rule 4)."""
    spread = list(items)
    for n in range(len(spread) - 2, -1, -1):
        spread[n] = _with_head(spread[n], spread[n + 1])
    for n in range(len(spread) - 1):
        spread[n + 1] = _with_stem(spread[n], spread[n + 1])
    used = None
    for n, item in enumerate(spread):
        if match := _USED_IN.match(item):
            used = match[1]
        elif used and len(item) <= 2:
            spread[n] = used + item
        elif n and (own := _ITS_OWN.match(item)) and not _ITS.match(item):
            spread[n] = spread[n - 1] + own[1]
        elif n and (its := _ITS.match(item)):
            whole = spread[n - 1]
            spread[n] = "" if re.search(rf"(?:{PART_WORD})$", whole) else whole + its[1]
    return spread


def _with_head(item: str, following: str) -> str:
    """高 before 低压开关柜 is 高压开关柜, 汽车 before 摩托车零部件 is 汽车零部件."""
    last, first, rest = item[-1:], following[:1], following[1:]
    if (
        rest
        and last != first
        and last in _PAIRED
        and first in _PAIRED
        and any(last in pair and first in pair for pair in PAIRS)
    ):
        return item + rest
    if len(item) == 1 and rest and last in SHARED_MATERIALS and first in SHARED_MATERIALS:
        return item + rest
    if item in FIELDS:
        other = max((f for f in FIELDS if following.startswith(f)), key=len, default=None)
        if other and len(following) > len(other):
            return item + following[len(other) :]
    return item


def _with_stem(item: str, following: str) -> str:
    """变速箱 after 齿轮减速箱 is 齿轮变速箱: the stem before the paired word is shared too."""
    first = following[:1]
    for pair in PAIRS if first in _PAIRED else ():
        if first not in pair:
            continue
        head = following[1:]
        stem = item.removesuffix(head)
        if head and stem != item and len(stem) > 1 and stem[-1] in pair and stem[-1] != first:
            return stem[:-1] + following
    return following


def _tidy(item: str) -> str:
    item = _SERIES.sub("", _PROCESS.sub("", item.strip(" :,、.-的"))).translate(_SHOWN)
    item = " ".join(_ANY_KIND.sub("", item).split()).strip(" ,、")
    return item if item.count("(") == item.count(")") else re.sub(r"[()]", "", item).strip(" ,、")
