"""Worker processes of this machine, each on a pipe of its own.

Nothing is shared between workers, so one that is killed at any moment, even while it takes a job or hands a receipt over, costs only
the job in its hands.
"""

from __future__ import annotations

import math
import pickle
import time
import weakref
from dataclasses import dataclass
from multiprocessing import connection

from sim.runs.crews import CRASHED, TIMEOUT, UNBEGUN, Ending, Team, Ticket, Work
from sim.runs.hands import MOST_STILLBORN, START_METHOD, Hand, affordable, dismiss, stillborn, unstarted
from sim.runs.serving import MEMORY, RAISED, READY, serve

# Mesa keeps 8 KB of every closed model, so a worker is replaced before that amounts to something. Units: blocks.
RECYCLED_AFTER = 1000
# Starting Python and importing the model takes a second or two, and much longer where disk and cores are busy. Units: seconds.
START_LIMIT = 300.0


@dataclass(frozen=True)
class Local:
    """Worker processes of this machine.

    Args: start_method, `forkserver` or `spawn`, by default the first of them that the system has; recycled_after, how many blocks a
    worker makes before another takes its place.
    """

    workers: int
    start_method: str = START_METHOD
    recycled_after: int = RECYCLED_AFTER

    def team(self, work: Work) -> Team:
        """The workers; each is started when there is a first job for it."""
        return _Workers(self, work)


class _Workers(Team):
    """The processes at work."""

    def __init__(self, crew: Local, work: Work) -> None:
        self._crew = crew
        self._most = affordable(crew.workers)
        self._work = pickle.dumps(work, protocol=pickle.HIGHEST_PROTOCOL)
        self._members: list[Worker] = []
        self._returned: list[Ending] = []
        self._stillborn = 0
        # A program that ends waits for its children, and these do not hear when they are asked to go.
        self._at_exit = weakref.finalize(self, dismiss, self._members)

    def room(self) -> int:
        """Workers without a job, and those not yet started."""
        return self._most - sum(worker.ticket is not None for worker in self._members)

    def take(self, ticket: Ticket) -> None:
        """Gives a job to a worker without one, or to a new one.

        Raises: SuasionError, when not a single worker can be started.
        """
        content = pickle.dumps(ticket.job, protocol=pickle.HIGHEST_PROTOCOL)
        worker = next((each for each in self._members if each.ticket is None), None) or self._started(b"__main__" in content)
        if worker is None:
            self._returned.append(Ending(ticket, status=UNBEGUN))
        else:
            worker.give(ticket, content)

    def _started(self, main: bool) -> Worker | None:
        """A new worker; nobody, where the system has no room for more than there are."""
        try:
            worker = Worker(self._crew.start_method, self._work, main or b"__main__" in self._work)
        except (OSError, EOFError) as error:
            if not self._members:
                raise unstarted(error) from error
            self._most = len(self._members)
            return None
        self._members.append(worker)
        return worker

    def endings(self) -> list[Ending]:
        """Listens to all workers, and sends away those that are late."""
        ended, self._returned = self._returned, []
        while not ended:
            soonest = min((worker.deadline for worker in self._members), default=math.inf)
            patience = None if math.isinf(soonest) else max(0.0, soonest - time.monotonic())
            heard = connection.wait([worker.pipe for worker in self._members], patience)
            for worker in [each for each in self._members if each.pipe in heard]:
                ended += self._heard(worker)
            for worker in [each for each in self._members if each.deadline <= time.monotonic()]:
                ended += self._gone(worker, TIMEOUT)
        return ended

    def _heard(self, worker: Worker) -> list[Ending]:
        """What a worker says, or that it is gone."""
        try:
            content = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            return self._gone(worker, CRASHED)
        kind, said = pickle.loads(content)
        if kind == READY:
            self._stillborn = 0
            worker.begin()
            return []
        if kind == RAISED:
            raise said
        if kind == MEMORY:
            return self._gone(worker, CRASHED, said)
        ticket = worker.ticket
        assert ticket is not None
        worker.rest()
        if worker.blocks >= self._crew.recycled_after:
            self._gone(worker, "")
        return [Ending(ticket, said)]

    def _gone(self, worker: Worker, status: str, error: str = "") -> list[Ending]:
        """Sends a worker away, and says what that means for the job in its hands."""
        self._members.remove(worker)
        dismiss([worker])
        if not worker.ready:
            self._stillborn += 1
            if self._stillborn >= MOST_STILLBORN:
                raise stillborn(f"did not come up within {START_LIMIT:g} s" if status == TIMEOUT else worker.end)
        if worker.ticket is None:
            return []
        if not worker.began:
            return [Ending(worker.ticket, status=UNBEGUN)]
        why = worker.ticket.late if status == TIMEOUT else f"its worker {worker.end}"
        return [Ending(worker.ticket, status=status, error=error or why)]

    def leave(self) -> None:
        """Kills all workers."""
        dismiss(self._members)
        self._members.clear()
        self._at_exit.detach()


class Worker(Hand):
    """One that is given jobs: the one it has, and when that is late."""

    def __init__(self, start_method: str, work: bytes, main: bool = False) -> None:
        super().__init__(start_method, serve, main=main)
        self.ticket: Ticket | None = None
        self.blocks = 0
        self.ready = self.began = False
        self.deadline = time.monotonic() + START_LIMIT
        self._send(work)

    def give(self, ticket: Ticket, content: bytes) -> None:
        """Puts a job into its hands."""
        self.ticket = ticket
        self.blocks += ticket.job.blocks
        sent = self._send(content)
        if self.ready and sent:
            self.begin()

    def begin(self) -> None:
        """It is up, and whatever it holds is being worked on from now on."""
        self.ready, self.began = True, self.ticket is not None
        self.deadline = time.monotonic() + self.ticket.seconds if self.ticket is not None else math.inf

    def rest(self) -> None:
        """Its job is done."""
        self.ticket, self.began, self.deadline = None, False, math.inf

    def _send(self, content: bytes) -> bool:
        """Whether the worker is still there to be told; that it is not is heard soon enough."""
        try:
            self.pipe.send_bytes(content)
        except OSError:
            return False
        return True
