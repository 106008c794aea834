"""A plain BERT text encoder on torch alone: the forward pass of the standard encoder.

ADR: importing transformers and sentence-transformers takes 9-12 s on the small machines we run on, torch alone 2.5 s,
and a command that ranks two lists should not spend its time on imports. This module runs the folders that need
nothing else (BERT, mean pooling, unit norm); every other folder goes through sentence-transformers. A test holds
both to the same vectors.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

_PIPELINE = ("Transformer", "Pooling", "Normalize")


def can_run(folder: Path) -> bool:
    """Whether `folder` holds BERT with mean pooling and normalisation, the only thing this module computes."""
    try:
        modules = json.loads((folder / "modules.json").read_text("utf-8"))
        config = json.loads((folder / "config.json").read_text("utf-8"))
        pooling = json.loads((folder / "1_Pooling" / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    modes = {key for key, on in pooling.items() if key.startswith("pooling_mode_") and on is True}
    return (
        tuple(str(m["type"]).rsplit(".", 1)[-1] for m in modules) == _PIPELINE
        and config.get("model_type") == "bert"
        and config.get("hidden_act") == "gelu"
        and modes == {"pooling_mode_mean_tokens"}
        and (folder / "model.safetensors").is_file()
        and (folder / "tokenizer.json").is_file()
    )


class Bert:
    """The network of one folder, ready to embed; `dtype` is "bfloat16" or "float32"."""

    def __init__(self, folder: Path, dtype: str) -> None:
        config: dict[str, Any] = json.loads((folder / "config.json").read_text("utf-8"))
        limit = int(json.loads((folder / "sentence_bert_config.json").read_text("utf-8"))["max_seq_length"])
        self.width = int(config["hidden_size"])
        self._heads = int(config["num_attention_heads"])
        self._layers = int(config["num_hidden_layers"])
        self._epsilon = float(config["layer_norm_eps"])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(limit)
        kind = torch.bfloat16 if dtype == "bfloat16" else torch.float32
        tensors = load_file(folder / "model.safetensors")
        self._w = {name.removeprefix("bert."): tensor.to(kind) for name, tensor in tensors.items()}
        for layer in range(self._layers):
            self._join_projections(f"encoder.layer.{layer}.attention.self")

    def _join_projections(self, at: str) -> None:
        """Query, key and value as one product: fewer, larger multiplications."""
        for part in ("weight", "bias"):
            self._w[f"{at}.{part}"] = torch.cat([self._w.pop(f"{at}.{n}.{part}") for n in ("query", "key", "value")])

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, cut at the limit."""
        return [len(encoding.ids) for encoding in self._tokenizer.encode_batch(list(texts))]

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Unit vectors, float32 [len(texts), hidden], of one batch."""
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        width = max(map(len, rows))
        ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
        mask = torch.arange(width)[None, :] < torch.tensor([len(row) for row in rows])[:, None]
        with torch.inference_mode():
            states = self._forward(ids, mask).float()
            weight = mask[:, :, None].float()
            return functional.normalize((states * weight).sum(1) / weight.sum(1), dim=1).numpy()

    def _forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        w, width = self._w, ids.shape[1]
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.token_type_embeddings.weight"][0]
        x = self._norm(x + w["embeddings.position_embeddings.weight"][:width], "embeddings.LayerNorm")
        blocked = torch.zeros(mask.shape, dtype=x.dtype).masked_fill(~mask, float("-inf"))[:, None, None, :]
        for layer in range(self._layers):
            at = f"encoder.layer.{layer}"
            heads = (
                self._linear(x, f"{at}.attention.self").view(len(ids), width, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
            )
            mixed = functional.scaled_dot_product_attention(heads[0], heads[1], heads[2], attn_mask=blocked)
            mixed = self._linear(mixed.transpose(1, 2).flatten(2), f"{at}.attention.output.dense")
            x = self._norm(x + mixed, f"{at}.attention.output.LayerNorm")
            inner = functional.gelu(self._linear(x, f"{at}.intermediate.dense"))
            x = self._norm(x + self._linear(inner, f"{at}.output.dense"), f"{at}.output.LayerNorm")
        return x

    def _linear(self, x: Tensor, at: str) -> Tensor:
        return functional.linear(x, self._w[f"{at}.weight"], self._w[f"{at}.bias"])

    def _norm(self, x: Tensor, at: str) -> Tensor:
        return functional.layer_norm(x, x.shape[-1:], self._w[f"{at}.weight"], self._w[f"{at}.bias"], self._epsilon)
