"""Every parameter of the model, as arrays over runs, and the one table from YAML path to array cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np

from sim.axes import Array
from sim.chapters import (
    CHAPTERS,
    Accession,
    Alignment,
    Choice,
    Contest,
    Leverage,
    Opinion,
    Outside,
    Resilience,
    Resources,
    Settled,
    Tension,
)
from sim.roster import Roster

Given = TypeVar("Given")


Cell = tuple[tuple[int, ...], str | None, Mapping[str, str]]


@dataclass(frozen=True)
class Entry:
    """One line of the table: a field, its path template, its axes, and the variable it starts, if any."""

    chapter: str
    name: str
    template: str
    axes: tuple[str, ...]
    absent: float
    starts: str

    def paths(self, roster: Roster) -> Iterator[tuple[Mapping[str, str], str]]:
        """Every path of the field, with the ids in it."""
        for _, path, words in self._cells(roster, 0, (), {}):
            if path is not None:
                yield words, path

    def cells(self, roster: Roster) -> Iterator[tuple[tuple[int, ...], str | None]]:
        """Every cell of the field with its path, or None where a ladder has no such rung."""
        for place, path, _ in self._cells(roster, 0, (), {}):
            yield place, path

    def _cells(self, roster: Roster, axis: int, place: tuple[int, ...], words: Mapping[str, str]) -> Iterator[Cell]:
        if axis == len(self.axes):
            yield place, self.template.format_map(words), words
            return
        for at, more in enumerate(roster.words(self.axes[axis], words)):
            if more is None:
                yield (*place, at), None, words
            else:
                yield from self._cells(roster, axis + 1, (*place, at), {**words, **more})


TABLE: tuple[Entry, ...] = tuple(
    Entry(chapter, f.name, f.metadata["template"], f.metadata["axes"], f.metadata["absent"], f.metadata["starts"])
    for chapter, kind in CHAPTERS.items()
    for f in fields(kind)
)


@dataclass(frozen=True)
class Numbers:
    """Every parameter of a block of runs; each array ends in an axis of length 1 or of the block's width.

    `once` keeps what follows from the numbers alone, so that a rule may ask for it every month.
    """

    roster: Roster
    settled: Settled
    outside: Outside
    resources: Resources
    leverage: Leverage
    contest: Contest
    choice: Choice
    alignment: Alignment
    opinion: Opinion
    tension: Tension
    resilience: Resilience
    accession: Accession

    @cached_property
    def _kept(self) -> dict[Callable[[Numbers], Any], Any]:
        return {}

    def once(self, follows: Callable[[Numbers], Given]) -> Given:
        """What a function makes of these numbers, worked out the first time it is asked for."""
        if follows not in self._kept:
            self._kept[follows] = follows(self)
        return cast(Given, self._kept[follows])

    def with_arrays(self, arrays: Mapping[tuple[str, str], Array]) -> Numbers:
        """The same numbers with some arrays replaced, by (chapter, field)."""
        chapters: dict[str, Any] = {}
        for chapter, name in arrays:
            chapters.setdefault(chapter, getattr(self, chapter))
            chapters[chapter] = replace(chapters[chapter], **{name: arrays[chapter, name]})
        return replace(self, **chapters)


def unsettled(roster: Roster) -> Settled:
    """Nothing solved yet: references of 1, everything else 0."""
    sizes = {"power": roster.size("power"), "country": roster.size("country"), "institution": roster.size("institution")}
    power, country, institution = (np.zeros((size, 1)) for size in sizes.values())
    tie = np.zeros((sizes["power"], sizes["country"], 1))
    plan = np.zeros((roster.size("instrument"), sizes["country"], 1))
    return Settled(power + 1, plan, power, institution, institution + 1, country, tie, country, country, country)


def numbers_from(roster: Roster, settled: Settled, rows: Mapping[str, int], values: Array, varies: np.ndarray) -> Numbers:
    """Numbers out of one row of values a path.

    Shape: values (path, run); `varies` says which rows differ between runs. A field none of whose cells vary gets a last axis
    of length 1.
    """
    chapters: dict[str, dict[str, Array]] = {chapter: {} for chapter in CHAPTERS}
    for entry in TABLE:
        cells = [rows.get(path, -1) if path is not None else -1 for _, path in entry.cells(roster)]
        index = np.array(cells, dtype=np.intp)
        wide = bool(np.any(varies[index[index >= 0]]))
        source = values if wide else values[:, :1]
        array = np.where((index >= 0)[:, None], source[np.maximum(index, 0)], entry.absent)
        shape = tuple(roster.size(axis) for axis in entry.axes)
        chapters[entry.chapter][entry.name] = np.ascontiguousarray(array.reshape(*shape, array.shape[-1]))
    return Numbers(roster=roster, settled=settled, **{chapter: kind(**chapters[chapter]) for chapter, kind in CHAPTERS.items()})
