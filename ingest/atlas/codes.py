"""The catalogue codes that links name (目录代码): tax goods codes and classes of GB/T 4754-2017.

`codes.tsv` holds the codes in use with their names: code, name; facts of two government tables (SOURCE.txt).
"""

from dataclasses import replace
from functools import cache
from importlib.resources import files

from ingest.atlas.structure import Structure
from ingest.faults import Fault, shown


@cache
def code_names() -> dict[str, str]:
    """The name of each code, by `tax:…` or `gb4754:…`."""
    text = (files("ingest.atlas") / "codes.tsv").read_text(encoding="utf-8")
    return dict(line.split("\t") for line in text.splitlines())


def unknown_codes(structure: Structure) -> list[Fault]:
    """A fault for each code of a link that neither catalogue knows."""
    known = code_names()
    faults = []
    for link in structure.links.values():
        for column, scheme, codes in (("tax", "tax", link.tax_codes), ("classes", "gb4754", link.classes)):
            for code in codes:
                if f"{scheme}:{code}" not in known:
                    message = f"代码“{shown(code)}”不在目录中。请按目录改正, 或把它补进 codes.tsv。"
                    faults.append(
                        replace(
                            structure.places[link.code],
                            code="atlas.code_unknown",
                            message=message,
                            column=column,
                            value=shown(code),
                        )
                    )
    return faults
