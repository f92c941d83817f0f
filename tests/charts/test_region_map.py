"""The map: areas that fit together and are counted to the right countries, numbers that are the record's, lines drawn as what they are."""

import itertools
import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.text import Text

import sim
from sim.charts import region_map
from sim.charts.areas import REGIONS, Area, projected, region, region_of
from sim.charts.gallery import CHARTS
from sim.charts.mapping import HATCH, hatched, thinned, view
from sim.charts.measures import measure
from sim.charts.style import COLUMN, PHONE, SLIDE, Size
from sim.record import Record
from tests.charts.made_up import made_up_record, made_up_scenario
from tests.charts.test_charts import boxes

ROOT = Path(__file__).parents[2]
BALKANS = sim.read_scenario(ROOT / "scenarios" / "western_balkans_2017.yaml")
MOLDOVA = sim.read_scenario(ROOT / "scenarios" / "moldova_caucasus.yaml")
EVERY = [(name, area.id) for name in REGIONS for area in region(name).areas]
# Square kilometres by the countries' own statistics; Croatia with its ten largest islands only.
LAND = {"ALB": 28750, "MKD": 25710, "MNE": 13810, "BGR": 111000, "HRV": 55700, "SRB": 77600, "BIH": 51200, "XKX": 10900}
TOWNS = {
    "BA-SRP": [(17.19, 44.77), (18.37, 42.71)],  # Banja Luka, Trebinje
    "BA-FED": [(17.81, 43.34), (18.67, 44.54), (18.43, 43.86)],  # Mostar, Tuzla, Sarajevo
    "BA-BRC": [(18.95, 44.84)],  # Brezovo Polje; the source is too coarse for the town itself
    "XK-N": [(20.80, 43.10)],  # Leposavić
    "XK-S": [(21.16, 42.66), (20.74, 42.21)],  # Prishtina, Prizren
    "SRB": [(20.46, 44.80), (20.52, 43.14), (21.90, 43.32)],  # Belgrade, Novi Pazar, Niš
    "MD-T": [(29.60, 46.84), (29.00, 47.77)],  # Tiraspol, Rîbnița
    "MD-G": [(28.66, 46.30)],  # Comrat
    "MD-R": [(28.83, 47.02), (27.93, 47.76)],  # Chișinău, Bălți
    "GE-A": [(41.02, 43.02)],  # Sukhumi
    "GE-R": [(44.79, 41.72), (41.87, 42.51)],  # Tbilisi, Zugdidi
    "AZE": [(49.85, 40.41), (45.41, 39.21)],  # Baku, Nakhchivan
}


def area_of(id: str) -> Area:
    return next(area for name in REGIONS for area in region(name).areas if area.id == id)


def signed_area(ring: np.ndarray) -> float:
    """Above zero where a ring runs against the clock."""
    x, y = ring.T
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def covers(area: Area, point: tuple[float, float]) -> bool:
    return sum(Outline(ring).contains_point(point) for ring in area.rings) % 2 == 1


@pytest.fixture(scope="module")
def record() -> Record:
    return made_up_record()


@pytest.mark.parametrize(("name", "id"), EVERY)
def test_the_rings_of_an_area_are_closed_and_never_cross_themselves(name: str, id: str) -> None:
    for ring in next(area for area in region(name).areas if area.id == id).rings:
        assert len(ring) >= 4 and (ring[0] == ring[-1]).all() and not (np.diff(ring, axis=0) == 0).all(axis=1).any()
        begin, end = ring[:-1], ring[1:]

        def side(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
            return np.sign((b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0]))

        one, other = (begin[:, None], end[:, None]), (begin[None], end[None])
        crossed = (side(*one, other[0]) * side(*one, other[1]) < 0) & (side(*other, one[0]) * side(*other, one[1]) < 0)
        assert not crossed.any()


@pytest.mark.parametrize("name", REGIONS)
def test_outer_rings_run_clockwise_and_holes_the_other_way(name: str) -> None:
    text = files("sim.charts").joinpath("region", f"{name}.geojson").read_text(encoding="utf-8")
    for feature in json.loads(text)["features"]:
        if feature["properties"]["kind"] == "area":
            for outer, *holes in feature["geometry"]["coordinates"]:
                assert signed_area(np.array(outer)) < 0
                assert all(signed_area(np.array(hole)) > 0 for hole in holes)


@pytest.mark.parametrize("name", REGIONS)
def test_no_edge_belongs_to_three_areas_and_neighbours_never_overlap(name: str) -> None:
    found = region(name)
    assert all(len(border.between) <= 2 for border in found.borders)
    low, high = (
        np.concatenate([ring for area in found.areas for ring in area.rings]).__getattribute__(end)(axis=0) for end in ("min", "max")
    )
    points = np.random.default_rng(1).uniform(low, high, (4000, 2))
    times = np.zeros(len(points), dtype=int)
    for area in found.areas:
        times += np.sum([Outline(ring).contains_points(points) for ring in area.rings], axis=0) % 2
    assert times.max() == 1 and times.mean() > 0.4


@pytest.mark.parametrize("name", REGIONS)
def test_every_disputed_or_inner_line_is_a_border_of_both_its_areas_point_by_point(name: str) -> None:
    found = region(name)
    points = {area.id: {tuple(point) for ring in area.rings for point in ring} for area in found.areas}
    assert found.lines and {line.standing for line in found.lines} <= {"disputed", "internal"}
    for line in found.lines:
        for side in line.between:
            assert {tuple(point) for point in line.points} <= points[side]


def test_the_borders_of_serbia_and_kosovo_and_between_the_entities_are_lines_of_their_own() -> None:
    standing = {line.between: line.standing for line in region("region").lines}
    assert standing[frozenset({"SRB", "XK-N"})] == standing[frozenset({"SRB", "XK-S"})] == "disputed"
    assert standing[frozenset({"XK-N", "XK-S"})] == standing[frozenset({"BA-FED", "BA-SRP"})] == "internal"


@pytest.mark.parametrize("code", LAND)
def test_a_country_is_as_large_on_the_map_as_it_is(code: str) -> None:
    areas = [area for area in region("region").areas if area.iso3 == code]
    found = sum(-signed_area(projected(ring, (20.5, 43.0))) for area in areas for ring in area.rings)
    assert found == pytest.approx(LAND[code], rel=0.03)


def test_the_centre_of_a_projection_stays_and_a_degree_north_of_it_is_111_kilometres() -> None:
    plane = projected(np.array([[20.0, 43.0], [20.0, 44.0], [21.0, 43.0]]), (20.0, 43.0))
    assert plane[0] == pytest.approx([0, 0], abs=1e-9)
    assert plane[1] == pytest.approx([0, 111.2], abs=0.1)
    assert plane[2, 0] == pytest.approx(111.2 * np.cos(np.radians(43)), abs=0.2)


@pytest.mark.parametrize("id", TOWNS)
def test_towns_lie_in_their_areas(id: str) -> None:
    for town in TOWNS[id]:
        assert [area.id for name in REGIONS for area in region(name).areas if covers(area, town) and not area.around] == [id]


def test_posavina_is_part_of_the_federation_and_brcko_of_neither_entity() -> None:
    for town in ((18.33, 45.01), (18.69, 45.03)):  # Odžak, Orašje
        assert covers(area_of("BA-FED"), town) and not covers(area_of("BA-SRP"), town)
    assert area_of("BA-BRC").counted_to(BALKANS) == "bosnia"


def test_every_country_and_entity_of_the_shipped_worlds_has_an_area() -> None:
    for scenario, name in ((BALKANS, "region"), (MOLDOVA, "black_sea")):
        found = region_of(scenario)
        assert found is not None and found.name == name
        whole = {country.part_of for country in scenario.countries.values()}
        assert set(found.holders(scenario).values()) | whole >= set(scenario.countries)


def test_northern_kosovo_is_counted_to_kosovo_and_hatched() -> None:
    found = region("region")
    holders = found.holders(BALKANS)
    assert holders["XK-N"] == holders["XK-S"] == "kosovo"
    assert [area.id for area in hatched(found, holders)] == ["XK-N"]


def test_an_entity_is_shown_apart_only_where_the_scenario_has_it() -> None:
    whole = region("region").holders(made_up_scenario(countries=["bosnia", "serbia"]))
    assert {whole[id] for id in ("BA-FED", "BA-SRP", "BA-BRC")} == {"bosnia"}
    assert "XK-S" not in whole and "HRV" not in whole


def test_an_entity_of_the_same_name_elsewhere_is_no_area_of_this_country() -> None:
    scenario = made_up_scenario(countries=["serbia", "bosnia", "federation"])
    moved = scenario.countries["federation"].model_copy(update={"part_of": "serbia"})
    holders = region("region").holders(scenario.model_copy(update={"countries": {**scenario.countries, "federation": moved}}))
    assert holders["BA-FED"] == "bosnia"


def test_the_map_data_travel_with_the_package_and_stay_small() -> None:
    folder = files("sim.charts").joinpath("region")
    assert len(folder.joinpath("region.geojson").read_bytes()) < 82_000
    assert len(folder.joinpath("black_sea.geojson").read_bytes()) < 60_000
    notice = folder.joinpath("NOTICE.md").read_text(encoding="utf-8")
    assert "public" in notice and "no position" in notice.replace("takes a position", "no position") and "Posavina" in notice


def test_a_thinned_line_keeps_its_ends_and_is_the_same_from_both_sides() -> None:
    rng = np.random.default_rng(2)
    line = np.cumsum(rng.normal(0, 1, (400, 2)), axis=0)
    forth, back = thinned(line, 0.8), thinned(line[::-1], 0.8)
    assert (forth[[0, -1]] == line[[0, -1]]).all() and len(forth) < 300
    assert {tuple(point) for point in forth} == {tuple(point) for point in back}


def test_a_window_is_widened_to_what_is_asked_for_and_never_narrowed() -> None:
    window = view(region("region").areas[:6])
    for aspect in (0.5, 1.0, 3.0):
        wider = window.widened(aspect)
        assert wider.aspect == pytest.approx(aspect)
        assert wider.left <= window.left and wider.right >= window.right and wider.low <= window.low and wider.top >= window.top


def test_the_default_is_the_balance_of_the_two_blocs_as_the_record_has_it(record: Record) -> None:
    table = region_map.data(record)
    assert list(dict.fromkeys(table["date"])) == ["2017-01", "2020-01", "2023-01", "2025-12"]
    months = list(record.months.astype(str))
    for row in table.itertuples():
        west, east = (record.values("course", country=row.country, side=side)[months.index(row.date)] for side in ("west", "east"))
        assert row.median == pytest.approx(float(np.median(west.astype(float) - east)), abs=1e-6)
        assert row.q05 <= row.median <= row.q95
    assert set(table["whose"]) == {"west"} and set(table["less"]) == {"east"}


@pytest.mark.parametrize(("variable", "power"), [("tension", None), ("influence_share", "russia"), ("course", "self"), ("rung", "eu")])
def test_any_variable_by_country_can_be_mapped_and_its_table_holds_the_medians(record: Record, variable: str, power: str | None) -> None:
    table = region_map.data(record, variable, power, dates=["2018-06", "2025-12"])
    axis = {"influence_share": "power", "course": "side", "rung": "institution"}.get(variable)
    for row in table.itertuples():
        where = {axis: power} if axis and power else {}
        country = record.scenario.countries[row.country].part_of or row.country if axis == "institution" else row.country
        month = list(record.months.astype(str)).index(row.date)
        assert row.median == pytest.approx(float(np.median(record.values(variable, country=country, **where)[month])), abs=1e-5)
    figure = region_map.draw(record, variable=variable, power=power, dates=["2018-06", "2025-12"])
    assert list(boxes(figure)) and not region_map.title(record, variable, power).endswith("?")


def test_what_cannot_be_mapped_is_refused_in_words(record: Record) -> None:
    with pytest.raises(KeyError, match="influence_share needs to be told whose, one of eu, nato, russia, us; found nothing"):
        measure(record, "influence_share")
    with pytest.raises(KeyError, match="grip is by instrument, country and not by country"):
        measure(record, "grip")
    with pytest.raises(KeyError, match="no variable called temper was kept"):
        measure(record, "temper")
    with pytest.raises(KeyError, match="course was not kept in 2030-01; its months run from 2017-01 to 2025-12"):
        region_map.data(record, dates=["2030-01"])


@pytest.mark.parametrize("size", (SLIDE, COLUMN), ids=lambda size: size.name)
def test_the_large_map_says_the_number_of_every_area(record: Record, size: Size) -> None:
    table = region_map.data(record)
    last = table[(table["date"] == "2025-12") & (table["country"] != "bosnia")]
    said = [text.get_text() for text in region_map.draw(record, size).axes[0].texts]
    shown = measure(record)
    assert sorted(shown.said(value) for value in last["median"]) == sorted(words for words in said if words[-1].isdigit())


def test_a_narrow_page_lists_every_value(record: Record) -> None:
    table, shown = region_map.data(record), measure(record)
    said = [text.get_text() for text in region_map.draw(record, PHONE).findobj(Text)]
    for value in table["median"]:
        assert shown.said(value) in said


def patches(figure: Figure) -> list[PathPatch]:
    return [patch for patch in figure.axes[0].findobj(PathPatch)]


def test_disputed_lines_are_dashed_and_one_area_is_hatched(record: Record) -> None:
    drawn = patches(region_map.draw(record))
    assert sum(patch.get_hatch() == HATCH for patch in drawn) == 1
    assert len({str(patch.get_linestyle()) for patch in drawn}) == 3
    serbia_only = made_up_record(made_up_scenario(countries=["serbia"], months=6), runs=3)
    assert not any(patch.get_hatch() for patch in patches(region_map.draw(serbia_only)))


def test_the_foot_says_that_boundaries_imply_no_position(record: Record) -> None:
    for size in (SLIDE, COLUMN, PHONE):
        said = " ".join(words for words, _ in boxes(region_map.draw(record, size)))
        assert "boundaries as administered (Natural Earth), no position on status" in said


def test_a_country_of_nobody_in_the_scenario_keeps_the_colour_of_the_land_around() -> None:
    record = made_up_record(made_up_scenario(countries=["serbia", "kosovo"], months=30), runs=5)
    assert set(region_map.data(record)["country"]) == {"serbia", "kosovo"}
    said = [text.get_text() for text in region_map.draw(record).axes[0].texts]
    assert "Serbia" in said and "Croatia" not in said


def test_a_world_that_is_on_no_map_is_told_so_and_left_out_of_the_gallery() -> None:
    record = made_up_record(made_up_scenario(countries=["serbia"], months=3), runs=3)
    lost = record.scenario.countries["serbia"].model_copy(update={"iso3": None})
    elsewhere = Record(
        record.scenario.model_copy(update={"countries": {"serbia": lost}}), 1, record.run_ids, record.kept, record.status, record.error
    )
    assert "no country of this scenario" in " ".join(words for words, _ in boxes(region_map.draw(elsewhere))).lower()
    chart = next(chart for chart in CHARTS if chart.name == "region_map")
    assert not chart.concerns(elsewhere) and chart.concerns(record)
    assert region_map.title(elsewhere).endswith("?")


def test_the_title_counts_who_leans_where(record: Record) -> None:
    table = region_map.data(record)
    last = table[(table["date"] == "2025-12") & (table["country"] != "bosnia")]
    west, east = last[last["q05"] > 0], last[last["q95"] < 0]
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    assert region_map.title(record).lower().startswith(f"{words[len(west)]} of {words[len(last)]} lean to the west")
    assert len(east) == 0 or "to Russia" in region_map.title(record)


def test_numbers_are_said_with_their_sign_where_zero_is_the_middle(record: Record) -> None:
    balance, tension = measure(record), measure(record, "tension")
    assert [balance.said(value) for value in (0.124, -0.32, 0.001)] == ["+12", "−32", "0"]
    assert tension.said(0.5) == "50" and tension.reach([0.12, 0.47]) == 0.5 and tension.reach([0.0]) == 0.1
    assert measure(record, "rung", "eu").reach([1.0]) == 4
    ends = [balance.colour(record, share) for share in (-1.0, 0.0, 1.0)]
    assert len(set(ends)) == 3 and all(a != b for a, b in itertools.pairwise(ends))


def test_names_of_strangers_stay_text_on_the_map() -> None:
    hostile = "$\\frac{ <script>alert(1)</script> $"
    record = made_up_record(made_up_scenario(countries=["serbia", "kosovo"], months=14, names={"serbia": hostile}), runs=4)
    for size in (SLIDE, COLUMN, PHONE):
        texts = region_map.draw(record, size).findobj(Text)
        assert any("script" in text.get_text() or "Serbia" in text.get_text() for text in texts)
        assert not any(text.get_parse_math() for text in texts if "$" in text.get_text())
