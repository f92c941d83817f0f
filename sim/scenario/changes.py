"""Changed numbers: what-ifs in `set`, dated shocks and policies, and those given on the command line or in Python."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from typing import Any

from pydantic import ValidationError

from sim.scenario.dates import month_name, month_number
from sim.scenario.distributions import Quantity
from sim.scenario.explaining import month_form
from sim.scenario.faults import FaultList, Mark, meant, shown
from sim.scenario.nodes import Listing, Mapping, Node, Scalar, document, plain
from sim.scenario.places import bounds_at, number_nodes, number_paths
from sim.scenario.schema import Change, Scenario

WAYS = ("set", "scale", "add")
SHAPES = ("pulse", "ramp", "decay")
OPTIONS = {"time.months": "--months", "ensemble.runs": "--runs", "ensemble.seed": "--seed"}


def check_changes(root: Mapping, faults: FaultList) -> None:
    """Note every changed number that does not exist or leaves its bounds, and every date outside the span."""
    numbers = number_nodes(root)
    changes = root.values.get("set")
    if isinstance(changes, Mapping):
        for path, node in changes.values.items():
            _check_path(path, changes.keys[path], f"set.{path}", numbers, faults)
            if path in numbers:
                target = node.values.get("to", node) if isinstance(node, Mapping) else node
                _check_bounds(path, target, f"set.{path}", faults)
    _check_span(root, faults)
    dated = [(f"{kind}[{number}]", item) for kind in ("shocks", "policies") for number, item in enumerate(_items(root.values.get(kind)))]
    span = _span(root)
    ids: dict[str, Mark] = {}
    once: dict[tuple[str, str], Mark] = {}
    for path, item in dated:
        _check_dated(path, item, span, numbers, faults)
        _check_twice(path, item, ids, once, faults)


def _items(node: Node | None) -> list[Mapping]:
    return [item for item in node.items if isinstance(item, Mapping)] if isinstance(node, Listing) else []


def _text(item: Mapping, key: str) -> tuple[str, Mark] | None:
    """The text under a key and where it stands."""
    node = item.values.get(key)
    return (node.value, node.mark) if isinstance(node, Scalar) and isinstance(node.value, str) else None


def _check_span(root: Mapping, faults: FaultList) -> None:
    """The span lies in the years 1 to 9999."""
    time = root.values.get("time")
    start, span = _text(time, "start") if isinstance(time, Mapping) else None, _span(root)
    if start and start[0].startswith("0000"):
        faults.add(start[1], "E025", "time.start", month_form(start[0]))
    elif start and span and span[1] > 12 * 10_000:
        faults.add(
            start[1],
            "E045",
            "time.start",
            f"a span that begins in {start[0]} must end by 9999-12; it would end in {month_name(span[1] - 1)}",
        )


def _span(root: Mapping) -> tuple[int, int] | None:
    """First month and the month after the last, where the file gives them."""
    time = root.values.get("time")
    start = _text(time, "start") if isinstance(time, Mapping) else None
    months = time.values.get("months") if isinstance(time, Mapping) else None
    first = month_number(start[0]) if start else None
    if first is None or not isinstance(months, Scalar) or not isinstance(months.value, int) or months.value < 1:
        return None
    return first, first + months.value


def _check_dated(path: str, item: Mapping, span: tuple[int, int] | None, numbers: MappingOf[str, Node], faults: FaultList) -> None:
    """One shock or policy: a number that exists, one way to change it, a month inside the span."""
    target, at = _text(item, "path"), _text(item, "at")
    if target:
        _check_path(target[0], target[1], f"{path}.path", numbers, faults)
    month = month_number(at[0]) if at else None
    if at and at[0].startswith("0000"):
        faults.add(at[1], "E025", f"{path}.at", month_form(at[0]))
    if at and month is not None and span is not None and not span[0] <= month < span[1]:
        faults.add(at[1], "E046", f"{path}.at", f"{at[0]} never comes: the span is {month_name(span[0])} to {month_name(span[1] - 1)}")
    ways = [way for way in WAYS if way in item.values]
    if len(ways) != 1:
        faults.add(item.mark, "E054", path, f"needs exactly one of set, scale, add, found {', '.join(ways) or 'none'}")
    elif ways == ["set"] and target and target[0] in numbers:
        _check_bounds(target[0], item.values["set"], f"{path}.set", faults)
    shape = item.values.get("shape")
    if isinstance(shape, Mapping) and len(known := [key for key in SHAPES if key in shape.values]) != 1:
        faults.add(shape.mark, "E054", f"{path}.shape", f"needs exactly one of pulse, ramp, decay, found {', '.join(known) or 'none'}")


def _check_twice(path: str, item: Mapping, ids: dict[str, Mark], once: dict[tuple[str, str], Mark], faults: FaultList) -> None:
    """Ids stand once; a number is set once in a month."""
    name, target, at = _text(item, "id"), _text(item, "path"), _text(item, "at")
    if name:
        first = ids.setdefault(name[0].casefold(), name[1])
        if first != name[1]:
            faults.add(name[1], "E042", f"{path}.id", f"the id '{shown(name[0])}' is used at line {first.line} too; an id is used once")
    if target and at and "set" in item.values:
        earlier = once.setdefault((target[0], at[0]), target[1])
        if earlier != target[1]:
            told = f"{shown(target[0])} is set in {shown(at[0])} at line {earlier.line} too; one month sets a number once"
            faults.add(target[1], "E042", f"{path}.path", told)


def _check_path(target: str, mark: Mark, path: str, numbers: MappingOf[str, Any], faults: FaultList) -> None:
    if target not in numbers and not faults.has(mark):
        faults.add(mark, "E040", path, no_such_number(target, numbers))


def _check_bounds(target: str, node: Node, path: str, faults: FaultList) -> None:
    """Note a new value that the changed number cannot take."""
    try:
        wanted = bounds_at(target)
        low, high = Quantity.model_validate(plain(node)).reach
    except (ValidationError, KeyError):
        return
    if not (wanted.low <= low and high <= wanted.high):
        found = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        faults.add(node.mark, "E031", path, f"{target} is a number from {wanted.low:g} to {wanted.high:g}, found {found}")


def no_such_number(path: str, numbers: Iterable[str]) -> str:
    """Why a path leads to no number, and which was probably meant."""
    known = list(numbers)
    if path in OPTIONS:
        return f"{path} is not a number of the world; use {OPTIONS[path]}"
    if path.endswith(".usual") and ".dependence." in path:
        return f"'usual' only fills in the channels not named; change {shown(path, 160).removesuffix('usual')}channels.CHANNEL"
    inside = [other for other in known if other.startswith(f"{path}.")]
    if inside:
        return (
            f"'{shown(path, 120)}' is not a number; its numbers are {', '.join(map(shown, inside[:6]))}{' ...' if len(inside) > 6 else ''}"
        )
    guess = _nearest(path, known)
    return f"no number at '{shown(path, 120)}'" + (f" (did you mean {shown(guess, 120)}?)" if guess else "")


def _nearest(path: str, known: list[str]) -> str:
    """The known path that agrees longest from the left, its first wrong word corrected."""
    steps = path.split(".")
    for place, step in enumerate(steps):
        prefix = ".".join([*steps[:place], ""]) if place else ""
        here = [other for other in known if other.startswith(prefix)]
        words = list(dict.fromkeys(other[len(prefix) :].split(".")[0] for other in here))
        if step in words:
            continue
        guess = meant(step, words)
        mended = ".".join([*steps[:place], guess, *steps[place + 1 :]])
        if not guess:
            same_end = [other for other in known if other.rpartition(".")[2] == steps[-1]]
            return meant(path, same_end[:200])
        if mended in known:
            return mended
        return _nearest(mended, known) or prefix + guess
    return ""


def changed(scenario: Scenario, changes: MappingOf[str, Any]) -> Scenario:
    """The scenario with other numbers, each a bare number, a number with its distribution, {scale: x} or {add: x}.

    Raises: ScenarioFaults at 'set', for paths that lead nowhere and values out of bounds.
    """
    faults = FaultList()
    numbers = number_paths(scenario)
    made: dict[str, Change] = {}
    for line, (path, given) in enumerate(changes.items()):
        mark = Mark("set", 0, line)
        if path not in numbers:
            faults.add(mark, "E040", str(path), no_such_number(str(path), numbers))
            continue
        try:
            made[path] = Change.model_validate(given)
        except ValidationError as error:
            faults.add(mark, *_first_refusal(error, path))
            continue
        to, wanted = made[path].to, bounds_at(path)
        if to is not None and not (wanted.low <= to.reach[0] and to.reach[1] <= wanted.high):
            low, high = to.reach
            found = f"{low:g}" if low == high else f"{low:g} to {high:g}"
            faults.add(mark, "E031", path, f"must be a number from {wanted.low:g} to {wanted.high:g}, found {found}")
    faults.refuse()
    return scenario.model_copy(update={"set": {**scenario.set, **made}})


def middle_of(scenario: Scenario, path: str) -> float:
    """The middle of a number as the scenario has it, what-ifs included: the median of its distribution, scaled or added to."""
    number, change, bounds = number_paths(scenario)[path], scenario.set.get(path), bounds_at(path)
    if change is None:
        return number.median()
    middle = (change.to or number).median()
    value = middle * (1.0 if change.scale is None else change.scale) + (0.0 if change.add is None else change.add)
    return min(max(value, bounds.low), bounds.high)


def _first_refusal(error: ValidationError, path: str) -> tuple[str, str, str]:
    """Code, path and message of what the schema refuses first."""
    detail = error.errors(include_url=False)[0]
    value = detail.get("input")
    if detail["type"] in ("model_type", "float_type", "tuple_type"):
        wanted = "a list" if detail["type"] == "tuple_type" else "a number, or a mapping such as {uniform: [0.2, 0.4]} or {scale: 2}"
        return "E021", path, f"must be {wanted}, found {shown(repr(value))}"
    if detail["type"] == "finite_number":
        return "E023", path, f"must be finite, found {shown(repr(value))}"
    if detail["type"] == "extra_forbidden":
        return "E040", path, f"no key called '{shown(str(detail['loc'][-1]))}' in a changed number"
    return "E054" if detail["type"] in ("number_form", "one_of") else "E031", path, detail["msg"]


def changes_from_words(scenario: Scenario, words: Iterable[str]) -> dict[str, Any]:
    """Changes written PATH=VALUE, as on the command line; VALUE is written as in a scenario.

    Raises: ScenarioFaults.
    """
    faults = FaultList()
    found: dict[str, Any] = {}
    for number, text in enumerate(words, 1):
        path, equals, value = text.partition("=")
        mark = Mark("--set", 0, number)
        path = path.strip()
        if not equals or not path or not value.strip():
            faults.add(mark, "E003", path, f"is written PATH=VALUE, such as powers.russia.capacity=2, found '{shown(text)}'")
            continue
        if path in found:
            faults.add(mark, "E042", path, "is changed twice")
        inner = FaultList()
        node = document(value.strip(), "--set", inner) if len(value) < 2000 else None
        for fault in inner.found:
            faults.add(mark, fault.code, path, fault.message)
        if node is not None:
            found[path] = plain(node)
        elif not inner.found:
            faults.add(mark, "E017", path, "the value is too long")
    faults.refuse()
    changed(scenario, found)
    return found
