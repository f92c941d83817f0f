"""Law 8: a run is the same alone and in any company, and who takes no part changes nobody else's history."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.lanes import Lanes, Parameters, padded
from sim.roster import Roster
from sim.runs.ensemble import simulate
from sim.scenario.places import bounds_at, number_paths
from sim.scenario.schema import Scenario
from tests.engine.variants import balkans, wide_scenario
from tests.laws.worlds import History, Plain, few, history, of_ids, plain_worlds, same_bytes, scenario_of, small_scenario, solved

pytestmark = pytest.mark.laws

MANY = 64


def runs_of(kept: History, places: Any) -> History:
    return {name: np.ascontiguousarray(array[..., places]) for name, array in kept.items()}


@few(2)
@given(plain_worlds(), st.integers(0, MANY - 1), st.randoms(use_true_random=False))
def test_a_run_is_the_same_alone_among_many_in_blocks_of_seven_and_in_any_order(plain: Plain, run: int, random: Any) -> None:
    scenario = scenario_of(plain)
    settled = solved(scenario)
    together = history(scenario, MANY, months=6, settled=settled)
    assert same_bytes(history(scenario, [run], months=6, settled=settled), runs_of(together, [run])) == []
    first = run // 7 * 7
    block = list(range(first, min(first + 7, MANY)))
    assert same_bytes(history(scenario, block, months=6, settled=settled), runs_of(together, block)) == []
    order = random.sample(range(MANY), MANY)
    assert same_bytes(history(scenario, order, months=6, settled=settled), runs_of(together, order)) == []


def test_what_others_runs_want_does_not_slander_a_power_in_this_one() -> None:
    """Whether a power wants unrest, and so spreads lies, is uncertain here: it is each run's own matter."""
    wish = {"powers.east.objectives.unrest": {"uniform": [-0.2, 0.2]}, "channels.news.effects.falsehood": 0.5}
    scenario = small_scenario().with_changes(wish)
    together = history(scenario, MANY, months=3)
    for run in range(8, 16):
        assert same_bytes(history(scenario, [run], months=3), runs_of(together, [run])) == [], f"run {run}"


@few(3)
@given(plain_worlds(), st.integers(1, 40), st.integers(1, 24))
def test_fewer_runs_and_fewer_months_are_the_beginning_of_more(plain: Plain, runs: int, months: int) -> None:
    scenario = scenario_of(plain)
    settled = solved(scenario)
    more = history(scenario, 40, months=24, settled=settled)
    fewer = history(scenario, runs, months=months, settled=settled)
    assert same_bytes(fewer, {name: np.ascontiguousarray(array[: months + 1, ..., :runs]) for name, array in more.items()}) == []


def test_a_longer_span_in_the_scenario_has_the_shorter_as_its_beginning() -> None:
    short = small_scenario()
    longer = short.model_copy(update={"time": short.time.model_copy(update={"months": 36})})
    few_months, many_months = simulate(short, 8, 3).kept, simulate(longer, 8, 3).kept
    for name in ("tension", "course", "opinion", "rung"):
        assert few_months[name].tobytes() == many_months[name][: short.time.months].tobytes()


def test_workers_and_blocks_leave_no_trace_in_an_ensemble() -> None:
    scenario = small_scenario()
    one, two = simulate(scenario, 40, 7, workers=1), simulate(scenario, 40, 7, workers=2)
    assert one.status == two.status == ("ok",) * 40
    assert list(one.run_ids) == list(two.run_ids) == list(range(40))
    assert same_bytes(dict(one.kept), dict(two.kept)) == []


def test_an_ensemble_is_what_its_models_give_one_by_one() -> None:
    scenario = small_scenario()
    whole = simulate(scenario, 11, 7)
    alone = history(scenario, [10], months=scenario.time.months, rng=7)
    for name in ("tension", "course", "leverage", "opinion"):
        months = list(range(scenario.time.months)) if name != "leverage" else [0, 12, 23]
        assert whole.kept[name][..., 10].tobytes() == alone[name][1:][months][..., 0].astype(np.float32).tobytes()


def own_numbers(scenario: Scenario, runs: int, seed: int) -> dict[str, np.ndarray]:
    """A value of its own for every number in every run: its middle, or now and then another, 0 or the opposite where that may be."""
    rng, found = np.random.default_rng(seed), {}
    for path, number in number_paths(scenario).items():
        middle, bounds = number.median(), bounds_at(path)
        other = -middle if bounds.low < 0 else max(bounds.low, 0.0) if path != "mechanics.alignment.member_hedging" else middle
        found[path] = np.where(rng.random(runs) < 1 / 4, np.clip(other, bounds.low, bounds.high), middle)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_every_run_may_have_its_own_numbers_and_none_looks_at_anothers(seed: int) -> None:
    scenario = balkans()
    settled, numbers = solved(scenario), own_numbers(scenario, 16, seed)
    together = history(scenario, Lanes(np.arange(16), set=numbers), months=4, settled=settled)
    for run in range(0, 16, 4):
        alone = {path: values[[run]] for path, values in numbers.items()}
        single = history(scenario, Lanes(np.array([run]), set=alone), months=4, settled=settled)
        assert same_bytes(single, runs_of(together, [run])) == [], f"run {run}"


def test_a_run_of_the_largest_scenario_is_the_same_alone_and_in_company() -> None:
    scenario = balkans()
    settled = solved(scenario)
    together = history(scenario, MANY, settled=settled)
    for runs in ([17], list(range(14, 21)), [63, 0, 17]):
        assert same_bytes(history(scenario, runs, settled=settled), runs_of(together, runs)) == []


def leaf_like(plain: Plain) -> Plain:
    """A country with all a country has, tied to nobody."""
    leaf = copy.deepcopy(next(country for country in reversed(plain["countries"].values()) if "tension" in country))
    for key in ("part_of", "autonomy", "veto"):
        leaf.pop(key, None)
    return leaf | {"name": "Bystander", "neighbours": [], "aspiration": dict.fromkeys(plain["institutions"], 0.7)}


@few(3)
@given(plain_worlds(), st.sampled_from(("aaa", "ccc", "zzz")))
def test_a_country_that_nobody_cares_for_changes_nobody_elses_bytes(plain: Plain, name: str) -> None:
    without = scenario_of(plain)
    plain["countries"][name] = leaf_like(plain)
    crowded = scenario_of(plain)
    after = of_ids(history(crowded), Roster(crowded), country=Roster(without).ids["country"])
    assert same_bytes(history(without), after) == []


@few(3)
@given(plain_worlds(), st.sampled_from(("aaa", "nnn", "zzz")))
def test_a_relay_that_serves_nobody_there_changes_nobodys_bytes(plain: Plain, name: str) -> None:
    without = scenario_of(plain)
    served = {"powers": sorted(plain["powers"]), "channels": sorted(plain["channels"])}
    relay = {"name": "Idle", "country": sorted(plain["countries"])[0], **served, "role": "hinders", "strength": 0}
    plain["relays"] = {**plain["relays"], name: relay}
    assert same_bytes(history(without), history(scenario_of(plain))) == []


def with_idle_power(plain: Plain, name: str) -> Plain:
    """A power without capacity, skill, stakes or ties, in a bloc that is there."""
    plain = copy.deepcopy(plain)
    like = copy.deepcopy(plain["powers"][sorted(plain["powers"])[0]])
    plain["powers"][name] = like | {"name": "Idle", "capacity": 0, "skill": {}, "stakes": {}, "war": 0, "conditionality": 0}
    for country in plain["countries"].values():
        for key, value in (("kinship", 0), ("opinion", 0.5), ("permits", 0)):
            if key in country:
                country[key][name] = value
    return plain


@few(3)
@given(plain_worlds(), st.sampled_from(("aaa", "nnn", "zzz")))
def test_a_power_that_does_nothing_changes_nobodys_draws(plain: Plain, name: str) -> None:
    without, crowded = scenario_of(plain), scenario_of(with_idle_power(plain, name))
    before = history(without, months=3)
    after = of_ids(history(crowded, months=3), Roster(crowded), power=Roster(without).ids["power"])
    for mood in ("mood_course", "mood_opinion", "mood_tension"):
        assert before[mood].tobytes() == after[mood].tobytes()


@few(3)
@given(plain_worlds(), st.sampled_from(("aaa", "nnn", "zzz")))
def test_a_power_that_does_nothing_changes_nobody_elses_bytes(plain: Plain, name: str) -> None:
    without, crowded = scenario_of(plain), scenario_of(with_idle_power(plain, name))
    after = of_ids(history(crowded), Roster(crowded), power=Roster(without).ids["power"])
    assert same_bytes(history(without), after) == []


@few(2)
@given(plain_worlds(uncertain=False), st.data())
def test_a_number_given_run_by_run_is_the_number_of_the_file(plain: Plain, data: Any) -> None:
    scenario = scenario_of(plain)
    settled, known = solved(scenario), number_paths(scenario)
    paths = data.draw(st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=5, unique=True))
    given = Lanes(np.arange(8), set={path: np.full(8, known[path].median()) for path in paths})
    before, after = history(scenario, months=4, settled=settled), history(scenario, given, months=4, settled=settled)
    assert same_bytes(before, after) == []


SUMMED_OVER = (
    *("channels.c3.weight", "channels.c3.visibility", "countries.c3.population", "countries.c3.tension", "powers.east.stakes.c3"),
    *("powers.east.objectives.membership.union", "drivers.gas.level", "institutions.union.members.m3.stance"),
)


@pytest.mark.parametrize("path", SUMMED_OVER)
def test_a_number_given_run_by_run_is_the_number_of_the_file_in_a_world_of_many(path: str) -> None:
    """Sums over more than seven things are where a last axis of length 1 may be summed in another order."""
    scenario = wide_scenario()
    settled = solved(scenario)
    given = Lanes(np.arange(8), set={path: np.full(8, number_paths(scenario)[path].median())})
    before, after = history(scenario, months=3, settled=settled), history(scenario, given, months=3, settled=settled)
    assert same_bytes(before, after) == []


@few(3)
@given(plain_worlds())
def test_padding_repeats_the_last_run_and_drops_it_again(plain: Plain) -> None:
    scenario = scenario_of(plain)
    assert list(padded(np.array([5, 3]))) == [5, 3, 3, 3, 3, 3, 3, 3]
    assert history(scenario, [5, 3, 9], months=1)["tension"].shape[-1] == 3
    assert Parameters(scenario, Roster(scenario)).rows.keys() >= number_paths(scenario).keys()
