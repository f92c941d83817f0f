"""Rewrites the golden runs: python -m tests.golden.rewrite. The reason goes to CHANGELOG.md under "Results change"."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from sim.model import InfluenceModel
from sim.scenario.reading import read_scenario
from sim.world import VARIABLES

RUNS, SEED = 8, 1
TUTORIAL = Path(__file__).parents[2] / "scenarios" / "tutorial.yaml"
STORED = Path(__file__).with_name("tutorial.json")

Numbers = dict[str, list[float]]


def final_world() -> Numbers:
    """Every variable of the tutorial's last month, by name, as flat lists in the order of the axes, the run last."""
    scenario = read_scenario(TUTORIAL)
    with np.errstate(all="ignore"), InfluenceModel(scenario, RUNS, SEED) as model:
        for _ in range(scenario.time.months):
            model.step()
        found: dict[str, np.ndarray] = {}
        for name in VARIABLES:
            array = np.asarray(getattr(model.world, name))
            found[name] = np.broadcast_to(array, (*array.shape[:-1], RUNS))
    return {name: array.ravel().tolist() for name, array in found.items()}


def written(numbers: Numbers) -> str:
    """The numbers as text, a line a variable, rounded to 1e-12."""
    lines = [f'  "{name}": {json.dumps([round(value, 12) + 0.0 for value in values])}' for name, values in numbers.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    STORED.write_text(written(final_world()), encoding="utf-8")
    print(f'{STORED.name} rewritten; say why under "Results change" in CHANGELOG.md')
