"""Vectors of the lexicon's words that ship (词库向量), so that a first start need not encode 50,000 of them.

ADR: the words are encoded once, where the lexicon is edited (`qianglian lexicon pack`), and shipped at 4 bits a
number: 192 bytes instead of 1,536, cosine to the full vector .993. A word that the pack does
not hold, or any word under another encoder, is encoded at the start as before, so that a pack that lags behind the
tables is slower and never wrong.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from matchmaker.encoder import Encoder, Progress, Vectors

_LEVELS = 7
# Numbers beyond this many root mean squares are cut: fewer than 1 in 100, and the others get a finer step.
_CUT = 2.7
PACK_FILE = "anchors.npz"
_BITS = 4


class AnchorPack:
    """Packed vectors by the hash of their text. `weights` names the encoder they are from, `id` their content."""

    def __init__(self, weights: str, keys: npt.NDArray[np.uint64], codes: npt.NDArray[np.uint8]) -> None:
        self.weights = weights
        self._keys = keys
        self._codes = codes
        self.id = hashlib.sha256(keys.tobytes() + codes.tobytes()).hexdigest()[:16]

    @classmethod
    def of(
        cls, texts: Sequence[str], encoder: Encoder, known: "AnchorPack | None" = None, progress: Progress | None = None
    ) -> "AnchorPack":
        """Encode and pack `texts`, each once; what `known` holds of this encoder is taken over as it is."""
        distinct = sorted(set(texts))
        keys = _keys(distinct)
        usable = known is not None and known.weights == encoder.weights
        held, codes = known._codes_of(keys) if known and usable else (np.zeros(len(keys), bool), None)
        fresh = _packed(encoder.encode([text for text, have in zip(distinct, held, strict=True) if not have], progress))
        packed = np.empty((len(keys), fresh.shape[1]), np.uint8)
        packed[~held] = fresh
        if codes is not None:
            packed[held] = codes
        order = np.argsort(keys)
        return cls(encoder.weights, keys[order], packed[order])

    @classmethod
    def read(cls, path: Path) -> "AnchorPack":
        """The pack of a file that `write` made."""
        with np.load(path) as arrays:
            return cls(str(arrays["weights"]), arrays["keys"], arrays["codes"])

    def write(self, path: Path) -> None:
        """Write the pack; the same words and vectors give the same bytes."""
        np.savez(path, weights=np.asarray(self.weights), keys=self._keys, codes=self._codes)

    def find(self, texts: Sequence[str]) -> tuple[npt.NDArray[np.bool_], Vectors]:
        """Which texts the pack holds, bool [texts], and unit vectors for those, in order, float32 [held, dim]."""
        held, codes = self._codes_of(_keys(texts))
        return held, _unpacked(codes)

    def _codes_of(self, keys: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.uint8]]:
        place = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        held = np.asarray(self._keys[place] == keys, bool)
        return held, self._codes[place[held]]


@cache
def shipped_pack() -> AnchorPack | None:
    """The pack that ships with the package; None where it was not built."""
    with as_file(files("matchmaker") / PACK_FILE) as path:
        return AnchorPack.read(path) if path.is_file() else None


def _keys(texts: Sequence[str]) -> npt.NDArray[np.uint64]:
    digests = b"".join(hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return np.frombuffer(digests, np.uint64)


def _packed(vectors: Vectors) -> npt.NDArray[np.uint8]:
    step = _CUT * np.sqrt(np.mean(vectors**2, axis=1, keepdims=True)) / _LEVELS
    codes = (np.clip(np.round(vectors / step), -_LEVELS, _LEVELS) + _LEVELS).astype(np.uint8)
    return np.asarray(codes[:, 0::2] << _BITS | codes[:, 1::2], np.uint8)


def _unpacked(codes: npt.NDArray[np.uint8]) -> Vectors:
    numbers = np.empty((len(codes), 2 * codes.shape[1]), np.float32)
    numbers[:, 0::2], numbers[:, 1::2] = codes >> _BITS, codes & (2**_BITS - 1)
    numbers -= _LEVELS
    # The scale of a word goes away with its norm, so it is not kept.
    return np.asarray(numbers / np.linalg.norm(numbers, axis=1, keepdims=True), np.float32)
