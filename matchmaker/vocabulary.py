"""The XLM-R Unigram vocabulary, cut to Chinese, English, digits and signs, as a fast tokenizer.

Dropped pieces hold a character that such texts do not have, so no piece that could be chosen is lost: the cut
tokenizer splits Chinese and English texts exactly as the full one does.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")
_SPACE = "▁"
_KEPT_RANGES = (
    (0x20, 0x7E),  # ASCII
    (0xA1, 0xBF),  # ° ± · and other Latin signs
    (0xD7, 0xD7),  # ×
    (0x391, 0x3C9),  # Greek letters: units and phases
    (0x2010, 0x2044),  # dashes, quotes, per mille
    (0x2190, 0x22FF),  # arrows, mathematics
    (0x2460, 0x2473),  # circled numbers
    (0x25A0, 0x25FF),  # list marks
    (0x3000, 0x3017),  # Chinese punctuation
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),  # Chinese characters
    (0xFF01, 0xFF5E),  # what normalisation leaves of the full-width forms
)


def _kept(piece: str) -> bool:
    return all(c == _SPACE or any(low <= ord(c) <= high for low, high in _KEPT_RANGES) for c in piece)


def kept_rows(pieces: Sequence[str]) -> npt.NDArray[np.int64]:
    """Rows of the pieces to keep, ascending; the four special pieces are first and always kept."""
    rows = [i for i, piece in enumerate(pieces) if i < len(SPECIALS) or (_kept(piece) and piece != "<mask>")]
    return np.asarray(rows, np.int64)


def build_tokenizer(pieces: Sequence[str], scores: Sequence[float]) -> Any:
    """A `tokenizers.Tokenizer`: XLM-R's normalisation, Unigram over `pieces`, `<s> … </s>` around the text.

    The normaliser of XLM-R (nmt_nfkc) is NFKC but for control characters, invisible spaces and the full-width
    tilde; the tilde is carried through NFKC as a private character.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(
        models.Unigram(list(zip(pieces, scores, strict=True)), unk_id=SPECIALS.index("<unk>"), byte_fallback=False)
    )
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex("[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]"), ""),
            normalizers.Replace(Regex("[\t\n\u000c\r\u200b-\u200f\u2028\u2029\u2581]"), " "),
            normalizers.Replace("～", "\ue000"),
            normalizers.NFKC(),
            normalizers.Replace("\ue000", "～"),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_SPACE, prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement=_SPACE, prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[(name, SPECIALS.index(name)) for name in ("<s>", "</s>")],
    )
    tokenizer.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in SPECIALS])
    return tokenizer
