"""Ranking: which outcomes a change moved most, each with its paired interval, and what an unpaired one would have been."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.comparison import Comparison
from sim.analysis.names import Spoken, outcome_spoken
from sim.charts.sheet import HIGHER, LOWER, Origin, Rows, body_of, estimate, padded, rows, value_axis
from sim.charts.style import GREY, INK, SLIDE, Size, house_style, ink, width_of
from sim.charts.words import large

SHOWN = 15
# Changes beyond this many spreads end in an arrow, unless most are.
FARTHEST = 6.0


def data(comparison: Comparison, arm: str | None = None, most: int = SHOWN) -> pd.DataFrame:
    """The outcomes that changed most in one arm (the first, if none is named). One row an outcome, as in the comparison."""
    table = comparison.of(comparison.arms[0] if arm is None else arm)
    return table[table["size"].notna()].head(most).reset_index(drop=True)


def title(comparison: Comparison, origin: Origin, name: str, arm: str | None = None) -> str:
    """What changed most, and how many outcomes changed beyond chance."""
    table = comparison.of(comparison.arms[0] if arm is None else arm)
    moved, many = int(table["beyond_chance"].sum()), len(table)
    if comparison.runs < 2:
        return f"{large(name)}: one run cannot tell a change from chance"
    if not moved:
        return f"{large(name)}: none of {many} outcomes moves beyond chance"
    first = table[table["beyond_chance"]].iloc[0]
    spoken = outcome_spoken(origin.scenario, str(first["outcome"]))
    others = f"; {moved} of {many} outcomes move beyond chance" if many > 1 else ""
    return f"{large(name)}: {spoken.in_sentence} {moved_words(first, spoken)}{others}"


def moved_words(row: pd.Series, spoken: Spoken) -> str:
    """By how much an outcome changed: 'falls by 4 points (3 to 5)'."""
    change, low, high = (float(row[key]) * spoken.scale for key in ("difference", "low", "high"))
    ends = (low, high) if change >= 0 else (-high, -low)
    ways = ("comes later by", "comes earlier by") if spoken.unit == "months" else ("rises by", "falls by")
    return f"{ways[change < 0]} {estimate(abs(change), ends, spoken.unit)}"


def draw(
    comparison: Comparison, origin: Origin, name: str, size: Size = SLIDE, arm: str | None = None, table: pd.DataFrame | None = None
) -> Figure:
    """A row an outcome: a dot at its change in spreads of runs, the paired interval thick, the unpaired thin behind it.

    `name` is what people call the arm.
    """
    shown = data(comparison, arm) if table is None else table
    subtitle = (
        f"Change against {comparison.base}, in standard deviations of the outcome over runs, with its 95% interval: thick for runs paired "
        "one by one, thin for the same runs unpaired; grey: not beyond chance. At the right in the outcome's own unit"
    )
    with house_style():
        page = origin.page(size, (title(comparison, origin, name, arm), subtitle), body_of(size, max(len(shown), 1)), pairing(comparison))
        if shown.empty:
            page.write(
                page.body.x, page.body.y + size.label, "Changes are ranked from two paired runs on.", size.label, va="top", color=GREY
            )
            return page.figure
        spoken = [outcome_spoken(origin.scenario, str(column)) for column in shown["outcome"]]
        tails = [tail(row, each) for (_, row), each in zip(shown.iterrows(), spoken, strict=True)]
        wide = size.name == "slide"
        said = tails if wide else [words.split(" (")[0] for words in tails]
        room = max(width_of(words, size.label) for words in said) + 10
        grid = rows(page, [each.name if wide else each.brief for each in spoken], room)
        limit = farthest(shown)
        grid.ax.set_xlim(*limit)
        value_axis(page, grid.ax, signed=True)
        grid.ax.axvline(0, color=INK, linewidth=1, zorder=1)
        for place, (_, row) in enumerate(shown.iterrows()):
            line(grid, place, row)
            colour = way(row)
            grid.tail(place + grid.shift, said[place], color=ink(colour) if colour != GREY else GREY)
    return page.figure


def pairing(comparison: Comparison) -> str:
    """How many runs were paired, and how many could not be."""
    alone = sum(comparison.left_out.values())
    return f"{comparison.runs:,} runs paired" + (f", {alone:,} left out for want of a partner" if alone else "")


def tail(row: pd.Series, spoken: Spoken) -> str:
    """The change in the outcome's own unit."""
    change, low, high = (float(row[key]) * spoken.scale for key in ("difference", "low", "high"))
    return estimate(change, (low, high), spoken.unit, signed=True)


def way(row: pd.Series) -> str:
    """The colour of a change: up, down, or grey where chance could have made it."""
    return GREY if not row["beyond_chance"] else HIGHER if row["difference"] > 0 else LOWER


def farthest(shown: pd.DataFrame) -> tuple[float, float]:
    """Limits that show the changes and their intervals, but for a few that lie far from the others."""
    size = shown["size"].to_numpy(dtype=np.float64)
    cap = max(FARTHEST, 1.5 * float(np.median(np.abs(size))))
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.concatenate([size, *(shown[key] / shown["spread"] for key in ("low", "high", "unpaired_low", "unpaired_high"))])
    ends = np.clip(ends[np.isfinite(ends)], -cap, cap)
    return padded(min(float(ends.min(initial=0)), 0), max(float(ends.max(initial=0)), 0))


def line(grid: Rows, place: int, row: pd.Series) -> None:
    """Interval and dot of one outcome; what lies outside the limits ends in an arrow at the edge."""
    ax, y, colour = grid.ax, place + grid.shift, way(row)
    low, high = ax.get_xlim()
    spread = float(row["spread"])
    for ends, thick, depth in ((("unpaired_low", "unpaired_high"), 1.1, 2), (("low", "high"), 0.42 * grid.page.size.label, 3)):
        places = [float(row[key]) / spread if spread > 0 else 0.0 for key in ends]
        if np.isfinite(places).all():
            ax.plot(np.clip(places, low, high), [y, y], color=colour, linewidth=thick, alpha=0.55, zorder=depth, solid_capstyle="butt")
    at = float(row["size"])
    edge = ">" if at > high else "<" if at < low else "o"
    ax.plot(
        [min(max(at, low), high)],
        [y],
        marker=edge,
        color=colour,
        markersize=grid.page.size.label * 0.5,
        markeredgecolor="white",
        zorder=4,
        clip_on=False,
    )
