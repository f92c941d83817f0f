"""Sobol bars: what each factor accounts for alone and with the others, and how much of all spread is luck."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.names import Spoken
from sim.analysis.sensitivity import Sensitivity
from sim.charts.page import Box, Page
from sim.charts.sheet import HIGHER, MOST_ROWS, Names, Origin, Rows, body_of, name_of, rows, spoken_of, value_axis
from sim.charts.style import GREY, INK, PAPER, SLIDE, Size, house_style, tint, width_of
from sim.charts.words import fraction, large, percent

WHOLE = tint(HIGHER, 0.35)
LUCK = "#cfc8bd"
HEADS = ("alone", "in all")


def data(found: Sensitivity) -> pd.DataFrame:
    """Indices of the factors, what accounts for most first, with luck's share of all variance. One row a factor."""
    return found.table.sort_values("total", ascending=False, kind="stable", ignore_index=True)


def title(found: Sensitivity, outcome: Spoken, names: Names) -> str:
    """Which factor accounts for most of the expected outcome, and how much luck leaves."""
    first = data(found).iloc[0]
    who = spoken_of(names, str(first["factor"])).in_sentence
    share, alone = min(float(first["total"]), 1.0), max(float(first["first"]), 0.0)
    words = f"{large(who)} has a hand in {fraction(share)} of what the factors do to {outcome.in_sentence}"
    words += f" and does {fraction(alone)} by itself" if share - alone > 0.1 and alone >= 0.04 else ""
    if np.isfinite(found.luck):
        words += f"; {'hardly any' if found.luck < 0.03 else fraction(found.luck)} of all spread is luck"
    return words


def draw(found: Sensitivity, origin: Origin, outcome: Spoken, names: Names, size: Size = SLIDE) -> Figure:
    """A row a factor: its first-order index dark inside its total index, each with a 95% interval; luck's share in a bar of its own."""
    table = data(found)
    shown = table.head(MOST_ROWS[size.name])
    more = len(table) - len(shown)
    subtitle = (
        f"{outcome.name}: share of the variance of its expectation that a factor accounts for alone (dark) and together with others "
        f"(light); thin lines: 95% intervals{f'. {more} factors that account for less are not shown' if more else ''}"
    )
    with house_style():
        below = size.label * 5.4
        head = title(found, outcome, names), subtitle
        page = origin.page(size, head, body_of(size, len(shown), below), f"{found.samples:,} base samples")
        room = [width_of(head, size.label) + 16 for head in HEADS]
        grid = rows(page, [name_of(names, str(id), size) for id in shown["factor"]], sum(room), size.label * 1.5, below)
        ends = shown[["first_low", "first_high", "total_low", "total_high", "first", "total"]].to_numpy(dtype=np.float64)
        grid.ax.set_xlim(min(0.0, max(float(np.nanmin(ends)), -0.25)), max(1.0, min(float(np.nanmax(ends)), 1.5)))
        value_axis(page, grid.ax)
        grid.ax.axvline(0, color=INK, linewidth=1, zorder=1)
        for place, (_, row) in enumerate(shown.iterrows()):
            bar(grid, place, row)
        cells = [[percent(max(float(row[key]), 0.0)) for key in ("first", "total")] for _, row in shown.iterrows()]
        grid.columns(HEADS, cells, room)
        strip(page, found, grid.ax)
    return page.figure


def bar(grid: Rows, place: int, row: pd.Series) -> None:
    """Both indices of a factor and their intervals."""
    ax, y = grid.ax, place + grid.shift
    thick = grid.thick(0.4 if grid.shift else 0.62, 24)
    for name, colour, depth, off in (("total", WHOLE, 2, 0.22), ("first", HIGHER, 3, -0.22)):
        ax.barh(y, max(float(row[name]), 0.0), height=thick, color=colour, linewidth=0, zorder=depth)
        ends = np.clip([float(row[f"{name}_low"]), float(row[f"{name}_high"])], *ax.get_xlim())
        if np.isfinite(ends).all():
            ax.plot(ends, [y + off * thick] * 2, color=PAPER, linewidth=2.6, alpha=0.8, zorder=4, solid_capstyle="butt")
            ax.plot(ends, [y + off * thick] * 2, color=INK, linewidth=1.1, zorder=5, solid_capstyle="butt")


def strip(page: Page, found: Sensitivity, above: Axes) -> None:
    """All variance of the outcome in one bar below the others, from their 0 to their 1: what factors account for, and luck."""
    size, place = page.size, above.get_position()
    top = (1 - place.y0) * page.height + size.label * 2.8
    if not np.isfinite(found.luck):
        page.write(page.body.x, top, "One run at each point: luck cannot be told from the factors", size.label, va="top", color=GREY)
        return
    low, high = above.get_xlim()
    per_pixel = place.width * size.width / (high - low)
    left = place.x0 * size.width - low * per_pixel
    ax = page.axes(Box(left, top, per_pixel, size.label * 1.6))
    ax.set_axis_off()
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    edge = 1 - found.luck
    for start, width, colour in ((0.0, edge, HIGHER), (edge, found.luck, LUCK)):
        ax.barh(0.5, width, left=start, height=1, color=colour, linewidth=0)
    for thick, colour in ((3.0, PAPER), (1.2, INK)):
        ax.plot([1 - found.luck_high, 1 - found.luck_low], [0.5, 0.5], color=colour, linewidth=thick)
    words = f"of all variance: factors (dark) {percent(edge)}, luck (light) {percent(found.luck)}"
    wide = left - page.body.x > width_of("of all variance", size.label)
    if wide:
        page.write(left - size.label * 1.1, top + size.label * 0.8, "of all variance", size.label, va="center", ha="right", color=GREY)
        words = f"factors (dark) {percent(edge)}, luck (light) {percent(found.luck)}"
    page.write(left if wide else page.body.x, top + size.label * 2, words, size.label, va="top", color=GREY)
