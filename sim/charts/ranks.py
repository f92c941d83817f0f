"""Ranks: which factors an outcome rises and falls with, each with its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.names import Spoken
from sim.charts.sheet import HIGHER, LOWER, MOST_ROWS, Names, Origin, body_of, name_of, number, rows, spoken_of, value_axis
from sim.charts.style import GREY, INK, PAPER, SLIDE, Size, house_style, width_of
from sim.charts.words import large, listed, percent

# A regression on ranks that accounts for less than this says little.
LITTLE = 0.5


def data(table: pd.DataFrame, size: Size = SLIDE) -> pd.DataFrame:
    """The factors shown, the strongest first, as `ranks` gives them."""
    return table.head(MOST_ROWS[size.name]).reset_index(drop=True)


def title(table: pd.DataFrame, outcome: Spoken, names: Names) -> str:
    """What the outcome goes with most, which way, and what else is beyond chance."""
    sure = table[(table["weight_low"] > 0) | (table["weight_high"] < 0)]
    what = large(outcome.in_sentence)
    if sure.empty:
        return f"{what} goes with none of {len(table)} factors beyond chance"
    first = sure.iloc[0]
    way = "rises" if first["weight"] > 0 else "falls"
    head = f"{what} {way} most clearly with {spoken_of(names, str(first['factor'])).in_sentence}"
    others = [spoken_of(names, str(factor)).in_sentence for factor in sure["factor"].iloc[1:3]]
    head += f", then goes with {listed(others)}" if others else ""
    fit = float(table["fit"].iloc[0])
    return head + (f"; but straight lines account for only {percent(fit)} of it" if fit < LITTLE else "")


def draw(table: pd.DataFrame, origin: Origin, outcome: Spoken, names: Names, size: Size = SLIDE) -> Figure:
    """A row a factor: a dot at its coefficient among all factors with a 95% interval, a ring at its correlation alone."""
    shown = data(table, size)
    subtitle = (
        f"{outcome.name}: standardised coefficient of a regression of ranks on all factors (dot, 95% interval) and rank correlation "
        f"alone (ring), over points; 1 is as close as can be. All together account for {percent(float(table['fit'].iloc[0]))}"
    )
    with house_style():
        page = origin.page(size, (title(table, outcome, names), subtitle), body_of(size, len(shown)), "95% intervals by resampling points")
        tails = [number(float(value), signed=True) for value in shown["weight"]]
        said = [name_of(names, str(factor), size) for factor in shown["factor"]]
        grid = rows(page, said, max(width_of(tail, size.label) for tail in tails) + 10)
        ends = shown[["weight_low", "weight_high", "rank"]].to_numpy(dtype=np.float64)
        reach = min(1.05, max(0.3, float(np.nanmax(np.abs(ends))) * 1.1))
        grid.ax.set_xlim(-reach, reach)
        value_axis(page, grid.ax, signed=True)
        grid.ax.axvline(0, color=INK, linewidth=1, zorder=1)
        for place, (_, row) in enumerate(shown.iterrows()):
            y = place + grid.shift
            sure = row["weight_low"] > 0 or row["weight_high"] < 0
            colour = GREY if not sure else HIGHER if row["weight"] > 0 else LOWER
            thick = 0.3 * size.label
            grid.ax.plot([row["weight_low"], row["weight_high"]], [y, y], color=colour, linewidth=thick, alpha=0.5, zorder=2)
            grid.ax.plot([row["rank"]], [y], "o", markersize=size.label * 0.45, markerfacecolor="none", markeredgecolor=colour, zorder=3)
            grid.ax.plot([row["weight"]], [y], "o", markersize=size.label * 0.5, color=colour, markeredgecolor=PAPER, zorder=4)
            grid.tail(y, tails[place], color=INK if sure else GREY)
    return page.figure
