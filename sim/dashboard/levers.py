"""Levers: named sets of numbers that one slider moves together, as far as a scenario has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal

import numpy as np

from sim.scenario.distributions import Quantity
from sim.scenario.places import bounds_at, number_paths
from sim.scenario.schema import Change, Scenario

Way = Literal["set", "scale", "add"]
MOST_POWERS = 8


@dataclass(frozen=True)
class Reach:
    """Numbers that a lever moves: a path with * for any id, how they change, and by how much at each end of the slider.

    At the slider's default nothing changes, so `scale` runs through 1 and `add` through 0 there.
    """

    path: str
    way: Way
    at_low: float
    at_high: float

    @property
    def unmoved(self) -> float:
        """What leaves the numbers as they are."""
        return 1.0 if self.way == "scale" else 0.0

    def value(self, lever: Lever, at: float) -> float:
        """What the numbers are set to, scaled by or added to with the slider at a place."""
        ends = (lever.low, lever.default, lever.high)
        middle = lever.default if self.way == "set" else self.unmoved
        return float(np.interp(at, ends, (self.at_low, middle, self.at_high)))


@dataclass(frozen=True)
class Lever:
    """A slider: what it is called, what it means, its ends, where it rests, and the numbers it moves. Units: as `unit` says.

    An `absolute` one stands at its number itself: it rests where the scenario has it, and how far it scales it follows from that.
    """

    id: str
    group: str
    name: str
    meaning: str
    unit: str
    low: float
    high: float
    default: float
    step: float
    reaches: tuple[Reach, ...]
    detail: bool = False
    absolute: bool = False


def times(path: str, high: float = 3.0, low: float = 0.0) -> Reach:
    """Numbers multiplied by the slider's value."""
    return Reach(path, "scale", low, high)


def _factor(id: str, group: str, name: str, meaning: str, *reaches: Reach, detail: bool = False) -> Lever:
    return Lever(id, group, name, meaning, "times", reaches[0].at_low, reaches[0].at_high, 1.0, 0.05, reaches, detail)


EU, RUSSIA, OUTER, REGION = "European Union", "Russia", "The outer world", "The region"
SKILL = "powers.russia.skill."
# A budget is capacity times attention, so moving the one says what the other would do.
EFFORTS = {"us": ("Attention and effort", "How much attention and means it has for the region")}
NAMED: tuple[Lever, ...] = (
    _factor("eu_outreach", EU, "Outreach", "How well the Union's work with candidates pays", times("powers.eu.skill.accession_outreach")),
    Lever(
        "eu_consistency", EU, "Consistency", "How firmly its promise of membership is believed and kept", "times", 0, 2, 1, 0.05,
        (Reach("institutions.eu.credibility", "scale", 0.3, 1.35), Reach("mechanics.accession.disappointment", "scale", 2.5, 0.2)),
    ),
    _factor("energy", RUSSIA, "Energy", "How well Russia uses gas, oil and pipelines", times(f"{SKILL}energy"), detail=True),
    _factor(
        "media", RUSSIA, "Broadcast and platforms", "How well Russian stories travel", times(f"{SKILL}information"),
        times(f"{SKILL}social_media"), detail=True,
    ),
    _factor("church", RUSSIA, "Churches", "How well ties of faith serve Moscow", times(f"{SKILL}religion"), detail=True),
    _factor("patronage", RUSSIA, "Parties and leaders", "How well backing its friends pays", times(f"{SKILL}patronage"), detail=True),
    _factor("finance", RUSSIA, "Loans and trade", "How well money and markets serve Moscow", times(f"{SKILL}finance"), detail=True),
    _factor("diplomacy", RUSSIA, "Diplomacy", "How well its envoys work, and its veto", times(f"{SKILL}diplomacy"), detail=True),
    _factor("covert", RUSSIA, "Covert action", "How able its services are", times(f"{SKILL}covert"), detail=True),
    _factor("arms", RUSSIA, "Arms and drills", "How well military ties serve Moscow", times(f"{SKILL}military"), detail=True),
    Lever(
        "oil_price", OUTER, "Oil price", "Price of crude, which fills or empties Moscow's purse", "dollars a barrel",
        20, 130, 54.4, 1, (times("drivers.oil_price.level"),), absolute=True,
    ),
    Lever(
        "ukraine", OUTER, "War in Ukraine on the agenda", "How far it draws the attention of every capital away", "share",
        0, 1, 0.35, 0.05, (times("drivers.ukraine_salience.level"),), absolute=True,
    ),
    Lever(
        "war", OUTER, "Open war blamed on Russia", "How far a war is put down to Moscow: opinion falls, sanctions come nearer",
        "share", 0, 1, 0, 0.05, (Reach("powers.russia.war", "set", 0, 1),),
    ),
    Lever(
        "literacy", REGION, "Media literacy", "How well publics tell stories from lies, everywhere", "more or less",
        -0.3, 0.3, 0, 0.02, (Reach("countries.*.literacy", "add", -0.3, 0.3),),
    ),
    Lever(
        "gas", REGION, "Gas from elsewhere", "Share of the reliance on Russian energy that is replaced", "share",
        0, 1, 0, 0.05, (Reach("countries.*.dependence.russia.channels.energy", "scale", 1, 0),),
    ),
    Lever(
        "sanctions", REGION, "Joining Western sanctions", "How strongly those outside lean towards taking part", "leaning",
        -1, 2, 0, 0.1, (Reach("deeds.sanctions.base", "add", -1, 2),),
    ),
    _factor(
        "kosovo", REGION, "Brokers in the Kosovo talks", "How able those who broker between Belgrade and Pristina are",
        times("powers.*.skill.mediation"), times("disputes.kosovo.talks.broker"),
    ),
)  # fmt: skip


def levers_of(scenario: Scenario) -> tuple[Lever, ...]:
    """The levers a scenario has numbers for: the effort of each power, and those named here, group by group."""
    numbers = number_paths(scenario)
    efforts = [_effort(id, power.name) for id, power in list(scenario.powers.items())[:MOST_POWERS]]
    known = [*efforts, *(_rested(lever, scenario, numbers) if lever.absolute else lever for lever in NAMED)]
    found = [lever for lever in known if _applies(lever, scenario, numbers)]
    groups = list(dict.fromkeys([lever.group for lever in efforts] + [OUTER, REGION]))
    return tuple(sorted(found, key=lambda lever: groups.index(lever.group)))


def _effort(id: str, name: str) -> Lever:
    group = {"eu": EU, "russia": RUSSIA}.get(id, name)
    called, meaning = EFFORTS.get(id, ("Effort", "How much it has to spend on influence each month"))
    return _factor(f"effort-{id}", group, called, meaning, times(f"powers.{id}.capacity"))


def _rested(lever: Lever, scenario: Scenario, numbers: Mapping[str, Quantity]) -> Lever:
    """An absolute lever put where the scenario has its number; without reaches where that is beyond its ends."""
    path = lever.reaches[0].path
    if path not in numbers:
        return lever
    own = usual(numbers[path], scenario.set.get(path))
    if not lever.low < own < lever.high:
        return replace(lever, reaches=())
    digits = 1 if lever.step >= 1 else 3
    return replace(lever, default=round(own, digits), reaches=(Reach(path, "scale", lever.low / own, lever.high / own),))


def usual(number: Quantity, change: Change | None) -> float:
    """The middle of a number, what-ifs of the scenario counted."""
    if change is None:
        return number.median()
    if change.to is not None:
        return change.to.median()
    return number.median() * (1.0 if change.scale is None else change.scale) + (0.0 if change.add is None else change.add)


def paths_of(reach: Reach, numbers: Mapping[str, Quantity]) -> list[str]:
    """The numbers of a scenario that a reach moves."""
    return [path for path in numbers if fnmatchcase(path, reach.path)]


def _applies(lever: Lever, scenario: Scenario, numbers: Mapping[str, Quantity]) -> bool:
    """Whether every reach finds a number, and none that a what-if of the scenario changes in a way this cannot be laid over."""
    found = [(reach, paths_of(reach, numbers)) for reach in lever.reaches]
    if not found or not all(paths for _, paths in found):
        return False
    return all(changed(scenario, path, reach.way, reach.unmoved) is not None for reach, paths in found for path in paths)


def changed(scenario: Scenario, path: str, way: str, value: float) -> Change | None:
    """The what-if of a scenario on one number with a lever laid over it; None where the two cannot be said in one change."""
    own = scenario.set.get(path)
    if way == "set":
        return Change.model_validate(value)
    if own is None:
        return Change.model_validate({way: value})
    if own.to is not None:
        return _moved(own.to, path, way, value)
    mine = own.scale if way == "scale" else own.add
    if mine is None:
        return None
    return Change(scale=mine * value) if way == "scale" else Change(add=mine + value)


def _moved(number: Quantity, path: str, way: str, value: float) -> Change | None:
    """A new value multiplied or added to, inside its bounds; a whole distribution cannot be."""
    kind, parameters = number.form
    if kind != "fixed":
        return None
    bounds = bounds_at(path)
    moved = parameters[0] * value if way == "scale" else parameters[0] + value
    return Change.model_validate(float(np.clip(moved, bounds.low, bounds.high)))
