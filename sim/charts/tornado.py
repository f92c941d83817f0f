"""Tornado: what the low and the high setting of each factor do to one outcome, the widest swing on top."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.names import Spoken
from sim.charts.page import letter, points
from sim.charts.sheet import HIGHER, LOWER, Names, Origin, Rows, body_of, estimate, name_of, number, rows, spoken_of, unit_words, value_axis
from sim.charts.style import GREY, INK, PAPER, SLIDE, Size, house_style, ink, width_of
from sim.charts.words import large

# Two bars a row need room for the words at their ends.
MOST = {"slide": 18, "column": 25, "phone": 25}
Settings = Mapping[str, tuple[str, str]]


def data(table: pd.DataFrame, size: Size = SLIDE) -> pd.DataFrame:
    """The factors shown: those with the widest swing, as `one_at_a_time` gives them."""
    return table.head(MOST[size.name]).reset_index(drop=True)


def title(table: pd.DataFrame, outcome: Spoken, names: Names) -> str:
    """Which factor moves the outcome most, and from where to where."""
    if table.empty:
        return f"What moves {outcome.brief}?"
    first = table.iloc[0]
    width, *ends = (float(first[key]) * outcome.scale for key in ("swing", "swing_low", "swing_high"))
    if not np.isfinite(width) or not moves(table).any():
        nothing = "its one factor does nothing" if len(table) == 1 else f"none of {len(table)} factors does anything"
        return f"{large(outcome.in_sentence)}: {nothing}"
    low, high = sorted(abs(end) for end in ends)
    said = estimate(abs(width), (low, high) if np.sign(ends[0]) == np.sign(ends[1]) else (np.nan, np.nan), outcome.unit)
    words = f"{large(outcome.in_sentence)}: {spoken_of(names, str(first['factor'])).in_sentence} moves it most, by {said}"
    still = len(table) - int(moves(table).sum())
    return words + (f"; {still} of {len(table)} factors do nothing that shows" if still else "")


def moves(table: pd.DataFrame) -> pd.Series:
    """Which factors do something: an effect whose interval leaves out 0, or with a single run any effect."""
    found = pd.Series(False, index=table.index)
    for name in ("down", "up", "swing"):
        unknown = table[f"{name}_low"].isna()
        found |= (table[f"{name}_low"] > 0) | (table[f"{name}_high"] < 0) | (unknown & (table[name] != 0))
    return found


def draw(
    table: pd.DataFrame, origin: Origin, outcome: Spoken, names: Names, settings: Settings | None = None, size: Size = SLIDE
) -> Figure:
    """A row a factor: the upper bar is its low setting, the lower its high one, each from the base, with 95% intervals.

    `names` says what people call a factor, `settings` its low and high setting.
    """
    shown = data(table, size)
    more = f". {len(table) - len(shown)} factors with less swing are not shown" if len(table) > len(shown) else ""
    subtitle = (
        f"{outcome.name}, in {unit_words(outcome)}: base, and mean with one factor at its low (ochre, above) or high setting (purple, "
        f"below); thin lines: 95% interval of the difference from the base{more}"
    )
    with house_style():
        page = origin.page(size, (title(table, outcome, names), subtitle), body_of(size, max(len(shown), 1)), "paired by run")
        if shown.empty:
            page.write(page.body.x, page.body.y + size.label, "The design has no factor.", size.label, va="top", color=GREY)
            return page.figure
        grid = rows(page, [name_of(names, str(id), size) for id in shown["factor"]], size.label, above=size.label * 1.6)
        base = float(shown["base"].iloc[0])
        limits(grid, shown, base, settings or {})
        value_axis(page, grid.ax, outcome.scale, 7)
        grid.ax.axvline(base, color=INK, linewidth=1, zorder=3)
        letter(grid.ax, base, 1, f"base {number(base * outcome.scale)}", size.label, pad=4, color=GREY)
        for place, (_, row) in enumerate(shown.iterrows()):
            bars(grid, place, row, (settings or {}).get(str(row["factor"]), ("", "")))
    return page.figure


def limits(grid: Rows, shown: pd.DataFrame, base: float, settings: Settings) -> None:
    """Limits that leave room for the words at the ends of the bars."""
    columns = [f"{name}{end}" for name in ("down", "up") for end in ("", "_low", "_high")]
    ends = shown[columns].to_numpy(dtype=np.float64)
    ends = ends[np.isfinite(ends)]
    low, high = min(float(ends.min(initial=0)), 0), max(float(ends.max(initial=0)), 0)
    if high - low < 1e-12:
        low, high = -max(abs(base), 1e-3) * 0.5, max(abs(base), 1e-3) * 0.5
    words = max((width_of(said, grid.page.size.label) for pair in settings.values() for said in pair), default=0.0) + 10
    width = grid.ax.get_position().width * grid.page.size.width
    room = (high - low) * words / max(width - 2 * words, 0.3 * width)
    grid.ax.set_xlim(base + low - room, base + high + room)


def bars(grid: Rows, place: int, row: pd.Series, words: tuple[str, str]) -> None:
    """Both bars of a factor with their intervals, and the settings at their ends."""
    ax, base = grid.ax, float(row["base"])
    half = grid.thick(0.32 if grid.shift else 0.4, 18)
    for name, at, colour, said in (("down", -0.5, LOWER, words[0]), ("up", 0.5, HIGHER, words[1])):
        y = place + grid.shift + at * half
        effect, low, high = float(row[name]), float(row[f"{name}_low"]), float(row[f"{name}_high"])
        ax.barh(y, effect, height=half * 0.94, left=base, color=colour, linewidth=0, zorder=2)
        if np.isfinite([low, high]).all():
            for line, shade in ((2.8, PAPER), (1.1, INK)):
                ax.plot([base + low, base + high], [y, y], color=shade, linewidth=line, zorder=4, solid_capstyle="butt")
        known = [each for each in (effect, low, high) if np.isfinite(each)]
        left = effect < 0
        end = base + (min(known, default=0.0) if left else max(known, default=0.0))
        ax.annotate(
            said, (end, y), xytext=(-4 if left else 4, 0), textcoords="offset points", fontsize=points(grid.page.size.label * 0.92),
            ha="right" if left else "left", va="center", color=ink(colour), annotation_clip=False,
        )  # fmt: skip
