"""The product lexicon that ships says each thing once."""

from collections import Counter

from ingest.lexicon import shipped_lexicon


def test_every_product_has_names_a_description_and_near_misses() -> None:
    entries = shipped_lexicon()
    assert len(entries) > 1_500
    for entry in entries:
        assert all(text.strip() == text != "" for text in (entry.product, entry.description))
        assert all(entry.synonyms)
        assert all(entry.confused_with)


def test_no_name_stands_for_two_products() -> None:
    names = Counter(name.lower() for entry in shipped_lexicon() for name in (entry.product, *entry.synonyms))
    assert [name for name, times in names.items() if times > 1] == []


def test_no_product_is_confused_with_itself() -> None:
    for entry in shipped_lexicon():
        assert not {entry.product, *entry.synonyms} & set(entry.confused_with)
