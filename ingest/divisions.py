"""Administrative divisions (行政区划, GB/T 2260): province 2, city 4, county 6 digits.

The table is `divisions_china.csv` beside this module; where it comes from is said in
`divisions.SOURCE.txt`. It holds development zones that exist in statistics only, as the source does.
"""

import csv
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

PROVINCE = "32"
# What the table calls a level that is not there: the districts of a municipality, counties without a city.
NO_NAME = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


class UnknownDivision(LookupError):
    """No division has this code."""

    code = "division.unknown"

    def __init__(self, division: str) -> None:
        super().__init__(f"“{division}” 不是行政区划代码。请填写 2、4 或 6 位代码, 例如 320583。")


def rows_of(file_name: str) -> Iterator[dict[str, str]]:
    """The rows of one of the tables that ship beside this module."""
    text = files("ingest").joinpath(file_name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


@cache
def nation() -> dict[str, str]:
    """Code → name of every division of the country, in the order of codes."""
    return {row["code"]: row["name"] for row in sorted(rows_of("divisions_china.csv"), key=lambda row: row["code"])}


@cache
def table() -> dict[str, str]:
    """Code → name of every division of Jiangsu, in the order of codes."""
    return {code: name for code, name in nation().items() if code.startswith(PROVINCE)}


def is_valid(division: str) -> bool:
    """Whether `division` is the code of a division of the country."""
    return division in nation()


def short_code(digits: str) -> str:
    """The code without the zeros that pad a province or a city to six digits: "320500" → "3205"."""
    code = digits
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def city_of(division: str) -> str:
    """The four digits of the city that `division` is or lies in. Raises UnknownDivision."""
    city = division[:4]
    if len(division) < 4 or not is_valid(division):
        raise UnknownDivision(division)
    return city


def name_of(division: str) -> str:
    """The name as an address gives it: "苏州市昆山市", but "浙江省杭州市" elsewhere. Raises UnknownDivision."""
    names = nation()
    if division not in names:
        raise UnknownDivision(division)
    levels = [division[:length] for length in (2, 4, 6) if length <= len(division)]
    if division.startswith(PROVINCE) and len(levels) > 1:
        levels = levels[1:]
    return "".join(names[level] for level in levels if names[level] not in NO_NAME)


def common_ancestor(codes: Iterable[str]) -> str:
    """The smallest division that holds all of `codes`, "" where they are of several provinces or there are none."""
    found = set(codes)
    shortest = min(map(len, found), default=0)
    for length in range(shortest, 0, -2):
        heads = {code[:length] for code in found}
        if len(heads) == 1:
            return heads.pop()
    return ""
