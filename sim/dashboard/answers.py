"""The histories of each setting, made once and kept: piece by piece as workers finish them, the oldest forgotten first."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from sim.dashboard.desk import NOW, SOON, Desk, Job
from sim.dashboard.opened import Opened
from sim.dashboard.setting import BASELINE, Setting
from sim.dashboard.stepping import Order
from sim.lanes import PADDING, block_width
from sim.record import Record
from sim.runs.blocks import Block
from sim.runs.ensemble import together

# Runs of the first piece, which is painted as soon as it is there, and most runs of each further one.
FIRST = 64
PIECE = 152
# What all settings of a scenario may keep together. Units: bytes.
MOST_KEPT = 260_000_000
CLOSED = "this scenario is no longer open; load the page again"


@dataclass(eq=False)
class Answer:
    """What is known of one setting: its pieces by first run, those still being made, and who waits for more."""

    setting: Setting
    cuts: tuple[tuple[int, int], ...]
    blocks: dict[int, Block] = field(default_factory=dict)
    jobs: dict[int, Job] = field(default_factory=dict)
    watchers: int = 0
    error: str = ""
    change: asyncio.Event = field(default_factory=asyncio.Event)
    joined: tuple[tuple[int, ...], Record] | None = None

    @property
    def pieces(self) -> frozenset[int]:
        """First runs of the pieces that are done."""
        return frozenset(self.blocks)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing."""
        return len(self.blocks) == len(self.cuts)

    @property
    def size(self) -> int:
        """What is kept. Units: bytes."""
        return sum(values.nbytes for block in self.blocks.values() for values in block.kept.values())


def cuts_of(runs: int, width: int) -> tuple[tuple[int, int], ...]:
    """Runs cut into pieces: a small first one, then equal ones no wider than a block. As (first, one past the last)."""
    first = min(FIRST, runs, width)
    rest = runs - first
    count = -(-rest // min(PIECE, width)) if rest else 0
    edges = [first + (rest * place // count) // PADDING * PADDING for place in range(count)] + [runs]
    return tuple(pairwise([0, *edges])) if count else ((0, runs),)


class Answers:
    """The answers of one scenario. Everything here happens on the event loop; workers tell it from their threads."""

    def __init__(self, opened: Opened, desk: Desk) -> None:
        self.opened, self._desk = opened, desk
        self._loop = asyncio.get_running_loop()
        self._cuts = cuts_of(opened.runs, block_width(opened.roster))
        self.known: OrderedDict[Setting, Answer] = OrderedDict()
        self._closed = False

    def watch(self, setting: Setting, pieces: int | None = None) -> Answer:
        """The answer to a setting, on its way to so many pieces (by default all); call `leave` when no longer interested."""
        answer = self.known.get(setting) or Answer(setting, self._cuts)
        self.known[setting] = answer
        self.known.move_to_end(setting)
        answer.watchers += 1
        # What failed once is tried again when it is asked for again.
        answer.error = CLOSED if self._closed else ""
        for place, cut in enumerate(self._cuts[:pieces]):
            self._want(answer, cut, NOW if place == 0 else SOON)
        return answer

    def leave(self, answer: Answer) -> None:
        """Gives up what nobody waits for any more; the baseline is made to the end."""
        answer.watchers -= 1
        if answer.watchers == 0 and answer.setting != BASELINE:
            for job in answer.jobs.values():
                self._desk.drop(job)
            answer.jobs.clear()
        self._forget()

    def close(self) -> None:
        """Gives up everything: the scenario is no longer open."""
        self._closed = True
        for answer in self.known.values():
            for job in answer.jobs.values():
                self._desk.drop(job)
            answer.jobs.clear()
            answer.error = CLOSED
            answer.change.set()

    def _want(self, answer: Answer, cut: tuple[int, int], urgency: int) -> None:
        first, last = cut
        if first in answer.blocks or answer.error:
            return
        if first in answer.jobs:
            self._desk.hasten(answer.jobs[first], urgency)
            return
        opened = self.opened
        lanes = opened.panel.lanes(answer.setting, np.arange(first, last, dtype=np.int64))
        order = Order(0, opened.key, opened.seed, lanes, first, variables=opened.kept)

        def told(block: Block | None, error: str) -> None:
            self._loop.call_soon_threadsafe(self._arrived, answer, first, block, error)

        answer.jobs[first] = self._desk.ask(opened.world, order, urgency, told)

    def _arrived(self, answer: Answer, first: int, block: Block | None, error: str) -> None:
        answer.jobs.pop(first, None)
        if block is not None:
            answer.blocks[first] = block
        else:
            answer.error = error
        waiting, answer.change = answer.change, asyncio.Event()
        waiting.set()
        self._forget()

    def _forget(self) -> None:
        """Lets go of the answers nobody has looked at for longest, while there are too many."""
        kept = sum(answer.size for answer in self.known.values())
        for setting, answer in list(self.known.items()):
            if kept <= MOST_KEPT:
                return
            if answer.watchers == 0 and setting != BASELINE:
                kept -= answer.size
                del self.known[setting]

    def record(self, answer: Answer, pieces: Iterable[int]) -> Record:
        """The record of some pieces of an answer."""
        wanted = tuple(sorted(pieces))
        if answer.joined is None or answer.joined[0] != wanted:
            blocks = [answer.blocks[first] for first in wanted]
            answer.joined = wanted, together(self.opened.scenario, self.opened.seed, self.opened.world.settled, blocks)
        return answer.joined[1]
