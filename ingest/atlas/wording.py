"""Whether the words of the products can be trusted (词库检查): a matcher is only as sharp as its lexicon."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.model import Link, Product
from ingest.atlas.products import spelt
from ingest.faults import Fault, shown

SYNONYMS = range(2, 8)
CONFUSIONS = range(2, 7)
DESCRIPTION = range(15, 101)
# A two-character piece that more than this share of all descriptions hold says nothing about one product.
_COMMON = 0.02
_TELLING = 4


@dataclass(frozen=True, slots=True)
class Placed:
    """A product with the row it stands on."""

    file: str
    row: int
    product: Product

    def fault(self, code: str, message: str, column: str, value: object = None) -> Fault:
        """A fault of this product."""
        text = shown(self.product.name if value is None else value)
        return Fault(self.file, code, message, row=self.row, column=column, value=text)


def wording_faults(placed: Sequence[Placed], links: Mapping[str, Link]) -> list[Fault]:
    """Every product without its link, twice, or with words that are another's, missing, or say nothing."""
    names: dict[str, Placed] = {}
    faults: list[Fault] = []
    for at in placed:
        first = names.setdefault(spelt(at.product.name), at)
        if first is not at:
            message = f"产品“{at.product.name}”已写在 {first.file} 第 {first.row} 行。请删去一处。"
            faults.append(at.fault("product.twice", message, "product"))
    owners: dict[str, set[str]] = defaultdict(set)
    for at in placed:
        for word in at.product.synonyms:
            owners[spelt(word)].add(at.product.name)
    common = _common(placed)
    for at in placed:
        faults += _link(at, links)
        faults += _synonyms(at, names, owners)
        faults += _description(at, common)
        faults += _confusions(at)
    return faults


def _link(at: Placed, links: Mapping[str, Link]) -> Iterator[Fault]:
    link = links.get(at.product.link_code)
    if not at.product.name:
        yield at.fault("product.no_name", "没有产品名。请补上。", "product")
    if link is None:
        yield at.fault("product.link_unknown", "环节没有定义。请改为 YAML 中的环节代码。", "link", at.product.link_code)
    elif link.chain_code != at.file.removesuffix(".tsv"):
        yield at.fault("product.other_chain", "环节属于另一条链。请移到那条链的表里。", "link", at.product.link_code)


def _synonyms(at: Placed, names: Mapping[str, Placed], owners: Mapping[str, set[str]]) -> Iterator[Fault]:
    words = at.product.synonyms
    if len(words) not in SYNONYMS:
        yield at.fault("product.synonyms_count", f"有 {len(words)} 个同义词, 应有 2-7 个。", "synonyms")
    for word in words:
        named = names.get(spelt(word))
        if named is not None:
            message = f"同义词“{word}”是 {named.file} 第 {named.row} 行的产品名。请删去或合并两个产品。"
            yield at.fault("product.synonym_is_product", message, "synonyms", word)
        elif len(owners[spelt(word)]) > 1:
            message = f"同义词“{word}”为多个产品所用: {'、'.join(sorted(owners[spelt(word)]))}。请只留在一处。"
            yield at.fault("product.synonym_shared", message, "synonyms", word)


def _description(at: Placed, common: frozenset[str]) -> Iterator[Fault]:
    text = at.product.description
    if len(text) not in DESCRIPTION:
        yield at.fault("product.description_length", f"描述有 {len(text)} 字, 应为 15-100 字。", "description")
    elif len(_pieces(text) - common) < _TELLING:
        yield at.fault("product.description_empty", "描述里没有能认出产品的词。请写材料、工艺、规格。", "description")
    if at.product.name and at.product.name in text:
        yield at.fault("product.description_names_it", "描述里有产品名本身。请换成制造者的说法。", "description")


def _confusions(at: Placed) -> Iterator[Fault]:
    own = {spelt(word) for word in (at.product.name, *at.product.synonyms)}
    if len(at.product.confused_with) not in CONFUSIONS:
        count = len(at.product.confused_with)
        yield at.fault("product.confusions_count", f"易混产品有 {count} 个, 应有 2-6 个。", "confused_with")
    for word in at.product.confused_with:
        if spelt(word) in own:
            yield at.fault("product.confused_with_itself", "易混产品就是它自己。请删去。", "confused_with", word)


def _common(placed: Sequence[Placed]) -> frozenset[str]:
    counts = Counter(piece for at in placed for piece in _pieces(at.product.description))
    return frozenset(piece for piece, count in counts.items() if count > max(_COMMON * len(placed), 5))


def _pieces(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}
