"""What a sweep left, read back out of its folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.runs.parts import read_parts
from sim.runs.points import Points, points_of
from sim.runs.standing import DirectoryFault, read_manifest, refuse_damaged
from sim.scenario.experiments import Experiment, experiment_of
from sim.scenario.faults import shown
from sim.showing import Shown

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Results(Shown):
    """The tables of a sweep as pandas frames. Every file read is checked against the digest that the manifest has of it."""

    path: Path
    manifest: dict[str, Any]

    def __repr__(self) -> str:
        counts = self.manifest["counts"]
        failed = f", {counts['failed']} histories failed" if counts["failed"] else ""
        points = -(-int(counts["planned"]) // max(self.runs_a_point, 1))
        size = f"{points} points x {self.runs_a_point} runs{failed}, seed {self.seed}"
        return f"<Results of '{shown(self.manifest['experiment']['title'])}': {size}, in {self.path}>"

    @classmethod
    def read(cls, path: Path | str) -> Results:
        """The results in a folder.

        Raises: DirectoryFault where there is no finished sweep; DiskFault where a part is missing or damaged.
        """
        manifest = read_manifest(path)
        if "experiment" not in manifest:
            raise DirectoryFault(f"{path} holds a single ensemble, made by 'suasion run', and no sweep")
        return cls(Path(path), manifest)

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment, as the manifest keeps it."""
        identity = self.manifest["identity"]
        scenario = identity["scenario"] | {"ensemble": {"runs": self.runs_a_point, "seed": self.seed}}
        return experiment_of(self.manifest["experiment"], scenario, identity["arms"])

    @cached_property
    def design(self) -> Points:
        """The points of the experiment's design, with the order of the method's own sample."""
        return points_of(self.experiment)

    @property
    def runs_a_point(self) -> int:
        """How many runs each point has."""
        return int(self.manifest["runs_a_point"])

    @property
    def seed(self) -> int:
        """Where all luck came from."""
        return int(self.manifest["identity"]["seed"])

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row a point: point, key, arm, a column a factor."""
        return self._table("points")

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run: run, point, status, error."""
        return self._table("runs")

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row a run that went well: run, point, a column an outcome."""
        return self._table("outcomes")

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row a point, month, actor, partner and variable."""
        return self._table("summary")

    def _table(self, name: str) -> pd.DataFrame:
        if not (self.path / name).is_dir():
            raise DirectoryFault(f"{self.path} holds no {name}")
        refuse_damaged(self.path, {file: told for file, told in self.manifest["files"].items() if file.startswith(f"{name}/")})
        return read_parts(self.path / name).to_pandas()
