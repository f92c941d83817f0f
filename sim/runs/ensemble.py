"""An ensemble of histories: blocks of runs, here or on workers, put together in run order."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from sim.chapters import Settled
from sim.chronicle import Chronicler, Entry
from sim.lanes import PADDING, Parameters, block_width
from sim.model import InfluenceModel
from sim.record import Record, Recorder, Values, yearly
from sim.roster import Roster
from sim.scenario.schema import Scenario
from sim.settling import settled_at

# An ensemble that would take no longer than this is run in this process: starting workers would cost more. Units: seconds.
WORTH_WORKERS = 5.0

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Block:
    """What one block left: kept values (month, axes, run), and each run's status and error."""

    runs: NDArray[np.int64]
    kept: dict[str, Values]
    status: tuple[str, ...]
    error: tuple[str, ...]
    chronicle: tuple[Entry, ...] = ()
    acts: tuple[tuple[int, int, str, str, str], ...] = ()


@dataclass(frozen=True)
class Task:
    """Some runs of a scenario, ready to be sent to a worker."""

    scenario: Scenario
    settled: Settled
    seed: int
    runs: NDArray[np.int64]
    chronicled: bool = False


def simulate(
    scenario: Scenario,
    runs: int | None = None,
    seed: int | None = None,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    chronicled: bool = False,
) -> Record:
    """An ensemble of histories of a scenario.

    Args: runs and seed, by default the scenario's (a seed that nobody gave is drawn, and kept in the record); workers, how many
    processes (by default this one, unless the work is long); progress, told (runs done, runs in all) as blocks finish; chronicled,
    whether to take down what happened and which acts were seen.

    A run's values are the same whatever the number of runs, blocks and workers.
    """
    count = scenario.ensemble.runs if runs is None else runs
    given = scenario.ensemble.seed if seed is None else seed
    luck = secrets.randbits(63) if given is None else given
    parameters = Parameters(scenario, Roster(scenario))
    settled = settled_at(parameters)
    cut = _cut(count, block_width(parameters.roster), workers or 1)
    tasks = [Task(scenario, settled, luck, ids, chronicled) for ids in cut]
    done: list[Block] = []
    for block in _finished(tasks, workers):
        done.append(block)
        if progress is not None:
            progress(sum(len(each.runs) for each in done), count)
    return together(scenario, luck, settled, done)


def _cut(runs: int, width: int, workers: int) -> list[NDArray[np.int64]]:
    """Runs cut into equal blocks no wider than a width, at least one a worker."""
    pieces = max(-(-runs // width), min(workers, -(-runs // PADDING)))
    each = -(-runs // pieces // PADDING) * PADDING
    return [np.arange(first, min(first + each, runs), dtype=np.int64) for first in range(0, runs, each)]


def _finished(tasks: Sequence[Task], workers: int | None) -> Iterator[Block]:
    """Blocks as they finish, in any order: here while the work is short, else on workers."""
    if workers == 1 or len(tasks) == 1:
        yield from map(run_block, tasks)
        return
    left = list(tasks)
    if workers is None:
        began = time.monotonic()
        yield run_block(left.pop(0))
        if (time.monotonic() - began) * len(left) < WORTH_WORKERS:
            yield from map(run_block, left)
            return
    from sim.runs.executors import on_workers

    yield from on_workers(run_block, left, workers or os.cpu_count() or 1)


def run_block(task: Task) -> Block:
    """The histories of a task. A block that raises is halved until the run that raises is known; it alone is lost."""
    try:
        return _stepped(task)
    except (ArithmeticError, ValueError, TypeError, LookupError, AttributeError) as error:
        if len(task.runs) == 1:
            return Block(task.runs, {}, ("error",), (f"{type(error).__name__}: {error}",))
    middle = len(task.runs) // 2
    halves = [run_block(replace(task, runs=runs)) for runs in (task.runs[:middle], task.runs[middle:])]
    return joined(halves)


def _stepped(task: Task) -> Block:
    months = task.scenario.time.months
    recorder = Recorder(months)
    chronicler = Chronicler() if task.chronicled else None
    with np.errstate(all="ignore"), InfluenceModel(task.scenario, task.runs, task.seed, settled=task.settled) as model:
        for month in range(months):
            before = model.world
            model.step()
            recorder.note(month, model.world)
            if chronicler is not None:
                chronicler.note(before, model)
    kept = recorder.taken(len(task.runs))
    error = first_nonfinite(kept, len(task.runs), months)
    status = tuple("nonfinite" if text else "ok" for text in error)
    told = (tuple(chronicler.entries), tuple(chronicler.acts)) if chronicler is not None else ((), ())
    return Block(task.runs, kept, status, error, *told)


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
    """Blocks put together in run order; runs that left nothing are filled with NaN."""
    shapes = {name: values.shape[:-1] for block in blocks for name, values in block.kept.items()}
    order = np.argsort(np.concatenate([block.runs for block in blocks]), kind="stable")
    width = len(order)
    kept: dict[str, Values] = {}
    for name, shape in shapes.items():
        array = np.full((*shape, width), np.nan, dtype=np.float32)
        first = 0
        for block in blocks:
            columns = np.argsort(order)[first : first + len(block.runs)]
            if name in block.kept:
                array[..., columns] = block.kept[name]
            first += len(block.runs)
        kept[name] = array
    status = [status for block in blocks for status in block.status]
    error = [error for block in blocks for error in block.error]
    runs = np.concatenate([block.runs for block in blocks])[order]
    entries = tuple(entry for block in blocks for entry in block.chronicle)
    acts = tuple(act for block in blocks for act in block.acts)
    return Block(runs, kept, tuple(status[place] for place in order), tuple(error[place] for place in order), entries, acts)


def together(scenario: Scenario, seed: int, settled: Settled, blocks: Sequence[Block]) -> Record:
    """The record of all blocks."""
    whole = blocks[0] if len(blocks) == 1 else joined(blocks)
    solved = {field.name: getattr(settled, field.name) for field in fields(settled)}
    return Record(scenario, seed, whole.runs, whole.kept, whole.status, whole.error, solved, whole.chronicle, whole.acts)
