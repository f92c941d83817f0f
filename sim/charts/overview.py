"""Overview: one page for a slide, with the course, the tension and the way into institutions of every country."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.charts import ribbons, tension
from sim.charts.fans import bands
from sim.charts.findings import hedging, unrest
from sim.charts.order import inside, name, side_name, sides
from sim.charts.page import Box, Page, ends, levels, points
from sim.charts.spread import check_drawable, spread
from sim.charts.style import FONT, GREY, INK, PAPER, SLIDE, Size, colour_of, contrast, house_style, shortened, tint, width_of, wrapped
from sim.charts.words import percent, points_of
from sim.record import Record
from sim.roster import SELF

MOST = 9
MOST_CLUBS = 3
COURSE, TENSION, WAY = "course", "tension", "position"
ROWS = {COURSE: "Course", TENSION: "Tension", WAY: "Way in"}


def data(record: Record) -> pd.DataFrame:
    """Everything on the page. One row a measure, country, part and month.

    measure course: mean share of each side; tension: quantiles; position: quantiles of stage plus progress over the top stage, by
    institution, where a country without a ladder of its own takes that of the country it is part of.
    """
    check_drawable(record)
    course = ribbons.data(record)
    shown = list(dict.fromkeys(course["country"]))[:MOST]
    tables = []
    for id in shown:
        one = course[course["country"] == id]
        tables += [
            pd.DataFrame({"measure": COURSE, "country": id, "part": side, "date": one["date"], "mean": one[side]}) for side in sides(record)
        ]
        tables.append(spread(record, record.values("tension", country=id)).assign(measure=TENSION, country=id, part="total"))
        for club in list(record.roster.displayed("institution"))[:MOST_CLUBS]:
            top = len(record.scenario.institutions[club].stages) - 1
            tables.append(spread(record, (record.position(club, id) / top).astype(np.float32)).assign(measure=WAY, country=id, part=club))
    together = pd.concat(tables, ignore_index=True)
    return together[["measure", "country", "part", "date", "mean", "q05", "q25", "median", "q75", "q95"]]


def title(record: Record) -> str:
    """Who hedges and who is most tense, or a question."""
    course, tense = hedging(record) or "", (unrest(record) or "").split(";")[0]
    who, _, rest = tense.partition(" ends ")
    if course and course.startswith(f"{who} keeps "):
        return f"{course} and ends {rest}"
    return "; ".join(words for words in (course, tense) if words) or "Where is each country heading?"


@dataclass(frozen=True)
class Cell:
    """One panel: what it measures, whose it is, where it stands, and whether it is leftmost or lowest."""

    measure: str
    country: str
    box: Box
    first: bool
    last: bool


def draw(record: Record, size: Size = SLIDE, table: pd.DataFrame | None = None) -> Figure:
    """The slide: a column a country, a row a measure; on narrow pages a row a country and a column a measure."""
    table = data(record) if table is None else table
    shown = list(dict.fromkeys(table["country"]))
    subtitle = (
        "Course: mean share by bloc, and own. Tension: 0 (calm) to 100. Way in: from outside (bottom) to member (top) of each institution"
    )
    measures = [measure for measure in ROWS if (table["measure"] == measure).any()]
    with house_style():
        body = len(shown) * 128 + 2 * size.label if size.name != "slide" else 0
        page = Page(record, size, title(record), subtitle, body, reading="shaded: middle 50% and 90% of runs")
        top = tension.ceiling(table[table["measure"] == TENSION])
        room = width_of("NATO", size.label * 0.95, bold=True) + 8
        for cell in cells(page, shown, measures):
            # On a slide all panels of a column share their months; elsewhere a ribbon needs no room for labels.
            free = room if size.name == "slide" or cell.measure != COURSE else 1.8 * size.label
            ax = page.axes(cell.box._replace(width=cell.box.width - free))
            one = table[(table["measure"] == cell.measure) & (table["country"] == cell.country)]
            marks = drawn(page, ax, cell, one, top)
            page.years(ax, words=cell.last)
            page.verticals(ax, over=cell.measure == COURSE, lettered=cell.measure == COURSE or size.name != "slide")
            ends(page, ax, marks, room)
    return page.figure


def cells(page: Page, shown: list[str], measures: list[str]) -> Iterator[Cell]:
    """Panels with their names written: countries across on a slide, down on a narrow page."""
    size, body = page.size, page.body
    wide = size.name == "slide"
    gutter = size.label * (5.5 if wide else 3)
    across, down = (shown, measures) if wide else (measures, shown)
    head = size.panel * 2.7 + size.label * 1.3 if wide else size.label * 1.5
    gap = size.margin * 0.3 if wide else size.margin * 0.6
    width = min((body.width - gutter - gap * (len(across) - 1)) / len(across), 420)
    height = (body.height - head - size.label * 1.9) / len(down)
    for row, first in enumerate(down):
        for place, second in enumerate(across):
            measure, country = (first, second) if wide else (second, first)
            above = size.label * 2.4 if wide else size.panel * 1.4 + size.label * 1.8
            x, y = body.x + gutter + place * (width + gap), body.y + head + row * height
            if wide and row == 0:
                _country_name(page, country, Box(x, body.y, width, head))
            if wide and place == 0:
                page.write(
                    body.x,
                    y - size.label if row == 0 else y + size.label * 0.3,
                    ROWS[measure],
                    size.label * 1.05,
                    weight="bold",
                    va="bottom" if row == 0 else "top",
                )
            if not wide:
                _narrow_names(page, row, place, measure, country, Box(x, y, width, above))
            upper = above if not wide or row else 0
            yield Cell(
                measure,
                country,
                Box(x, y + upper, width, height - upper - size.label * (0.2 if wide else 0.8)),
                place == 0,
                row == len(down) - 1,
            )


def _country_name(page: Page, country: str, box: Box) -> None:
    """A country's name over its column, on two lines where one is too short."""
    size = page.size
    lines = wrapped(
        name(page.record, "country", country, 1.7 * box.width, size.panel, bold=True), box.width, size.panel, bold=True, lines=2
    )
    second = inside(page.record, country)
    y = box.y + box.height - size.label * 1.4
    if second:
        page.write(box.x, y, shortened(second, box.width, size.label), size.label, va="bottom", color=GREY)
        y -= size.label * 1.3
    for line in reversed(lines):
        page.write(box.x, y, line, size.panel, va="bottom", weight="bold")
        y -= size.panel * 1.2


def _narrow_names(page: Page, row: int, place: int, measure: str, country: str, box: Box) -> None:
    size = page.size
    if row == 0:
        page.write(box.x, page.body.y, ROWS[measure], size.label, va="top", color=GREY)
    if place == 0:
        words = name(page.record, "country", country, 2 * box.width, size.panel, bold=True)
        page.write(page.body.x, box.y, words, size.panel, va="top", weight="bold")
        if inside(page.record, country):
            page.write(
                page.body.x + width_of(words, size.panel, bold=True) + 8,
                box.y + 1,
                inside(page.record, country),
                size.label,
                va="top",
                color=GREY,
            )


def drawn(page: Page, ax: Axes, cell: Cell, table: pd.DataFrame, top: float) -> list[tuple[float, str, str]]:
    """Fills one panel; gives the labels at its right edge: height, words, colour."""
    letters = page.size.label
    if cell.measure == COURSE:
        course(page, ax, table)
        levels(ax, (0, 0.5, 1), ("0", "50%", "100%") if cell.first else (), letters)
        return []
    if cell.measure == TENSION:
        bands(ax, table, INK, thick=1.6, strength=1.1)
        ax.set_ylim(0, top)
        ticks = [tick for tick in (0, 0.25, 0.5, 0.75, 1) if tick <= top + 1e-9]
        levels(ax, ticks, [points_of(tick) for tick in ticks] if cell.first else (), letters)
        end = float(table["median"].iloc[-1])
        return [(end, points_of(end), INK)]
    marks = []
    for club, one in table.groupby("part", sort=False):
        colour = colour_of(page.record.roster, "power", page.record.scenario.institutions[str(club)].grantor)
        bands(ax, one, colour, thick=1.8)
        marks.append((float(one["median"].iloc[-1]), name(page.record, "institution", str(club), 1, 1), colour))
    ax.set_ylim(-0.03, 1.05)
    levels(ax, (0, 1), ("outside", "member") if cell.first and page.size.name == "slide" else (), letters * 0.9)
    return marks


def course(page: Page, ax: Axes, table: pd.DataFrame) -> None:
    """The ribbons of one country, named inside where they are high and wide enough."""
    record, letters = page.record, page.size.label * 0.9
    wide = pd.DataFrame({side: table[table["part"] == side]["mean"].to_numpy() for side in sides(record)})
    wide["date"] = table[table["part"] == SELF]["date"].to_numpy()
    labels: Mapping[str, str] = {side: "own" if side == SELF else side_name(record, side) for side in sides(record)}
    box = ax.get_position()
    height, width = box.height * page.height, box.width * page.size.width
    ribbons.ribbon(ax, record, wide, labels)
    shares = wide[list(labels)].to_numpy()
    below = np.concatenate([np.zeros((len(shares), 1)), np.cumsum(shares, axis=1)[:, :-1]], axis=1)
    for place, (side, words) in enumerate(labels.items()):
        low, high = float(below[:, place].max()), float((below + shares)[:, place].min())
        said = f"{words} {percent(float(shares[-1, place]))}"
        said = said if width_of(said, letters, bold=True) <= width - 4 else percent(float(shares[-1, place]))
        if (high - low) * height > 1.25 * letters and width_of(said, letters, bold=True) <= width - 4:
            ground = tint(colour_of(record.roster, "side", side), 0.92)
            readable = max((PAPER, INK), key=lambda colour: contrast(colour, ground))
            looks: dict[str, Any] = {"color": readable, "weight": "bold", "bbox": {"facecolor": ground, "edgecolor": "none", "pad": 1}}
            ax.text(
                0.5,
                (low + high) / 2,
                said,
                transform=ax.transAxes,
                ha="center",
                va="center",
                fontsize=points(letters),
                family=FONT,
                parse_math=False,
                zorder=6,
                **looks,
            )
