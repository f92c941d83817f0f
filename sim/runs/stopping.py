"""Being told to stop: by Ctrl-C, by a batch system's SIGTERM, by a terminal that closes."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# What a shell adds to the number of a signal to make an exit code.
BY_SIGNAL = 128
SHOW_CURSOR = "\x1b[?25h"


class Stopped(KeyboardInterrupt):
    """The program was told to stop, by a signal other than that of Ctrl-C. Like KeyboardInterrupt it passes through `except Exception`."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by {signal.Signals(number).name}")
        self.number = number

    @property
    def exit_code(self) -> int:
        """143 after SIGTERM, 129 after SIGHUP."""
        return BY_SIGNAL + self.number


@contextmanager
def stoppable() -> Iterator[None]:
    """Turns the first signal to stop into an exception, so that all is put away in order; a second leaves at once.

    For a program that then leaves: once it was told, the next signal ends it even after this block. A signal that it was started to
    ignore, as under nohup, stays ignored. Outside the main thread nothing changes.

    Raises: KeyboardInterrupt for Ctrl-C, Stopped for the others.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    told: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        told.append(number)
        if len(told) > 1:
            _leave(number)
        raise KeyboardInterrupt if number == signal.SIGINT else Stopped(number)

    before = {number: signal.getsignal(number) for number in STOPPING}
    changed = {number: action for number, action in before.items() if action not in (signal.SIG_IGN, None)}
    for number in changed:
        signal.signal(number, hear)
    try:
        yield
    finally:
        if not told:
            for number, action in changed.items():
                signal.signal(number, action)


def _leave(number: int) -> None:
    """Goes without another word. Workers notice that their parent is gone; half-written files are cleared by the next run."""
    with suppress(OSError, ValueError, AttributeError):
        if sys.stderr.isatty():
            os.write(sys.stderr.fileno(), SHOW_CURSOR.encode())
    os._exit(BY_SIGNAL + number)
