"""Chapter 8: how ladders are climbed, gates that close, members that consent, promises that are kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.mechanisms.arms import History, arm, assert_falls, assert_rises, everyone, history, overlaid, undisturbed, uneventful

ALBANIA = {"institution": "eu", "country": "albania"}
NO_RELAPSE = {"disputes.kosovo.talks.wear": 0}
LADDER = ("none", "partner", "ipap", "map", "invited")
AGAINST = [
    f"{channel}.effects.accession.{club}"
    for channel in ("covert", "patronage", "religion", "social_media", "force")
    for club in ("eu", "nato")
]


@pytest.mark.parametrize(
    ("changes", "by"),
    [
        pytest.param({"countries.albania.aspiration.eu": 0.3}, 0.04, id="will"),
        pytest.param({"mechanics.tension.resilience": 0, "countries.albania.grievance": 2}, 0.03, id="calm"),
        pytest.param({"countries.albania.resilience": 0.1}, 0.03, id="resilience"),
        pytest.param({"countries.albania.capture": 0.95}, 0.03, id="clean government"),
        pytest.param({"institutions.eu.credibility": 0.1}, 0.02, id="credibility"),
        pytest.param({"channels.accession_outreach.effects.accession.eu": 0}, 0.025, id="help"),
        pytest.param({"powers.eu.capacity": 0}, 0.03, id="a grantor that is there"),
    ],
)
def test_the_flow_of_accession_work_needs(changes: dict[str, Any], by: float, usual: History) -> None:
    assert_falls(usual.mean("flow", **ALBANIA), arm(changes).mean("flow", **ALBANIA), by)


def test_without_any_wish_to_join_nothing_flows() -> None:
    assert np.all(arm({"countries.albania.aspiration.eu": 0}).of("flow", **ALBANIA) == 0)


def test_candidates_do_part_of_the_work_unaided(usual: History) -> None:
    alone, helpless = arm({"mechanics.accession.unaided": 1}), arm({"mechanics.accession.unaided": 0})
    assert_rises(usual.mean("flow", **ALBANIA), alone.mean("flow", **ALBANIA), 0.03)
    assert_falls(usual.mean("flow", **ALBANIA), helpless.mean("flow", **ALBANIA), 0.02)


def test_obstruction_slows_accession(usual: History) -> None:
    unhindered = arm(everyone("channels.{}", AGAINST, 0))
    for club in ("eu", "nato"):
        where = {"institution": club, "country": "montenegro"}
        assert_falls(usual.mean("block", **where), unhindered.mean("block", **where), 0.05)
        assert_rises(usual.mean("flow", **where), unhindered.mean("flow", **where), 0.006)


def test_the_flow_is_the_product_of_its_parts() -> None:
    # Anything at 0 stops it: the exact product, from the variables of the same month. A government crisis would take from
    # aspiration for a while, so nothing happens here.
    usual = arm(of=undisturbed())
    tension, q, c = (usual.of(name, country="albania")[1:] for name in ("tension", "resilience", "capture"))
    drawn = usual.of("course", side="west", country="albania")[1:]
    helped, blocked, gate, flow = (usual.of(name, **ALBANIA)[1:] for name in ("help", "block", "gate", "flow"))
    credibility = usual.of("credibility", institution="eu")[1:]
    left = flow / (2 * drawn / (1 + drawn) * (1 - tension) * np.sqrt(q * (1 - c)) * credibility * (1 - blocked) * gate)
    # What is left is aspiration times the part that help makes up: in each run a line in help, whose two numbers never change.
    for run in range(left.shape[1]):
        slope, base = np.polyfit(helped[:, run], left[:, run], 1)
        assert np.allclose(base + slope * helped[:, run], left[:, run], atol=1e-9)
        assert 0.37 < base / (base + slope) < 0.63


def climbed(history: History, club: str, country: str) -> np.ndarray:
    """Stages climbed in all. Shape: (run)."""
    rung = history.of("rung", institution=club, country=country)
    return np.asarray(rung[-1] - rung[0])


def test_a_gate_on_a_deed_is_shut_until_it_is_done(usual: History) -> None:
    # Whether and when the name is settled is up to Skopje in every history.
    undone = usual.of("deed", deed="renaming") == 0
    never = undone.all(axis=0)
    assert 0.1 < never.mean() < 0.9
    for club, others in (("eu", "french_veto_eu"), ("nato", "")):
        where = {"institution": club, "country": "north_macedonia"}
        assert np.all(usual.of("gate", **where)[undone] == 0)
        assert np.all(usual.of("flow", **where)[undone] == 0)
        assert np.all(climbed(usual, club, "north_macedonia")[never] == 0)
        free = usual if not others else arm({f"gates.{others}.strength": 0})
        assert np.array_equal(free.of("deed", deed="renaming") == 0, undone)
        assert np.all(free.of("gate", **where)[~undone] == 1)
        ajar = arm({f"gates.{name}.strength": 0 for name in (f"renaming_{club}", others) if name})
        assert np.all(ajar.of("flow", **where) > 0)
    assert climbed(usual, "nato", "north_macedonia")[~never].mean() > 0.5


TREATY = """\
extends: western_balkans_2017.yaml
schema: 1
title: A border treaty before Albania goes on
conditions: {treaty: {name: Border treaty, level: 0}}
gates:
  treaty_eu: {name: The treaty, institution: eu, countries: [albania], stage: none, watches: {condition: treaty},
    shut: 0.4, open: 0.9, strength: 0.8}
"""


def with_a_treaty(level: float) -> History:
    """The default with a condition besides, that holds Albania's way into the Union from its first day."""
    return history(uneventful(overlaid(TREATY, 12)).with_changes({"conditions.treaty.level": level}))


def test_a_gate_on_a_condition_lets_as_much_pass_as_the_condition_is_met() -> None:
    for level, rise in ((0, 0), (0.4, 0), (0.65, 0.5), (0.9, 1), (1, 1)):
        assert np.allclose(with_a_treaty(level).of("gate", **ALBANIA), 1 - 0.8 * (1 - rise), rtol=0, atol=1e-12)
    assert_falls(with_a_treaty(1).mean("flow", **ALBANIA), with_a_treaty(0).mean("flow", **ALBANIA), 0.05)


def test_a_gate_on_a_dispute_is_shut_short_of_normal_relations(usual: History) -> None:
    kosovo = {"institution": "nato", "country": "kosovo"}
    assert np.all(usual.of("flow", **kosovo) == 0)
    assert np.all(usual.of("progress", **kosovo) == 0)
    ajar = arm({"gates.kosovo_nonrecognition.strength": 0})
    assert np.all(ajar.end("progress", **kosovo) + climbed(ajar, "nato", "kosovo") > 0.05)
    normal = arm({"disputes.kosovo.normalisation": 1, **NO_RELAPSE})
    assert np.all(normal.of("gate", **kosovo) == 1)
    # Relations worn down close it again.
    worn = arm({"disputes.kosovo.normalisation": 1, "disputes.kosovo.talks.wear": 0.1, "disputes.kosovo.talks.deal": 0})
    assert np.all(worn.end("gate", **kosovo) == 0)


def test_a_gate_may_stand_half_way_up_a_stage() -> None:
    serbia = {"institution": "eu", "country": "serbia"}
    held = {f"disputes.kosovo.talks.{key}": 0 for key in ("creep", "wear", "deal")}
    below, beyond = (arm({"countries.serbia.membership.eu.progress": progress, **held}) for progress in (0.3, 0.7))
    assert np.all(below.of("flow", **serbia)[:3] > 0)
    assert np.all(beyond.of("flow", **serbia) == 0)
    assert np.all(beyond.of("progress", **serbia)[-1] == 0.7)
    normal = arm({"countries.serbia.membership.eu.progress": 0.7, "disputes.kosovo.normalisation": 1, **NO_RELAPSE})
    assert np.all(normal.of("flow", **serbia) > 0)


def test_a_gate_on_aspiration_keeps_a_neutral_out(usual: History) -> None:
    serbia = {"institution": "nato", "country": "serbia"}
    assert np.all(usual.of("flow", **serbia) == 0)
    assert np.all(climbed(usual, "nato", "serbia") == 0)
    willing = arm({"countries.serbia.aspiration.nato": 0.6})
    assert np.all(willing.of("gate", **serbia) == 1)
    assert np.all(willing.end("progress", **serbia) + climbed(willing, "nato", "serbia") > 0.05)


def test_a_gate_on_entities_is_shut_while_one_of_them_stands_apart() -> None:
    bosnia = {"institution": "nato", "country": "bosnia"}
    exact = {"gates.entities_agree_nato.shut": 0.15, "gates.entities_agree_nato.open": 0.5}
    watched = arm(exact)
    lowest = np.minimum(*(watched.of("course", side="west", country=name) for name in ("republika_srpska", "federation")))
    shut = lowest <= 0.15
    assert 0.3 < shut.mean() < 1
    assert np.all(watched.of("flow", **bosnia)[shut] == 0)
    assert np.all(watched.of("flow", **bosnia)[~shut] > 0)
    ajar = arm({"gates.entities_agree_nato.strength": 0})
    assert_rises(watched.end("progress", **bosnia), ajar.end("progress", **bosnia), 0.03)


def test_a_closed_gate_wants_no_obstruction_and_months_to_go_never_end(usual: History) -> None:
    for country in ("serbia", "kosovo"):
        assert np.all(usual.of("months_to_go", institution="nato", country=country) == 600)


def test_nobody_passes_without_the_members_consent(usual: History) -> None:
    refused = arm(everyone("institutions.nato.stages.{}.consent", LADDER, 0))
    assert np.all(refused.of("rung", institution="nato") == usual.of("rung", institution="nato")[0])
    assert climbed(usual, "nato", "montenegro").mean() == 1
    # Work done is kept while members make up their minds.
    assert np.all(refused.of("progress", institution="nato", country="montenegro")[12:] == 1)


def test_members_in_discord_hold_candidates_up(usual: History) -> None:
    discord = arm({"institutions.nato.unity": 0.1})
    assert_falls(climbed(usual, "nato", "montenegro"), climbed(discord, "nato", "montenegro"), 0.5)


def test_a_member_that_stands_apart_breaks_unity(usual: History) -> None:
    apart = arm({"institutions.eu.members.france.stance": 0})
    assert_falls(usual.end("unity", institution="eu"), apart.end("unity", institution="eu"), 0.15)
    forgiving = arm({"institutions.eu.members.france.stance": 0, "mechanics.accession.disagreement": 0})
    assert_rises(apart.end("unity", institution="eu"), forgiving.end("unity", institution="eu"), 0.15)


def test_delivery_below_promise_lowers_credibility(usual: History) -> None:
    half = arm({"powers.eu.capacity": {"scale": 0.5}})
    assert_falls(usual.end("credibility", institution="eu"), half.end("credibility", institution="eu"), 0.1)
    blind = arm({"powers.eu.capacity": {"scale": 0.5}, "mechanics.accession.delivery": 0})
    assert_rises(half.end("credibility", institution="eu"), blind.end("credibility", institution="eu"), 0.15)
    assert_rises(
        usual.end("credibility", institution="eu"),
        arm({"mechanics.accession.disappointment": 0}).end("credibility", institution="eu"),
        0.04,
    )


def test_members_stay_and_nobody_falls_back(usual: History) -> None:
    assert np.all(np.diff(usual.of("rung"), axis=0) >= 0)
