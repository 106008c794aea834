"""The data folder (数据目录) before an engine touches it: there, ours to write, and with room left."""

import errno
import os
import shutil
from pathlib import Path

from graph.embedded.errors import HomeNotWritableError, NoSpaceError

NEEDED_MB = 500


def free_mb(home: Path) -> int:
    """Free space for this user on the disk that holds `home` or its nearest existing parent, in MB (10^6 bytes)."""
    there = home.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    return shutil.disk_usage(there).free // 1_000_000


def prepare_home(home: Path, needed_mb: int) -> Path:
    """Make `home` and give its real path. Raises HomeNotWritableError or NoSpaceError."""
    try:
        # A folder that is there already keeps its mode: it may hold more than ours. Ours below it are private.
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        real = home.resolve()
        probe = real / f".write-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpaceError(home, free_mb(home), needed_mb) from error
        raise HomeNotWritableError(home, error.strerror or str(error)) from error
    left = free_mb(real)
    if left < needed_mb:
        raise NoSpaceError(home, left, needed_mb)
    return real
