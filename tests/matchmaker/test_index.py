from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from matchmaker.encoder import Encoder, Progress, Vectors
from matchmaker.errors import IndexSnapshotError
from matchmaker.index import Offer, SnapshotIndex


class Counting(Encoder):
    """The real encoder, noting which texts it was given."""

    def __init__(self, inner: Encoder) -> None:
        self._inner = inner
        self.version = inner.version
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.seen.extend(texts)
        return self._inner.encode(texts, progress)


def offers(*texts: str) -> list[Offer]:
    return [Offer(f"s{i % 2}", f"o{i}", text) for i, text in enumerate(texts)]


def test_a_built_index_is_found_again_with_the_same_vectors(encoder: Encoder, tmp_path: Path) -> None:
    built = SnapshotIndex.build(offers("轴承", "电缆", "水泵"), encoder, tmp_path)
    opened = SnapshotIndex.open(tmp_path)
    assert opened.version == built.version
    assert opened.offers == built.offers
    np.testing.assert_array_equal(opened.vectors, encoder.encode([o.text for o in built.offers]))


def test_the_order_of_the_offers_does_not_matter(encoder: Encoder, tmp_path: Path) -> None:
    given = offers("轴承", "电缆", "水泵")
    first = SnapshotIndex.build(given, encoder, tmp_path / "a")
    second = SnapshotIndex.build(given[::-1], encoder, tmp_path / "b")
    assert first.version == second.version
    np.testing.assert_array_equal(first.vectors, second.vectors)


def test_only_new_texts_are_encoded(encoder: Encoder, tmp_path: Path) -> None:
    counting = Counting(encoder)
    SnapshotIndex.build(offers("轴承", "电缆"), counting, tmp_path)
    counting.seen.clear()
    grown = SnapshotIndex.build(offers("电缆", "水泵", "轴承"), counting, tmp_path)
    assert counting.seen == ["水泵"]
    wanted = encoder.encode([offer.text for offer in grown.offers])
    assert float((grown.vectors * wanted).sum(axis=1).min()) > 0.999
    counting.seen.clear()
    SnapshotIndex.build(offers("电缆", "水泵", "轴承"), counting, tmp_path)
    assert counting.seen == []


def test_another_encoder_reuses_nothing(encoder: Encoder, tmp_path: Path) -> None:
    SnapshotIndex.build(offers("轴承", "电缆"), encoder, tmp_path)
    other = Counting(encoder)
    other.version = "another"
    rebuilt = SnapshotIndex.build(offers("轴承", "电缆"), other, tmp_path)
    assert sorted(other.seen) == ["电缆", "轴承"]
    assert rebuilt.version != SnapshotIndex.build(offers("轴承", "电缆"), encoder, tmp_path).version


class Stopped(Exception):
    pass


def test_a_build_that_dies_leaves_the_old_snapshot_current(
    encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = SnapshotIndex.build(offers("轴承"), encoder, tmp_path)

    def die(*_: object, **__: object) -> None:
        raise Stopped

    for step in ("replace", "write_text"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, step, die)
            with pytest.raises(Stopped):
                SnapshotIndex.build(offers("轴承", "电缆"), encoder, tmp_path)
        assert SnapshotIndex.open(tmp_path).version == before.version
    after = SnapshotIndex.build(offers("轴承", "电缆"), encoder, tmp_path)
    assert len(after.offers) == 2
    assert not list(tmp_path.glob("*.part"))


def test_readers_keep_the_snapshot_they_opened(encoder: Encoder, tmp_path: Path) -> None:
    reader = SnapshotIndex.build(offers("轴承", "电缆"), encoder, tmp_path)
    held = np.array(reader.vectors)
    for extra in ("水泵", "家具", "涂料"):
        SnapshotIndex.build(offers("轴承", extra), encoder, tmp_path)
    np.testing.assert_array_equal(reader.vectors, held)
    assert len([p for p in tmp_path.iterdir() if p.is_dir()]) <= 2


@pytest.mark.parametrize("name", ["vectors.npy", "offers.jsonl", "meta.json"])
def test_a_torn_snapshot_is_not_read_but_rebuilt(encoder: Encoder, tmp_path: Path, name: str) -> None:
    built = SnapshotIndex.build(offers("轴承", "电缆"), encoder, tmp_path)
    file = tmp_path / built.version / name
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(IndexSnapshotError) as refused:
        SnapshotIndex.open(tmp_path)
    assert refused.value.code == "index.snapshot.missing"
    assert len(SnapshotIndex.build(offers("轴承", "电缆"), encoder, tmp_path).offers) == 2


def test_an_empty_index_finds_nothing(encoder: Encoder, tmp_path: Path) -> None:
    index = SnapshotIndex.build([], encoder, tmp_path)
    rows, cosines = index.search(encoder.encode(["轴承"]), 5)
    assert rows.shape == cosines.shape == (1, 0)
    assert SnapshotIndex.open(tmp_path).offers == ()


def test_search_is_exact_and_orders_equals_by_offer(encoder: Encoder, tmp_path: Path) -> None:
    index = SnapshotIndex.build(offers("电缆", "轴承", "水泵", "轴承"), encoder, tmp_path)
    rows, cosines = index.search(encoder.encode(["轴承"]), 3)
    assert [index.offers[row].text for row in rows[0][:2]] == ["轴承", "轴承"]
    assert rows[0][0] < rows[0][1]
    assert list(cosines[0]) == sorted(cosines[0], reverse=True)


def test_an_offer_given_twice_is_refused(encoder: Encoder, tmp_path: Path) -> None:
    with pytest.raises(IndexSnapshotError) as refused:
        SnapshotIndex.build([Offer("s", "o", "轴承"), Offer("t", "o", "电缆")], encoder, tmp_path)
    assert refused.value.code == "index.offer.double"
