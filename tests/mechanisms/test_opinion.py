"""Chapter 6: what publics think of powers, and what they wrongly believe."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.arms import History, arm, assert_falls, assert_rises, history, overlaid, scenario_of, undisturbed

AT_WAR = {"powers.russia.war": 1}


def test_public_reach_wins_liking_relative_to_rivals(usual: History) -> None:
    without = arm({"mechanics.opinion.reach": 0})
    assert_falls(usual.end("opinion", power="russia", country="serbia"), without.end("opinion", power="russia", country="serbia"), 0.045)
    assert_rises(usual.end("opinion", power="eu", country="serbia"), without.end("opinion", power="eu", country="serbia"), 0.015)


@pytest.mark.parametrize(("power", "by"), [("russia", 0.02)])
def test_coercion_costs_liking(power: str, by: float, usual: History) -> None:
    where = {"power": power, "country": "serbia"}
    assert_rises(usual.end("opinion", **where), arm({"mechanics.opinion.coercion": 0}).end("opinion", **where), by)


def test_a_war_costs_its_author_liking(usual: History) -> None:
    war, forgiven = arm(AT_WAR), arm({**AT_WAR, "mechanics.opinion.war": 0})
    where = {"power": "russia", "country": "serbia"}
    assert_rises(war.end("opinion", **where), usual.end("opinion", **where), 0.06)
    assert_rises(war.end("opinion", **where), forgiven.end("opinion", **where), 0.06)


def test_the_precedent_argument_shields_a_warring_power() -> None:
    # At its usual strength the argument spares Moscow only two tenths of a point.
    war, bare = arm(AT_WAR), arm({**AT_WAR, "mechanics.opinion.narrative_shield": 0})
    mute = arm({**AT_WAR, "channels.information.effects.precedent": 0, "channels.diplomacy.effects.precedent": 0})
    where = {"power": "russia", "country": "serbia"}
    assert_falls(war.end("opinion", **where), bare.end("opinion", **where), 0.001)
    assert_falls(war.end("opinion", **where), mute.end("opinion", **where), 0.001)
    assert np.all(mute.end("narrative", power="russia") < 0.2 * war.end("narrative", power="russia"))


def test_publics_follow_their_governments_course(usual: History) -> None:
    without = arm({"mechanics.opinion.elite_cue": 0})
    assert_falls(usual.end("opinion", power="eu", country="albania"), without.end("opinion", power="eu", country="albania"), 0.007)
    assert_rises(usual.end("opinion", power="russia", country="albania"), without.end("opinion", power="russia", country="albania"), 0.003)


def test_false_belief_costs_the_west_standing_and_its_author_nothing(usual: History) -> None:
    without = arm({"mechanics.opinion.false_belief": 0})
    assert_rises(usual.end("opinion", power="eu", country="serbia"), without.end("opinion", power="eu", country="serbia"), 0.007)
    there = {"power": "russia", "country": "serbia"}
    assert np.allclose(usual.end("opinion", **there), without.end("opinion", **there), atol=5e-4)


@pytest.mark.parametrize(("channel", "by"), [("information", 0.025), ("social_media", 0.015)])
def test_false_claims_spread_by(channel: str, by: float, usual: History) -> None:
    honest = arm({f"channels.{channel}.effects.falsehood": 0})
    assert_falls(usual.end("false_belief", country="serbia"), honest.end("false_belief", country="serbia"), by)


def test_only_a_power_that_wants_unrest_spreads_false_claims(usual: History) -> None:
    honest = arm({"powers.russia.objectives.unrest": 0})
    assert_falls(usual.end("false_belief", country="serbia"), honest.end("false_belief", country="serbia"), 0.05)
    # What nobody feeds is forgotten at a steady rate, down to what is believed at home.
    fading = honest.of("false_belief", country="serbia")
    change = np.diff(fading, axis=0)
    share = change[1:] / change[:-1]
    assert np.all(change < 0) and np.allclose(share, share[0])
    at_home = fading[0] + change[0] / (1 - share[0])
    assert np.all((at_home > 0.02) & (at_home < fading[0]))
    assert np.all((share[0] > 1 - 0.075) & (share[0] < 1 - 0.033))


def test_what_is_believed_at_home_needs_no_foreign_claims(usual: History) -> None:
    # Where the start is below what is swallowed nothing is home-grown, and without claims all is forgotten in the end.
    assert np.all(arm({"powers.russia.objectives.unrest": 0}, of=undisturbed()).end("false_belief", country="croatia") > 0)
    credulous = arm({"countries.serbia.false_belief": 0.01})
    assert np.all(credulous.end("false_belief", country="serbia") < 0.05)
    assert_falls(usual.end("false_belief", country="serbia"), credulous.end("false_belief", country="serbia"), 0.1)


def test_local_media_pick_false_claims_up(usual: History) -> None:
    assert_falls(
        usual.end("false_belief", country="serbia"), arm({"countries.serbia.pickup": 0}).end("false_belief", country="serbia"), 0.05
    )


def test_a_literate_public_believes_less(usual: History) -> None:
    naive = arm({"countries.serbia.literacy": 0})
    assert_rises(usual.end("false_belief", country="serbia"), naive.end("false_belief", country="serbia"), 0.03)


def test_a_ban_curbs_false_belief_and_part_of_its_audience_moves() -> None:
    where = {"country": "serbia"}
    usual, banned = arm(), arm({"countries.serbia.curb": 1})
    assert_rises(banned.end("false_belief", **where), usual.end("false_belief", **where), 0.025)
    stays_home = arm({"countries.serbia.curb": 1, "mechanics.opinion.migration": 0})
    assert_falls(banned.end("false_belief", **where), stays_home.end("false_belief", **where), 0.004)


def test_a_ban_leaves_those_who_never_listened_alone() -> None:
    # A channel that is no broadcast is not banned.
    text = "extends: western_balkans_2017.yaml\nschema: 1\ntitle: All by social media\nchannels: {information: {medium: social}}\n"
    by_net = overlaid(text)
    free, banned = history(by_net), arm({"countries.serbia.curb": 1, "mechanics.opinion.migration": 0}, of=by_net)
    assert np.allclose(free.end("false_belief", country="serbia"), banned.end("false_belief", country="serbia"), atol=1e-12)
    assert scenario_of().channels["information"].medium == "broadcast"
