"""The command that compares policies. It imports what it needs when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli_options import FAILED_RUNS, POINTS


@click.command()
@click.argument("experiment", type=click.Path(path_type=Path), default=Path("experiments/policies.yaml"))
@POINTS
@click.option("--charts/--no-charts", default=True, show_default=True, help="Draw the charts of the policies.")
@click.option("--json", "as_json", is_flag=True, help="Print plain data.")
def policies(experiment: Path, as_json: bool, **wish: Any) -> None:
    """Say which policies of EXPERIMENT hold up in all the worlds that it tries, whose they are, and who gains by them.

    The same command again goes on where it was stopped, or only analyses what is there. Leaves with 0 when all runs went well, 2 on
    bad input, 3 when some runs failed, 4 when another program holds the folder, 5 when the disk refuses, 130 or 143 when stopped.

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
