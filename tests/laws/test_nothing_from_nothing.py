"""Law 2: without capacity nothing is gained, without reason the prior stands, what does nothing takes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.arrays import half_life_retention
from sim.roster import Roster
from sim.rules.choice import planned_shares, prior
from sim.rules.leverage import floor
from sim.scenario.schema import Scenario
from tests.laws.worlds import Plain, few, history, numbers_of, of_ids, plain_worlds, same_bytes, scenario_of

pytestmark = pytest.mark.laws


@few(2)
@given(plain_worlds())
def test_without_capacity_leverage_above_its_floor_only_fades_and_nothing_is_done(plain: Plain) -> None:
    for power in plain["powers"].values():
        power["capacity"] = 0
    scenario = scenario_of(plain)
    kept, numbers = history(scenario), numbers_of(scenario)
    roster = Roster(scenario)
    base = np.broadcast_to(floor(numbers), kept["leverage"].shape[1:])
    fade = half_life_retention(numbers.leverage.half_life)[roster.channel_of][:, None]
    first = kept["leverage"][0] - base
    assert np.all(kept["effort"] == 0)
    assert np.all(kept["potency"] == 0)
    for month in range(len(kept["leverage"])):
        assert np.all(kept["leverage"][month] - base <= first * fade**month + 1e-12)
    assert np.all(kept["tension_power"][1:] <= kept["tension_power"][0].max() + 1e-12)


@few(2)
@given(plain_worlds())
def test_a_power_without_rationality_follows_the_prior(plain: Plain) -> None:
    for power in plain["powers"].values():
        power["rationality"] = 0
    scenario = scenario_of(plain)
    kept, numbers = history(scenario), numbers_of(scenario)
    given_out = np.broadcast_to(prior(numbers), kept["plan"].shape[1:])
    # The plan at the start is the prior at medians; from there it goes to the prior of the run.
    plan, adjustment = kept["plan"][0], numbers.choice.adjustment
    for month in range(1, len(kept["plan"])):
        plan = plan + adjustment * (given_out - plan)
        assert np.abs(kept["plan"][month] - plan).max(initial=0) < 1e-12
    for place, held in enumerate(numbers.roster.instruments_of):
        share = planned_shares(7 + 0 * given_out[held], given_out[held], np.zeros(1), numbers.choice.hold_back[place])
        assert np.abs(share - given_out[held]).max(initial=0) < 1e-15


def dead_channel(plain: Plain, name: str) -> None:
    """Takes every effect from a channel."""
    channel = plain["channels"][name]
    effects = channel["effects"]
    channel["effects"] = {handle: 0 for handle in effects if handle != "accession"} | {"accession": dict.fromkeys(effects["accession"], 0)}
    channel["erodes"] = {}


@few(2)
@given(plain_worlds(), st.data())
def test_a_channel_without_effects_gets_no_effort(plain: Plain, data: Any) -> None:
    name = data.draw(st.sampled_from(sorted(plain["channels"])))
    dead_channel(plain, name)
    scenario = scenario_of(plain)
    kept, roster = history(scenario), Roster(scenario)
    inside = [place for place, instrument in enumerate(roster.ids["instrument"]) if instrument.endswith(f".{name}")]
    assert np.all(kept["plan"][:, inside] == 0)
    assert np.all(kept["effort"][:, inside] == 0)


@few(3)
@given(plain_worlds())
def test_a_channel_without_effects_changes_nothing(plain: Plain) -> None:
    without = scenario_of(plain)
    name = sorted(plain["channels"])[0]
    plain["channels"]["dud"] = {**plain["channels"][name], "name": "Dud"}
    dead_channel(plain, "dud")
    for power in plain["powers"].values():
        power["skill"]["dud"] = 0.3
    with_dud = scenario_of(plain)
    before, roster = history(without), Roster(without)
    after = of_ids(history(with_dud), Roster(with_dud), instrument=roster.ids["instrument"])
    assert same_bytes(before, after) == []


@few(2)
@given(plain_worlds(), st.data())
def test_a_country_without_stakes_gets_nothing(plain: Plain, data: Any) -> None:
    name = data.draw(st.sampled_from(sorted(plain["countries"])))
    for power in plain["powers"].values():
        power["stakes"].pop(name, None)
    scenario = scenario_of(plain)
    kept, roster = history(scenario), Roster(scenario)
    assert np.all(kept["plan"][:, :, roster.place("country", name)] == 0)
    assert np.all(kept["effort"][:, :, roster.place("country", name)] == 0)


@few(2)
@given(plain_worlds())
def test_a_power_without_skill_or_stakes_does_nothing(plain: Plain) -> None:
    first, *others = sorted(plain["powers"])
    plain["powers"][first]["stakes"] = {}
    for name in others:
        plain["powers"][name]["skill"] = dict.fromkeys(plain["powers"][name]["skill"], 0)
    scenario: Scenario = scenario_of(plain)
    kept = history(scenario)
    assert np.all(kept["plan"] == 0)
    assert np.all(kept["effort"] == 0)
