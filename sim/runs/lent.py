"""An executor that a caller hands in: anything that takes calls and gives futures, as concurrent.futures has it."""

from __future__ import annotations

import math
import time
from abc import abstractmethod
from concurrent.futures import BrokenExecutor, CancelledError, Executor
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from sim.runs.crews import CRASHED, TIMEOUT, Ending, Team, Ticket, Work, cores, out_of_memory
from sim.scenario.faults import SuasionError

# Jobs given out for each worker, so that none waits for its next.
AHEAD = 2


@dataclass(frozen=True)
class Lent:
    """The workers of somebody else's executor, which is used and never shut down.

    Args: number, how many workers it has, where it does not say so itself.
    """

    executor: Executor
    number: int | None = None

    @property
    def workers(self) -> int:
        """How many it has, as told, or as executors of the standard library, of loky and of mpi4py say; else one a core."""
        said = (getattr(self.executor, name, None) for name in ("num_workers", "_max_workers"))
        return self.number or next((number for number in said if isinstance(number, int) and number > 0), cores())

    def team(self, work: Work) -> Team:
        """The executor at work."""
        return _Borrowed(self.executor, self.workers, work)


class NotYet(Exception):
    """A receipt that was there is lost, and is being made again."""


class Futures(Team):
    """Jobs given out as futures, which say themselves when they are done."""

    def __init__(self) -> None:
        self.out: dict[int, tuple[Ticket, Any]] = {}
        # Jobs that were done, and whose receipts are to be made again.
        self.lacking: set[int] = set()
        self._done: SimpleQueue[int] = SimpleQueue()
        self._given = 0

    def take(self, ticket: Ticket) -> None:
        """Gives a job out."""
        number, self._given = self._given, self._given + 1
        future = self.submitted(ticket)
        self.out[number] = ticket, future
        future.add_done_callback(lambda _: self._done.put(number))

    def endings(self) -> list[Ending]:
        """Waits for the first future to be done or late, and takes what else has come meanwhile."""
        ended: list[Ending] = []
        while not ended:
            for number in self._finished():
                ended += self._settled(number)
            for number in self.late():
                ticket, future = self.out.pop(number)
                self.give_up(number, future)
                ended.append(Ending(ticket, status=TIMEOUT, error=ticket.late))
        return ended

    def again(self) -> None:
        """Looks once more for the receipts that are lacking."""
        for number in self.lacking:
            self._done.put(number)
        self.lacking.clear()

    def _finished(self) -> list[int]:
        """Waits for a future to be done, no longer than nobody can be late, and takes what else has come meanwhile."""
        numbers: list[int] = []
        patience = self.patience()
        with suppress(Empty):
            numbers.append(self._done.get(timeout=None if math.isinf(patience) else max(0.0, patience)))
            while True:
                numbers.append(self._done.get_nowait())
        return numbers

    def _settled(self, number: int) -> list[Ending]:
        """How a job ended; nothing, when it had been given up."""
        self.forgotten(number)
        if number not in self.out:
            return []
        ticket, future = self.out[number]
        try:
            ending = Ending(ticket, self.result(future))
        except NotYet:
            self.lacking.add(number)
            return []
        except MemoryError as error:
            ending = Ending(ticket, status=CRASHED, error=out_of_memory(error))
        except self.losses() as error:
            ending = Ending(ticket, status=CRASHED, error=self.told(error))
        del self.out[number]
        return [ending]

    def leave(self) -> None:
        """Takes back what has not begun."""
        for _, future in self.out.values():
            future.cancel()

    @abstractmethod
    def submitted(self, ticket: Ticket) -> Any:
        """The future of a job."""

    @abstractmethod
    def patience(self) -> float:
        """How long no job can be late. Units: seconds."""

    @abstractmethod
    def late(self) -> list[int]:
        """The numbers of jobs that are."""

    @abstractmethod
    def give_up(self, number: int, future: Any) -> None:
        """Waits for a future no longer."""

    def result(self, future: Any) -> Any:
        """The receipt of a job, or what it raised.

        Raises: NotYet.
        """
        return future.result()

    def forgotten(self, number: int) -> None:
        """A future is done, or was given up and is done at last."""

    def losses(self) -> tuple[type[BaseException], ...]:
        """What a future raises when a worker was lost. None of it says more than that the job is to be tried again."""
        return ()

    def told(self, error: BaseException) -> str:
        """What is said of such a loss."""
        return str(error)


class _Borrowed(Futures):
    """Futures of a lent executor. It does not say when a job begins, so that is taken from its order: first come, first served."""

    def __init__(self, executor: Executor, workers: int, work: Work) -> None:
        super().__init__()
        self._executor, self._workers, self._work = executor, workers, work
        # Jobs that have begun, by when; and those given up, which hold a worker until they end.
        self._begun: dict[int, float] = {}
        self._held: set[int] = set()

    def room(self) -> int:
        """Two jobs for each worker that is not held by one given up."""
        return AHEAD * (self._workers - len(self._held)) - len(self.out)

    def submitted(self, ticket: Ticket) -> Any:
        """The future of a job.

        Raises: SuasionError, when the executor takes no more.
        """
        try:
            return self._executor.submit(self._work, ticket.job)
        except (BrokenExecutor, RuntimeError) as error:
            raise self._broken(error) from error

    def _broken(self, error: BaseException) -> SuasionError:
        name = type(self._executor).__name__
        why = "; one worker that dies takes a ProcessPoolExecutor with it" if name == "ProcessPoolExecutor" else ""
        told = f"the {name} that was handed in cannot go on ({type(error).__name__}: {error}){why}"
        return SuasionError(f"{told}. What is finished is kept; executor 'local' loses nothing but the job of a worker that dies")

    def _settled(self, number: int) -> list[Ending]:
        try:
            return super()._settled(number)
        except (BrokenExecutor, CancelledError) as error:
            raise self._broken(error) from error

    def _note_begun(self) -> None:
        """The oldest jobs are those being done: as many as there are free workers."""
        for number in list(self.out)[: self._workers - len(self._held)]:
            self._begun.setdefault(number, time.monotonic())

    def patience(self) -> float:
        """Until the first job that has begun is late."""
        self._note_begun()
        ends = (self._begun[number] + ticket.seconds for number, (ticket, _) in self.out.items() if number in self._begun)
        return min(ends, default=math.inf) - time.monotonic()

    def late(self) -> list[int]:
        """Jobs that have begun and passed their limit."""
        now = time.monotonic()
        return [number for number, (ticket, _) in self.out.items() if self._begun.get(number, math.inf) + ticket.seconds <= now]

    def give_up(self, number: int, future: Any) -> None:
        """Takes the job back, or leaves a worker to it.

        Raises: SuasionError, when no worker is left.
        """
        if not future.cancel():
            self._held.add(number)
        if len(self._held) >= self._workers:
            told = f"every worker of the {type(self._executor).__name__} that was handed in is held by a job past its limit"
            raise SuasionError(f"{told}, and cannot be ended from here; what is finished is kept")

    def forgotten(self, number: int) -> None:
        """Its worker is free."""
        self._begun.pop(number, None)
        self._held.discard(number)
