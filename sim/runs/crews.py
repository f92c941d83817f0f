"""Who does the work: what a crew promises, the jobs it is given, and the simplest crew of all, this process alone."""

from __future__ import annotations

import math
import os
import signal
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, Protocol, TypeVar

Receipt_co = TypeVar("Receipt_co", covariant=True)
Work = Callable[[Any], Any]

CRASHED, TIMEOUT, UNBEGUN = "crashed", "timeout", "unbegun"


class Job(Protocol[Receipt_co]):
    """Some rows to be made, by whoever takes them."""

    @property
    def rows(self) -> int:
        """How many histories."""

    @property
    def blocks(self) -> int:
        """How many blocks they make: time limits and recycling count blocks."""

    def split(self) -> Sequence[Job[Receipt_co]]:
        """The same rows in smaller jobs; none when there is one row."""

    def lost(self, status: str, error: str) -> Receipt_co:
        """Takes down, in the parent, that a row could not be made."""


@dataclass(frozen=True)
class Ticket:
    """A job on its way: how long it may take, and how often it was lost as a single row.

    Units: seconds, infinite for no limit.
    """

    job: Job[Any]
    seconds: float = math.inf
    losses: int = 0

    @property
    def late(self) -> str:
        """What is said of a job that did not end in time."""
        return f"did not end within {self.seconds:g} s"


@dataclass(frozen=True)
class Ending:
    """How a job ended: with its receipt when status is empty, else crashed, timeout, or unbegun through no fault of its own."""

    ticket: Ticket
    receipt: Any = None
    status: str = ""
    error: str = ""


class Team(ABC):
    """A crew at work."""

    @abstractmethod
    def room(self) -> int:
        """How many more jobs it would take now."""

    @abstractmethod
    def take(self, ticket: Ticket) -> None:
        """Accepts a job."""

    @abstractmethod
    def endings(self) -> list[Ending]:
        """Waits until at least one job has ended, and says how.

        Raises: what the work itself raised, except MemoryError; SuasionError when the team cannot go on.
        """

    @abstractmethod
    def leave(self) -> None:
        """Ends the work at once, finished or not."""


class Crew(Protocol):
    """Those who will do the work: how many they are, and how they are brought together."""

    @property
    def workers(self) -> int:
        """How many jobs are worked on at a time."""

    def team(self, work: Work) -> Team:
        """The crew at work, each knowing what is to be done with a job."""


def out_of_memory(error: MemoryError) -> str:
    """What is said of a job that asked for more memory than there is."""
    return f"ran out of memory (MemoryError: {error})" if str(error) else "ran out of memory (MemoryError)"


def cores() -> int:
    """How many cores this process may use, which a batch system or a container may have limited."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


@dataclass(frozen=True)
class Serial:
    """This process alone. Nothing is started, and a run that kills its process kills this one."""

    workers: int = 1

    def team(self, work: Work) -> Team:
        """This process at work."""
        return _Alone(work)


class _Alone(Team):
    """One job at a time, done while its ending is waited for."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._ticket: Ticket | None = None

    def room(self) -> int:
        """One when it has nothing to do."""
        return int(self._ticket is None)

    def take(self, ticket: Ticket) -> None:
        """Lays a job ready."""
        self._ticket = ticket

    def endings(self) -> list[Ending]:
        """Does the job."""
        assert self._ticket is not None
        ticket, self._ticket = self._ticket, None
        try:
            with alarm(ticket.seconds):
                return [Ending(ticket, self._work(ticket.job))]
        except Overdue:
            return [Ending(ticket, status=TIMEOUT, error=ticket.late)]
        except MemoryError as error:
            return [Ending(ticket, status=CRASHED, error=out_of_memory(error))]

    def leave(self) -> None:
        """Nobody else is at work."""


class Overdue(BaseException):
    """The alarm rang. Not an Exception, so that work which catches its own errors lets it through."""


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Rings after some seconds, where this can be done: in the main thread of a system with SIGALRM that nobody else uses.

    Python looks up between two of its own steps only, so a call into compiled code is interrupted when it comes back.

    Raises: Overdue.
    """
    in_use = hasattr(signal, "SIGALRM") and signal.getsignal(signal.SIGALRM) not in (signal.SIG_DFL, signal.SIG_IGN, _ring)
    if math.isinf(seconds) or in_use or not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(number: int, frame: FrameType | None) -> None:
    raise Overdue
