"""The command that tries the documents' claims. It imports what it needs when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli_options import FAILED_RUNS, HANDS, MOST_RUNS, out, seed


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID...]")
@click.option("--runs", type=click.IntRange(2, MOST_RUNS), help="Histories of each arm; by default each claim's own number.")
@seed("by default each claim's own")
@out("out/claims")
@click.option("--robust", is_flag=True, help="Try seven other forms of the model too, with a quarter of the runs; takes twice as long.")
@click.option("--page", type=click.Path(dir_okay=False, path_type=Path), help="Write a page about all claims to a file.")
@click.option(
    "--boxes",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A finished sweep that looked for a box, to tell on the page and in the report where it breaks; may be repeated.",
)
@HANDS
@click.option("--json", "as_json", is_flag=True, help="Print plain data.")
def claims(ids: tuple[str, ...], **wish: Any) -> None:
    """Try the documents' claims: each as a contrast of arms, run by run, over three readings of the documents.

    IDs are those of seeds/claims.yaml, or paths of claim files; by default all claims are tried. A verdict is about the
    model. Leaves with 0 when all runs went well, 2 on bad input, 3 when some runs failed, 5 when the disk refuses, 130 or 143
    when stopped.

    \b
    Examples:
      suasion claims T07 --runs 32
      suasion claims --robust --page docs/claims.md
    """
    from sim.claiming import Hands, Words, claims_from_words

    hands = Hands(**{name: wish.pop(name) for name in Hands.__dataclass_fields__})
    if claims_from_words(ids, Words(**wish), hands):
        raise click.exceptions.Exit(FAILED_RUNS)
