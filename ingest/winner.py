"""Which code two firms keep when they become one (合并后的代码)."""

from ingest.uscc import uscc_fault


def winner_of(left: str, right: str) -> str:
    """The code that is a sound USCC, else the smaller: the same whichever is named first."""
    return min(left, right, key=lambda code: (uscc_fault(code) is not None, code))
