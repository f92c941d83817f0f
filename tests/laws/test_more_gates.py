"""A shut gate is shut to the last bit, and an open one takes nothing away."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.accession import watched
from tests.laws.test_more_happenings import lively_worlds
from tests.laws.worlds import Plain, few, scenario_of, stepped

pytestmark = pytest.mark.laws

WATCHED: tuple[tuple[str, Plain], ...] = (
    ("condition", {"condition": "treaty"}),
    ("deed", {"deed": "switch"}),
    ("aspiration", {"aspiration": True}),
)


def gated(plain: Plain, watches: Plain, level: float, stage: str, institution: str) -> Plain:
    """The world with one gate before a stage, and what it may watch at one level; the gate is shut at 0.4 and open at 0.8."""
    gate = {"name": "Door", "institution": institution, "stage": stage, "after": 0, "watches": watches, "shut": 0.4, "open": 0.8}
    plain["deeds"]["switch"] |= {"kind": "dial", "start": level, "rate": 0}
    for country in plain["countries"].values():
        country |= {"aspiration": dict.fromkeys(plain["institutions"], level)} if "part_of" not in country else {}
    plain["conditions"]["treaty"]["level"] = level
    return plain | {"gates": {"door": gate | {"strength": 1}}}


@few(3)
@given(lively_worlds, st.sampled_from(WATCHED), st.sampled_from((0.0, 0.2, 0.4)), st.sampled_from(("outside", "applicant")), st.data())
def test_a_gate_that_is_shut_lets_exactly_nothing_through(plain: Plain, kind: Any, level: float, stage: str, data: Any) -> None:
    institution = data.draw(st.sampled_from(sorted(plain["institutions"])))
    world, numbers = stepped(scenario_of(gated(plain, kind[1], level, stage, institution)), 1)
    roster = numbers.roster
    place, rung = roster.place("institution", institution), ("outside", "applicant").index(stage)
    states = ~roster.is_entity
    assert np.all(np.broadcast_to(watched(world, numbers, 0), world.tension.shape)[states] == 0)
    held = (world.rung[place] >= rung) & states[:, None]
    assert np.all(world.gate[place][held] == 0)
    assert np.all(world.flow[place][held] == 0)


@few(3)
@given(lively_worlds, st.sampled_from(WATCHED), st.sampled_from((0.8, 1.0)), st.sampled_from(("outside", "applicant")), st.data())
def test_a_gate_that_is_open_takes_nothing_away(plain: Plain, kind: Any, level: float, stage: str, data: Any) -> None:
    institution = data.draw(st.sampled_from(sorted(plain["institutions"])))
    world, numbers = stepped(scenario_of(gated(plain, kind[1], level, stage, institution)), 1)
    states = ~numbers.roster.is_entity
    assert np.all(world.gate[:, states] == 1)
    assert np.all(world.months_to_go[:, states] == world.months_if_open[:, states])
