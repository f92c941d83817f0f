"""Chapter 5: what governments weigh, and how they spread their bets."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.arms import (
    Array,
    History,
    arm,
    assert_falls,
    assert_rises,
    entropy,
    everyone,
    history,
    middling,
    scenario_of,
    shocked,
    undisturbed,
    uneventful,
    without_luck,
)


@pytest.mark.parametrize(
    ("path", "side", "country", "by"),
    [
        pytest.param("mechanics.alignment.influence", "west", "kosovo", 0.12, id="influence draws a government to who holds it"),
        pytest.param("mechanics.alignment.audience", "east", "serbia", 0.025, id="a public draws its government to whom it likes"),
        pytest.param("mechanics.alignment.lock", "west", "croatia", 0.15, id="membership locks in"),
        pytest.param("countries.serbia.pride", "self", "serbia", 0.018, id="pride keeps a government to itself"),
        # Small: from Serbia the Union's door is forty years off, and a far promise is discounted to little.
        pytest.param("institutions.eu.value", "west", "serbia", 0.001, id="a prospect of membership draws, even a far one"),
        pytest.param("institutions.eu.value", "west", "montenegro", 0.004, id="a prospect of membership draws"),
        pytest.param("institutions.nato.credibility", "west", "north_macedonia", 0.1, id="a prospect draws as far as it is believed"),
    ],
)
def test_alignment_rests_on(path: str, side: str, country: str, by: float) -> None:
    where, still = {"side": side, "country": country}, undisturbed()
    assert_falls(arm(of=still).mean("course", **where), arm({path: 0}, of=still).mean("course", **where), by)


def test_a_prospect_that_is_far_off_draws_less(usual: History) -> None:
    where = {"side": "west", "country": "north_macedonia"}
    assert_falls(usual.mean("course", **where), arm({"mechanics.alignment.prospect": 12}).mean("course", **where), 0.1)


@pytest.mark.parametrize(("country", "by"), [("serbia", 0.005), ("republika_srpska", 0.015)])
def test_conditionality_costs_a_captured_government(country: str, by: float, usual: History) -> None:
    where = {"side": "west", "country": country}
    assert_rises(usual.mean("course", **where), arm({"mechanics.alignment.capture_cost": 0}).mean("course", **where), by)
    lenient = arm({f"powers.{power}.conditionality": 0 for power in ("eu", "nato", "us")})
    assert_rises(usual.mean("course", **where), lenient.mean("course", **where), by)


def test_conditions_cost_a_clean_government_less() -> None:
    where = {"side": "west", "country": "serbia"}
    gains = []
    for capture in (0.1, 0.9):
        free = {"countries.serbia.capture": capture, "mechanics.alignment.capture_cost": 0}
        gains.append(arm(free).mean("course", **where) - arm({"countries.serbia.capture": capture}).mean("course", **where))
    assert_rises(*gains, 0.005)


@pytest.mark.parametrize(("country", "by"), [("serbia", 0.001), ("republika_srpska", 0.001)])
def test_fear_of_rivals_arms_holds_a_government_back_from_the_alliance(country: str, by: float, usual: History) -> None:
    brave = arm({f"countries.{country}.fear": 0})
    where = {"power": "nato", "country": country}
    assert_rises(usual.mean("alignment", **where), brave.mean("alignment", **where), by)
    elsewhere = {"power": "nato", "country": "albania"}
    assert np.allclose(usual.mean("alignment", **elsewhere), brave.mean("alignment", **elsewhere), atol=1e-3)


def test_a_hedger_spreads_its_bets(usual: History) -> None:
    def spread(scale: float) -> Array:
        hedged = arm({"countries.serbia.hedging": {"scale": scale}}, of=undisturbed())
        return entropy(hedged.of("course", country="serbia")[1:], 1).mean(axis=0)

    assert_rises(spread(0.1), spread(1), 0.25)
    # Those who spread their bets nearly evenly already can only gain a little, so the gain is skewed; but all gain.
    assert np.all(spread(2) > spread(1)) and spread(2).mean() > spread(1).mean() + 0.01
    assert np.all(spread(5.3) > 0.98 * np.log(3)), "whoever cares for insurance alone spreads evenly"


def test_a_member_hedges_less(usual: History) -> None:
    free = arm({"mechanics.alignment.member_hedging": 1})
    inside, outside = ({"country": name} for name in ("croatia", "serbia"))
    assert_rises(entropy(usual.of("course", **inside)[1:], 1).mean(axis=0), entropy(free.of("course", **inside)[1:], 1).mean(axis=0), 0.06)
    assert np.array_equal(usual.of("course", **outside)[0], free.of("course", **outside)[0])


def test_a_course_has_inertia() -> None:
    # The Union trebles its effort in July 2017; quick governments have turned further by the end of the year.
    courted = shocked(without_luck(undisturbed()), {"at": "2017-07", "path": "powers.eu.capacity", "scale": 3})

    def turned(inertia: float) -> Array:
        course = arm({"mechanics.alignment.inertia": inertia}, of=courted).of("course", side="west", country="serbia")
        return course[12] - course[0]

    assert np.all(turned(0) == 0)
    assert_rises(turned(0), turned(0.02), 0.0005)
    assert_rises(turned(0.02), turned(0.2), 0.002)


def test_words_answer_signals(usual: History) -> None:
    deaf = arm({"mechanics.alignment.signal": 0})
    assert_falls(usual.mean("words", side="west", country="kosovo"), deaf.mean("words", side="west", country="kosovo"), 0.05)
    assert_rises(usual.mean("words", side="self", country="serbia"), deaf.mean("words", side="self", country="serbia"), 0.04)


def test_words_move_a_course_only_where_powers_or_brokers_take_them_for_deeds(usual: History) -> None:
    deaf = {"mechanics.alignment.signal": 0}
    assert not np.array_equal(usual.of("course"), arm(deaf).of("course"))
    unheard = {"disputes.kosovo.talks.goodwill": 0, **everyone("powers.{}.learning", scenario_of().powers, 0)}
    heard, mute = arm(unheard), arm({**unheard, **deaf})
    assert not np.array_equal(heard.of("words"), mute.of("words"))
    assert np.array_equal(heard.of("course"), mute.of("course"))


def test_words_turn_before_the_course_does() -> None:
    scenario = without_luck(uneventful(middling()))
    courted = history(shocked(scenario, {"at": "2017-07", "path": "powers.eu.capacity", "scale": 3}), runs=8)
    usual = history(scenario, runs=8)
    where = {"side": "west", "country": "serbia"}
    words, course = (courted.of(name, **where) - usual.of(name, **where) for name in ("words", "course"))
    assert np.all(words[6] == 0) and np.all(course[6] == 0)
    assert np.all(words[12] > 0.01)
    assert np.all(words[12] > 4 * np.abs(course[12]))
    half = [int((turn[:, 0] > turn[-1, 0] / 2).argmax()) for turn in (words, course)]
    assert half[0] + 3 < half[1], half


def test_inside_a_bloc_a_narrow_taste_picks_the_best_door(usual: History) -> None:
    picky = arm({"mechanics.alignment.within_bloc": 0.05})
    assert_rises(usual.mean("alignment", power="us", country="kosovo"), picky.mean("alignment", power="us", country="kosovo"), 0.1)
    assert_rises(usual.mean("alignment", power="eu", country="serbia"), picky.mean("alignment", power="eu", country="serbia"), 0.02)


def test_powers_share_their_blocs_part_of_a_course(usual: History) -> None:
    western = sum(usual.of("alignment", power=power) for power in ("eu", "nato", "us"))
    course = usual.of("course", side="west")
    whole = usual.roster.is_leaf
    assert np.allclose(western[:, whole], course[:, whole], atol=1e-12)
    assert np.allclose(usual.of("course").sum(axis=1), 1, atol=1e-12)
    assert np.allclose(usual.of("words").sum(axis=1), 1, atol=1e-12)
