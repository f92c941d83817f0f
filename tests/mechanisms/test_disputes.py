"""Chapter 9: how talks start, advance, collapse and end in a deal, who brokers and who obstructs, and who recognises whom."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from sim.rules.disputes import brokered, counted, disputes, goodwill, overlap, veto_left
from tests.mechanisms.arms import Array, arm, assert_falls_on_average, scenario_of, shocked
from tests.mechanisms.moments import EVENLY, LANES, Moment, dealt, moment

TALKS = "disputes.kosovo.talks"
KOSOVO = {"dispute": "kosovo"}
TALKING = {"talks.kosovo": 1}
SILENT = {"talks.kosovo": 0}


def after(now: Moment, **draws: float | Array) -> dict[str, Array]:
    """The dispute a month on. Shape of each: (run)."""
    return {name: array[0] for name, array in disputes(now.world, now.numbers, dealt(**draws)).items()}


def chance(now: Moment, name: str, draw: str) -> float:
    """Share of lanes in which something is so a month on, their luck spread evenly."""
    return float(after(now, **{"talks": 0.999999, "deal": 0.999999, draw: EVENLY})[name].mean())


def starting(now: Moment) -> float:
    return chance(now.having(SILENT), "talks", "talks")


def collapsing(now: Moment) -> float:
    return 1 - chance(now.having(TALKING), "talks", "talks")


def crept(now: Moment) -> float:
    """How far normalisation gets in a month of talks that go on."""
    talking = now.having(TALKING)
    return float((after(talking)["normalisation"] - talking.at("normalisation.kosovo")).mean())


def room(now: Moment) -> float:
    return float(overlap(now.world, now.numbers, brokered(now.numbers, now.world.potency)[0]).mean())


def test_the_room_for_a_deal_is_what_the_worse_off_party_gains() -> None:
    now = moment()
    # Doors that wait for a deal, and what brokers add, against what it costs at home.
    assert room(moment({"institutions.eu.value": 0})) < room(now)
    assert room(moment({f"{TALKS}.broker": 0})) < room(now)
    assert room(moment({f"{TALKS}.parties.serbia.cost": 0.4})) < room(now)
    poorer = [room(moment({f"{TALKS}.parties.{name}.cost": 5})) for name in ("serbia", "kosovo")]
    assert max(poorer) < -3, "either can spoil it"
    assert room(now.moved("opinion.russia.serbia", 0.2)) < room(now)
    deaf = moment({f"{TALKS}.parties.serbia.heeds.russia": 0, f"{TALKS}.parties.kosovo.cost": -50})
    assert room(deaf.moved("opinion.russia.serbia", 0.2)) == room(deaf)
    assert room(now.having({"rung.eu.serbia": 4})) < room(now), "whoever is inside has no door to gain"


def test_talks_start_where_there_is_something_to_gain() -> None:
    now = moment()
    poor, rich = ({f"{TALKS}.parties.{name}.cost": cost for name in ("serbia", "kosovo")} for cost in (3, -3))
    assert starting(moment(poor)) < 0.005
    assert starting(moment(rich)) == pytest.approx(now.number(f"{TALKS}.start"), abs=1 / LANES)
    assert starting(moment(poor)) < starting(now) < starting(moment(rich))
    assert starting(moment({f"{TALKS}.start": 0})) == 0
    incident = now.having({"deed_memory.tariff": 1})
    assert starting(incident) < 0.25 * starting(now)
    assert starting(moment({f"{TALKS}.hindrance": 0}).having({"deed_memory.tariff": 1})) == starting(now)


def test_talks_collapse_more_often_after_an_incident_and_less_among_friends_of_the_broker() -> None:
    now = moment({f"{TALKS}.collapse": 0.05})
    for deed in ("tariff", "block_of_bid"):
        assert collapsing(now.having({f"deed_memory.{deed}": 1})) > 4 * collapsing(now)
        assert collapsing(now.having({f"deed_memory.{deed}": 0.5})) < collapsing(now.having({f"deed_memory.{deed}": 1}))
    assert collapsing(now.by({f"{TALKS}.incident": 0}).having({"deed_memory.tariff": 1})) == collapsing(now)
    assert collapsing(now.having({"deed_memory.church_law": 1})) == collapsing(now), "other deeds hinder nothing here"
    friends = now.having({f"words.{side}.{name}": share for side, share in (("west", 0.9), ("east", 0.05), ("self", 0.05))
                          for name in ("serbia", "kosovo")})  # fmt: skip
    assert goodwill(friends.world, friends.numbers)[0].mean() > goodwill(now.world, now.numbers)[0].mean() + 0.05
    assert collapsing(friends) < collapsing(now)
    cold = {f"{TALKS}.goodwill": 0}
    assert collapsing(friends.by(cold)) == collapsing(now.by(cold)) == pytest.approx(0.05, abs=1 / LANES)


def test_normalisation_creeps_only_in_talks_with_room_and_a_broker() -> None:
    now = moment({f"{TALKS}.wear": 0})
    assert crept(now) > 0.001
    silent = now.having(SILENT)
    assert np.array_equal(after(silent, talks=0.999999)["normalisation"], silent.at("normalisation.kosovo"))
    assert crept(now.by({f"{TALKS}.creep": 0})) == 0
    assert crept(now.by({f"{TALKS}.parties.serbia.cost": 5})) == 0
    unbrokered = now.by({f"powers.{power}.objectives.deal": 0 for power in ("eu", "us")})
    assert crept(unbrokered) == 0
    assert crept(now.having({"normalisation.kosovo": 0.7})) < crept(now.having({"normalisation.kosovo": 0.4}))


def test_brokers_further_and_obstructors_wear_down_as_they_wish() -> None:
    now, place = moment(), moment().numbers.roster.place
    serbia = place("country", "serbia")
    for name, way in (("eu.mediation", 0), ("us.mediation", 0), ("eu.diplomacy", 0), ("russia.diplomacy", 1), ("russia.information", 1)):
        lone = now.world.potency * 0
        lone[place("instrument", name), serbia] = 0.6
        ways = brokered(now.numbers, lone)
        channel = now.number(f"channels.{name.split('.')[1]}.effects.dispute")
        assert np.allclose(ways[way], 0.6 * channel / 2), name
        assert np.all(ways[1 - way] == 0), name
    indifferent = moment({"powers.russia.objectives.deal": 0})
    assert np.all(brokered(indifferent.numbers, now.world.potency)[1] == 0)
    still = {f"{TALKS}.creep": 0}
    worn = crept(moment(still))
    assert worn < 0
    assert crept(indifferent.by(still)) > worn
    assert crept(moment({**still, f"{TALKS}.wear": 0})) == 0
    assert crept(moment(still).having({"hostility.kosovo": 0.5})) < worn


def test_a_pandemic_slows_talks() -> None:
    now = moment({f"{TALKS}.wear": 0})
    ill = now.having({"driver.pandemic": 1})
    slowed = np.exp(-now.number(f"{TALKS}.slowed_by.pandemic"))
    assert crept(ill) == pytest.approx(slowed * crept(now))
    assert starting(ill) == pytest.approx(slowed * starting(now), abs=2 / LANES)
    immune = now.by({f"{TALKS}.slowed_by.pandemic": 0})
    assert crept(immune.having({"driver.pandemic": 1})) == crept(now)
    span = shocked(scenario_of(), {"at": "2017-01", "path": "drivers.pandemic.level", "set": 1})
    careful, careless = arm(of=span, runs=64), arm({f"{TALKS}.slowed_by.pandemic": 0}, of=span, runs=64)
    assert careful.end("normalisation", **KOSOVO).mean() < careless.end("normalisation", **KOSOVO).mean() - 0.01
    assert careful.mean("talks", **KOSOVO).mean() < careless.mean("talks", **KOSOVO).mean()


def test_a_deal_needs_talks_and_ripeness_and_the_veto_powers_leave() -> None:
    ripe = moment().having({**TALKING, "normalisation.kosovo": 0.95}).by({f"{TALKS}.deal": 0.5})
    usual = chance(ripe, "deal", "deal")
    assert usual == pytest.approx(0.5 * veto_left(ripe.numbers)[0, 0], abs=1 / LANES) and usual > 0.1
    assert chance(ripe.having(SILENT), "deal", "deal") == 0
    assert chance(ripe.having({"normalisation.kosovo": ripe.number(f"{TALKS}.ripe") - 0.01}), "deal", "deal") == 0
    assert chance(ripe.by({"powers.russia.objectives.deal": -0.5}), "deal", "deal") < 0.1 * usual
    assert chance(ripe.by({"powers.russia.objectives.deal": 0}), "deal", "deal") > usual
    assert chance(ripe.by({"powers.russia.objectives.deal": 0.5}), "deal", "deal") > 0.45
    signed = after(ripe, talks=0.999999, deal=0.0)
    assert np.all(signed["deal"] == 1) and np.all(signed["normalisation"] == 1)
    kept = after(ripe.having({"deal.kosovo": 1, "hostility.kosovo": 1, "normalisation.kosovo": 1}), talks=0.0)
    assert np.all(kept["deal"] == 1) and np.all(kept["normalisation"] == 1) and np.all(kept["talks"] == 0)


def test_a_shock_kicks_normalisation_and_it_goes_on_from_there() -> None:
    kick = {"at": "2018-01", "path": "disputes.kosovo.normalisation", "add": -0.2}
    usual, kicked = arm(), arm(of=shocked(scenario_of(), kick))
    moved = kicked.of("normalisation", **KOSOVO) - usual.of("normalisation", **KOSOVO)
    assert np.all(moved[:13] == 0)
    assert np.allclose(moved[13], -0.2, atol=0.02)
    assert moved[-1].std() > 1e-3 and moved[-1].mean() < -0.02


@pytest.mark.parametrize(
    ("changes", "way"),
    [
        pytest.param({f"{TALKS}.creep": 0}, -1, id="talks that creep"),
        pytest.param({f"{TALKS}.wear": 0}, 1, id="agreements that lapse"),
        pytest.param({"powers.eu.objectives.deal": 0, "powers.us.objectives.deal": 0}, -1, id="brokers"),
        pytest.param({"powers.russia.objectives.deal": 0}, 1, id="an obstructor"),
        pytest.param({"deeds.tariff.rate": 0, "deeds.block_of_bid.rate": 0}, 1, id="incidents"),
        pytest.param({f"{TALKS}.goodwill": 0}, 1, id="ill will that breaks talks off"),
    ],
)
def test_relations_in_three_years_rest_on(changes: Mapping[str, float], way: int) -> None:
    without, usual = (arm(some, runs=192).end("normalisation", **KOSOVO) for some in (changes, {}))
    assert_falls_on_average(way * without, way * usual, 0.004)


def test_a_deal_opens_the_gate_that_waits_for_it() -> None:
    sure = {"disputes.kosovo.normalisation": 0.95, f"{TALKS}.deal": 1, f"{TALKS}.collapse": 0, f"{TALKS}.veto_will": 100,
            "powers.russia.objectives.deal": 0.1}  # fmt: skip
    signed = arm(sure, runs=16)
    assert np.all(signed.end("deal", **KOSOVO) == 1) and np.all(signed.end("talks", **KOSOVO) == 0)
    assert np.all(signed.end("gate", institution="nato", country="kosovo") == 1)
    refused = arm({**sure, f"{TALKS}.deal": 0}, runs=16)
    assert np.all(refused.of("deal") == 0)


def test_recognition_is_a_count_that_powers_lobby_both_ways() -> None:
    now = moment()
    gained, lost = (now.number(f"disputes.kosovo.recognition.{key}") for key in ("gained", "lost"))
    broker, obstruct = (float(way[0].mean()) for way in brokered(now.numbers, now.world.potency))
    start = now.at("recognition.kosovo")
    more = after(now, recognised=EVENLY, unrecognised=1e-9)["recognition"] - start
    fewer = start - after(now, recognised=1e-9, unrecognised=EVENLY)["recognition"]
    assert set(np.unique(more)) <= {0.0, 1.0, 2.0, 3.0}
    assert more.mean() == pytest.approx(gained * (1 + broker) * (1 - obstruct), abs=0.01)
    assert fewer.mean() == pytest.approx(lost * (1 + obstruct) * (1 - broker), abs=0.01)
    usual = arm(runs=64).end("recognition", **KOSOVO)
    unlobbied = {f"powers.{power}.objectives.deal": 0 for power in ("eu", "us")}
    assert arm(unlobbied, runs=64).end("recognition", **KOSOVO).mean() < usual.mean() - 0.5
    assert arm({"powers.russia.objectives.deal": 0}, runs=64).end("recognition", **KOSOVO).mean() > usual.mean() + 0.3
    still = {"disputes.kosovo.recognition.gained": 0, "disputes.kosovo.recognition.lost": 0}
    assert np.all(np.diff(arm(still).of("recognition"), axis=0) == 0)
    assert np.all(arm({**still, "disputes.kosovo.recognition.lost": 3, "disputes.kosovo.recognition.start": 4}).of("recognition") >= 0)


def test_a_count_is_poisson_as_far_as_it_goes() -> None:
    for rate in (0.1, 0.8):
        count = counted(np.array([rate]), EVENLY, 3)
        for number in range(3):
            wanted = np.exp(-rate) * rate**number / (1, 1, 2)[number]
            assert abs(np.mean(count == number) - wanted) <= 2 / LANES
    assert counted(np.array([50.0]), EVENLY, 3).max() == 3


def test_hostility_of_deeds_is_felt() -> None:
    calm = arm({"deeds.tariff.rate": 0, "deeds.block_of_bid.rate": 0, "events.clash.base": 0})
    assert_falls_on_average(arm().mean("hostility", **KOSOVO), calm.mean("hostility", **KOSOVO), 0.03)
    assert_falls_on_average(arm().mean("tension", country="kosovo"), calm.mean("tension", country="kosovo"), 0.004)
