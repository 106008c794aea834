"""What a header says (表头识别): the fields it may mean, how surely, and the unit that it names.

Confidence: 1.0 the header as we or a synonym write it; 0.95 the same but for width, spaces, case, stars,
numbering and brackets; up to 0.9 where one contains the other (the end of a Chinese noun phrase is its head, so
主要产品名称 is 产品名称 more surely than 产品名称说明 is); up to 0.85 where they differ in a character or so.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from ingest.table_kind import TableKind

NORMALISED = 0.95
LONGEST_HEADER = 60
MONEY_UNITS = {"元": 1.0, "人民币元": 1.0, "千元": 1e3, "万元": 1e4, "百万元": 1e6, "亿元": 1e8}
_SCALES = {"万": 1e4, "亿": 1e8}
_BRACKET = re.compile(r"[(\[【](.*?)[)\]】]")
_TRAILING_UNIT = re.compile(r"[/,:\-]?(?:单位:?)?(亿元|百万元|万元|千元|元)$")
_NUMBERING = re.compile(r"^(?:\d{1,2}[.、]|[一二三四五六七八九十]{1,3}、)(?=\D)")
_FUZZY_FROM = 70
# A book of noise has a million different texts in its first rows; comparing each with every name takes minutes.
_MOST_COMPARED = 20_000


@dataclass(frozen=True, slots=True)
class Guess:
    """A field that a header may mean, with a confidence of 0..1."""

    key: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Heading:
    """One header: its fields, likeliest first; `factor` and `unit` as in `MappedColumn`, `money` of a money unit."""

    text: str
    guesses: tuple[Guess, ...] = ()
    factor: float | None = None
    unit: str | None = None
    money: bool = False


def plain_header(text: str) -> str:
    """`text` without what does not tell headers apart: width, case, spaces, stars for needed fields."""
    return re.sub(r"[\s*＊★]+", "", unicodedata.normalize("NFKC", text)).lower()


def bare_header(text: str) -> str:
    """As `plain_header`, without brackets and numbering."""
    return _base(text)[0]


class HeaderReader:
    """Reads the headers of one kind of table. Holds no state but a memory of what it read."""

    def __init__(self, kind: TableKind) -> None:
        self.kind = kind
        self._exact = {name: spec.key for spec in reversed(kind.fields) for name in spec.names}
        self._plain = {_base(name)[0]: key for name, key in self._exact.items()}
        self._money = {spec.key for spec in kind.fields if spec.money}
        self._quantity = {spec.key for spec in kind.fields if spec.quantity}
        self._read: dict[str, Heading] = {}

    def read(self, text: str) -> Heading:
        """What `text` says as a header; without guesses where it looks like none of the kind."""
        if len(text) > LONGEST_HEADER:
            return Heading(text)
        if text not in self._read:
            self._read[text] = self._heading(text)
        return self._read[text]

    def read_pair(self, group: str | None, text: str | None) -> Heading:
        """What a header says that stands under a group header (需求 over 数量); either may be None."""
        if group is None or text is None or plain_header(group) == plain_header(text):
            return self.read(text or group or "")
        joined, alone = self.read(f"{group}{text}"), self.read(text)
        best = joined if _surest(joined) >= max(_surest(alone), NORMALISED) or not alone.guesses else alone
        above = self.read(group)
        if best.factor is None and above.money:
            best = Heading(text, best.guesses, above.factor, best.unit, money=True)
        return Heading(f"{group} {text}", best.guesses, best.factor, best.unit, best.money)

    def nearest(self, text: str) -> str | None:
        """The known header that `text` is most like, for "did you mean"; None where none is near."""
        base, _ = _base(text)
        if not base or len(text) > LONGEST_HEADER or len(self._read) > _MOST_COMPARED:
            return None
        close = process.extractOne(base, list(self._plain), scorer=fuzz.ratio, score_cutoff=50)
        if close:
            return close[0]
        return next((name for name in self._plain if len(name) > 1 and name in base), None)

    def _heading(self, text: str) -> Heading:
        base, remarks = _base(text)
        factor, unit, money = _unit_of(remarks)
        guesses = self._guesses(text, base)
        if not _sure(guesses) and (tail := _TRAILING_UNIT.search(base)):
            shorter = self._guesses(text, base[: tail.start()])
            if _sure(shorter) or factor is None:
                guesses, factor, money = shorter, MONEY_UNITS[tail[1]], True
        if money:
            guesses = [guess for guess in guesses if guess.key in self._money]
        elif not guesses or guesses[0].key not in self._quantity | self._money:
            factor = unit = None
        return Heading(text.strip(), tuple(guesses), factor, unit, money)

    def _guesses(self, text: str, base: str) -> list[Guess]:
        if key := self._exact.get(text.strip()):
            return [Guess(key, 1.0)]
        if key := self._plain.get(base):
            return [Guess(key, NORMALISED)]
        best: dict[str, float] = {}
        for name, confidence in self._alike(base):
            key = self._plain[name]
            best[key] = max(confidence, best.get(key, 0.0))
        ranked = sorted(best.items(), key=lambda item: -item[1])
        return [Guess(key, round(confidence, 2)) for key, confidence in ranked[:3]]

    def _alike(self, base: str) -> Iterator[tuple[str, float]]:
        if len(base) < 2 or len(self._read) > _MOST_COMPARED:
            return
        for name in self._plain:
            if len(name) > 1 and name in base:
                share = len(name) / len(base)
                yield name, (0.65 if base.endswith(name) else 0.5) + 0.25 * share
            elif base in name:
                yield name, 0.55 + 0.25 * len(base) / len(name)
        for name, ratio, _ in process.extract(base, list(self._plain), scorer=fuzz.ratio, score_cutoff=_FUZZY_FROM):
            yield name, 0.9 * ratio / 100


def _base(text: str) -> tuple[str, list[str]]:
    """The header without its brackets, and what stood in them."""
    plain = plain_header(text)
    remarks = [r.removeprefix("金额").removeprefix("单位").lstrip(":") for r in _BRACKET.findall(plain)]
    return _NUMBERING.sub("", _BRACKET.sub("", plain).strip(":")), remarks


def _unit_of(remarks: list[str]) -> tuple[float | None, str | None, bool]:
    for remark in remarks:
        if remark in MONEY_UNITS:
            return MONEY_UNITS[remark], None, True
        if remark in _SCALES:
            return _SCALES[remark], None, False
    unit = next((r for r in remarks if _looks_like_unit(r)), None)
    if unit and unit[0] in _SCALES:
        return _SCALES[unit[0]], unit[1:], False
    return None, unit, False


def _looks_like_unit(remark: str) -> bool:
    return 0 < len(remark) <= 5 and not re.search(
        r"[\d填选必如例年月日]", remark.removesuffix("/年").removesuffix("/月")
    )


def _surest(heading: Heading) -> float:
    return heading.guesses[0].confidence if heading.guesses else 0.0


def _sure(guesses: list[Guess]) -> bool:
    return bool(guesses) and guesses[0].confidence >= NORMALISED
