"""Our boxes beside those of EMA Workbench's Prim, on the same points.

`python benchmarks/prim_peer.py` prints, for made-up data with a known box, coverage and density of the box with the largest margin on
either trajectory; `--write` keeps the table, and the data that it is about, for tests/analysis/test_discovery.py, which compares our
trajectory with it where EMA Workbench is not installed. With `--sweep DIR` the cases are those that a finished sweep's `discover` asks for.
EMA Workbench must be installed; it is not among the extras.
"""

from __future__ import annotations

import argparse
import json
import logging
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import sim
from sim.analysis.boxes import Cases, measures
from sim.analysis.discovery import chosen, discovery, trajectory_of
from tests.analysis.known_boxes import KNOWN, made

ROOT = Path(__file__).resolve().parents[1]
STORED = ROOT / "tests" / "analysis" / "prim_peer.json"


def theirs(inputs: pd.DataFrame, interest: np.ndarray) -> dict[str, float]:
    """Coverage, density and restricted dimensions of the box with the largest margin on EMA Workbench's trajectory."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench.analysis import prim

        logging.getLogger("EMA").setLevel(logging.ERROR)
        way = prim.Prim(inputs, interest, threshold=0.0001).find_box().peeling_trajectory
    margin = way["coverage"] - (way["n"] - way["k"]) / max(len(interest) - interest.sum(), 1)
    best = way.iloc[int(margin.to_numpy().argmax())]
    return {"coverage": float(best["coverage"]), "density": float(best["density"]), "restricted": int(best["res_dim"])}


def ours(inputs: pd.DataFrame, interest: np.ndarray) -> dict[str, float]:
    cases = Cases(inputs, interest)
    found = measures(chosen(trajectory_of(cases), cases), cases)
    return {"coverage": found.coverage, "density": found.density, "restricted": found.restricted}


def told(inputs: pd.DataFrame, interest: np.ndarray) -> dict[str, float]:
    """The box that we tell in the end: settled, without limits that chance makes as good."""
    found = discovery(inputs, interest, resamples=1).measures
    return {"coverage": found.coverage, "density": found.density, "restricted": found.restricted}


def line(name: str, inputs: pd.DataFrame, interest: np.ndarray) -> dict[str, Any]:
    found = {"EMA Workbench": theirs(inputs, interest), "ours, same rule": ours(inputs, interest), "ours, as told": told(inputs, interest)}
    for who, numbers in found.items():
        print(f"{name:<24}{who:<18}" + "".join(f"{key} {value:<9.3g}" for key, value in numbers.items()))
    return found["EMA Workbench"]


def of_sweep(folder: Path) -> None:
    from sim.analysis.answers import Sweep
    from sim.runs.results import Results

    file = ROOT / "experiments" / f"{folder.name}.yaml"
    found = Sweep(Results.read(folder), sim.read_experiment(file) if file.exists() else None).cases()
    line(folder.name, found.inputs, found.interest)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--sweep", type=Path, action="append", default=[])
    asked = parser.parse_args()
    table = {name: line(name, *made(name)) for name in KNOWN}
    for folder in asked.sweep:
        of_sweep(folder)
    if asked.write:
        STORED.write_text(json.dumps({"ema_workbench": version("ema_workbench"), "boxes": table}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
