"""Workers of a dask cluster: one of this machine, started and closed here, or one that runs already on any number of machines."""

from __future__ import annotations

import asyncio
import logging
import math
import os
import sys
import time
import uuid
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from threading import Thread
from typing import Any

from sim.runs.crews import Team, Ticket, Work, cores
from sim.runs.lent import AHEAD, Futures, NotYet
from sim.runs.own_cluster import SILENT, Hands, started
from sim.scenario.faults import SuasionError

INSTALL = 'dask is not installed; install it with: pip install "suasion[dask]"'
# How long a scheduler may take to answer. Units: seconds.
ANSWER = 10.0
# How often a scheduler is asked how many workers it has, and who is doing what. Units: seconds.
ASKED_EVERY = 1.0
LOOKED_EVERY = 0.1
# How long a worker may take to end. Units: seconds.
ENDED_WITHIN = 60.0
# How long a receipt may take to come. Units: seconds.
FETCHED_WITHIN = 5.0


@dataclass(frozen=True)
class Dask:
    """A cluster of workers: of this machine where there is no address, else those that the scheduler at an address has."""

    address: str | None
    workers: int

    @classmethod
    def of(cls, address: str | None, workers: int | None = None) -> Dask:
        """The cluster at an address, or one of this machine.

        Raises: SuasionError, where dask is not installed, and where no scheduler answers.
        """
        distributed = _distributed()
        if address is None:
            return cls(None, workers or cores())
        with quiet(), joined(distributed, address) as client:
            return cls(address, workers or max(1, sum(client.nthreads().values())))

    def team(self, work: Work) -> Team:
        """The cluster at work."""
        return _Cluster(self, work)


def _distributed() -> Any:
    """The library, imported only when it is asked for.

    Raises: SuasionError, where it is not installed.
    """
    try:
        return import_module("distributed")
    except ImportError as error:
        raise SuasionError(INSTALL) from error


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing is logged of workers that come and go: what became of their jobs is told by us."""
    names = ["distributed", *(name for name in logging.root.manager.loggerDict if name.startswith(("distributed.", "tornado")))]
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(SILENT)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@contextmanager
def joined(distributed: Any, address: str) -> Iterator[Any]:
    """A client of the scheduler at an address.

    Raises: SuasionError, where none answers.
    """
    try:
        client = distributed.Client(address, timeout=ANSWER, set_as_default=False)
    except OSError as error:
        raise SuasionError(f"no dask scheduler answers at {address} within {ANSWER:g} s") from error
    try:
        yield client
    finally:
        client.close(timeout=1)


class _Cluster(Futures):
    """Futures of a cluster."""

    def __init__(self, crew: Dask, work: Work) -> None:
        super().__init__()
        self._distributed, self._work = _distributed(), work
        self._address, self._workers = crew.address, crew.workers
        self._hands: Hands | None = None
        # The worker that has begun a job, and since when, by the job's number.
        self._doing: dict[int, tuple[str, float]] = {}
        # Jobs given up, while their worker ends; and the workers of others that were told to end, since when.
        self._given_up: dict[int, Any] = {}
        self._held: dict[str, float] = {}
        self._asked = time.monotonic()
        with ExitStack() as stack:
            stack.enter_context(quiet())
            if crew.address is None:
                self._client, self._hands = stack.enter_context(started(self._distributed, crew.workers))
            else:
                self._client = stack.enter_context(joined(self._distributed, crew.address))
            self._stack = stack.pop_all()

    def room(self) -> int:
        """Two jobs for each worker there is now, and two where there is none yet: a cluster may grow when it is asked for work."""
        return AHEAD * max(1, self._workers) - len(self.out)

    def submitted(self, ticket: Ticket) -> Any:
        """The future of a job."""
        return self._client.submit(self._work, ticket.job, key=f"suasion-{uuid.uuid4().hex}", pure=False)

    def result(self, future: Any) -> Any:
        """The receipt of a job, or what it raised.

        Raises: NotYet, when its worker died with it, and the cluster does the job again; SuasionError, when the cluster is gone.
        """
        if future.status in ("pending", "lost"):
            raise NotYet
        try:
            return future.result(timeout=FETCHED_WITHIN)
        except (OSError, CancelledError) as error:
            if future.status == "error":
                raise
            raise (NotYet() if isinstance(error, TimeoutError) else self._lost(error)) from error

    def losses(self) -> tuple[type[BaseException], ...]:
        """A worker died with the job in its hands."""
        return (self._distributed.KilledWorker,)

    def told(self, error: BaseException) -> str:
        """Who is lost is known, and why is not."""
        return "its worker died"

    def patience(self) -> float:
        """Until somebody looks after the workers."""
        return LOOKED_EVERY if self._hands is not None else self._asked + ASKED_EVERY - time.monotonic()

    def late(self) -> list[int]:
        """Jobs that the worker which has them began too long ago, as far as the scheduler was asked."""
        now = time.monotonic()
        if self._hands is not None:
            self._hands.renew()
        if now >= self._asked + ASKED_EVERY:
            self._ask(now)
        begun = ((number, ticket, self._doing.get(number, ("", math.inf))[1]) for number, (ticket, _) in self.out.items())
        return [number for number, ticket, since in begun if since + ticket.seconds <= now]

    def _ask(self, now: float) -> None:
        """Learns how many workers there are, and which jobs are in whose hands.

        Raises: SuasionError, when the scheduler is gone.
        """
        try:
            threads, processing = self._client.nthreads(), self._client.processing()
        except Exception as error:
            raise self._lost(error) from error
        hands = {key: address for address, keys in processing.items() for key in keys}
        self._held = {address: since for address, since in self._held.items() if address in threads}
        if stuck := [address for address, since in self._held.items() if since + ENDED_WITHIN < now]:
            raise SuasionError(f"the dask worker at {stuck[0]} has a job past its limit and does not end; what is finished is kept")
        free = Counter({address: number for address, number in threads.items() if address not in self._held})
        before, self._doing = self._doing, {}
        # Given out first, begun first; what a worker has beyond its threads waits there.
        for number, (_, future) in self.out.items():
            address = hands.get(future.key)
            if address is not None and free[address] > 0:
                free[address] -= 1
                known = before.get(number, ("", now))
                self._doing[number] = known if known[0] == address else (address, now)
        if self._hands is None:
            self._workers = sum(threads.values())
        self.again()
        self._asked = time.monotonic()

    def _lost(self, error: BaseException) -> SuasionError:
        place = f"at {self._address}" if self._address else "of this machine"
        return SuasionError(f"the dask cluster {place} is gone or has dropped its jobs ({type(error).__name__}); what is finished is kept")

    def give_up(self, number: int, future: Any) -> None:
        """Takes a job back, and ends its worker, which is the only way to end the job."""
        address = self._doing.pop(number)[0]
        if self._hands is not None:
            # Forgotten before its worker is gone, it would leave room there for another job, which would go with the worker.
            self._given_up[number] = future
            self._hands.end(address)
            return
        future.cancel()
        self._held[address] = time.monotonic()
        Thread(target=self._ended, args=(address,), daemon=True).start()

    def _ended(self, address: str) -> None:
        """Has a worker end itself. A nanny whose worker is gone starts another; one that is told to restart it may give it up."""
        with suppress(Exception, asyncio.CancelledError):
            self._client.run(os._exit, 1, workers=[address], on_error="ignore")

    def forgotten(self, number: int) -> None:
        """Its worker is gone."""
        self._given_up.pop(number, None)

    def leave(self) -> None:
        """Takes all jobs back from others, and closes what was started here."""
        if isinstance(sys.exception(), KeyboardInterrupt):
            # A question to the scheduler that was cut short would say so when it is forgotten.
            warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
        with self._stack, suppress(Exception):
            if self._hands is None:
                self._client.cancel([future for _, future in self.out.values()])
