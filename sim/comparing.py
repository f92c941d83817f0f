"""The comparison as a user meets it: scenarios run with the same luck, what changed most, and when the histories part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import pandas as pd
import pyarrow as pa

import sim
from sim.analysis.comparison import Comparison, comparison
from sim.analysis.differences import Side, differences, largest, paired_blocks
from sim.analysis.names import outcome_spoken, yes_no
from sim.analysis.parting import PairedSeries
from sim.outcomes import needs_of
from sim.record import MONTHLY
from sim.runs.ensemble import simulate
from sim.runs.merging import Merger
from sim.runs.results import Results
from sim.runs.standing import seed_held
from sim.runs.store import OutputDirectory, table_of
from sim.runs.sweep import Means, plan_of
from sim.runs.tables import by_column
from sim.scenario.experiments import Experiment
from sim.scenario.faults import SuasionError
from sim.scenario.hashing import scenario_hash
from sim.scenario.schema import Scenario
from sim.sweeping import made_with_talk, with_runs
from sim.telling import Telling

# Rows of the table on the screen, and series of the difference chart.
ROWS_TOLD = 12
SERIES_DRAWN = 6


@dataclass(frozen=True)
class Words:
    """What the command line asks of a comparison, besides the means of making it."""

    out: Path | None = None
    runs: int | None = None
    seed: int | None = None
    charts: bool = True


def compare(*scenarios: Scenario, runs: int | None = None, seed: int | None = None, workers: int | None = None) -> Comparison:
    """Compares two or more scenarios run by run with the same luck; each against the first. What changed most comes first.

    Args: runs and seed, by default the first scenario's; workers, how many processes.

    Raises: NotAnalysable when there are fewer than two scenarios, or no run went well in all.
    """
    ensemble = scenarios[0].ensemble if scenarios else None
    count = runs if runs is not None or ensemble is None else ensemble.runs
    first: int | None = seed if seed is not None or ensemble is None else ensemble.seed
    tables = {}
    for number, scenario in enumerate(scenarios):
        record = simulate(scenario, count, first, workers=workers)
        tables[scenario.title if scenario.title not in tables else f"{scenario.title} ({number + 1})"] = record.outcomes
        first = record.seed
    known = yes_no(scenarios[0], next(iter(tables.values())).columns) if scenarios else None
    return comparison(tables, known)


def compare_from_words(paths: Sequence[Path], words: Words, means: Means) -> int:
    """What `suasion compare` does with its words; gives the number of failed runs."""
    experiment = experiment_of(paths)
    if words.runs is not None:
        experiment = with_runs(experiment, words.runs)
    out = words.out or Path("out") / experiment.name
    seed = words.seed if words.seed is not None or means.fresh else seed_held(out)
    plan = plan_of(experiment, seed=seed)
    drawn = Drawn(experiment)
    with Telling(experiment.title, plan.rows) as telling:
        made = made_with_talk(experiment, plan, out, means, telling, drawn.note)
        results = Results.read(out)
        found = compared(results)
        if words.charts and not made.was_finished:
            from sim.charts.sweeps import draw_comparison

            for picture in draw_comparison(results, found, drawn.series):
                telling.say(f"  {picture}")
    click.echo(told(results.experiment.scenario, found), nl=False)
    return made.failed.total()


def experiment_of(paths: Sequence[Path]) -> Experiment:
    """An experiment whose arms are the scenarios of some files, the first the one that others are compared with.

    Raises: ScenarioFaults; SuasionError for fewer than two files.
    """
    if len(paths) < 2:
        raise SuasionError(f"a comparison needs two scenarios or more, found {len(paths)}")
    arms: dict[str, Scenario] = {}
    for number, path in enumerate(paths):
        arms[path.stem if path.stem not in arms else f"{path.stem}_{number + 1}"] = sim.read_scenario(path)
    hashes = {scenario_hash(scenario): name for name, scenario in reversed(arms.items())}
    if len(hashes) < len(arms):
        same = next(name for name, scenario in arms.items() if hashes[scenario_hash(scenario)] != name)
        raise SuasionError(f"{same} and {hashes[scenario_hash(arms[same])]} are the same scenario, so there is nothing to compare")
    base = next(iter(arms.values()))
    needs = sorted({name for scenario in arms.values() for name in needs_of(scenario) if name in MONTHLY})
    return Experiment("_and_".join(arms), " against ".join(arm.title for arm in arms.values()), base, None, (), arms, tuple(needs))


@dataclass
class Drawn:
    """Takes down, before the values go, how each arm differs from the first month by month."""

    experiment: Experiment
    series: dict[str, list[PairedSeries]]

    def __init__(self, experiment: Experiment) -> None:
        self.experiment, self.series = experiment, {}

    def note(self, out: OutputDirectory, merger: Merger) -> None:
        """Writes the table `differences`, and keeps the series that end farthest apart."""
        names = list(self.experiment.arms)
        base = _side(merger, 0)
        out.write_stream("differences", self._tables(merger, base, names))

    def _tables(self, merger: Merger, base: Side, names: Sequence[str]) -> Iterator[pa.Table]:
        for number, name in enumerate(names[1:], 1):
            blocks = list(paired_blocks(base, _side(merger, number)))
            self.series[name] = largest(self.experiment.scenario, blocks, SERIES_DRAWN)
            frame = differences(blocks)
            yield table_of({"arm": [name] * len(frame), **by_column(frame)})


def _side(merger: Merger, point: int) -> Side:
    found = {name: merger.values(point, name) for name in merger.plan.summary}
    runs = next((runs for runs, _ in found.values()), np.zeros(0, dtype=np.int64))
    return Side(merger.plan.arm_of(point).scenario, runs, {name: values for name, (_, values) in found.items()})


def compared(results: Results) -> Comparison:
    """The comparison of the arms of a finished directory, outcome by outcome."""
    outcomes, scenario = results.outcomes, results.experiment.scenario
    tables = {}
    for point, arm in zip(results.points["point"], results.points["arm"], strict=True):
        own = outcomes[outcomes["point"] == point]
        tables[str(arm)] = own.drop(columns="point").dropna(axis="columns", how="all").reset_index(drop=True)
    return comparison(_with_months(tables, outcomes), yes_no(scenario, outcomes.columns))


def _with_months(tables: dict[str, pd.DataFrame], outcomes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables with the months that never come put back, where the arm has the outcome at all."""
    every = [str(column) for column in outcomes.columns if str(column).endswith(".month")]
    for table in tables.values():
        for column in every:
            if column not in table and column.replace(".month", ".end") in table:
                table[column] = np.nan
    return tables


def told(scenario: Scenario, found: Comparison) -> str:
    """What changed most, as a table for the screen: paired intervals beside unpaired ones."""
    lines = []
    for arm in found.arms:
        table = found.of(arm).head(ROWS_TOLD)
        head = ("outcome", found.base[:20], arm[:20], "difference", "95% paired", "95% unpaired", "unpaired runs needed")
        rows = [head, *(_row(scenario, row) for _, row in table.iterrows())]
        widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
        moved = int(found.of(arm)["beyond_chance"].sum())
        lines.append(f"{arm} against {found.base}: {moved} of {len(found.of(arm))} outcomes move beyond chance, {found.runs} paired runs")
        lines += ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        lines.append("")
    return "\n".join(lines)


def _row(scenario: Scenario, row: pd.Series) -> tuple[str, ...]:
    spoken = outcome_spoken(scenario, str(row["outcome"]))

    def number(key: str) -> str:
        value = float(row[key]) * spoken.scale
        return "-" if not np.isfinite(value) else f"{value:.3g}"

    unit = f" {spoken.unit}" if spoken.unit else ""
    needed = "-" if not np.isfinite(row["unpaired_runs"]) else f"{row['unpaired_runs']:,.0f}"
    paired, unpaired = (f"{number(f'{way}low')} to {number(f'{way}high')}" for way in ("", "unpaired_"))
    return spoken.brief, number("base"), number("other"), number("difference") + unit, paired, unpaired, needed
