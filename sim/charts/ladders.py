"""Ladders: the share of runs in which each country stands on each stage of each institution, month by month."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts.findings import entries, joining
from sim.charts.order import name
from sim.charts.page import Page, empty_page, ends, levels, year
from sim.charts.spread import check_drawable
from sim.charts.style import PAPER, SLIDE, Size, colour_of, house_style, tint, width_of
from sim.charts.words import percent
from sim.record import Record

MOST_LADDERS = 21
COLUMNS = ["institution", "country", "date", "stage", "share"]


def data(record: Record) -> pd.DataFrame:
    """Share of runs by stage, for every country that stood outside an institution at the start. One row a ladder, month and stage."""
    check_drawable(record)
    tables = []
    for institution, country in ladders(record):
        rung = np.round(record.values("rung", institution=institution, country=country))
        for place, stage in enumerate(record.scenario.institutions[institution].stages):
            share = (rung == place).mean(axis=-1)
            tables.append(
                pd.DataFrame(
                    {"institution": institution, "country": country, "date": record.months.astype(str), "stage": stage, "share": share}
                )
            )
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)


def ladders(record: Record) -> list[tuple[str, str]]:
    """Institution and country of every ladder shown: institutions as in the file, countries by how often they enter any."""
    outside = entries(record)
    times: dict[str, int] = {}
    for each in outside:
        times[each.country] = times.get(each.country, 0) + each.times
    standing = {each.country: float(record.values("rung", country=each.country)[-1].mean()) for each in outside}
    clubs = list(dict.fromkeys(each.institution for each in outside))
    ranked = sorted(outside, key=lambda each: (clubs.index(each.institution), -times[each.country], -standing[each.country]))
    return [(each.institution, each.country) for each in ranked][:MOST_LADDERS]


def title(record: Record) -> str:
    """The finding, or the question."""
    return joining(record) or "Who joins what, and when?"


def draw(record: Record, size: Size = SLIDE, table: pd.DataFrame | None = None) -> Figure:
    """Small multiples of ladders: a row an institution, a column a country; on narrow pages one after another."""
    table = data(record) if table is None else table
    if table.empty:
        return empty_page(record, size, "Who joins what, and when?", "No country of this scenario stands outside an institution.")
    shown = list(dict.fromkeys(zip(table["institution"], table["country"], strict=True)))
    keys, across = _placed(shown, size)
    with house_style():
        rows = -(-len(keys) // across)
        page = Page(
            record,
            size,
            title(record),
            "Share of runs by stage of membership, for those outside at the start",
            rows * 175,
            reading="share of runs",
        )
        room = min(0.5 * page.room / across, width_of("Negotiating", size.label, bold=True) + 8)
        named = [(country, name(record, "institution", club)) if club else ("", "in from the start") for club, country in keys]
        for place, ax, first, last in page.frames(named, room, size.label * 3.2, across):
            institution, country = keys[place]
            one = table[(table["institution"] == institution) & (table["country"] == country)]
            marks = ladder(ax, record, one, (size.label, room))
            levels(ax, (0, 0.5, 1), ("0", "50%", "100%") if first else (), size.label)
            page.years(ax, words=last)
            page.verticals(ax, over=True)
            ends(page, ax, marks, room, lines=2)
    return page.figure


def _placed(shown: list[tuple[str, str]], size: Size) -> tuple[list[tuple[str, str]], int]:
    """Ladders by place, and how many stand side by side; an empty place is a country that was in from the start."""
    countries = list(dict.fromkeys(country for _, country in shown))
    clubs = list(dict.fromkeys(institution for institution, _ in shown))
    if size.name != "slide" or len(countries) > 7:
        return shown, min(len(shown), {"slide": 7, "column": 3, "phone": 2}[size.name])
    return [(club, country) if (club, country) in shown else ("", "") for club in clubs for country in countries], len(countries)


def ladder(ax: Axes, record: Record, table: pd.DataFrame, fit: tuple[float, float]) -> list[tuple[float, str, str]]:
    """One ladder: stages stacked from the bottom up, deeper the nearer to membership.

    `fit` is letter height and room for labels in pixels. Gives labels for the stages that many runs end on: middle, words, colour.
    """
    institution = str(table["institution"].iloc[0])
    colour = colour_of(record.roster, "power", record.scenario.institutions[institution].grantor)
    stages = list(record.scenario.institutions[institution].stages)
    at = year(table[table["stage"] == stages[0]]["date"].to_numpy(dtype="datetime64[M]"))
    below = np.zeros(len(at))
    marks = []
    for place, stage in enumerate(stages):
        share = table[table["stage"] == stage]["share"].to_numpy()
        shade = tint(colour, 0.15 + 0.85 * (place / (len(stages) - 1)) ** 1.3)
        ax.fill_between(at, below, below + share, facecolor=shade, edgecolor=PAPER, linewidth=0.6, zorder=1)
        if share[-1] >= 0.05:
            said = _stage_name(record, institution, stage, fit)
            marks.append(
                (
                    float(below[-1] + share[-1] / 2),
                    f"{said} {percent(float(share[-1]))}",
                    tint(colour, max(0.55, place / (len(stages) - 1))),
                )
            )
        below = below + share
    ax.set_ylim(0, 1)
    return marks


def _stage_name(record: Record, institution: str, stage: str, fit: tuple[float, float]) -> str:
    """A stage's name, or its id in large or plain letters where the name is too long."""
    full = record.scenario.institutions[institution].stages[stage].name
    letters, room = fit
    if width_of(full, letters, bold=True) <= room:
        return full
    return stage.upper() if len(stage) <= 4 else stage.replace("_", " ").capitalize()
