"""The deeds of the default scenario: what each does to the region once it is done, and what brings it about."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.mechanisms.arms import (
    Array,
    History,
    arm,
    assert_falls,
    assert_falls_on_average,
    assert_rises,
    history,
    scenario_of,
    shocked,
    spending,
    uneventful,
)

CAMPAIGNS = ("information", "patronage", "social_media", "diplomacy")
MACEDONIA = "north_macedonia"


def ever(of: History, deed: str) -> Array:
    """Whether a deed is ever done. Shape: (run)."""
    return np.asarray((of.of("deed", deed=deed) > 0.5).any(axis=0), dtype=float)


def done(deed: str, on: float, changes: dict[str, Any] | None = None) -> History:
    """Three years in which nothing happens and a deed is done all along, or not at all."""
    return arm({f"deeds.{deed}.start": on, **(changes or {})}, of=uneventful(scenario_of()))


@pytest.mark.parametrize(
    ("deed", "channel", "country", "way", "by"),
    [
        pytest.param(
            "gas_diversification", "russia.energy", "bulgaria", -1, 0.05, id="gas from elsewhere loosens Moscow's hold on Bulgaria"
        ),
        pytest.param("church_law", "russia.religion", "montenegro", -1, 0.008, id="a church law weakens the church as a relay"),
        pytest.param("antitrust_ruling", "russia.energy", "bulgaria", -1, 0.03, id="a ruling cuts the price in Bulgaria"),
        pytest.param("antitrust_ruling", "russia.energy", "croatia", -1, 0.0005, id="and in Croatia a little"),
        pytest.param("sanctions", "russia.finance", "serbia", -1, 0.005, id="sanctions drive the banks out of Serbia"),
        pytest.param("sanctions", "russia.energy", "serbia", -1, 0.01, id="and cost it the discount on gas"),
        pytest.param("partnership_step", "nato.military", "serbia", 1, 0.01, id="a partnership ties the army to the alliance"),
        pytest.param("site", "nato.military", "serbia", -1, 0.0006, id="a site makes the alliance wary of its host"),
        pytest.param("site", "russia.covert", "montenegro", 1, 0.001, id="and serves Russian agents next door"),
    ],
)
def test_leverage_follows(deed: str, channel: str, country: str, way: int, by: float) -> None:
    where = {"instrument": channel, "country": country}
    with_it, without = (done(deed, on).end("leverage", **where) for on in (1, 0))
    assert_falls(way * with_it, way * without, by)


@pytest.mark.parametrize(
    ("deed", "country", "by"),
    [
        pytest.param("church_law", "montenegro", 0.02, id="processions"),
        pytest.param("referendum", "federation", 0.02, id="fear of a split"),
        pytest.param("refusal", MACEDONIA, 0.02, id="a cabinet that will not go"),
        pytest.param("tariff", "kosovo", 0.03, id="a tariff"),
        pytest.param("block_of_bid", "kosovo", 0.02, id="a blocked bid"),
    ],
)
def test_tension_follows(deed: str, country: str, by: float) -> None:
    assert_falls(*(done(deed, on).end("tension", country=country) for on in (1, 0)), by)


def test_the_renaming_opens_both_gates_and_no_run_passes_before_it() -> None:
    usual = arm(runs=64)
    named = usual.of("deed", deed="renaming") > 0.5
    for club in ("eu", "nato"):
        where = {"institution": club, "country": MACEDONIA}
        rung, gate = usual.of("rung", **where), usual.of("gate", **where)
        assert np.all(gate[~named] == 0)
        moved = np.diff(rung, axis=0) > 0
        assert not np.any(moved & ~named[:-1])
        opened, shut = done("renaming", 1), done("renaming", 0)
        assert np.all(opened.of("gate", **where) == 1) and np.all(shut.of("gate", **where) == 0)
        assert np.all(shut.end("progress", **where) == shut.of("progress", **where)[0])
        gained = opened.end("progress", **where) + opened.end("rung", **where) - rung[0, :32]
        assert np.all(gained > 0.2)


def test_russia_campaigns_against_the_renaming_and_the_west_for_it() -> None:
    # What is spent there by means that can push, with and without worth in pushing. The Union's door is far off behind the name,
    # so it hardly bothers.
    bold, idle = (arm({"mechanics.deeds.push_worth": worth, "deeds.renaming.rate": 0}) for worth in (0.8, 0))
    for power, by in (("russia", 0.3), ("nato", 0.05), ("us", 0.02)):
        spent = [sum(spending(of, power, name, MACEDONIA) for name in CAMPAIGNS if f"{power}.{name}" in of.roster.ids["instrument"])
                 for of in (bold, idle)]  # fmt: skip
        assert_falls(np.asarray(spent[0]), np.asarray(spent[1]), by)


def test_campaigns_move_the_odds_of_the_renaming() -> None:
    usual = ever(arm(runs=64), "renaming").mean()
    no_russia = ever(arm({f"powers.russia.skill.{name}": 0 for name in CAMPAIGNS}, runs=64), "renaming").mean()
    no_west = {f"powers.{power}.skill.diplomacy": 0 for power in ("eu", "nato", "us")}
    unhelped = ever(arm({**no_west, "powers.eu.skill.information": 0, "powers.us.skill.information": 0}, runs=64), "renaming").mean()
    assert no_russia > usual + 0.03
    assert unhelped < usual - 0.03


def test_a_cabinet_that_will_not_go_settles_no_name() -> None:
    stuck = arm({"deeds.refusal.reversible": 0, "deeds.refusal.start": 1, "deeds.renaming.base": 10})
    assert np.all(ever(stuck, "renaming") == 0)
    gone = arm({"deeds.refusal.start": 0, "deeds.refusal.rate": 0, "deeds.renaming.base": 10, "deeds.renaming.rate": 0.5})
    assert ever(gone, "renaming").mean() > 0.95
    where = {"institution": "nato", "country": MACEDONIA}
    assert np.all(done("refusal", 1).of("deed", deed="refusal") == 1)
    drifting = {"gates.renaming_nato.strength": 0}
    assert_falls(done("refusal", 0, drifting).mean("flow", **where), done("refusal", 1, drifting).mean("flow", **where), 0.005)


def test_a_tariff_follows_a_block_and_raises_hostility() -> None:
    blocked, let = (arm({"deeds.block_of_bid.start": on, "deeds.block_of_bid.rate": on, "deeds.block_of_bid.reversible": 0}, runs=64)
                    for on in (1, 0))  # fmt: skip
    assert np.all(ever(blocked, "block_of_bid") == 1) and np.all(ever(let, "block_of_bid") == 0)
    assert ever(blocked, "tariff").mean() > ever(let, "tariff").mean() + 0.4
    calm = arm({"deeds.block_of_bid.start": 1, "deeds.block_of_bid.reversible": 0, "deeds.tariff.causes.block.weight": 0}, runs=64)
    assert ever(calm, "tariff").mean() < ever(blocked, "tariff").mean() - 0.4
    for deed, by in (("tariff", 0.17), ("block_of_bid", 0.1)):
        raised = done(deed, 1).mean("hostility", dispute="kosovo") - done(deed, 0).mean("hostility", dispute="kosovo")
        assert np.all(raised > by - 1e-9), raised.min()


def test_a_veto_closes_the_opening_of_talks() -> None:
    near = {"countries.albania.membership.eu.progress": 0.7, "deeds.french_veto.reversible": 0}
    vetoed, let = done("french_veto", 1, near), done("french_veto", 0, near)
    where = {"institution": "eu", "country": "albania"}
    start = let.of("rung", **where)[0, 0]
    assert scenario_of().countries["albania"].membership["eu"].stage == "candidate"
    assert np.all(vetoed.of("gate", **where) == 0) and np.all(vetoed.of("flow", **where) == 0)
    assert np.all(vetoed.end("rung", **where) == start)
    assert np.mean(let.end("rung", **where) > start) > 0.3 and np.all(let.of("gate", **where) == 1)
    early = done("french_veto", 1, {"countries.albania.membership.eu.progress": 0.1, "mechanics.accession.unaided": 0})
    assert np.all(early.of("flow", **where)[:2] > 0), "before the opening it holds nobody up"


def test_members_who_agree_cast_no_veto() -> None:
    agreed = arm({f"institutions.eu.members.{name}.stance": 0.65 for name in scenario_of().institutions["eu"].members}, runs=64)
    torn = arm({"institutions.eu.members.france.stance": 0.1}, runs=64)
    assert ever(torn, "french_veto").mean() > ever(agreed, "french_veto").mean() + 0.2


def test_a_mission_comes_in_a_pandemic_and_wins_liking_in_serbia() -> None:
    ill = shocked(scenario_of(), {"at": "2017-06", "path": "drivers.pandemic.level", "set": 1, "shape": {"pulse": 18}})
    sick, well = arm(of=ill, runs=64), arm(runs=64)
    assert ever(sick, "aid_mission").mean() > 0.95 and ever(well, "aid_mission").mean() < 0.4
    deaf = arm({"deeds.aid_mission.causes.pandemic.weight": 0}, of=ill, runs=64)
    assert ever(deaf, "aid_mission").mean() < 0.4
    none = arm({"deeds.aid_mission.rate": 0}, of=ill, runs=64)
    there = {"power": "russia", "country": "serbia"}
    assert_falls_on_average(sick.of("opinion", **there)[24], none.of("opinion", **there)[24], 0.02)
    elsewhere = {"power": "russia", "country": "bulgaria"}
    assert np.allclose(sick.of("opinion", **elsewhere)[24].mean(), none.of("opinion", **elsewhere)[24].mean(), atol=3e-3)


def test_a_referendum_paralyses_the_state_and_comes_of_autonomy() -> None:
    held, not_held = done("referendum", 1), done("referendum", 0)
    assert_rises(held.end("deciding", country="bosnia"), not_held.end("deciding", country="bosnia"), 0.005)
    free, tame = (arm({"countries.republika_srpska.autonomy": level}, runs=64) for level in (0.9, 0.3))
    assert ever(free, "referendum").mean() > ever(tame, "referendum").mean() + 0.2


def test_an_open_war_brings_serbia_nearer_to_sanctions() -> None:
    war, peace = arm({"powers.russia.war": 1}, runs=64), arm(runs=64)
    assert ever(war, "sanctions").mean() > ever(peace, "sanctions").mean()
    pressed = arm({"powers.russia.war": 1, "deeds.sanctions.causes.war.weight": 2}, runs=64)
    assert ever(pressed, "sanctions").mean() > ever(war, "sanctions").mean() + 0.2


def test_rules_of_the_market_bring_gas_from_elsewhere_and_a_ruling() -> None:
    usual = arm()
    lawless = arm({"powers.eu.skill.regulation": 0})
    dear = arm({"deeds.gas_diversification.causes.market_rules.weight": 0})
    assert_falls(usual.end("deed", deed="gas_diversification"), lawless.end("deed", deed="gas_diversification"), 0.003)
    assert np.any(usual.end("deed", deed="gas_diversification") != dear.end("deed", deed="gas_diversification"))
    keen = arm({"deeds.antitrust_ruling.causes.enforcement.usual": -5}, runs=64)
    assert ever(keen, "antitrust_ruling").mean() > ever(arm(runs=64), "antitrust_ruling").mean() + 0.2
    ruled = keen.of("deed", deed="antitrust_ruling")
    assert np.all(np.diff(ruled, axis=0) >= 0), "a binding commitment is never undone"


def test_a_dial_stays_between_nothing_and_everything() -> None:
    usual = history(scenario_of())
    dials = [name for name, deed in scenario_of().deeds.items() if deed.kind == "dial"]
    for name in usual.roster.ids["deed"]:
        value = usual.of("deed", deed=name)
        assert np.all((value >= 0) & (value <= 1))
        assert (name in dials) == bool(np.any((value > 0.01) & (value < 0.99)))
