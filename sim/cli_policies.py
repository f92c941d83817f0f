"""The command that compares policies. It imports what it needs when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli_runs import FAILED_RUNS, MOST_RUNS, MOST_WORKERS


@click.command()
@click.argument("experiment", type=click.Path(path_type=Path), default=Path("experiments/policies.yaml"))
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the results; by default out/NAME.")
@click.option("--runs", type=click.IntRange(1, MOST_RUNS), help="Histories a point; by default the experiment's.")
@click.option("--seed", type=click.IntRange(0, 2**64 - 1), help="Where all luck comes from; else the experiment's, else drawn and kept.")
@click.option("--executor", default="local", show_default=True, help="local, serial, dask or dask://HOST:PORT.")
@click.option("--workers", type=click.IntRange(1, MOST_WORKERS), help="Processes; by default all cores.")
@click.option("--limit", type=click.FloatRange(0.1), default=120.0, show_default=True, help="Seconds that a block of runs may take.")
@click.option("--fresh", is_flag=True, help="Replace what an earlier sweep left in the folder.")
@click.option("--allow-mixed", is_flag=True, help="Accept rows made by other versions or on another processor.")
@click.option("--charts/--no-charts", default=True, show_default=True, help="Draw the charts of the policies.")
@click.option("--json", "as_json", is_flag=True, help="Print plain data.")
def policies(experiment: Path, as_json: bool, **wish: Any) -> None:
    """Say which policies of EXPERIMENT hold up in all the worlds that it tries, whose they are, and who gains by them.

    The same command again goes on where it was stopped, or only analyses what is there.

    \b
    Example:
      suasion policies experiments/policies.yaml --runs 4
    """
    from sim.choosing import policies_from_words
    from sim.runs.sweep import Means
    from sim.sweeping import Words

    words = Words(**{name: wish.pop(name) for name in ("out", "runs", "seed", "charts")})
    if policies_from_words(experiment, words, Means(**wish), as_json):
        raise click.exceptions.Exit(FAILED_RUNS)


COMMANDS = (policies,)
