"""Blocks of histories: stepped together, and halved where one of them raises, until it is known and it alone is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.chapters import Settled
from sim.chronicle import Chronicler, Entry
from sim.lanes import Lanes, block_width
from sim.model import InfluenceModel
from sim.record import MONTHLY, YEARLY, Recorder, Values, yearly
from sim.roster import Roster
from sim.scenario.schema import Scenario
from sim.turn import TURN, Act

# Told how many runs are done, how many there are in all, and how many failed.
Progress = Callable[[int, int, int], None]
# Jobs are cut into at most so many pieces when something about them goes wrong.
PIECES = 8


@dataclass(frozen=True)
class Block:
    """What one block left: kept values (month, axes, run), and each run's status and error. `first` is its place among all runs."""

    first: int
    runs: NDArray[np.int64]
    kept: dict[str, Values]
    status: tuple[str, ...]
    error: tuple[str, ...]
    chronicle: tuple[Entry, ...] = ()
    acts: tuple[tuple[int, int, str, str, str], ...] = ()


@dataclass(frozen=True)
class Task:
    """Some histories of a scenario, ready to be sent to a worker.

    `variables` are kept, by default all, and `every_month` also those that usually are once a year; `turn` is what a month is made of.
    """

    scenario: Scenario
    settled: Settled
    seed: int
    lanes: Lanes
    first: int = 0
    chronicled: bool = False
    variables: tuple[str, ...] | None = None
    turn: tuple[Act, ...] = TURN
    every_month: bool = False

    @property
    def rows(self) -> int:
        """How many histories."""
        return self.lanes.width

    @property
    def blocks(self) -> int:
        """How many blocks they make."""
        return -(-self.rows // block_width(Roster(self.scenario)))

    def part(self, start: int, stop: int) -> Task:
        """Some of the histories."""
        return replace(self, lanes=self.lanes.part(slice(start, stop)), first=self.first + start)

    def split(self, pieces: int = PIECES) -> list[Task]:
        """The same histories in smaller tasks; none when there is only one."""
        return [self.part(start, stop) for start, stop in cuts(self.rows, pieces)] if self.rows > 1 else []

    def lost(self, status: str, error: str) -> Block:
        """What is left of a history that could not be made."""
        return Block(self.first, self.lanes.runs, {}, (status,) * self.rows, (error,) * self.rows)

    def address(self, place: int = 0) -> str:
        """How a history is found again."""
        return f"run {self.lanes.runs[place]}, seed {self.seed}"


def cuts(rows: int, pieces: int) -> list[tuple[int, int]]:
    """Rows cut into so many pieces of nearly equal size, as (first, one past the last); fewer where there are fewer rows."""
    edges = [rows * piece // min(pieces, rows) for piece in range(min(pieces, rows) + 1)]
    return list(pairwise(edges))


def go_on() -> None:
    """What is done after a month by default: nothing."""


def run_block(task: Task, month_over: Callable[[], None] = go_on) -> Block:
    """The histories of a task, which fit into one block. One that raises is found by halving, and it alone is lost.

    `month_over` is called after every month; what it raises that is no Exception gives the whole block up and is passed on.

    Raises: MemoryError, which concerns the whole process and is the caller's to deal with.
    """
    try:
        return _stepped(task, month_over)
    except MemoryError:
        raise
    except Exception as error:  # a rule, a way of deciding or a number may raise anything
        if task.rows == 1:
            return task.lost("error", f"{type(error).__name__}: {error} ({task.address()})")
    return joined([run_block(half, month_over) for half in task.split(2)])


def _stepped(task: Task, month_over: Callable[[], None]) -> Block:
    months = task.scenario.time.months
    known = (*MONTHLY, *YEARLY)
    wanted = [name for name in known if task.variables is None or name in task.variables]
    yearly_too = () if task.every_month else YEARLY
    recorder = Recorder(months, [name for name in wanted if name not in yearly_too], [name for name in wanted if name in yearly_too])
    chronicler = Chronicler() if task.chronicled else None
    with np.errstate(all="ignore"), InfluenceModel(task.scenario, task.lanes, task.seed, turn=task.turn, settled=task.settled) as model:
        for month in range(months):
            before = model.world
            model.step()
            recorder.note(month, model.world)
            if chronicler is not None:
                chronicler.note(before, model)
            month_over()
        left = _lanes_without_numbers(model, task.rows)
    kept = recorder.taken(task.rows)
    error = first_nonfinite(kept, task.rows, months)
    if any(left[run] and not error[run] for run in range(task.rows)) and task.variables is not None:
        return _found_again(task, month_over)
    told = tuple(f"{text} ({task.address(run)})" if text else "" for run, text in enumerate(error))
    status = tuple("nonfinite" if text else "ok" for text in error)
    happened = (tuple(chronicler.entries), tuple(chronicler.acts)) if chronicler is not None else ((), ())
    return Block(task.first, task.lanes.runs, kept, status, told, *happened)


def _lanes_without_numbers(model: InfluenceModel, rows: int) -> NDArray[np.bool_]:
    """Which runs hold something that is no finite number in the last month, in a variable that can be kept. Shape: (run)."""
    wrong = np.zeros(model.lanes.width, dtype=bool)
    for name in (*MONTHLY, *YEARLY):
        values = getattr(model.world, name)
        wrong |= ~np.isfinite(values.reshape(-1, values.shape[-1])).all(axis=0)
    return wrong[:rows]


def _found_again(task: Task, month_over: Callable[[], None]) -> Block:
    """A block in which a variable that is not kept went wrong: stepped again with everything kept, so that it can be named."""
    whole = _stepped(replace(task, variables=None), month_over)
    return replace(whole, kept={name: whole.kept[name] for name in task.variables or ()})


def first_nonfinite(kept: dict[str, Values], runs: int, months: int) -> tuple[str, ...]:
    """For each run, the first variable and month that is no finite number; empty where all are."""
    found: list[tuple[int, str] | None] = [None] * runs
    for name, values in kept.items():
        wrong = np.asarray(~np.isfinite(values).reshape(len(values), -1, runs).all(axis=1))
        for run in np.flatnonzero(wrong.any(axis=0)):
            place = int(wrong[:, run].argmax())
            month = place if len(values) == months else yearly(months)[place]
            before = found[run]
            if before is None or month < before[0]:
                found[run] = (month, name)
    return tuple("" if place is None else f"{place[1]} is not a finite number in month {place[0]}" for place in found)


def joined(blocks: Sequence[Block]) -> Block:
    """Blocks put together in the order of their runs; runs that left nothing are filled with NaN."""
    if len(blocks) == 1:
        return blocks[0]
    blocks = sorted(blocks, key=lambda block: block.first)
    shapes = {name: values.shape[:-1] for block in blocks for name, values in block.kept.items()}
    width = sum(len(block.runs) for block in blocks)
    kept: dict[str, Values] = {}
    for name, shape in shapes.items():
        array = np.full((*shape, width), np.nan, dtype=np.float32)
        start = 0
        for block in blocks:
            if name in block.kept:
                array[..., start : start + len(block.runs)] = block.kept[name]
            start += len(block.runs)
        kept[name] = array
    return Block(
        blocks[0].first,
        np.concatenate([block.runs for block in blocks]),
        kept,
        tuple(status for block in blocks for status in block.status),
        tuple(error for block in blocks for error in block.error),
        tuple(entry for block in blocks for entry in block.chronicle),
        tuple(act for block in blocks for act in block.acts),
    )
