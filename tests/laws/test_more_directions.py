"""Which way each rule pushes, in a world that stands still but for the one thing that is moved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.alignment import power_value
from sim.rules.choice import costs, push, wished
from sim.rules.contest import contest
from sim.rules.learning import believed_gain, learning
from sim.rules.leverage import floor, leverage, staging
from sim.rules.opinion import opinion
from sim.rules.payoff import payoff
from sim.rules.places import stakes
from tests.laws.test_more_happenings import lively_worlds, luck_of
from tests.laws.worlds import Plain, few, numbers_of, scenario_of, stepped

pytestmark = pytest.mark.laws


@few(5)
@given(lively_worlds)
def test_allies_never_wear_each_other_down_and_rivals_never_help(plain: Plain) -> None:
    for channel in plain["channels"]:
        plain["channels"][channel]["erodes"] = {other: 0.3 for other in plain["channels"] if other != channel}
    first = sorted(plain["powers"])[0]
    for power in plain["powers"].values():
        power["skill"] = {channel: 0.3 for channel in plain["channels"]}
    world, numbers = stepped(scenario_of(plain), 1)
    roster = numbers.roster
    base = numbers.once(floor)
    high = replace(world, leverage=base + 0.5 * (1 - base) + 0 * world.leverage, potency=0 * world.potency)
    quiet = leverage(high, numbers, luck_of(numbers))["leverage"]
    mine = roster.power_of == roster.place("power", first)
    loud = replace(high, potency=np.where(mine[:, None, None], 0.5, high.potency))
    after = leverage(loud, numbers, luck_of(numbers))["leverage"]
    ally = (roster.bloc_of[roster.power_of] == roster.bloc_of[roster.place("power", first)]) & ~mine
    rival = roster.bloc_of[roster.power_of] != roster.bloc_of[roster.place("power", first)]
    assert np.array_equal(after[ally], quiet[ally])
    assert np.all(after[rival] <= quiet[rival])
    if len(plain["channels"]) > 1:
        assert np.all(after[rival] < quiet[rival])


@few(5)
@given(lively_worlds, st.data())
def test_agents_work_from_the_soil_of_neighbours_and_not_from_the_countrys_own(plain: Plain, data: Any) -> None:
    numbers = numbers_of(scenario_of(plain))
    roster = numbers.roster
    host = data.draw(st.sampled_from(list(np.flatnonzero(roster.is_leaf))))
    permits = np.zeros((roster.size("power"), roster.size("country"), 1))
    permits[:, host] = 1
    based = staging(numbers.with_arrays({("leverage", "permits"): permits}))
    beside = roster.adjacent[:, host]
    assert np.all(based[:, beside] == 1)
    assert np.all(based[:, ~beside] == np.broadcast_to(numbers.leverage.staging_floor, based[:, ~beside].shape))
    assert not beside[host]


@few(5)
@given(lively_worlds)
def test_who_has_no_leverage_holds_no_share_and_who_gains_it_holds_more(plain: Plain) -> None:
    world, numbers = stepped(scenario_of(plain), 1)
    nobody = contest(replace(world, leverage=0 * world.leverage), numbers)
    assert nobody["reach"].max() < 1e-9
    assert nobody["influence_share"].max() < 1e-9
    lone = world.leverage * 0
    lone[0] = 0.7
    somebody = contest(replace(world, leverage=lone), numbers)
    power = numbers.roster.power_of[0]
    assert np.all(somebody["influence_share"][power] > 0)
    assert np.all(np.delete(somebody["influence_share"], power, axis=0) < 1e-9)


@few(5)
@given(lively_worlds)
def test_a_tool_that_cuts_both_ways_cuts_the_way_its_owner_wants(plain: Plain) -> None:
    numbers = numbers_of(scenario_of(plain))
    roster = numbers.roster
    moved, wants = push(numbers), numbers.choice.membership[:, roster.power_of]
    two_way = roster.flagged("two_way")
    assert np.all(moved[:, two_way] * wants[:, two_way] >= 0)
    assert np.all((moved[:, two_way] != 0) == ((numbers.accession.effect[:, roster.channel_of] * wants)[:, two_way] != 0))
    assert np.all(moved[:, ~two_way] == numbers.accession.effect[:, roster.channel_of][:, ~two_way])
    backed = wished(numbers, numbers.resilience.emboldening, numbers.choice.autonomy)
    assert np.all((backed * numbers.choice.autonomy[roster.power_of])[two_way] >= 0)


@few(5)
@given(lively_worlds)
def test_an_alliance_is_worth_less_where_its_rivals_hold_military_ties(plain: Plain) -> None:
    for channel in plain["channels"].values():
        channel["crowded_out"] = True
    world, numbers = stepped(scenario_of(plain), 1)
    roster = numbers.roster
    for place, name in enumerate(roster.ids["institution"]):
        grantor = roster.grantor[place]
        rival = roster.bloc_of[roster.power_of] != roster.bloc_of[grantor]
        tied = replace(world, leverage=np.where(rival[:, None, None], 1, world.leverage))
        before, after = power_value(world, numbers)[grantor], power_value(tied, numbers)[grantor]
        if roster.scenario.institutions[name].alliance:
            assert np.all(after <= before + 1e-12)
            if rival.any():
                assert np.all((after < before) == (numbers.alignment.fear > 0) | (world.leverage[rival].min(axis=0) >= 1))


@few(5)
@given(lively_worlds)
def test_a_public_turns_from_a_power_that_stirs_and_towards_none_for_it(plain: Plain) -> None:
    world, numbers = stepped(scenario_of(plain), 1)
    stirred = replace(world, pressure=world.pressure + 0.5 * (1 - world.pressure))
    before, after = (opinion(each, numbers, luck_of(numbers))["opinion"] for each in (world, stirred))
    assert np.all(after <= before)
    moves = (numbers.opinion.coercion > 0) & (numbers.opinion.speed > 0)
    assert np.all(after[np.broadcast_to(moves, after.shape)] < before[np.broadcast_to(moves, after.shape)])


@few(5)
@given(lively_worlds, st.floats(0.01, 0.2))
def test_a_power_that_saw_more_than_it_believed_trusts_its_tools_more(plain: Plain, more: float) -> None:
    world, numbers = stepped(scenario_of(plain), 2)
    well, badly = (
        learning(replace(world, shift=world.shift * 0 + sign * (1 + more), belief=0 * world.belief), numbers, luck_of(numbers))["belief"]
        for sign in (1, -1)
    )
    assert np.all(well >= 0)
    assert np.all(badly <= 0)
    counts = (believed_gain(world, numbers) > 1e-9) & (stakes(numbers)[numbers.roster.power_of] > 1e-3)
    assert np.all((well > badly) | ~counts.any(axis=1))


@few(5)
@given(lively_worlds, st.floats(0.01, 1))
def test_the_same_month_is_worth_less_to_a_power_whose_effort_is_dearer(plain: Plain, dearer: float) -> None:
    world, numbers = stepped(scenario_of(plain), 1)
    raised = numbers.with_arrays({("choice", "price"): numbers.choice.price + dearer})
    before, after = (payoff(world, each)["payoff"] for each in (numbers, raised))
    spent = np.stack([world.effort[held].sum(axis=(0, 1)) for held in numbers.roster.instruments_of])
    assert np.abs(before - after - numbers.settled.reference * dearer * spent).max() < 1e-9 * max(1, np.abs(before).max())
    assert np.all(costs(raised) > costs(numbers))
