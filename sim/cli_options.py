"""Options that several commands share, each written once."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any

import click

FAILED_RUNS = 3
MOST_RUNS = 1_000_000
MOST_WORKERS = 4 * (os.cpu_count() or 1)

Option = Callable[[Any], Any]


def together(*options: Option) -> Option:
    """Some options as one, shown in this order."""
    return lambda command: reduce(lambda made, option: option(made), reversed(options), command)


def out(default: str) -> Option:
    """Where results go."""
    return click.option("--out", type=click.Path(path_type=Path), help=f"Folder for the results; by default {default}.")


def seed(otherwise: str) -> Option:
    """Where all luck comes from, and whose seed it is otherwise."""
    return click.option("--seed", type=click.IntRange(0, 2**64 - 1), help=f"Where all luck comes from; {otherwise}.")


def replaced(what: str) -> Option:
    """Begin anew."""
    return click.option("--fresh", is_flag=True, help=f"Replace what an earlier {what} left in the folder.")


LIMIT = click.option("--limit", type=click.FloatRange(0.1), default=120.0, show_default=True, help="Seconds that a block of runs may take.")
# Who does the work, and how long a piece of it may take.
HANDS = together(
    click.option("--executor", default="local", show_default=True, help="local, serial, dask or dask://HOST:PORT."),
    click.option("--workers", type=click.IntRange(1, MOST_WORKERS), help="Processes; by default all cores."),
    LIMIT,
)
MIXED = click.option("--allow-mixed", is_flag=True, help="Accept rows made by other versions or on another processor.")
# Everything that says how the points of an experiment are made.
POINTS = together(
    out("out/NAME"),
    click.option("--runs", type=click.IntRange(1, MOST_RUNS), help="Histories a point; by default the experiment's."),
    seed("else the experiment's, else drawn and kept"),
    HANDS,
    replaced("sweep"),
    MIXED,
)
