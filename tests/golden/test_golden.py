"""The tutorial ends as it did: a change of results is never an accident."""

from __future__ import annotations

import json

import numpy as np

from tests.golden.rewrite import STORED, final_world, written

HOW = 'the results changed; if that is meant, say why under "Results change" in CHANGELOG.md and run python -m tests.golden.rewrite'


def test_the_tutorial_ends_as_it_did() -> None:
    stored, found = json.loads(STORED.read_text(encoding="utf-8")), final_world()
    assert stored.keys() == found.keys(), HOW
    for name, values in found.items():
        assert len(stored[name]) == len(values), f"{name}: {HOW}"
        apart = np.abs(np.array(stored[name]) - np.array(values))
        assert np.all(apart <= 1e-9), f"{name} differs by up to {apart.max():.3g}: {HOW}"


def test_the_stored_run_is_written_as_the_command_would() -> None:
    assert written(json.loads(STORED.read_text(encoding="utf-8"))) == STORED.read_text(encoding="utf-8")


def test_a_changed_number_would_be_noticed() -> None:
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    assert sum(len(values) for values in stored.values()) > 500
    assert any(value != 0 for value in stored["tension"])
