"""Chapter 4, continued: powers learn their skill from what they think they saw, and some of what they see is words."""

from __future__ import annotations

import numpy as np
import pytest

from sim.rules.learning import FURTHEST, learning
from tests.mechanisms.arms import Array, History, arm, assert_falls, everyone, history, middling, scenario_of, uneventful, without_luck
from tests.mechanisms.moments import Moment, dealt, moment

POWERS = tuple(scenario_of().powers)


def belief(of: History, power: str) -> Array:
    """What a power believes of its instruments, weighed by the effort it puts into each. Shape: (month, run)."""
    held = [place for place, name in enumerate(of.roster.ids["instrument"]) if name.startswith(f"{power}.")]
    effort = of.of("effort")[:, held].sum(axis=2)
    return np.asarray((of.of("belief")[:, held] * effort).sum(axis=1) / effort.sum(axis=1))


def learned(now: Moment) -> Array:
    """What a month adds to each belief."""
    return np.asarray(learning(now.world, now.numbers, dealt())["belief"] - now.world.belief)


def biased(power: str, bias: float, learns: float | None = None) -> Array:
    """What a power comes to believe in three years without events or moods. Shape: (month, run)."""
    changes = {f"powers.{power}.bias": bias} | ({} if learns is None else {f"powers.{power}.learning": learns})
    return belief(history(uneventful(without_luck(middling())).with_changes(changes), runs=8), power)


@pytest.mark.parametrize(("power", "by"), [("russia", 0.15), ("eu", 0.05)])
def test_a_bias_shrinks_with_learning_and_stays_without(power: str, by: float) -> None:
    never, slow, quick = (biased(power, 1, learns) for learns in (0, None, 0.3))
    assert np.all(never == 1) and np.all(quick[0] == 1)
    assert np.all(quick[-1] < 1 - by) and np.all(quick[-1] < slow[-1]) and np.all(slow[-1] < 0.995)


def test_whoever_is_right_stays_about_right() -> None:
    assert np.all(np.abs(biased("russia", 0)) < 0.05)


def test_a_bias_the_other_way_is_not_made_worse() -> None:
    assert np.all(biased("russia", -0.5, 0.3)[-1] > -0.55)


def test_whoever_is_right_has_nothing_to_learn_from_what_comes_as_it_was_expected() -> None:
    now = moment({f"powers.{power}.learning": 0.3 for power in POWERS})
    slow = moment({f"powers.{power}.learning": 0.1 for power in POWERS})
    # What was seen is all that differs: nothing at all, much more than could be, much less.
    none, more, less = (now.having({"shift.east.serbia": shift}) for shift in (0, 0.2, -0.2))
    held = now.numbers.roster.instruments_of[now.numbers.roster.place("power", "russia")]
    assert np.all(learned(more)[held] >= learned(none)[held]) and np.all(learned(less)[held] <= learned(none)[held])
    assert learned(more)[held].max() > 0.005 and learned(less)[held].min() < -0.005
    others = np.delete(np.arange(now.numbers.roster.size("instrument")), np.arange(held.start, held.stop))
    assert np.array_equal(learned(more)[others], learned(none)[others])
    assert np.allclose(learned(now), 3 * learned(slow))


def test_credit_goes_to_what_is_used() -> None:
    now = moment().having({"shift.east.serbia": 0.2})
    # A tool that is not used anywhere gets none of the credit, whatever is seen.
    idle = now.numbers.roster.place("instrument", "russia.energy")
    potency = np.array(now.world.potency)
    potency[idle] = 0
    unused = Moment(type(now.world)(**{**vars(now.world), "potency": potency}), now.numbers, now.calendar)
    assert np.all(learned(unused)[idle] == 0) and np.any(learned(unused) != 0)


def test_belief_stays_within_reason() -> None:
    wild = arm({"powers.russia.learning": 1, "mechanics.learning.surprise": 1e-4})
    found = wild.of("belief")
    assert np.all(np.abs(found) <= FURTHEST) and np.any(np.abs(found) == FURTHEST)


def test_powers_take_words_for_deeds_as_far_as_they_trust_them() -> None:
    for trust in (0, 0.4, 1):
        seen = arm({"mechanics.learning.words": trust}, runs=8)
        words, course = (np.diff(seen.of(name), axis=0) for name in ("words", "course"))
        assert np.allclose(seen.of("shift")[1:], trust * words + (1 - trust) * course, rtol=0, atol=1e-12)
    # Words swing more than courses, so whoever trusts them sees more.
    credulous, sober = (arm({"mechanics.learning.words": trust}) for trust in (1, 0))
    swing = [np.abs(of.of("shift")[1:]).mean(axis=(0, 1, 2)) for of in (credulous, sober)]
    assert_falls(*swing, 0.002)
    still = arm(everyone("powers.{}.learning", POWERS, 0))
    assert np.all(still.of("belief") == still.of("belief")[0])
