"""The parts of a firm's name (企业名称的组成): place, brand, trade, form, as the rules for names require them.

Source of the order 行政区划 + 字号 + 行业 + 组织形式: 企业名称登记管理规定 (State Council Order 734, 2020), article 6.
The brand comes first of brand and trade, and two firms of one registry may not share both unless one holds
shares of the other (article 17); so place, brand and trade say who a firm is, and the form hardly does.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from ingest.divisions import PROVINCE, nation
from ingest.gazetteer import county_of_zone, divisions_by_name, short_name, zone_kinds
from ingest.hanzi import alike, simplified
from ingest.trades import brand_length

# The forms, longest first; a slip is looked for in the first four, one of which nearly every firm has.
_COMPANIES = ("股份有限公司", "有限责任公司", "有限公司", "股份公司")
_FORMS = (
    "公司", "股份合作社", "专业合作社", "合作社", "合伙企业", "总厂", "工厂", "厂", "研究院", "研究所", "设计院",
    "事务所", "经营部", "工作室", "商行", "中心", "医院", "大学", "学院",
)  # fmt: skip
_BRACKETS = str.maketrans("〔〕[]【】{}<>〈〉《》「」", "()()()()()()()()")
_DROPPED = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad·•.,，。、\-_—'\"“”‘’`*★☆●◆#:：;；!！?？/\\|]+")
# A number or a heading that a list puts before the name.
_NUMBERED = re.compile(
    r"^(?:\W*\d{1,5}\s*[)、.,:]\s*|\W*(?:(?:企业|公司|单位|供应商|厂家)?(?:名称|全称)|单位|供应商|厂家):\s*)+"
)
_REMARK = re.compile(r"\((?:盖章|公章|章|签章|筹|本级|本部|总部|加盖公章|有限合伙|普通合伙|上市公司?|简称.*?)\)")
_COMPANY = r"[^()]*?(?:公司|厂|集团|研究[院所]|中心|合作社)"
_FORMER = re.compile(rf"\((?:(?:原公司名称?|原名称?|曾用名称?|前身|更名前)[为是]?|原(?={_COMPANY}))")
_PRESENT = re.compile(r"\((?:现已更名|已更名|更名|现更名|变更|现用名|现名称?|现)[为是]?")
_BARE = re.compile(r"(?<=公司)((?:原名|曾用名|现更名为|现名)[^()]{6,})$")
_BRANCH = re.compile(
    r"^(.+?(?:公司|厂|集团))\(?((?:[^()]+?)(?:分公司|分厂|办事处|分部|事业部|营业部|分行|支行|研究院|研究所|工厂|项目部|经营部|门市部|分店|子公司))\)?$"
)
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_GROUP = "集团"
_SHORTEST = 2
_LONGEST_PLACE = 11
_OUTSIDE = {"71": "台湾", "81": "香港", "82": "澳门"}


@dataclass(frozen=True, slots=True)
class NameParts:
    """A firm's name taken apart. All parts are simplified, half-width and without spaces.

    `place` is the shortest name of the place in the name ("" where it shows none) and `division` its code; `form`
    is the legal form ("" where cut off); `branch` what stands behind the form (苏州分公司); `group` says that it is
    a 集团; `former` are the names it had, whole.
    """

    place: str
    division: str
    core: str
    trade: str
    form: str
    group: bool
    branch: str
    former: tuple[str, ...]

    @property
    def key(self) -> str:
        """Brand and trade, by which a registry tells its firms apart."""
        return self.core + self.trade

    @property
    def whole(self) -> str:
        """Place, brand and trade."""
        return self.place + self.core + self.trade


def clean_name(name: str) -> str:
    """One spelling of all that only looks different: NFKC, simplified, capitals, round brackets, no punctuation."""
    text = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    text = _NUMBERED.sub("", text)
    return simplified(_DROPPED.sub("", text).upper())


def spelt(name: str) -> NameParts:
    """The parts of a firm's name as a file writes it, with numbering, remarks and former names taken out."""
    text = _REMARK.sub("", _BARE.sub(r"(\1)", clean_name(name)))
    former: list[str] = []
    present, text = _taken_out(text, _PRESENT)
    if present:
        former, text = [text], present
    earlier, text = _taken_out(text, _FORMER)
    former += [earlier] if earlier else []
    branch = ""
    if found := _BRANCH.match(text):
        text, branch = found[1], found[2]
    text, form = _cut_form(text)
    text, inside = _cut_brackets(text)
    group = _is_group(text[-2:]) or any(map(_is_group, inside))
    text = text[:-2] if _is_group(text[-2:]) else text
    division, place, text = _cut_place(text, [word for word in inside if not _is_group(word)])
    brand = brand_length(text)
    return NameParts(place, division, text[:brand], text[brand:], form, group, branch, tuple(former))


def _taken_out(text: str, opening: re.Pattern[str]) -> tuple[str, str]:
    """What stands in the bracket that `opening` begins, up to its own closing bracket, and the text without it."""
    found = opening.search(text)
    if found is None:
        return "", text
    depth, end = 1, found.end()
    while end < len(text) and depth:
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        end += 1
    inside = text[found.end() : end - 1 if depth == 0 else end]
    return inside, text[: found.start()] + text[end:]


def _cut_form(text: str) -> tuple[str, str]:
    """The name without its legal form, and the form; one slip in the common forms is read over."""
    for form in _COMPANIES:
        if length := _length_of_form(text, form):
            rest = text[:-length]
            # 科技股股份有限公司 is a slip, 控股股份有限公司 is not.
            doubled = len(rest) > _SHORTEST and rest.endswith(form[0]) and not rest.endswith(("控股", "国有"))
            return rest[:-1] if doubled else rest, form
    form = next((form for form in _FORMS if text.endswith(form) and len(text) > len(form)), "")
    return text.removesuffix(form), form


def _length_of_form(text: str, form: str) -> int:
    """How many characters at the end of `text` are `form`, with one slip at most; 0 where they are not."""
    if len(text) > len(form) and text.endswith(form):
        return len(form)
    if len(text) > len(form):
        written = text[-len(form) :]
        changed = [(one, other) for one, other in zip(written, form, strict=True) if one != other]
        turned = len(changed) == 2 and changed[0] == changed[1][::-1]
        # The first character may be the last of the trade, with one of the form left out: 新材料份有限公司.
        if turned or (len(changed) == 1 and (written[0] == form[0] or alike(*changed[0]))):
            return len(form)
    # The longer first: of 股份份有限公司 the shorter would leave 股份 to the name.
    lengths = (n for n in (len(form) + 1, len(form) - 1) if n < len(text))
    return next((n for n in lengths if OSA.distance(text[-n:], form) == 1), 0)


def _cut_brackets(text: str) -> tuple[str, list[str]]:
    """The name without 集团 and places in brackets, and those; other bracketed words stay where they are."""
    inside = [word for word in _IN_BRACKETS.findall(text) if _is_group(word) or _meaning(word, "")]
    for word in inside:
        text = text.replace(f"({word})", "", 1)
    return text.replace("(", "").replace(")", ""), inside


def _is_group(word: str) -> bool:
    """Whether the word is 集团, one of its characters misread at most."""
    wrong = [(one, other) for one, other in zip(word, _GROUP, strict=False) if one != other]
    return len(word) == len(_GROUP) and (not wrong or (len(wrong) == 1 and alike(*wrong[0])))


def _cut_place(text: str, bracketed: list[str]) -> tuple[str, str, str]:
    """Code and short name of the place in front, in brackets or at the end, and the text without it.

    A second place makes another firm (苏州某某(南京)有限公司), so it stays behind the trade.
    """
    division, at = _place_in_front(text)
    text = text[at:]
    if not division and not bracketed:
        for length in (3, 2):
            if len(text) - length >= 2 * _SHORTEST and _meaning(text[-length:], ""):
                text, bracketed = text[:-length], [text[-length:]]
                break
    for word in bracketed:
        code = _meaning(word, "")
        if not division:
            division = code
        elif code != division:
            text += word
    return division, _OUTSIDE.get(division) or (short_name(nation()[division]) if division else ""), text


def _place_in_front(text: str) -> tuple[str, int]:
    """The code of the place that a name begins with, and how many characters it takes; two are left to the brand."""
    division, at = "", 0
    while True:
        ends = range(min(len(text) - _SHORTEST, at + _LONGEST_PLACE), at + 1, -1)
        step = next(((code, end) for end in ends if (code := _meaning(text[at:end], division))), None)
        if step is None:
            return division, at
        division, at = step


@lru_cache(maxsize=50_000)
def _meaning(word: str, scope: str) -> str:
    """The code that `word` stands for inside `scope` in a firm's name, "" where it is no place there.

    Short names of counties outside Jiangsu are left to the brand (东方, 平安, 长安).
    """
    if not scope and word in _OUTSIDE.values():
        return next(code for code, name in _OUTSIDE.items() if name == word)
    if (kind := zone_kinds().get(word)) and len(scope) >= 4:
        return county_of_zone().get((scope[:4], kind), scope)
    codes = {
        p.code
        for p in divisions_by_name().get(word, ())
        if p.code.startswith(scope)
        and len(p.code) > len(scope)
        and (p.code.startswith(PROVINCE) or len(p.code) < 6 or (p.whole and len(word) > 2))
    }
    shortest = [code for code in codes if len(code) == min(map(len, codes))]
    return shortest[0] if len(shortest) == 1 else ""
