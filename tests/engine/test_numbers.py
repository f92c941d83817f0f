"""Numbers: every number of a file has one cell, lands there and nowhere else, and is drawn inside its bounds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.axes import ORDER
from sim.chapters import CHAPTERS
from sim.lanes import Lanes, Parameters
from sim.numbers import TABLE, Numbers, unsettled
from sim.roster import Roster
from sim.scenario.distributions import Quantity
from sim.scenario.places import TOP, Place, bounds_at, has_own_path, number_paths
from sim.scenario.reading import read_text
from sim.scenario.schema import Scenario
from tests.engine.variants import balkans, full_scenario, wide_scenario
from tests.scenario.small import SMALL

WEIRD = 0.123456789


def scenarios() -> dict[str, Scenario]:
    return {"small": read_text(SMALL), "full": full_scenario(), "wide": wide_scenario(), "balkans": balkans()}


@cache
def scenario_called(name: str) -> Scenario:
    return scenarios()[name]


def numbers_for(scenario: Scenario, **overrides: Any) -> Numbers:
    parameters = Parameters(scenario, Roster(scenario))
    values, varies = parameters.values(1, Lanes(np.arange(8), set=overrides))
    return parameters.numbers(unsettled(parameters.roster), values, varies)


def arrays_of(numbers: Numbers) -> dict[tuple[str, str], np.ndarray]:
    return {(chapter, f.name): getattr(getattr(numbers, chapter), f.name) for chapter, kind in CHAPTERS.items() for f in fields(kind)}


def cells(scenario: Scenario) -> list[tuple[str, tuple[str, str], tuple[int, ...]]]:
    """Every path that the table makes for a scenario, its field and its cell."""
    roster = Roster(scenario)
    return [(path, (entry.chapter, entry.name), cell) for entry in TABLE for cell, path in entry.cells(roster) if path is not None]


@pytest.mark.parametrize("name", ["small", "full", "wide", "balkans"])
def test_every_number_of_a_scenario_has_exactly_one_cell(name: str) -> None:
    scenario = scenario_called(name)
    count = Counter(path for path, _, _ in cells(scenario))
    assert {path: count[path] for path in number_paths(scenario) if count[path] != 1} == {}


def test_the_scenarios_tested_here_say_nearly_every_number_there_is() -> None:
    """The power of the test above: what no scenario says is named here."""
    said = {entry.template for name in ("full", "balkans") for entry in TABLE if any(entry.paths(Roster(scenario_called(name))))}
    unsaid = {entry.template for entry in TABLE} - said
    assert unsaid <= {"events.{event}.needs.{need}.open", "events.{event}.needs.{need}.shut"}


def test_no_template_stands_twice() -> None:
    assert [template for template, count in Counter(entry.template for entry in TABLE).items() if count > 1] == []


@pytest.mark.parametrize("name", ["small", "full"])
def test_a_number_lands_in_its_own_cell_and_moves_no_other(name: str) -> None:
    scenario = scenario_called(name)
    before = arrays_of(numbers_for(scenario))
    where = {path: (field, cell) for path, field, cell in cells(scenario)}
    wrong = []
    for path in number_paths(scenario):
        weird = WEIRD + np.arange(8)
        after = arrays_of(numbers_for(scenario, **{path: weird}))
        field, cell = where[path]
        moved = {other for other, array in after.items() if not same_values(array, before[other])}
        outside = np.ones(after[field].shape[:-1], dtype=bool)
        outside[cell] = False
        if (
            moved != {field}
            or after[field][cell].tolist() != weird.tolist()
            or not same_values(after[field][outside], before[field][outside])
        ):
            wrong.append(path)
    assert wrong == []


def same_values(one: np.ndarray, other: np.ndarray) -> bool:
    return np.array_equal(*np.broadcast_arrays(one, other))


@pytest.mark.parametrize("name", ["small", "full", "wide", "balkans"])
def test_a_fields_array_has_the_axes_it_declares_in_the_one_order_and_c_layout(name: str) -> None:
    scenario = scenario_called(name)
    roster, arrays = Roster(scenario), arrays_of(numbers_for(scenario))
    places = list(ORDER[:-1])
    for entry in TABLE:
        array = arrays[entry.chapter, entry.name]
        assert array.shape[:-1] == tuple(roster.size(axis) for axis in entry.axes), entry.template
        assert array.dtype == np.float64
        assert array.flags.c_contiguous
        # Lists inside things, such as a deed's causes, are axes of their own that no other array shares.
        order = [places.index(axis) for axis in entry.axes if axis in places]
        assert order == sorted(order), f"{entry.template} has its axes as {entry.axes}"


@pytest.mark.parametrize("name", ["small", "full", "wide", "balkans"])
def test_a_field_has_a_place_for_every_run_only_where_a_number_in_it_is_uncertain(name: str) -> None:
    scenario = scenario_called(name)
    known = number_paths(scenario)
    uncertain = {field for path, field, _ in cells(scenario) if path in known and known[path].form[0] != "fixed"}
    widths = {field: array.shape[-1] for field, array in arrays_of(numbers_for(scenario)).items()}
    assert {field for field, width in widths.items() if width == 8} == uncertain
    assert set(widths.values()) <= {1, 8}


FORMS: tuple[dict[str, Any], ...] = (
    {"uniform": [0.1, 0.9]},
    {"triangular": [0.1, 0.2, 0.9]},
    {"value": 0.5, "range": [0.25, 0.75]},
    {"logitnormal": [0.5, 2.0]},
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: next(iter(form)))
def test_draws_stay_inside_the_bounds_and_differ_from_run_to_run(form: dict[str, Any]) -> None:
    scenario = read_text(SMALL)
    paths = [path for path in number_paths(scenario) if (bounds_at(path).low, bounds_at(path).high) == (0, 1)]
    parameters = Parameters(scenario.with_changes(dict.fromkeys(paths, form)), Roster(scenario))
    values, varies = parameters.values(1, Lanes(np.arange(2000)))
    low, high = Quantity.model_validate(form).reach
    for path in paths:
        drawn = values[parameters.rows[path]]
        assert low <= drawn.min() < drawn.max() <= high
        assert len(set(drawn)) > 1990
        assert varies[parameters.rows[path]]


def test_a_factor_that_leads_out_of_the_bounds_is_cut_off_there() -> None:
    scenario = read_text(SMALL).with_changes({"countries.avala.literacy": {"scale": 10}, "countries.brda.literacy": {"add": -3}})
    numbers = numbers_for(scenario)
    assert numbers.opinion.literacy.tolist() == [[1.0], [0.0]]


def test_the_middle_of_many_draws_is_the_median_that_the_start_is_solved_on() -> None:
    scenario = read_text(SMALL)
    parameters = Parameters(scenario, Roster(scenario))
    values, _ = parameters.values(1, Lanes(np.arange(4000)))
    middle = np.median(values, axis=1)
    medians = parameters.medians()
    assert medians.shape[-1] == 8
    assert np.all(np.abs(middle - medians[:, 0]) <= 0.03 * np.maximum(np.abs(medians[:, 0]), 0.1))


def test_a_numbers_draw_is_unmoved_by_another_numbers_distribution_and_by_more_numbers() -> None:
    scenario = read_text(SMALL)
    path = "countries.avala.hedging"
    parameters = Parameters(scenario, Roster(scenario))
    alone = parameters.values(1, Lanes(np.arange(8)))[0][parameters.rows[path]]
    changed = Parameters(wide_scenario().with_changes({"powers.west.rationality": {"uniform": [1, 9]}}), Roster(wide_scenario()))
    crowd = changed.values(1, Lanes(np.arange(8)))[0][changed.rows[path]]
    assert alone.tobytes() == crowd.tobytes()


def test_another_distribution_of_a_number_has_the_same_luck() -> None:
    """A run that drew a low value draws a low value still: what two what-ifs have in common is their chance."""
    path, scenario = "powers.east.capacity", read_text(SMALL)
    parameters = Parameters(scenario, Roster(scenario))
    one, other = (
        parameters_of.values(1, Lanes(np.arange(64)))[0][parameters.rows[path]]
        for parameters_of in (parameters, Parameters(scenario.with_changes({path: {"uniform": [10, 90]}}), Roster(scenario)))
    )
    assert np.argsort(one).tolist() == np.argsort(other).tolist()


def test_parameters_may_come_from_another_run_than_noise() -> None:
    scenario = read_text(SMALL)
    parameters = Parameters(scenario, Roster(scenario))
    row = parameters.rows["powers.east.capacity"]
    nested = Lanes(np.arange(8), parameter_runs=np.array([3] * 8))
    plain = parameters.values(1, Lanes(np.arange(8)))[0][row]
    assert set(parameters.values(1, nested)[0][row]) == {plain[3]}


def leaves_of_the_schema(place: Place, path: tuple[str, ...]) -> Iterator[str]:
    """Every place of the schema where a number may stand, with * for ids."""
    if place.kind == "number" and has_own_path(path):
        yield ".".join(path)
    if place.model is not None and place.kind == "model":
        for key in place.keys:
            inner = place.step(key)
            if inner is not None:
                yield from leaves_of_the_schema(inner, (*path, key))
    elif place.kind == "mapping" and place.item is not None:
        yield from leaves_of_the_schema(place.item, (*path, "*"))


def test_every_place_of_the_schema_for_a_number_is_one_line_of_the_table() -> None:
    lines = [re.sub(r"\{[^}]*\}", "*", entry.template) for entry in TABLE]
    assert sorted(leaves_of_the_schema(TOP, ())) == sorted(lines)
