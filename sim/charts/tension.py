"""Tension: how tense each country is, and how much of it is made at home and by each power."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts.fans import bands
from sim.charts.findings import unrest
from sim.charts.order import countries_by, leaves, name
from sim.charts.page import Page, columns, ends, levels, rows_high, year
from sim.charts.spread import SINGLE_RUNS, check_drawable, spread
from sim.charts.style import INK, OWN, PAPER, SLIDE, Size, colour_of, house_style, tint, width_of
from sim.charts.words import points_of
from sim.record import Record

HOME, GIVEN, LUCK = "home", "given", "luck"
GIVEN_COLOUR = tint(OWN, 0.35)
# A ledger whose mean never leaves this far from zero gets no area of its own.
SLIGHT = 0.012


def data(record: Record) -> pd.DataFrame:
    """Tension of each country without entities: quantiles and single runs of the total, means of its ledgers. One row a country and month.

    The ledgers (home, given, luck, by_POWER) sum to the column mean.
    """
    check_drawable(record)
    ends = {id: float(np.median(record.values("tension", country=id)[-1])) for id in leaves(record)}
    tables = []
    for id in countries_by(record, ends):
        table = spread(record, record.values("tension", country=id), SINGLE_RUNS)
        table.insert(0, "country", id)
        table.insert(2, "mean", _mean(record, "tension", id))
        for place, (ledger, values) in enumerate(_ledgers(record, id).items()):
            table.insert(3 + place, ledger, values)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _ledgers(record: Record, country: str) -> dict[str, np.ndarray]:
    powers = {f"by_{power}": _mean(record, "tension_power", country, power=power) for power in record.roster.displayed("power")}
    return {
        HOME: _mean(record, "tension_home", country),
        **powers,
        GIVEN: _mean(record, "tension_given", country),
        LUCK: _mean(record, "tension_luck", country),
    }


def _mean(record: Record, variable: str, country: str, **where: str) -> np.ndarray:
    return np.asarray(record.values(variable, country=country, **where).astype(np.float64).mean(axis=-1))


def title(record: Record) -> str:
    """The finding, or the question."""
    return unrest(record) or "How tense is each country, and whose doing is it?"


def draw(record: Record, size: Size = SLIDE, table: pd.DataFrame | None = None) -> Figure:
    """Small multiples of tension, its ledgers stacked and the fan of the total over them, the most tense first."""
    table = data(record) if table is None else table
    shown = list(dict.fromkeys(table["country"]))
    subtitle = (
        "Tension from 0 (calm) to 100: areas are mean parts made at home, by each power and left from the start; the fan is the total"
    )
    with house_style():
        page = Page(record, size, title(record), subtitle, rows_high(size, len(shown), 185 if size.name == "phone" else 215))
        labels = areas(record, table)
        room = min(
            max(width_of(f"{words} −10", size.label, bold=True) for words, _ in labels.values()) + 8,
            0.45 * page.room / columns(size, len(shown)),
        )
        top = ceiling(table)
        low = min(0.0, float(table[list(labels)].clip(upper=0).sum(axis=1).min()))
        for country, ax, first, last in page.panels(shown, room, size.label * 3.2):
            marks = ledgers(ax, table[table["country"] == country], labels, size.single)
            ax.set_ylim(low, top)
            ticks = [tick for tick in (0, 0.25, 0.5, 0.75, 1) if tick <= top + 1e-9]
            levels(ax, ticks, [points_of(tick) for tick in ticks] if first else (), size.label)
            page.years(ax, words=last)
            page.verticals(ax)
            ends(page, ax, marks, room)
    return page.figure


def ceiling(table: pd.DataFrame) -> float:
    """Top of the scale that all panels share: the quarter above the highest band."""
    return min(float(np.ceil(table["q95"].max() * 4 + 0.05) / 4), 1.0)


def areas(record: Record, table: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Ledgers large enough to be seen somewhere: column, with its name and colour."""
    named = {HOME: ("home", OWN), GIVEN: ("start", GIVEN_COLOUR)}
    for power in record.roster.displayed("power"):
        named[f"by_{power}"] = (name(record, "power", power, 90, 14), colour_of(record.roster, "power", power))
    order = [HOME, *(f"by_{power}" for power in record.roster.displayed("power")), GIVEN]
    return {ledger: named[ledger] for ledger in order if ledger == HOME or float(table[ledger].abs().max()) >= SLIGHT}


def ledgers(
    ax: Axes, table: pd.DataFrame, labels: Mapping[str, tuple[str, str]], single: int = SINGLE_RUNS
) -> list[tuple[float, str, str]]:
    """Ledgers of one country stacked, what calms below zero, and the total's fan.

    Gives middle, words and colour of what is large at the end."""
    at = year(table["date"].to_numpy(dtype="datetime64[M]"))
    above, below = np.zeros(len(at)), np.zeros(len(at))
    marks = []
    for ledger, (words, colour) in labels.items():
        mean = table[ledger].to_numpy()
        for base, part in ((above, np.maximum(mean, 0)), (below, np.minimum(mean, 0))):
            if np.any(part != 0):
                ax.fill_between(at, base, base + part, facecolor=tint(colour, 0.62), edgecolor=PAPER, linewidth=0.5, zorder=1)
            if abs(part[-1]) >= SLIGHT:
                marks.append((float(base[-1] + part[-1] / 2), f"{words} {points_of(float(part[-1])).replace('-', '−')}", colour))
        above, below = above + np.maximum(mean, 0), below + np.minimum(mean, 0)
    bands(ax, table, INK, thick=1.6, strength=0.65, single=single)
    ax.set_ylim(0, 1)
    return marks
