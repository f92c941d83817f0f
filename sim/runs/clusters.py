"""Workers of a dask cluster: one of this machine, started and closed here, or one that runs already on any number of machines."""

from __future__ import annotations

import asyncio
import logging
import math
import sys
import tempfile
import time
import uuid
import warnings
import weakref
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from multiprocessing import connection
from multiprocessing.connection import Connection
from typing import Any

from sim.runs.crews import Team, Ticket, Work, cores
from sim.runs.lent import AHEAD, Futures, NotYet
from sim.runs.serving import attended
from sim.runs.workers import MOST_STILLBORN, START_METHOD, Hand, affordable, dismiss, stillborn
from sim.scenario.faults import SuasionError

INSTALL = 'dask is not installed; install it with: pip install "suasion[dask]"'
# How long a scheduler may take to answer. Units: seconds.
ANSWER = 10.0
# How often a scheduler is asked how many workers it has, and who is doing what. Units: seconds.
ASKED_EVERY = 1.0
LOOKED_EVERY = 0.1
# How long a receipt may take to come. Units: seconds.
FETCHED_WITHIN = 5.0
SILENT = logging.CRITICAL + 1
# A worker has the one job it does, and one that is lost is split by us: dask itself would try it four times over.
SETTINGS = {
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.worker-saturation": 1.0,
}


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


def toil(pipe: Connection[Any, Any], scheduler: str, folder: str) -> None:
    """The life of a worker of this machine: it says where it is reached, and works for the scheduler until the parent is gone."""
    attended(pipe)
    logging.disable()
    distributed = _distributed()

    async def life() -> None:
        async with distributed.Worker(scheduler, nthreads=1, memory_limit=0, local_directory=folder, dashboard=False) as worker:
            pipe.send_bytes(worker.address.encode())
            await worker.finished()

    asyncio.run(life())


class Hands:
    """The workers of a cluster of this machine. Another comes for each that is gone.

    dask has nannies for this, which give up a worker that is killed while it starts.
    """

    def __init__(self, scheduler: str, number: int, folder: str) -> None:
        self._start = partial(Hand, START_METHOD, toil, (scheduler, folder), preloaded=("sim.model", "distributed"))
        self._number, self._stillborn = number, 0
        self._hands: list[Hand] = []
        self._addresses: dict[str, Hand] = {}
        self._at_exit = weakref.finalize(self, dismiss, self._hands)

    def renew(self) -> None:
        """Brings them to their number.

        Raises: SuasionError, when they end before they begin.
        """
        for hand in connection.wait([each.pipe for each in self._hands], 0):
            self._heard(next(each for each in self._hands if each.pipe is hand))
        while len(self._hands) < self._number:
            self._hands.append(self._start())

    def _heard(self, hand: Hand) -> None:
        """A worker says where it is reached, or is gone."""
        try:
            self._addresses[hand.pipe.recv_bytes().decode()] = hand
            self._stillborn = 0
        except (EOFError, OSError):
            self._hands.remove(hand)
            dismiss([hand])
            if hand in self._addresses.values():
                self._addresses = {address: other for address, other in self._addresses.items() if other is not hand}
                return
            self._stillborn += 1
            if self._stillborn >= MOST_STILLBORN:
                raise stillborn(hand.end) from None

    def end(self, address: str) -> None:
        """Kills the worker that is reached there."""
        if hand := self._addresses.get(address):
            hand.process.kill()

    def leave(self) -> None:
        """Kills them all."""
        dismiss(self._hands)
        self._hands.clear()
        self._at_exit.detach()


@contextmanager
def started(distributed: Any, workers: int) -> Iterator[tuple[Any, Hands]]:
    """A client of a cluster of this machine, and its workers. At the end they are killed, and no file of theirs is left.

    Raises: SuasionError, where it cannot be started.
    """
    config = import_module("dask.config")
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="suasion-dask-", ignore_cleanup_errors=True))
            stack.enter_context(config.set({**SETTINGS, "temporary-directory": folder}))
            cluster = distributed.LocalCluster(
                n_workers=0, processes=True, dashboard_address=None, local_directory=folder, silence_logs=SILENT
            )
            stack.callback(cluster.close, timeout=5)
            client = stack.enter_context(distributed.Client(cluster, set_as_default=False))
            hands = Hands(cluster.scheduler_address, affordable(workers), folder)
            stack.callback(hands.leave)
            hands.renew()
        except (OSError, EOFError, RuntimeError) as error:
            raise SuasionError(f"no dask cluster could be started ({type(error).__name__}: {error}); try --executor local") from error
        yield client, hands


class _Cluster(Futures):
    """Futures of a cluster."""

    def __init__(self, crew: Dask, work: Work) -> None:
        super().__init__()
        self._distributed, self._work = _distributed(), work
        self._address, self._workers = crew.address, crew.workers
        self._hands: Hands | None = None
        # The worker that has begun a job, and since when, by the job's number.
        self._doing: dict[int, tuple[str, float]] = {}
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
        free = Counter(threads)
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
        """Takes a job back, and has its worker replaced, which is the only way to end it."""
        address = self._doing.pop(number)[0]
        future.cancel()
        if self._hands is not None:
            self._hands.end(address)
            return
        with suppress(Exception):  # a worker without a nanny goes on with the job; nobody waits for it
            self._client.restart_workers([address], timeout=ANSWER, raise_for_error=False)

    def leave(self) -> None:
        """Takes all jobs back from others, and closes what was started here."""
        if isinstance(sys.exception(), KeyboardInterrupt):
            # A question to the scheduler that was cut short would say so when it is forgotten.
            warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
        with self._stack, suppress(Exception):
            if self._hands is None:
                self._client.cancel([future for _, future in self.out.values()])
