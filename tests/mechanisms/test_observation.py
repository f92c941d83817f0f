"""Chapter 12: effort becomes acts, some are seen, and only what is seen feeds back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.rules.leverage import is_noticed
from sim.rules.observation import expected_acts, visible, watchfulness
from sim.rules.resources import attention_pull
from tests.mechanisms.arms import History, Scenario, arm, everyone, history, middling, scenario_of, undisturbed, uneventful, without_luck
from tests.mechanisms.moments import EVENLY, dealt, moment

CHANNELS = [name for name, channel in scenario_of().channels.items() if channel.acts is not None]
SERBIA = {"power": "russia", "country": "serbia"}


def counting(spread: float) -> Scenario:
    """A world in which nothing differs between runs but how many acts are counted."""
    still = uneventful(without_luck(middling()))
    acts = {f"channels.{name}.acts": float(middling().channels[name].acts.value or 0) for name in CHANNELS}  # type: ignore[union-attr]
    return still.with_changes({**acts, "mechanics.observation.spread": spread, "mechanics.observation.most": 60})


def expected(of: History, power: str, country: str) -> np.ndarray:
    """Acts to be seen in each month on average, from last month's effort. Shape: (month, run)."""
    channels = middling().channels
    held = {place: name.split(".")[1] for place, name in enumerate(of.roster.ids["instrument"]) if name.startswith(f"{power}.")}
    effort = of.of("effort", country=country)[:-1]
    rates = {
        place: float(channels[name].acts.value) * float(channels[name].visibility.value)  # type: ignore[union-attr,arg-type]
        for place, name in held.items()
        if channels[name].acts is not None
    }
    return np.asarray(sum(rate * effort[:, place] for place, rate in rates.items()))


@pytest.mark.parametrize(("power", "country"), [("russia", "serbia"), ("eu", "serbia"), ("nato", "montenegro"), ("us", "kosovo")])
def test_acts_are_counted_at_the_rate_of_the_effort(power: str, country: str) -> None:
    found = history(counting(0), runs=128)
    count, mean = found.of("seen_acts", power=power, country=country)[1:], expected(found, power, country)
    assert np.all(count == np.round(count)) and mean.mean() > 0.2
    assert count.mean() == pytest.approx(mean.mean(), rel=0.04)
    # Poisson: as much variance as mean.
    assert ((count - mean) ** 2).mean() == pytest.approx(mean.mean(), rel=0.12)
    # Watched unevenly, the same on average and more uneven: a tie's factor stays for good and has a variance of a half.
    uneven = history(counting(1), runs=128)
    count, mean = uneven.of("seen_acts", power=power, country=country)[1:], expected(uneven, power, country)
    assert count.mean() == pytest.approx(mean.mean(), rel=0.2)
    assert ((count - mean) ** 2).mean() > 1.5 * mean.mean() or mean.mean() < 1
    assert ((count - mean) ** 2).mean() == pytest.approx((mean + 0.5 * mean**2).mean(), rel=0.35)


def test_how_closely_a_tie_is_watched_has_a_mean_of_one() -> None:
    draw = (np.arange(20000) + 0.5) / 20000
    for spread in (0, 0.5, 1):
        factor = watchfulness(draw, np.array([spread]))
        assert factor.mean() == pytest.approx(1, abs=2e-3)
        assert factor.var() == pytest.approx(spread**2 / 2, rel=0.02, abs=1e-12)
        assert np.all(factor >= 0)
    watched = arm().of("watched")
    assert np.all(watched == watched[0]), "for a whole history"


def test_what_is_expected_follows_effort_and_visibility() -> None:
    now = moment()
    usual = expected_acts(now.world, now.numbers)
    double = replace(now.world, effort=2 * now.world.effort)
    assert np.allclose(expected_acts(double, now.numbers), 2 * usual) and usual.max() > 0.5
    hidden = now.by({f"channels.{name}.visibility": 0 for name in scenario_of().channels})
    assert np.all(expected_acts(hidden.world, hidden.numbers) == 0) and np.all(hidden.numbers.once(is_noticed) == 0)


def test_more_acts_seen_than_usual_are_more_noticed() -> None:
    now = moment({"mechanics.observation.most": 60})
    none, many = (visible(now.world, now.numbers, dealt(acts=draw)) for draw in (0.0, 0.999))
    assert np.all(none["seen_acts"] == 0) and many["seen_acts"].max() > 2
    left = 0.5 ** (1 / now.number("mechanics.attention.memory"))
    leaves = now.numbers.roster.is_leaf
    assert np.allclose(none["visible"][:, leaves], (now.world.visible * left)[:, leaves]), "what is not seen is not noticed"
    assert np.all(many["visible"] >= none["visible"])
    evenly = visible(now.world, now.numbers, dealt(acts=EVENLY))["visible"].mean(axis=-1)
    blind = now.by({f"channels.{name}.acts": 0 for name in CHANNELS})
    steady = visible(blind.world, blind.numbers, dealt(acts=EVENLY))["visible"]
    assert np.all(steady == steady[..., :1])
    assert evenly.mean() == pytest.approx(steady.mean(), rel=0.02)


def test_a_computing_limit_cuts_counts_off() -> None:
    assert moment().number("mechanics.observation.most") == 12
    assert arm({"mechanics.observation.most": 1}).of("seen_acts").max() == 1


def test_what_is_seen_feeds_attention_and_words() -> None:
    now = moment()
    eu = now.numbers.roster.place("power", "eu")
    seen = replace(
        now.world, visible=np.where(np.arange(4)[:, None, None] == now.numbers.roster.place("power", "russia"), 2, 1) * now.world.visible
    )
    assert np.all(attention_pull(seen, now.numbers)[eu] > attention_pull(now.world, now.numbers)[eu] + 0.1)
    # In runs alike but for the count, whoever is counted more is noticed more, answered more and courted in word.
    found = history(counting(1), runs=64)
    count = found.mean("seen_acts", **SERBIA)
    for name, where in (("visible", SERBIA), ("words", {"side": "east", "country": "serbia"})):
        assert np.corrcoef(count, found.mean(name, **where))[0, 1] > 0.5, name
    every = found.of("seen_acts", power="russia")[1:].mean(axis=(0, 1))
    assert np.corrcoef(every, found.mean("attention", power="eu"))[0, 1] > 0.3


def test_without_acts_what_is_seen_is_certain() -> None:
    unseen = arm(everyone("channels.{}.acts", CHANNELS, 0), of=scenario_of())
    assert np.all(unseen.of("seen_acts") == 0)
    still = history(without_luck(uneventful(middling())), runs=8)
    assert np.all(still.of("visible")[:2] == still.of("visible")[:2, ..., :1])
    counted = history(counting(0), runs=8)
    assert np.any(counted.of("visible")[1] != counted.of("visible")[1, ..., :1])
    assert np.any(undisturbed().channels["energy"].acts is not None)
