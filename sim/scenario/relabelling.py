"""Countries that change places: each keeps its name, its neighbours and its luck, and takes the numbers of another."""

from __future__ import annotations

from dataclasses import replace

from sim.scenario.nodes import Mapping, Node, Scalar, copied
from sim.scenario.references import child, section, word

# What stays with the name when countries change places.
KEPT = frozenset({"name", "iso3", "stream", "part_of", "neighbours"})


def changed_places(root: Mapping) -> dict[str, str]:
    """Whose numbers each country takes: those of the next in the file among states, and among entities; a divided state keeps its own."""
    countries = section(root, "countries")
    inside = {name: whole for name, node in countries.items() if (whole := word(child(node, "part_of"))) is not None}
    states = [name for name in countries if name not in inside and name not in inside.values()]
    entities = [name for name in countries if name in inside]
    return {name: group[(place + 1) % len(group)] for group in (states, entities) for place, name in enumerate(group)}


def with_places_changed(root: Mapping) -> Mapping:
    """A world in which countries have changed places: their own sections, their relays, and what each is worth to the powers."""
    whole = copied(root)
    assert isinstance(whole, Mapping)
    taken = changed_places(root)
    countries = whole.values.get("countries")
    if isinstance(countries, Mapping):
        old = dict(countries.values)
        for name, other in taken.items():
            countries.values[name] = _in_place_of(old[name], old[other])
    given = {other: name for name, other in taken.items()}
    for relay in section(whole, "relays").values():
        where = child(relay, "country")
        if isinstance(relay, Mapping) and isinstance(where, Scalar) and where.value in given:
            relay.values["country"] = replace(where, value=given[where.value])
    for power in section(whole, "powers").values():
        stakes = child(power, "stakes")
        if isinstance(stakes, Mapping):
            before = Mapping(stakes.mark, dict(stakes.values), dict(stakes.keys))
            stakes.values.clear()
            stakes.keys.clear()
            for name, other in {**{name: name for name in before.values}, **taken}.items():
                if other in before.values:
                    stakes.values[name], stakes.keys[name] = before.values[other], before.keys[other]
    return whole


def _in_place_of(own: Node, other: Node) -> Node:
    """A country with its own name and place, and everything else of another."""
    if not isinstance(own, Mapping) or not isinstance(other, Mapping):
        return own
    made = Mapping(own.mark)
    for source, wanted in ((own, True), (other, False)):
        for key, value in source.values.items():
            if (key in KEPT) is wanted:
                made.values[key], made.keys[key] = copied(value), source.keys[key]
    return made
