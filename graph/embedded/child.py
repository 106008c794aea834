"""One engine process (子进程): started in its own group, ended with its parent, its last words kept."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from graph.embedded.orphans import Trace, leave_trace, wipe_trace

TAIL_LINES = 15
# 1 is PR_SET_PDEATHSIG. A parent that ended before the call sends nothing any more, so it is looked for after.
_TIE = """\
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, int(signal.SIGTERM))
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""
_KEPT_VARIABLES = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "TZ")


class Child:
    """Runs `command` in `folder`; `mark` is the argument by which it is known as ours after a crash.

    What it prints goes to `console`, which starts empty.
    """

    def __init__(self, command: Sequence[str], folder: Path, console: Path, mark: str) -> None:
        self._command = list(command)
        self._folder = folder
        self._console = console
        self._mark = mark
        self._ended = threading.Event()
        self._started = threading.Event()
        self._failure: BaseException | None = None
        self._process: subprocess.Popen[bytes] | None = None
        # On Linux the death signal follows the thread that forked, so that thread must live as long as the child.
        self._warden = threading.Thread(target=self._run, name=f"warden-{folder.name}", daemon=True)

    def start(self) -> None:
        """Raises OSError when the program cannot be started."""
        self._warden.start()
        self._started.wait()
        if self._process is None:
            raise self._failure or OSError(f"cannot start {self._command[0]}")
        leave_trace(self._folder, Trace.of(self._process.pid, self._mark))

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative is a signal."""
        return self._process.returncode if self._process and self._ended.is_set() else None

    def stop(self, grace: float) -> None:
        """SIGTERM, then SIGKILL after `grace` seconds. Does nothing more once it has ended."""
        if self._warden.ident is not None:
            self._started.wait()
        process = self._process
        if process is not None and not self._ended.is_set():
            process.send_signal(signal.SIGTERM)
            if not self._ended.wait(grace):
                process.kill()
                self._ended.wait()
        wipe_trace(self._folder)

    def _run(self) -> None:
        try:
            with self._console.open("wb") as out:
                self._process = subprocess.Popen(
                    _tied_to(os.getpid(), self._command),
                    cwd=self._folder,
                    env=_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    umask=0o077,
                    # Ctrl-C in a terminal must reach only the owner, which then stops the engines in order.
                    process_group=0,
                )
        except BaseException as error:
            self._failure = error
            return
        finally:
            self._started.set()
        self._process.wait()
        self._ended.set()


def tail(*logs: Path) -> tuple[str, ...]:
    """The last lines of `logs`, one after another, blank ones left out."""
    lines: list[str] = []
    for log in logs:
        if log.exists():
            with log.open("rb") as text:
                text.seek(max(0, log.stat().st_size - 16_384))
                lines += [line for line in text.read().decode("utf-8", "replace").splitlines() if line.strip()]
    return tuple(lines[-TAIL_LINES:])


def _environment() -> dict[str, str]:
    # Our own secrets and foreign JAVA_TOOL_OPTIONS stay out; UTF-8 lets Java open folders with Chinese names.
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"}


def _tied_to(parent: int, command: Sequence[str]) -> list[str]:
    """`command`, run so that on Linux the kernel ends it when its parent's thread ends, even by kill -9."""
    if sys.platform != "linux":
        return list(command)
    # A step of its own instead of preexec_fn, which can deadlock in a process that has other threads.
    return [sys.executable, "-I", "-S", "-c", _TIE, str(parent), *command]
