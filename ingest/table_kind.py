"""What a kind of table holds (表格种类), as data: its fields, how people head them, and what a template says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One column that a table of a kind can have. `header` is what our own template writes above it.

    `key` names the field to the program. `synonyms` are other headers that people use; `needed` fields must be
    there. A `money` column is in CNY once its unit is known; a `quantity` column may name its unit in its header,
    as 年产能（吨）does. `note` and `examples` explain the field in the template, one example an example row.
    """

    key: str
    header: str
    synonyms: tuple[str, ...] = ()
    needed: bool = False
    money: bool = False
    note: str = ""
    examples: tuple[str, ...] = ()
    quantity: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every header under which the field is known, our own first."""
        return self.header, *self.synonyms


@dataclass(frozen=True, slots=True)
class TableKind:
    """A kind of table. `name` begins the code of every fault of such a table (`plan.header.missing`).

    A header is taken where it is recognised with at least the confidence `accepts` (0..1); see `headers.guesses`
    for what the numbers mean. The first needed field is the one by which a row counts as filled.
    """

    name: str
    title: str
    fields: tuple[FieldSpec, ...]
    accepts: float = 0.65

    def field(self, key: str) -> FieldSpec:
        """The field of that key. Raises KeyError."""
        for spec in self.fields:
            if spec.key == key:
                return spec
        raise KeyError(key)

    @property
    def main(self) -> FieldSpec:
        """The field without which a row is no row: the first needed one, else the first."""
        return next((spec for spec in self.fields if spec.needed), self.fields[0])

    @property
    def headers(self) -> str:
        """The headers of the template as a message lists them."""
        return "、".join(spec.header for spec in self.fields)
