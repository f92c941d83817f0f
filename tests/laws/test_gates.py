"""Law 6: a closed gate blocks its stage in every run, and what is won is kept."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.roster import Roster
from sim.rules.accession import watched
from tests.laws.worlds import MONTHS, Plain, few, history, plain_worlds, scenario_of, small_scenario, stepped

pytestmark = pytest.mark.laws


def eager(plain: Plain) -> Plain:
    """A world in which ladders are climbed in a few months, were there no gates."""
    plain = copy.deepcopy(plain)
    for institution in plain["institutions"].values():
        institution |= {"credibility": 1, "unity": 1, "members": {"only": {"name": "only", "stance": 1}}}
        for stage in institution["stages"].values():
            stage |= {"consent": 1, "months": 0.5}
    for country in plain["countries"].values():
        country |= {"aspiration": dict.fromkeys(plain["institutions"], 1)} if "part_of" not in country else {}
        country |= {"tension": 0.05, "resilience": 0.95, "capture": 0.05} if "tension" in country else {}
    for channel in plain["channels"].values():
        channel["effects"]["accession"] = dict.fromkeys(plain["institutions"], 0.5)
        channel["two_way"] = False
    plain["mechanics"]["accession"] |= {"unaided": 1}
    plain["gates"] = {}
    return plain


def closed(plain: Plain, stage: str, after: float, institution: str) -> Plain:
    gate = {"name": "Shut", "institution": institution, "stage": stage, "after": after, "watches": {"condition": "treaty"}, "strength": 1}
    return plain | {"gates": {"shut": gate | {"shut": 0.4, "open": 0.8}}, "conditions": {"treaty": {"name": "Treaty", "level": 0.4}}}


STAGES = ("outside", "applicant", "member")


@given(plain_worlds(), st.sampled_from(STAGES[:2]), st.sampled_from((0.0, 0.5, 0.95, 1.0)), st.data())
def test_no_country_passes_a_stage_whose_gate_is_shut(plain: Plain, stage: str, after: float, data: Any) -> None:
    institution = data.draw(st.sampled_from(sorted(plain["institutions"])))
    scenario = scenario_of(closed(eager(plain), stage, after, institution))
    rung = history(scenario)["rung"][:, Roster(scenario).place("institution", institution)]
    stood_before = rung[0] <= STAGES.index(stage)
    assert np.all(rung[-1][stood_before] <= STAGES.index(stage))


@few(2)
@given(plain_worlds(), st.data())
def test_no_country_passes_from_the_month_on_in_which_a_gate_is_shut(plain: Plain, data: Any) -> None:
    institution = data.draw(st.sampled_from(sorted(plain["institutions"])))
    month = data.draw(st.integers(1, MONTHS - 1))
    plain = closed(eager(plain), "applicant", 0.0, institution)
    plain["conditions"]["treaty"]["level"] = 1
    plain["shocks"] = [{"id": "breach", "at": f"2020-{month + 1:02}", "path": "conditions.treaty.level", "set": 0}]
    scenario = scenario_of(plain)
    rung = history(scenario)["rung"][:, Roster(scenario).place("institution", institution)]
    still_below = rung[month] <= 1
    assert np.all(rung[-1][still_below] <= 1)


def test_without_gates_the_same_ladders_are_climbed() -> None:
    """The power of the two tests above: in such a world every country goes on where no gate stops it."""
    plain = eager(small_scenario().dumped())
    rung = history(scenario_of(plain))["rung"]
    assert np.all(rung[-1] > rung[0])


@few(2)
@given(plain_worlds())
def test_no_stage_that_was_reached_is_ever_lost(plain: Plain) -> None:
    scenario = scenario_of(plain)
    kept = history(scenario)
    assert np.all(np.diff(kept["rung"], axis=0) >= 0)
    assert np.all(np.diff(kept["rung"], axis=0) <= 1)
    stood_still = np.diff(kept["rung"], axis=0) == 0
    assert np.all(np.diff(kept["progress"], axis=0)[stood_still & (kept["rung"][1:] < 2)] >= 0)


@few(3)
@given(plain_worlds())
def test_a_gate_is_shut_exactly_where_what_it_watches_is_too_low(plain: Plain) -> None:
    scenario = scenario_of(plain)
    world, numbers = stepped(scenario, 1)
    for place, gate in enumerate(numbers.roster.gates):
        shut = numbers.accession.gate_shut[place]
        if gate.watches == "condition":
            assert np.all((watched(world, numbers, place) == 0) == (world.condition[gate.target] <= shut))
        if gate.watches == "dispute":
            assert np.all((watched(world, numbers, place) == 0) == (world.normalisation[gate.target] <= shut))
