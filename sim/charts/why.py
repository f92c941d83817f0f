"""Why two arms differ: a step a mechanism from one arm's outcome to the other's, the largest first, the remainder last."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.names import Spoken
from sim.charts.page import letter
from sim.charts.sheet import HIGHER, LOWER, Origin, Rows, body_of, estimate, number, padded, places_of, rows, unit_words, value_axis
from sim.charts.style import FAINT, GREY, INK, PAPER, SLIDE, Size, house_style, ink, width_of
from sim.charts.words import large, listed, percent

OWN, WHOLE = "own", "whole"
# So many parts are named in the title at most, and only those that make at least this share of the difference.
NAMED, WORTH_NAMING = 2, 0.1


def data(table: pd.DataFrame) -> pd.DataFrame:
    """The rows drawn: a mechanism each as `Mediation.table` has them, each with where its step begins and ends from arm A."""
    steps = table[table["mechanism"] != WHOLE].reset_index(drop=True)
    ends = steps["part"].cumsum()
    return steps.assign(begins=ends - steps["part"], ends=ends)


def title(table: pd.DataFrame, outcome: Spoken) -> str:
    """By how much the outcome differs, and who carries most of it."""
    whole = table[table["mechanism"] == WHOLE].iloc[0]
    change, low, high = (float(whole[key]) * outcome.scale for key in ("part", "low", "high"))
    if not change:
        return f"{large(outcome.in_sentence)} is the same in both"
    if not (low > 0 or high < 0):
        return f"{large(outcome.in_sentence)} does not differ beyond chance"
    size = estimate(abs(change), (low, high) if change > 0 else (-high, -low), outcome.unit)
    said = f"{large(outcome.in_sentence)} {'rises' if change > 0 else 'falls'} by {size}"
    steps = table[~table["mechanism"].isin([WHOLE])]
    main = steps[steps["share"] >= WORTH_NAMING].sort_values("share", ascending=False).head(NAMED)
    carried = [(percent(float(row["share"])), small(str(row["label"]))) for _, row in main.iterrows()]
    words = [f"{share}{'' if at else ' of it'} by {label}" for at, (share, label) in enumerate(carried)]
    return f"{said}: {listed(words)}" if words else said


def small(label: str) -> str:
    """A label inside a sentence."""
    return label[:1].lower() + label[1:]


def draw(table: pd.DataFrame, origin: Origin, outcome: Spoken, arms: tuple[str, str], base: float, size: Size = SLIDE) -> Figure:
    """A waterfall of changes from arm A: each bar begins where the one above ended; thin lines are 95% intervals of a step.

    `arms` names arm A and arm B, `base` is the mean outcome in arm A.
    """
    shown = data(table)
    subtitle = (
        f"{outcome.name}: change in {unit_words(outcome)} from {arms[0]} (top) to {arms[1]} (bottom), a step a mechanism, as its "
        "Shapley value; thin lines: 95% interval over runs and orders; grey: nothing that shows"
    )
    with house_style():
        page = origin.page(size, (title(table, outcome), subtitle), body_of(size, len(shown)), "paired by run")
        tails = [tail(row, outcome, size) for _, row in shown.iterrows()]
        room = max(width_of(words, size.label) for words in tails) + 10
        grid = rows(page, [str(label) for label in shown["label"]], room, above=size.label * 2.9)
        low, high = ((shown["begins"] + shown[key]).to_numpy(dtype=np.float64) for key in ("low", "high"))
        ends = np.concatenate([[0.0], shown["ends"].to_numpy(dtype=np.float64), low, high])
        change = float(shown["ends"].iloc[-1])
        words = stands(base * outcome.scale, change * outcome.scale)
        room = max(width_of(each, size.label) for each in words) / (grid.ax.get_position().width * size.width)
        grid.ax.set_xlim(*padded(float(np.nanmin(ends)), float(np.nanmax(ends)), max(0.06, 0.6 * room / max(1 - 1.2 * room, 0.2))))
        value_axis(page, grid.ax, outcome.scale, 7, signed=True)
        marks(grid, change, words)
        for place, (_, row) in enumerate(shown.iterrows()):
            step(grid, place, row, last=place == len(shown) - 1)
            colour = way(row)
            grid.tail(place + grid.shift, tails[place], color=ink(colour) if colour != GREY else GREY)
    return page.figure


def stands(base: float, change: float) -> tuple[str, str]:
    """Where both arms stand, in as many places as tell them apart."""
    places = max(places_of(change), places_of(base))
    return f"A {number(base, places=places)}", f"B {number(base + change, places=places)}"


def marks(grid: Rows, change: float, words: tuple[str, str]) -> None:
    """Lines where both arms stand, with their words above; one above the other where they would touch."""
    low, high = grid.ax.get_xlim()
    label, width = grid.page.size.label, grid.ax.get_position().width * grid.page.size.width
    touch = abs(change) / (high - low) * width < max(width_of(each, label) for each in words) + 6
    for value, said, pad in ((0.0, words[0], 4.0), (change, words[1], 4.0 + label * 1.25 * touch)):
        grid.ax.axvline(value, color=INK, linewidth=1, zorder=1)
        letter(grid.ax, value, 1, said, label, pad=pad, color=GREY)


def tail(row: pd.Series, outcome: Spoken, size: Size) -> str:
    """What a mechanism carries, in the outcome's unit and as a share of the difference."""
    part, low, high = (float(row[key]) * outcome.scale for key in ("part", "low", "high"))
    said = estimate(part, (low, high) if size.name == "slide" else (np.nan, np.nan), outcome.unit, signed=True)
    share = float(row["share"])
    return f"{said}, {number(100 * share, places=0)}%" if np.isfinite(share) and abs(share) >= 0.005 else said


def way(row: pd.Series) -> str:
    """The colour of a step: up, down, or grey where its interval holds 0."""
    low, high = float(row["low"]), float(row["high"])
    return HIGHER if low > 0 else LOWER if high < 0 else GREY


def step(grid: Rows, place: int, row: pd.Series, last: bool) -> None:
    """One step with its interval, and the line that leads to the next."""
    ax, y, thick = grid.ax, place + grid.shift, grid.thick(0.42 if grid.shift else 0.62, 30)
    begins, ends = float(row["begins"]), float(row["ends"])
    ax.barh(y, ends - begins, height=thick, left=begins, color=way(row), linewidth=0, zorder=2)
    ax.plot(
        [ends, ends], [y - thick / 2, y + (thick / 2 if last else 1 + thick / 2)], color=way(row) if last else FAINT, linewidth=1, zorder=1
    )
    low, high = (begins + float(row[key]) for key in ("low", "high"))
    if np.isfinite([low, high]).all() and high > low:
        for line, shade in ((2.8, PAPER), (1.1, INK)):
            ax.plot([low, high], [y, y], color=shade, linewidth=line, zorder=4, solid_capstyle="butt")
