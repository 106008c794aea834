"""Clusters, chains and links (集群、产业链、环节) from YAML: one document a cluster, or one for several.

Keys: `cluster` (one mapping) or `clusters` (a list): code, name, status, source; `chains`: code, name, status,
source, and `cluster` where there are several; `links`: code, name, chain, layer, and kind, processes,
certificates, tax, classes; `feeds`: pairs of link codes [from, to], or {from, to, loop: true, reason} where an
edge closes a cycle on purpose; `products`: the chains that have a product table. Faults are collected.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from graph.model import LAYERS, Chain, Cluster, Link, Status
from ingest.atlas.yaml_lines import LINE, read_yaml
from ingest.faults import Fault, shown

T = TypeVar("T")
KINDS = ("材料", "零部件", "设备", "总成", "服务")


@dataclass(frozen=True, slots=True)
class Feed:
    """One FEEDS edge (供给关系) as written; `loop` says that it may close a cycle, `reason` why."""

    supplier: str
    buyer: str
    loop: bool
    where: Fault


@dataclass(slots=True)
class Structure:
    """What the files say, before it is checked as a whole. `places` is where each code was defined."""

    clusters: dict[str, Cluster] = field(default_factory=dict)
    chains: dict[str, Chain] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    feeds: list[Feed] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    places: dict[str, Fault] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_structure(path: Path, into: Structure) -> None:
    """Adds what the file says to `into`. Raises RefusedFile only where the file is no YAML at all."""
    for document in read_yaml(path):
        _Reader(path.name, into).read(document)


@dataclass(slots=True)
class _Reader:
    file: str
    into: Structure

    def read(self, document: Any) -> None:
        if not isinstance(document, dict):
            self._refuse("atlas.not_a_mapping", "最外层应为 cluster、chains、links、feeds 等键。", value=document)
            return
        clusters = [document["cluster"]] if "cluster" in document else document.get("clusters")
        own = list(self._all(clusters, "clusters", self.into.clusters, self._cluster))
        only = own[0].code if len(own) == 1 else ""
        list(self._all(document.get("chains"), "chains", self.into.chains, lambda e: self._chain(e, only)))
        list(self._all(document.get("links"), "links", self.into.links, self._link))
        for entry in self._list(document.get("feeds"), "feeds"):
            self._feed(entry)
        self.into.tables += [str(name) for name in self._list(document.get("products"), "products")]

    def _cluster(self, entry: dict[str, Any]) -> Cluster:
        status, source = self._status(entry), entry.get("source")
        return Cluster(self._text(entry, "code"), self._text(entry, "name"), status, str(source or ""))

    def _chain(self, entry: dict[str, Any], only: str) -> Chain:
        cluster = str(entry.get("cluster") or only)
        code, name, source = (self._text(entry, key) for key in ("code", "name", "source"))
        return Chain(code, name, cluster, self._status(entry), source)

    def _link(self, entry: dict[str, Any]) -> Link:
        code, name, chain = (self._text(entry, key) for key in ("code", "name", "chain"))
        kind = str(entry.get("kind") or "")
        if kind and kind not in KINDS:
            message = f"“{shown(kind)}”不是环节类别。请填写{'、'.join(KINDS)}。"
            self._refuse("atlas.kind_unknown", message, "kind", kind, entry[LINE])
        layer = self._text(entry, "layer")
        if layer and layer not in LAYERS:
            message = f"“{shown(layer)}”不是层级。请填写{'、'.join(LAYERS)}。"
            self._refuse("atlas.layer_unknown", message, "layer", layer, entry[LINE])
        words = (self._words(entry, key) for key in ("processes", "certificates", "tax", "classes"))
        processes, certificates, tax, classes = words
        return Link(code, name, chain, layer, (), kind, processes, certificates, tax, classes)

    def _feed(self, entry: Any) -> None:
        if isinstance(entry, list) and len(entry) == 2 and all(isinstance(code, str) for code in entry):
            self.into.feeds.append(Feed(entry[0], entry[1], False, self._place("feeds", entry, None)))
            return
        if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in ("from", "to")):
            self._refuse("atlas.feeds_not_a_pair", "供给关系应写成 [供方环节, 需方环节]。", "feeds", entry)
            return
        loop = bool(entry.get("loop"))
        if loop and not str(entry.get("reason") or "").strip():
            self._refuse("atlas.loop_unexplained", "成环的供给要写明 reason(为什么成环)。", "feeds", entry, entry[LINE])
        where = self._place("feeds", [entry["from"], entry["to"]], entry[LINE])
        self.into.feeds.append(Feed(entry["from"], entry["to"], loop, where))

    def _all(self, entries: Any, key: str, known: dict[str, T], made: Callable[[dict[str, Any]], T]) -> Iterator[T]:
        for entry in self._list(entries, key):
            if not isinstance(entry, dict):
                self._refuse("atlas.not_a_list", f"{key} 的每一项应有 code 和 name。", key, entry)
                continue
            item, code = made(entry), str(entry.get("code"))
            if code in known:
                message = f"代码“{shown(code)}”用了两次。请改为不同的代码。"
                self._refuse("atlas.code_twice", message, f"{key}.code", code, entry[LINE])
            known[code] = item
            self.into.places[code] = self._place(f"{key}.code", code, entry[LINE])
            yield item

    def _list(self, entries: Any, key: str) -> list[Any]:
        if entries is None:
            return []
        if not isinstance(entries, list):
            self._refuse("atlas.not_a_list", f"{key} 应为列表。", key, entries)
            return []
        return entries

    def _words(self, entry: dict[str, Any], key: str) -> tuple[str, ...]:
        values = self._list(entry.get(key), key)
        if not all(isinstance(value, str) for value in values):
            self._refuse("atlas.not_words", f"{key} 应为文字列表(代码要加引号)。", key, values, entry[LINE])
        return tuple(str(value).strip() for value in values)

    def _text(self, entry: dict[str, Any], key: str) -> str:
        value = entry.get(key)
        if not isinstance(value, str) or not value.strip():
            self._refuse("atlas.field_missing", "没有填写文字。请补上(纯数字要加引号)。", key, value, entry[LINE])
            return ""
        return value.strip()

    def _status(self, entry: dict[str, Any]) -> Status:
        try:
            return Status(str(entry.get("status")))
        except ValueError:
            message = f"“{shown(entry.get('status'))}”不是状态。请填写{'、'.join(Status)}。"
            self._refuse("atlas.status_unknown", message, "status", entry.get("status"), entry[LINE])
            return Status.WORKING

    def _place(self, column: str, value: Any, row: int | None) -> Fault:
        return Fault(self.file, "", "", row=row, column=column, value=shown(value))

    def _refuse(
        self, code: str, message: str, column: str | None = None, value: Any = None, row: int | None = None
    ) -> None:
        text = None if value is None else shown(value)
        self.into.faults.append(Fault(self.file, code, message, row=row, column=column, value=text))
