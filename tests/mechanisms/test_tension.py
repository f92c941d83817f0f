"""Chapter 7: unrest from outside and at home, its ledgers, and the entities of a divided country."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.arms import Array, History, arm, assert_falls, assert_rises, everyone, scenario_of, shocked


@pytest.mark.parametrize(
    ("driver", "country", "by"),
    [
        ("nationalism", "serbia", 0.07),
        ("stagnation", "serbia", 0.02),
        ("capture", "serbia", 0.07),
        ("ethnic_tension", "serbia", 0.05),
        ("polarisation", "serbia", 0.02),
        ("pressure", "serbia", 0.1),
    ],
)
def test_tension_rests_on(driver: str, country: str, by: float, usual: History) -> None:
    assert_falls(usual.end("tension", country=country), arm({f"mechanics.tension.{driver}": 0}).end("tension", country=country), by)


def test_resilience_calms_the_more_of_it_there_is(usual: History) -> None:
    without = arm({"mechanics.tension.resilience": 0})
    heat = {}
    for country in ("croatia", "serbia", "republika_srpska"):
        calmed, bare = usual.end("tension", country=country), without.end("tension", country=country)
        assert_rises(calmed, bare, 0.05)
        heat[country] = np.log(bare / (1 - bare)) - np.log(calmed / (1 - calmed))
    # In log-odds, where it works, it takes most from the firmest.
    assert_falls(heat["croatia"], heat["serbia"], 0.1)
    assert_falls(heat["serbia"], heat["republika_srpska"], 0.05)


def test_peacekeepers_damp_clashes(usual: History) -> None:
    assert_rises(usual.end("tension", country="kosovo"), arm({"countries.kosovo.presence": 0}).end("tension", country="kosovo"), 0.04)


@pytest.mark.parametrize(("country", "by"), [("kosovo", 0.018), ("serbia", 0.01), ("republika_srpska", 0.003)])
def test_a_quarrel_heats_those_who_feel_it(country: str, by: float, usual: History) -> None:
    settled = arm({"disputes.kosovo.hostility": 0})
    assert_falls(usual.end("tension", country=country), settled.end("tension", country=country), by)
    assert_falls(arm({"disputes.kosovo.hostility": 0.5}).end("tension", country=country), usual.end("tension", country=country), by)


def test_trouble_next_door_spreads() -> None:
    # Unrest in Serbia in July 2017: Montenegro feels it, Albania, which is no neighbour, hardly.
    def felt(changes: dict[str, float] | None, country: str) -> Array:
        trouble = shocked(scenario_of(), {"at": "2017-07", "path": "countries.serbia.tension", "add": 0.4})
        return (arm(changes, of=trouble).of("tension", country=country) - arm(changes).of("tension", country=country))[7:13].mean(axis=0)

    alone = {"mechanics.tension.neighbours": 0}
    assert_falls(felt(None, "montenegro"), felt(alone, "montenegro"), 0.001)
    assert_falls(felt(None, "montenegro"), felt(None, "albania"), 0.0008)


def test_entities_that_stand_apart_add_to_their_countrys_tension(usual: History) -> None:
    without = arm({"mechanics.tension.split": 0})
    assert_falls(usual.end("tension", country="bosnia"), without.end("tension", country="bosnia"), 0.03)
    entities = {name: scenario_of().countries[name].population for name in ("republika_srpska", "federation")}
    people = {name: float(number.value or 0) for name, number in entities.items() if number is not None}
    mean = sum(without.end("tension", country=name) * size for name, size in people.items()) / sum(people.values())
    assert np.allclose(without.end("tension", country="bosnia"), mean, atol=1e-12)


def test_russias_column_vanishes_without_russia_and_home_remains(usual: History) -> None:
    absent = arm({"powers.russia.capacity": 0})
    for country in ("serbia", "republika_srpska", "montenegro", "north_macedonia"):
        column = {"power": "russia", "country": country}
        assert np.all(absent.of("tension_power", **column)[-1] < 1e-4)
        assert_falls(usual.end("tension_power", **column), absent.end("tension_power", **column), 0.05)
        assert_falls(usual.end("tension", country=country), absent.end("tension", country=country), 0.05)
        # Home loses little: what capture, opinion, neighbours and the events of single histories owed to Moscow.
        assert np.mean(np.abs(usual.end("tension_home", country=country) - absent.end("tension_home", country=country))) < 0.04


def test_only_those_who_stir_have_a_column(usual: History) -> None:
    for power in ("eu", "nato", "us"):
        assert np.all(usual.of("tension_power", power=power) == 0)


def test_the_ledgers_sum_to_tension(usual: History) -> None:
    parts = usual.of("tension_home") + usual.of("tension_power").sum(axis=1) + usual.of("tension_luck") + usual.of("tension_given")
    assert np.allclose(parts, usual.of("tension"), rtol=0, atol=1e-9)


def test_pressure_fades_by_its_half_life_once_stirring_stops() -> None:
    stopped = shocked(scenario_of(), {"at": "2018-01", "path": "powers.russia.capacity", "set": 0})
    pressure = arm({"mechanics.tension.pressure_half_life": 6}, of=stopped).of("pressure", power="russia", country="serbia")
    assert np.allclose(pressure[21] / pressure[15], 0.5, atol=1e-6)
    assert np.all(pressure[13] > 0.5 * pressure[12])


def test_stirring_is_the_only_way_from_outside_into_tension() -> None:
    muted = everyone("channels.{}.effects.unrest", scenario_of().channels, 0)
    silent = arm(muted)
    assert np.all(silent.of("pressure") == 0)
    assert np.all(np.abs(silent.of("tension_power")) < 1e-12)
    assert_falls(arm().end("tension", country="serbia"), silent.end("tension", country="serbia"), 0.05)
