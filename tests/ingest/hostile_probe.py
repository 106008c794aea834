"""Reads one file in a process of its own and prints what became of it: `python -m tests.ingest.hostile_probe FILE`.

A process of its own, because the peak memory of ended children is kept for the whole life of their parent.
"""

import json
import resource
import sys
import time
from pathlib import Path

from ingest.faults import RefusedFile
from ingest.tables import open_sheets


def main(path: Path) -> None:
    """Print the codes or the cells, and what the parsing child used."""
    start = time.monotonic()
    said: dict[str, object] = {"codes": [], "cells": []}
    try:
        sheets = open_sheets(path)
        said["cells"] = [c for s in sheets for row in s.rows[:5] for c in row[:5] if isinstance(c, str) and len(c) < 50]
    except RefusedFile as refused:
        said["codes"] = [fault.code for fault in refused.faults]
        said["messages"] = [fault.message for fault in refused.faults]
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    said["child_mib"] = used.ru_maxrss / (1024 if sys.platform != "darwin" else 2**20)
    said["seconds"] = time.monotonic() - start
    print(json.dumps(said, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
