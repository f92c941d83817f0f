"""Countries that change places: each keeps its name, its neighbours and its luck, and takes the part of another everywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, replace

from sim.scenario.nodes import Listing, Mapping, Node, Scalar, copied
from sim.scenario.references import ITEMS, KEYS, REFERENCES, child, section, word

# What stays with the name when countries change places.
KEPT = frozenset({"name", "iso3", "stream", "part_of", "neighbours"})
# Where a world names a country outside the countries' own sections: their keys, the items of a list, or a word.
PLACES = (
    *(place for place, kind in REFERENCES if kind == "countries" and place[0] != "countries"),
    ("deeds", "*", "owner"),
    ("events", "*", "actor"),
)
# Where it names a number (countries.serbia.tension) or a variable (tension.serbia) by its path.
NUMBERS = (("deeds", "*", "*", "*", "path"), ("events", "*", "*", "*", "path"))
VARIABLES = (("deeds", "*", "*", "*", "watches"), ("events", "*", "*", "*", "watches"))
TREATMENTS = (("set", KEYS), ("shocks", ITEMS, "path"), ("policies", ITEMS, "path"))
Axes = MappingOf[str, tuple[str, ...]]
Renamed = Callable[[str], str]


def changed_places(root: Mapping) -> dict[str, str]:
    """Whose part each country takes: that of the next in the file among states, and among entities; a divided state keeps its own."""
    countries = section(root, "countries")
    inside = {name: whole for name, node in countries.items() if (whole := word(child(node, "part_of"))) is not None}
    states = [name for name in countries if name not in inside and name not in inside.values()]
    entities = [name for name in countries if name in inside]
    return {name: group[(place + 1) % len(group)] for group in (states, entities) for place, name in enumerate(group)}


def with_places_changed(root: Mapping, axes: Axes) -> Mapping:
    """A world in which countries have changed places: in their own sections and wherever else the world names a country.

    So with its numbers go its relays, what it is worth to powers, its gates, disputes, deeds and events, and the variables that those
    watch. `axes` are those of variables, which tell a country from a dispute of the same name.
    """
    whole = copied(root)
    assert isinstance(whole, Mapping)
    taken = changed_places(root)
    countries = whole.values.get("countries")
    if isinstance(countries, Mapping):
        old = dict(countries.values)
        for name, other in taken.items():
            countries.values[name] = _in_place_of(old[name], old[other])
    names = _names(root, axes)
    for places, renamed in ((PLACES, names.plain), (NUMBERS, names.number), (VARIABLES, names.variable)):
        for place in places:
            for holder, key in _found(whole, place):
                _rename(holder, key, renamed)
    return whole


def moved_treatment(treatment: Mapping, root: Mapping) -> Mapping:
    """What a claim changes, in a world in which countries changed places.

    It stays with the countries it names, and follows parts of disputes and institutions to those that hold them now.
    """
    moved = copied(treatment)
    assert isinstance(moved, Mapping)
    names = _names(root, {})
    for place in TREATMENTS:
        for holder, key in _found(moved, place):
            _rename(holder, key, names.part)
    return moved


def _names(root: Mapping, axes: Axes) -> _Names:
    return _Names({other: name for name, other in changed_places(root).items()}, axes)


@dataclass(frozen=True)
class _Names:
    """The new name of every country that changes its place."""

    given: dict[str, str]
    axes: Axes

    def plain(self, name: str) -> str:
        return self.given.get(name, name)

    def number(self, path: str) -> str:
        """A path of a number; what follows the name of a section is the id of an entry of it."""
        top, *rest = path.split(".")
        entry = rest[:1] if top != "countries" else [self.plain(each) for each in rest[:1]]
        return ".".join([top, *entry, *map(self.plain, rest[1:])])

    def variable(self, words: str) -> str:
        """A variable and its place; a dispute may have the name of a country."""
        name, *places = words.split(".")
        return words if "dispute" in self.axes.get(name, ()) else ".".join([name, *map(self.plain, places)])

    def part(self, path: str) -> str:
        """A path of a number that belongs to a dispute or an institution; others stay."""
        return self.number(path) if path.split(".")[0] in ("disputes", "institutions") else path


def _found(node: Node, place: tuple[str, ...]) -> Iterator[tuple[Node, str]]:
    """Everything at a place, as what holds it and the key: KEYS or ITEMS for all keys or items of the holder."""
    if place[0] in (KEYS, ITEMS) and len(place) == 1:
        yield node, place[0]
    elif place[0] == ITEMS:
        for item in node.items if isinstance(node, Listing) else ():
            yield from _found(item, place[1:])
    elif isinstance(node, Mapping):
        keys = list(node.values) if place[0] == "*" else [key for key in place[:1] if key in node.values]
        for key in keys:
            if len(place) == 1:
                yield node, key
            else:
                yield from _found(node.values[key], place[1:])


def _rename(holder: Node, key: str, renamed: Renamed) -> None:
    if key == KEYS and isinstance(holder, Mapping):
        entries = [(renamed(name), holder.values[name], holder.keys[name]) for name in holder.values]
        holder.values.clear()
        holder.keys.clear()
        for name, value, mark in entries:
            holder.values[name], holder.keys[name] = value, mark
    elif key == ITEMS and isinstance(holder, Listing):
        holder.items[:] = [_word_renamed(item, renamed) for item in holder.items]
    elif isinstance(holder, Mapping):
        holder.values[key] = _word_renamed(holder.values[key], renamed)


def _word_renamed(node: Node, renamed: Renamed) -> Node:
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return node
    new = renamed(node.value)
    return replace(node, value=new, text=new)


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
