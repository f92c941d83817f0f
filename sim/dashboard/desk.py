"""Who does what next: two worker processes, and a list of histories wanted from which the most urgent is taken."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sim.dashboard.stepping import WORLDS, Done, Order, World, work
from sim.runs.blocks import Block
from sim.runs.hands import START_METHOD, Hand

WORKERS = 2
# What somebody looks at comes first, then the rest of it, then what may be wanted later.
NOW, SOON, LATER = 0, 1, 2
# A worker that dies over the same histories this often is not sent them again.
TRIES = 2

Told = Callable[[Block | None, str], None]


@dataclass(eq=False)
class Job:
    """Histories wanted, how urgently, and who is told: a block, or nothing with the reason.

    `dropped` when nobody wants them any more, `leaving` when they give way to others for now.
    """

    world: World
    order: Order
    urgency: int
    told: Told
    tries: int = 0
    dropped: bool = False
    leaving: bool = False
    worker: Worker | None = None


@dataclass(eq=False)
class Worker:
    """A worker process with the line to it, and the scenarios it has been sent."""

    hand: Hand
    sending: threading.Lock = field(default_factory=threading.Lock)
    known: list[int] = field(default_factory=list)

    def send(self, message: World | Order | int) -> None:
        """Sends one message; a worker that is gone is noticed by whoever waits for its answer."""
        with self.sending:
            try:
                self.hand.pipe.send(message)
            except OSError:
                return

    def teach(self, world: World) -> None:
        """Makes a scenario known, unless it is."""
        if world.key not in self.known:
            self.send(world)
            self.known = [*self.known[1 - WORLDS :], world.key]


class Desk:
    """Hands out histories to workers, the most urgent first, and takes back between two months what is no longer wanted."""

    def __init__(self, workers: int = WORKERS) -> None:
        # One at a time is started: what a process starts with is set for the whole program meanwhile.
        self._hiring = threading.Lock()
        self._numbers = itertools.count(1)
        self._change = threading.Condition()
        self._waiting: list[Job] = []
        self._running: list[Job] = []
        self._closed = False
        self._threads = [threading.Thread(target=self._serve, daemon=True, name=f"worker {place}") for place in range(workers)]
        for thread in self._threads:
            thread.start()

    def ask(self, world: World, order: Order, urgency: int, told: Told) -> Job:
        """Wants histories; `told` is called once from another thread, unless they are dropped before."""
        job = Job(world, replace(order, number=next(self._numbers)), urgency, told)
        with self._change:
            self._waiting.append(job)
            self._make_room()
            self._change.notify_all()
        return job

    def drop(self, job: Job) -> None:
        """Wants histories no longer: nobody is told of them any more."""
        with self._change:
            job.dropped = True
            if job in self._waiting:
                self._waiting.remove(job)
            elif job.worker is not None:
                job.worker.send(job.order.number)

    def hasten(self, job: Job, urgency: int) -> None:
        """Wants histories more urgently than before, or less."""
        with self._change:
            if job.urgency != urgency:
                job.urgency = urgency
                self._make_room()
                self._change.notify_all()

    def close(self) -> None:
        """Ends the workers at once."""
        with self._change:
            self._closed = True
            self._waiting.clear()
            running = [job.worker for job in self._running if job.worker is not None]
            self._change.notify_all()
        for worker in running:
            worker.hand.process.kill()
        for thread in self._threads:
            thread.join(2)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is wanted and nobody works."""
        with self._change:
            return not self._waiting and not self._running

    def _make_room(self) -> None:
        """Gives up as many histories that may be wanted later as others are wanted now: they are begun anew afterwards."""
        staying = [job for job in self._running if not job.dropped and not job.leaving]
        urgent = sum(job.urgency < LATER for job in self._waiting)
        room = len(self._threads) - len(staying)
        for job in [job for job in staying if job.urgency == LATER and job.worker is not None][: max(0, urgent - room)]:
            assert job.worker is not None
            job.leaving = True
            job.worker.send(job.order.number)

    def _next(self) -> Job | None:
        """The most urgent of what is wanted, the oldest of several; waits for one."""
        with self._change:
            while not self._waiting and not self._closed:
                self._change.wait()
            if self._closed:
                return None
            urgency = min(job.urgency for job in self._waiting)
            job = next(job for job in self._waiting if job.urgency == urgency)
            self._waiting.remove(job)
            self._running.append(job)
            return job

    def _serve(self) -> None:
        """One worker's life: hire, hand out, take back; a worker that died is replaced."""
        worker: Worker | None = None
        while (job := self._next()) is not None:
            try:
                worker = self._hired() if worker is None or not worker.hand.process.is_alive() else worker
                done = self._answer(worker, job)
            except (EOFError, OSError, RuntimeError) as error:
                why = f": {error}" if isinstance(error, RuntimeError) else ""
                done, worker = Done(job.order.number, None, f"the worker that made these histories died{why}"), None
                job.tries += 1
            self._settle(job, done)
        if worker is not None:
            worker.hand.process.kill()

    def _hired(self) -> Worker:
        with self._hiring:
            return Worker(Hand(START_METHOD, work))

    def _answer(self, worker: Worker, job: Job) -> Done:
        """What a worker makes of one job."""
        worker.teach(job.world)
        with self._change:
            # Sent before anybody can ask to give it up.
            job.worker = worker
            worker.send(job.order)
            if job.dropped:
                worker.send(job.order.number)
        while True:
            done: Done = worker.hand.pipe.recv()
            if done.number == job.order.number:
                return done

    def _settle(self, job: Job, done: Done) -> None:
        """Tells what came of a job, or puts it back on the list."""
        with self._change:
            self._running.remove(job)
            job.worker, job.leaving = None, False
            if self._closed or job.dropped:
                return
            again = done.block is None and (not done.error or job.tries < TRIES) and "memory" not in done.error
            if again:
                # Under another number, so that a late message to give up the first try does not end this one.
                job.order = replace(job.order, number=next(self._numbers))
                self._waiting.append(job)
                self._change.notify_all()
                return
        with contextlib.suppress(RuntimeError):  # whoever waited is gone with the loop it waited on
            job.told(done.block, done.error)
