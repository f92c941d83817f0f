"""Random valid scenarios, small enough to run by the hundred, and what laws do with them."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from hashlib import blake2b
from typing import Any

import numpy as np
from hypothesis import note, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.lanes import Lanes, Parameters, padded
from sim.model import InfluenceModel
from sim.numbers import Numbers, Settled
from sim.roster import Roster
from sim.scenario.places import bounds_at, number_paths
from sim.scenario.reading import read_text
from sim.scenario.schema import Scenario
from sim.settling import settled_at
from sim.world import VARIABLES, World
from tests.scenario.small import SMALL

Plain = dict[str, Any]
History = dict[str, NDArray[np.float64]]

MONTHS = 12
RUNS = 8
POWERS = ("east", "north", "west")
BLOCS = ("eastern", "western")
CHANNELS = ("arms", "gas", "news", "trade")
COUNTRIES = ("avala", "brda", "cer")
ENTITIES = ("dona", "gora")
DOMAINS = ("elite", "public", "structural", "institutional", "force")


class Noted(dict[str, Any]):
    """Plain values that are printed as a note, in one line that can be read back, and not twice."""

    def __repr__(self) -> str:
        return "the world noted here"


class Values:
    """Numbers of a random scenario, each by its own path: a number does not change when the scenario around it shrinks.

    Seed 0 gives the middle of every range; an eighth of the others stand at either end, and some are left uncertain.
    """

    def __init__(self, seed: int, uncertain: bool) -> None:
        self.seed, self.uncertain = seed, uncertain

    def chance(self, path: str) -> float:
        return int.from_bytes(blake2b(f"{self.seed}/{path}".encode(), digest_size=8).digest(), "big") / 2**64

    def between(self, path: str, low: float, high: float) -> Any:
        if self.seed == 0:
            return round((low + high) / 2, 6)
        where = self.chance(path)
        value = low if where < 1 / 8 else high if where > 7 / 8 else low + (high - low) * (where - 1 / 8) * 4 / 3
        if self.uncertain and self.chance(path + "?") < 1 / 4:
            return {"uniform": sorted((round(value, 6), round(low + (high - low) * self.chance(path + "!"), 6)))}
        return round(value, 6)


@functools.cache
def mechanics_ranges() -> dict[str, tuple[float, float]]:
    """From half to twice what the small scenario has, inside the bounds."""
    known = {path: number.median() for path, number in number_paths(read_text(SMALL)).items() if path.startswith("mechanics.")}
    return {path: (max(bounds_at(path).low, at / 2), min(bounds_at(path).high, at * 2)) for path, at in known.items()}


def mechanics(values: Values) -> Plain:
    whole: Plain = {}
    for path, (low, high) in mechanics_ranges().items():
        _, chapter, name = path.split(".")
        whole.setdefault(chapter, {})[name] = values.between(path, low, high)
    return whole


def within(values: Values, path: str, **ranges: tuple[float, float]) -> Plain:
    return {name: values.between(f"{path}.{name}", low, high) for name, (low, high) in ranges.items()}


UNIT = (0.0, 1.0)
INNER = (0.05, 0.95)


@st.composite
def plain_worlds(draw: st.DrawFn, uncertain: bool = True, institutions: int = 1) -> Plain:
    """A random valid scenario as plain values: every domain and flag, with or without entities, ladders, gates and quarrels."""
    values = Values(draw(st.integers(0, 2**16)), uncertain)
    some = functools.partial(_some, draw)
    ids = {
        "powers": POWERS[: draw(st.integers(1, 3))],
        "channels": CHANNELS[: draw(st.integers(1, 4))],
        "whole": COUNTRIES[: draw(st.integers(1, 3))],
        "institutions": ("pact", "union")[: draw(st.integers(institutions, 2))],
        "drivers": ("oil", "unrest_elsewhere")[: draw(st.integers(0, 2))],
    }
    ids["entities"] = ENTITIES if draw(st.booleans()) else ()
    ids["countries"] = (*ids["whole"], *ids["entities"])
    world: Plain = {
        "schema": 1,
        "title": "A random world",
        "time": {"start": "2020-01", "months": MONTHS},
        "ensemble": {"runs": RUNS, "seed": draw(st.integers(0, 5))},
        "mechanics": mechanics(values),
        "drivers": {
            name: {"name": name, "form": "ratio" if name == "oil" else "level", **within(values, name, level=(1, 3), reference=(1, 3))}
            for name in ids["drivers"]
        },
        "conditions": {"treaty": {"name": "Treaty", "level": values.between("treaty", 0, 1)}},
        "powers": {name: _power(draw, values, name, ids) for name in ids["powers"]},
        "channels": {name: _channel(draw, values, name, ids) for name in ids["channels"]},
        "countries": {name: _country(draw, values, name, ids) for name in ids["countries"]},
        "institutions": {name: _institution(draw, values, name, ids) for name in ids["institutions"]},
        "relays": {
            f"relay_{role}": {
                "name": role,
                "country": draw(st.sampled_from(ids["countries"])),
                "powers": some(ids["powers"], 1),
                "channels": some(ids["channels"], 1),
                "role": role,
                "strength": values.between(f"relay_{role}", 0, 1),
            }
            for role in some(("amplifies", "hinders"), 0)
        },
    }
    if len(ids["countries"]) > 1 and draw(st.booleans()):
        world["disputes"] = {"border": _dispute(values, ids)}
    if ids["institutions"]:
        world["gates"] = {f"gate{place}": _gate(draw, values, f"gate{place}", ids, world) for place in range(draw(st.integers(0, 2)))}
    note(json.dumps(world))
    return Noted(world)


def _some(draw: st.DrawFn, names: Sequence[str], least: int) -> list[str]:
    chosen = [name for name in sorted(names) if draw(st.booleans())]
    return chosen or sorted(names)[:least]


def _power(draw: st.DrawFn, values: Values, name: str, ids: Mapping[str, Sequence[str]]) -> Plain:
    path = f"powers.{name}"
    return {
        "name": name,
        "bloc": draw(st.sampled_from(BLOCS)),
        "drivers": within(values, f"{path}.drivers", **dict.fromkeys(ids["drivers"], (-0.5, 1))),
        "attention": {
            **within(values, f"{path}.attention", speed=UNIT, crisis=(0, 2), provocation=(0, 2)),
            "distraction": within(values, f"{path}.distraction", **dict.fromkeys(ids["drivers"], UNIT)),
        },
        **within(values, path, capacity=(0, 80), rationality=(0, 15), hold_back=(0.01, 0.5), bias=(-1, 1), attribution=UNIT),
        **within(values, path, conditionality=UNIT, war=UNIT),
        "objectives": {
            **within(values, f"{path}.objectives", influence=UNIT, unrest=(-1, 1), resilience=(-1, 1), autonomy=(-1, 1)),
            "membership": within(values, f"{path}.membership", **dict.fromkeys(ids["institutions"], (-1, 1))),
        },
        "stakes": within(values, f"{path}.stakes", **dict.fromkeys(ids["countries"], UNIT)),
        "skill": within(values, f"{path}.skill", **dict.fromkeys(_some(draw, ids["channels"], 0), (0, 0.5))),
    }


def _channel(draw: st.DrawFn, values: Values, name: str, ids: Mapping[str, Sequence[str]]) -> Plain:
    path = f"channels.{name}"
    handles = ("leverage", "unrest", "resilience", "autonomy", "capture", "falsehood", "precedent")
    return {
        "name": name,
        "domain": draw(st.sampled_from(DOMAINS)),
        "medium": draw(st.sampled_from(("none", "broadcast", "social"))),
        **{flag: draw(st.booleans()) for flag in ("two_way", "consent", "staged", "crowded_out")},
        **within(
            values, path, weight=(0.1, 2), half_life=(1, 60), visibility=UNIT, publicity=UNIT, price=(0, 0.3), kinship=UNIT, shield=UNIT
        ),
        "effects": {
            **within(values, f"{path}.effects", **dict.fromkeys(handles, (0, 0.6))),
            "accession": within(values, f"{path}.accession", **dict.fromkeys(ids["institutions"], (-0.8, 0.8))),
        },
        "erodes": within(values, f"{path}.erodes", **dict.fromkeys([other for other in ids["channels"] if other != name], (0, 0.3))),
    }


def _country(draw: st.DrawFn, values: Values, name: str, ids: Mapping[str, Sequence[str]]) -> Plain:
    path, entities = f"countries.{name}", ids["entities"]
    divided, entity = bool(entities) and name == ids["whole"][0], name in entities
    leaves = [other for other in ids["countries"] if not (entities and other == ids["whole"][0])]
    country: Plain = {
        "name": name,
        "dependence": {power: {"usual": values.between(f"{path}.dependence.{power}", 0, 1)} for power in ids["powers"]},
    }
    if not entity:
        country["aspiration"] = within(values, f"{path}.aspiration", **dict.fromkeys(ids["institutions"], UNIT))
        country["membership"] = {
            institution: {
                "stage": draw(st.sampled_from(("outside", "applicant", "member"))),
                "progress": values.between(f"{path}.{institution}", 0, 1),
            }
            for institution in _some(draw, ids["institutions"], 0)
        }
    if divided:
        return country
    for key in ("kinship", "opinion", "permits"):
        country[key] = within(values, f"{path}.{key}", **dict.fromkeys(ids["powers"], UNIT))
    country |= {"neighbours": [other for other in leaves if other != name]}
    country |= within(values, path, population=(0.5, 9), agency=(0.1, 1), pride=(0, 0.3), hedging=(0.2, 1), fear=UNIT, tension=INNER)
    country |= within(
        values, path, grievance=(-1, 1), nationalism=UNIT, stagnation=UNIT, ethnic_tension=UNIT, presence=UNIT, resilience=INNER
    )
    country |= within(values, path, capture=INNER, false_belief=UNIT, literacy=UNIT, pickup=UNIT, curb=UNIT)
    if entity:
        country |= {"part_of": ids["whole"][0], **within(values, path, autonomy=INNER, veto=UNIT)}
    return country


def _institution(draw: st.DrawFn, values: Values, name: str, ids: Mapping[str, Sequence[str]]) -> Plain:
    path = f"institutions.{name}"
    return {
        "name": name,
        "grantor": draw(st.sampled_from(ids["powers"])),
        "alliance": name == "pact",
        "stages": {
            stage: {"name": stage, **within(values, f"{path}.{stage}", months=(0.2, 6), consent=UNIT)}
            for stage in ("outside", "applicant", "member")
        },
        "members": {
            member: {"name": member, "stance": values.between(f"{path}.{member}", 0, 1)}
            for member in _some(draw, ("first", "second", "third"), 1)
        },
        **within(values, path, value=(0, 2), credibility=UNIT, unity=UNIT),
    }


def _dispute(values: Values, ids: Mapping[str, Sequence[str]]) -> Plain:
    first, second = ids["countries"][:2]
    return {
        "name": "Border",
        "parties": [first, second],
        **within(values, "border", normalisation=UNIT, hostility=UNIT),
        "felt": within(values, "felt", **dict.fromkeys((first, second), UNIT)),
    }


def _gate(draw: st.DrawFn, values: Values, name: str, ids: Mapping[str, Sequence[str]], world: Plain) -> Plain:
    kinds: list[Plain] = [{"condition": "treaty"}, {"aspiration": True}]
    kinds += [{"dispute": "border"}] if "disputes" in world else []
    kinds += [{"entities": True}] if ids["entities"] else []
    shut = Values(values.seed, False).between(f"{name}.shut", 0, 0.5)
    return {
        "name": name,
        "institution": draw(st.sampled_from(ids["institutions"])),
        "countries": _some(draw, ids["countries"], 0),
        "stage": draw(st.sampled_from(("outside", "applicant"))),
        "after": draw(st.sampled_from((0.0, 0.5, 0.95))),
        "watches": draw(st.sampled_from(kinds)),
        "shut": shut,
        "open": round(shut + 0.3, 6),
        "strength": draw(st.sampled_from((1.0, 0.5))),
    }


def scenario_of(plain: Plain) -> Scenario:
    """The scenario that plain values make, read as a file would be."""
    return read_text(re.sub(r"(?<![\w.])(\d+)e([-+]\d+)", r"\1.0e\2", json.dumps(plain)))


@functools.cache
def small_scenario() -> Scenario:
    """The small scenario of tests/scenario."""
    return read_text(SMALL)


def solved(scenario: Scenario) -> Settled:
    """What is solved at its start."""
    return settled_at(Parameters(scenario, Roster(scenario)))


def numbers_of(scenario: Scenario, runs: int = RUNS, settled: Settled | None = None) -> Numbers:
    """Its numbers, drawn for the first runs."""
    parameters = Parameters(scenario, Roster(scenario))
    values, varies = parameters.values(scenario.ensemble.seed or 0, Lanes(padded(np.arange(runs))))
    return parameters.numbers(settled or settled_at(parameters), values, varies)


def stepped(scenario: Scenario, months: int, runs: int = RUNS) -> tuple[World, Numbers]:
    """Its world after some months, and its numbers."""
    with InfluenceModel(scenario, runs) as model:
        for _ in range(months):
            model.step()
        return model.world, model.numbers


def history(scenario: Scenario, runs: int | Sequence[int] = RUNS, months: int = MONTHS, **how: Any) -> History:
    """Every variable of the world, month by month. Shape: (month, axes, run); padded lanes dropped, place 0 is the start."""
    with InfluenceModel(scenario, runs, **how) as model:
        worlds = [model.world]
        for _ in range(months):
            model.step()
            worlds.append(model.world)
        lanes, width = len(model.run_ids), model.lanes.width
    kept: History = {}
    for field in fields(World):
        arrays = [getattr(world, field.name) for world in worlds]
        kept[field.name] = np.stack([np.broadcast_to(array, (*array.shape[:-1], width))[..., :lanes] for array in arrays])
    return kept


def same_bytes(first: Mapping[str, NDArray[Any]], second: Mapping[str, NDArray[Any]]) -> list[str]:
    """Names of the variables whose bytes differ."""
    return [name for name in first if first[name].tobytes() != second[name].tobytes()]


def of_ids(kept: History, roster: Roster, **ids: Sequence[str]) -> History:
    """A history cut down to some ids of some axes, in a given order."""
    cut: History = {}
    for name, array in kept.items():
        for place, axis in enumerate(VARIABLES[name].axes):
            if axis in ids:
                array = np.take(array, [roster.place(axis, one) for one in ids[axis]], axis=place + 1)
        cut[name] = np.ascontiguousarray(array)
    return cut


def few(part: int) -> settings:
    """Tries a law on only a part of the profile's number of examples: for laws that cost several runs an example."""
    return settings(max_examples=max(settings().max_examples // part, 5))


def certain(scenario: Scenario) -> Scenario:
    """The scenario with every number at its median and no noise at all."""
    changes = {path: number.median() for path, number in number_paths(scenario).items()}
    changes |= {f"mechanics.{chapter}.noise": 0.0 for chapter in ("alignment", "opinion", "tension")}
    return scenario.with_changes(changes)
