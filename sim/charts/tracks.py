"""Lanes of a chronicle: marks for what happened on a time axis, words over the most telling, tension as a line below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.charts.happenings import AGAINST, NEITHER, POWERS, TENSION, WITH, actor_of
from sim.charts.order import inside, name
from sim.charts.page import Box, Page, points, year
from sim.charts.style import FAINT, FONT, GREY, INK, PAPER, Size, ink, shortened, tint, width_of, wrapped
from sim.charts.words import points_of

COLOURS = {AGAINST: "#a8480f", WITH: "#2b6ca3", NEITHER: "#7a7a7a"}
MARKS = {"event": "o", "deed": "s", "accession": "^", "talks": "D", "linkage": "P", "leader": "|"}
# What marks that are neither conflict nor cooperation are filled with.
PALE = "#d8d5cf"
# Shapes that look larger than they are.
SMALLER = {"deed": 0.86, "talks": 0.8}
# How many entries have their causes told over them, or in the list below.
MOST_TOLD = {"slide": 10, "column": 8, "phone": 6}
MOST_STACKED = 3


@dataclass(frozen=True)
class Measures:
    """Sizes of the lanes of one page. Units: pixels.

    `gutter` holds names, unless it is too narrow and they stand in the lanes; `right` holds the last tension.
    """

    gutter: float
    right: float
    lane: float
    words: float
    mark: float
    rows: int

    @property
    def named_beside(self) -> bool:
        """Whether names stand left of the lanes."""
        return self.gutter > 50

    @property
    def line(self) -> float:
        """Height of a row of words."""
        return self.words * 1.3


def measures(size: Size, room: float, lanes: int) -> Measures:
    """Sizes that suit a page; `room` is the height there is for lanes (0: as much as they need)."""
    letters = size.label
    if size.name == "slide":
        lane = room / max(lanes, 1)
        return Measures(150, 40, min(lane, 110), letters * 0.9, 8.5, 2 if lane > 58 else 1)
    if size.name == "column":
        return Measures(122, 30, 58, letters * 0.92, 7.5, 1)
    return Measures(12, 26, 54, letters, 6.5, 1)


@dataclass
class Tracks:
    """Lanes on one page: axes whose x are years and whose y are pixels from the top of the lanes."""

    page: Page
    box: Box
    sizes: Measures
    lanes: Sequence[str]
    ceiling: float
    taken: dict[tuple[str, int], list[tuple[float, float]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        inner = self.box._replace(x=self.box.x + self.sizes.gutter, width=self.box.width - self.sizes.gutter - self.sizes.right)
        self.ax: Axes = self.page.axes(inner)
        self.ax.set_ylim(self.box.height, 0)
        self.page.years(self.ax)
        self.ax.set_yticks([])
        low, high = self.ax.get_xlim()
        self.per_year = inner.width / (high - low)
        self.width = inner.width

    def top(self, lane: str) -> float:
        """Where a lane begins, in pixels from the top."""
        return self.lanes.index(lane) * self.sizes.lane

    def marks(self, lane: str) -> float:
        """Where the marks of a lane begin, below its words."""
        return self.top(lane) + self.sizes.rows * self.sizes.line + self.sizes.mark * 0.75

    def x(self, pixels: float) -> float:
        """The year at some pixels from the left."""
        return self.ax.get_xlim()[0] + pixels / self.per_year

    def pixels(self, date: str) -> float:
        """How far from the left a month stands."""
        return (float(year(np.datetime64(date, "M"))) - self.ax.get_xlim()[0]) * self.per_year


def named(tracks: Tracks) -> None:
    """Writes whose lanes they are, and a faint line over each."""
    page, sizes = tracks.page, tracks.sizes
    for lane in tracks.lanes:
        y = tracks.box.y + tracks.top(lane)
        tracks.ax.axhline(tracks.top(lane), color=FAINT, linewidth=0.8, zorder=0)
        room = sizes.gutter - 10 if sizes.named_beside else 0.8 * tracks.width
        words = "Powers" if lane == POWERS else name(page.record, "country", lane, 1.8 * room, page.size.label, bold=True)
        lines = wrapped(words, room, page.size.label, bold=True, lines=2 if sizes.named_beside else 1)
        for line in lines:
            page.write(tracks.box.x, y + 4, line, page.size.label, va="top", weight="bold")
            y += page.size.label * 1.2
        second = "" if lane == POWERS else inside(page.record, lane)
        if second and sizes.named_beside and len(lines) == 1:
            page.write(tracks.box.x, y + 4, shortened(second, room, page.size.label * 0.9), page.size.label * 0.9, va="top", color=GREY)


def tensions(tracks: Tracks, table: pd.DataFrame) -> None:
    """Draws tension at the foot of each lane on one scale, with its last value at the right."""
    sizes = tracks.sizes
    for lane, one in table[table["kind"] == TENSION].groupby("lane", sort=False):
        if lane not in tracks.lanes:
            continue
        low = tracks.top(str(lane)) + sizes.lane - 3
        high = tracks.top(str(lane)) + sizes.rows * sizes.line + 2
        at = year(one["date"].to_numpy(dtype="datetime64[M]"))
        y = low - one[TENSION].to_numpy(dtype=float) / tracks.ceiling * (low - high)
        tracks.ax.fill_between(at, np.full(len(y), low), y, facecolor=tint(INK, 0.09), edgecolor="none", zorder=0.6)
        tracks.ax.plot(at, y, color=GREY, linewidth=0.9, zorder=0.8)
        said = points_of(float(one[TENSION].iloc[-1]))
        _beside(tracks, float(y[-1]), said)


def _beside(tracks: Tracks, y: float, words: str) -> None:
    letters = tracks.page.size.label * 0.92
    tracks.ax.annotate(
        words, (1, y), xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points", fontsize=points(letters),
        family=FONT, va="center", color=GREY, parse_math=False, annotation_clip=False,
    )  # fmt: skip


def marked(tracks: Tracks, entries: pd.DataFrame) -> None:
    """Puts a mark for each entry on its lane, near ones one above the other, and joins the two lanes of what happens between two."""
    placed: dict[str, list[tuple[float, int]]] = {}
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    wide = tracks.sizes.mark
    for _, entry in entries.iterrows():
        lane, also, kind, side = (str(entry[column]) for column in ("lane", "also", "kind", "side"))
        x = tracks.pixels(str(entry["date"]))
        spots = [tracks.marks(each) + _stacked(placed.setdefault(each, []), x, wide) for each in (lane, also) if each in tracks.lanes]
        found.setdefault((kind, side), []).extend((tracks.x(x), y) for y in spots)
        if len(spots) > 1:
            tracks.ax.plot([tracks.x(x)] * 2, spots, color=COLOURS[side], linewidth=0.8, alpha=0.55, zorder=1.5)
    for (kind, side), spots_of in found.items():
        marks(tracks.ax, spots_of, kind, side, wide)


def _stacked(before: list[tuple[float, int]], x: float, wide: float) -> float:
    """How far down a mark goes so that it stands on none before it."""
    used = {row for at, row in before if abs(at - x) < wide * 1.05}
    row = next((row for row in range(MOST_STACKED) if row not in used), MOST_STACKED - 1)
    before.append((x, row))
    return row * wide * 0.95


def marks(ax: Axes, spots: Sequence[tuple[float, float]], kind: str, side: str, wide: float) -> None:
    """Marks of one kind: the shape says what it is; dark is conflict, hollow is cooperation, pale is neither."""
    colour = COLOURS[side]
    x, y = [spot[0] for spot in spots], [spot[1] for spot in spots]
    looks: dict[str, Any] = {"marker": MARKS[kind], "markersize": wide * 0.72 * SMALLER.get(kind, 1.0), "linestyle": "none"}
    if kind == "leader":
        ax.plot(x, y, color=colour, markeredgewidth=1.5, zorder=5, **looks)
        return
    ground = {WITH: PAPER, NEITHER: PALE}.get(side, colour)
    ax.plot(x, y, color=ground, markeredgecolor=colour, markeredgewidth=1.3, zorder=6, clip_on=False, **looks)


def told(tracks: Tracks, entries: pd.DataFrame) -> None:
    """Writes what the most telling entries are over their marks, as many as fit, the first of all with what spoke most for them."""
    shown = entries[(entries["kind"] != "leader") & entries["lane"].isin(tracks.lanes)]
    for _, entry in shown.sort_values("rank", kind="stable").iterrows():
        for words in wordings(tracks.page, entry):
            if _written(tracks, str(entry["lane"]), tracks.pixels(str(entry["date"])), words, str(entry["side"])):
                break


def wordings(page: Page, entry: pd.Series) -> Iterator[str]:
    """What may be written over an entry, the fullest first."""
    actor, cause = actor_of(page.record, entry), str(entry["causes"]).split(", ")[0]
    what = f"{actor}: {entry['what']}" if actor else str(entry["what"])
    if cause and page.size.name == "slide" and int(entry["rank"]) <= MOST_TOLD["slide"]:
        yield f"{what} ({cause})"
    yield what


def _written(tracks: Tracks, lane: str, x: float, words: str, side: str) -> bool:
    """Writes words over a mark where nothing stands yet, in the lowest row with room; gives whether there was any."""
    sizes = tracks.sizes
    wide = width_of(words, sizes.words)
    left = min(max(x - sizes.mark / 2, 0), tracks.width - wide)
    for row in range(sizes.rows - 1, -1, -1):
        taken = tracks.taken.setdefault((lane, row), [])
        # A line down to the mark would run through what stands below.
        below = [span for under in range(row + 1, sizes.rows) for span in tracks.taken.get((lane, under), [])]
        if left < 0 or any(start - 3 < x < end + 3 for start, end in below) or any(left < e + 9 and left + wide + 9 > s for s, e in taken):
            continue
        taken.append((left, left + wide))
        for under in range(row + 1, sizes.rows):
            tracks.taken.setdefault((lane, under), []).append((x - 2, x + 2))
        y = tracks.top(lane) + (row + 0.62) * sizes.line
        colour = ink(COLOURS[side]) if side != NEITHER else GREY
        if row < sizes.rows - 1:
            down = [y + sizes.line * 0.5, tracks.marks(lane)]
            tracks.ax.plot([tracks.x(x)] * 2, down, color=colour, linewidth=0.6, alpha=0.7, zorder=1.4)
        pad = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}
        looks: dict[str, Any] = {"va": "center", "ha": "left", "color": colour, "parse_math": False, "zorder": 4, "bbox": pad}
        tracks.ax.text(tracks.x(left), y, words, fontsize=points(sizes.words), family=FONT, **looks)
        return True
    return False
