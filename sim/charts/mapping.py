"""A map on a page: areas filled with colours, and the lines between them drawn as what they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from sim.charts.areas import Area, Points, Region, projected
from sim.charts.page import Box, Page
from sim.charts.style import INK, PAPER, contrast, luminance

LAND, EDGE = "#e9e9e9", "#6b6b6b"
# Lines that are disputed or run inside a country, by standing: width in points and pattern.
DASHES: dict[str, tuple[float, tuple[float, ...]]] = {"disputed": (1.3, (3.2, 1.7)), "internal": (0.8, (1.0, 1.3))}
HATCH = "////"
# Between two areas lighter than this a white line would not be seen.
PALE = 0.55
# Free land or sea around the areas, as a part of their width and height.
MARGIN = 0.02
# Triangles smaller than this are thinned away. Units: square pixels.
SMALLEST = 1.0


@dataclass(frozen=True)
class View:
    """The window on a region: its centre in degrees, and its edges on the plane. Units: kilometres east and north of the centre."""

    centre: tuple[float, float]
    left: float
    low: float
    right: float
    top: float

    @property
    def aspect(self) -> float:
        """Width over height."""
        return (self.right - self.left) / (self.top - self.low)

    def widened(self, aspect: float) -> View:
        """The same with more around it, so that its width over its height is what is asked for."""
        across = max((self.top - self.low) * aspect - (self.right - self.left), 0) / 2
        up = max((self.right - self.left) / aspect - (self.top - self.low), 0) / 2
        return View(self.centre, self.left - across, self.low - up, self.right + across, self.top + up)


def view(areas: Iterable[Area]) -> View:
    """The smallest window on some areas, with a little around them."""
    rings = [ring for area in areas for ring in area.rings]
    degrees = np.concatenate(rings)
    low, high = degrees.min(axis=0), degrees.max(axis=0)
    centre = (float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2)
    plane = projected(degrees, centre)
    (left, bottom), (right, top) = plane.min(axis=0), plane.max(axis=0)
    across, up = MARGIN * (right - left), MARGIN * (top - bottom)
    return View(centre, float(left - across), float(bottom - up), float(right + across), float(top + up))


@dataclass
class Sheet:
    """One map being drawn. Places on it are pixels from the top left of its box; `least` is how small a detail may be, in square pixels."""

    page: Page
    region: Region
    holders: Mapping[str, str]
    box: Box
    view: View
    least: float = SMALLEST
    words: list[Box] = field(default_factory=list)

    @cached_property
    def ax(self) -> Axes:
        """Axes whose units are pixels of the box."""
        ax = self.page.axes(self.box)
        ax.set_xlim(0, self.box.width)
        ax.set_ylim(self.box.height, 0)
        ax.set_axis_off()
        return ax

    def placed(self, degrees: Points) -> Points:
        """Where points lie on the sheet. Shape: (point, 2)."""
        plane = projected(degrees, self.view.centre)
        scale = self.box.width / (self.view.right - self.view.left)
        return np.stack([(plane[:, 0] - self.view.left) * scale, (self.view.top - plane[:, 1]) * scale], axis=-1)

    def outline(self, areas: Iterable[Area]) -> Path:
        """The rings of some areas as one path."""
        rings = [thinned(self.placed(ring), self.least) for area in areas for ring in area.rings]
        return Path.make_compound_path(*(Path(ring, closed=True) for ring in rings if len(ring) > 3))

    def of(self, holder: str) -> list[Area]:
        """The areas that show a country or entity."""
        return [area for area in self.region.areas if self.holders.get(area.id) == holder]


def thinned(line: Points, least: float) -> Points:
    """A line or closed ring without the points that make no visible difference.

    A point goes when the triangle with its neighbours is smaller than `least` and than those beside it, again and again. That is the
    same from both sides of a border, so that areas stay neighbours. Ends stay. Units: square pixels.
    """
    while len(line) > 4:
        before, here, after = line[:-2], line[1:-1], line[2:]
        (ax, ay), (bx, by) = (here - before).T, (after - before).T
        size = np.abs(ax * by - ay * bx) / 2
        padded = np.concatenate([[np.inf], size, [np.inf]])
        go = (size < least) & (size < padded[:-2]) & (size <= padded[2:])
        if not go.any():
            break
        line = line[np.concatenate([[True], ~go, [True]])]
    return line


def filled(sheet: Sheet, colours: Mapping[str, str]) -> None:
    """Fills the areas: those of a country or entity in its colour, what surrounds them in pale grey; an area apart is hatched.

    `colours` are by country or entity.
    """
    others = [area for area in sheet.region.areas if area.id not in sheet.holders]
    _patch(sheet, others, facecolor=LAND, edgecolor=PAPER, linewidth=0.6, zorder=1)
    for holder, colour in colours.items():
        _patch(sheet, sheet.of(holder), facecolor=colour, edgecolor=colour, linewidth=0.4, zorder=2)
    for area in hatched(sheet.region, sheet.holders):
        ground = colours.get(sheet.holders[area.id], LAND)
        marks = max((INK, PAPER), key=lambda ink: contrast(ink, ground))
        _patch(sheet, [area], facecolor="none", edgecolor=marks, hatch=HATCH, linewidth=0, alpha=0.55, zorder=2.5)


def _patch(sheet: Sheet, areas: Sequence[Area], **looks: Any) -> None:
    if areas:
        sheet.ax.add_artist(PathPatch(sheet.outline(areas), joinstyle="round", **looks))


def hatched(region: Region, holders: Mapping[str, str]) -> list[Area]:
    """Areas that are drawn apart although they show the values of the country they are counted to."""
    return [area for area in region.areas if area.apart and area.id in holders and holders[area.id] != area.entity]


def bordered(sheet: Sheet, colours: Mapping[str, str], strength: float = 1.0) -> None:
    """Draws the lines: edges of what is shown grey, borders between shown areas white, or grey where both are pale.

    Disputed lines are dashed, those inside a country dotted. `colours` are by country or entity.
    """
    special = {line.between: line.standing for line in sheet.region.lines}
    plain: dict[tuple[str, float], list[Points]] = {}
    for border in sheet.region.borders:
        shown = [holder for id in border.between if (holder := sheet.holders.get(id))]
        inner = len(shown) == 2
        if shown and border.between not in special and not (inner and shown[0] == shown[1]):
            dark = inner and min(luminance(colours.get(holder, LAND)) for holder in shown) < PALE
            plain.setdefault((PAPER, 1.1) if dark else (EDGE, 0.6), []).append(sheet.placed(border.points))
    for (colour, width), lines in plain.items():
        _lines(sheet, lines, colour, width * strength, zorder=3)
    for standing, (width, pattern) in DASHES.items():
        near = any if standing == "internal" else bool
        found = [line for line in sheet.region.lines if line.standing == standing and near([id in sheet.holders for id in line.between])]
        lines = [sheet.placed(line.points) for line in found]
        _lines(sheet, lines, PAPER, (width + 0.7) * strength, zorder=3.5)
        _lines(sheet, lines, INK, width * strength, zorder=3.6, linestyle=(0, pattern))


def _lines(sheet: Sheet, lines: Sequence[Points], colour: str, width: float, **looks: Any) -> None:
    """Lines as one path, so that a drawing of them stays small."""
    if lines:
        path = Path.make_compound_path(*(Path(thinned(line, sheet.least)) for line in lines))
        sheet.ax.add_artist(
            PathPatch(path, facecolor="none", edgecolor=colour, linewidth=width, capstyle="butt", joinstyle="round", **looks)
        )
