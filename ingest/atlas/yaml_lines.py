"""YAML whose mappings know the line they stand on (带行号的 YAML), so that a fault can name it."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from ingest.faults import Fault, RefusedFile, size_fault

LINE = "__line__"
_MAX_BYTES = 8 * 2**20


class _Loader(yaml.SafeLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        mapping = super().construct_mapping(node, deep)
        mapping[LINE] = node.start_mark.line + 1
        return mapping


def read_yaml(path: Path) -> list[Any]:
    """The documents of the file, empty ones left out. Raises RefusedFile."""
    if fault := size_fault(path, _MAX_BYTES):
        raise RefusedFile([fault])
    try:
        # The loader derives from SafeLoader and adds a line number, nothing else.
        documents = yaml.load_all(path.read_text(encoding="utf-8"), _Loader)
        return [document for document in documents if document is not None]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        raise RefusedFile(
            [Fault(path.name, "atlas.not_yaml", "不是有效的 YAML。请检查缩进和冒号。", row=row)]
        ) from None
