"""Holdings: who holds influence where, through which channels, and how that changed since the start."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.charts.findings import holding
from sim.charts.order import MOST_POWERS, countries_by, inside, leaves, name
from sim.charts.page import Box, Page, points
from sim.charts.spread import check_drawable
from sim.charts.style import FONT, GREY, INK, PAPER, SLIDE, Size, colour_of, contrast, house_style, ink, shortened, tint, width_of, wrapped
from sim.charts.words import points_of
from sim.record import Record
from sim.roster import SELF

CHANNELS = 3
CHANGE, CHANGE_AND_CHANNELS = " and its change since the start", ", its change since the start, and its largest channels"
# A change smaller than this many hundredths gets no arrow.
STEADY = 0.005


def data(record: Record) -> pd.DataFrame:
    """Influence share of every power shown over every country, and the country's own share. One row a holder and country.

    Columns: holder, country, share (median of the last month), q05, q95, change (median since the start), then name and part of
    the holder's reach of its three largest channels where channels were kept, as means over runs.
    """
    check_drawable(record)
    own = {id: float(record.values("own_share", country=id)[-1].mean()) for id in leaves(record)}
    powers = sorted(record.roster.displayed("power"), key=lambda power: -float(record.values("influence_share", power=power)[-1].mean()))
    shown = countries_by(record, {id: -share for id, share in own.items()})
    rows = [_row(record, holder, id) for holder in (*powers[:MOST_POWERS], SELF) for id in shown]
    return pd.DataFrame(rows)


def _row(record: Record, holder: str, country: str) -> dict[str, str | float]:
    values = (
        record.values("own_share", country=country) if holder == SELF else record.values("influence_share", power=holder, country=country)
    )
    low, middle, high = np.quantile(values[-1].astype(np.float64), [0.05, 0.5, 0.95])
    change = float(np.median(values[-1].astype(np.float64) - values[0]))
    row: dict[str, str | float] = {
        "holder": holder,
        "country": country,
        "share": float(middle),
        "q05": float(low),
        "q95": float(high),
        "change": change,
    }
    largest = sorted(channel_parts(record, holder, country).items(), key=lambda part: -part[1])
    for place in range(CHANNELS):
        channel, part = largest[place] if place < len(largest) else ("", 0.0)
        row |= {f"channel_{place + 1}": channel, f"part_{place + 1}": part}
    return row


def channel_parts(record: Record, holder: str, country: str) -> dict[str, float]:
    """Which part of a power's reach in a country runs through each of its channels in the last month; they sum to 1."""
    if holder == SELF or "grip" not in record.kept:
        return {}
    names = [name for name in record.roster.ids["instrument"] if name.split(".")[0] == holder]
    grip = {name.split(".")[1]: float(record.values("grip", instrument=name, country=country)[-1].mean()) for name in names}
    everything = sum(grip.values())
    return {channel: part / everything for channel, part in grip.items() if part > 0} if everything > 0 else {}


def title(record: Record) -> str:
    """The finding, or the question."""
    return holding(record) or "Who holds influence where?"


def draw(record: Record, size: Size = SLIDE, table: pd.DataFrame | None = None) -> Figure:
    """The matrix of powers and countries; on a narrow page countries go down and powers across."""
    table = data(record) if table is None else table
    holders, shown = list(dict.fromkeys(table["holder"])), list(dict.fromkeys(table["country"]))
    # A phone has no room for the names of channels.
    wide, split = size.name == "slide", size.name != "phone"
    subtitle = f"Share of influence over each country in percent (median){CHANGE_AND_CHANNELS if split else CHANGE}; the most held first"
    down, across = (holders, shown) if wide else (shown, holders)
    with house_style():
        page = Page(
            record,
            size,
            title(record),
            subtitle,
            body=len(down) * (58 if split else 42) + size.panel * 3.4,
            changes=False,
            reading="median over runs; arrows: median change since the start",
        )
        ax = page.axes(page.body)
        ax.set_xlim(0, page.body.width)
        ax.set_ylim(page.body.height, 0)
        ax.set_axis_off()
        left = page.body.width * (0.12 if wide else 0.22 if size.name == "column" else 0.24)
        head = size.panel * 3.4
        height = min((page.body.height - head) / len(down), 150)
        width = min((page.body.width - left) / len(across), 280)
        for row, first in enumerate(down):
            _row_name(page, ax, first, Box(0, head + row * height, left - 6, height), is_holder=wide)
            for place, second in enumerate(across):
                box = Box(left + place * width, head + row * height, width, height)
                if row == 0:
                    _column_name(page, ax, second, box, is_holder=not wide)
                holder, country = (first, second) if wide else (second, first)
                one = table[(table["holder"] == holder) & (table["country"] == country)].iloc[0]
                cell(page, ax, box, one, float(table["share"].max()))
    return page.figure


def _holder_name(record: Record, id: str, room: float, letters: float) -> str:
    return "Own" if id == SELF else name(record, "power", id, room, letters, bold=True)


def _row_name(page: Page, ax: Axes, id: str, box: Box, is_holder: bool) -> None:
    letters = page.size.label if page.size.name == "phone" else page.size.panel
    lines = _name_lines(page, id, box.width, letters, is_holder)
    y = box.y + box.height / 2 - sum(height for _, height, _ in lines) / 2
    for words, height, looks in lines:
        _write(ax, box.x, y + height / 2, words, height / 1.25, **looks)
        y += height


def _column_name(page: Page, ax: Axes, id: str, box: Box, is_holder: bool) -> None:
    lines = _name_lines(page, id, box.width - 10, page.size.label * 1.07, is_holder)
    y = box.y - 4 - sum(height for _, height, _ in lines)
    for words, height, looks in lines:
        _write(ax, box.x + 2, y + height / 2, words, height / 1.25, **looks)
        y += height


def _name_lines(page: Page, id: str, room: float, letters: float, is_holder: bool) -> list[tuple[str, float, dict[str, Any]]]:
    """A name on one or two lines, and whose part it is: words, height of the line, looks."""
    record = page.record
    words = _holder_name(record, id, room, letters) if is_holder else name(record, "country", id, 1.7 * room, letters, bold=True)
    colour = ink(colour_of(record.roster, "side" if id == SELF else "power", id)) if is_holder else INK
    lines: list[tuple[str, float, dict[str, Any]]] = [
        (line, letters * 1.25, {"weight": "bold", "color": colour}) for line in wrapped(words, room, letters, bold=True, lines=2)
    ]
    second = "" if is_holder else inside(record, id)
    return [*lines, (shortened(second, room, page.size.label), page.size.label * 1.25, {"color": GREY})] if second else lines


def cell(page: Page, ax: Axes, box: Box, row: pd.Series, largest: float) -> None:
    """One holder over one country: a ground as deep as the share, the number, an arrow, and a bar of channels."""
    size, record = page.size, page.record
    holder = str(row["holder"])
    colour = colour_of(record.roster, "side" if holder == SELF else "power", holder)
    ground = tint(colour, 0.04 + 0.5 * float(row["share"]) / max(largest, 1e-9))
    letters = INK if contrast(INK, ground) > 5 else "#000000"
    ax.add_patch(Rectangle((box.x + 1.5, box.y + 1.5), box.width - 3, box.height - 3, facecolor=ground, edgecolor="none"))
    big = size.panel * (1.35 if size.name == "slide" else 1.15)
    split = bool(row["channel_1"]) and size.name != "phone"
    line = box.y + box.height * (0.3 if split else 0.5)
    number, inset = points_of(float(row["share"])), 8 if box.width > 80 else 5
    _write(ax, box.x + inset, line, number, big, weight="bold", color=letters)
    change = float(row["change"])
    if abs(change) >= STEADY:
        arrow, after = "▲" if change > 0 else "▼", box.x + inset + (6 if box.width > 80 else 3) + width_of(number, big, bold=True)
        words, letter = f"{arrow} {points_of(abs(change))}", size.label * 0.95
        if width_of(words, letter) > box.x + box.width - 3 - after:
            words, letter = words.replace(" ", ""), size.label * 0.8
        _write(ax, after, line, words if width_of(words, letter) <= box.x + box.width - 2 - after else arrow, letter, color=letters)
    if split:
        channels(page, ax, box, row, colour, letters)


def channels(page: Page, ax: Axes, box: Box, row: pd.Series, colour: str, letters: str) -> None:
    """The split of a share by channel as a thin bar, and under it the largest channels by name where there is room."""
    size = page.size
    x, width, y = box.x + 8, box.width - 16, box.y + box.height * 0.52
    ax.add_patch(Rectangle((x, y), width, 6, facecolor=PAPER, edgecolor="none"))
    for place, strength in zip(range(CHANNELS), (1.0, 0.7, 0.45), strict=True):
        part = float(row[f"part_{place + 1}"])
        ax.add_patch(Rectangle((x, y), width * part - 1, 6, facecolor=tint(colour, strength), edgecolor="none"))
        x += width * part
    lines = 2 if box.height > 4 * size.label + 30 else 1
    for place in range(lines):
        channel = str(row[f"channel_{place + 1}"])
        if channel:
            number = f" {points_of(float(row[f'part_{place + 1}']))}%"
            words = channel.replace("_", " ").replace("-", " ")
            room = box.width - 14
            said = words + number if width_of(words + number, size.label * 0.88) <= room else shortened(words, room, size.label * 0.88)
            _write(ax, box.x + 8, y + 8 + size.label * (0.75 + 1.2 * place), said, size.label * 0.88, color=letters)


def _write(ax: Axes, x: float, y: float, words: str, letters: float, **looks: Any) -> None:
    ax.text(x, y, words, fontsize=points(letters), family=FONT, va="center", parse_math=False, **looks)
