"""Policies: which choice of each owner holds up best over all worlds that were tried, by regret and by what is enough."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.policies import Policies
from sim.charts.sheet import HIGHER, Names, Origin, Rows, body_of, number, rows, spoken_of, value_axis
from sim.charts.style import GREY, INK, PAPER, SLIDE, Size, house_style, literal, width_of
from sim.charts.words import large, listed, percent, the

HEADS = ("regret", "enough")
# Regret in hundredths of the span of the owner's value.
HUNDRED = 100.0


def data(found: Policies) -> pd.DataFrame:
    """The ranking of every owner's choices, as `Policies` gives it."""
    return found.ranking


def title(found: Policies, names: Names, actors: Names) -> str:
    """What holds up best for each owner, and in what share of resamples it does."""
    told = []
    for owner in dict.fromkeys(found.ranking["owner"]):
        first = found.menu(str(owner)).iloc[0]
        who = the(spoken_of(actors, str(owner)).brief)
        told.append(
            f"{spoken_of(names, str(first['policy'])).in_sentence} for {who} (first in {percent(float(first['first']))} of resamples)"
        )
    return f"What holds up best: {listed(told)}"


def draw(found: Policies, origin: Origin, names: Names, actors: Names, size: Size = SLIDE) -> Figure:
    """A row a choice under its owner, the best first: a dot at its regret with a 95% interval, and how often it is enough."""
    shown = lines(found)
    subtitle = (
        "Regret that a choice stays below at nine points of ten: how much more the owner's best choice there would have given, in "
        f"hundredths of the owner's span over all points and choices; 95% intervals. Enough: share of {found.points:,} points at which "
        "every goal of the owner is met"
    )
    with house_style():
        page = origin.page(
            size,
            (title(found, names, actors), subtitle),
            body_of(size, len(shown)),
            "rings: bettered in every goal; title: share of resamples in which a choice is first",
        )
        words = [row_words(row, names, actors) for row in shown]
        cells = [["", ""] if row["policy"] is None else cell(row) for row in shown]
        room = [max(width_of(each[place], size.label) for each in [list(HEADS), *cells]) + size.label for place in range(2)]
        grid = rows(page, words, sum(room), size.label * 1.4)
        most = max(float(found.ranking[["regret", "regret_high"]].max().max()), 1e-9)
        grid.ax.set_xlim(0, most * 1.06)
        value_axis(page, grid.ax, HUNDRED)
        grid.ax.axvline(0, color=INK, linewidth=1, zorder=1)
        for place, row in enumerate(shown):
            if row["policy"] is not None:
                mark(grid, place, row)
        grid.columns(HEADS, cells, room)
    return page.figure


def lines(found: Policies) -> list[dict[str, object]]:
    """The rows of the page: each owner, then its choices from the best on."""
    shown: list[dict[str, object]] = []
    for owner in dict.fromkeys(found.ranking["owner"]):
        shown.append({"owner": owner, "policy": None})
        shown += [{str(key): value for key, value in row.items()} for row in found.menu(str(owner)).to_dict("records")]
    return shown


def row_words(row: dict[str, object], names: Names, actors: Names) -> str:
    """What stands at the left of a row."""
    if row["policy"] is None:
        return f"Choices of {the(literal(spoken_of(actors, str(row['owner'])).name))}:"
    return literal(large(spoken_of(names, str(row["policy"])).name))


def cell(row: dict[str, object]) -> list[str]:
    """Regret and what is enough, in words."""
    regret, enough = float(str(row["regret"])), float(str(row["enough"]))
    return [number(HUNDRED * regret), percent(enough) if np.isfinite(enough) else "-"]


def mark(grid: Rows, place: int, row: dict[str, object]) -> None:
    """The regret of a choice and its interval; a ring where another choice is as good in every goal and better in one."""
    y, label = place + grid.shift, grid.page.size.label
    regret, low, high = (float(str(row[key])) for key in ("regret", "regret_low", "regret_high"))
    good = float(str(row["undominated"])) > 0.5
    colour = HIGHER if good else GREY
    grid.ax.plot([low, high], [y, y], color=colour, linewidth=0.3 * label, alpha=0.45, zorder=2, solid_capstyle="butt")
    grid.ax.plot([regret], [y], "o", markersize=0.55 * label, markerfacecolor=colour if good else PAPER, markeredgecolor=colour, zorder=3,
                 clip_on=False)  # fmt: skip
