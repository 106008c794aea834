"""Clusters, chains and links (集群、产业链、环节) from YAML: one document a cluster, or one for several.

Keys: `cluster` (one mapping) or `clusters` (a list): code, name, status; `chains`: code, name, status,
source, and `cluster` where there are several; `links`: code, name, chain, layer; `feeds`: pairs of link
codes [from, to]. Other keys are left to later readers. Every fault of the file is told at once.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from graph.model import Chain, Cluster, Link, Status
from ingest.faults import Fault, RefusedFile, shown, size_fault

LAYERS = ("上游", "中游", "下游")
_MAX_BYTES = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Atlas:
    """The map of the industry as one file draws it, each list ordered by code."""

    clusters: tuple[Cluster, ...]
    chains: tuple[Chain, ...]
    links: tuple[Link, ...]


def read_chains(path: Path) -> Atlas:
    """The clusters, chains and links of the file. Raises RefusedFile with every fault at once."""
    if fault := size_fault(path, _MAX_BYTES):
        raise RefusedFile([fault])
    try:
        documents = [d for d in yaml.safe_load_all(path.read_text(encoding="utf-8")) if d is not None]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        raise RefusedFile(
            [Fault(path.name, "chains.not_yaml", "不是有效的 YAML。请检查缩进和冒号。", row=row)]
        ) from None
    reader = _Reader(path.name)
    for document in documents:
        reader.read(document)
    reader.check_feeds()
    if not reader.chains and not reader.faults:
        reader.refuse("chains.empty", "没有产业链。请至少写一条。", "chains")
    if reader.faults:
        raise RefusedFile(reader.faults)
    return Atlas(
        tuple(sorted(reader.clusters.values(), key=lambda c: c.code)),
        tuple(sorted(reader.chains.values(), key=lambda c: c.code)),
        tuple(reader.link(code) for code in sorted(reader.links)),
    )


@dataclass(slots=True)
class _Reader:
    file: str
    clusters: dict[str, Cluster] = field(default_factory=dict)
    chains: dict[str, Chain] = field(default_factory=dict)
    links: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    feeds: dict[str, dict[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def read(self, document: Any) -> None:
        if not isinstance(document, dict):
            self.refuse("chains.not_a_mapping", "最外层应为 cluster、chains、links、feeds 等键。", value=document)
            return
        clusters = [document["cluster"]] if "cluster" in document else document.get("clusters")
        own: list[str] = []
        for where, entry in self._entries(clusters, "clusters"):
            code, name, status = (
                self._code(entry, where, self.clusters),
                self._text(entry, where, "name"),
                Status.WORKING,
            )
            own.append(code)
            self.clusters[code] = Cluster(code, name, self._status(entry, where) or status)
        for where, entry in self._entries(document.get("chains"), "chains"):
            code, name = self._code(entry, where, self.chains), self._text(entry, where, "name")
            cluster = entry.get("cluster") or (own[0] if len(own) == 1 else "")
            if cluster not in self.clusters:
                self.refuse(
                    "chains.cluster_unknown", f"集群“{shown(cluster)}”没有定义。请先写出它。", f"{where}.cluster"
                )
            source = self._text(entry, where, "source")
            self.chains[code] = Chain(code, name, str(cluster), self._status(entry, where) or Status.WORKING, source)
        for where, entry in self._entries(document.get("links"), "links"):
            code, name = self._code(entry, where, self.links), self._text(entry, where, "name")
            chain, layer = self._text(entry, where, "chain"), self._text(entry, where, "layer")
            if chain not in self.chains:
                self.refuse("chains.chain_unknown", f"产业链“{chain}”没有定义。请先写出它。", f"{where}.chain")
            if layer not in LAYERS:
                self.refuse("chains.layer_unknown", f"“{layer}”不是层级。请填写{'、'.join(LAYERS)}。", f"{where}.layer")
            self.links[code] = (name, chain, layer)
        self._read_feeds(document.get("feeds"))

    def check_feeds(self) -> None:
        """Both ends of every edge must be links of the file, wherever in it they stand."""
        for start, ends in self.feeds.items():
            for end, where in ends.items():
                for code in (start, end):
                    if code not in self.links:
                        self.refuse("chains.link_unknown", f"环节“{code}”没有定义。请先写出它。", where)
                if start == end:
                    self.refuse("chains.feeds_itself", f"环节“{start}”供给了自己。请改正。", where)

    def link(self, code: str) -> Link:
        name, chain, layer = self.links[code]
        return Link(code, name, chain, layer, tuple(sorted(self.feeds.get(code, {}))))

    def refuse(self, code: str, message: str, column: str | None = None, value: Any = None) -> None:
        self.faults.append(
            Fault(self.file, code, message, column=column, value=None if value is None else shown(value))
        )

    def _read_feeds(self, feeds: Any) -> None:
        for number, pair in enumerate(feeds or [] if isinstance(feeds, list | None) else [feeds], start=1):
            where = f"feeds[{number}]"
            if isinstance(pair, list) and len(pair) == 2 and all(isinstance(code, str) for code in pair):
                self.feeds.setdefault(pair[0], {})[pair[1]] = where
            else:
                self.refuse("chains.feeds_not_a_pair", "供给关系应写成 [供方环节, 需方环节]。", where, pair)

    def _entries(self, entries: Any, key: str) -> list[tuple[str, dict[str, Any]]]:
        if entries is None:
            return []
        if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            self.refuse("chains.not_a_list", f"{key} 应为列表, 每项有 code 和 name。", key, entries)
            return []
        return [(f"{key}[{number}]", entry) for number, entry in enumerate(entries, start=1)]

    def _code(self, entry: dict[str, Any], where: str, known: dict[str, Any]) -> str:
        code = self._text(entry, where, "code")
        if code in known:
            self.refuse("chains.code_twice", f"代码“{code}”用了两次。请改为不同的代码。", f"{where}.code", code)
        return code

    def _text(self, entry: dict[str, Any], where: str, key: str) -> str:
        value = entry.get(key)
        if not isinstance(value, str) or not value.strip():
            self.refuse("chains.field_missing", "没有填写文字。请补上(纯数字要加引号)。", f"{where}.{key}", value)
            return ""
        return value.strip()

    def _status(self, entry: dict[str, Any], where: str) -> Status | None:
        try:
            return Status(str(entry.get("status")))
        except ValueError:
            message = f"“{shown(entry.get('status'))}”不是状态。请填写{'、'.join(Status)}。"
            self.refuse("chains.status_unknown", message, f"{where}.status")
            return None
