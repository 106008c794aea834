"""How well the matcher finds what it should, on sets whose paths the caller names.

Ties count against us: a right offer that shares its score with n others ranks behind them.
"""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from matchmaker.encoder import Encoder
from matchmaker.index import Offer
from matchmaker.lexicon import Lexicon
from matchmaker.pool import Pool, pair_parts
from matchmaker.score import WEIGHTS, Floats, Weights

_BLOCK = 128


@dataclass(frozen=True)
class Task:
    """Needs, candidate texts, and for each need the position of its right candidate."""

    name: str
    needs: tuple[str, ...]
    candidates: tuple[str, ...]
    right: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares of needs whose right candidate is first, among the first ten; mean reciprocal rank."""

    first: float
    in_ten: float
    reciprocal: float

    def __str__(self) -> str:
        return f"{self.first:.3f}/{self.in_ten:.3f}/{self.reciprocal:.3f}"


def triples_task(path: Path) -> Task:
    """`need<TAB>offer<TAB>trap` rows: each need against all offers and all traps."""
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line]
    candidates = tuple(r[1] for r in rows) + tuple(r[2] for r in rows)
    return Task("triples with traps", tuple(r[0] for r in rows), candidates, tuple(range(len(rows))))


def classes_task(path: Path) -> Task:
    """GB/T 4754 as JSON (section, cls, name, note): the note of a manufacturing class against all class names."""
    rows = [r for r in json.loads(path.read_text("utf-8")) if r["section"] == "C" and r["cls"]]
    noted = [i for i, r in enumerate(rows) if r["note"]]
    return Task("note to class", tuple(rows[i]["note"] for i in noted), tuple(r["name"] for r in rows), tuple(noted))


def catalogue_task(path: Path, sample: int = 1500) -> Task:
    """Tax catalogue as JSON lines (code, name, description, keywords): a keyword against goods with definitions."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rows = [r for r in rows if r["code"][0] == "1" and "02" <= r["code"][1:3] <= "09"]
    pairs = [(keyword, i) for i, r in enumerate(rows) for keyword in r["keywords"] if keyword != r["name"]]
    random.Random(1).shuffle(pairs)
    texts = tuple("，".join(t for t in (r["name"], r["description"]) if t) for r in rows)
    return Task("keyword to goods", tuple(k for k, _ in pairs[:sample]), texts, tuple(i for _, i in pairs[:sample]))


def evaluate(task: Task, encoder: Encoder, lexicon: Lexicon | None, weights: Weights = WEIGHTS) -> dict[str, Quality]:
    """Quality of the dense side alone, with TF-IDF, with the lexicon, and of all together."""
    vectors = encoder.encode([*task.needs, *task.candidates])
    needs, candidates = vectors[: len(task.needs)], vectors[len(task.needs) :]
    offers = [Offer(str(i), str(i), text) for i, text in enumerate(task.candidates)]
    pool = Pool(offers, candidates, lexicon)
    reading = lexicon.read(task.needs, needs) if lexicon else None
    ways: Mapping[str, Weights] = {
        "dense": replace(weights, lexical=0.0, lexicon=0.0),
        "dense + tfidf": replace(weights, lexicon=0.0),
        "dense + lexicon": replace(weights, lexical=0.0),
        "all": weights,
    }
    ranks: dict[str, list[int]] = {way: [] for way in ways}
    for start in range(0, len(task.needs), _BLOCK):
        part = slice(start, start + _BLOCK)
        rows = reading.rows(part) if reading else None
        for way, used in ways.items():
            total = sum(pair_parts(used, task.needs[part], needs[part], rows, pool).values(), np.zeros(1, np.float32))
            ranks[way].extend(_ranks(total, np.asarray(task.right[part])))
    return {way: quality(found) for way, found in ranks.items()}


def quality(ranks: Sequence[int]) -> Quality:
    """The three shares of a list of ranks that count from 1."""
    found = np.asarray(ranks, np.float64)
    return Quality(float((found <= 1).mean()), float((found <= 10).mean()), float((1 / found).mean()))


def table(found: Mapping[str, Mapping[str, Quality]]) -> str:
    """Markdown: one row a way, one column a task, cells R@1/R@10/MRR."""
    ways = list(next(iter(found.values())))
    lines = ["| | " + " | ".join(found) + " |", "|---" * (len(found) + 1) + "|"]
    lines += ["| " + " | ".join([way, *(str(task[way]) for task in found.values())]) + " |" for way in ways]
    return "\n".join(lines)


def _ranks(total: Floats, right: npt.NDArray[np.int64]) -> list[int]:
    own = total[np.arange(len(right)), right][:, None]
    return [int(n) for n in (total >= own).sum(axis=1)]
