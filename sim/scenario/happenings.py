"""Whether what a scenario says of deeds, events and talks agrees with the rest of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sim.scenario.changes import no_such_number
from sim.scenario.faults import FaultList, shown, unknown
from sim.scenario.nodes import Mapping, Node, Scalar
from sim.scenario.places import number_nodes
from sim.scenario.schema import Scenario

HERE = "here"
# Numbers that only say where a variable starts: changing them later would change nothing.
STARTS = re.compile(
    r"countries\.[^.]+\.membership\.[^.]+\.progress$|institutions\.[^.]+\.credibility$|deeds\.[^.]+\.start$"
    r"|disputes\.[^.]+\.(normalisation|talks\.open|recognition\.start)$"
)


def check_happenings(root: Mapping, faults: FaultList) -> None:
    """Note owners and actors that do not exist, sides nobody takes, and consequences on numbers that are not there."""
    countries, powers = list(_section(root, "countries")), list(_section(root, "powers"))
    blocs = {word for power in _section(root, "powers").values() if (word := _text(power, "bloc"))}
    numbers = number_nodes(root)
    for name, deed in _section(root, "deeds").items():
        _check_word(deed, "owner", [*countries, *powers], f"deeds.{name}.owner", "actor", faults)
        stance = deed.values.get("stance") if isinstance(deed, Mapping) else None
        for side, mark in stance.keys.items() if isinstance(stance, Mapping) else ():
            if side not in {*blocs, "self"}:
                faults.add(mark, "E047", f"deeds.{name}.stance.{side}", unknown("side", side, sorted({*blocs, "self"})))
        _check_consequences(deed, f"deeds.{name}", [HERE], numbers, faults)
    for name, event in _section(root, "events").items():
        _check_word(event, "actor", [*countries, *powers, HERE], f"events.{name}.actor", "actor", faults)
        where = event.values.get("where") if isinstance(event, Mapping) else None
        places = [str(item.value) for item in getattr(where, "items", ()) if isinstance(item, Scalar)]
        _check_consequences(event, f"events.{name}", [place for place in places if place in countries], numbers, faults)


def _check_consequences(node: Node, path: str, places: list[str], numbers: dict[str, Node], faults: FaultList) -> None:
    effects = node.values.get("effects") if isinstance(node, Mapping) else None
    for name, effect in effects.values.items() if isinstance(effects, Mapping) else ():
        if not isinstance(effect, Mapping):
            continue
        ways = [way for way in ("scale", "add") if way in effect.values]
        if len(ways) != 1:
            faults.add(effect.mark, "E054", f"{path}.effects.{name}", f"needs exactly one of scale, add, found {', '.join(ways) or 'none'}")
        target = effect.values.get("path")
        if not isinstance(target, Scalar) or not isinstance(target.value, str):
            continue
        if STARTS.match(target.value):
            told = "only starts a variable that then goes its own way; name a number that stays in force"
            faults.add(target.mark, "E047", f"{path}.effects.{name}.path", told)
            continue
        for place in places:
            there = ".".join(place if word == HERE else word for word in target.value.split("."))
            if there not in numbers:
                faults.add(target.mark, "E040", f"{path}.effects.{name}.path", no_such_number(there, numbers))
                break


def check_watches(scenario: Scenario, root: Mapping, wrong: Callable[[Scenario, str], str], faults: FaultList) -> None:
    """Note every watched variable that the model does not have; `wrong` says why, or nothing."""
    for path, node, places in _watches(root):
        for place in places:
            words = ".".join(place if word == HERE else word for word in str(node.value).split("."))
            told = wrong(scenario, words)
            if told:
                faults.add(node.mark, "E040", path, told)
                break


def _watches(root: Mapping) -> Iterator[tuple[str, Scalar, list[str]]]:
    for section in ("deeds", "events"):
        for name, node in _section(root, section).items():
            where = node.values.get("where") if isinstance(node, Mapping) else None
            places = [str(item.value) for item in getattr(where, "items", ()) if isinstance(item, Scalar)] or [HERE]
            for part in ("causes", "needs"):
                entries = node.values.get(part) if isinstance(node, Mapping) else None
                for key, entry in entries.values.items() if isinstance(entries, Mapping) else ():
                    watched = entry.values.get("watches") if isinstance(entry, Mapping) else None
                    if isinstance(watched, Scalar) and isinstance(watched.value, str):
                        yield f"{section}.{name}.{part}.{key}.watches", watched, places


def _check_word(node: Node, key: str, known: list[str], path: str, noun: str, faults: FaultList) -> None:
    value = node.values.get(key) if isinstance(node, Mapping) else None
    if isinstance(value, Scalar) and isinstance(value.value, str) and value.value not in known:
        faults.add(value.mark, "E047", path, unknown(noun, shown(value.value), known))


def _text(node: Node, key: str) -> str | None:
    value = node.values.get(key) if isinstance(node, Mapping) else None
    return value.value if isinstance(value, Scalar) and isinstance(value.value, str) else None


def _section(root: Mapping, name: str) -> dict[str, Node]:
    found = root.values.get(name)
    return found.values if isinstance(found, Mapping) else {}
