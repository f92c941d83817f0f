"""Chapter 13: what we do not know and what nobody can know come from separate streams, and each widens the fan."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.arms import Array, History, arm, history, middling, scenario_of, undisturbed, uneventful, without_luck

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
    # What happens by chance would widen both.
    noisy = history(uneventful(middling()))
    still = history(uneventful(middling()).with_changes({f"mechanics.{chapter}.noise": 0}))
    assert spread(still.end(name, **where)) < 0.3 * spread(noisy.end(name, **where))


@pytest.mark.parametrize("chapter", WATCHED)
def test_a_mood_keeps_its_size(chapter: str) -> None:
    mood = history(middling()).of(WATCHED[chapter][0])
    sizes = mood.reshape(len(mood), -1).std(axis=1)
    wanted = float(getattr(middling().mechanics, chapter).noise.value)
    assert np.all(np.abs(sizes / wanted - 1) < 0.2)


def test_parameters_held_at_their_middle_narrow_the_fan() -> None:
    # What happens by chance would widen both.
    usual, fixed = history(undisturbed()), history(uneventful(middling()))
    for country in ("serbia", "croatia", "kosovo"):
        assert spread(fixed.end("tension", country=country)) < 0.7 * spread(usual.end("tension", country=country))
        assert spread(fixed.end("course", side="west", country=country)) < 0.8 * spread(usual.end("course", side="west", country=country))


def test_what_happens_by_chance_widens_the_fan() -> None:
    calm, eventful = history(without_luck(uneventful(middling()))), history(without_luck(middling()))
    for name, where in (("tension", {"country": "north_macedonia"}), ("course", {"side": "west", "country": "serbia"})):
        assert spread(eventful.end(name, **where)) > 0.005 + 2 * spread(calm.end(name, **where))


def test_without_any_of_it_only_the_members_consent_differs_between_runs() -> None:
    calm = history(without_luck(uneventful(middling())))
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
    military = [place for place, name in enumerate(usual.roster.ids["instrument"]) if name.endswith(".military")]
    albania = usual.roster.place("country", "albania")
    moved = np.argwhere(np.any(fixed.of("leverage")[0] != usual.of("leverage")[0], axis=-1))
    # Its government's course moves, and with it the military ties there that need its consent.
    assert all(a in military and b == albania for a, b in moved)
    for name in ("tension", "opinion", "resilience", "capture", "false_belief", "belief", "mood_course"):
        assert np.array_equal(fixed.of(name)[0], usual.of(name)[0]), name
    assert not np.array_equal(fixed.of("course", country="albania")[0], usual.of("course", country="albania")[0])
    assert np.array_equal(fixed.of("course", country="serbia")[0], usual.of("course", country="serbia")[0])
    assert scenario_of().ensemble.seed == 1
