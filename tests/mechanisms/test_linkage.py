"""Chapter 11: unrest here as bargaining power elsewhere: who offers calm, when it is paid for, and what it costs."""

from __future__ import annotations

import numpy as np
import pytest

from sim.rules.choice import forecast_value
from sim.rules.linkage import bargaining_power, linkage, restraint, strain, worth_of_unrest
from tests.mechanisms.arms import Array, History, arm, assert_falls, scenario_of, shocked, undisturbed
from tests.mechanisms.moments import EVENLY, LANES, Moment, dealt, moment

UKRAINE = "linkages.ukraine"
LEAVES = [name for name in scenario_of().countries if name != "bosnia"]
# Trouble everywhere and a war at the top of every agenda.
HOT = {f"tension.{name}": 0.8 for name in LEAVES} | {"driver.ukraine_salience": 0.9}


def offered(now: Moment) -> float:
    """Chance of an offer this month."""
    return float(linkage(now.world, now.numbers, dealt(offer=EVENLY, agreement=1.0))["offered"].mean())


def accepted(now: Moment) -> float:
    """Chance that an offer is taken up."""
    return float(linkage(now.world, now.numbers, dealt(offer=0.0, agreement=EVENLY))["accepted"].mean())


def test_an_offer_needs_unrest_salience_and_a_wish_for_concessions() -> None:
    hot = moment().having(HOT)
    pressed = bargaining_power(hot.world, hot.numbers)[0].mean()
    stakes = {name: hot.number(f"powers.russia.stakes.{name}") for name in [*LEAVES, "bosnia"]}
    of_leaves = 1 - stakes["bosnia"] / sum(stakes.values())
    assert pressed == pytest.approx(of_leaves * 0.9 * (0.8 - hot.number(f"{UKRAINE}.usual_tension")))
    assert offered(hot) == pytest.approx(1 - np.exp(-hot.number(f"{UKRAINE}.offer") * pressed), abs=1 / LANES)
    assert offered(hot.having({"tension.serbia": 0.9})) > offered(hot)
    assert offered(hot.having({"driver.ukraine_salience": 0.5})) < offered(hot)
    assert offered(hot.having({"driver.ukraine_salience": 0})) == 0
    calm = hot.having({f"tension.{name}": 0.3 for name in LEAVES})
    assert offered(calm) == 0 and np.all(bargaining_power(calm.world, calm.numbers) == 0)
    assert offered(hot.by({"powers.russia.objectives.concessions": 0})) == 0
    assert offered(hot.by({f"{UKRAINE}.offer": 0})) == 0
    assert offered(hot.having({"calm_left.ukraine": 2})) == 0, "nobody pays twice"
    # Unrest counts where the one who offers has its stakes.
    spared = hot.by({f"powers.russia.stakes.{name}": 0 for name in LEAVES if name != "albania"}).having({"tension.albania": 0.2})
    assert offered(spared) == 0


def test_an_offer_is_taken_up_the_more_the_trouble_and_the_less_its_price() -> None:
    hot = moment().having(HOT)
    usual = accepted(hot)
    assert 0.05 < usual < 0.999
    assert accepted(hot.by({f"{UKRAINE}.price": 1.5})) < usual < accepted(hot.by({f"{UKRAINE}.price": 0.1}))
    assert accepted(hot.by({f"{UKRAINE}.relief": 1})) < usual
    assert accepted(hot.by({f"{UKRAINE}.precedent": 2})) < usual, "a paid arsonist comes back"
    assert accepted(hot.by({f"{UKRAINE}.precedent": 2}).having({"unity.nato": 0.2})) > accepted(hot.by({f"{UKRAINE}.precedent": 2}))
    assert accepted(hot.by({f"{UKRAINE}.sharpness": 0})) == pytest.approx(0.5, abs=1 / LANES)
    assert accepted(hot.having({f"tension.{name}": 0.45 for name in LEAVES})) < 0.5 * usual


def test_agreed_calm_takes_from_stirring_while_it_lasts() -> None:
    now = moment()
    agreed = linkage(now.having(HOT).world, now.numbers, dealt(offer=0.0, agreement=0.0))
    assert np.all(agreed["calm_left"] == now.number(f"{UKRAINE}.calm_months"))
    assert np.all(agreed["concessions"] == now.number(f"{UKRAINE}.gain") * 0.9)
    left = restraint(now.having({"calm_left.ukraine": 3}).world, now.numbers)
    russia = now.numbers.roster.place("power", "russia")
    assert np.allclose(left[russia], 1 - now.number(f"{UKRAINE}.calm")) and np.all(np.delete(left, russia, axis=0) == 1)
    assert np.all(restraint(now.having({"calm_left.ukraine": 0}).world, now.numbers) == 1)
    fewer = linkage(now.having({"calm_left.ukraine": 3}).world, now.numbers, dealt(offer=0.0))
    assert np.all(fewer["calm_left"] == 2) and np.all(fewer["offered"] == 0)


def bargained(changes: dict[str, float] | None = None) -> History:
    """A hot region and an offer that is always made and, unless its price is changed, always taken up."""
    trouble = [{"at": "2017-01", "path": f"countries.{name}.grievance", "add": 2} for name in LEAVES]
    salience = {"at": "2017-01", "path": "drivers.ukraine_salience.level", "set": 0.9}
    deal = {f"{UKRAINE}.offer": 100, f"{UKRAINE}.price": 0, f"{UKRAINE}.relief": 50, f"{UKRAINE}.calm_months": 100}
    return arm({**deal, **(changes or {})}, of=shocked(undisturbed(), *trouble, salience), runs=16)


def test_a_bargain_halves_the_pressure_and_strains_the_alliance() -> None:
    paid, refused = bargained(), bargained({f"{UKRAINE}.price": 1e4})
    assert np.all(paid.of("accepted").sum(axis=0) == 1) and np.all(refused.of("accepted") == 0)
    assert np.all(refused.of("offered").sum(axis=0) > 5), "a refused offer is made again"

    def pressure(of: History) -> Array:
        return of.of("pressure", power="russia", country="serbia")[18:24].mean(axis=0)

    assert_falls(pressure(refused), pressure(paid), 0.1)
    half = bargained({f"{UKRAINE}.calm": 0})
    assert_falls(pressure(half), pressure(paid), 0.1)
    month = paid.of("accepted")[:, 0].argmax(axis=0)
    for run, at in enumerate(month):
        # What is conceded costs unity in the month after, on top of what tension does in both.
        gap = [(refused.of("unity", institution=name) - paid.of("unity", institution=name))[at + 1, run] for name in ("nato", "eu")]
        assert gap[0] == pytest.approx(paid_strain(), abs=0.02) and abs(gap[1]) < 1e-6
    unstrained = bargained({f"{UKRAINE}.strain": 0})
    assert_falls(unstrained.of("unity", institution="nato")[14], paid.of("unity", institution="nato")[14], 0.01)
    assert np.all(paid.end("concessions") > 0.8) and np.all(refused.end("concessions") == 0)


def paid_strain() -> float:
    return moment().number(f"{UKRAINE}.strain")


def test_strain_falls_on_the_one_that_concedes() -> None:
    now = moment().having({"accepted.ukraine": 1})
    lost = strain(now.world, now.numbers)
    nato = now.numbers.roster.place("institution", "nato")
    assert np.allclose(lost[nato], paid_strain()) and np.all(np.delete(lost, nato, axis=0) == 0)


def test_unrest_is_worth_more_to_a_power_that_can_trade_it() -> None:
    now = moment()
    russia, eu = (now.numbers.roster.place("power", name) for name in ("russia", "eu"))
    assert np.all(worth_of_unrest(now.world, now.numbers, russia) > 0) and np.all(worth_of_unrest(now.world, now.numbers, eu) == 0)
    salient = now.having({"driver.ukraine_salience": 0.9})
    assert np.all(worth_of_unrest(salient.world, now.numbers, russia) > 2 * worth_of_unrest(now.world, now.numbers, russia))
    covert = list(now.numbers.roster.ids["instrument"][now.numbers.roster.instruments_of[russia]]).index("russia.covert")
    serbia = now.numbers.roster.place("country", "serbia")
    gain = forecast_value(salient.world, now.numbers, russia) - forecast_value(now.world, now.numbers, russia)
    assert np.all(gain[covert, serbia] > 0)
