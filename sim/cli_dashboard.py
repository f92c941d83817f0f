"""The command that serves the live page; the server is loaded only when it runs."""

from __future__ import annotations

from pathlib import Path

import click

FIRST = Path("scenarios/western_balkans_2017.yaml")


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path), default=FIRST)
@click.option("--port", type=click.IntRange(0, 65535), help="Port to try first, else 8321; where it is taken, the next free one is told.")
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
def dashboard(scenario: Path, port: int | None, no_open: bool) -> None:
    """Serve the live page of SCENARIO to this machine: move levers, and see histories change.

    Other scenarios of its folder can be opened on the page. Ctrl-C ends it, with 0; bad input ends it with 2.

    \b
    Examples:
      suasion dashboard
      suasion dashboard scenarios/kosovo_deal.yaml --port 8400 --no-open
    """
    from sim.dashboard import serve

    serve(scenario, port, not no_open)
