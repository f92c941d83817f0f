"""The commands that simulate: run, sweep, compare, report. Each imports what it needs when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli_options import FAILED_RUNS, HANDS, LIMIT, MIXED, MOST_RUNS, MOST_WORKERS, POINTS, out, replaced, seed

# What is kept on disk, each with all that comes before it.
KEEP = ("outcomes", "summary", "series", "all")


def _leave_with(failed: int) -> None:
    """Ends the command, with its own code where runs failed."""
    if failed:
        raise click.exceptions.Exit(FAILED_RUNS)


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--runs", type=click.IntRange(1, MOST_RUNS), help="How many histories; by default the scenario's.")
@seed("else the scenario's, else drawn and kept")
@out("out/NAME")
@click.option("--keep", type=click.Choice(KEEP), default="summary", show_default=True, help="How much is kept.")
@click.option("--workers", type=click.IntRange(1, MOST_WORKERS), help="Processes; by default one, or all cores for long work.")
@click.option("--set", "words", multiple=True, metavar="PATH=VALUE", help="Change a number; may be repeated.")
@click.option("--months", type=click.IntRange(1, 1200), help="How many months; by default the scenario's.")
@replaced("run")
@click.option("--allow-mixed", is_flag=True, help="Accept a folder made by other versions of the program or its libraries.")
@click.option("--plan", is_flag=True, help="Print what happens in a month, and run nothing.")
@click.option("--chronicle", is_flag=True, help="Print what happened in the first history, month by month, and why; write nothing.")
@click.option("--facts", is_flag=True, help="Print which stylised facts the histories agree with; write nothing.")
@LIMIT
@click.option("--charts/--no-charts", default=True, show_default=True, help="Draw charts and write report.html.")
def run(scenario: Path, **wish: Any) -> None:
    """Simulate an ensemble of histories of SCENARIO and draw its charts.

    Leaves with 0 when all runs went well, 2 on bad input, 3 when some runs failed, 4 when another program holds the
    folder, 5 when the disk refuses.

    \b
    Examples:
      suasion run scenarios/western_balkans_2017.yaml
      suasion run scenarios/western_balkans_2017.yaml --runs 100 --set powers.russia.capacity=0 --out out/without_russia
    """
    from sim.running import Words, run_from_words

    failed = run_from_words(scenario, Words(**{name: wish.pop(name) for name in Words.__dataclass_fields__}), wish)
    _leave_with(failed)


@click.command()
@click.argument("experiment", type=click.Path(path_type=Path))
@POINTS
@click.option("--shard", metavar="I/N", help="Make only the I-th of N shares, beside others in the same folder; merge without it.")
@click.option("--dry-run", is_flag=True, help="Say how many points and runs, how long and how large; write nothing.")
@click.option("--status", is_flag=True, help="Say how far the sweep in the folder has come; change nothing.")
@click.option("--charts/--no-charts", default=True, show_default=True, help="Analyse the design and draw its charts.")
def sweep(experiment: Path, **wish: Any) -> None:
    """Simulate every point of EXPERIMENT's design, and draw what it shows.

    Every job is kept as soon as it is done: stopped or killed, the same command goes on where it was. Leaves with 0 when
    all runs went well, 2 on bad input, 3 when some runs failed, 4 when another program holds the folder, 5 when the disk
    refuses, 130 or 143 when stopped.

    \b
    Examples:
      suasion sweep experiments/tutorial_grid.yaml
      suasion sweep experiments/oil_and_outreach.yaml --dry-run
      suasion sweep experiments/what_matters.yaml --shard 3/64
    """
    from sim.runs.sweep import Means
    from sim.sweeping import Words, share_of, sweep_from_words

    words = Words(**{name: wish.pop(name) for name in Words.__dataclass_fields__})
    _leave_with(sweep_from_words(experiment, words, Means(share=share_of(wish.pop("shard")), **wish)))


@click.command()
@click.argument("scenarios", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SCENARIO SCENARIO...")
@click.option("--runs", type=click.IntRange(2, MOST_RUNS), help="Histories of each; by default the first scenario's.")
@seed("else the first scenario's, else drawn")
@out("out/A_and_B")
@HANDS
@replaced("comparison")
@MIXED
@click.option("--charts/--no-charts", default=True, show_default=True, help="Draw the charts of the differences.")
def compare(scenarios: tuple[Path, ...], **wish: Any) -> None:
    """Compare two or more SCENARIOs history by history: the same luck in each, so that a difference is the change's own.

    Stopped or killed, the same command goes on where it was. Leaves with 0 when all runs went well, 2 on bad input, 3 when
    some runs failed, 4 when another program holds the folder, 5 when the disk refuses, 130 or 143 when stopped.

    \b
    Example:
      suasion compare scenarios/western_balkans_2017.yaml scenarios/eu_outreach_halved.yaml --runs 500
    """
    from sim.comparing import Words, compare_from_words
    from sim.runs.sweep import Means

    words = Words(**{name: wish.pop(name) for name in Words.__dataclass_fields__})
    _leave_with(compare_from_words(scenarios, words, Means(**wish)))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Put the report into another file too.")
@click.option("--open", "opened", is_flag=True, help="Show the report in the browser.")
def report(folder: Path, out: Path | None, opened: bool) -> None:
    """Draw the charts and the report of the finished results in DIR anew: an ensemble, a sweep, a comparison or claims.

    Every table is checked against the manifest first. An ensemble is simulated again, which gives the same histories. Leaves with 0
    when all was drawn, 2 on bad input, 5 when the disk refuses.

    \b
    Example:
      suasion report out/western_balkans_2017 --out briefing.html
    """
    from sim.reporting import report_from_words

    report_from_words(folder, out, opened)


COMMANDS = (run, sweep, compare, report)
