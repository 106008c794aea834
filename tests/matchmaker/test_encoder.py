import subprocess
import sys
from pathlib import Path

import numpy as np

from matchmaker.encoder import Encoder


def test_vectors_are_float32_of_unit_length_in_the_order_of_the_texts(encoder: Encoder) -> None:
    texts = ["轴承", "减速机", "轴承", "一种用于新能源汽车驱动电机的定子铁芯冲片及叠压件"]
    vectors = encoder.encode(texts)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(vectors[0], vectors[2])
    assert vectors[0] @ vectors[1] < 0.99


def test_encoding_again_gives_the_same_numbers(encoder: Encoder) -> None:
    texts = [f"产品{i}号阀门" for i in range(70)]
    np.testing.assert_array_equal(encoder.encode(texts), encoder.encode(texts))


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_progress_counts_distinct_texts_to_the_end(encoder: Encoder) -> None:
    seen: list[tuple[int, int]] = []
    encoder.encode([f"螺栓M{i % 40}" for i in range(80)], lambda done, total: seen.append((done, total)))
    assert seen == [(32, 40), (40, 40)]


def test_unrelated_products_lie_near_zero_and_kindred_ones_do_not(encoder: Encoder) -> None:
    steel, kin, other = encoder.encode(["无取向硅钢片", "冷轧硅钢", "食品添加剂"])
    assert steel @ kin > steel @ other + 0.2
    assert abs(steel @ other) < 0.2


def test_the_version_depends_on_number_type_and_centring(encoder: Encoder, models: Path) -> None:
    folder = next(p for p in models.iterdir() if p.is_dir())
    versions = {Encoder(folder, "float32").version, Encoder(folder, "bfloat16").version}
    versions.add(Encoder(folder, "float32", centred=False).version)
    assert len(versions) == 3
    assert encoder.version in versions


def test_importing_and_naming_the_encoder_loads_no_torch(models: Path) -> None:
    program = (
        "import sys; from pathlib import Path; import matchmaker.matching, matchmaker.lists, matchmaker.evaluate\n"
        "from matchmaker.encoder import load_encoder\n"
        f"load_encoder(None, Path({str(models)!r})).version\n"
        "sys.exit('torch' in sys.modules or 'sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
