"""Words on a map: a label is put where its area has most room for it, or beside the area with a line to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

from sim.charts.areas import Area, Points
from sim.charts.mapping import Sheet
from sim.charts.page import Box, points
from sim.charts.style import FONT, GREY, INK, PAPER, contrast, width_of

# Pixels between words and the edge of what holds them, and pixels a cell of the grid on which room is sought.
CLEAR, CELL = 1, 2
# Cells between a label beside its area and any area or other label, and how many places for it are tried.
AWAY, MOST_TRIED = 2, 300

Cells = NDArray[np.bool_]
Counts = NDArray[np.int32]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Label:
    """Words for one country: lines with their letter heights and whether they are bold, from the top. Units: pixels."""

    lines: tuple[tuple[str, float, bool], ...]

    @property
    def width(self) -> float:
        """How wide it is."""
        return max(width_of(words, letters, bold) for words, letters, bold in self.lines)

    @property
    def height(self) -> float:
        """How high it is."""
        return sum(letters * 1.16 for _, letters, _ in self.lines)


def labelled(sheet: Sheet, holder: str, ways: Sequence[Label], colour: str) -> bool:
    """Writes the first of several labels that fits into the areas of a country or entity, where there is most room for it.

    Gives whether one was written.
    """
    ground = [area for area in sheet.of(holder) if not area.apart or area.entity == holder]
    corner, inside = _cropped(_mask(sheet, ground))
    sums = _summed(inside)
    for way in ways:
        spot = _roomiest(sums, way)
        if spot is not None:
            middle = (corner[1] * CELL + spot[0], corner[0] * CELL + spot[1])
            _write(sheet, way, middle, max((INK, PAPER), key=lambda ink: contrast(ink, colour)))
            return True
    return False


def beside(sheet: Sheet, holder: str, label: Label) -> bool:
    """Writes a label on free land or sea as near as can be to the areas it is of, with a line to them that crosses no other words.

    Gives whether there was room.
    """
    ground = _mask(sheet, sheet.of(holder))
    taken = _mask(sheet, [area for area in sheet.region.areas if area.id in sheet.holders])
    for box in sheet.words:
        rows, columns = (slice(max(int(at / CELL) - 2, 0), int((at + wide) / CELL) + 3) for at, wide in (box[1::2], box[::2]))
        taken[rows, columns] = True
    places = _windows(_summed(~taken), label, AWAY)
    if not ground.any() or not len(places):
        return False
    size = np.array([label.height, label.width]) / CELL + 2 * AWAY
    target = _deepest(ground)
    # Labels stand rather left or right of what they name than above or below it.
    order = np.argsort((((places + size / 2 - target) * (1.4, 1)) ** 2).sum(axis=1), kind="stable")
    # Near places are tried densely, far ones here and there.
    for place in order[np.unique((np.linspace(0, 1, MOST_TRIED) ** 2 * (len(order) - 1)).astype(int))]:
        y, x = (places[place] + size / 2) * CELL
        spot = Box(float(x) - label.width / 2, float(y) - label.height / 2, label.width, label.height)
        leader = _leader(spot, (float(target[1] * CELL), float(target[0] * CELL)))
        if not any(_crosses(leader, words) for words in sheet.words):
            sheet.ax.plot(leader[:, 0], leader[:, 1], color=GREY, linewidth=0.7, zorder=5)
            sheet.ax.plot(leader[-1:, 0], leader[-1:, 1], marker="o", markersize=2.2, color=INK, zorder=5)
            sheet.words.extend(Box(float(at[0]) - 1, float(at[1]) - 1, 2, 2) for at in leader)
            _write(sheet, label, (float(x), float(y)), INK)
            return True
    return False


def _leader(spot: Box, to: tuple[float, float]) -> Points:
    """Points on the straight line from the edge of a label to what it names. Shape: (point, 2)."""
    start = (np.clip(to[0], spot.x - 2, spot.x + spot.width + 2), np.clip(to[1], spot.y - 1, spot.y + spot.height + 1))
    return np.linspace(start, to, 24)


def _crosses(leader: Points, words: Box) -> bool:
    """Whether a line runs over words."""
    across = (leader[:, 0] > words.x - 1) & (leader[:, 0] < words.x + words.width + 1)
    return bool((across & (leader[:, 1] > words.y - 1) & (leader[:, 1] < words.y + words.height + 1)).any())


def _mask(sheet: Sheet, areas: Sequence[Area]) -> Cells:
    """Which cells of a sheet lie in some areas. Shape: (row, column)."""
    rows, columns = int(sheet.box.height // CELL), int(sheet.box.width // CELL)
    found = np.zeros((rows, columns), dtype=bool)
    for area in areas:
        for ring in area.rings:
            placed = sheet.placed(ring) / CELL
            low = np.clip(np.floor(placed.min(axis=0)).astype(int), 0, (columns, rows))
            high = np.clip(np.ceil(placed.max(axis=0)).astype(int), 0, (columns, rows))
            across, down = np.meshgrid(np.arange(low[0], high[0]) + 0.5, np.arange(low[1], high[1]) + 0.5)
            if across.size:
                there = Path(placed).contains_points(np.stack([across.ravel(), down.ravel()], axis=-1)).reshape(across.shape)
                # A hole is turned on what it lies in.
                found[low[1] : high[1], low[0] : high[0]] ^= there
    return found


def _cropped(inside: Cells) -> tuple[tuple[int, int], Cells]:
    """The smallest rectangle of cells that holds all that are set, with its top left corner."""
    if not inside.any():
        return (0, 0), inside[:0, :0]
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    return (int(rows[0]), int(columns[0])), inside[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _summed(free: Cells) -> Counts:
    """How many set cells lie above and left of each corner. Shape: one more row and column than cells."""
    sums = np.zeros((free.shape[0] + 1, free.shape[1] + 1), dtype=np.int32)
    sums[1:, 1:] = free.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
    return sums


def _windows(sums: Counts, label: Label, grown: int = 0) -> Places:
    """Top left cells of all windows that hold a label, with so many cells around it, and are free throughout. Shape: (window, 2)."""
    high = int(np.ceil((label.height + 2 * CLEAR) / CELL)) + 2 * grown
    wide = int(np.ceil((label.width + 2 * CLEAR) / CELL)) + 2 * grown
    if high >= sums.shape[0] or wide >= sums.shape[1]:
        return np.zeros((0, 2), dtype=np.intp)
    held = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    return np.argwhere(held == high * wide)


def _roomiest(sums: Counts, label: Label) -> tuple[float, float] | None:
    """The middle of the place for a label with most room around it, in pixels; None where it does not fit."""
    best, grown = _windows(sums, label), 0
    if not len(best):
        return None
    while len(wider := _windows(sums, label, grown + 1)):
        best, grown = wider, grown + 1
    middle = best[np.argmin(((best - best.mean(axis=0)) ** 2).sum(axis=1))]
    x = middle[1] * CELL + (label.width + 2 * CLEAR + 2 * grown * CELL) / 2
    y = middle[0] * CELL + (label.height + 2 * CLEAR + 2 * grown * CELL) / 2
    return float(x), float(y)


def _deepest(ground: Cells) -> NDArray[np.float64]:
    """The middle of the cell deepest inside some ground, as row and column."""
    left = ground.copy()
    while True:
        inner = np.zeros_like(left)
        inner[1:-1, 1:-1] = left[1:-1, 1:-1] & left[:-2, 1:-1] & left[2:, 1:-1] & left[1:-1, :-2] & left[1:-1, 2:]
        if not inner.any():
            cells = np.argwhere(left)
            return np.asarray(cells[len(cells) // 2] + 0.5)
        left = inner


def _write(sheet: Sheet, label: Label, middle: tuple[float, float], colour: str) -> None:
    """Writes a label around its middle."""
    x, y = middle[0], middle[1] - label.height / 2
    for words, letters, bold in label.lines:
        weight = "bold" if bold else "normal"
        looks: dict[str, Any] = {"ha": "center", "va": "center", "parse_math": False, "zorder": 6}
        sheet.ax.text(x, y + letters * 0.58, words, fontsize=points(letters), family=FONT, weight=weight, color=colour, **looks)
        y += letters * 1.16
    sheet.words.append(Box(middle[0] - label.width / 2, middle[1] - label.height / 2, label.width, label.height))
