"""The life of a worker process, as it sees it: it learns what the work is, and does one job after another."""

from __future__ import annotations

import os
import pickle
import signal
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any

from sim.runs.crews import Work, out_of_memory
from sim.runs.stopping import STOPPING
from sim.scenario.faults import SuasionError

# The first word of all that a worker says.
READY, DONE, MEMORY, RAISED = range(4)


def serve(pipe: Connection[Any, Any]) -> None:
    """Works until the parent goes away or kills this process. What comes through the pipe was sent by the parent, and nobody else."""
    inbox = attended(pipe)
    try:
        work = pickle.loads(inbox.get())
    except Exception as error:
        pipe.send_bytes(_raised(error))
        return
    pipe.send_bytes(pickle.dumps((READY, None)))
    while True:
        pipe.send_bytes(_reply(work, inbox.get()))


def attended(pipe: Connection[Any, Any]) -> SimpleQueue[bytes]:
    """What the parent sends, taken in while this process does something else; when the parent is gone, so is this process.

    It is deaf to what stops a program, also where it was not started so.
    """
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
    inbox: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(pipe, inbox), daemon=True).start()
    return inbox


def _listen(pipe: Connection[Any, Any], inbox: SimpleQueue[bytes]) -> None:
    try:
        while True:
            inbox.put(pipe.recv_bytes())
    finally:
        os._exit(1)


def _reply(work: Work, content: bytes) -> bytes:
    """What a job left, ready to be sent."""
    try:
        return pickle.dumps((DONE, work(pickle.loads(content))), protocol=pickle.HIGHEST_PROTOCOL)
    except MemoryError as error:
        return pickle.dumps((MEMORY, out_of_memory(error)))
    except Exception as error:
        return _raised(error)


def _raised(error: Exception) -> bytes:
    """An error of the work with the place where it arose; in words, where the error itself cannot travel."""
    if not isinstance(error, SuasionError):
        error.add_note("".join(traceback.format_exception(error)).rstrip())
    with suppress(Exception):
        content = pickle.dumps((RAISED, error))
        pickle.loads(content)
        return content
    told = SuasionError(str(error)) if isinstance(error, SuasionError) else RuntimeError(f"{type(error).__name__}: {error}")
    told.__dict__.update({name: value for name, value in vars(error).items() if name in ("exit_code", "__notes__")})
    return pickle.dumps((RAISED, told))
