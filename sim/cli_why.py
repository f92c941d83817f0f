"""The command that says why: which mechanisms carry a difference, and what led to an event. It imports what it needs when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli_options import MOST_WORKERS

MOST_RUNS, MOST_ORDERS = 2048, 1024


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="OUT_A OUT_B OUTCOME | OUT --run N --event NAME")
@click.option("--runs", type=click.IntRange(2, MOST_RUNS), help="Paired histories; by default 48, or all there are if fewer.")
@click.option("--orders", type=click.IntRange(2, MOST_ORDERS), help="Orders in which mechanisms come in; by default 24.")
@click.option("--workers", type=click.IntRange(1, MOST_WORKERS), default=2, show_default=True, help="Processes.")
@click.option("--run", "run", type=click.IntRange(0), help="The history whose event is asked about.")
@click.option("--event", "event", metavar="NAME", help="An event, such as coup_plot or coup_plot.montenegro, or a deed.")
@click.option("--at", "at", metavar="YYYY-MM", help="The month of the event; by default the first time it happens.")
@click.option("--json", "as_json", is_flag=True, help="Print plain data.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for why.csv and the chart.")
def why(words: tuple[str, ...], **wish: Any) -> None:
    """Say which mechanisms carry the difference in OUTCOME between two finished runs, or what led to an event in one history.

    OUT_A, OUT_B and OUT are folders that 'suasion run' has made. The difference is that of the same histories with the same luck.
    Leaves with 0 when it could be said, 2 on bad input, 5 when the disk refuses.

    \b
    Examples:
      suasion why out/western_balkans_2017 out/eu_outreach_halved serbia.eu_position.end
      suasion why out/western_balkans_2017 --run 17 --event coup_plot
    """
    from sim.explaining_why import Wish, why_from_words

    why_from_words(words, Wish(**wish))


COMMANDS = (why,)
