"""What the schema lets stand where: walked beside a file, to say what is wanted and to list its numbers by path."""

from __future__ import annotations

import functools
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.distributions import Quantity, Within
from sim.scenario.nodes import Mapping, Node
from sim.scenario.schema import Scenario

# Not the world's own numbers: what-ifs, dated changes.
WITHOUT_PATH = frozenset({"set", "shocks", "policies"})
WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


@dataclass(frozen=True, eq=False)
class Place:
    """One place of the schema: a number, a mapping with known keys, a mapping by id, a list, or a plain value."""

    kind: Literal["number", "model", "mapping", "list", "value"]
    model: type[BaseModel] | None = None
    item: Place | None = None
    within: Within | None = None
    wanted: str = "something else"

    def step(self, key: str | int) -> Place | None:
        """The place under a key, if there is one."""
        if self.model is not None:
            return fields(self.model).get(str(key))
        return self.item

    @property
    def keys(self) -> list[str]:
        """The keys that may stand here, where they are known."""
        return list(fields(self.model)) if self.model is not None else []


@functools.cache
def fields(model: type[BaseModel]) -> dict[str, Place]:
    """The keys of a mapping of the schema, as the file writes them."""
    return {field.alias or name: _place(field.annotation, list(field.metadata)) for name, field in model.model_fields.items()}


def _place(annotation: Any, metadata: list[Any]) -> Place:
    """The place that a type annotation describes."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _place(arguments[0], [*arguments[1:], *metadata])
    if origin in (Union, types.UnionType):
        return _place(next(argument for argument in arguments if argument is not type(None)), metadata)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation is Quantity:
            within = next((found for found in metadata if isinstance(found, Within)), None)
            return Place("number", Quantity, within=within, wanted=f"a number{_span(within)}")
        return Place("model", annotation, wanted="a mapping (key: value lines)")
    if origin is dict:
        return Place("mapping", item=_place(arguments[1], []), wanted="a mapping (key: value lines)")
    if origin in (list, tuple):
        count = f" of {len(arguments)} numbers" if origin is tuple and Ellipsis not in arguments else ""
        return Place("list", item=_place(arguments[0], []), wanted=f"a list{count}")
    if origin is Literal:
        return Place("value", wanted="one of " + ", ".join(str(choice) for choice in arguments))
    return Place("value", wanted=WORDS.get(annotation, "something else") + _limits(metadata))


def _span(within: Within | None) -> str:
    return f" from {within.low:g} to {within.high:g}" if within is not None else ""


def _limits(metadata: list[Any]) -> str:
    """The limits of a plain number in words."""
    given = [inner for found in metadata for inner in (found.metadata if isinstance(found, FieldInfo) else [found])]
    low: Any = next((found.ge for found in given if isinstance(found, annotated_types.Ge)), None)
    above: Any = next((found.gt for found in given if isinstance(found, annotated_types.Gt)), None)
    high: Any = next((found.le for found in given if isinstance(found, annotated_types.Le)), None)
    below: Any = next((found.lt for found in given if isinstance(found, annotated_types.Lt)), None)
    start = f" from {low}" if low is not None else f" above {above}" if above is not None else ""
    end = f" to {high}" if high is not None else " below 2**64" if below == 2**64 else f" below {below}" if below is not None else ""
    return start + end


TOP = Place("model", Scenario, wanted="a mapping (key: value lines)")


def place_at(path: str) -> Place | None:
    """The place that a dotted path leads to, if the schema knows it; ids are taken as they come."""
    place: Place | None = TOP
    for key in path.split("."):
        place = place.step(key) if place is not None and place.kind in ("model", "mapping") else None
    return place


def bounds_at(path: str) -> Within:
    """Bounds and unit of the number at a dotted path.

    Raises: KeyError, when the schema has no number there.
    """
    place = place_at(path)
    if place is None or place.kind != "number" or path.split(".")[0] in WITHOUT_PATH:
        raise KeyError(path)
    return place.within or Within(float("-inf"), float("inf"))


def has_own_path(path: tuple[str, ...]) -> bool:
    """Whether a number is one of the world's own: `usual` only fills in channels, and is no number of its own afterwards."""
    return path[0] not in WITHOUT_PATH and not (len(path) == 5 and path[2] == "dependence" and path[4] == "usual")


def number_paths(scenario: Scenario) -> dict[str, Quantity]:
    """Every number of the world by its dotted path, in the order of the schema and the file."""
    found: dict[str, Quantity] = {}
    for name in TOP.keys:
        if name not in WITHOUT_PATH:
            _numbers(getattr(scenario, name, None), (name,), found)
    return found


def _numbers(value: Any, path: tuple[str, ...], found: dict[str, Quantity]) -> None:
    if isinstance(value, Quantity):
        if has_own_path(path):
            found[".".join(path)] = value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            _numbers(getattr(value, name), (*path, name), found)
    elif isinstance(value, dict):
        for key, inner in value.items():
            _numbers(inner, (*path, key), found)


def number_nodes(root: Mapping) -> dict[str, Node]:
    """Every number of a file that may still have faults, by its dotted path."""
    return {".".join(path): node for path, node in _number_nodes(root, TOP, ()) if has_own_path(path)}


def _number_nodes(node: Node, place: Place | None, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Node]]:
    if place is None:
        return
    if place.kind == "number":
        yield path, node
    elif isinstance(node, Mapping) and place.kind in ("model", "mapping"):
        for key, inner in node.values.items():
            yield from _number_nodes(inner, place.step(key), (*path, key))
