"""Which files the page lists, in folders that hold more than scenarios."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.dashboard.folder import folders_of
from sim.dashboard.server import serve
from sim.scenario.faults import SuasionError
from tests.dashboard.worlds import folder_with


def test_a_folder_with_links_in_a_ring_and_names_that_cannot_be_said_still_lists_its_scenarios(tmp_path: Path) -> None:
    first = folder_with(tmp_path)
    (tmp_path / "ring.yaml").symlink_to("ring.yaml")
    (tmp_path / "gone.yaml").symlink_to("nowhere.yaml")
    (tmp_path / "two\nlines.yaml").write_text("schema: 1\n")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xffd.yaml")).write_text("schema: 1\n")
    folders, _ = folders_of(first)
    assert [name for name in folders.names() if name.startswith("here/")] == ["here/tutorial.yaml"]


def test_a_folder_in_place_of_a_scenario_is_refused_as_one(tmp_path: Path) -> None:
    with pytest.raises(SuasionError, match="this is a folder; name a scenario file in it"):
        serve(tmp_path, open_browser=False)
