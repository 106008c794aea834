"""Runs a server as a child and ends it when whoever started the guard is gone, however it went.

`python guard.py COMMAND…`, with a pipe as standard input: the kernel closes the pipe when the parent
ends, killed or not, and then the guard kills its child. It exits with the child's code otherwise.
"""

import os
import select
import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Waits for the child or for the end of standard input, whichever comes first."""
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    while child.poll() is None:
        readable, _, _ = select.select([0], [], [], 0.2)
        if readable and not os.read(0, 4096):
            child.kill()
            child.wait()
    return child.returncode


COMMAND = [sys.executable, str(Path(__file__))]

if __name__ == "__main__":
    sys.exit(main())
