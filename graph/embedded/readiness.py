"""Waiting for engines (就绪等待): all at once, each asked by its own thread, with one deadline."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from graph.embedded.errors import EngineError, NotReadyError

_PAUSE = 0.03


class Engine(Protocol):
    """A managed engine: `spawn` starts it, `answers` asks it, `check` raises once it cannot get ready."""

    @property
    def name(self) -> str: ...
    @property
    def log(self) -> Path: ...
    def spawn(self) -> None: ...
    def answers(self) -> bool: ...
    def check(self) -> None: ...
    def log_tail(self) -> tuple[str, ...]: ...
    def stop(self) -> None: ...


class _Asker:
    """Asks one engine until it answers. A thread, so that an engine that hangs cannot hang the deadline."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.ready = threading.Event()
        self.failure: EngineError | None = None
        self._over = threading.Event()
        threading.Thread(target=self._ask, name=f"ask-{engine.name}", daemon=True).start()

    def end(self) -> None:
        self._over.set()

    def _ask(self) -> None:
        while not self._over.is_set():
            try:
                if self.engine.answers():
                    self.ready.set()
                    return
            except EngineError as error:
                self.failure = error
                return
            self._over.wait(_PAUSE)


def wait_until_ready(engines: Sequence[Engine], seconds: float) -> None:
    """Return when every engine answers; raise the first EngineError that stands in the way."""
    until = time.monotonic() + seconds
    askers = [_Asker(engine) for engine in engines]
    try:
        for asker in askers:
            while not asker.ready.wait(_PAUSE):
                for other in askers:
                    other.engine.check()
                    if other.failure is not None:
                        raise other.failure
                if time.monotonic() > until:
                    engine = asker.engine
                    raise NotReadyError(engine.name, seconds, engine.log, engine.log_tail())
    finally:
        for asker in askers:
            asker.end()
