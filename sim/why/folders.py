"""Finished output directories of single ensembles, read back: what was simulated, and its table of outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from sim.runs.parts import read_parts
from sim.runs.standing import DirectoryFault, read_manifest, refuse_damaged
from sim.scenario.faults import shown
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

# Files keep outcomes in 24 binary digits.
ROUNDING = 1e-6


@dataclass(frozen=True)
class Finished:
    """A finished directory of `suasion run`: its scenario, seed, number of runs and outcomes."""

    path: Path
    scenario: Scenario
    seed: int
    runs: int
    files: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> Finished:
        """What a folder holds.

        Raises: DirectoryFault where there is no finished ensemble.
        """
        manifest = read_manifest(path)
        if "experiment" in manifest:
            raise DirectoryFault(f"{path} holds a sweep or a comparison; this asks for folders made by 'suasion run', one scenario each")
        identity, runs, files = manifest["identity"], manifest.get("runs"), manifest.get("files")
        seed = identity.get("seed")
        if runs is None or not _is_number(runs) or not _is_number(seed) or not isinstance(files, dict) or "scenario" not in identity:
            raise DirectoryFault(f"{path} has a manifest that does not say what was simulated")
        try:
            scenario = Scenario.model_validate(identity["scenario"] | {"ensemble": {"runs": runs, "seed": seed}})
        except (ValidationError, TypeError) as error:
            place = ".".join(map(str, error.errors()[0]["loc"])) if isinstance(error, ValidationError) else "scenario"
            raise DirectoryFault(
                f"{path} holds a scenario that this program cannot read ({shown(place)}); make the folder anew with --fresh"
            ) from None
        return cls(path, scenario, seed, runs, files)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row a run that went well, checked against the manifest. Raises: DiskFault where a part is damaged."""
        refuse_damaged(self.path, {name: told for name, told in self.files.items() if name.startswith("outcomes/")})
        return read_parts(self.path / "outcomes").to_pandas().set_index("run").sort_index()

    def well(self, most: int) -> NDArray[np.int64]:
        """The first runs that went well."""
        return np.asarray(self.outcomes.index[:most], dtype=np.int64)

    def refuse_other(self, column: str, runs: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        """Refuses runs that come out otherwise than the table has them.

        Raises: DirectoryFault.
        """
        if column not in self.outcomes:
            return
        kept = self.outcomes.loc[runs, column].to_numpy(dtype=np.float64)
        wrong = np.flatnonzero(~np.isclose(kept, values, rtol=ROUNDING, atol=1e-9))
        if len(wrong):
            raise DirectoryFault(
                f"run {runs[wrong[0]]} of {self.path} comes out otherwise than before ({column} {values[wrong[0]]:.6g}, not "
                f"{kept[wrong[0]]:.6g}); the program or its libraries have changed since: make the folder anew with --fresh"
            )


def _is_number(given: object) -> bool:
    """Whether a manifest gives a whole number; yes and no are none."""
    return isinstance(given, int) and not isinstance(given, bool)
