"""The packed words of the lexicon promise the vectors of the encoder, nearly, and exactly the same each time."""

from pathlib import Path

import numpy as np
import pytest

from matchmaker.anchors import AnchorPack
from matchmaker.encoder import Encoder
from matchmaker.lexicon import Lexicon, LexiconEntry

WORDS = ["取向硅钢片", "谐波减速机", "深沟球轴承", "硫酸铜溶液电沉积于阴极辊的薄铜，作锂电负极集流体"]


@pytest.fixture(scope="module")
def pack(encoder: Encoder) -> AnchorPack:
    return AnchorPack.of(WORDS, encoder)


def test_a_packed_vector_is_nearly_the_full_one(pack: AnchorPack, encoder: Encoder) -> None:
    held, vectors = pack.find(WORDS)
    assert held.all()
    assert np.all(np.sum(vectors * encoder.encode(WORDS), axis=1) > 0.98)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_words_that_are_not_in_it_are_told_apart(pack: AnchorPack) -> None:
    held, vectors = pack.find(["水泵", WORDS[1], "阀门"])
    assert held.tolist() == [False, True, False]
    assert vectors.shape[0] == 1


def test_a_written_pack_is_read_as_it_was_and_has_the_same_bytes(pack: AnchorPack, tmp_path: Path) -> None:
    pack.write(tmp_path / "a.npz")
    again = AnchorPack.read(tmp_path / "a.npz")
    again.write(tmp_path / "b.npz")
    assert (again.id, again.weights) == (pack.id, pack.weights)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_what_a_pack_holds_is_not_encoded_again(pack: AnchorPack, encoder: Encoder) -> None:
    told: list[int] = []
    larger = AnchorPack.of([*WORDS, "水泵"], encoder, pack, lambda _done, total: told.append(total))
    assert set(told) == {1}
    assert np.array_equal(larger.find(WORDS)[1], pack.find(WORDS)[1])


def test_the_lexicon_gets_its_vectors_from_the_pack_and_encodes_only_the_rest(
    pack: AnchorPack, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matchmaker.lexicon.shipped_pack", lambda: pack)
    told: list[int] = []
    Lexicon([LexiconEntry(WORDS[0]), LexiconEntry(WORDS[1])], encoder, tmp_path)
    assert not list(tmp_path.glob("*.npy"))
    with_new = [LexiconEntry(WORDS[0], ("水泵",))]
    Lexicon(with_new, encoder, tmp_path, lambda _done, total: told.append(total))
    assert set(told) == {1}
