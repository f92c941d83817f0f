"""A page for many points or arms: where its numbers come from, its colours, its rows, and numbers in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.analysis.names import Spoken
from sim.charts.page import Box, Page, beside, points
from sim.charts.style import FAINT, GREY, INK, PAPER, Size, literal, width_of, wrapped
from sim.record import Record
from sim.scenario.schema import Scenario

# What goes up and what goes down; no power has these, and they stay apart in grey and for the colour-blind.
HIGHER, LOWER = "#57347f", "#b3790f"
MOST_ROWS = {"slide": 25, "column": 30, "phone": 30}
HIGHEST_ROW = 100
MOST_PLACES = 6
STEPS = [1, 2, 2.5, 5, 10]


@dataclass(frozen=True)
class Origin:
    """Where the numbers of a picture come from: the scenario, runs at each point, seed, points, and histories that failed."""

    scenario: Scenario
    runs: int
    seed: int
    points: int = 1
    failed: int = 0

    @property
    def record(self) -> Record:
        """A record without arrays, which is all that a page wants to know."""
        return Record(self.scenario, self.seed, np.arange(self.runs), {}, ("ok",) * self.runs, ("",) * self.runs)

    @property
    def reading(self) -> str:
        """What the foot says beside scenario, runs and seed."""
        parts = [f"at each of {self.points:,} points"] if self.points > 1 else []
        parts += [f"{self.failed:,} of {self.runs * self.points:,} histories failed"] if self.failed else []
        return " · ".join(parts)

    def page(self, size: Size, head: tuple[str, str], body: float, reading: str = "", changes: bool = False) -> Page:
        """A page with title and subtitle, `body` pixels high where the size leaves it open."""
        said = " · ".join(part for part in (self.reading, reading) if part)
        return Page(self.record, size, *head, body=body, reading=said, changes=changes)


def places_of(*values: float) -> int:
    """How many places after the point say the largest of these values in two digits that matter."""
    size = max((abs(value) for value in values if np.isfinite(value)), default=0.0)
    return 0 if size >= 9.95 else 1 if size >= 0.995 else 2 if size >= 0.0995 or size < 0.0005 else 3


def number(value: float, signed: bool = False, places: int | None = None) -> str:
    """A number as people say it: at most two digits that matter, or all before the point."""
    if not np.isfinite(value):
        return "unknown" if np.isnan(value) else "beyond all measure"
    said = f"{abs(value):,.{places_of(value) if places is None else places}f}"
    said = said.rstrip("0").rstrip(".") if places is None and "." in said else said
    if not said.strip("0."):
        return "0"
    return f"−{said}" if value < 0 else f"+{said}" if signed else said


def setting(value: float) -> str:
    """The setting of a factor, as it was given: 1.25, 0.0125, 12,000."""
    size = abs(value)
    places = min(max(3 - int(np.floor(np.log10(size))), 0), MOST_PLACES) if size > 0 else 0
    said = f"{size:,.{places}f}"
    said = said.rstrip("0").rstrip(".") if "." in said else said
    return f"−{said}" if value < 0 and said != "0" else said


def estimate(value: float, ends: tuple[float, float] = (np.nan, np.nan), unit: str = "", signed: bool = False) -> str:
    """A value with its unit and both ends of its interval, all to the same place: '4.1 points (4.0 to 4.3)'.

    Ends that are not known, or say the same, are left out.
    """
    places = places_of(value, *ends) if np.isfinite(ends).all() else None
    one, *both = (number(each, signed, places) for each in (value, *ends))
    singular = {"points": "point", "stages": "stage", "months": "month", "runs of 100": "run of 100"}
    said = f"{one} {singular.get(unit, unit) if one.lstrip('−+') == '1' else unit}".strip()
    return said + (f" ({both[0]} to {both[1]})" if np.isfinite(ends).all() and both[0] != both[1] else "")


def unit_words(spoken: Spoken) -> str:
    """The unit of a scale, for a subtitle."""
    return {"points": "points of 100", "": "its own unit"}.get(spoken.unit, spoken.unit)


Names = Mapping[str, Spoken]


def spoken_of(names: Names, id: str) -> Spoken:
    """What people call a factor; its id where nobody said."""
    return names.get(id, Spoken(id, id))


def name_of(names: Names, id: str, size: Size) -> str:
    """The name of a factor in a row: in full on a slide, briefly on narrow pages."""
    spoken = spoken_of(names, id)
    return literal(spoken.name if size.name == "slide" else spoken.brief)


@dataclass(frozen=True)
class Rows:
    """Rows of a chart: axes whose row n stands at height n, and the height of a row in pixels."""

    page: Page
    ax: Axes
    height: float
    shift: float

    def thick(self, share: float, most: float) -> float:
        """A thickness on the scale of the axes, from a share of a row and a most in pixels."""
        return min(share, most / self.height)

    def columns(self, heads: Sequence[str], cells: Sequence[Sequence[str]], room: Sequence[float]) -> None:
        """Columns of words right of the rows, each so many pixels wide and set to the right, with a head."""
        for place, head in enumerate(heads):
            right = (sum(room[: place + 1]) - 4) * 0.72
            looks: dict[str, Any] = {"textcoords": "offset points", "fontsize": points(self.page.size.label), "ha": "right"}
            self.ax.annotate(head, (1, 1), xycoords="axes fraction", xytext=(right, 3), va="bottom", color=GREY, **looks)
            for row, words in enumerate(cells):
                at = (1, row + self.shift), ("axes fraction", "data")
                self.ax.annotate(words[place], at[0], xycoords=at[1], xytext=(right, 0), va="center", color=INK, **looks)

    def tail(self, row: float, words: str, **looks: Any) -> None:
        """Words right of a row."""
        beside(self.ax, row, words, self.page.size.label, **looks)


def body_of(size: Size, rows: int, below: float = 0) -> float:
    """Height of a body of rows on a page whose height is open."""
    return rows * {"slide": 30, "column": 36, "phone": 50}[size.name] + size.label * 3 + below


def rows(page: Page, names: Sequence[str], tail: float, above: float = 0, below: float = 0, share: float = 0.0) -> Rows:
    """Axes with a row a name, names at the left (above each row on a phone), `tail` pixels free at the right; names take a `share`."""
    size, body = page.size, page.body
    phone = size.name == "phone"
    most = body.width * (share or {"slide": 0.34, "column": 0.4, "phone": 1.0}[size.name])
    gutter = size.label * 1.1
    left = 0.0 if phone else min(max(width_of(name, size.label) for name in names) + gutter, most)
    space = body.height - above - below - size.label * 2.2
    height = min(space / len(names), HIGHEST_ROW)
    ax = page.axes(Box(body.x + left, body.y + above, body.width - left - tail, height * len(names)))
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_yticks([])
    shift = 0.22 if phone else 0.0
    for row, name in enumerate(names):
        y = body.y + above + (row + 0.5) * height
        if phone:
            words, ground = wrapped(name, body.width, size.label, lines=1)[0], {"facecolor": PAPER, "linewidth": 0, "pad": 1}
            page.write(body.x, y - height * 0.3, words, size.label, va="center", color=INK, bbox=ground)
            continue
        lines = wrapped(name, left - gutter, size.label, lines=2 if height >= size.label * 2.5 else 1)
        page.write(body.x + left - gutter, y, "\n".join(lines), size.label, va="center", ha="right", color=INK, linespacing=1.15)
    return Rows(page, ax, height, shift)


def value_axis(page: Page, ax: Axes, scale: float = 1.0, most: int = 5, signed: bool = False) -> None:
    """Sparse numbers under a panel, with faint verticals; values are shown times `scale`."""
    low, high = ax.get_xlim()
    width = ax.get_position().width * page.size.width
    places = ticks(low * scale, high * scale, max(2, min(most, int(width / (width_of("−0.25", page.size.label) * 2.2)))))
    for at in places:
        ax.axvline(at / scale, color=FAINT, linewidth=0.8, zorder=0)
    words = [number(at, signed) for at in places]
    ax.set_xticks([at / scale for at in places], words, fontsize=points(page.size.label), color=GREY)
    ax.set_xlim(low, high)


def height_axis(page: Page, ax: Axes, scale: float = 1.0, most: int = 4, signed: bool = False) -> None:
    """Sparse numbers left of a panel, with faint horizontals; values are shown times `scale`."""
    low, high = ax.get_ylim()
    places = ticks(low * scale, high * scale, most)
    for at in places:
        ax.axhline(at / scale, color=FAINT, linewidth=0.8, zorder=0)
    ax.set_yticks([at / scale for at in places], [number(at, signed) for at in places], fontsize=points(page.size.label), color=GREY)
    ax.set_ylim(low, high)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers between two, at least three where `most` allows."""
    found = MaxNLocator(most, steps=STEPS, min_n_ticks=min(3, most)).tick_values(low, high)
    room = 1e-6 * (high - low)
    return [float(at) for at in found if low - room <= at <= high + room]


def padded(low: float, high: float, share: float = 0.06) -> tuple[float, float]:
    """Limits a little wider than what stands between them; a unit apart where that is nothing."""
    room = (high - low) * share if high > low else max(abs(high), 1.0) * 0.5
    return low - room, high + room
