"""A sentence-transformers folder in memory (编码模型); importing this module takes seconds, so it is done late."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar


class SentenceModel:
    """A folder loaded by sentence-transformers on the CPU, without progress bars on the terminal."""

    def __init__(self, folder: Path, dtype: str) -> None:
        for library in ("transformers", "sentence_transformers"):
            logging.getLogger(library).setLevel(logging.ERROR)
        disable_progress_bar()  # type: ignore[no-untyped-call]
        kind = torch.bfloat16 if dtype == "bfloat16" else torch.float32
        self._model = SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, model_kwargs={"dtype": kind}
        )
        self.width = self.embed(["宽"]).shape[1]

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Characters of each text."""
        return [len(text) for text in texts]

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Unit vectors, float32 [len(texts), dim], of one batch; the prefix is already in the texts."""
        found = self._model.encode(
            list(texts), prompt="", batch_size=len(texts), convert_to_tensor=True, show_progress_bar=False
        )
        return torch.nn.functional.normalize(found.float(), dim=1).numpy()
