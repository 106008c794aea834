"""The lexical side (字面相似): cosine of character TF-IDF, which also works without an encoder."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

_SPACES = re.compile(r"\s+")


def normalise(text: str) -> str:
    """NFKC, lower case, single spaces: full-width and half-width spellings become equal."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text).lower()).strip()


class CharTfidf:
    """TF-IDF of 1 and 2 characters, weighed by the texts it is made of; deterministic in their order and content."""

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._vectorizer: Any = TfidfVectorizer(
            analyzer="char", ngram_range=(1, 2), preprocessor=normalise, sublinear_tf=True, dtype=np.float32
        )
        # A pool of empty texts has no characters to weigh; one sign keeps the vocabulary from being empty.
        self.matrix = cast("csr_matrix", self._vectorizer.fit([*texts, "。"]).transform(texts))

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Rows of unit length (or zero) for other texts, comparable with `matrix` by a dot product."""
        return cast("csr_matrix", self._vectorizer.transform(texts))

    def cosines(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """float32 [len(texts), rows of `matrix`], each in 0..1."""
        return np.asarray((self.transform(texts) @ self.matrix.T).toarray(), np.float32)
