"""Chapter 2: where powers look and what they have to spend."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.arms import History, arm, assert_falls, assert_rises, everyone, history, scenario_of, shocked

POWERS = ("russia", "eu", "nato", "us")
LEAVES = [name for name in scenario_of().countries if name != "bosnia"]
SALIENCE = {"at": "2018-01", "path": "drivers.ukraine_salience.level", "set": 0.9}


@pytest.mark.parametrize(("power", "by"), [("russia", 0.006), ("eu", 0.02), ("nato", 0.015), ("us", 0.015)])
def test_a_crisis_pulls_attention_here(power: str, by: float) -> None:
    crisis = shocked(scenario_of(), *({"at": "2017-07", "path": f"countries.{name}.tension", "add": 0.25} for name in LEAVES))
    looks = slice(7, 13)
    moved, unmoved = arm(of=crisis), arm({f"powers.{power}.attention.crisis": 0}, of=crisis)
    assert_falls(moved.of("attention", power=power)[looks].mean(axis=0), unmoved.of("attention", power=power)[looks].mean(axis=0), by)


@pytest.mark.parametrize(("power", "by"), [("eu", 0.04), ("nato", 0.04), ("us", 0.05)])
def test_a_rivals_visible_acts_pull_attention_here(power: str, by: float) -> None:
    meddling = scenario_of().with_changes({"powers.russia.capacity": {"scale": 3}})
    provoked, unprovoked = arm(of=meddling), arm({f"powers.{power}.attention.provocation": 0}, of=meddling)
    assert_falls(provoked.mean("attention", power=power), unprovoked.mean("attention", power=power), by)


def test_an_ally_provokes_nobody() -> None:
    idle = arm({"powers.nato.capacity": 0})
    usual = arm()
    # In the first month only what was seen before counts: Russia, the rival, notices at once and allies do not.
    assert_falls(usual.of("attention", power="russia")[1], idle.of("attention", power="russia")[1], 0.001)
    assert np.allclose(usual.of("attention", power="eu")[1], idle.of("attention", power="eu")[1], rtol=0, atol=5e-5)


@pytest.mark.parametrize(("power", "by"), [("russia", 5), ("eu", 6), ("nato", 3), ("us", 5)])
def test_a_distracted_power_spends_less(power: str, by: float) -> None:
    elsewhere = shocked(scenario_of(), SALIENCE)
    distracted, faithful = arm(of=elsewhere), arm({f"powers.{power}.attention.distraction.ukraine_salience": 0}, of=elsewhere)
    assert_rises(distracted.end("budget", power=power), faithful.end("budget", power=power), by)


def test_nobody_is_distracted_by_a_theatre_at_its_usual_salience(usual: History) -> None:
    without = arm(everyone("powers.{}.attention.distraction.ukraine_salience", POWERS, 0))
    assert np.array_equal(usual.of("budget"), without.of("budget"))


def test_cheap_oil_empties_only_the_purse_that_lives_on_it(usual: History) -> None:
    cheap = shocked(scenario_of(), {"at": "2018-01", "path": "drivers.oil_price.level", "scale": 0.5})
    poor, immune = arm(of=cheap), arm({"powers.russia.drivers.oil_price": 0}, of=cheap)
    assert_rises(poor.end("budget", power="russia"), immune.end("budget", power="russia"), 6)
    assert np.array_equal(poor.of("budget")[:13], usual.of("budget")[:13])
    assert np.array_equal(poor.of("budget", power="eu")[13], usual.of("budget", power="eu")[13])


@pytest.mark.parametrize(("power", "by"), [("russia", 1.5), ("eu", 8), ("nato", 2), ("us", 3)])
def test_a_pandemic_takes_from_budgets(power: str, by: float) -> None:
    plague = shocked(scenario_of(), {"at": "2019-01", "path": "drivers.pandemic.level", "set": 1, "shape": {"pulse": 12}})
    ill, well = arm(of=plague), arm({f"powers.{power}.drivers.pandemic": 0}, of=plague)
    assert_rises(ill.end("budget", power=power), well.end("budget", power=power), by)


@pytest.mark.parametrize(("power", "by"), [("eu", 10), ("nato", 3)])
def test_members_who_agree_let_their_union_spend_more(power: str, by: float, usual: History) -> None:
    agreed = arm({"mechanics.accession.disagreement": 0})
    assert_rises(usual.end("budget", power=power), agreed.end("budget", power=power), by)
    assert np.allclose(usual.of("budget", power="us")[1], agreed.of("budget", power="us")[1], atol=0.2), "a state asks no members"


def test_one_member_that_turns_away_narrows_the_unions_budget(usual: History) -> None:
    reluctant = arm({"institutions.eu.members.france.stance": 0.1})
    assert_falls(usual.end("budget", power="eu"), reluctant.end("budget", power="eu"), 15)


def test_a_policy_is_paid_for_out_of_its_owners_budget() -> None:
    def at_cost(cost: float) -> History:
        policy = {"by": "eu", "at": "2017-07", "path": "countries.serbia.literacy", "add": 0.1, "shape": {"pulse": 6}, "cost": cost}
        return history(shocked(scenario_of(), policy))

    dear, free = at_cost(10), at_cost(0)
    lost = free.of("budget", power="eu") - dear.of("budget", power="eu")
    assert np.all(lost[:7] == 0)
    assert np.allclose(lost[7], 10, atol=1e-9)
    assert np.allclose(lost[8:13], 10, atol=0.5)
    assert np.all(np.abs(lost[-1]) < 0.5)
