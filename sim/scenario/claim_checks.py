"""Whether a claim file agrees with itself: each measure and each expectation says one thing, of measures and arms that there are."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from sim.scenario.claim_file import FORMS, KINDS, MOMENTS, OF_VARIABLES, Measure
from sim.scenario.dates import month_number
from sim.scenario.faults import FaultList, Mark, meant, shown, unknown
from sim.scenario.nodes import Mapping, Node
from sim.scenario.references import child, children, word

LISTS = tuple(form for form in FORMS if form not in ("outcome", "variable"))
NEEDED = ("arms", "measures", "expect")
WINDOW = ("from", "to", "of")


def check_bare(root: Mapping, known: tuple[str, ...], faults: FaultList) -> None:
    """Note what a claim that is not run has no use for: every key but its own, and what it would stand on."""
    for key, mark in root.keys.items():
        if key != "extends":
            guess = meant(key, known)
            told = f"a claim that is not_expressible holds no scenario; leave '{shown(key)}' out"
            faults.add(mark, "E040", key, told + (f" (did you mean {guess}?)" if guess else ""))


def check_claim(own: Mapping, faults: FaultList) -> None:
    """Note what contradicts itself in a claim's own keys."""
    if "not_expressible" in own.keys:
        for key in NEEDED:
            if key in own.keys:
                told = f"a claim that is not_expressible is not run; leave {key} out, or not_expressible"
                faults.add(own.keys[key], "E054", key, told)
        return
    for key in NEEDED:
        if not children(own, key) and not faults.has(own.keys.get(key, own.mark)):
            told = f"'{key}' is missing; a claim needs {MEANING[key]}, or not_expressible: why the model cannot say it"
            faults.add(own.keys.get(key, own.mark), "E041", key, told)
    for name, node in _entries(own, "measures"):
        _check_measure(f"measures.{name}", node, own, faults)
    _check_circles(own, faults)
    for number, item in enumerate(children(own, "expect")):
        if isinstance(item, Mapping):
            _check_expectation(f"expect[{number}]", item, own, faults)


MEANING = {
    "arms": "arms: {as_was: {}, changed: {set: {...}}}",
    "measures": "measures: named numbers read off each history",
    "expect": "expect: a list of what must hold",
}


def _entries(own: Mapping, key: str) -> Iterator[tuple[str, Mapping]]:
    found = own.values.get(key)
    if isinstance(found, Mapping):
        yield from ((name, node) for name, node in found.values.items() if isinstance(node, Mapping))


def _names(own: Mapping, key: str) -> list[str]:
    found = own.values.get(key)
    return list(found.values) if isinstance(found, Mapping) else []


def _one_of(node: Mapping, keys: tuple[str, ...], path: str, what: str, faults: FaultList) -> str | None:
    """The one of some keys that a mapping has; notes where it has none or several."""
    found = [key for key in keys if key in node.values]
    if len(found) == 1:
        return found[0]
    faults.add(node.mark, "E054", path, f"{what} exactly one of {', '.join(keys)}, found {', '.join(found) or 'none'}")
    return None


def _check_measure(path: str, node: Mapping, own: Mapping, faults: FaultList) -> None:
    """One measure: one form, with the keys that go with it, of measures that there are."""
    form = _one_of(node, FORMS, path, "measures", faults)
    if form is None:
        return
    for key in OF_VARIABLES:
        if key in node.values and form != "variable":
            faults.add(node.keys[key], "E054", f"{path}.{key}", f"{key} goes with variable, and this measures {form}; leave it out")
    if "above" in node.values and "below" in node.values:
        faults.add(node.keys["below"], "E054", f"{path}.below", "above and below exclude each other; make two measures and take both")
    _check_when(f"{path}.when", node.values.get("when"), faults)
    known = _names(own, "measures")
    for number, item in enumerate(children(node, form) if form in LISTS else []):
        name = word(item)
        if name is not None and name not in known:
            faults.add(item.mark, "E047", f"{path}.{form}[{number}]", unknown("measure", name, known))
        elif name is not None and form == "correlation" and child(child(own.values.get("measures"), name), "variable") is None:
            told = f"{shown(name)} is read off no variable; months are correlated between two measures that name a variable each"
            faults.add(item.mark, "E054", f"{path}.{form}[{number}]", told)


def _check_when(path: str, node: Node | None, faults: FaultList) -> None:
    """A moment, a month, a window, or the first month of something."""
    at = word(node)
    if at is not None and node is not None and at not in MOMENTS and month_number(at) is None:
        told = f"{unknown('moment', at, MOMENTS)}; or a month such as 2018-12, a window {{from: 2018-01, to: 2018-12, of: mean}}"
        faults.add(node.mark, "E047", path, f"{told}, or {{first: above, than: 0.5}}")
    if not isinstance(node, Mapping):
        return
    if ("first" in node.values) != ("than" in node.values):
        faults.add(node.mark, "E054", path, "first and than go together: {first: above, than: 0.5}")
    has_window = any(key in node.values for key in WINDOW)
    if ("first" in node.values and has_window) or not node.values or "at" in node.values:
        faults.add(node.mark, "E054", path, "needs a window from and to, or first and than; a single moment stands bare: when: end")
    first, last = (month_number(word(node.values.get(key)) or "") for key in ("from", "to"))
    if first is not None and last is not None and first > last:
        faults.add(node.values["to"].mark, "E045", f"{path}.to", "the window ends before it begins")


def _check_circles(own: Mapping, faults: FaultList) -> None:
    """No measure is made of itself."""
    made_of = {
        name: {part for form in LISTS for item in children(node, form) if (part := word(item)) is not None}
        for name, node in _entries(own, "measures")
    }
    try:
        TopologicalSorter(made_of).prepare()
    except CycleError as error:
        ring = error.args[1]
        at: Node = own.values["measures"]
        mark = at.keys.get(ring[0], at.mark) if isinstance(at, Mapping) else at.mark
        told = "the measure is made of itself" if len(set(ring)) == 1 else f"measures are made of each other in a ring: {' -> '.join(ring)}"
        faults.add(mark, "E061", f"measures.{ring[0]}", told)


def _check_expectation(path: str, node: Mapping, own: Mapping, faults: FaultList) -> None:
    """One expectation: a measure that there is, a contrast of arms that there are, and one statement of it."""
    kind = _one_of(node, KINDS, path, "expects", faults)
    measure, measures = node.values.get("measure"), _names(own, "measures")
    if measure is not None and word(measure) is not None and word(measure) not in measures:
        faults.add(measure.mark, "E047", f"{path}.measure", unknown("measure", word(measure) or "", measures))
    if kind == "sign" and "least" not in node.values:
        told = "'least' is missing; it is the smallest effect that counts, in the measure's unit, chosen before any run"
        faults.add(node.mark, "E041", f"{path}.least", told)
    for key, goes_with in (("least", "sign"), ("power", "within")):
        if key in node.values and kind is not None and kind != goes_with:
            faults.add(node.keys[key], "E054", f"{path}.{key}", f"{key} goes with {goes_with}; leave it out")
    has_contrast, has_pair = "contrast" in node.values, "of" in node.values and "against" in node.values
    if has_contrast == has_pair or (has_contrast and ("of" in node.values or "against" in node.values)):
        faults.add(node.mark, "E054", path, "needs of and against, two arms, or contrast: {arm: weight}; a level is contrast: {arm: 1}")
    known = _names(own, "arms")
    for name, mark, place in _arms_named(node, path):
        if name not in known:
            faults.add(mark, "E047", place, unknown("arm", name, known))
    if has_pair and word(node.values["of"]) == word(node.values["against"]):
        faults.add(node.values["against"].mark, "E048", f"{path}.against", "an arm differs from itself in nothing")


def _arms_named(node: Mapping, path: str) -> Iterator[tuple[str, Mark, str]]:
    for key in ("of", "against"):
        name = word(node.values.get(key))
        if name is not None:
            yield name, node.values[key].mark, f"{path}.{key}"
    contrast = node.values.get("contrast")
    if isinstance(contrast, Mapping):
        yield from ((name, mark, f"{path}.contrast.{name}") for name, mark in contrast.keys.items())


def in_order(measures: dict[str, Measure], wanted: str) -> list[str]:
    """A measure after all that it is made of."""
    found: dict[str, None] = {}
    for part in measures[wanted].parts:
        found.update(dict.fromkeys(in_order(measures, part)))
    return [*found, wanted]
