"""Chapter 3: how effort becomes leverage, and how leverage fades."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model import InfluenceModel
from sim.rules.leverage import crowding
from tests.mechanisms.arms import (
    SEED,
    History,
    arm,
    assert_falls,
    assert_rises,
    everyone,
    history,
    overlaid,
    scenario_of,
    settled_of,
    shocked,
    undisturbed,
    without_luck,
)

COUNTRIES = tuple(scenario_of().countries)


@pytest.mark.parametrize(
    ("path", "power", "channel", "country", "by"),
    [
        pytest.param("powers.russia.skill.information", "russia", "information", "serbia", 0.08, id="skill"),
        pytest.param("countries.bulgaria.dependence.russia.channels.energy", "russia", "energy", "bulgaria", 0.15, id="dependence"),
        pytest.param("countries.serbia.kinship.russia", "russia", "religion", "serbia", 0.1, id="kinship of the country"),
        pytest.param("channels.religion.kinship", "russia", "religion", "serbia", 0.1, id="kinship that the channel speaks to"),
        pytest.param("mechanics.leverage.floor", "russia", "religion", "serbia", 0.03, id="floor of kinship"),
        pytest.param("channels.finance.effects.leverage", "eu", "finance", "serbia", 0.1, id="yield of the channel"),
    ],
)
def test_leverage_rests_on(path: str, power: str, channel: str, country: str, by: float, usual: History) -> None:
    where = {"instrument": f"{power}.{channel}", "country": country}
    assert_falls(usual.end("leverage", **where), arm({path: 0}).end("leverage", **where), by)


@pytest.mark.parametrize(
    ("relay", "channel", "country", "by"),
    [
        ("serbian_media", "information", "serbia", 0.03),
        ("serbian_church_montenegro", "religion", "montenegro", 0.05),
        ("serb_entity_leader", "patronage", "republika_srpska", 0.05),
    ],
)
def test_a_relay_raises_the_leverage_it_serves(relay: str, channel: str, country: str, by: float, usual: History) -> None:
    silent = arm({f"relays.{relay}.strength": 0})
    served = {"instrument": f"russia.{channel}", "country": country}
    assert_falls(usual.end("leverage", **served), silent.end("leverage", **served), by)
    # A relay of Moscow's serves nobody else, and nowhere else: what all others start with is the same to the last bit, but for
    # military ties, which hang on the course that the government takes.
    differs = np.any(usual.of("leverage")[0] != silent.of("leverage")[0], axis=-1)
    inherits = {country, scenario_of().countries[country].part_of}
    found = {(usual.roster.ids["instrument"][a], usual.roster.ids["country"][b]) for a, b in np.argwhere(differs)}
    assert {pair for pair in found if not pair[0].endswith(".military")} == {(f"russia.{channel}", name) for name in inherits if name}
    moved = np.abs(usual.of("leverage")[0] - silent.of("leverage")[0]).max(axis=-1)
    arms = [place for place, name in enumerate(usual.roster.ids["instrument"]) if name.endswith(".military")]
    assert moved[arms].max() < 0.1 * moved.max()


@pytest.mark.parametrize(
    ("relay", "country", "by"), [("serbian_defence_hardliners", "serbia", 0.001), ("serb_entity_defence", "republika_srpska", 0.0005)]
)
def test_a_hindering_relay_lowers_the_leverage_of_those_it_hinders(relay: str, country: str, by: float, usual: History) -> None:
    where = {"instrument": "nato.military", "country": country}
    assert_rises(usual.end("leverage", **where), arm({f"relays.{relay}.strength": 0}).end("leverage", **where), by)


def test_a_resilient_society_shields_itself(usual: History) -> None:
    where = {"instrument": "russia.information", "country": "serbia"}
    assert_rises(usual.end("leverage", **where), arm({"channels.information.shield": 0}).end("leverage", **where), 0.015)
    covert = {"instrument": "russia.covert", "country": "montenegro"}
    assert_rises(usual.mean("potency", **covert), arm({"channels.covert.shield": 0}).mean("potency", **covert), 0.02)


def test_military_ties_need_a_government_that_consents(usual: History) -> None:
    text = "extends: western_balkans_2017.yaml\nschema: 1\ntitle: No consent asked\nchannels: {military: {consent: false}}\n"
    unasked = history(overlaid(text))
    for power, country in (("russia", "montenegro"), ("nato", "serbia")):
        where = {"instrument": f"{power}.military", "country": country}
        assert_rises(usual.mean("potency", **where), unasked.mean("potency", **where), 0.0008)


def test_membership_crowds_out_rivals_military_ties(usual: History) -> None:
    without = arm({"mechanics.leverage.crowding": 0})
    for country in ("montenegro", "bulgaria"):
        where = {"instrument": "russia.military", "country": country}
        # Slight, since Moscow hardly tries there: stocks half fade only in five years.
        assert_rises(usual.end("leverage", **where), without.end("leverage", **where), 0.0002)
    outside = {"instrument": "russia.military", "country": "serbia"}
    assert np.array_equal(usual.of("potency", **outside)[:1], without.of("potency", **outside)[:1])


def test_an_alliance_crowds_out_rivals_and_neither_itself_nor_its_friends() -> None:
    with InfluenceModel(scenario_of(), 8, SEED, settled=settled_of(scenario_of())) as model:
        left, roster = crowding(model.numbers, model.world.rung), model.numbers.roster
        crowded = model.numbers.leverage.crowding
    inside = [roster.place("country", name) for name in ("albania", "bulgaria", "croatia")]
    for power in ("eu", "nato", "us"):
        assert np.all(left[roster.place("power", power)] == 1)
    russia = left[roster.place("power", "russia")]
    assert np.array_equal(russia[inside], np.broadcast_to(1 - crowded, (3, 8)))
    assert np.all(np.delete(russia, inside, axis=0) == 1)


def test_covert_work_needs_a_neighbour_that_permits_it(usual: History) -> None:
    where = {"instrument": "russia.covert", "country": "montenegro"}
    shut = arm(everyone("countries.{}.permits.russia", [name for name in COUNTRIES if name != "bosnia"], 0))
    assert_falls(usual.mean("potency", **where), shut.mean("potency", **where), 0.03)
    distant = arm({"countries.bulgaria.permits.russia": 0})
    assert np.array_equal(usual.of("potency", **where)[1], distant.of("potency", **where)[1]), "Bulgaria is no neighbour of Montenegro"


def test_without_a_neighbour_some_covert_work_goes_on(usual: History) -> None:
    where = {"instrument": "russia.covert", "country": "albania"}
    assert_falls(usual.mean("potency", **where), arm({"mechanics.leverage.staging_floor": 0}).mean("potency", **where), 1e-5)


def test_leverage_that_nobody_feeds_fades_by_its_half_life_to_the_floor_of_kinship() -> None:
    # Everybody leaves in the first month; what is done in it still counts in the second.
    leaving = ({"at": "2017-01", "path": f"powers.{power}.capacity", "set": 0} for power in scenario_of().powers)
    left = history(shocked(undisturbed(62), *leaving), runs=8)
    for name, channel in (("russia.religion", "religion"), ("us.diplomacy", "diplomacy")):
        power = name.split(".")[0]
        stock = left.of("leverage", instrument=name, country="serbia")[2:]
        # Three points of an exponential decay towards a floor give the floor.
        early, middle, late = stock[0], stock[30], stock[60]
        floor = (early * late - middle**2) / (early + late - 2 * middle)
        share = ((late - floor) / (early - floor)) ** (1 / 60)
        half_life = np.log(0.5) / np.log(share)
        low, high = scenario_of().channels[channel].half_life.range or (0, 0)
        assert np.all((half_life > low) & (half_life < high)), (channel, half_life)
        kin = float(scenario_of().countries["serbia"].kinship[power].value or 0)
        assert np.all((floor > 0.1 * kin * kin) & (floor < 0.4)), (channel, floor)
        assert np.all(np.diff(stock, axis=0) < 0)


def test_leverage_starts_at_its_balance_or_part_of_the_way_there() -> None:
    still = without_luck(undisturbed(12))
    none, half, full = (arm({"mechanics.leverage.start": start}, of=still, runs=8) for start in (0, 0.5, 1))
    # What needs the government's consent hangs on its course as well; the rest is halfway but for rounding.
    held = [place for place, name in enumerate(full.roster.ids["instrument"]) if not name.endswith(".military")]
    start = [each.of("leverage")[0, held] for each in (none, half, full)]
    assert np.allclose(start[1], (start[0] + start[2]) / 2, rtol=0, atol=1e-12)
    assert np.all(start[2] >= start[0]) and (start[2] - start[0]).max() > 0.3
    # At rest in the first month; from below it is still being built.
    assert np.allclose(full.of("leverage")[1], full.of("leverage")[0], rtol=0, atol=1e-4)
    serbia = {"instrument": "eu.finance", "country": "serbia"}
    assert np.all(np.diff(half.of("leverage", **serbia), axis=0) > 0)


def test_a_channel_that_lasts_holds_more(usual: History) -> None:
    where = {"instrument": "us.diplomacy", "country": "kosovo"}
    assert_falls(usual.end("leverage", **where), arm({"channels.diplomacy.half_life": 1}).end("leverage", **where), 0.08)


@pytest.mark.parametrize(
    ("by_channel", "channel", "country", "by"),
    [
        ("counter_disinformation", "information", "serbia", 0.008),
        ("counter_disinformation", "social_media", "serbia", 0.004),
        ("regulation", "energy", "north_macedonia", 0.015),
        ("accession_outreach", "patronage", "serbia", 0.015),
        ("finance", "energy", "serbia", 0.005),
    ],
)
def test_a_countering_channel_erodes_rivals(by_channel: str, channel: str, country: str, by: float, usual: History) -> None:
    spared = arm({f"channels.{by_channel}.erodes.{channel}": 0})
    where = {"instrument": f"russia.{channel}", "country": country}
    assert_rises(usual.end("leverage", **where), spared.end("leverage", **where), by)


def test_a_countering_channel_never_erodes_an_ally(usual: History) -> None:
    spared = arm({"channels.counter_disinformation.erodes.information": 0})
    for name in ("eu.information", "us.information"):
        assert np.array_equal(usual.of("leverage", instrument=name)[1], spared.of("leverage", instrument=name)[1])
    assert np.any(usual.of("leverage", instrument="russia.information")[1] < spared.of("leverage", instrument="russia.information")[1])
