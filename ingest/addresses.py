"""Where an address lies (地址定位): the smallest division that its own words show for certain.

The address is read from the front, the longest name first, each name inside the place that was read before
it, so that 上海路 in 南京 is a road and 鼓楼区 behind 徐州 is that of 徐州. What could be several places is the
smallest division that holds them all.

ADR: a bare name that the home province has is taken as the home province's (通州区 is 南通's, not 北京's):
these are files of Jiangsu's offices, which leave the province out. A caller with files from elsewhere passes
`home=""`, and then such a name says nothing.
"""

import re
import unicodedata
from dataclasses import dataclass

from ingest.divisions import PROVINCE, common_ancestor, is_valid, nation, short_code
from ingest.gazetteer import (
    Place,
    counties_by_street,
    county_of_zone,
    divisions_by_name,
    longest_name,
    zone_kinds,
)

_LEAD = re.compile(
    r"^(?:(?:注册|经营|生产|办公|联系|通讯|企业|单位|工厂|公司)?(?:地址|住所|所在地)[:：]?|中国|邮编[:：]?|\d{6}(?=\D)|[(（]|[:：,，])+"
)
# Behind a short name these make it the name of something else: 昆山路, 江阴大道, 东海新村.
_ROAD = re.compile(
    r"^[东南西北中]{0,2}(?:[一二三四五六七八九十]{0,2})(?:路|街|大道|大街|道|巷|弄|桥|里|村|新村|花园|大厦|广场|山庄|公园|火车站)"
)
_BREAKS = re.compile(r"[\s\u200b-\u200f\ufeff]+")


@dataclass(frozen=True, slots=True)
class Located:
    """The division (2, 4 or 6 digits) and the word of the address that decided it."""

    division: str
    matched: str


@dataclass(frozen=True, slots=True)
class _Hit:
    code: str
    end: int
    last: bool = False


def locate(address_or_place: str, *, home: str = PROVINCE) -> Located | None:
    """The division that an address, the name of a place, or a padded division code lies in; None where none is sure.

    `home` is the province that a name without one is looked for in first.
    """
    text = _BREAKS.sub("", unicodedata.normalize("NFKC", address_or_place))
    if re.fullmatch(r"[1-9]\d{1,5}", text):
        code = short_code(text)
        return Located(code, text) if is_valid(code) else None
    text = _LEAD.sub("", text)
    scope, word = "", ""
    at = edge = 0
    while at < len(text) and len(scope) < 6:
        hit = _read(text, at, scope, home, adjacent=at == edge)
        if hit is None:
            at += 1
            continue
        if hit.code != scope:
            scope, word = hit.code, text[at : hit.end]
        if hit.last:
            break
        at = edge = hit.end
    return Located(scope, word) if scope else None


def _read(text: str, at: int, scope: str, home: str, *, adjacent: bool) -> _Hit | None:
    """The longest name that starts at `at` and means something inside `scope`."""
    for end in range(min(len(text), at + longest_name()), at + 1, -1):
        word, rest = text[at:end], text[end:]
        hit = (
            _division(word, rest, end, scope, home, adjacent=adjacent)
            or (_zone(word, end, scope) if adjacent else None)
            or _street(word, end, scope)
        )
        if hit:
            return hit
    return None


def _division(word: str, rest: str, end: int, scope: str, home: str, *, adjacent: bool) -> _Hit | None:
    places = divisions_by_name().get(word, ())
    # In the middle of an address only a name that is a place by itself counts, and 东区 is not one.
    if not adjacent:
        places = tuple(p for p in places if p.whole and len(word) > 2)
    elif _ROAD.match(rest):
        places = tuple(p for p in places if p.whole)
    inside = {p.code for p in places if p.code.startswith(scope) and (scope or _stands_alone(p, home))}
    if not scope and home and (at_home := {code for code in inside if code.startswith(home)}):
        inside = at_home
    if code := common_ancestor(inside):
        return _Hit(code, end)
    whole = {p.code for p in places if p.whole}
    # 徐州市东海县: the county is another city's, so one of the two is wrong and only what holds both is sure.
    beside = {code for code in whole if len(scope) == 4 and code.startswith(scope[:2]) and len(code) == 6}
    if adjacent and beside:
        return _Hit(common_ancestor(beside | {scope}), end, last=True)
    # 朝阳区 of several provinces says nothing, and must not be read as the city of 朝阳 with a 区 behind it.
    return _Hit(scope, end) if whole else None


def _stands_alone(place: Place, home: str) -> bool:
    """Whether a name without a place before it can be meant: short names of counties elsewhere are words as well."""
    if place.whole or len(place.code) < 6:
        return True
    return (bool(home) and place.code.startswith(home)) or nation()[place.code].endswith("市")


def _zone(word: str, end: int, scope: str) -> _Hit | None:
    kind = zone_kinds().get(word)
    if kind is None or len(scope) < 4:
        return None
    return _Hit(county_of_zone().get((scope, kind), scope), end)


def _street(word: str, end: int, scope: str) -> _Hit | None:
    counties = {code for code in counties_by_street().get(word, ()) if scope and code.startswith(scope)}
    code = common_ancestor(counties)
    return _Hit(code, end) if len(code) > len(scope) else None
