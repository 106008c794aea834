"""Where the unix socket lies (套接字): in the data folder, unless its path is too long for the kernel."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from graph.embedded.errors import UnsafeFolderError

# sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero.
_LONGEST = 103
_NAME = "redis.sock"


def socket_path(data: Path) -> Path:
    """The socket's path for the engine on `data`; its folder exists and is ours alone. Raises UnsafeFolderError."""
    near = data / _NAME
    if len(os.fsencode(near)) <= _LONGEST:
        return near
    name = f"ql-{os.getuid()}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    folder = Path(tempfile.gettempdir()) / name
    if len(os.fsencode(folder / _NAME)) > _LONGEST:
        folder = Path("/tmp") / name
    folder.mkdir(mode=0o700, exist_ok=True)
    # Others can write to the temp folder: a folder that someone else laid there must not be trusted.
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise UnsafeFolderError(folder)
    return folder / _NAME


def clear_socket(path: Path, data: Path) -> None:
    """Remove the socket, and its folder where that was made for it alone."""
    path.unlink(missing_ok=True)
    if path.parent != data:
        path.parent.rmdir()
