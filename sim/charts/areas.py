"""Areas of the maps: where countries and entities lie, which lines between them are disputed, and which country each is counted to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.scenario.schema import Scenario

Points = NDArray[np.float64]

# The files in the folder region, without their ending.
REGIONS = ("region", "black_sea")
EARTH = 6371.0
# Where the data come from, for the foot of every map.
SOURCE = "boundaries as administered (Natural Earth), no position on status"


@dataclass(frozen=True)
class Area:
    """A piece of land: a country, an entity, or a part that is drawn apart because another authority runs it.

    `rings` are closed; outer rings run clockwise, holes the other way. `around` is land that only surrounds what a map is about.
    Shape: each ring (point, 2). Units: degrees of longitude and latitude.
    """

    id: str
    name: str
    iso3: str | None
    entity: str | None
    apart: bool
    around: bool
    rings: tuple[Points, ...]

    def counted_to(self, scenario: Scenario) -> str | None:
        """The country or entity of a scenario whose values this area shows; None where the scenario has neither.

        The country is found by its code. An area of an entity shows the entity where the scenario has it as part of that country.
        """
        country = next((id for id, each in scenario.countries.items() if self.iso3 and each.iso3 == self.iso3), None)
        entity = scenario.countries.get(self.entity or "")
        return self.entity if country and entity is not None and entity.part_of == country else country


@dataclass(frozen=True)
class Line:
    """A border that is disputed, or that runs inside a country. Its points are points of both areas. Shape: points (point, 2)."""

    name: str
    standing: str
    between: frozenset[str]
    points: Points


@dataclass(frozen=True)
class Border:
    """A stretch of an area's edge: the areas on its two sides, or the one area where the sea or the frame is on the other."""

    between: frozenset[str]
    points: Points


@dataclass(frozen=True)
class Region:
    """One map: its areas and lines."""

    name: str
    areas: tuple[Area, ...]
    lines: tuple[Line, ...]

    def holders(self, scenario: Scenario) -> dict[str, str]:
        """The country or entity that each area shows, by id of the area; areas of nobody in the scenario are left out."""
        found = {area.id: area.counted_to(scenario) for area in self.areas}
        return {id: holder for id, holder in found.items() if holder is not None}

    @cached_property
    def borders(self) -> tuple[Border, ...]:
        """The edges of all areas, each once, cut where the area on the other side changes."""
        sides: dict[tuple[tuple[float, ...], ...], set[str]] = {}
        for area in self.areas:
            for ring in area.rings:
                for edge in _edges(ring):
                    sides.setdefault(edge, set()).add(area.id)
        found = []
        for area in self.areas:
            for ring in area.rings:
                around = [frozenset(sides[edge]) for edge in _edges(ring)]
                found += [Border(between, points) for between, points in _stretches(ring, around) if min(between) == area.id]
        return tuple(found)


def _edges(ring: Points) -> list[tuple[tuple[float, ...], ...]]:
    """The edges of a ring, the same from both sides."""
    points = [tuple(point) for point in ring.tolist()]
    return [(min(a, b), max(a, b)) for a, b in pairwise(points)]


def _stretches(ring: Points, around: list[frozenset[str]]) -> Iterator[tuple[frozenset[str], Points]]:
    """A ring cut where what lies on its sides changes."""
    count = len(around)
    first = next((at for at in range(count) if around[at] != around[at - 1]), 0)
    order = [(first + step) % count for step in range(count)]
    begin = 0
    for at in range(1, count + 1):
        if at == count or around[order[at]] != around[order[begin]]:
            places = [*order[begin:at], (order[at - 1] + 1) % count]
            yield around[order[begin]], ring[places]
            begin = at


@lru_cache(maxsize=len(REGIONS))
def region(name: str) -> Region:
    """A map by name.

    Source: Natural Earth, 1:10 million, by scripts/region_map.py; see NOTICE.md beside the data.
    """
    text = files("sim.charts").joinpath("region", f"{name}.geojson").read_text(encoding="utf-8")
    areas, lines = [], []
    for feature in json.loads(text)["features"]:
        about, points = feature["properties"], feature["geometry"]["coordinates"]
        if about["kind"] == "line":
            lines.append(Line(about["name"], about["standing"], frozenset(about["between"]), np.array(points, dtype=np.float64)))
            continue
        rings = tuple(np.array(ring, dtype=np.float64) for part in points for ring in part)
        iso3, entity, apart, around = (about.get(key) for key in ("iso3", "entity", "apart", "around"))
        areas.append(Area(feature["id"], about["name"], iso3, entity, bool(apart), bool(around), rings))
    return Region(name, tuple(areas), tuple(lines))


def region_of(scenario: Scenario) -> Region | None:
    """The map that shows most of a scenario's countries; None where no map shows any."""
    found = [(len(set(each.holders(scenario).values())), -place) for place, each in enumerate(map(region, REGIONS))]
    most, place = max(found)
    return region(REGIONS[-place]) if most else None


def projected(points: Points, centre: tuple[float, float]) -> Points:
    """Longitudes and latitudes on a plane that keeps areas, seen from above a centre. East and north are positive.

    Shape: (point, 2). Units: degrees in, kilometres out.
    Source: Lambert azimuthal equal-area projection of the sphere (Snyder 1987, chapter 24).
    """
    east, north = np.radians(points[:, 0] - centre[0]), np.radians(points[:, 1])
    middle = np.radians(centre[1])
    towards = np.sin(middle) * np.sin(north) + np.cos(middle) * np.cos(north) * np.cos(east)
    stretch = EARTH * np.sqrt(2 / (1 + towards))
    up = np.cos(middle) * np.sin(north) - np.sin(middle) * np.cos(north) * np.cos(east)
    return np.stack([stretch * np.cos(north) * np.sin(east), stretch * up], axis=-1)
