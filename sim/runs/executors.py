"""Where jobs are done, and what becomes of those that are lost: split until the row that loses them is known, and it alone is given up."""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from sim.runs.crews import UNBEGUN, Crew, Ending, Job, Serial, Ticket, cores
from sim.runs.lent import Lent
from sim.runs.workers import Local
from sim.scenario.faults import SuasionError, unknown

__all__ = ["LIMIT", "Crew", "Job", "carry_out", "executor_of", "on_workers"]

Receipt = TypeVar("Receipt")
Input = TypeVar("Input")
Output = TypeVar("Output")

# How long a block may take where nobody says otherwise. Units: seconds.
LIMIT = 120.0
NAMES = ("local", "serial", "dask")
_ADDRESS = re.compile(r"dask://([^/\s:]+|\[[0-9a-fA-F:]+\]):(\d{1,5})/?")


def executor_of(words: str | Executor, workers: int | None = None) -> Crew:
    """The crew that a command line or a caller means.

    Args: words, `local`, `serial`, `dask` (a cluster of this machine, started and closed here), `dask://host:port` (a cluster that
    runs already), or any concurrent.futures Executor; workers, how many, by default one a core.

    Raises: SuasionError for other words, where dask is not installed, and where no scheduler answers.
    """
    if workers is not None and workers < 1:
        raise SuasionError(f"workers must be a whole number from 1, found {workers}")
    if not isinstance(words, str):
        return Lent(words, workers)
    if words == "serial":
        return Serial()
    if words == "local":
        return Local(workers or cores())
    if words == "dask" or words.startswith("dask:"):
        from sim.runs.clusters import Dask

        return Dask.of(None if words == "dask" else _scheduler(words), workers)
    raise SuasionError(f"{unknown('executor', words, NAMES)}; dask://HOST:PORT joins a cluster that runs already")


def _scheduler(words: str) -> str:
    found = _ADDRESS.fullmatch(words)
    if found is None or not 0 < int(found[2]) < 65536:
        raise SuasionError(f"a dask cluster is joined by dask://HOST:PORT, such as dask://login1:8786; found '{words}'")
    return f"tcp://{found[1]}:{found[2]}"


def carry_out(
    work: Callable[[Any], Receipt], jobs: Iterable[Job[Receipt]], crew: Crew | Executor, *, limit: float = LIMIT
) -> Iterator[Receipt]:
    """Receipts of jobs as they come, in any order, every row in exactly one of them.

    A job whose worker dies, which asks for too much memory, or which takes longer than `limit` for each of its blocks, is split and its
    pieces are tried again, down to one row; that row is tried twice and then given up by `Job.lost`. Jobs are pulled only when somebody
    is free to take them, after the receipts before them were handed out. Closing the iterator, or an exception, ends the workers.

    Units: limit in seconds.
    Raises: what the work raised, except MemoryError; SuasionError when the crew cannot go on.
    """
    team = (executor_of(crew) if isinstance(crew, Executor) else crew).team(work)
    course = _Course(jobs, limit)
    out = 0
    try:
        while True:
            while team.room() > 0 and (ticket := course.following()) is not None:
                team.take(ticket)
                out += 1
            if not out:
                return
            for ending in team.endings():
                out -= 1
                yield from course.settled(ending)
    finally:
        team.leave()


class _Course(Generic[Receipt]):
    """The jobs still to be done: those that come back, then those that were never given out."""

    def __init__(self, jobs: Iterable[Job[Receipt]], limit: float) -> None:
        self._coming = iter(jobs)
        self._again: deque[Ticket] = deque()
        self._limit = limit

    def following(self) -> Ticket | None:
        """The next job, or nothing at the end."""
        if self._again:
            return self._again.popleft()
        job = next(self._coming, None)
        return None if job is None else self._ticket(job)

    def _ticket(self, job: Job[Receipt]) -> Ticket:
        return Ticket(job, self._limit * max(1, job.blocks))

    def settled(self, ending: Ending) -> list[Receipt]:
        """The receipt of a job that ended well or is given up; of a job that is tried again, in pieces where it can be, none."""
        ticket, job = ending.ticket, ending.ticket.job
        if not ending.status:
            return [ending.receipt]
        if ending.status == UNBEGUN:
            self._again.appendleft(ticket)
            return []
        pieces = job.split() if job.rows > 1 else ()
        if len(pieces) > 1:
            self._again.extendleft(self._ticket(piece) for piece in reversed(pieces))
            return []
        if not ticket.losses:
            self._again.append(replace(ticket, losses=1))
            return []
        return [job.lost(ending.status, ending.error)]


@dataclass(frozen=True)
class _Piece:
    """A job of `on_workers`: nobody knows what is in it, so it cannot be split or given up."""

    content: Any
    rows: int = 1
    blocks: int = 1

    def split(self) -> Sequence[Job[Any]]:
        """Nothing."""
        return ()

    def lost(self, status: str, error: str) -> Any:
        """Raises: SuasionError."""
        raise SuasionError(f"a part of the work was lost twice: {error}")


@dataclass(frozen=True)
class _Opened:
    """Work on what is in a piece."""

    work: Callable[[Any], Any]

    def __call__(self, piece: _Piece) -> Any:
        return self.work(piece.content)


def on_workers(work: Callable[[Input], Output], jobs: Sequence[Input], workers: int) -> Iterator[Output]:
    """Results as they come, in any order, from processes of this machine; stopping early stops them.

    A piece whose worker dies is tried once more.

    Raises: what the work raised; SuasionError for a piece that was lost twice.
    """
    yield from carry_out(_Opened(work), map(_Piece, jobs), Local(min(workers, max(1, len(jobs)))), limit=math.inf)
