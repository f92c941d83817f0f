"""An ensemble of histories: blocks of runs, here or on workers, put together in run order."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from sim.chapters import Settled
from sim.lanes import PADDING, Lanes, Parameters, block_width
from sim.record import Record
from sim.roster import Roster
from sim.runs.blocks import Block, Progress, Task, joined, run_block
from sim.scenario.schema import Scenario
from sim.settling import settled_at

# An ensemble that would take no longer than this is run in this process: starting workers would cost more. Units: seconds.
WORTH_WORKERS = 5.0


def simulate(
    scenario: Scenario,
    runs: int | None = None,
    seed: int | None = None,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    chronicled: bool = False,
    limit: float = 120.0,
) -> Record:
    """An ensemble of histories of a scenario.

    Args: runs and seed, by default the scenario's (a seed that nobody gave is drawn, and kept in the record); workers, how many
    processes (by default this one, unless the work is long); progress, told (runs done, runs in all, runs failed) as blocks
    finish; chronicled, whether to take down what happened and which acts were seen; limit, how many seconds a block may take on a
    worker: a run that never ends, or that kills its worker, is given up alone.

    A run's values are the same whatever the number of runs, blocks and workers.
    """
    count = scenario.ensemble.runs if runs is None else runs
    given = scenario.ensemble.seed if seed is None else seed
    luck = secrets.randbits(63) if given is None else given
    parameters = Parameters(scenario, Roster(scenario))
    settled = settled_at(parameters)
    cut = _cut(count, block_width(parameters.roster), workers or 1)
    tasks = [Task(scenario, settled, luck, Lanes(ids), int(ids[0]), chronicled) for ids in cut]
    done: list[Block] = []
    for block in _finished(tasks, workers, limit):
        done.append(block)
        if progress is not None:
            failed = sum(len(each.status) - each.status.count("ok") for each in done)
            progress(sum(len(each.runs) for each in done), count, failed)
    return together(scenario, luck, settled, done)


def _cut(runs: int, width: int, workers: int) -> list[NDArray[np.int64]]:
    """Runs cut into equal blocks no wider than a width, at least one a worker."""
    pieces = max(-(-runs // width), min(workers, -(-runs // PADDING)))
    each = -(-runs // pieces // PADDING) * PADDING
    return [np.arange(first, min(first + each, runs), dtype=np.int64) for first in range(0, runs, each)]


def _finished(tasks: Sequence[Task], workers: int | None, limit: float) -> Iterator[Block]:
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
    from sim.runs.executors import carry_out, executor_of

    yield from carry_out(run_block, left, executor_of("local", workers), limit=limit)


def together(scenario: Scenario, seed: int, settled: Settled, blocks: Sequence[Block]) -> Record:
    """The record of all blocks."""
    whole = joined(blocks)
    solved = {field.name: getattr(settled, field.name) for field in fields(settled)}
    return Record(scenario, seed, whole.runs, whole.kept, whole.status, whole.error, solved, whole.chronicle, whole.acts)
