"""Administrative divisions of Jiangsu (行政区划, GB/T 2260): province 2, city 4, county 6 digits.

The table is `divisions_jiangsu.csv` beside this module; where it comes from is said in
`divisions.SOURCE.txt`. It holds development zones that exist in statistics only, as the source does.
"""

import csv
from functools import cache
from importlib.resources import files

PROVINCE = "32"


class UnknownDivision(LookupError):
    """No division of Jiangsu has this code."""

    code = "division.unknown"

    def __init__(self, division: str) -> None:
        super().__init__(f"“{division}” 不是江苏的行政区划代码。请填写 2、4 或 6 位代码, 例如 320583。")


@cache
def table() -> dict[str, str]:
    """Code → name of every division of Jiangsu, in the order of codes."""
    text = files("ingest").joinpath("divisions_jiangsu.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}


def is_valid(division: str) -> bool:
    """Whether `division` is the code of a division of Jiangsu."""
    return division in table()


def city_of(division: str) -> str:
    """The four digits of the city that `division` is or lies in. Raises UnknownDivision."""
    city = division[:4]
    if len(division) < 4 or not is_valid(division):
        raise UnknownDivision(division)
    return city


def name_of(division: str) -> str:
    """The name as an address gives it below the province: "苏州市昆山市". Raises UnknownDivision."""
    names = table()
    if division not in names:
        raise UnknownDivision(division)
    if len(division) == 6:
        return names[division[:4]] + names[division]
    return names[division]
