"""Law 3: names carry nothing, and a power counts the same whole or in parts."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.roster import Roster
from sim.rules.alignment import bloc_value
from sim.rules.contest import contest, within_bloc
from tests.laws.worlds import Plain, few, history, numbers_of, plain_worlds, same_bytes, scenario_of, stepped

pytestmark = pytest.mark.laws

NEW_NAMES = {
    "powers": {"east": "zeta", "north": "alpha", "west": "mu"},
    "channels": {"arms": "yellow", "gas": "black", "news": "amber", "trade": "red"},
    "countries": {"avala": "omega", "brda": "epsilon", "cer": "beta", "dona": "aleph", "gora": "gimel"},
    "institutions": {"pact": "treaty_org", "union": "league"},
}


def renamed(value: Any, names: dict[str, str]) -> Any:
    """Plain values with some ids replaced, as keys and as values."""
    if isinstance(value, dict):
        return {names.get(key, key): renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [renamed(inner, names) for inner in value]
    return names.get(value, value) if isinstance(value, str) else value


@few(3)
@given(plain_worlds())
def test_other_names_with_the_same_stream_keys_give_the_same_bytes(plain: Plain) -> None:
    before = history(scenario_of(plain))
    names = {old: new for section in NEW_NAMES.values() for old, new in section.items()}
    other = renamed(plain, names)
    for section, pairs in NEW_NAMES.items():
        for old, new in pairs.items():
            if new in other.get(section, {}):
                other[section][new]["stream"] = old
    assert same_bytes(before, history(scenario_of(other))) == []


@few(3)
@given(plain_worlds(), st.data())
def test_the_order_of_a_files_entries_changes_nothing(plain: Plain, data: Any) -> None:
    shuffled = copy.copy(plain)
    for section in ("powers", "channels", "countries", "institutions", "drivers", "relays", "gates"):
        if section in plain:
            shuffled[section] = dict(data.draw(st.permutations(list(plain[section].items()))))
    assert same_bytes(history(scenario_of(plain)), history(scenario_of(shuffled))) == []


@few(3)
@given(plain_worlds(uncertain=False), st.floats(0.01, 0.99), st.data())
def test_a_power_split_inside_its_bloc_leaves_the_shares_of_all_blocs(plain: Plain, part: float, data: Any) -> None:
    """With one channel reach is leverage, so that halves of the leverage are halves of the reach."""
    only = sorted(plain["channels"])[0]
    for name in list(plain["channels"])[1:]:
        plain = dropped_channel(plain, name)
    plain["channels"][only]["kinship"] = 0
    whole = scenario_of(plain)
    split_up = copy.deepcopy(plain)
    victim = data.draw(st.sampled_from(sorted(plain["powers"])))
    split_power(split_up, victim, part)
    parts = scenario_of(split_up)
    world, numbers = stepped(whole, 0)
    other_world, other_numbers = stepped(parts, 0)
    leverage = spread_leverage(world.leverage, Roster(whole), Roster(parts), victim, part)
    before = contest(world, numbers)
    after = contest(type(other_world)(**{**vars(other_world), "leverage": leverage, "resilience": world.resilience}), other_numbers)
    for name in ("bloc_share", "own_share"):
        assert np.abs(before[name] - after[name]).max() < 1e-9
    for power in plain["powers"]:
        if power != victim:
            one, other = (r.place("power", power) for r in (Roster(whole), Roster(parts)))
            assert np.abs(before["influence_share"][one] - after["influence_share"][other]).max() < 1e-9


def dropped_channel(plain: Plain, name: str) -> Plain:
    plain["channels"].pop(name)
    for channel in plain["channels"].values():
        channel["erodes"].pop(name, None)
    for power in plain["powers"].values():
        power["skill"].pop(name, None)
    for relay in plain["relays"].values():
        relay["channels"] = [one for one in relay["channels"] if one != name]
    plain["relays"] = {one: relay for one, relay in plain["relays"].items() if relay["channels"]}
    return plain


def split_power(plain: Plain, victim: str, part: float) -> None:
    """Cuts a power in two inside its bloc, by capacity; its double is like it in all else."""
    powers, capacity = plain["powers"], plain["powers"][victim]["capacity"]
    powers["double"] = copy.deepcopy(powers[victim]) | {"capacity": round(capacity * (1 - part), 9)}
    powers[victim]["capacity"] = round(capacity * part, 9)
    for country in plain["countries"].values():
        for key in ("dependence", "kinship", "opinion", "permits"):
            if victim in country.get(key, {}):
                country[key]["double"] = country[key][victim]


def spread_leverage(leverage: Any, whole: Roster, parts: Roster, victim: str, part: float) -> Any:
    """The leverage of each instrument of the parts, when a power's is cut in two."""
    rows = []
    for instrument in parts.ids["instrument"]:
        power, channel = instrument.split(".")
        owner = victim if power == "double" else power
        size = part if power == victim else 1 - part if power == "double" else 1
        rows.append(size * leverage[whole.place("instrument", f"{owner}.{channel}")])
    return np.array(rows).reshape(len(rows), *leverage.shape[1:])


def random_array(data: Any, *shape: int, low: float, high: float) -> Any:
    seed = data.draw(st.integers(0, 2**16))
    return np.random.default_rng(seed).uniform(low, high, shape)


@given(st.integers(2, 5), st.floats(0.01, 0.99), st.floats(0.05, 5), st.data())
def test_a_power_split_inside_its_bloc_leaves_every_blocs_value(powers: int, part: float, spread: float, data: Any) -> None:
    value = random_array(data, powers, 3, 8, low=-3, high=3)
    blocs = np.array([0, *(data.draw(st.integers(0, 1)) for _ in range(powers - 2)), 1])
    reach = random_array(data, powers, 3, 8, low=0, high=1)
    within = np.stack([reach[place] / reach[blocs == bloc].sum(axis=0) for place, bloc in enumerate(blocs)])
    before, shares = bloc_value(value, within, blocs, np.array([spread]))
    victim = data.draw(st.integers(0, powers - 1))
    halves = np.concatenate([within, within[[victim]] * (1 - part)])
    halves[victim] *= part
    after, parted = bloc_value(np.concatenate([value, value[[victim]]]), halves, np.append(blocs, blocs[victim]), np.array([spread]))
    assert np.abs(before - after).max() < 1e-12
    parted[victim] += parted[-1]
    assert np.abs(shares - parted[:-1]).max() < 1e-12


@few(3)
@given(plain_worlds(uncertain=False), st.floats(0.01, 0.99), st.data())
def test_a_power_split_inside_its_bloc_splits_its_place_there_and_leaves_the_others(plain: Plain, part: float, data: Any) -> None:
    whole = scenario_of(plain)
    victim = data.draw(st.sampled_from(sorted(plain["powers"])))
    split_power(plain, victim, part)
    parts = scenario_of(plain)
    numbers, other = numbers_of(whole), numbers_of(parts)
    hold = random_array(data, len(whole.powers), len(whole.countries), 8, low=0, high=1) * data.draw(st.sampled_from((0, 1)))
    place = Roster(parts).place("power", victim)
    double = Roster(parts).place("power", "double")
    owners = [victim if power == "double" else power for power in Roster(parts).ids["power"]]
    held = hold[[Roster(whole).place("power", owner) for owner in owners]]
    held[place], held[double] = held[place] * part, held[double] * (1 - part)
    before, after = within_bloc(numbers, hold), within_bloc(other, held)
    after[place] = after[place] + after[double]
    kept = [Roster(parts).place("power", power) for power in Roster(whole).ids["power"]]
    assert np.abs(before - after[kept]).max() < 1e-6


def swapped_blocs(plain: Plain) -> Plain:
    swapped = copy.deepcopy(dict(plain))
    for power in swapped["powers"].values():
        power["bloc"] = {"eastern": "western", "western": "eastern"}[power["bloc"]]
    return swapped


@few(3)
@given(plain_worlds())
def test_blocs_that_swap_their_names_swap_their_shares(plain: Plain) -> None:
    """Blocs are told apart by the order of their names alone; without moods, which go by name, that leaves no trace."""
    for chapter in ("alignment", "opinion", "tension"):
        plain["mechanics"][chapter] |= {"noise": 0}
    first, second = scenario_of(plain), scenario_of(swapped_blocs(plain))
    before, after = history(first), history(second)
    names = Roster(first).ids["side"]
    opposite = {"eastern": "western", "western": "eastern", "self": "self"}
    places = [Roster(second).place("side", opposite[name]) for name in names]
    for name in ("course", "words"):
        assert np.abs(before[name] - after[name][:, places]).max() < 1e-9
    assert np.abs(before["bloc_share"] - after["bloc_share"][:, places[:-1]]).max() < 1e-9
    for name in ("tension", "effort", "opinion", "rung"):
        assert np.abs(before[name] - after[name]).max(initial=0) < 1e-6
