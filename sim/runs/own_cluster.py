"""A dask cluster of this machine: a scheduler in this process, and workers that we start, and replace when they are gone."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import import_module
from multiprocessing import connection
from multiprocessing.connection import Connection
from typing import Any

from sim.runs.hands import MOST_STILLBORN, PRELOADED, START_METHOD, Hand, affordable, dismiss, stillborn, unstarted
from sim.runs.serving import attended
from sim.scenario.faults import SuasionError

SILENT = logging.CRITICAL + 1
# Besides its pipe, the scheduler and the client talk to a worker.
FILES_A_WORKER = 10
# Nobody else is let in, and no port is asked for that another program may have: dask's own for its page is 8787.
HERE = "127.0.0.1"
ALONE = {"host": HERE, "dashboard": False, "dashboard_address": f"{HERE}:0"}
# A worker has the one job it does, and one that is lost is split by us: dask itself would try it four times over.
SETTINGS = {
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.worker-saturation": 1.0,
}


def toil(pipe: Connection[Any, Any], scheduler: str, folder: str) -> None:
    """The life of a worker of this machine: it says where it is reached, and works for the scheduler until the parent is gone."""
    attended(pipe)
    logging.disable()
    distributed = import_module("distributed")

    async def life() -> None:
        async with distributed.Worker(scheduler, nthreads=1, memory_limit=0, local_directory=folder, host=HERE) as worker:
            pipe.send_bytes(worker.address.encode())
            await worker.finished()

    asyncio.run(life())


class Hands:
    """The workers of a cluster of this machine. Another comes for each that is gone.

    dask has nannies for this, which give up a worker that is killed while it starts.
    """

    def __init__(self, scheduler: str, number: int, folder: str) -> None:
        self._start = partial(Hand, START_METHOD, toil, (scheduler, folder), preloaded=(*PRELOADED, "distributed"))
        self._number, self._stillborn = number, 0
        self._hands: list[Hand] = []
        self._addresses: dict[str, Hand] = {}
        self._at_exit = weakref.finalize(self, dismiss, self._hands)

    def renew(self) -> None:
        """Brings them to their number.

        Raises: SuasionError, when none can be started, and when they end before they begin.
        """
        for hand in connection.wait([each.pipe for each in self._hands], 0):
            self._heard(next(each for each in self._hands if each.pipe is hand))
        while len(self._hands) < self._number:
            try:
                self._hands.append(self._start())
            except (OSError, EOFError) as error:
                if not self._hands:
                    raise unstarted(error) from error
                self._number = len(self._hands)

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
            cluster = distributed.SpecCluster(scheduler={"cls": distributed.Scheduler, "options": ALONE}, silence_logs=SILENT)
            stack.callback(cluster.close, timeout=5)
            client = stack.enter_context(distributed.Client(cluster, set_as_default=False))
            hands = Hands(cluster.scheduler_address, affordable(workers, FILES_A_WORKER), folder)
            stack.callback(hands.leave)
            hands.renew()
        except (OSError, EOFError, RuntimeError) as error:
            raise SuasionError(f"no dask cluster could be started ({type(error).__name__}: {error}); try --executor local") from error
        yield client, hands
