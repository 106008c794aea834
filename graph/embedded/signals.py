"""SIGTERM and SIGHUP (终止信号) turned into an exit that runs `finally` blocks, while engines are running."""

import signal
import threading
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


class OrderlyExit:
    """Where nobody handles the signals, they end the process at once and no engine is stopped in order.

    A handler that is already there is left alone, and outside the main thread nothing can be set.
    """

    def __init__(self) -> None:
        self._set: list[signal.Signals] = []

    def install(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        for number in _SIGNALS:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _leave)
                self._set.append(number)

    def remove(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        while self._set:
            number = self._set.pop()
            if signal.getsignal(number) is _leave:
                signal.signal(number, signal.SIG_DFL)
