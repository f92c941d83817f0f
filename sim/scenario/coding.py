"""Coded numbers: how strong a source says something is and how sure it is, read as a value and its range by a published scale."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from typing import Any

from sim.scenario.distributions import Within
from sim.scenario.faults import FaultList, Mark, unknown
from sim.scenario.layers import Source, merged, seeds_folder, text_of
from sim.scenario.nodes import Listing, Mapping, Node, Scalar, plain, tree
from sim.scenario.places import TOP, Place
from sim.scenario.schema import Change, Scenario

Scale = MappingOf[str, MappingOf[str, float]]

NOWHERE = Mark("seeds/coding.yaml", 0, 0)
ANYWHERE = Within(float("-inf"), float("inf"))
SHARE = Within(0.0, 1.0)
# Forms that say the value themselves.
OTHER_FORMS = ("value", "range", "triangular", "uniform", "normal", "lognormal", "logitnormal")


def fill_coded(root: Mapping, faults: FaultList) -> None:
    """Give every coded number its value and range, by the shipped scale and the words that the scenario's `coding` changes.

    The scale that was used stands in the scenario afterwards, so that a resolved scenario says all it needs.
    """
    coded = list(_coded(root, TOP, ""))
    if not coded:
        return
    shipped = _shipped_scale(faults)
    own = root.values.get("coding")
    whole = shipped if own is None else merged(shipped, own)
    root.values["coding"] = whole
    root.keys.setdefault("coding", whole.mark)
    scale = scale_of(plain(whole))
    for path, node, within in coded:
        _fill(path, node, within, scale, faults)


def recoded(scenario: Scenario, words: Scale) -> Scenario:
    """The scenario as another scale would have it: every coded number read again, all others as they are.

    Raises: ScenarioFaults, where a number leaves its bounds or a word is missing.
    """
    faults = FaultList()
    root = _as_node(scenario.dumped())
    assert isinstance(root, Mapping)
    whole = merged(root.values.get("coding", Mapping(NOWHERE)), _as_node({part: dict(own) for part, own in words.items()}))
    root.values["coding"] = whole
    scale = scale_of(plain(whole))
    for path, node, within in list(_coded(root, TOP, "")):
        for form in OTHER_FORMS:
            node.values.pop(form, None)
        _fill(path, node, within, scale, faults)
    faults.refuse()
    return Scenario.model_validate(plain(root))


def triangle(strength: str, sure: str, scale: Scale, of: float | None = None, within: Within = SHARE) -> tuple[float, float, float]:
    """Value, low and high of a coded number, cut to its bounds.

    A share is the strength's mode, give or take the half-width of how sure the source is. An amount is the reference `of` times
    the strength's factor, up or down by a factor for how sure the source is.

    Raises: KeyError, for a word that the scale does not have.
    """
    if of is None:
        value, width = scale["share"][strength], scale["width"][sure]
        corners = (value, value - width, value + width)
    else:
        value, spread = of * scale["amount"][strength], scale["spread"][sure]
        corners = (value, min(value / spread, value * spread), max(value / spread, value * spread))
    return tuple(round(min(max(corner, within.low), within.high), 6) for corner in corners)  # type: ignore[return-value]


def scale_of(given: Any) -> dict[str, dict[str, float]]:
    """A scale out of plain values: those of its words that are numbers."""
    parts = given if isinstance(given, dict) else {}
    found: dict[str, dict[str, float]] = {}
    for name in ("share", "width", "amount", "spread"):
        own = parts.get(name)
        items = own.items() if isinstance(own, dict) else ()
        found[name] = {word: float(number) for word, number in items if isinstance(number, int | float) and not isinstance(number, bool)}
    return found


def _shipped_scale(faults: FaultList) -> Mapping:
    """The `coding` section of the scale that comes with the program; empty where it is not there, and then words are unknown."""
    folder = seeds_folder()
    if folder is None:
        return Mapping(NOWHERE)
    text = text_of(Source(NOWHERE.file, folder / "coding.yaml", None), faults)
    root = tree(text, NOWHERE.file, faults) if text is not None else None
    found = root.values.get("coding") if root is not None else None
    return found if isinstance(found, Mapping) else Mapping(NOWHERE)


def _coded(node: Node, place: Place | None, path: str) -> Iterator[tuple[str, Mapping, Within | None]]:
    """Every coded number of a file: its path, its mapping, and the bounds of its place where there are any."""
    if isinstance(node, Mapping) and place is not None and (place.kind == "number" or place.model is Change):
        if "coded" in node.values:
            yield path, node, place.within
            return
        node = Mapping(node.mark, {key: inner for key, inner in node.values.items() if key == "to"})
    if place is None:
        return
    if isinstance(node, Mapping):
        for key, inner in node.values.items():
            yield from _coded(inner, place.step(key), f"{path}.{key}" if path else key)
    elif isinstance(node, Listing):
        for number, inner in enumerate(node.items):
            yield from _coded(inner, place.item, f"{path}[{number}]")


def _fill(path: str, node: Mapping, within: Within | None, scale: Scale, faults: FaultList) -> None:
    """Put value and range beside the words of one coded number, or note why that cannot be done."""
    of = node.values.get("of")
    reference = float(of.value) if isinstance(of, Scalar) and isinstance(of.value, int | float) and not isinstance(of.value, bool) else None
    strength = _word(path, node, "coded", "strength", scale["share" if of is None else "amount"], faults)
    sure = _word(path, node, "sure", "sureness", scale["width" if of is None else "spread"], faults)
    bounds = within or (SHARE if of is None else ANYWHERE)
    if strength is None or sure is None or (of is not None and reference is None):
        # Something harmless, so that one mistake is told once.
        corners = (min(max(0.5, bounds.low), bounds.high),) * 3
    else:
        corners = triangle(strength, sure, scale, reference, bounds)
    value, low, high = corners
    said = [form for form in OTHER_FORMS if form in node.values]
    agrees = {form: plain(node.values[form]) for form in said} == {"value": value, "range": [low, high]}
    if said and not agrees:
        told = f"a coded number takes its value from the scale; leave out {', '.join(said)}, or coded and sure"
        faults.add(node.mark, "E054", path, told)
    for form in said:
        node.values.pop(form)
    node.values["value"] = _number(node.mark, value)
    node.values["range"] = Listing(node.mark, [_number(node.mark, low), _number(node.mark, high)])
    for key in ("value", "range"):
        node.keys.setdefault(key, node.mark)


def _word(path: str, node: Mapping, key: str, noun: str, known: MappingOf[str, float], faults: FaultList) -> str | None:
    """A word of the scale under a key, or nothing after noting why there is none."""
    given = node.values.get(key)
    if given is None:
        faults.add(node.mark, "E041", f"{path}.{key}", f"'{key}' is missing; a coded number has one of {', '.join(known)}")
        return None
    if not isinstance(given, Scalar) or not isinstance(given.value, str):
        faults.add(given.mark, "E021", f"{path}.{key}", f"must be one of {', '.join(known)}")
        return None
    if given.value not in known:
        faults.add(given.mark, "E047", f"{path}.{key}", unknown(noun, given.value, known))
        return None
    return given.value


def _number(mark: Mark, value: float) -> Scalar:
    return Scalar(mark, value, f"{value:g}", True)


def _as_node(given: Any) -> Node:
    """Plain values as a tree without places."""
    if isinstance(given, dict):
        return Mapping(NOWHERE, {key: _as_node(inner) for key, inner in given.items()}, dict.fromkeys(given, NOWHERE))
    if isinstance(given, list | tuple):
        return Listing(NOWHERE, [_as_node(inner) for inner in given])
    return Scalar(NOWHERE, given, str(given), True)
