"""What a month was worth to each power: its objectives, less what its effort cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.rules.payoff import gains, payoff
from tests.mechanisms.arms import arm, assert_falls, scenario_of
from tests.mechanisms.moments import Moment, moment

POWERS = tuple(scenario_of().powers)


def paid(now: Moment, power: str) -> float:
    return float(payoff(now.world, now.numbers)["payoff"][now.numbers.roster.place("power", power)].mean())


@pytest.mark.parametrize("power", POWERS)
def test_effort_costs(power: str) -> None:
    now = moment()
    dear = now.by({f"channels.{name}.price": 0.5 for name in scenario_of().channels})
    assert paid(dear, power) < paid(now, power) - 0.003
    seen = now.by({f"powers.{power}.attribution": 3})
    assert paid(seen, power) < paid(now, power)
    idle = replace(now, world=replace(now.world, effort=now.world.effort * 0))
    assert paid(idle, power) == pytest.approx(gains(now.world, now.numbers)[now.numbers.roster.place("power", power)].mean())
    assert paid(idle, power) > paid(now, power)
    twice = replace(now, world=replace(now.world, effort=now.world.effort * 2))
    assert paid(idle, power) - paid(twice, power) == pytest.approx(2 * (paid(idle, power) - paid(now, power)))


@pytest.mark.parametrize("power", POWERS)
def test_influence_pays(power: str) -> None:
    now = moment()
    for country in ("serbia", "montenegro"):
        assert paid(now.moved(f"influence_share.{power}.{country}", 0.1), power) > paid(now, power)
    other = "eu" if power != "eu" else "us"
    assert paid(now.moved(f"influence_share.{other}.serbia", 0.1), power) == paid(now, power)


def test_each_is_paid_in_what_it_wants() -> None:
    now = moment()
    for what, by, glad, sorry in (
        ("tension.serbia", 0.2, ["russia"], ["eu", "nato", "us"]),
        ("resilience.serbia", 0.2, ["eu", "nato", "us"], []),
        ("autonomy.republika_srpska", 0.2, ["russia"], []),
        ("rung.nato.north_macedonia", 2, ["nato", "us"], ["russia"]),
        ("rung.eu.montenegro", 1, ["eu", "us"], ["russia"]),
        ("rung.eu.serbia", 0.5, [], []),
        ("normalisation.kosovo", 0.3, ["eu", "nato", "us"], ["russia"]),
        ("accepted.ukraine", 1, ["russia"], []),
    ):
        after = now.moved(what, by)
        found = {power: paid(after, power) - paid(now, power) for power in POWERS}
        assert [power for power, change in found.items() if change > 1e-9] == [power for power in POWERS if power in glad], (what, found)
        assert [power for power, change in found.items() if change < -1e-9] == [power for power in POWERS if power in sorry], (what, found)


def test_objectives_are_scaled_to_one() -> None:
    now = moment()
    wants = [path for path in ("influence", "unrest", "resilience", "autonomy", "deal", "concessions", "membership.eu", "membership.nato")]
    doubled = now.by({f"powers.russia.objectives.{name}": 2 * now.number(f"powers.russia.objectives.{name}") for name in wants})
    assert np.allclose(gains(doubled.world, doubled.numbers)[0], gains(now.world, now.numbers)[0])


def test_over_three_years_a_dearer_russia_is_paid_less_and_a_stronger_one_more() -> None:
    usual = arm()
    dear = arm({f"channels.{name}.price": {"scale": 2} for name in scenario_of().channels})
    assert_falls(usual.mean("payoff", power="russia"), dear.mean("payoff", power="russia"), 0.004)
    alone = arm({"powers.eu.capacity": 0})
    assert_falls(*(of.mean("influence_share", power="russia").mean(axis=0) for of in (alone, usual)), 0.01)
    assert_falls(alone.mean("payoff", power="russia"), usual.mean("payoff", power="russia"), 0.001)
