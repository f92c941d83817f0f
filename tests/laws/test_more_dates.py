"""What is dated, and what follows from a deed: when it is in force, for how long, and what it costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.arrays import half_life_retention
from sim.dated import strength
from sim.model import InfluenceModel
from sim.scenario.reading import read_text
from sim.scenario.schema import Shape
from tests.laws.test_more_happenings import lively_worlds
from tests.laws.worlds import Plain, few, history, scenario_of, solved
from tests.scenario.small import small

pytestmark = pytest.mark.laws


def leaf_of(plain: Plain) -> str:
    return next(name for name, country in plain["countries"].items() if "tension" in country)


@few(5)
@given(lively_worlds, st.integers(0, 4))
def test_a_kick_is_given_once_and_what_was_kicked_goes_on_from_there(plain: Plain, month: int) -> None:
    """With everything that moves tension stopped, a kick of a tenth stays a tenth."""
    leaf = leaf_of(plain)
    plain["mechanics"]["tension"]["speed"] = 0.001
    plain["mechanics"]["tension"]["split"] = 0
    plain["countries"][leaf]["tension"] = 0.4
    kick = {"id": "kick", "at": f"2020-{month + 1:02}", "path": f"countries.{leaf}.tension", "add": 0.1}
    calm, struck = scenario_of(plain), scenario_of(plain | {"shocks": [kick]})
    settled = solved(calm)
    place = sorted(plain["countries"]).index(leaf)
    apart = history(struck, months=8, settled=settled)["tension"][:, place] - history(calm, months=8, settled=settled)["tension"][:, place]
    assert np.all(apart[: month + 1] == 0)
    assert np.abs(apart[month + 1 :] - 0.1).max() < 0.02


@given(st.integers(1, 40), st.integers(0, 60), st.floats(0.1, 40))
def test_shapes_begin_in_their_month_and_run_as_long_as_they_say(months: int, since: int, half: float) -> None:
    ramp, pulse, decay = Shape(ramp=months), Shape(pulse=months), Shape(decay=half)
    assert [strength(shape, -1) for shape in (None, ramp, pulse, decay)] == [0, 0, 0, 0]
    assert strength(ramp, 0) == pytest.approx(1 / months)
    assert strength(ramp, months - 1) == 1 == strength(ramp, months + since)
    assert [strength(pulse, since), strength(pulse, months - 1), strength(pulse, months)] == [since < months, 1, 0]
    assert strength(decay, 0) == 1
    assert strength(decay, since + 1) == pytest.approx(strength(decay, since) * float(half_life_retention(np.array(half))))


@few(5)
@given(lively_worlds, st.integers(0, 6), st.floats(0.5, 5))
def test_a_policy_is_paid_for_by_its_power_in_the_months_it_is_in_force(plain: Plain, month: int, cost: float) -> None:
    power = sorted(plain["powers"])[0]
    policy = {"id": "dear", "at": f"2020-{month + 1:02}", "path": f"powers.{power}.hold_back", "scale": 1, "by": power, "cost": cost}
    free, paid = (scenario_of(plain | {"policies": [policy | {"cost": each}]}) for each in (0, cost))
    settled = solved(free)
    before, after = (history(each, months=month + 2, settled=settled)["budget"] for each in (free, paid))
    assert np.array_equal(before[: month + 1], after[: month + 1])
    assert np.abs(after[month + 1, 0] - np.maximum(before[month + 1, 0] - cost, 0)).max() < 1e-9
    assert np.array_equal(before[month + 1, 1:], after[month + 1, 1:])


def test_a_policy_that_gives_one_push_is_paid_for_once() -> None:
    push = "[{id: calming, at: 2020-03, path: countries.avala.tension, add: -0.05, by: west, cost: 1}]"
    with InfluenceModel(read_text(small(policies=push)), 8) as model:
        west, paid = model.numbers.roster.place("power", "west"), []
        for _ in range(6):
            model.step()
            paid.append(float(model.world.policy_cost[west, 0]))
    assert paid == [0, 0, 1, 0, 0, 0]


@few(5)
@given(lively_worlds)
def test_what_a_deed_does_is_in_force_from_the_month_after_it_is_done(plain: Plain) -> None:
    """The numbers of a month rest on the world as last month left it, never on what is decided in it."""
    plain["conditions"]["treaty"]["level"] = 1
    plain["deeds"]["switch"] |= {"base": 3, "rate": 1, "start": 0, "causes": {}}
    plain["events"] = {}
    plain["deeds"].pop("dial")
    with InfluenceModel(scenario_of(plain), 8) as model:
        place = model.numbers.roster.place("country", leaf_of(plain))
        calm = model.numbers.tension.presence[place]
        for _ in range(6):
            done = model.world.deed[0]
            model.step()
            assert np.abs(model.numbers.tension.presence[place] - (calm + 0.5 * done)).max() < 1e-12
        assert model.world.deed.any()


@few(5)
@given(lively_worlds, st.sampled_from((0.3, 3.0)), st.data())
def test_what_is_usual_is_what_was_usual_without_the_what_if(plain: Plain, times: float, data: Any) -> None:
    power = data.draw(st.sampled_from(sorted(plain["powers"])))
    scenario = scenario_of(plain)
    settled = solved(scenario)
    what_if = scenario.with_changes({f"powers.{power}.capacity": {"scale": times}})
    before, after = (history(each, months=0, settled=settled) for each in (scenario, what_if))
    for name in ("used_to", "promised", "united", "leant"):
        assert before[name].tobytes() == after[name].tobytes(), name
    assert before["effort"].tobytes() != after["effort"].tobytes() or not before["effort"].any()


@few(5)
@given(lively_worlds)
def test_at_medians_and_without_luck_the_slow_variables_start_exactly_at_rest(plain: Plain) -> None:
    """What is solved at the start balances all that moves opinion, tension, resilience, capture and autonomy."""
    for chapter in ("alignment", "opinion", "tension"):
        plain["mechanics"][chapter]["noise"] = 0
    plain["mechanics"]["tension"]["split"] = 0
    for country in plain["countries"].values():
        country |= {"grievance": 0} if "grievance" in country else {}
    still = scenario_of(certain_of(plain))
    kept = history(still, months=1)
    for name in ("opinion", "tension", "resilience", "capture", "false_belief"):
        assert np.abs(kept[name][1] - kept[name][0]).max() < 1e-9, name


def certain_of(value: Any) -> Any:
    """Plain values with every distribution replaced by its middle."""
    if isinstance(value, dict):
        if "uniform" in value:
            return sum(value["uniform"]) / 2
        return {key: certain_of(inner) for key, inner in value.items()}
    return [certain_of(inner) for inner in value] if isinstance(value, list) else value
