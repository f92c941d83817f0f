"""Screening: which factors matter at all, and whether what they do depends on the others."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.names import Spoken
from sim.charts.page import Box, Page, points
from sim.charts.sheet import (
    HIGHER,
    MOST_ROWS,
    Names,
    Origin,
    body_of,
    estimate,
    height_axis,
    number,
    rows,
    spoken_of,
    unit_words,
    value_axis,
)
from sim.charts.style import GREY, INK, PAPER, SLIDE, Size, house_style, literal, tint, width_of
from sim.charts.words import large

# A factor whose effects are smaller than this share of the largest hardly matters.
HARDLY = 0.1
# Points with a number in them; the others are drawn small.
NUMBERED = 10


def data(table: pd.DataFrame, size: Size = SLIDE) -> pd.DataFrame:
    """The factors shown, largest effects first, as `screening` gives them."""
    return table.head(MOST_ROWS[size.name]).reset_index(drop=True)


def title(table: pd.DataFrame, outcome: Spoken, names: Names) -> str:
    """How many factors matter, and which most."""
    first = table.iloc[0]
    largest = float(first["mu_star"])
    who = spoken_of(names, str(first["factor"])).in_sentence
    said = estimate(largest * outcome.scale, (float(first["mu_star_low"]) * outcome.scale, float(first["mu_star_high"]) * outcome.scale),
                    outcome.unit)  # fmt: skip
    words = f"{large(who)} moves {outcome.in_sentence} most, by {said} on average"
    hardly = int((table["mu_star"] < HARDLY * largest).sum())
    return words + (f"; {hardly} of {len(table)} factors hardly matter" if hardly else "")


def draw(table: pd.DataFrame, origin: Origin, outcome: Spoken, names: Names, size: Size = SLIDE) -> Figure:
    """Left, the mean size of each factor's effects against their spread; right, the factors by size with 95% intervals."""
    shown = data(table, size)
    more = f". {len(table) - len(shown)} factors with smaller effects are not shown" if len(table) > len(shown) else ""
    subtitle = (
        f"{outcome.name}, in {unit_words(outcome)}: size of a factor's effect over its whole range, mean over trajectories, and its "
        f"spread; above the dashed line an effect depends on the other factors or bends{more}"
    )
    with house_style():
        across = size.name == "slide"
        plane = 0.0 if across else size.width * 0.72
        page = origin.page(size, (title(table, outcome, names), subtitle), body_of(size, len(shown)) + plane, "95% intervals by resampling")
        body = page.body
        if across:
            square = Box(body.x + size.label * 4, body.y + size.label, body.width * 0.4, body.height - size.label * 4.5)
        else:
            square = Box(body.x + size.label * 3.5, body.y + size.label, body.width - size.label * 5, plane - size.label * 6)
        scatter(page, page.axes(square), shown, outcome)
        page.body = Box(body.x + body.width * 0.47, body.y, body.width * 0.53, body.height) if across else (
            Box(body.x, body.y + plane, body.width, body.height - plane)
        )  # fmt: skip
        ranks(page, shown, outcome, names)
    return page.figure


def scatter(page: Page, ax: Axes, shown: pd.DataFrame, outcome: Spoken) -> None:
    """Mean size against spread; where both are the same an effect depends on the rest as much as it holds by itself."""
    size = page.size
    most = max(float(shown[["mu_star", "mu_star_high"]].max().max()), 1e-12) * 1.08
    high = max(float(shown[["sigma", "sigma_high"]].fillna(0).max().max()) * 1.15, most / 4)
    ax.set_xlim(0, most)
    ax.set_ylim(0, high)
    value_axis(page, ax, outcome.scale)
    height_axis(page, ax, outcome.scale)
    ax.plot([0, min(most, high)], [0, min(most, high)], color=GREY, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    apart = numbered_places(page, ax, shown)
    for place, (_, row) in reversed(list(enumerate(shown.iterrows()))):
        x, y = float(row["mu_star"]), float(row["sigma"]) if np.isfinite(row["sigma"]) else 0.0
        ax.plot([row["mu_star_low"], row["mu_star_high"]], [y, y], color=HIGHER, linewidth=0.8, alpha=0.6, zorder=2)
        ax.plot([x, x], [row["sigma_low"], row["sigma_high"]], color=HIGHER, linewidth=0.8, alpha=0.6, zorder=2)
        numbered = place in apart
        ax.plot([x], [y], marker="o", markersize=size.label * (1.1 if numbered else 0.45), color=HIGHER if numbered else tint(HIGHER, 0.6),
                markeredgecolor=PAPER, zorder=4 if numbered else 3, clip_on=False)  # fmt: skip
        if numbered:
            ax.text(x, y, str(place + 1), fontsize=points(size.label * 0.72), color=PAPER, ha="center", va="center_baseline", zorder=5)
    place = ax.get_position()
    left, top = place.x0 * size.width, (1 - place.y1) * page.height
    page.write(left + size.label * 0.4, top - size.label * 0.2, "spread of the effect", size.label, va="bottom", color=GREY)
    below = (1 - place.y0) * page.height + size.label * 2
    page.write(left + place.width * size.width, below, "mean size of the effect", size.label, va="top", ha="right", color=GREY)


def numbered_places(page: Page, ax: Axes, shown: pd.DataFrame) -> set[int]:
    """Places of the factors whose number can stand on its point without hiding one before it."""
    box, size = ax.get_position(), page.size
    per = box.width * size.width / ax.get_xlim()[1], box.height * page.height / ax.get_ylim()[1]
    spots = np.stack([shown["mu_star"] * per[0], shown["sigma"].fillna(0) * per[1]], axis=1)
    kept: list[int] = []
    for place in range(min(len(shown), NUMBERED)):
        if all(np.hypot(*(spots[place] - spots[other])) > 1.6 * size.label for other in kept):
            kept.append(place)
    return set(kept)


def ranks(page: Page, shown: pd.DataFrame, outcome: Spoken, names: Names) -> None:
    """The factors by size of their effects, numbered as on the plane."""
    size = page.size
    tails = [number(float(value) * outcome.scale) for value in shown["mu_star"]]
    said = [f"{place + 1}  {literal(spoken_of(names, str(id)).brief)}" for place, id in enumerate(shown["factor"])]
    grid = rows(page, said, max(width_of(tail, size.label) for tail in tails) + 10, share=0.45 if size.name == "slide" else 0.0)
    ends = shown[["mu_star", "mu_star_high"]].max().max()
    grid.ax.set_xlim(0, max(float(ends), 1e-12) * 1.05)
    value_axis(page, grid.ax, outcome.scale)
    grid.ax.axvline(0, color=INK, linewidth=1, zorder=1)
    for place, (_, row) in enumerate(shown.iterrows()):
        y = place + grid.shift
        grid.ax.plot([row["mu_star_low"], row["mu_star_high"]], [y, y], color=HIGHER, linewidth=0.3 * size.label, alpha=0.5, zorder=2)
        grid.ax.plot([row["mu_star"]], [y], marker="o", markersize=size.label * 0.5, color=HIGHER, markeredgecolor=PAPER, zorder=3)
        grid.tail(y, tails[place], color=INK)
