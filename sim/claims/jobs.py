"""The work of claims: histories of one arm, of which nothing is kept but the measures that claims ask for."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.chapters import Settled
from sim.claims.measuring import Runs, measured
from sim.claims.selecting import kept_for
from sim.claims.variants import AS_IT_IS, VARIANTS
from sim.lanes import Lanes, Parameters, block_width
from sim.record import Record
from sim.roster import Roster
from sim.runs.blocks import PIECES, Task, cuts, run_block
from sim.scenario.claim_file import Measure
from sim.scenario.hashing import scenario_hash
from sim.scenario.schema import Scenario
from sim.settling import settled_at

# Solved starts that a worker keeps, and arms that it keeps unpacked.
MOST_STARTS, MOST_OPEN = 16, 2

RunIds = NDArray[np.int64]


@dataclass(frozen=True)
class Arm:
    """A world to be simulated: a scenario, numbers scaled in every run, and the form of the model it is simulated with.

    `key` addresses it: equal arms are simulated once, whichever claims ask for them.
    """

    key: str
    scenario: Scenario
    seed: int
    scaled: tuple[tuple[str, float], ...] = ()
    variant: str = AS_IT_IS

    def with_scaled(self, path: str, factor: float) -> Arm:
        """The arm with one number scaled in every run."""
        return replace(self, key=f"{self.key}/{path}*{factor:g}", scaled=(*self.scaled, (path, factor)))

    def in_form(self, variant: str) -> Arm:
        """The arm in another form of the model."""
        return replace(self, key=f"{self.key}/{variant}", variant=variant)


@dataclass(frozen=True)
class Asked:
    """What a claim asks of an arm: its measures, and those that are wanted."""

    measures: Mapping[str, Measure]
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class Packed:
    """An arm and what is asked of it by claim, as bytes, which travel to workers cheaply and are unpacked there once."""

    content: bytes
    digest: str
    width: int

    @classmethod
    def of(cls, arm: Arm, asked: Mapping[str, Asked]) -> Packed:
        """The arm packed."""
        content = pickle.dumps((arm, dict(asked)), protocol=pickle.HIGHEST_PROTOCOL)
        return cls(content, hashlib.blake2b(content, digest_size=8).hexdigest(), block_width(Roster(arm.scenario)))


@dataclass(frozen=True)
class Opened:
    """An arm ready to be simulated, its start solved, with the variables that have to be kept for what is asked."""

    arm: Arm
    asked: Mapping[str, Asked]
    scenario: Scenario
    settled: Settled
    kept: tuple[str, ...]


@lru_cache(maxsize=MOST_OPEN)
def _opened(digest: str, content: bytes) -> Opened:
    """The arm that this program packed in another of its processes; nothing that was ever on a disk is unpacked."""
    arm, asked = pickle.loads(content)
    assert isinstance(arm, Arm)
    world = VARIANTS[arm.variant].world(arm.scenario)
    measures = [measure for each in asked.values() for measure in each.measures.values()]
    return Opened(arm, asked, world, start_of(world), kept_for(world, measures))


def start_of(scenario: Scenario) -> Settled:
    """The solved start of a scenario; what-ifs, dated changes and what is asked of it make no difference to it."""
    plain = scenario.model_copy(update={"set": {}, "shocks": [], "policies": [], "outcomes": []})
    key = scenario_hash(plain)
    if key not in _STARTS:
        if len(_STARTS) >= MOST_STARTS:
            _STARTS.clear()
        _STARTS[key] = settled_at(Parameters(plain, Roster(plain)))
    return _STARTS[key]


_STARTS: dict[str, Settled] = {}


@dataclass(frozen=True)
class Receipt:
    """What a job leaves: by claim and measure a number a run, NaN where there is none; and why a run failed. Shape: (run)."""

    key: str
    runs: RunIds
    values: Mapping[tuple[str, str], Runs]
    error: tuple[str, ...]


@dataclass(frozen=True)
class Job:
    """Some runs of an arm."""

    key: str
    packed: Packed
    run: RunIds

    @property
    def rows(self) -> int:
        """How many histories."""
        return len(self.run)

    @property
    def blocks(self) -> int:
        """How many blocks they make."""
        return -(-self.rows // self.packed.width)

    def part(self, start: int, stop: int) -> Job:
        """Some of the runs."""
        return replace(self, run=self.run[start:stop])

    def split(self) -> Sequence[Job]:
        """The same runs in smaller jobs; none when there is one run."""
        return [self.part(start, stop) for start, stop in cuts(self.rows, PIECES)] if self.rows > 1 else []

    def lost(self, status: str, error: str) -> Receipt:
        """Takes down that runs could not be made."""
        return Receipt(self.key, self.run, {}, tuple(f"{status}: {error} (run {run})" for run in self.run))


def done(job: Job) -> Receipt:
    """Simulates the runs of a job and measures them, in a block of twice the width where the form of the model asks for it.

    A run that raises is found by halving, and it alone is lost.

    Raises: MemoryError, which concerns the whole process and is the caller's to deal with.
    """
    opened = _opened(job.packed.digest, job.packed.content)
    arm, form = opened.arm, VARIANTS[opened.arm.variant]
    beside = job.run[-1] + 1 + np.arange(job.rows if form.is_wide else 0)
    ids = np.concatenate([job.run, beside])
    lanes = Lanes(ids, scale={path: np.full(len(ids), factor) for path, factor in arm.scaled})
    task = Task(opened.scenario, opened.settled, arm.seed, lanes, variables=opened.kept, turn=form.turn, every_month=True)
    block = run_block(task)
    kept = {name: values[..., : job.rows] for name, values in block.kept.items()}
    return _measured(opened, job, Record(opened.scenario, arm.seed, job.run, kept, block.status[: job.rows], block.error[: job.rows]))


def _measured(opened: Opened, job: Job, record: Record) -> Receipt:
    """The measures of a record, NaN where a run did not go well."""
    values: dict[tuple[str, str], Runs] = {}
    for claim, asked in opened.asked.items() if record.ok.any() else ():
        for name, found in measured(record, asked.measures, asked.wanted).items():
            whole = np.full(job.rows, np.nan)
            whole[record.ok] = found
            values[claim, name] = whole
    return Receipt(job.key, job.run, values, record.error)


def joined(receipts: Sequence[Receipt]) -> Receipt:
    """Receipts of one arm put together in the order of their runs; runs without a number are NaN."""
    parts = sorted(receipts, key=lambda receipt: int(receipt.runs[0]))
    wanted = {each for part in parts for each in part.values}
    values = {each: np.concatenate([part.values.get(each, np.full(len(part.runs), np.nan)) for part in parts]) for each in wanted}
    runs = np.concatenate([part.runs for part in parts])
    return Receipt(parts[0].key, runs, values, tuple(error for part in parts for error in part.error))
