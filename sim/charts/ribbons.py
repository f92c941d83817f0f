"""Ribbons: each country's course split among the blocs and itself; even ribbons are hedging."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts.findings import leaning
from sim.charts.order import countries_by, leaves, side_name, sides
from sim.charts.page import Page, columns, ends, levels, rows_high, year
from sim.charts.spread import check_drawable
from sim.charts.style import PAPER, SLIDE, Size, colour_of, house_style, tint, width_of
from sim.charts.words import percent
from sim.record import Record
from sim.roster import SELF


def data(record: Record) -> pd.DataFrame:
    """Mean share of each side in the course of each country without entities. One row a country and month, one column a side."""
    check_drawable(record)
    outcome = {id: float(record.values("course", country=id, side=SELF)[-1].mean()) + _smaller(record, id) for id in leaves(record)}
    tables = []
    for id in countries_by(record, outcome):
        columns = {side: record.values("course", country=id, side=side).astype(np.float64).mean(axis=-1) for side in sides(record)}
        tables.append(pd.DataFrame({"country": id, "date": record.months.astype(str), **columns}))
    return pd.concat(tables, ignore_index=True)


def _smaller(record: Record, country: str) -> float:
    """What all blocs but the strongest in a country hold together."""
    shares = sorted(float(record.values("course", country=country, side=bloc)[-1].mean()) for bloc in record.roster.ids["bloc"])
    return sum(shares[:-1])


def title(record: Record) -> str:
    """The finding, or the question."""
    return leaning(record) or "How is each country's course divided?"


def draw(record: Record, size: Size = SLIDE, table: pd.DataFrame | None = None) -> Figure:
    """Small multiples of ribbons, one panel a country, the most divided first."""
    table = data(record) if table is None else table
    shown = list(dict.fromkeys(table["country"]))
    subtitle = "Mean share of the course that each bloc holds and that a country keeps for itself; the most divided first"
    with house_style():
        page = Page(
            record,
            size,
            title(record),
            subtitle,
            rows_high(size, len(shown), 170 if size.name == "phone" else 200),
            reading="mean over runs",
        )
        labels = {side: "own" if side == SELF else side_name(record, side) for side in sides(record)}
        room = min(
            max(width_of(f"{words} 88%", size.label, bold=True) for words in labels.values()) + 8,
            0.46 * page.room / columns(size, len(shown)),
        )
        for country, ax, first, last in page.panels(shown, room, size.label * 3.2):
            marks = ribbon(ax, record, table[table["country"] == country], labels)
            levels(ax, (0, 0.5, 1), ("0", "50%", "100%") if first else (), size.label)
            page.years(ax, words=last)
            page.verticals(ax, over=True)
            ends(page, ax, marks, room)
    return page.figure


def ribbon(ax: Axes, record: Record, table: pd.DataFrame, labels: Mapping[str, str]) -> list[tuple[float, str, str]]:
    """The shares of one country stacked over time. Gives for each its middle at the end, words with the share, and colour."""
    at = year(table["date"].to_numpy(dtype="datetime64[M]"))
    below = np.zeros(len(table))
    marks = []
    for side, words in labels.items():
        share = table[side].to_numpy()
        colour = colour_of(record.roster, "side", side)
        ax.fill_between(at, below, below + share, facecolor=tint(colour, 0.92), edgecolor=PAPER, linewidth=0.8, zorder=1)
        marks.append((float(below[-1] + share[-1] / 2), f"{words} {percent(float(share[-1]))}", colour))
        below = below + share
    ax.set_ylim(0, 1)
    return marks
