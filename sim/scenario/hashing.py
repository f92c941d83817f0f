"""What a scenario means, as one short text: equal for files that differ only in order, comments, quotes and prose."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sim.scenario.schema import Scenario

# Prose about the scenario, and what is asked of it rather than what it is.
NOT_MEANT = frozenset({"title", "note", "ensemble"})
ORDERED = frozenset({"range", "triangular", "uniform", "normal", "lognormal", "logitnormal", "parties"})


def scenario_hash(scenario: Scenario) -> str:
    """32 hexadecimal digits that change when, and only when, something that can change a result changes.

    Runs and seed do not count, as they choose histories of the same world; titles and notes do not count either.
    """
    meaning = json.dumps(_canonical(scenario.dumped()), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.blake2b(meaning.encode("ascii"), digest_size=16).hexdigest()


def _canonical(value: Any, key: str = "") -> Any:
    """A value in which order that means nothing is gone; the order of a ladder's stages stays."""
    if isinstance(value, dict):
        kept = {name: _canonical(inner, name) for name, inner in value.items() if name not in NOT_MEANT}
        return [[name, inner] for name, inner in kept.items()] if key == "stages" else kept
    if isinstance(value, list):
        items = [_canonical(item) for item in value]
        return items if key in ORDERED else sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
    return value
