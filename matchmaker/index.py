"""The supplier index (供给索引): one vector per capability, as snapshots on disk.

A snapshot is a folder named by its version, written beside and made current by renaming one small file, so that a
reader sees the old one or the new one and never half of one. The one before stays for readers that have just looked.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from matchmaker.encoder import Encoder, Progress, Vectors
from matchmaker.errors import IndexSnapshotError

_CURRENT = "CURRENT"
_BLOCK = 256


@dataclass(frozen=True, slots=True, order=True)
class Offer:
    """One thing that one supplier can make; `text` is what the matcher reads."""

    supplier_id: str
    id: str
    text: str


class SupplierIndex(Protocol):
    """Offers in a fixed order (supplier, then offer) with their vectors, searchable exactly."""

    version: str
    offers: tuple[Offer, ...]
    vectors: Vectors

    def search(self, queries: Vectors, top: int) -> tuple[npt.NDArray[np.int64], Vectors]:
        """Rows of the nearest offers and their cosines, both [queries, min(top, offers)], best first."""
        ...


class SnapshotIndex:
    """The index in this process over the memory-mapped vectors of the current snapshot in `folder`."""

    def __init__(self, version: str, offers: tuple[Offer, ...], vectors: Vectors) -> None:
        self.version = version
        self.offers = offers
        self.vectors = vectors

    @classmethod
    def build(
        cls, offers: Sequence[Offer], encoder: Encoder, folder: Path, progress: Progress | None = None
    ) -> "SnapshotIndex":
        """Make the snapshot of these offers current and open it; encodes only texts the old one does not hold."""
        ordered = tuple(sorted(offers))
        _refuse_doubles(ordered)
        version = _version_of(ordered, encoder)
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "build.lock"):
            old = _current(folder)
            if old is not None and old.version == version:
                return old
            vectors = _vectors_of(ordered, encoder, old if _same_encoder(folder, encoder) else None, progress)
            _write(folder, version, ordered, vectors, encoder)
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> "SnapshotIndex":
        """The current snapshot. Raises IndexSnapshotError when there is none that is whole."""
        for _ in range(3):  # a build may have removed the folder between our two looks
            found = _current(folder)
            if found is not None:
                return found
        raise IndexSnapshotError(
            "index.snapshot.missing", f"{folder} 中没有完整的供给索引。请重新建立索引(导入企业后运行匹配即可)。"
        )

    def search(self, queries: Vectors, top: int) -> tuple[npt.NDArray[np.int64], Vectors]:
        """Exact, in blocks of queries; equal cosines come in the order of the offers."""
        k = min(top, len(self.offers))
        rows = np.zeros((len(queries), k), np.int64)
        cosines = np.zeros((len(queries), k), np.float32)
        for start in range(0, len(queries), _BLOCK):
            part = slice(start, start + _BLOCK)
            block = queries[part] @ self.vectors.T
            rows[part] = np.argsort(-block, axis=1, kind="stable")[:, :k]
            cosines[part] = np.take_along_axis(block, rows[part], axis=1)
        return rows, cosines


def _refuse_doubles(ordered: Sequence[Offer]) -> None:
    seen: set[str] = set()
    for offer in ordered:
        if offer.id in seen:
            raise IndexSnapshotError("index.offer.double", f"供给编号 {offer.id} 出现两次。请去掉重复的一条后重试。")
        seen.add(offer.id)


def _version_of(ordered: Sequence[Offer], encoder: Encoder) -> str:
    digest = hashlib.sha256(encoder.version.encode())
    for offer in ordered:
        digest.update(f"\x1e{offer.supplier_id}\x1f{offer.id}\x1f{offer.text}".encode())
    return digest.hexdigest()[:16]


def _same_encoder(folder: Path, encoder: Encoder) -> bool:
    try:
        version = (folder / _CURRENT).read_text("ascii").strip()
        meta = json.loads((folder / version / "meta.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return bool(meta["encoder"] == encoder.version)


def _vectors_of(
    ordered: Sequence[Offer], encoder: Encoder, old: SnapshotIndex | None, progress: Progress | None
) -> Vectors:
    held = old.vectors if old else np.zeros((0, 0), np.float32)
    place = {offer.text: row for row, offer in enumerate(old.offers)} if old else {}
    new = sorted({offer.text for offer in ordered} - place.keys())
    fresh = encoder.encode(new, progress)
    place.update((text, len(held) + row) for row, text in enumerate(new))
    together = np.concatenate((held, fresh)) if old else fresh
    return together[np.asarray([place[offer.text] for offer in ordered], np.int64)]


def _write(folder: Path, version: str, ordered: Sequence[Offer], vectors: Vectors, encoder: Encoder) -> None:
    before = _name_of_current(folder)
    aside = Path(tempfile.mkdtemp(prefix="snapshot.", suffix=".part", dir=folder))
    np.save(aside / "vectors.npy", vectors)
    with (aside / "offers.jsonl").open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(asdict(offer), ensure_ascii=False) + "\n" for offer in ordered)
    meta = {"version": version, "encoder": encoder.version, "offers": len(ordered), "width": vectors.shape[1]}
    (aside / "meta.json").write_text(json.dumps(meta, sort_keys=True), "utf-8")
    aside.chmod(0o755)
    target = folder / version
    shutil.rmtree(target, ignore_errors=True)
    aside.replace(target)
    pointer = folder / f"{_CURRENT}.part"
    pointer.write_text(version, "ascii")
    pointer.replace(folder / _CURRENT)
    for other in folder.iterdir():
        if other.is_dir() and other.name not in {version, before}:
            shutil.rmtree(other, ignore_errors=True)


def _name_of_current(folder: Path) -> str | None:
    try:
        return (folder / _CURRENT).read_text("ascii").strip() or None
    except OSError:
        return None


def _current(folder: Path) -> SnapshotIndex | None:
    """The current snapshot, or None when there is none or a file of it is missing or short."""
    version = _name_of_current(folder)
    if version is None:
        return None
    try:
        meta = json.loads((folder / version / "meta.json").read_text("utf-8"))
        with (folder / version / "offers.jsonl").open(encoding="utf-8") as stream:
            offers = tuple(Offer(**json.loads(line)) for line in stream)
        # An empty array cannot be mapped.
        vectors = np.load(folder / version / "vectors.npy", mmap_mode="r" if offers else None)
    except (OSError, ValueError, TypeError):
        return None
    whole = meta["version"] == version and vectors.shape == (len(offers), meta["width"])
    return SnapshotIndex(version, offers, vectors) if whole and len(offers) == meta["offers"] else None
