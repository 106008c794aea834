"""Chains by the names that lists give them (产业链名称): 工程机械产业链, 工程机械链 and 工程机械 are one."""

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.model import ChainRole

ROLE_NAMES = {ChainRole.LEAD: "链主企业", ChainRole.MEMBER: "成员企业"}
_SUFFIX = re.compile(r"(?:重点|标志性|优势)?(?:产业链条?|产业链群|链条|产业集群|产业|链)$")
_LEAD = re.compile(r"链主|领航|龙头|牵头|主导企业|领军|^是$")
_MEMBER = re.compile(r"成员|配套|骨干|链上|上下游|关键|重点|节点|一般|其他|^否$")


@dataclass(frozen=True)
class ChainNames:
    """Codes of chains by name. `names` is the name of each chain by code."""

    names: Mapping[str, str]
    _codes: dict[str, str] = field(init=False, default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for code, name in sorted(self.names.items()):
            self._codes.setdefault(_plain(name), code)
            self._codes.setdefault(code.lower(), code)

    def code(self, name: str) -> str | None:
        """The code of the chain called `name`, or of that code; None where there is none."""
        return self._codes.get(_plain(name)) or self._codes.get(name.strip().lower())

    def hint(self, name: str) -> str:
        """The chain that `name` may mean, as a message says it; empty where none is near."""
        near = difflib.get_close_matches(_plain(name), self._codes, n=1, cutoff=0.5)
        return f"(是否为“{self.names[self._codes[near[0]]]}”?)" if near else ""


def role_in(text: str | None) -> ChainRole | None:
    """What a firm is to a chain by the words of a list; None where they do not say."""
    if text is None:
        return None
    if _LEAD.search(text):
        return ChainRole.LEAD
    return ChainRole.MEMBER if _MEMBER.search(text) else None


def _plain(name: str) -> str:
    text = re.sub(r"[\s()（）“”\"'·、]+", "", unicodedata.normalize("NFKC", name)).lower()
    return _SUFFIX.sub("", text) or text
