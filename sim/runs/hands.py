"""Processes of this machine that work for this one: how they are started, deaf to Ctrl-C and with one thread each, and how they go."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any

from sim.runs.stopping import STOPPING
from sim.scenario.faults import SuasionError

START_METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
PRELOADED = ("sim.model",)
# So many in a row that end before they begin are no accident.
MOST_STILLBORN = 10
# A worker takes three open files of its parent, and some must be left for everything else.
FILES_A_WORKER, FILES_KEPT = 3, 24
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")

Context = ForkServerContext | SpawnContext


class Hand:
    """A process of this machine and our end of the pipe to it. It is told to go by closing the pipe, or killed.

    Args: start_method, `forkserver` or `spawn`; life, what it does, with its end of the pipe first; preloaded, modules that are imported
    before it is forked; main, whether it must know what is defined in the program's own file.
    Raises: OSError, EOFError, when the system has no room for it.
    """

    process: BaseProcess
    pipe: Connection[Any, Any]

    def __init__(
        self,
        start_method: str,
        life: Callable[..., None],
        args: tuple[object, ...] = (),
        *,
        preloaded: Sequence[str] = PRELOADED,
        main: bool = False,
    ) -> None:
        for tries_left in (1, 0):
            try:
                with nullcontext() if main else main_unread():
                    self.process, self.pipe = _born(_context(start_method, preloaded), life, args)
                return
            except (OSError, EOFError):
                # The server that forks them may have been killed; the second try starts another.
                if not tries_left:
                    raise

    @property
    def end(self) -> str:
        """How the process ended."""
        code = self.process.exitcode
        if code is None:
            return "does not end"
        if code == -signal.SIGKILL:
            return "was killed by SIGKILL, as the system does when memory runs out"
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"left with exit code {code}"


def _born(context: Context, life: Callable[..., None], args: tuple[object, ...]) -> tuple[BaseProcess, Connection[Any, Any]]:
    """A process, and our end of the pipe to it."""
    pipe, theirs = context.Pipe()
    process = context.Process(target=life, args=(theirs, *args), name="suasion worker", daemon=True)
    try:
        if isinstance(context, ForkServerContext):
            # Only the server must be deaf from the start. To wait for it, which may take long, is left interruptible.
            with unhearing():
                forkserver.ensure_running()
            process.start()
        else:
            with unhearing():
                process.start()
    except BaseException:
        pipe.close()
        raise
    finally:
        theirs.close()
    return process, pipe


def _context(start_method: str, preloaded: Sequence[str]) -> Context:
    if start_method == "forkserver":
        forkserver.set_forkserver_preload(list(preloaded))
        return multiprocessing.get_context("forkserver")
    if start_method == "spawn":
        return multiprocessing.get_context("spawn")
    raise ValueError(f"workers are started by forkserver or spawn, found '{start_method}'")


def stillborn(reason: str) -> SuasionError:
    """What is said when processes end again and again before they begin."""
    return SuasionError(f"worker processes do not come up: the last {reason}; --executor serial works without them")


def unstarted(error: Exception) -> SuasionError:
    """What is said when not a single process can be started."""
    return SuasionError(f"no worker process could be started ({type(error).__name__}: {error}); --executor serial works without them")


def dismiss(hands: Sequence[Hand]) -> None:
    """Ends processes at once, whatever they do. One that the kernel itself holds up is waited for a second only."""
    for hand in hands:
        if hand.process.is_alive():
            hand.process.kill()
        hand.pipe.close()
    until = time.monotonic() + 1.0
    for hand in hands:
        hand.process.join(max(0.0, until - time.monotonic()))


def affordable(workers: int, each: int = FILES_A_WORKER) -> int:
    """How many workers, of so many files each, the limit on open files leaves room for; at least one."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return workers if limit == resource.RLIM_INFINITY else max(1, min(workers, (limit - FILES_KEPT) // each))


@contextmanager
def main_unread() -> Iterator[None]:
    """Processes started meanwhile do not run the program's own file, as Python has them do to learn what is defined there.

    So a script needs no `if __name__ == "__main__"` to be the program of workers.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def unhearing() -> Iterator[None]:
    """Processes started meanwhile use one thread each, and never hear Ctrl-C, SIGTERM or SIGHUP: their parent decides when they go."""
    # Started later, it would let the signals through again.
    resource_tracker.ensure_running()
    threads = {name: os.environ.get(name) for name in ONE_THREAD}
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        for name, value in threads.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)
