"""A sweep: every point of a design simulated as one wide ensemble, kept as it goes, and merged into one output directory."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.outcomes import outcome_columns
from sim.runs.blocks import Progress
from sim.runs.executors import Crew, carry_out, executor_of
from sim.runs.growing import carried, points_table, refuse_losses
from sim.runs.jobs import Job, done
from sim.runs.merging import Merger
from sim.runs.plan import Cutter, Plan
from sim.runs.points import points_of
from sim.runs.shards import DamagedShard, Receipt, Shards, write_shard
from sim.runs.standing import WORK, DirectoryFault, Standing, ours
from sim.runs.store import OutputDirectory
from sim.runs.tally import MOST_KEPT, RESOLUTION
from sim.runs.versions import makers
from sim.scenario.experiments import Experiment
from sim.scenario.hashing import scenario_hash

Note = Callable[[OutputDirectory, Merger], None]
SHARDS = "shards"
# Work shorter than this is done in this process: starting workers would cost more. Units: seconds.
WORTH_WORKERS = 5.0
# So many work files are put together, which keeps the next start short.
MANY_FILES = 1000


@dataclass(frozen=True)
class Means:
    """By what means a sweep is made: who simulates, how long a block may take, which share of the rows is ours."""

    executor: str | Executor | Crew = "local"
    workers: int | None = None
    limit: float = 120.0
    share: tuple[int, int] | None = None
    allow_mixed: bool = False
    fresh: bool = False
    work: Callable[[Job], Receipt] = done
    say: Callable[[str], None] = lambda words: None

    @property
    def crew(self) -> Crew:
        """Those who simulate.

        Raises: SuasionError, when nobody is called so.
        """
        return executor_of(self.executor, self.workers) if isinstance(self.executor, str | Executor) else self.executor


@dataclass
class Made:
    """What has become of the rows so far."""

    rows: int
    done: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    first_error: str = ""
    was_finished: bool = False

    def add(self, receipt: Receipt) -> None:
        """Counts what a job left."""
        self.done += receipt.rows
        for status, count in receipt.counts.items():
            if status != "ok":
                self.failed[status] += count
        self.first_error = self.first_error or receipt.first_error


def plan_of(experiment: Experiment, runs: int | None = None, seed: int | None = None) -> Plan:
    """The points and runs of an experiment. A seed that nobody gave is drawn."""
    ensemble = experiment.scenario.ensemble
    given = ensemble.seed if seed is None else seed
    luck = secrets.randbits(63) if given is None else given
    return Plan(experiment.arms, points_of(experiment), ensemble.runs if runs is None else runs, luck, experiment.summary)


def identity_of(experiment: Experiment, plan: Plan) -> dict[str, Any]:
    """What must be equal for two sweeps to share a folder. Points, runs and arms may be added."""
    resolved = experiment.scenario.dumped()
    resolved.pop("ensemble", None)
    arms = {name: _without_ensemble(arm.dumped()) for name, arm in experiment.arms.items() if name}
    return {
        "scenario": resolved,
        "scenario_hash": scenario_hash(experiment.scenario),
        "seed": plan.seed,
        "summary": list(plan.summary),
        "arms": arms,
        "versions": makers(),
    }


def _without_ensemble(dumped: dict[str, Any]) -> dict[str, Any]:
    dumped.pop("ensemble", None)
    return dumped


def make(experiment: Experiment, plan: Plan, path: Path, means: Means, progress: Progress | None = None, note: Note | None = None) -> Made:
    """Simulates what is missing of a sweep and merges it into its folder; the same call again goes on where the last one stopped.

    With a share, only that share of the rows is simulated, and nothing is merged. `note` is called before the values of single runs,
    which the summary is made of, are let go.

    Raises: DirectoryFault where the folder holds something else, DirectoryInUse, DiskFault.
    """
    began = time.monotonic()
    with opened(experiment, plan, path, means) as out:
        if out.standing in (Standing.FINISHED, Standing.GROWING):
            refuse_losses(out, plan)
        if out.standing is Standing.FINISHED:
            return counted(out.told, plan.rows)
        before = carried(out, plan) if out.standing is Standing.GROWING else ()
        out.begin()
        folder = out.work / SHARDS
        folder.mkdir(exist_ok=True)
        for shard in before:
            write_shard(folder, shard, 0.0)
        made, merger = simulated(plan, folder, means, progress)
        if means.share is None:
            try:
                merge(out, experiment, merger, began, note)
            except DamagedShard:  # harmed since it was written: set aside, made again, and merged anew
                made, merger = simulated(plan, folder, means, progress)
                merge(out, experiment, merger, began, note)
    return made


def opened(experiment: Experiment, plan: Plan, path: Path, means: Means) -> OutputDirectory:
    """The folder of a sweep, not yet entered."""
    share = None if means.share is None else f"{means.share[0]}/{means.share[1]}"
    ignoring = ("versions",) if means.allow_mixed else ()
    return OutputDirectory(
        path, identity_of(experiment, plan), plan.rows, counted="histories", fresh=means.fresh, ignoring=ignoring, growing=("arms",),
        share=share, make_parents=path.parts[:1] == ("out",),
    )  # fmt: skip


def simulated(plan: Plan, folder: Path, means: Means, progress: Progress | None = None) -> tuple[Made, Merger]:
    """Simulates every row of our share that no work file holds; gives what has become of them, and all there are."""
    shards = scanned(plan, folder, means)
    merger = Merger(plan, shards)
    missing, held = merger.missing, Counter(merger.statuses())
    held.pop("ok", None)
    made = Made(plan.rows, int((~missing).sum()), held)
    if progress is not None:
        progress(made.done, made.rows, made.failed.total())
    if not missing.any():
        return made, merger
    crew = means.crew
    cutter = Cutter(plan, folder, crew.workers, means.share or (1, 1))
    for number, receipt in enumerate(carry_out(means.work, cutter.jobs(missing), crew, limit=means.limit), 1):
        cutter.learn(receipt.rows, receipt.seconds)
        made.add(receipt)
        shards.add(receipt.name)
        if number % MANY_FILES == 0 and means.share is None:
            shards.compact(plan.numbers)
        if progress is not None:
            progress(made.done, made.rows, made.failed.total())
    merger = Merger(plan, shards)
    if means.share is None and merger.missing.any():  # a job may leave more files than its receipt names
        shards.scan()
        merger = Merger(plan, shards)
    return made, merger


def scanned(plan: Plan, folder: Path, means: Means) -> Shards:
    """The work files that are sound; those made under other versions or on another kind of processor are refused."""
    shards = Shards(folder, plan.simulation)
    for told in shards.scan():
        means.say(told)
    if not means.allow_mixed:
        shards.refuse_mixed(makers())
    if means.share is None and len(shards.entries) > MANY_FILES:
        shards.compact(plan.numbers)
    return shards


def merge(out: OutputDirectory, experiment: Experiment, merger: Merger, began: float, note: Note | None = None) -> None:
    """Writes the tables out of the work files, and the manifest last.

    Raises: DirectoryFault, when rows are missing; DamagedShard; DiskFault.
    """
    plan = merger.plan
    if merger.missing.any():
        raise DirectoryFault(f"{merger.missing.sum()} of {plan.rows} rows are missing in {out.path}; run the same command again")
    columns = sorted({name for arm in plan.arms.values() for name in outcome_columns(arm.scenario)})
    out.write_table("points", points_table(plan.points))
    out.write_stream("outcomes", merger.outcomes(columns))
    out.write_stream("runs", merger.runs())
    if plan.summary:
        out.write_stream("summary", merger.summary())
    if note is not None:
        note(out, merger)
    failed = Counter(merger.statuses())
    ok = failed.pop("ok", 0)
    exact = plan.runs <= MOST_KEPT
    out.finish(
        {
            "experiment": experiment.dumped(),
            "runs_a_point": plan.runs,
            "counts": {"planned": plan.rows, "ok": ok, "failed": failed.total(), "missing": 0, **failed},
            "summary": "exact" if exact else {"tally": RESOLUTION},
            "timings": {"whole_s": time.monotonic() - began},
        }
    )


def counted(told: Mapping[str, Any], rows: int) -> Made:
    """What a finished folder tells of its rows."""
    counts = told["counts"]
    failed = {name: count for name, count in counts.items() if name not in ("planned", "ok", "failed", "missing")}
    return Made(rows, rows, Counter(failed), was_finished=True)


def standing_told(path: Path, plan: Plan) -> str:
    """How far the sweep in a folder has come, in words; nothing is changed there."""
    standing = ours(path) if path.is_dir() else None
    if standing is None:
        return f"{path} holds no sweep\n"
    if standing.finished:
        counts = standing.rest["counts"]
        return f"{path} is finished: {counts['planned']:,} histories, {counts['failed']:,} of them failed\n"
    shards = Shards(path / WORK / SHARDS, plan.simulation)
    for file in sorted(shards.folder.glob("[!.]*")):
        with suppress(DamagedShard):
            shards.add(file.name)
    merger = Merger(plan, shards)
    done, failed = int((~merger.missing).sum()), sum(count for name, count in merger.statuses().items() if name != "ok")
    return f"{path}: {done:,} of {plan.rows:,} histories are done ({done / plan.rows:.1%}), {failed:,} of them failed\n"
