"""What a worker does: histories stepped month by month, given up between two months when they are no longer wanted."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.connection import Connection

from sim.chapters import Settled
from sim.lanes import Lanes
from sim.runs.blocks import Block, Task, run_block
from sim.scenario.schema import Scenario

# Scenarios a worker keeps; the desk remembers as many.
WORLDS = 4


class GivenUp(BaseException):
    """The histories are no longer wanted."""


@dataclass(frozen=True)
class World:
    """A scenario with what was solved at its start, sent to a worker once and known by a key from then on."""

    key: int
    scenario: Scenario
    settled: Settled


@dataclass(frozen=True)
class Order:
    """Histories that a worker is asked for, told apart by a number."""

    number: int
    world: int
    seed: int
    lanes: Lanes
    first: int = 0
    chronicled: bool = False
    variables: tuple[str, ...] | None = None

    def task(self, world: World) -> Task:
        """The order as work on a scenario."""
        return Task(world.scenario, world.settled, self.seed, self.lanes, self.first, self.chronicled, self.variables)


@dataclass(frozen=True)
class Done:
    """What a worker answers: a block, or nothing when it was given up, or why there is none."""

    number: int
    block: Block | None
    error: str = ""


def work(line: Connection) -> None:
    """Takes messages from a line until it closes: scenarios to keep, orders to carry out, numbers of orders to give up."""
    known: dict[int, World] = {}
    try:
        while True:
            message = line.recv()
            if isinstance(message, Order):
                line.send(_carried_out(message, known[message.world], line))
            elif isinstance(message, World):
                known = dict([*list(known.items())[1 - WORLDS :], (message.key, message)])
    except (EOFError, OSError):
        return


def _carried_out(order: Order, world: World, line: Connection) -> Done:
    """One order, or its giving up."""

    def month_over() -> None:
        try:
            given_up = line.poll() and line.recv() == order.number
        except (EOFError, OSError):  # nobody is left to tell
            given_up = True
        if given_up:
            raise GivenUp

    try:
        return Done(order.number, run_block(order.task(world), month_over))
    except GivenUp:
        return Done(order.number, None)
    except MemoryError:
        return Done(order.number, None, "there was not enough memory for these histories")
