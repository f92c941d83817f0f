"""The main job: a scenario in, an ensemble, its tables, charts and report out."""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sim
from sim.outcomes import needs_of, outcome_columns
from sim.record import MONTHLY, Record
from sim.retelling import chronicle_of
from sim.runs.blocks import Progress
from sim.runs.ensemble import simulate
from sim.runs.history import chronicled
from sim.runs.standing import REPORT
from sim.runs.store import OutputDirectory, Standing
from sim.runs.sweep import SHARDS, Means, plan_of, simulated
from sim.runs.tables import acts_table, events_table, outcomes_table, runs_table, series_tables, summary_table
from sim.runs.tally import MOST_KEPT, RESOLUTION
from sim.runs.versions import makers
from sim.scenario.changes import changes_from_words
from sim.scenario.dates import month_name, month_number
from sim.scenario.experiments import Experiment
from sim.scenario.faults import SuasionError
from sim.scenario.hashing import scenario_hash
from sim.scenario.schema import Scenario
from sim.telling import Telling

Say = Callable[[str], None]
# So many runs of an ensemble too large for memory are drawn.
RUNS_CHARTED = 1024


@dataclass(frozen=True)
class Wish:
    """What a run was asked for, besides its scenario."""

    out: Path
    keep: str = "summary"
    workers: int | None = None
    fresh: bool = False
    allow_mixed: bool = False
    charts: bool = True
    limit: float = 120.0


@dataclass(frozen=True)
class Talk:
    """How a long job talks to its user."""

    say: Say
    progress: Progress | None = None


@dataclass(frozen=True)
class Done:
    """What a run left: its folder, how many runs failed, and whether there was nothing to do."""

    out: Path
    failed: int = 0
    was_finished: bool = False


@dataclass(frozen=True)
class Words:
    """What the command line changes in a scenario, and what it asks for instead of results."""

    words: tuple[str, ...] = ()
    runs: int | None = None
    seed: int | None = None
    months: int | None = None
    plan: bool = False
    chronicle: bool = False
    facts: bool = False


def run_from_words(path: Path, words: Words, wish: dict[str, Any]) -> int:
    """What `suasion run` does with its words; gives the number of failed runs."""
    scenario = asked_for(path, words.words, words.runs, words.months)
    if words.plan:
        sys.stdout.write(plan_told())
        return 0
    given = scenario.ensemble.seed if words.seed is None else words.seed
    luck = secrets.randbits(63) if given is None else given
    if words.chronicle:
        sys.stdout.write(chronicle_of(simulate(scenario, 1, luck, chronicled=True)))
        return 0
    if words.facts:
        return tell_facts(scenario, luck, wish["workers"])
    out = wish.pop("out") or Path("out") / path.stem
    with Telling(scenario.title, scenario.ensemble.runs) as telling:
        try:
            done = run_scenario(scenario, luck, Wish(out, **wish), telling.say, telling.progress)
        except KeyboardInterrupt:
            if scenario.ensemble.runs > MOST_KEPT:
                telling.say(f"stopped; what is done is kept in {out}, and the same command goes on from there")
            raise
    if not done.was_finished:
        lost = f"; {done.failed} failed, see runs/" if done.failed else ""
        telling.say(f"{done.out} holds {scenario.ensemble.runs} runs, seed {luck}{lost}")
    return done.failed


def tell_facts(scenario: Scenario, seed: int, workers: int | None) -> int:
    """Prints the stylised facts beside an ensemble; gives the number of failed runs."""
    from sim.facts import facts_told, findings, read_facts

    known = read_facts()
    with Telling(scenario.title, scenario.ensemble.runs) as telling:
        record = simulate(scenario, seed=seed, workers=workers, progress=telling.progress)
    if record.ok.any():
        sys.stdout.write(facts_told(record, findings(record, known.facts)))
    return int((~record.ok).sum())


def asked_for(path: Path, words: tuple[str, ...], runs: int | None, months: int | None) -> Scenario:
    """The scenario of a file with the command line's changes.

    Raises: ScenarioFaults.
    """
    scenario = sim.read_scenario(path)
    if words:
        scenario = scenario.with_changes(changes_from_words(scenario, words))
    if runs is not None:
        scenario = scenario.model_copy(update={"ensemble": scenario.ensemble.model_copy(update={"runs": runs})})
    return scenario if months is None else shortened(scenario, months)


def shortened(scenario: Scenario, months: int) -> Scenario:
    """The scenario over another number of months; dated changes after its end are left out."""
    last = (month_number(scenario.time.start) or 0) + months - 1
    within = {name: [change for change in getattr(scenario, name) if change.at <= month_name(last)] for name in ("shocks", "policies")}
    return scenario.model_copy(update={"time": scenario.time.model_copy(update={"months": months}), **within})


def plan_told() -> str:
    """What happens in a month, act by act."""
    from sim.turn import TURN

    lines = []
    for place, act in enumerate(TURN, 1):
        watched = ", and whatever causes, needs and gates watch" if act.watches else ""
        lines.append(f"{place:3d}  {act.name}: {act.chapter}")
        lines.append(f"       reads  {', '.join(act.reads)}{watched}")
        lines.append(f"       writes {', '.join(act.writes)}")
    head = "Each month: dated changes; then every act, on last month's world; then what follows from this month's stocks.\n"
    return head + "\n".join(lines) + "\n"


def run_scenario(scenario: Scenario, seed: int, wish: Wish, say: Say, progress: Progress | None = None) -> Done:
    """Simulates, and writes everything into one folder; the manifest comes last.

    A folder that holds the same, finished, is left as it is; one that holds something else is refused before the first run.
    """
    runs = scenario.ensemble.runs
    if runs > MOST_KEPT and wish.keep in ("series", "all"):
        raise SuasionError(f"--keep {wish.keep} holds all runs in memory, up to {MOST_KEPT}; for {runs} use --keep summary")
    clock = time.monotonic()
    out = OutputDirectory(
        wish.out, identity_of(scenario, seed, wish.keep), runs, fresh=wish.fresh,
        ignoring=("versions",) if wish.allow_mixed else (), make_parents=wish.out.parts[:1] == ("out",),
    )  # fmt: skip
    with out:
        if out.standing is Standing.FINISHED:
            say(out.sentence)
            return Done(wish.out, was_finished=True)
        out.begin()
        if runs > MOST_KEPT:
            return run_many(out, scenario, seed, wish, Talk(say, progress))
        record = simulate(scenario, runs, seed, workers=wish.workers, progress=progress, chronicled=wish.keep == "all", limit=wish.limit)
        timings = {"simulation_s": time.monotonic() - clock}
        write_tables(out, record, wish.keep)
        if wish.charts and record.ok.any():
            write_pictures(out, record, say)
        out.finish(told(record, timings | {"whole_s": time.monotonic() - clock}))
    return Done(wish.out, failed=int((~record.ok).sum()))


def run_many(out: OutputDirectory, scenario: Scenario, seed: int, wish: Wish, talk: Talk) -> Done:
    """An ensemble too large for memory: made job by job like a sweep of one point, and taken up again if it is stopped.

    The summary is that of the variables that the outcomes rest on, tallied; charts show the first runs.
    """
    runs, clock = scenario.ensemble.runs, time.monotonic()
    summary = tuple(name for name in needs_of(scenario) if name in MONTHLY) if wish.keep == "summary" else ()
    plan = plan_of(Experiment(scenario.title, scenario.title, scenario, None, (), {"": scenario}, summary), runs, seed)
    means = Means(workers=wish.workers, limit=wish.limit, allow_mixed=wish.allow_mixed, say=talk.say)
    folder = out.work / SHARDS
    folder.mkdir(exist_ok=True)
    made, merger = simulated(plan, folder, means, talk.progress)
    out.write_stream("outcomes", merger.outcomes(sorted(outcome_columns(scenario))))
    out.write_stream("runs", merger.runs())
    if summary:
        out.write_stream("summary", merger.summary())
    timings = {"simulation_s": time.monotonic() - clock}
    first = simulate(scenario, RUNS_CHARTED, seed, workers=wish.workers)
    if wish.charts and first.ok.any():
        talk.say(f"  charts show the first {RUNS_CHARTED} of {runs} runs")
        write_pictures(out, first, talk.say)
    failed = made.failed.total()
    counts = {"planned": runs, "ok": runs - failed, "failed": failed, "missing": 0}
    out.finish(told(first, timings) | {"counts": counts, "summary": {"tally": RESOLUTION} if summary else "none"})
    return Done(wish.out, failed)


def identity_of(scenario: Scenario, seed: int, keep: str) -> dict[str, Any]:
    """What must be equal for two runs to share a folder. How many runs there are may grow."""
    resolved = scenario.dumped()
    resolved.pop("ensemble", None)
    return {
        "scenario": resolved,
        "scenario_hash": scenario_hash(scenario),
        "seed": seed,
        "months": scenario.time.months,
        "keep": keep,
        "versions": makers(),
    }


def write_tables(out: OutputDirectory, record: Record, keep: str) -> None:
    """The tables that a rung of the keeping ladder asks for."""
    out.write_table("runs", runs_table(record))
    out.write_table("outcomes", outcomes_table(record))
    if keep != "outcomes":
        out.write_table("summary", summary_table(record))
    if keep in ("series", "all"):
        for name, table in series_tables(record).items():
            out.write_table(f"series/{name}", table)
    if keep == "all":
        out.write_table("events", events_table(record))
        out.write_table("acts", acts_table(record))


def write_pictures(out: OutputDirectory, record: Record, say: Say) -> None:
    """Charts with their data, and the report that holds them."""
    from sim.charts.gallery import draw_all
    from sim.charts.report import report_html

    known = record if record.chronicle else chronicled(record)
    pictures = draw_all(known, out.work / "charts")
    for picture in pictures:
        with out.replacing(f"charts/{picture.name}") as temporary:
            temporary.write_bytes(picture.read_bytes())
    report = out.write_text(REPORT, report_html(known, [out.path / "charts" / picture.name for picture in pictures]))
    for name in sorted(picture.name for picture in pictures if picture.suffix == ".png"):
        say(f"  {out.path / 'charts' / name}")
    say(f"  {report}")


def told(record: Record, timings: dict[str, float]) -> dict[str, Any]:
    """What the manifest tells besides identity and files: counts, stages, solved references, timings."""
    failed = int((~record.ok).sum())
    stages = {name: [stage.name for stage in institution.stages.values()] for name, institution in record.scenario.institutions.items()}
    reference = {power: float(record.settled["reference"][place, 0]) for place, power in enumerate(record.roster.ids["power"])}
    return {
        "counts": {"planned": record.runs, "ok": record.runs - failed, "failed": failed, "missing": 0},
        "stages": stages,
        "worth_reference": reference,
        "summary": "exact",
        "timings": timings,
    }
