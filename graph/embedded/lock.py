"""One data folder, one owner (启动锁). The kernel drops the lock when its owner ends, however it ends."""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from graph.embedded.errors import HomeHeldError
from graph.embedded.private_files import read_note, write_note

_LOCK = "owner.lock"
_NOTE = "owner.json"
# A killed owner's forked children can hold its lock for the moment that they need to end.
_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Owner:
    """A process that has a data folder open; `since` is a UTC time."""

    pid: int
    command: str
    since: str

    def __str__(self) -> str:
        me = "，即本进程" if self.pid == os.getpid() else ""
        return f"进程 {self.pid}（{self.command}{me}，自 {self.since} 起）"


class HomeLock:
    """The right to run engines on `home`. Raises HomeHeldError, naming the holder, while another has it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        # Not per thread: engines may be stopped by another thread than the one that started them.
        self._lock = FileLock(home / _LOCK, mode=0o600, thread_local=False)

    def acquire(self) -> None:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                self._lock.acquire(timeout=0)
                break
            except Timeout as error:
                owner = owner_of(self.home)
                if owner is not None or time.monotonic() > until:
                    raise _held(self.home, owner) from error
            time.sleep(0.05)
        since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        me = psutil.Process()
        write_note(self.home / _NOTE, {"pid": me.pid, "created": me.create_time(), "since": since})

    def release(self) -> None:
        if self._lock.is_locked:
            (self.home / _NOTE).unlink(missing_ok=True)
            self._lock.release()


def owner_of(home: Path) -> Owner | None:
    """The living process that owns `home`, or None where no owner is known. Takes no lock and changes nothing."""
    note = read_note(home / _NOTE)
    try:
        process = psutil.Process(int(note["pid"]))
        if abs(process.create_time() - float(note["created"])) > 2:
            return None
        return Owner(process.pid, " ".join(process.cmdline()[:3]), str(note["since"]))
    except (KeyError, TypeError, ValueError, psutil.Error):
        return None


def _held(home: Path, owner: Owner | None) -> HomeHeldError:
    if owner is not None:
        return HomeHeldError(home, str(owner), "请先结束那个进程，或用 QL_HOME 指定另一个目录。")
    return HomeHeldError(
        home,
        "一个未知进程（可能是已结束进程留下的子进程）",
        f"请用 lsof {home / _LOCK} 找到它并结束它，或用 QL_HOME 指定另一个目录。",
    )
