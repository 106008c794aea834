"""The industry of a firm by GB/T 4754-2017 (国民经济行业分类): a code or a name, checked, flagged, kept."""

import re
from functools import cache

from ingest.atlas.codes import code_names
from ingest.kinds.row import RowReader

_SCHEME = "gb4754:"
_CODE = re.compile(r"(?<![A-Za-z\d])([A-T]?)(\d{2,4})(?!\d)")


def industry_of(row: RowReader) -> tuple[str | None, tuple[str, ...]]:
    """The industry as a name, and the classes that the field names (C3453); what is unknown is flagged and kept."""
    text = row.text("industry", 120)
    if text is None:
        return None, ()
    codes = []
    for section, digits in _CODE.findall(text.upper()):
        known = _by_digits().get(digits)
        if known is None or (section and not known.startswith(section)):
            row.flag("industry", "class.unknown", f"GB/T 4754-2017 没有代码 {section}{digits}, 原样保留。请核对。")
            codes.append(section + digits)
        else:
            codes.append(known)
    words = _CODE.sub("", text.upper()).strip(" -_:：/()（）.、，,") and re.sub(r"[A-T]?\d{2,4}", "", text).strip(
        " -_:：/()（）.、，,"
    )
    if words and (by_name := _by_name().get(_plain(words))) and by_name not in codes:
        codes.append(by_name)
    names = code_names()
    name = words or next((names[_SCHEME + code] for code in codes if _SCHEME + code in names), None)
    return name, tuple(sorted(set(codes)))


@cache
def _by_digits() -> dict[str, str]:
    codes = (code.removeprefix(_SCHEME) for code in code_names() if code.startswith(_SCHEME))
    return {code[1:]: code for code in codes if len(code) > 1}


@cache
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    # The closest class is taken where a group and its only class share one name.
    for code, name in sorted(code_names().items(), key=lambda pair: -len(pair[0])):
        if code.startswith(_SCHEME):
            found.setdefault(_plain(name), code.removeprefix(_SCHEME))
    return found


def _plain(name: str) -> str:
    return re.sub(r"\s+", "", name).removesuffix("业")
