"""Who and what there is, and how they are linked: everything of a scenario that is not a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario.schema import Scenario

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

# Axes whose places are pairs, and what each half puts into a path.
PAIRS = {
    "instrument": ("power", "channel"),
    "erosion": ("channel", "eroded"),
    "deed_cause": ("deed", "cause"),
    "deed_need": ("deed", "need"),
    "deed_effect": ("deed", "effect"),
    "type_cause": ("event", "cause"),
    "type_need": ("event", "need"),
    "type_effect": ("event", "effect"),
    "party": ("dispute", "party"),
}
SELF = "self"
INSTITUTIONAL = "institutional"


@dataclass(frozen=True)
class GateLink:
    """A gate by places on the axes: whom it holds, on which rung, and what it watches."""

    institution: int
    countries: Mask
    rung: int
    after: float
    watches: str
    target: int


@dataclass(frozen=True)
class Roster:
    """Ids along every axis, sorted by stream key, and the links between them.

    The order of a file's entries changes nothing here; `displayed` gives the file's order for tables and charts.
    """

    scenario: Scenario

    def _sorted(self, things: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(sorted(things, key=lambda name: getattr(things[name], "stream", None) or name))

    @cached_property
    def ids(self) -> dict[str, tuple[str, ...]]:
        """Ids by axis. Instruments are 'power.channel'."""
        s = self.scenario
        powers, channels = self._sorted(s.powers), self._sorted(s.channels)
        return {
            "power": powers,
            "channel": channels,
            "country": self._sorted(s.countries),
            "institution": self._sorted(s.institutions),
            "bloc": s.blocs(),
            "side": (*s.blocs(), SELF),
            "instrument": tuple(f"{power}.{channel}" for power in powers for channel in channels if channel in s.powers[power].skill),
            "relay": tuple(sorted(s.relays)),
            "gate": tuple(sorted(s.gates)),
            "driver": tuple(sorted(s.drivers)),
            "condition": tuple(sorted(s.conditions)),
            "dispute": tuple(sorted(s.disputes)),
            "deed": self._sorted(s.deeds),
            "event": self._events(),
            "event_type": self._sorted(s.events),
            "type_cause": tuple(f"{name}.{cause}" for name in self._sorted(s.events) for cause in s.events[name].causes),
            "type_need": tuple(f"{name}.{need}" for name in self._sorted(s.events) for need in s.events[name].needs),
            "type_effect": tuple(f"{name}.{effect}" for name in self._sorted(s.events) for effect in s.events[name].effects),
            "linkage": tuple(sorted(s.linkages)),
            "party": tuple(f"{d}.{i}" for d in sorted(s.disputes) for i in s.disputes[d].parties),
            "deed_cause": tuple(f"{name}.{cause}" for name in self._sorted(s.deeds) for cause in s.deeds[name].causes),
            "deed_need": tuple(f"{name}.{need}" for name in self._sorted(s.deeds) for need in s.deeds[name].needs),
            "deed_effect": tuple(f"{name}.{effect}" for name in self._sorted(s.deeds) for effect in s.deeds[name].effects),
            "erosion": tuple(f"{k}.{other}" for k in channels for other in sorted(s.channels[k].erodes)),
            "rung": tuple(str(rung) for rung in range(max((len(m.stages) for m in s.institutions.values()), default=1))),
            "seat": tuple(str(seat) for seat in range(max((len(m.members) for m in s.institutions.values()), default=1))),
        }

    def _events(self) -> tuple[str, ...]:
        """Names 'type.place' of every event."""
        events, countries = self.scenario.events, self.scenario.countries
        places = {name: sorted(events[name].where, key=lambda place: countries[place].stream or place) for name in events}
        return tuple(f"{name}.{place}" for name in self._sorted(events) for place in places[name])

    def displayed(self, axis: str) -> tuple[str, ...]:
        """Ids along an axis in the order of the file."""
        sections = {"power": "powers", "channel": "channels", "country": "countries", "institution": "institutions"}
        if axis in sections:
            return tuple(getattr(self.scenario, sections[axis]))
        if axis == "instrument":
            return tuple(f"{p}.{k}" for p in self.scenario.powers for k in self.scenario.channels if k in self.scenario.powers[p].skill)
        return self.ids[axis]

    def size(self, axis: str) -> int:
        """How many there are along an axis."""
        return len(self.ids[axis])

    def place(self, axis: str, name: str) -> int:
        """Where an id stands along an axis."""
        return self.ids[axis].index(name)

    def words(self, axis: str, context: Mapping[str, str]) -> Iterator[Mapping[str, str] | None]:
        """What each place of an axis puts into a path template; None where nothing stands there (ladders differ in length)."""
        match axis:
            case _ if axis in PAIRS:
                for name in self.ids[axis]:
                    yield dict(zip(PAIRS[axis], name.split("."), strict=True))
            case "rung" | "seat":
                institution = self.scenario.institutions[context["institution"]]
                key, names = ("stage", tuple(institution.stages)) if axis == "rung" else ("member", tuple(sorted(institution.members)))
                for place in range(self.size(axis)):
                    yield {key: names[place]} if place < len(names) else None
            case "event_type":
                for name in self.ids[axis]:
                    yield {"event": name}
            case _:
                for name in self.ids[axis]:
                    yield {axis: name}

    def stream(self, axis: str, name: str) -> str:
        """The key that addresses an actor's draws: its `stream`, by default its id."""
        sections: dict[str, Mapping[str, Any]] = {
            "power": self.scenario.powers,
            "channel": self.scenario.channels,
            "country": self.scenario.countries,
            "institution": self.scenario.institutions,
            "deed": self.scenario.deeds,
            "event": self.scenario.events,
        }
        return str(getattr(sections[axis][name], "stream", None) or name) if axis in sections else name

    def streams(self, *axes: str) -> list[str]:
        """Stream keys of one axis, or of pairs written 'a>b', in array order."""
        if axes == ("event",):
            pairs = [name.split(".") for name in self.ids["event"]]
            return [f"{self.scenario.events[kind].stream or kind}>{self.stream('country', place)}" for kind, place in pairs]
        keys = [[self.stream(axis, name) for name in self.ids[axis]] for axis in axes]
        return keys[0] if len(axes) == 1 else [f"{first}>{second}" for first in keys[0] for second in keys[1]]

    # Powers and their instruments

    @cached_property
    def bloc_of(self) -> Index:
        """Place of each power's bloc."""
        return np.array([self.place("bloc", self.scenario.powers[p].bloc) for p in self.ids["power"]], dtype=np.intp)

    @cached_property
    def power_of(self) -> Index:
        """Place of each instrument's power."""
        return np.array([self.place("power", name.split(".")[0]) for name in self.ids["instrument"]], dtype=np.intp)

    @cached_property
    def channel_of(self) -> Index:
        """Place of each instrument's channel."""
        return np.array([self.place("channel", name.split(".")[1]) for name in self.ids["instrument"]], dtype=np.intp)

    @cached_property
    def instruments_of(self) -> tuple[slice, ...]:
        """The run of instruments that each power holds."""
        edges = np.searchsorted(self.power_of, np.arange(self.size("power") + 1))
        return tuple(slice(int(a), int(b)) for a, b in pairwise(edges))

    def flagged(self, field: str, value: object = True) -> Mask:
        """Which instruments' channels have a plain field at a value, such as consent or domain."""
        if (field, value) not in self._flags:
            channels = [self.scenario.channels[name] for name in self.ids["channel"]]
            self._flags[field, value] = np.array([getattr(channels[place], field) == value for place in self.channel_of], dtype=bool)
        return self._flags[field, value]

    @cached_property
    def _flags(self) -> dict[tuple[str, object], Mask]:
        return {}

    # Countries, their entities and neighbours

    @cached_property
    def parent_of(self) -> Index:
        """Place of the country that each country belongs to, itself when it is no entity."""
        return np.array([self.place("country", self.scenario.countries[i].part_of or i) for i in self.ids["country"]], dtype=np.intp)

    @cached_property
    def entities_of(self) -> dict[int, Index]:
        """Places of the entities inside each country that has some."""
        inside: dict[int, list[int]] = {}
        for place, parent in enumerate(self.parent_of):
            if parent != place:
                inside.setdefault(int(parent), []).append(place)
        return {parent: np.array(entities, dtype=np.intp) for parent, entities in inside.items()}

    @cached_property
    def is_entity(self) -> Mask:
        """Which countries are entities inside another."""
        return np.asarray(self.parent_of != np.arange(self.size("country")))

    @cached_property
    def is_leaf(self) -> Mask:
        """Which countries have no entities: where people are influenced."""
        return np.array([place not in self.entities_of for place in range(self.size("country"))], dtype=bool)

    @cached_property
    def usable(self) -> Mask:
        """Where an instrument can be used: institutional ones on countries, the others on leaves. Shape: (instrument, country)."""
        institutional = self.flagged("domain", INSTITUTIONAL)[:, None]
        return np.where(institutional, ~self.is_entity[None], self.is_leaf[None])

    @cached_property
    def adjacent(self) -> Mask:
        """Which leaves are neighbours. Shape: (country, country)."""
        matrix = np.zeros((self.size("country"),) * 2, dtype=bool)
        for place, name in enumerate(self.ids["country"]):
            for other in self.scenario.countries[name].neighbours:
                matrix[place, self.place("country", other)] = True
        return matrix & self.is_leaf[None] & self.is_leaf[:, None]

    @cached_property
    def neighbours(self) -> tuple[Index, ...]:
        """Places of each leaf's neighbours."""
        return tuple(np.flatnonzero(row) for row in self.adjacent)

    # Deeds

    def owned_by(self, kind: str) -> Index:
        """Place of each deed's owner along an axis, -1 where the owner is none of its actors."""
        owners = [self.scenario.deeds[name].owner for name in self.ids["deed"]]
        return np.array([self.ids[kind].index(owner) if owner in self.ids[kind] else -1 for owner in owners], dtype=np.intp)

    def cell(self, watched: str, axes: Mapping[str, tuple[str, ...]]) -> tuple[str, tuple[int, ...]]:
        """A variable and a place in it, from words such as tension.serbia or opinion.serbia.russia, in any order.

        Raises: KeyError, when there is no such variable or actor, or not one for every axis.
        """
        if watched not in self._cells:
            self._cells[watched] = self._cell(watched, axes)
        return self._cells[watched]

    @cached_property
    def _cells(self) -> dict[str, tuple[str, tuple[int, ...]]]:
        return {}

    def _cell(self, watched: str, axes: Mapping[str, tuple[str, ...]]) -> tuple[str, tuple[int, ...]]:
        name, *words = watched.split(".")
        place: list[int] = []
        for axis in axes[name]:
            choices = {id: at for at, id in enumerate(self.ids[axis])}
            pairs = [(first, second) for first in words for second in words if f"{first}.{second}" in choices]
            found = [(word,) for word in words if word in choices] or pairs
            if not found:
                raise KeyError(watched)
            place.append(choices[".".join(found[0])])
            for word in found[0]:
                words.remove(word)
        if words:
            raise KeyError(watched)
        return name, tuple(place)

    @cached_property
    def parties(self) -> tuple[tuple[int, int], ...]:
        """Places of each dispute's two parties."""
        pairs = [self.scenario.disputes[name].parties for name in self.ids["dispute"]]
        return tuple((self.place("country", a), self.place("country", b)) for a, b in pairs)

    # Institutions

    @cached_property
    def grantor(self) -> Index:
        """Place of the power that grants each institution's membership."""
        return np.array([self.place("power", self.scenario.institutions[m].grantor) for m in self.ids["institution"]], dtype=np.intp)

    @cached_property
    def top(self) -> Index:
        """The rung that is membership, by institution."""
        return np.array([len(self.scenario.institutions[m].stages) - 1 for m in self.ids["institution"]], dtype=np.intp)

    @cached_property
    def start_rung(self) -> Index:
        """Rung at the start; entities stand where their country stands. Shape: (institution, country)."""
        rungs = np.zeros((self.size("institution"), self.size("country")), dtype=np.intp)
        for m, institution in enumerate(self.ids["institution"]):
            stages = list(self.scenario.institutions[institution].stages)
            for i, parent in enumerate(self.parent_of):
                standing = self.scenario.countries[self.ids["country"][parent]].membership.get(institution)
                rungs[m, i] = stages.index(standing.stage) if standing else 0
        return rungs

    @cached_property
    def gates(self) -> tuple[GateLink, ...]:
        """Every gate by places on the axes."""
        return tuple(self._gate(self.scenario.gates[name]) for name in self.ids["gate"])

    def _gate(self, gate: Any) -> GateLink:
        held = [name in gate.countries or not gate.countries for name in self.ids["country"]]
        watches, target = "aspiration", 0
        if gate.watches.condition is not None:
            watches, target = "condition", self.place("condition", gate.watches.condition)
        elif gate.watches.deed is not None:
            watches, target = "deed", self.place("deed", gate.watches.deed)
        elif gate.watches.without is not None:
            watches, target = "without", self.place("deed", gate.watches.without)
        elif gate.watches.dispute is not None:
            watches, target = "dispute", self.place("dispute", gate.watches.dispute)
        elif gate.watches.entities:
            watches = "entities"
        rung = list(self.scenario.institutions[gate.institution].stages).index(gate.stage)
        return GateLink(self.place("institution", gate.institution), np.array(held), rung, gate.after, watches, target)
