"""Chapter 13: what we do not know and what nobody can know come from separate streams, and each widens the fan."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.arms import Array, History, arm, history, middling, scenario_of, without_luck

WATCHED = {
    "alignment": ("mood_course", "course", {"side": "west", "country": "serbia"}),
    "opinion": ("mood_opinion", "opinion", {"power": "eu", "country": "serbia"}),
    "tension": ("mood_tension", "tension", {"country": "serbia"}),
}


def spread(values: Array) -> float:
    """Standard deviation over runs."""
    return float(values.std())


@pytest.mark.parametrize("chapter", WATCHED)
def test_without_noise_its_mood_is_nothing_and_the_others_stay(chapter: str, usual: History) -> None:
    still = arm({f"mechanics.{chapter}.noise": 0})
    for other, (mood, _, _) in WATCHED.items():
        if other == chapter:
            assert np.all(still.of(mood) == 0)
        else:
            assert np.array_equal(still.of(mood), usual.of(mood))


@pytest.mark.parametrize("chapter", WATCHED)
def test_without_noise_the_fan_narrows(chapter: str) -> None:
    _, name, where = WATCHED[chapter]
    noisy = history(middling())
    still = history(middling().with_changes({f"mechanics.{chapter}.noise": 0}))
    assert spread(still.end(name, **where)) < 0.3 * spread(noisy.end(name, **where))


@pytest.mark.parametrize("chapter", WATCHED)
def test_a_mood_keeps_its_size(chapter: str) -> None:
    mood = history(middling()).of(WATCHED[chapter][0])
    sizes = mood.reshape(len(mood), -1).std(axis=1)
    wanted = float(middling().set[f"mechanics.{chapter}.noise"].to.value)  # type: ignore[union-attr,arg-type]
    assert np.all(np.abs(sizes / wanted - 1) < 0.2)


def test_parameters_held_at_their_middle_narrow_the_fan(usual: History) -> None:
    fixed = history(middling())
    for country in ("serbia", "croatia", "kosovo"):
        assert spread(fixed.end("tension", country=country)) < 0.7 * spread(usual.end("tension", country=country))
        assert spread(fixed.end("course", side="west", country=country)) < 0.8 * spread(usual.end("course", side="west", country=country))


def test_without_either_only_the_members_consent_differs_between_runs() -> None:
    calm = history(without_luck(middling()))
    rungs = calm.of("rung")
    assert np.any(rungs != rungs[..., :1])
    before = int((rungs != rungs[..., :1]).any(axis=(1, 2, 3)).argmax())
    assert np.array_equal(
        calm.of("tension")[:before], np.broadcast_to(calm.of("tension")[:before, :, :1], calm.of("tension")[:before].shape)
    )
    assert spread(calm.end("tension", country="serbia")) < 0.002


def test_luck_is_the_same_whatever_the_numbers(usual: History) -> None:
    assert np.array_equal(usual.of("mood_tension"), arm({"mechanics.tension.pressure": 0}).of("mood_tension"))


def test_a_number_that_is_fixed_leaves_the_others_draws_alone(usual: History) -> None:
    fixed = arm({"countries.albania.hedging": 0.41})
    start = fixed.of("leverage")[0]
    assert np.array_equal(start, usual.of("leverage")[0])
    assert not np.array_equal(fixed.of("course", country="albania")[0], usual.of("course", country="albania")[0])
    assert np.array_equal(fixed.of("course", country="serbia")[0], usual.of("course", country="serbia")[0])
    assert scenario_of().ensemble.seed == 1
