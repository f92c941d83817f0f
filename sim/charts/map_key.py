"""What stands beside a map: its colour scale, what its lines and hatching mean, and its values as a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.charts.areas import Region
from sim.charts.mapping import DASHES, HATCH, hatched
from sim.charts.measures import Measure, rival
from sim.charts.order import inside, name
from sim.charts.page import Box, Page, points
from sim.charts.style import FONT, GREY, INK, PAPER, Size, contrast, literal, shortened, width_of
from sim.charts.words import large, month
from sim.record import Record

STEPS = 24
SWATCH = 30
# Pixels between the scale and the signs beside it.
BESIDE = 40.0
STANDINGS = {"disputed": "disputed line", "internal": "line inside a country"}

Sign = tuple[str, str]


def signs(record: Record, region: Region, holders: Mapping[str, str]) -> list[Sign]:
    """What the key explains besides the colours: kind of sign and its words."""
    near = {id for line in region.lines if any(area in holders for area in line.between) for id in (line.standing,)}
    found = [(standing, words) for standing, words in STANDINGS.items() if standing in near]
    for area in hatched(region, holders):
        found.append((HATCH, f"{area.name}, counted to {name(record, 'country', holders[area.id], 1, 1)}"))
    return found


def rows_of(size: Size, found: Sequence[Sign]) -> list[list[Sign]]:
    """The signs in rows that fit beside the scale, or below it on a narrow page."""
    rows: list[list[Sign]] = []
    room = left = size.width - 2 * size.margin - (BESIDE + scale_width(size) if is_wide(size) else 0)
    for sign in found:
        need = sign_width(size, sign)
        if not rows or need > left:
            rows.append([])
            left = room
        rows[-1].append(sign)
        left -= need
    return rows


def sign_width(size: Size, sign: Sign) -> float:
    """How wide a sign and its words are, with the gap after them. Units: pixels."""
    return SWATCH + 8 + width_of(sign[1], 0.95 * size.label) + 20


def is_wide(size: Size) -> bool:
    """Whether the signs stand beside the scale."""
    return size.name == "slide"


def key(page: Page, box: Box, shown: Measure, reach: float, found: Sequence[Sign]) -> None:
    """Draws the scale at the left of a box and the signs right of it, or below it on a narrow page."""
    ax, size = plain(page, box), page.size
    letters = size.label * 0.95
    scale(page, ax, shown, reach, scale_width(size))
    left = scale_width(size) + BESIDE if is_wide(size) else 0.0
    y = letters * (1.75 if is_wide(size) else 4.2)
    for row in rows_of(size, found):
        x = left
        for sign in row:
            swatch(ax, sign[0], x, y)
            write(ax, x + SWATCH + 8, y, sign[1], letters, color=INK)
            x += sign_width(size, sign)
        y += letters * 1.6


def scale_width(size: Size) -> float:
    """How wide the colour scale is. Units: pixels."""
    return min(size.width - 2 * size.margin, 300.0)


def key_height(size: Size, found: Sequence[Sign]) -> float:
    """How high the key is. Units: pixels."""
    rows, letters = len(rows_of(size, found)), 0.95 * size.label
    return letters * max(3.3, 1.2 + 1.6 * rows) if is_wide(size) else letters * (3.5 + 1.6 * rows)


def scale(page: Page, ax: Axes, shown: Measure, reach: float, wide: float) -> None:
    """The colours from end to end, with numbers at the ends and in the middle, and over them what the ends mean."""
    letters = page.size.label * 0.95
    low = -1.0 if shown.both_ways else 0.0
    y, high = letters * 1.35, letters * 0.8
    for step in range(STEPS):
        share = low + (1 - low) * (step + 0.5) / STEPS
        place = Rectangle((wide * step / STEPS, y), wide / STEPS + 0.5, high, facecolor=shown.colour(page.record, share), edgecolor="none")
        ax.add_patch(place)
    for at, side in ((low, "left"), ((low + 1) / 2, "center"), (1.0, "right")):
        write(ax, wide * (at - low) / (1 - low), y + high + letters * 0.7, shown.said(at * reach), letters, color=GREY, ha=side)
    left, right = ends(page.record, shown)
    write(ax, 0, letters * 0.6, left, letters, color=INK, ha="left")
    write(ax, wide, letters * 0.6, right, letters, color=INK, ha="right")


def ends(record: Record, shown: Measure) -> tuple[str, str]:
    """What the two ends of the scale mean."""
    if shown.against:
        return f"◀ {large(rival(record, shown.against))}", f"{large(rival(record, shown.whose))} ▶"
    if shown.kind == "rung":
        stages = list(record.scenario.institutions[shown.whose].stages.values())
        return literal(stages[0].name), literal(stages[-1].name)
    return shown.unit, ""


def swatch(ax: Axes, sign: str, x: float, y: float) -> None:
    """What a sign looks like: a dashed or dotted line, or hatching."""
    if sign in DASHES:
        width, pattern = DASHES[sign]
        ax.plot([x, x + SWATCH], [y, y], color=INK, linewidth=width, linestyle=(0, pattern), solid_capstyle="butt")
        return
    ax.add_patch(Rectangle((x, y - 6), SWATCH, 12, facecolor="none", edgecolor=INK, hatch=HATCH, linewidth=0, alpha=0.55))
    ax.add_patch(Rectangle((x, y - 6), SWATCH, 12, facecolor="none", edgecolor=GREY, linewidth=0.6))


Shade = Callable[[float], str]


def listing(page: Page, box: Box, table: pd.DataFrame, shown: Measure, shade: Shade) -> None:
    """The values as a list: a row a country, entities under theirs, a column a month, each cell in the colour of the map."""
    ax, letters = plain(page, box), page.size.label
    dates = list(dict.fromkeys(table["date"]))
    cell = min(86.0, (box.width * 0.6) / len(dates))
    first = box.width - cell * len(dates)
    row = row_height(page.size)
    for place, date in enumerate(dates):
        words = short(date) if width_of(short(date), letters * 0.95) < cell - 2 else date[:4]
        write(ax, first + cell * (place + 0.5), row * 0.4, words, letters * 0.95, color=GREY, ha="center")
    for line, (id, one) in enumerate(table.groupby("country", sort=False)):
        y = row * (line + 1.3)
        for words, x, looks in _name(page, str(id), first - 6):
            write(ax, x, y, words, letters, **looks)
        for place, value in enumerate(one["median"]):
            ground = shade(float(value))
            ax.add_patch(Rectangle((first + cell * place + 1, y - row / 2 + 1), cell - 2, row - 2, facecolor=ground, edgecolor="none"))
            looks = {"color": max((INK, PAPER), key=lambda ink: contrast(ink, ground)), "ha": "center"}
            write(ax, first + cell * (place + 0.5), y, shown.said(float(value)), letters, **looks)


def _name(page: Page, id: str, room: float) -> Iterator[tuple[str, float, dict[str, Any]]]:
    """A country's name in its row; an entity stands in a little."""
    step = 12.0 if inside(page.record, id) else 0.0
    words = name(page.record, "country", id, room - step, page.size.label)
    yield shortened(words, room - step, page.size.label), step, {"color": INK}


def listing_height(size: Size, countries: int) -> float:
    """How high the list is. Units: pixels."""
    return row_height(size) * (countries + 1.0)


def row_height(size: Size) -> float:
    """Height of a row of the list. Units: pixels."""
    return size.label * 1.75


def short(date: str) -> str:
    """A month in few letters: Jan 2017."""
    return month(np.datetime64(date, "M"), short=True)


def plain(page: Page, box: Box) -> Axes:
    """Axes whose units are the pixels of a box, from its top left corner, with nothing drawn."""
    ax = page.axes(box)
    ax.set_xlim(0, box.width)
    ax.set_ylim(box.height, 0)
    ax.set_axis_off()
    return ax


def write(ax: Axes, x: float, y: float, words: str, letters: float, **looks: Any) -> None:
    """Words at a place of such axes."""
    ax.text(x, y, words, fontsize=points(letters), family=FONT, va="center", parse_math=False, **looks)
