"""Fans: how far each country leans to each bloc and keeps its own course, month by month, run by run."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts.findings import OPEN_DOOR, hedging
from sim.charts.order import countries_by, side_name, sides
from sim.charts.page import Page, columns, ends, levels, rows_high, spread_years, year
from sim.charts.spread import SINGLE_RUNS, check_drawable, run_columns, spread
from sim.charts.style import SLIDE, Size, colour_of, house_style, width_of
from sim.charts.words import percent
from sim.record import Record
from sim.roster import SELF


def fan(
    ax: Axes, record: Record, *, country: str, variable: str = "alignment", power: str | None = None, side: str | None = None
) -> pd.DataFrame:
    """Draws one variable of one country on given axes: bands of 50% and 90%, the median and eight single runs.

    A variable with a power axis needs `power`, one with a side axis (a bloc or 'self') needs `side`. Gives what was drawn.
    Raises: KeyError when the variable was not kept or an id is unknown.
    """
    check_drawable(record)
    kind = record.variable(variable)
    given = {"power": power, "side": side, "country": country}
    where = {axis: given[axis] or "" for axis in kind.axes if axis in given}
    for axis, id in where.items():
        if id not in record.roster.ids[axis]:
            raise KeyError(f"{variable} needs {axis}=, one of {', '.join(record.roster.ids[axis])}; found {id or 'nothing'}")
    table = spread(record, record.values(variable, **where), SINGLE_RUNS, record.dates(variable))
    colour = colour_of(record.roster, "power", power) if power else colour_of(record.roster, "side", side or "self")
    with house_style():
        bands(ax, table, colour)
        spread_years(ax, record, ax.get_window_extent().width, 12)
        if kind.kind == "share":
            ax.set_ylim(0, 1)
            levels(ax, (0, 0.5, 1), ("0", "50%", "100%"), 12)
    return table


def bands(ax: Axes, table: pd.DataFrame, colour: str, thick: float = 1.8, strength: float = 1.0, single: int = SINGLE_RUNS) -> None:
    """A spread over time: 90% and 50% bands, so many single runs hair-thin, the median in front."""
    at = year(table["date"].to_numpy(dtype="datetime64[M]"))
    ax.fill_between(at, table["q05"], table["q95"], color=colour, alpha=0.16 * strength, linewidth=0, zorder=1)
    ax.fill_between(at, table["q25"], table["q75"], color=colour, alpha=0.26 * strength, linewidth=0, zorder=2)
    for run in run_columns(table)[:single]:
        ax.plot(at, table[run], color=colour, linewidth=0.35, alpha=0.65, zorder=3)
    ax.plot(at, table["median"], color=colour, linewidth=thick, zorder=5, solid_capstyle="round")


def data(record: Record) -> pd.DataFrame:
    """Alignment of every country shown to each bloc and to its own course. One row a country, side and month."""
    check_drawable(record)
    outcome = {id: _largest_rival(record, id) for id in record.roster.displayed("country")}
    tables = []
    for id in countries_by(record, outcome):
        for side in sides(record):
            table = spread(record, record.values("course", country=id, side=side), SINGLE_RUNS)
            table.insert(0, "country", id)
            table.insert(1, "side", side)
            tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _largest_rival(record: Record, country: str) -> float:
    """What all blocs but the largest of the region end with: the countries most fought over come first."""
    rivals = [side for side in sides(record)[:-1] if side != SELF]
    return sum(float(record.values("course", country=country, side=side)[-1].mean()) for side in rivals)


def title(record: Record) -> str:
    """The finding, or the question."""
    return hedging(record) or "Where is each country heading?"


def draw(record: Record, size: Size = SLIDE, table: pd.DataFrame | None = None) -> Figure:
    """Small multiples of alignment fans, one panel a country, the most contested first."""
    table = data(record) if table is None else table
    shown = list(dict.fromkeys(table["country"]))
    subtitle = (
        f"Alignment: share of each country's course by bloc, and its own. A door counts as open at {percent(OPEN_DOOR)} or more at the end"
    )
    with house_style():
        page = Page(record, size, title(record), subtitle, rows_high(size, len(shown), 175 if size.name == "phone" else 215))
        labels = {side: "own" if side == SELF else side_name(record, side) for side in dict.fromkeys(table["side"])}
        room = min(
            max(width_of(f"{words} 88%", size.label, bold=True) for words in labels.values()) + 8,
            0.46 * page.room / columns(size, len(shown)),
        )
        for country, ax, first, last in page.panels(shown, room, size.label * 3.2):
            panel(page, ax, table[table["country"] == country], labels, room)
            levels(ax, (0, 0.5, 1), ("0", "50%", "100%") if first else (), size.label)
            page.years(ax, words=last)
            page.verticals(ax)
    return page.figure


def panel(page: Page, ax: Axes, table: pd.DataFrame, labels: Mapping[str, str], room: float) -> None:
    """One country: a fan a side, each named at its end."""
    marks = []
    ax.set_ylim(0, 1)
    for side, words in labels.items():
        one = table[table["side"] == side]
        colour = colour_of(page.record.roster, "side", side)
        bands(ax, one, colour, single=page.size.single)
        end = float(one["median"].iloc[-1])
        marks.append((end, f"{words} {percent(end)}", colour))
    ends(page, ax, marks, room)
