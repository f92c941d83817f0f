"""The map of a scenario as drawings that a page can fill with colours: areas, the lines between them, and a window."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.path import Path

from sim.charts.areas import SOURCE, Area, Points, Region, projected, region_of
from sim.charts.mapping import View, hatched, view
from sim.scenario.schema import Scenario

# Steps of the drawing to a kilometre: half a kilometre is well under a pixel.
STEPS = 2
GRID = 30


def land(scenario: Scenario) -> dict[str, Any] | None:
    """The map that shows most of a scenario's countries, as paths; None where there is none.

    `areas` name the country or entity whose values they show (`holder`, empty for land that only surrounds); `apart` areas are run by
    another authority than the one they are counted to. `lines` are disputed, or internal to a country; `borders` are all others.
    """
    region = region_of(scenario)
    if region is None:
        return None
    holders = region.holders(scenario)
    window = view([area for area in region.areas if area.id in holders])
    apart = {area.id for area in hatched(region, holders)}
    width, height = ((window.right - window.left) * STEPS, (window.top - window.low) * STEPS)
    return {
        "source": SOURCE,
        "width": round(width),
        "height": round(height),
        "areas": [_area(area, holders.get(area.id, ""), area.id in apart, window) for area in region.areas],
        "borders": [_path(border.points, window) for border in region.borders if _is_plain(border.between, holders, region)],
        "lines": [
            {"standing": line.standing, "d": _path(line.points, window)}
            for line in region.lines
            if line.standing != "internal" or any(id in holders for id in line.between)
        ],
    }


def _is_plain(between: frozenset[str], holders: dict[str, str], region: Region) -> bool:
    """Whether a stretch is the border of something shown, and no line with a standing of its own."""
    shown = [holders.get(id) for id in between]
    special = any(line.between == between for line in region.lines)
    return any(shown) and not special and not (len(shown) == 2 and shown[0] == shown[1])


def _area(area: Area, holder: str, apart: bool, window: View) -> dict[str, Any]:
    spot, room = _deepest([_placed(ring, window) for ring in area.rings]) if holder else (np.zeros(2), 0.0)
    drawn = " ".join(f"{_path(ring, window)}Z" for ring in area.rings)
    return {
        "name": area.name,
        "holder": holder,
        "apart": apart,
        "d": drawn,
        "at": [round(float(spot[0])), round(float(spot[1])), round(room)],
    }


def _deepest(rings: list[Points]) -> tuple[Points, float]:
    """The point of an area that lies farthest from its edges, where a number can stand, and how far: the best of a grid. Shape: (2)."""
    largest = max(rings, key=len)
    low, high = largest.min(axis=0), largest.max(axis=0)
    grid = np.stack(np.meshgrid(*(np.linspace(low[axis], high[axis], GRID) for axis in (0, 1))), axis=-1).reshape(-1, 2)
    inside = grid[Path(largest).contains_points(grid)]
    if not len(inside):
        return np.asarray(largest.mean(axis=0)), 0.0
    # Words are wider than they are high, so room to the sides counts for less.
    far = ((inside[:, None] - np.concatenate(rings)[None, ::2]) * np.array([0.8, 1.25])) ** 2
    nearest = far.sum(axis=-1).min(axis=1)
    best = int(nearest.argmax())
    return np.asarray(inside[best]), float(np.sqrt(nearest[best]))


def _placed(points: Points, window: View) -> Points:
    """Where points lie in the drawing. Shape: (point, 2)."""
    plane = projected(points, window.centre)
    return np.stack([(plane[:, 0] - window.left) * STEPS, (window.top - plane[:, 1]) * STEPS], axis=-1)


def _path(points: Points, window: View) -> str:
    """Points as a path, each written as a step from the one before; points that fall together are one."""
    placed = np.round(_placed(points, window)).astype(int)
    kept = placed[np.append(True, np.any(np.diff(placed, axis=0) != 0, axis=1))]
    steps = np.diff(kept, axis=0)
    return f"M{kept[0][0]} {kept[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps) if len(steps) else f"M{kept[0][0]} {kept[0][1]}l0 0"
