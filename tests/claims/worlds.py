"""Claims over the tutorial's world, written to a folder: two powers, two countries, and East called Russia so that nulls can be checked."""

from __future__ import annotations

from pathlib import Path

from sim.claims.bench import Bench
from sim.claims.plan import Examined, Wish, read_all, try_all
from sim.runs.crews import Serial
from sim.scenario.claims import read_readings
from sim.scenario.layers import shipped_folder

RUNS = 8
READINGS = """\
schema: 1
readings:
  - {id: documents, title: As it is, extends: small.yaml}
  - {id: calm, title: Nothing that is stirred turns into unrest, extends: calm.yaml}
"""
CALM = """\
schema: 1
extends: small.yaml
title: Nothing that is stirred turns into unrest
set: {mechanics.tension.pressure: 0}
"""
STIRS = """\
# Does what Russia sends make Hill tenser?
schema: 1
claim: T03
title: Hill with Russia at work and without it
note: Runs through effort, pressure and tension; refuted where Hill is as tense without Russia.
extends: small.yaml
ensemble: {runs: 8, seed: 1}
arms:
  as_was: {}
  without: {set: {powers.russia.capacity: 0}}
measures:
  tension: {variable: tension, where: {country: hill}, when: end}
expect:
  - {measure: tension, of: as_was, against: without, sign: "+", least: 0.01, about: Hill is tenser}
"""


def folder(path: Path, **claims: str) -> Path:
    """A folder with the world, its readings and some claims, each by the stem of its file."""
    ground = shipped_folder()
    assert ground is not None
    small = (ground / "tutorial.yaml").read_text(encoding="utf-8").replace("east", "russia").replace("East", "Russia")
    for name, text in {"small": small, "calm": CALM, "readings": READINGS, **claims}.items():
        (path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return path


def tried(path: Path, *, robust: bool = False, **claims: str) -> dict[str, Examined]:
    """Claims tried in this process, by the stem of their file."""
    where = folder(path, **claims)
    wish = Wish(robust=robust)
    found = read_all([where / f"{name}.yaml" for name in claims], read_readings(where / "readings.yaml"), {}, wish)
    try_all(found, Bench(Serial()), wish)
    return dict(zip(claims, found, strict=True))
