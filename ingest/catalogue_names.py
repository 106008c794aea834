"""Names of catalogue entries, freed of what a PDF table put into them (品目名称清理).

In the published PDF the columns 品目名称 and 说明 stand side by side, and lines of the second ended up behind the
first: 多用途货车 皮卡车归入此类。 A name has no inner space, so the name is what stands before it.
"""

import re
from dataclasses import dataclass

_STRAY_START = re.compile(r"^(?:[—–-]{1,2}|包括|不包括|指(?!接)|以及|及|和(?!解)|与|或)")
_STRAY = re.compile(r"[。；:：]|，(?!相关|动、)|等$|、$|归入|除外|入此|的$")


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry as its file has it; `cells` as a report shows them again."""

    code: str
    name: str
    parent: str | None
    description: str | None
    keywords: tuple[str, ...]
    row: int
    cells: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class CleanName:
    """A name without stray pieces, the description as it was, and whether the name itself is in doubt."""

    name: str
    description: str | None
    doubt: bool


def cleaned(entry: RawEntry) -> CleanName:
    """The entry's name; a stray piece behind it is dropped, for the description has it where it is whole."""
    first, *rest = entry.name.split()
    # A lone character is a piece of the name: 生产装 置, broken by a line end, or 医用 X 线诊断设备.
    while rest and (len(rest[0]) == 1 or first[-1:].isascii()):
        first += rest.pop(0)
    doubt = bool(_STRAY_START.match(first) or _STRAY.search(first))
    return CleanName(first, entry.description or None, doubt)
