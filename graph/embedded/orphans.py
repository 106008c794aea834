"""Engines that outlived their owner (遗留进程): known by a trace beside the data, ended before a new start.

A process is ended only if it is certainly ours: same id, same birth, our mark on its command line, and
working in this very folder. So a copy of a data folder never ends the engine of the original.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from graph.embedded.errors import ProcessStuckError
from graph.embedded.private_files import read_note, write_note

_FILE = "engine.pid.json"


@dataclass(frozen=True, slots=True)
class Trace:
    """What is written down about a running engine; `created` is in seconds since the epoch."""

    pid: int
    created: float
    mark: str

    @classmethod
    def of(cls, pid: int, mark: str) -> "Trace":
        try:
            created = psutil.Process(pid).create_time()
        except psutil.NoSuchProcess:
            created = 0.0
        return cls(pid, created, mark)


def leave_trace(folder: Path, trace: Trace) -> None:
    """Write down which process works in `folder`."""
    write_note(folder / _FILE, asdict(trace))


def wipe_trace(folder: Path) -> None:
    """Forget the process of `folder`, once it has ended."""
    (folder / _FILE).unlink(missing_ok=True)


def end_orphan(folder: Path, name: str, grace: float) -> None:
    """End the engine that a killed owner left working in `folder`, if there is one.

    Raises ProcessStuckError when it outlives SIGTERM, `grace` seconds and SIGKILL.
    """
    orphan = _orphan(folder)
    if orphan is not None:
        for strike, patience in ((orphan.terminate, grace), (orphan.kill, 5.0)):
            if _gone_after(orphan, strike, patience):
                break
        else:
            raise ProcessStuckError(name, orphan.pid)
    wipe_trace(folder)


def _orphan(folder: Path) -> psutil.Process | None:
    note = read_note(folder / _FILE)
    try:
        process = psutil.Process(int(note["pid"]))
        # The kernel's boot time, and with it every birth, can move a little when the clock is set.
        same_birth = abs(process.create_time() - float(note["created"])) < 2
        marked = note["mark"] in process.cmdline()
        here = folder.samefile(process.cwd())
    except (KeyError, TypeError, ValueError, OSError, psutil.Error):
        return None
    return process if same_birth and marked and here else None


def _gone_after(process: psutil.Process, strike: Callable[[], None], patience: float) -> bool:
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        strike()
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            # Where nothing reaps it, a dead orphan stays as a zombie: it holds no file and no port any more.
            if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False
