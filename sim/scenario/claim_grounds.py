"""What claims stand on: the world of a file, the same world under another reading, or one in which countries changed places."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.scenario.changes import changed
from sim.scenario.claim_file import ClaimFile
from sim.scenario.faults import FaultList, ScenarioFaults
from sim.scenario.layers import Source, found_beside, layered, merged, text_of
from sim.scenario.nodes import Mapping, copied, plain, tree
from sim.scenario.places import Place
from sim.scenario.reading import Vocabulary, resolved
from sim.scenario.references import word
from sim.scenario.relabelling import Axes, moved_treatment, with_places_changed
from sim.scenario.schema import Scenario

TOP_OF_CLAIM = Place("model", ClaimFile, wanted="a mapping (key: value lines)")
# A world that was laid together: its files and whether countries changed places in it.
Address = tuple[Any, ...]
Layers = list[tuple[Path, Mapping]]


@dataclass(frozen=True)
class Reading:
    """A reading of the documents: a scenario that claims are read over. `path` is its file."""

    id: str
    title: str
    path: Path


@dataclass(frozen=True)
class Ground:
    """What a claim stands on where it is not its own: another reading in place of the first, or countries that changed places."""

    reading: Reading | None = None
    instead_of: Reading | None = None
    is_permuted: bool = False


OWN_GROUND = Ground()


class OtherGround(Exception):
    """A claim does not stand on the file that a ground replaces."""


@dataclass
class Worlds:
    """The worlds that claims stand on, each read and resolved only once."""

    vocabulary: Vocabulary
    axes: Axes
    _layers: dict[Path, Layers] = field(default_factory=dict)
    _grounds: dict[Address, Mapping] = field(default_factory=dict)
    _scenarios: dict[Address, Scenario] = field(default_factory=dict)

    def layers(self, source: Source, wanted: Mapping, faults: FaultList) -> Layers:
        """The trees of a file that `extends` leads to and of all it extends in turn, the file itself first; none if it cannot be read."""
        extends = word(wanted.values.get("extends"))
        there = found_beside(source, extends)[0] if extends is not None else None
        if there is None or there.path not in self._layers:
            below = layered(source, Mapping(wanted.mark, dict(wanted.values), dict(wanted.keys)), faults)
            if below is None or there is None:
                return []
        return self._walked(there)

    def _walked(self, source: Source) -> Layers:
        """The trees of a file that is known to be readable and of all it extends, without the word `extends`."""
        assert source.path is not None
        if source.path not in self._layers:
            found: Layers = []
            here: Source | None = source
            while here is not None and here.path is not None:
                faults = FaultList()
                text = text_of(here, faults)
                root = tree(text, here.name, faults) if text is not None else None
                faults.refuse()
                assert root is not None
                extends = word(root.values.pop("extends", None))
                root.keys.pop("extends", None)
                found.append((here.path, root))
                here = found_beside(here, extends)[0] if extends is not None else None
            self._layers[source.path] = found
        return self._layers[source.path]

    def laid(self, layers: Layers, ground: Ground) -> tuple[Address, Mapping]:
        """The world that layers make on a ground, and its address.

        Raises: OtherGround where the file that the ground replaces is not among the layers.
        """
        if ground.reading is not None and ground.instead_of is not None:
            places = [place for place, (path, _) in enumerate(layers) if path == ground.instead_of.path]
            if not places:
                raise OtherGround(ground.instead_of.id)
            path = ground.reading.path
            layers = [*layers[: places[0]], *self._walked(Source(path.name, path, path.parent))]
        address = (tuple(path for path, _ in layers), ground.is_permuted)
        if address not in self._grounds:
            whole = layers[-1][1]
            for _, above in reversed(layers[:-1]):
                whole = _over(whole, above)
            self._grounds[address] = with_places_changed(whole, self.axes) if ground.is_permuted else whole
        return address, self._grounds[address]

    def scenario(self, address: Address, ground: Mapping, overlays: Iterable[Mapping], faults: FaultList) -> Scenario | None:
        """The scenario that overlays make over a ground, if it is well; where countries changed places, overlays follow them."""
        over = [moved_treatment(overlay, ground) if address[-1] else overlay for overlay in overlays if overlay.values]
        return self._scenario(address, ground, over, faults)

    def _scenario(self, address: Address, ground: Mapping, over: list[Mapping], faults: FaultList) -> Scenario | None:
        key = (*address, *(json.dumps(plain(overlay), sort_keys=True, default=str) for overlay in over))
        if key in self._scenarios:
            return self._scenarios[key]
        made: Scenario | None = None
        if over and set(over[-1].values) == {"set"}:
            below = self._scenario(address, ground, over[:-1], FaultList())
            made = _with_set(below, over[-1]) if below is not None else None
        if made is None:
            whole = ground
            for overlay in over:
                whole = _over(whole, overlay)
            root = copied(whole)
            assert isinstance(root, Mapping)
            made = resolved(root, self.vocabulary, faults, TOP_OF_CLAIM)
        if made is not None and not faults.found:
            self._scenarios[key] = made
            return made
        return None


def _over(below: Mapping, above: Mapping) -> Mapping:
    both = merged(below, above)
    assert isinstance(both, Mapping)
    return both


def _with_set(scenario: Scenario, overlay: Mapping) -> Scenario | None:
    """A scenario with other numbers, the quick way; nothing where something is wrong, which the long way says at its place."""
    given = overlay.values["set"]
    try:
        return changed(scenario, plain(given)) if isinstance(given, Mapping) else None
    except ScenarioFaults:
        return None
