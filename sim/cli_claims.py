"""The command that tries the documents' claims. It imports what it needs when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli_runs import FAILED_RUNS, MOST_RUNS, MOST_WORKERS


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID...]")
@click.option("--runs", type=click.IntRange(2, MOST_RUNS), help="Histories of each arm; by default each claim's own number.")
@click.option("--seed", type=click.IntRange(0, 2**64 - 1), help="Where all luck comes from; by default each claim's own seed.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the tables; by default out/claims.")
@click.option("--robust", is_flag=True, help="Try seven other forms of the model too, with a quarter of the runs; takes twice as long.")
@click.option("--page", type=click.Path(dir_okay=False, path_type=Path), help="Write a page about all claims to a file.")
@click.option(
    "--boxes",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A finished sweep that looked for a box, to tell on the page and in the report where it breaks; may be repeated.",
)
@click.option("--workers", type=click.IntRange(1, MOST_WORKERS), help="Processes; by default all cores.")
@click.option("--executor", default="local", show_default=True, help="local, serial, dask or dask://HOST:PORT.")
@click.option("--limit", type=click.FloatRange(0.1), default=120.0, show_default=True, help="Seconds that a block of runs may take.")
@click.option("--json", "as_json", is_flag=True, help="Print plain data.")
def claims(ids: tuple[str, ...], **wish: Any) -> None:
    """Try the documents' claims: each as a contrast of arms, run by run, over three readings of the documents.

    IDs are those of seeds/claims.yaml, or paths of claim files; by default all claims are tried. A verdict is about the
    model. Leaves with 0 when all runs went well, 2 on bad input, 3 when some runs failed, 5 when the disk refuses.

    \b
    Examples:
      suasion claims T07 --runs 32
      suasion claims --robust --page docs/claims.md
    """
    from sim.claiming import Hands, Words, claims_from_words

    hands = Hands(**{name: wish.pop(name) for name in Hands.__dataclass_fields__})
    if claims_from_words(ids, Words(**wish), hands):
        raise click.exceptions.Exit(FAILED_RUNS)
