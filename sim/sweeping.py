"""The sweep and the comparison as a user meets them: estimated, made, taken up again, analysed and drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import click

import sim
from sim.runs.estimate import estimate
from sim.runs.plan import Plan
from sim.runs.results import Results
from sim.runs.standing import seed_held
from sim.runs.sweep import Made, Means, Note, make, plan_of, standing_told
from sim.scenario.experiments import Experiment
from sim.scenario.faults import SuasionError, shown
from sim.telling import Telling

SHARE = re.compile(r"(\d{1,6})/(\d{1,6})")


@dataclass(frozen=True)
class Words:
    """What the command line asks of a sweep, besides the means of making it."""

    out: Path | None = None
    runs: int | None = None
    seed: int | None = None
    dry_run: bool = False
    status: bool = False
    charts: bool = True


def sweep_from_words(path: Path, words: Words, means: Means) -> int:
    """What `suasion sweep` does with its words; gives the number of failed runs."""
    experiment = sim.read_experiment(path)
    out = words.out or Path("out") / path.stem
    if words.dry_run:
        click.echo(estimate(plan_of(experiment, words.runs, words.seed)).told(means.crew.workers), nl=False)
        return 0
    seed = words.seed if words.seed is not None or means.fresh else seed_held(out) or words.seed
    plan = plan_of(experiment, words.runs, seed)
    if words.status:
        click.echo(standing_told(out, plan), nl=False)
        return 0
    with Telling(experiment.title, plan.rows) as telling:
        made = made_with_talk(experiment, plan, out, means, telling)
        if means.share is None and words.charts:
            from sim.charts.sweeps import draw_sweep

            pictures, refused = draw_sweep(out, experiment)
            for told in [*(f"  {picture}" for picture in pictures), *(f"  not drawn: {reason}" for reason in refused)]:
                telling.say(told)
    return made.failed.total()


def made_with_talk(experiment: Experiment, plan: Plan, out: Path, means: Means, telling: Telling, note: Note | None = None) -> Made:
    """Makes a sweep and says how it ended; says how to go on where it was stopped."""
    try:
        made = make(experiment, plan, out, replace(means, say=telling.say), telling.progress, note)
    except KeyboardInterrupt:
        telling.say(f"stopped; what is done is kept in {out}, and the same command goes on from there")
        raise
    failed = "".join(f", {count} {status}" for status, count in sorted(made.failed.items()))
    first = f"; the first: {shown(made.first_error, 200)}" if made.first_error else ""
    if means.share is not None:
        share = f"share {means.share[0]} of {means.share[1]}"
        telling.say(f"{share} is done in {out}{failed}; once all are, the same command without --shard merges them")
    else:
        rows = f"{plan.rows} histories ({len(plan.points.keys)} points x {plan.runs} runs, seed {plan.seed})"
        telling.say(f"{out} {'is finished and ' if made.was_finished else ''}holds {rows}{failed}{first}")
    return made


def sweep(
    experiment: Experiment | str | Path,
    out: str | Path,
    *,
    runs: int | None = None,
    seed: int | None = None,
    means: Means | None = None,
    charts: bool = False,
) -> Results:
    """Makes the sweep of an experiment, or takes it up again, and gives what it left.

    Args: experiment, or the path of its file; out, the folder; runs and seed, by default the experiment's; means, who simulates and
    within what limits; charts, whether to draw them into the folder.

    Raises: ScenarioFaults; DirectoryFault where the folder holds something else; DirectoryInUse; DiskFault.
    """
    known = sim.read_experiment(experiment) if isinstance(experiment, str | Path) else experiment
    folder = Path(out)
    given = seed if seed is not None else seed_held(folder)
    make(known, plan_of(known, runs, given), folder, means or Means())
    if charts:
        from sim.charts.sweeps import draw_sweep

        draw_sweep(folder, known)
    return Results.read(folder)


def share_of(words: str | None) -> tuple[int, int] | None:
    """The share of a job array written I/N.

    Raises: SuasionError.
    """
    if words is None:
        return None
    found = SHARE.fullmatch(words)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise SuasionError(f"--shard is written I/N, such as 3/64, with I from 1 to N; found '{shown(words)}'")
    return int(found[1]), int(found[2])


def with_runs(experiment: Experiment, runs: int) -> Experiment:
    """The experiment with so many runs a point."""
    ensemble = experiment.scenario.ensemble.model_copy(update={"runs": runs})
    return replace(experiment, scenario=experiment.scenario.model_copy(update={"ensemble": ensemble}))
