"""Laws 1 and 7: shares add up, everything stays where its kind says, ledgers sum to what they account for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.lanes import Lanes
from sim.model import InfluenceModel
from sim.roster import Roster
from sim.scenario.places import bounds_at, number_paths
from sim.scenario.reading import read_text
from sim.scenario.schema import Scenario
from sim.world import VARIABLES
from tests.engine.variants import balkans, without
from tests.laws.worlds import History, Plain, certain, few, history, plain_worlds, scenario_of, solved
from tests.scenario.small import small

pytestmark = pytest.mark.laws

CLOSE = 1e-12


def faults_of(kept: History, scenario: Scenario) -> list[str]:
    """What is not as laws 1 and 7 have it."""
    roster = Roster(scenario)
    found = [f"{name} is no number" for name, array in kept.items() if not np.isfinite(array).all()]
    for name, array in kept.items():
        low, high = array.min(initial=0.0), array.max(initial=0.0)
        if VARIABLES[name].kind == "share" and not -CLOSE <= low <= high <= 1 + CLOSE:
            found.append(f"{name} reaches from {low} to {high}")
        if VARIABLES[name].kind in ("amount", "months", "rung") and low < 0 and name != "driver":
            found.append(f"{name} falls to {low}")
    shares = {
        "course over sides": kept["course"].sum(axis=1),
        "words over sides": kept["words"].sum(axis=1),
        "influence over blocs and the country": kept["bloc_share"].sum(axis=1) + kept["own_share"],
        "alignment over powers and the country": kept["alignment"].sum(axis=1) + kept["course"][:, roster.place("side", "self")],
    }
    found += [f"{name} sums to {total.min()} - {total.max()}" for name, total in shares.items() if np.abs(total - 1).max(initial=0) > CLOSE]
    for place, held in enumerate(roster.instruments_of):
        planned = kept["plan"][:, held].sum(axis=(1, 2))
        if planned.max(initial=0) > 1 + CLOSE:
            found.append(f"power {place} plans {planned.max()} of its budget")
        if np.abs(kept["influence_share"].sum(axis=1) + kept["own_share"]).max(initial=0) > 1 + CLOSE:
            found.append("powers hold more than there is")
    ledgers = kept["tension_home"] + kept["tension_power"].sum(axis=1) + kept["tension_given"] + kept["tension_luck"]
    if np.abs(ledgers - kept["tension"]).max(initial=0) > 1e-9:
        found.append(f"ledgers miss tension by {np.abs(ledgers - kept['tension']).max()}")
    return found


@given(plain_worlds())
def test_in_any_world_shares_sum_to_one_and_nothing_leaves_its_range(plain: Plain) -> None:
    scenario = scenario_of(plain)
    assert faults_of(history(scenario), scenario) == []


@pytest.mark.parametrize("runs", [32])
def test_in_the_largest_scenario_shares_sum_to_one_and_nothing_leaves_its_range(runs: int) -> None:
    assert faults_of(history(balkans(), runs, months=36), balkans()) == []


CORNERS: dict[str, tuple[float, ...]] = {
    "rationality": (0, 20, 100),
    "hedging": (0.05, 5),
    "capacity": (0, 10, 1000),
    "dependence": (0, 1),
    "decisiveness": (0.1, 3),
    "variety": (0.2, 1),
    "foothold": (0.000001, 1),
    "aspiration": (0, 1),
    "resilience": (0.001, 0.999),
    "tension": (0.001, 0.999),
    "hold_back": (0.000001, 1),
    "noise": (0, 20),
    "effect": (0, 1),
}


def at_corner(plain: Plain, corner: dict[str, float]) -> Plain:
    """A world with every number of some kinds at an end of what they may be; capacity counts in multiples."""
    for name, value in corner.items():
        for power in plain["powers"].values():
            if name == "capacity":
                power["capacity"] = 50 * value
            elif name in ("rationality", "hold_back"):
                power[name] = value
        for country in plain["countries"].values():
            if name == "dependence":
                country["dependence"] = {power: {"usual": value} for power in plain["powers"]}
            elif name == "aspiration" and name in country:
                country[name] = dict.fromkeys(country[name], value)
            elif name in country:
                country[name] = value
        if name in ("decisiveness", "variety", "foothold"):
            plain["mechanics"]["contest"][name] = value
        for chapter in ("alignment", "opinion", "tension"):
            plain["mechanics"][chapter] |= {"noise": value} if name == "noise" else {}
        for channel in plain["channels"].values() if name == "effect" else ():
            channel["effects"] |= {handle: value for handle in channel["effects"] if handle != "accession"}
    return plain


corners = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in CORNERS.items()})


@given(plain_worlds(), corners)
def test_at_the_corners_of_what_numbers_may_be_everything_stays_in_range_too(plain: Plain, corner: dict[str, float]) -> None:
    scenario = scenario_of(at_corner(plain, corner))
    assert faults_of(history(scenario), scenario) == []


@given(plain_worlds(uncertain=False), st.data())
def test_every_single_number_can_stand_at_either_of_its_bounds(plain: Plain, data: Any) -> None:
    scenario = scenario_of(plain)
    path = data.draw(st.sampled_from(sorted(number_paths(scenario))))
    end = data.draw(st.sampled_from((bounds_at(path).low, bounds_at(path).high)))
    changed = scenario.with_changes({path: end})
    assert faults_of(history(changed), changed) == []


@pytest.mark.parametrize("end", ["low", "high"])
def test_every_number_of_the_largest_scenario_can_stand_at_its_bounds(end: str) -> None:
    """A run for each number, in which it alone stands at the end of what it may be."""
    scenario = certain(balkans())
    known = number_paths(scenario)
    ends = {path: getattr(bounds_at(path), end) for path in known}
    paths = [path for path in known if np.isfinite(ends[path])]
    wrong: dict[str, set[str]] = {}
    settled = solved(scenario)
    for first in range(0, len(paths), 512):
        part = paths[first : first + 512]
        own = {path: np.where(np.arange(len(part)) == place, ends[path], known[path].median()) for place, path in enumerate(part)}
        with np.errstate(all="ignore"), InfluenceModel(scenario, Lanes(np.arange(len(part)), set=own), settled=settled) as model:
            for _ in range(3):
                model.step()
            for name, variable in VARIABLES.items():
                array = np.broadcast_to(getattr(model.world, name), (*getattr(model.world, name).shape[:-1], model.lanes.width))
                bad = ~np.isfinite(array) | (((array < -CLOSE) | (array > 1 + CLOSE)) & (variable.kind == "share"))
                for run in np.flatnonzero(bad.reshape(-1, model.lanes.width)[:, : len(part)].any(axis=0)):
                    wrong.setdefault(part[run], set()).add(name)
    assert wrong == {}


@pytest.mark.parametrize("empty", ["institutions", "drivers", "conditions", "disputes", "relays", "gates"])
def test_a_world_that_leaves_out_an_optional_section_runs(empty: str) -> None:
    scenario = read_text(without(small(), empty))
    assert faults_of(history(scenario, months=3), scenario) == []


@few(2)
@given(plain_worlds())
def test_what_a_power_is_granted_is_spent_or_held_back(plain: Plain) -> None:
    scenario = scenario_of(plain)
    kept, roster = history(scenario), Roster(scenario)
    for place, held in enumerate(roster.instruments_of):
        granted = kept["budget"][:-1, place]
        spent = kept["effort"][1:, held].sum(axis=(1, 2))
        held_back = granted * (1 - kept["plan"][1:, held].sum(axis=(1, 2)))
        assert np.all(spent >= 0)
        assert np.all(held_back >= -1e-9)
        assert np.abs(granted - spent - held_back).max() < 1e-9
