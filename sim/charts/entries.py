"""Entries: when each country takes its next step and becomes a member, with the share of runs in which it does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts.findings import dating, when
from sim.charts.ladders import ladders
from sim.charts.order import name
from sim.charts.page import Box, Page, beside, empty_page, points, year
from sim.charts.spread import check_drawable
from sim.charts.style import FAINT, GREY, INK, SLIDE, Size, colour_of, house_style, ink, literal, shortened, width_of
from sim.charts.words import runs_of
from sim.record import Record

COLUMNS = ["institution", "country", "stage", "runs", "reached", "q05", "q25", "median", "q75", "q95"]
NEVER = "later"
LEAST = 0.02


def data(record: Record) -> pd.DataFrame:
    """Months in which countries reach their next stage and membership. One row a step that at least one run in fifty takes.

    Quantiles are over all runs, a run that never gets there counting as later than the last month.
    """
    check_drawable(record)
    rows = []
    for institution, country in ladders(record):
        stages = list(record.scenario.institutions[institution].stages)
        rung = np.round(record.values("rung", institution=institution, country=country))
        start = record.roster.start_rung[record.roster.place("institution", institution), record.roster.place("country", country)]
        for place in dict.fromkeys((int(start) + 1, len(stages) - 1)):
            there = rung >= place
            if there.any(axis=0).mean() >= LEAST or place == len(stages) - 1:
                rows.append({"institution": institution, "country": country, "stage": stages[place], **_dates(record, there)})
    return pd.DataFrame(rows, columns=COLUMNS)


def _dates(record: Record, there: np.ndarray) -> dict[str, object]:
    horizon = len(record.months)
    months = np.where(there.any(axis=0), there.argmax(axis=0), horizon)
    found = np.quantile(months, [0.05, 0.25, 0.5, 0.75, 0.95], method="inverted_cdf").astype(int)
    said = [str(record.months[month]) if month < horizon else NEVER for month in found]
    return {"runs": there.shape[-1], "reached": int(there.any(axis=0).sum()), **dict(zip(COLUMNS[5:], said, strict=True))}


def title(record: Record) -> str:
    """The finding, or the question."""
    return dating(record) or "Nobody enters an institution in most runs"


def draw(record: Record, size: Size = SLIDE, table: pd.DataFrame | None = None) -> Figure:
    """A line a step: a dot at its median, thick over the middle half of runs, thin over nine tenths."""
    table = data(record) if table is None else table
    if table.empty:
        return empty_page(record, size, "Who enters when?", "No country of this scenario stands outside an institution.")
    subtitle = "Month of the next step and of membership: median, middle 50% and 90% of runs; an arrow goes on after the last month"
    with house_style():
        row = 30 if size.name == "slide" else 26
        clubs = table["institution"].nunique()
        page = Page(
            record,
            size,
            title(record),
            subtitle,
            body=row * (len(table) + 1.6 * clubs) + 2 * size.label,
            reading="a run that never gets there counts as later",
        )
        body = page.body
        left, right = (
            body.width * {"slide": 0.26, "column": 0.36, "phone": 0.5}[size.name],
            body.width * (0.26 if size.name == "slide" else 0.24),
        )
        bottom = size.label * 1.8
        ax = page.axes(Box(body.x + left, body.y + size.label * 1.4, body.width - left - right, body.height - bottom - size.label * 1.4))
        low, high = float(year(record.months[0])), float(year(record.months[-1])) + 1 / 12
        ax.set_xlim(low, high)
        ax.set_ylim(len(table) + 1.2 * clubs - 0.4, -0.6)
        page.years(ax)
        ax.set_yticks([])
        page.verticals(ax)
        _rows(page, ax, table, left, right)
    return page.figure


def _rows(page: Page, ax: Axes, table: pd.DataFrame, left: float, right: float) -> None:
    size, record, y = page.size, page.record, 0.0
    for institution, steps in table.groupby("institution", sort=False):
        grantor = record.scenario.institutions[str(institution)].grantor
        colour = colour_of(record.roster, "power", grantor)
        _left(
            ax,
            y,
            left,
            name(record, "institution", str(institution), left, size.panel, bold=True),
            size.panel,
            weight="bold",
            color=ink(colour),
        )
        y += 1
        for _, step in steps.iterrows():
            stage = record.scenario.institutions[str(institution)].stages[str(step["stage"])].name
            country = name(record, "country", str(step["country"]), left * 0.6, size.label)
            _left(
                ax,
                y,
                left,
                shortened(f"{country}: {literal(stage).lower() if len(stage) > 4 else stage}", left - 8, size.label),
                size.label,
                color=INK,
            )
            ax.axhline(y, color=FAINT, linewidth=0.8, zorder=0)
            interval_line(ax, step, y, colour)
            said = runs_of(int(step["reached"]), int(step["runs"]), tens=False)
            middle = str(step["median"])
            dated = f"{said}, about {when(record, int(np.searchsorted(record.months, np.datetime64(middle))))}" if middle != NEVER else said
            beside(ax, y, dated if width_of(dated, size.label) <= right - 8 else said, size.label, color=GREY)
            y += 1
        y += 0.2


def interval_line(ax: Axes, step: pd.Series, y: float, colour: str) -> None:
    """Interval and dot of one step; what lies after the last month ends in an arrow at the edge."""
    edge = ax.get_xlim()[1]
    places = {key: edge if str(step[key]) == NEVER else float(year(np.datetime64(str(step[key])))) for key in COLUMNS[5:]}
    if str(step["q05"]) == NEVER:
        return
    ax.plot([places["q05"], places["q95"]], [y, y], color=colour, linewidth=1.3, zorder=2, solid_capstyle="butt")
    ax.plot([places["q25"], places["q75"]], [y, y], color=colour, linewidth=5, alpha=0.55, zorder=2, solid_capstyle="butt")
    if str(step["q95"]) == NEVER:
        ax.plot([edge], [y], marker=">", color=colour, markersize=5, clip_on=False, zorder=3)
    if str(step["median"]) != NEVER:
        ax.plot([places["median"]], [y], marker="o", color=colour, markersize=8, markeredgecolor="white", zorder=4)


def _left(ax: Axes, y: float, left: float, words: str, letters: float, **looks: Any) -> None:
    """Words in the column left of the lines."""
    ax.annotate(
        words, (0, y), xycoords=("axes fraction", "data"), xytext=(-left * 0.72, 0), textcoords="offset points",
        fontsize=points(letters), va="center", parse_math=False, annotation_clip=False, **looks,
    )  # fmt: skip
