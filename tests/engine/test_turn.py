"""The turn: every act reads last month's world and writes what it says, in any order, and changes nothing in place."""

from __future__ import annotations

import gc
import random
import tracemalloc
import weakref
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

from sim.agents.country import Country, outlook_of
from sim.agents.great_power import GreatPower
from sim.arrays import join, stack, take
from sim.model import InfluenceModel
from sim.roster import Roster
from sim.rules.places import everywhere, over_entities
from sim.runs.ensemble import simulate
from sim.scenario.reading import read_text
from sim.scenario.schema import Scenario
from sim.settling import read
from sim.turn import TURN, Act
from sim.world import VARIABLES, World
from tests.engine.variants import balkans, full_scenario
from tests.scenario.small import SMALL


def small() -> Scenario:
    return read_text(SMALL)


def bytes_after(months: int, scenario: Scenario | None = None, **how: Any) -> dict[str, bytes]:
    with InfluenceModel(scenario or balkans(), 8, **how) as model:
        for _ in range(months):
            model.step()
        return {f.name: getattr(model.world, f.name).tobytes() for f in fields(World)}


class Watching:
    """A World that notes what is looked at."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.seen: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.seen.add(name)
        return getattr(self._world, name)


def seen_by(act: Act, model: InfluenceModel) -> set[str]:
    world = model.world
    watching = Watching(world)
    model.world = watching  # type: ignore[assignment]
    try:
        act.done(model)
    finally:
        model.world = world
    return watching.seen


@pytest.fixture(scope="module")
def running() -> Iterator[InfluenceModel]:
    """A model of the largest scenario, in its second month."""
    with InfluenceModel(balkans(), 8) as model:
        model.step()
        yield model


@pytest.mark.parametrize("act", TURN, ids=lambda act: act.name)
def test_an_act_reads_what_it_says_and_nothing_else(act: Act, running: InfluenceModel) -> None:
    """An act that watches may also read what causes and needs of the scenario name."""
    seen = seen_by(act, running)
    assert set(act.reads) <= seen
    assert act.watches or seen == set(act.reads)


@pytest.mark.parametrize("act", TURN, ids=lambda act: act.name)
def test_an_act_reads_no_more_in_another_world(act: Act) -> None:
    with InfluenceModel(full_scenario(), 8) as model:
        model.step()
        assert act.watches or seen_by(act, model) <= set(act.reads)


@pytest.mark.parametrize("act", TURN, ids=lambda act: act.name)
def test_an_act_writes_exactly_what_it_says_in_the_shape_it_has(act: Act, running: InfluenceModel) -> None:
    roster, changes = running.numbers.roster, act.done(running)
    assert set(changes) == set(act.writes)
    for name, array in changes.items():
        assert array.shape == (*(roster.size(axis) for axis in VARIABLES[name].axes), 8), name


def test_no_two_acts_write_the_same_variable() -> None:
    written = [name for act in TURN for name in act.writes]
    assert len(written) == len(set(written))
    assert set(written) <= set(VARIABLES)


FROM_OUTSIDE = {"driver", "condition", "hostility", "war", "policy_cost"}
OF_THE_START = {"used_to", "united", "promised", "leant", "watched"}


def test_every_variable_is_written_by_an_act_or_follows_from_others_or_comes_from_outside(running: InfluenceModel) -> None:
    world = running.world
    again = read(world, running.numbers)
    follows = {f.name for f in fields(World) if getattr(again, f.name) is not getattr(world, f.name)}
    written = {name for act in TURN for name in act.writes}
    groups = (written, follows, FROM_OUTSIDE, OF_THE_START)
    assert set().union(*groups) == set(VARIABLES)
    assert sum(len(group) for group in groups) == len(VARIABLES)


def test_what_follows_from_the_month_does_not_depend_on_what_followed_from_the_month_before(running: InfluenceModel) -> None:
    again = read(running.world, running.numbers)
    follows = [f.name for f in fields(World) if getattr(again, f.name) is not getattr(running.world, f.name)]
    lost = replace(running.world, **{name: getattr(running.world, name) * np.nan for name in follows})
    after = read(lost, running.numbers)
    assert [name for name in follows if getattr(after, name).tobytes() != getattr(again, name).tobytes()] == []


@pytest.mark.parametrize("months", [1, 12])
def test_the_order_of_the_acts_changes_nothing(months: int) -> None:
    expected = bytes_after(months)
    assert bytes_after(months, turn=TURN[::-1]) == expected
    shuffled = list(TURN)
    random.Random(3).shuffle(shuffled)
    assert bytes_after(months, turn=tuple(shuffled)) == expected


class Refusing:
    """Stands where Mesa keeps its own luck."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a rule asked Mesa's luck for {name}")

    def __call__(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("a rule drew Mesa's luck")


def test_no_rule_uses_mesas_own_luck_or_pythons_or_numpys(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = bytes_after(4)
    with InfluenceModel(balkans(), 8) as model:
        model.rng = model.random = Refusing()
        for name in ("random", "randint", "choice", "shuffle", "gauss", "uniform"):
            monkeypatch.setattr(random, name, Refusing())
        for name in ("random", "normal", "uniform", "default_rng", "rand", "randn"):
            monkeypatch.setattr(np.random, name, Refusing())
        for _ in range(4):
            model.step()
        assert {f.name: getattr(model.world, f.name).tobytes() for f in fields(World)} == expected


def frozen(thing: Any) -> None:
    """Makes every array inside a dataclass read only."""
    for f in fields(thing):
        value = getattr(thing, f.name)
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
        elif is_dataclass(value) and not isinstance(value, Roster):
            frozen(value)


def test_no_rule_changes_an_array_that_it_was_given() -> None:
    expected = bytes_after(3)
    with InfluenceModel(balkans(), 8) as model:
        for _ in range(3):
            frozen(model.world)
            frozen(model.numbers)
            for array in vars(model.numbers).get("_kept", {}).values():
                if isinstance(array, np.ndarray):
                    array.flags.writeable = False
            model.step()
        assert {f.name: getattr(model.world, f.name).tobytes() for f in fields(World)} == expected


def in_turn(powers_order: int, countries_order: int) -> tuple[Act, ...]:
    """The turn with powers and countries asked one by one, forwards (1) or backwards (-1)."""

    def decided(world: World, numbers: Any, powers: list[GreatPower]) -> dict[str, Any]:
        plans = {power.place: power.decide(world, numbers) for power in powers[::powers_order]}
        ordered = [plans[place] for place in range(len(powers))]
        return {
            "plan": join([plan.plan for plan in ordered]),
            "effort": join([plan.effort for plan in ordered]),
            "potency": everywhere(numbers, join([plan.potency for plan in ordered])),
        }

    def responded(world: World, numbers: Any, countries: list[Country]) -> dict[str, Any]:
        outlook = outlook_of(world, numbers)
        responses = {country.place: country.respond(world, numbers, outlook) for country in countries[::countries_order]}
        course, words = (
            over_entities(numbers, stack([getattr(responses[place], name) for place in range(len(countries))], 1))
            for name in ("course", "words")
        )
        alignment = over_entities(numbers, take(course, numbers.roster.bloc_of) * world.bloc_part)
        shift = numbers.choice.words * (words - world.words) + (1 - numbers.choice.words) * (course - world.course)
        return {"course": course, "words": words, "alignment": alignment, "shift": shift}

    rules = {"choice": decided, "alignment": responded}
    return tuple(replace(act, rule=rules.get(act.name, act.rule)) for act in TURN)


def test_agents_may_be_asked_in_any_order() -> None:
    expected = bytes_after(6)
    assert bytes_after(6, turn=in_turn(1, 1)) == expected
    assert bytes_after(6, turn=in_turn(-1, -1)) == expected


def test_an_agent_keeps_nothing_between_months() -> None:
    """A power asked twice, and asked about an older world in between, says the same."""
    with InfluenceModel(balkans(), 8) as model:
        old = model.world
        model.step()
        for power in model.powers:
            first = power.decide(model.world, model.numbers)
            power.decide(old, model.numbers)
            second = power.decide(model.world, model.numbers)
            assert first.plan.tobytes() == second.plan.tobytes()


def test_every_array_of_the_world_is_finite_and_has_the_shape_it_declares_from_the_start() -> None:
    scenario = balkans()
    roster = Roster(scenario)
    with InfluenceModel(scenario, 8) as model:
        for _ in range(3):
            for name, variable in VARIABLES.items():
                array = getattr(model.world, name)
                assert array.shape == (*(roster.size(axis) for axis in variable.axes), 8), name
                assert array.dtype == np.float64, name
                assert np.isfinite(array).all(), name
            model.step()


def test_a_dated_change_leaves_every_array_in_its_shape() -> None:
    shocks = "[{id: gas, at: 2020-03, path: drivers.gas.level, scale: 2}, {id: calm, at: 2020-03, path: countries.avala.tension, set: 0.1}]"
    scenario = read_text(SMALL + f"shocks: {shocks}\n")
    roster = Roster(scenario)
    with InfluenceModel(scenario, 8) as model:
        for month in range(4):
            model.step()
            for name, variable in VARIABLES.items():
                shape = (*(roster.size(axis) for axis in variable.axes), 8)
                assert getattr(model.world, name).shape == shape, f"{name} in month {month}"


def test_a_step_is_a_month_and_mesa_counts_it_too() -> None:
    with InfluenceModel(small(), 8) as model:
        model.step()
        model.step()
        assert model.month == 2
        assert model.steps == 2


def test_a_closed_model_lets_go_of_its_world_its_numbers_and_its_agents() -> None:
    model = InfluenceModel(small(), 8)
    model.step()
    held = [weakref.ref(model.world.leverage), weakref.ref(model.numbers), weakref.ref(model.powers[0]), weakref.ref(model.calendar)]
    model.close()
    gc.collect()
    assert [thing() for thing in held] == [None] * len(held)
    assert len(model.agents) == 0


def test_closed_models_leave_next_to_nothing_behind() -> None:
    scenario = small()

    def block() -> None:
        with InfluenceModel(scenario, 512) as model:
            model.step()

    block()
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(5):
            block()
        gc.collect()
        left = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert left < 5 * 64 * 1024


def test_an_ensemble_gives_a_record_of_finite_numbers_in_run_order() -> None:
    record = simulate(small(), 20, 4)
    assert record.runs == 20
    assert record.status == ("ok",) * 20
    assert all(np.isfinite(array).all() for array in record.kept.values())
