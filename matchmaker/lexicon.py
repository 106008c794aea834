"""The product lexicon (产品词库): a need and an offer meet in the products that both point to.

Names, synonyms and descriptions are anchor texts of their entry. A text is as near to an entry as its best anchor:
centred cosine + .3 character TF-IDF; the softmax over its 8 nearest entries is a sparse vector, and two texts are
compared by the cosine of those vectors. So “50W470 卷料” and “电工钢带分条” agree although they share no character,
and near misses that share the application do not. Constants: chosen on our own need/offer/trap triples, none of
whose texts is an anchor (see calibrate.py).
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from filelock import FileLock
from scipy.sparse import csr_matrix

from matchmaker.anchors import AnchorPack, shipped_pack
from matchmaker.encoder import Encoder, Progress, Vectors
from matchmaker.lexical import CharTfidf

_NEAREST = 8
_SHARPNESS = 8.0
_LEXICAL_SHARE = 0.3
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """One product: its name, other names for it, how its makers describe it, and what it is mistaken for."""

    product: str
    synonyms: tuple[str, ...] = ()
    description: str = ""
    confused_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """How the lexicon reads some texts: the nearest `entries` [texts, k], nearest first, with `weights` of unit
    length and the `similarity` of the text to each. `size` is the number of entries there are."""

    entries: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float32]
    similarity: npt.NDArray[np.float32]
    size: int

    @property
    def coverage(self) -> npt.NDArray[np.float32]:
        """Each text's similarity to its nearest entry [texts]; 0 in an empty lexicon."""
        return self.similarity[:, 0] if self.similarity.shape[1] else np.zeros(len(self.similarity), np.float32)

    def rows(self, part: slice | npt.NDArray[np.int64]) -> "Reading":
        """The reading of some of the texts."""
        return Reading(self.entries[part], self.weights[part], self.similarity[part], self.size)

    def meet(self, other: "Reading") -> npt.NDArray[np.float32]:
        """Cosines of what the texts of both point to, float32 [texts, other texts], each in 0..1."""
        return np.asarray((self._matrix() @ other._matrix().T).toarray(), np.float32)

    def shared(self, row: int, other: "Reading", other_row: int) -> tuple[int, float] | None:
        """The entry that is nearest to both texts, and how near the farther of the two is; None where they differ."""
        if not self.size or self.entries[row, 0] != other.entries[other_row, 0]:
            return None
        return int(self.entries[row, 0]), float(min(self.coverage[row], other.coverage[other_row]))

    def _matrix(self) -> csr_matrix:
        count, k = self.entries.shape
        bounds = np.arange(0, count * k + 1, k) if k else np.zeros(count + 1, np.int64)
        return csr_matrix((self.weights.ravel(), self.entries.ravel(), bounds), shape=(count, self.size))


class Lexicon:
    """Entries with their anchor vectors: from the pack that ships, or computed once and kept in `folder` as .npy."""

    def __init__(
        self, entries: Sequence[LexiconEntry], encoder: Encoder, folder: Path, progress: Progress | None = None
    ) -> None:
        anchors = sorted({(i, text) for i, entry in enumerate(entries) for text in _anchors(entry)})
        self.products = tuple(entry.product for entry in entries)
        self._texts = [text for _, text in anchors]
        self._owner = np.asarray([i for i, _ in anchors], np.int64)
        content = "\x1f".join(f"{i}\x1e{text}" for i, text in anchors)
        shipped = shipped_pack()
        pack = shipped if shipped is not None and shipped.weights == encoder.weights else None
        made_by = f"{encoder.version}\x1d{pack.id if pack else ''}"
        self.version = hashlib.sha256(f"{made_by}\x1d{content}".encode()).hexdigest()[:16]
        self._vectors = (
            self._packed(pack, encoder, folder, progress)
            if pack
            else self._stored(folder, lambda: encoder.encode(self._texts, progress))
        )

    def read(self, texts: Sequence[str], vectors: Vectors) -> Reading:
        """The products that each text points to; `vectors` are the encoder's for the same texts."""
        k = min(_NEAREST, len(self.products))
        entries, values = np.zeros((len(texts), k), np.int64), np.zeros((len(texts), k), np.float32)
        for start in range(0, len(texts) if k else 0, _BLOCK):
            rows = slice(start, start + _BLOCK)
            similar = self._similarities(texts[rows], vectors[rows])
            entries[rows], values[rows] = _largest(similar, k)
        soft = np.exp(_SHARPNESS * (values - values[:, :1])) if k else values.copy()
        if k:
            soft /= np.linalg.norm(soft, axis=1, keepdims=True)
        return Reading(entries, soft, values, len(self.products))

    def _similarities(self, texts: Sequence[str], vectors: Vectors) -> npt.NDArray[np.float32]:
        anchors = vectors @ self._vectors.T + _LEXICAL_SHARE * self._lexical.cosines(texts)
        starts = np.flatnonzero(np.r_[True, np.diff(self._owner) > 0])
        return np.asarray(np.maximum.reduceat(anchors, starts, axis=1), np.float32)

    @cached_property
    def _lexical(self) -> CharTfidf:
        return CharTfidf(self._texts)

    def _packed(self, pack: AnchorPack, encoder: Encoder, folder: Path, progress: Progress | None) -> Vectors:
        held, found = pack.find(self._texts)
        if held.all():
            return found

        def completed() -> Vectors:
            missing = encoder.encode(
                [text for text, known in zip(self._texts, held, strict=True) if not known], progress
            )
            vectors = np.empty((len(held), missing.shape[1]), np.float32)
            vectors[held], vectors[~held] = found, missing
            return vectors

        return self._stored(folder, completed)

    def _stored(self, folder: Path, made: Callable[[], Vectors]) -> Vectors:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"lexicon-{self.version}.npy"
        with FileLock(folder / "lexicon.lock"):
            if not path.is_file():
                aside = path.with_suffix(".part")
                with aside.open("wb") as stream:
                    np.save(stream, made())
                aside.replace(path)
                for old in folder.glob("lexicon-*.npy"):
                    if old != path:
                        old.unlink()
        vectors: Vectors = np.load(path)
        return vectors


def _largest(values: npt.NDArray[np.float32], k: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Place and value of the `k` largest of each row, the largest first; of equals the one that stands first."""
    near = np.sort(np.argpartition(-values, k - 1, axis=1)[:, :k], axis=1)
    order = np.argsort(-np.take_along_axis(values, near, axis=1), axis=1, kind="stable")
    places = np.take_along_axis(near, order, axis=1)
    return places, np.take_along_axis(values, places, axis=1)


def anchor_texts(entries: Sequence[LexiconEntry]) -> list[str]:
    """Every word of the entries that is compared with texts, each once, sorted."""
    return sorted({text for entry in entries for text in _anchors(entry)})


def _anchors(entry: LexiconEntry) -> list[str]:
    return [text for text in (entry.product, *entry.synonyms, entry.description) if text]
