"""Deeds, events, talks, leaders, linkage and acts seen, in random worlds that have them all."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from sim.draws import Chance, Luck
from sim.numbers import Numbers
from sim.rules.deeds import deeds
from sim.rules.disputes import counted
from sim.rules.events import events
from sim.rules.leaders import leaders
from sim.rules.linkage import restraint
from sim.rules.observation import visible
from sim.turn import purposes
from sim.world import World
from tests.laws.worlds import RUNS, Plain, Values, few, history, plain_worlds, scenario_of, stepped, within

pytestmark = pytest.mark.laws

LEADING = {
    "unrest": (0, 3),
    "usual_tension": (0, 1),
    "public": (0, 1),
    "surprise": (0.1, 1),
    "honeymoon": (1, 6),
    "honeymoon_speed": (1, 4),
}
CHAPTERS: dict[str, dict[str, tuple[float, float]]] = {
    "leaders": LEADING,
    "deeds": {"sharpness": (0, 8), "memory": (1, 12), "push_worth": (0, 1)},
    "learning": {"words": (0, 1), "surprise": (0.001, 0.1)},
    "observation": {"spread": (0, 1), "most": (1, 12)},
}
TALKS = {
    **dict.fromkeys(("open", "start", "collapse", "creep", "wear", "ripe", "deal", "hindrance"), (0, 1)),
    **{"incident": (0, 3), "goodwill": (0, 2), "broker": (0, 2), "sharpness": (0, 6), "step": (0.01, 0.1), "wait": (0, 24)},
}


def lively(plain: Plain) -> Plain:
    """A random world in which each power can do something, leaders turn over, and deeds, events and offers of calm may happen."""
    plain = copy.deepcopy(dict(plain))
    values = Values(int(plain["ensemble"]["seed"]) + 1, False)
    first = sorted(plain["channels"])[0]
    leaves = [name for name, country in plain["countries"].items() if "tension" in country]
    for chapter, ranges in CHAPTERS.items():
        plain["mechanics"][chapter] = within(values, chapter, **ranges)
    for name, power in plain["powers"].items():
        power["skill"].setdefault(first, 0.3)
        power["capacity"] = max(power["capacity"] if isinstance(power["capacity"], float | int) else 20, 5)
        power |= {"learning": values.between(f"{name}.learning", 0.01, 1)}
        power["objectives"] |= within(values, f"{name}.wants", deal=(-1, 1), concessions=(0.1, 1))
    for channel in plain["channels"].values():
        channel |= {"acts": 0.5, "act": "a deed in sight"}
    for name in leaves:
        plain["countries"][name]["tenure"] = values.between(f"{name}.tenure", 1, 24)
    treaty = {"treaty": {"watches": "condition.treaty", "shut": 0.3, "open": 0.9}}
    heat = {"heat": {"watches": f"tension.{leaves[0]}", "weight": values.between("heat", -3, 3), "usual": 0.4}}
    effects = {"calm": {"path": f"countries.{leaves[0]}.presence", "add": 0.5}}
    common = {"name": "Pledge", "owner": leaves[0], "plover": "PLEDGE", "needs": treaty, "causes": heat, "effects": effects}
    numbers = within(values, "pledge", base=(-1, 2), cost=(0, 0.5), rate=(0.2, 1), reversible=(0, 1), push=(0, 1), start=(0, 0))
    plain["deeds"] = {kind: common | numbers | {"kind": kind} for kind in ("switch", "dial")}
    riot = {"name": "Riot", "where": leaves, "actor": "here", "plover": "PROTEST", "causes": {}, "base": values.between("riot", 0.2, 1)}
    riot["effects"] = {"anger": {"path": "countries.here.grievance", "add": 0.2}}
    plain["events"] = {"riot": riot | {"memory": values.between("memory", 1, 24), "success": 0.5}}
    if "disputes" in plain:
        parties = {name: {"cost": 0.1} for name in plain["disputes"]["border"]["parties"]}
        plain["disputes"]["border"]["talks"] = within(values, "talks", **TALKS) | {"parties": parties}
    plain["drivers"]["elsewhere"] = {"name": "Elsewhere", "form": "level", "level": 1, "reference": 1}
    theatre = {"name": "Calm", "power": sorted(plain["powers"])[0], "driver": "elsewhere", "institution": sorted(plain["institutions"])[0]}
    sizes = {"offer": (0, 5), "sharpness": (0, 6), "price": (0, 1), "relief": (0, 5), "precedent": (0, 1), "usual_tension": (0, 0.5)}
    later = within(values, "link", **sizes, calm=(0.2, 1), calm_months=(2, 9), strain=(0, 0.1), gain=(0.1, 1))
    plain["linkages"] = {"calm": theatre | later}
    return plain


lively_worlds = plain_worlds().map(lively)


def luck_of(numbers: Numbers, month: int = 1, runs: int = RUNS) -> Luck:
    return Luck(Chance(3, np.arange(runs), purposes(numbers.roster)), month, runs)


@few(5)
@given(lively_worlds)
def test_no_deed_is_done_whose_need_is_shut(plain: Plain) -> None:
    plain["conditions"]["treaty"]["level"] = 0.3
    kept = history(scenario_of(plain))
    assert np.all(kept["deed"] == 0)
    plain["conditions"]["treaty"]["level"] = 1
    for deed in plain["deeds"].values():
        deed |= {"base": 3, "causes": {}}
    assert np.any(history(scenario_of(plain))["deed"] > 0)


@few(5)
@given(lively_worlds, st.floats(0, 1))
def test_a_memory_is_a_share_that_starts_whole_and_halves_in_its_time(plain: Plain, before: float) -> None:
    world, numbers = stepped(scenario_of(plain), 1)
    world = replace(world, event_memory=world.event_memory * 0 + before, success_memory=world.success_memory * 0 + before)
    after = events(world, numbers, luck_of(numbers))
    faded = before * 2 ** (-1 / numbers.events.memory[0])
    for name, whole in (("event_memory", after["happened"] == 1), ("success_memory", after["success_memory"] == 1)):
        assert np.all((np.abs(after[name] - faded) < 1e-12) | whole), name
        assert np.all(after[name][after["happened"] == 0] < 1)
        assert np.all(after[name] <= 1)


@given(st.floats(0.001, 20), st.integers(1, 30), st.integers(0, 2**16))
def test_a_count_is_the_poisson_one_of_its_draw_cut_off_at_the_most(rate: float, most: int, seed: int) -> None:
    draw = np.concatenate([np.random.default_rng(seed).uniform(0, 1, 61), [1e-9, 0.5, 1 - 1e-9]])
    found = counted(np.array(rate), draw, most)
    expected = np.minimum(poisson.ppf(draw, rate), most)
    edge = np.min(np.abs(draw[:, None] - poisson.cdf(np.arange(most + 1), rate)), axis=1) < 1e-9
    assert np.array_equal(found[~edge], expected[~edge])


@few(5)
@given(lively_worlds, st.floats(0, 12))
def test_only_agreed_calm_restrains_and_it_restrains_by_what_was_agreed(plain: Plain, months: float) -> None:
    world, numbers = stepped(scenario_of(plain), 1)
    left = restraint(replace(world, calm_left=world.calm_left * 0 + months), numbers)
    assert np.all(left[1:] == 1)
    assert np.all(left[0] == (1 - numbers.linkages.calm[0] if months > 0 else 1))


@few(5)
@given(lively_worlds)
def test_a_new_leaders_lean_is_luck_of_its_own(plain: Plain) -> None:
    world, numbers = stepped(scenario_of(plain), 1)
    luck = luck_of(numbers, runs=4096)
    at_once = numbers.with_arrays({("leaders", "tenure"): np.full((numbers.roster.size("country"), 1), 1e-3)})
    wide = replace(
        world, **{name: np.repeat(getattr(world, name)[..., :1], 4096, -1) for name in ("tension", "opinion", "lean", "fresh", "leant")}
    )
    lone = first_run(at_once)
    lean = leaders(wide, lone, luck)["lean"]
    assert lean.std(axis=-1).min() > 0
    sides, countries = lean.shape[:2]
    for purpose, shape in (("mood/course", (sides, countries)), ("mood/opinion", (numbers.roster.size("power"), countries))):
        other = luck.normal(purpose, *shape)
        for side in range(min(sides, shape[0])):
            assert abs(np.corrcoef(lean[side, 0], other[side, 0])[0, 1]) < 0.1, purpose


def first_run(numbers: Numbers) -> Numbers:
    """The leaders' numbers of the first run, for every run."""
    chapter = {name: np.asarray(array)[..., :1] for name, array in vars(numbers.leaders).items()}
    return numbers.with_arrays({("leaders", name): array for name, array in chapter.items()})


@few(5)
@given(lively_worlds)
def test_what_is_seen_rises_and_falls_with_the_acts_that_were_counted(plain: Plain) -> None:
    world, numbers = stepped(scenario_of(plain), 3)
    blank = replace(world, visible=world.visible * 0, watched=world.watched * 0 + 1)
    after = visible(blank, numbers, luck_of(numbers))
    acts, seen = after["seen_acts"], after["visible"]
    assert np.all(acts == np.round(acts))
    assert np.all(seen[(acts == 0)] <= unseen(blank, numbers)[acts == 0])
    steady = {("observation", "acts"): 0 * numbers.observation.acts}
    plainly = visible(blank, numbers.with_arrays(steady), luck_of(numbers))["visible"]
    drawn = (acts > 0) & (plainly > 0)
    per_act = np.where(drawn, seen / np.where(drawn, plainly * acts, 1), np.nan)
    # The same effort seen as n acts counts n times what one act would count: seen over plainly is in proportion to the count.
    usual = expected(blank, numbers)
    assert np.all(np.abs(per_act[drawn] * usual[drawn] - 1) < 1e-9)


def expected(world: World, numbers: Numbers) -> Any:
    """Acts seen on average, worked out by hand."""
    roster, n = numbers.roster, numbers
    rate = (n.observation.acts * n.choice.visibility)[roster.channel_of][:, None] * world.effort
    return np.stack([rate[held].sum(axis=0) for held in roster.instruments_of])


def unseen(world: World, numbers: Numbers) -> Any:
    """All that may be seen where no act was counted: nothing, unless no act was to be expected at all."""
    return np.where(expected(world, numbers) > 0, 0, np.inf)


@few(5)
@given(lively_worlds)
def test_a_dial_moves_by_its_rate_and_a_switch_stands_at_either_end(plain: Plain) -> None:
    world, numbers = stepped(scenario_of(plain), 1)
    after = deeds(world, numbers, luck_of(numbers))["deed"]
    dial, switch = (numbers.roster.place("deed", kind) for kind in ("dial", "switch"))
    assert np.all(np.isin(after[switch], (0, 1)))
    assert np.all(np.abs(after[dial] - world.deed[dial]) <= numbers.deeds.rate[dial] + 1e-12)
