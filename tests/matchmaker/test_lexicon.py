from pathlib import Path

import numpy as np

from matchmaker.encoder import Encoder
from matchmaker.lexicon import Lexicon, LexiconEntry


def test_two_wordings_of_one_product_meet_and_two_products_do_not(encoder: Encoder, lexicon: Lexicon) -> None:
    texts = ["35WW270", "矽钢片", "双光铜箔"]
    reading = lexicon.read(texts, encoder.encode(texts))
    meet = reading.meet(reading)
    assert meet[0, 1] > meet[0, 2]
    np.testing.assert_allclose(np.diag(meet), 1, atol=1e-5)
    entry, nearness = reading.shared(0, reading, 1) or (0, 0.0)
    assert lexicon.products[entry] == "无取向硅钢片"
    assert nearness == min(reading.coverage[:2])


def test_coverage_is_high_for_listed_products_only(encoder: Encoder, lexicon: Lexicon) -> None:
    texts = ["锂电铜箔", "企业管理咨询服务"]
    covered, foreign = lexicon.read(texts, encoder.encode(texts)).coverage
    assert covered > 1
    assert foreign < 0.6


def test_anchor_vectors_are_kept_and_replaced_when_the_entries_change(encoder: Encoder, tmp_path: Path) -> None:
    first = Lexicon([LexiconEntry("轴承")], encoder, tmp_path)
    stored = {p.name: p.stat().st_mtime_ns for p in tmp_path.glob("*.npy")}
    assert Lexicon([LexiconEntry("轴承")], encoder, tmp_path).version == first.version
    assert {p.name: p.stat().st_mtime_ns for p in tmp_path.glob("*.npy")} == stored
    assert Lexicon([LexiconEntry("水泵")], encoder, tmp_path).version != first.version
    assert len(list(tmp_path.glob("*.npy"))) == 1


def test_an_empty_lexicon_says_nothing(encoder: Encoder, tmp_path: Path) -> None:
    reading = Lexicon([], encoder, tmp_path).read(["轴承"], encoder.encode(["轴承"]))
    assert reading.meet(reading).tolist() == [[0.0]]
    assert reading.coverage.tolist() == [0.0]
