"""Spread split: how much of each outcome's variance is due to parameters, to luck, and to both together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.names import Spoken
from sim.analysis.spread import PARTS
from sim.charts.sheet import HIGHER, MOST_ROWS, Origin, Rows, body_of, name_of, rows, spoken_of, value_axis
from sim.charts.style import INK, PAPER, SLIDE, Size, house_style, width_of
from sim.charts.words import count, large, percent

BOTH, LUCK = "#b29a5b", "#dcd6cb"
COLOURS = {"parameters": HIGHER, "both": BOTH, "luck": LUCK}
HEADS = {"parameters": "parameters", "both": "both", "luck": "luck"}
COLUMNS = [f"{part}{end}" for part in PARTS for end in ("", "_low", "_high")]


def data(table: pd.DataFrame) -> pd.DataFrame:
    """One row an outcome, the one with the largest share of luck last: outcome, and each part's share with its interval.

    `table` holds what `spread` gives, for one outcome or several.
    """
    found = []
    for outcome, own in table.groupby("outcome", sort=False):
        by_part = own.set_index("part")
        row: dict[str, object] = {"outcome": outcome}
        for part in PARTS:
            row |= {part: by_part.loc[part, "share"], f"{part}_low": by_part.loc[part, "share_low"],
                    f"{part}_high": by_part.loc[part, "share_high"]}  # fmt: skip
        found.append(row)
    return pd.DataFrame(found, columns=["outcome", *COLUMNS]).sort_values("luck", kind="stable", ignore_index=True)


def title(table: pd.DataFrame, names: Mapping[str, Spoken]) -> str:
    """Whether it is parameters or luck that the spread comes from."""
    wide = data(table)
    if len(wide) == 1:
        row = wide.iloc[0]
        shares = {part: float(row[part]) for part in PARTS}
        what = spoken_of(names, str(row["outcome"])).in_sentence
        said = f"{percent(shares['parameters'])} of the spread of {what} comes from parameters, {percent(shares['luck'])} from luck"
        return large(said + (f", {percent(shares['both'])} from both together" if shares["both"] >= 0.005 else ""))
    sure = {part: int(np.sum(wide[f"{part}_low"] > 0.5)) for part in ("parameters", "luck")}
    part = max(sure, key=lambda each: sure[each])
    if sure[part]:
        verb, how_many = "are" if part == "parameters" else "is", "all" if sure[part] == len(wide) else count(sure[part])
        return f"{large(part)} {verb} most of the spread in {how_many} of {count(len(wide))} outcomes"
    return f"Neither parameters nor luck is clearly most of the spread in any of {count(len(wide))} outcomes"


def draw(table: pd.DataFrame, origin: Origin, names: Mapping[str, Spoken], size: Size = SLIDE) -> Figure:
    """A bar an outcome: parameters from the left, luck from the right, both together between them; lines are 95% intervals."""
    wide = data(table)
    shown = wide.head(MOST_ROWS[size.name])
    more = f". {len(wide) - len(shown)} outcomes with more luck are not shown" if len(wide) > len(shown) else ""
    subtitle = (
        "Share of each outcome's variance over runs: parameters (dark, from the left), luck (light, from the right), and between them "
        f"luck that matters under some parameters only; lines: 95% intervals{more}"
    )
    with house_style():
        head, reading = (title(table, names), subtitle), "every parameter draw meets every run"
        page = origin.page(size, head, body_of(size, len(shown), size.label), reading)
        room = [width_of(head, size.label) + 14 for head in HEADS.values()]
        grid = rows(page, [name_of(names, str(id), size) for id in shown["outcome"]], sum(room), size.label * 1.6)
        grid.ax.set_xlim(0, 1)
        value_axis(page, grid.ax)
        for place, (_, row) in enumerate(shown.iterrows()):
            bar(grid, place, row)
        grid.columns(list(HEADS.values()), [[percent(float(row[part])) for part in HEADS] for _, row in shown.iterrows()], room)
    return page.figure


def bar(grid: Rows, place: int, row: pd.Series) -> None:
    """The three parts of one outcome, and the intervals of the outer two."""
    ax, y, start = grid.ax, place + grid.shift, 0.0
    thick = grid.thick(0.45 if grid.shift else 0.66, 30)
    for part, colour in COLOURS.items():
        share = float(row[part])
        ax.barh(y, share, left=start, height=thick, color=colour, linewidth=0, zorder=2)
        start += share
    ends = (row["parameters_low"], row["parameters_high"]), (1 - row["luck_high"], 1 - row["luck_low"])
    for (low, high), off in zip(ends, (-0.25, 0.25), strict=True):
        for line, colour in ((2.6, PAPER), (1.1, INK)):
            ax.plot([low, high], [y + off * thick] * 2, color=colour, linewidth=line, zorder=4, solid_capstyle="butt")
