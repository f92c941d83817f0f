"""Scenario files for the tests of the page: a small world, a copy of it with strangers' words everywhere, and faulty ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.scenario.reading import read_plain

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "scenarios" / "tutorial.yaml"
BALKANS = ROOT / "scenarios" / "western_balkans_2017.yaml"

FAULTY = """schema: 1
extends: tutorial.yaml
title: A faulty file
set:
  powers.nort.capacity: 3
countries:
  plain:
    tension: 2
"""
# Strangers' words where a file has ids and keys: they come back in what is said of its faults.
HOSTILE = """schema: 1
extends: tutorial.yaml
title: A hostile file
"<img src=x onerror=window.pwned=1>": 1
set:
  "<script>window.pwned=1</script>": 3
outcomes: ["<svg onload=window.pwned=1>"]
"""
# Keys whose values are words of the author and not ids.
WORDS = frozenset({"title", "note", "name", "unit", "assumption", "record"})


def folder_with(folder: Path, **files: str) -> Path:
    """A folder with the small world, and other files beside it; gives the world's file."""
    (folder / "tutorial.yaml").write_text(TUTORIAL.read_text(encoding="utf-8"), encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / "tutorial.yaml"


def spoken_by_strangers(payload: str) -> str:
    """The small world with a payload in every text it has, and with shocks, events, deeds and disputes that have names too."""
    world = read_plain(TUTORIAL)
    world["shocks"] = [{"id": "cut", "name": "x", "at": "2020-06", "path": "powers.north.capacity", "scale": 0.5}]
    world["drivers"] = {"price": {"name": "x", "unit": "x", "level": 1, "reference": 1}}
    world["events"] = {
        "protest": {
            "name": "x", "plover": "PROTEST", "actor": "here", "where": ["plain", "hill"], "base": 0.4, "memory": 3
        }
    }  # fmt: skip
    return json.dumps(_filled(world, payload), ensure_ascii=False)


def _filled(part: Any, payload: str) -> Any:
    if isinstance(part, Mapping):
        return {key: payload if key in WORDS else _filled(value, payload) for key, value in part.items()}
    return [_filled(each, payload) for each in part] if isinstance(part, list) else part
