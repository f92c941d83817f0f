"""What a sweep says: each outcome that is looked at, by the method of its design, arm by arm."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from sim.analysis.grid import grid
from sim.analysis.intervals import Values
from sim.analysis.names import Spoken, factors_spoken, yes_no
from sim.analysis.one_at_a_time import one_at_a_time
from sim.analysis.refusals import NotAnalysable
from sim.analysis.screening import screening
from sim.analysis.sensitivity import Sensitivity, laid_out, sensitivity
from sim.analysis.spread import spread
from sim.runs.results import Results
from sim.scenario.factors import Factor

# Outcomes that are looked at where the experiment names none.
MOST_OUTCOMES = 4
GRID, TORNADO, SCREENING, SOBOL, SPLIT = "grid", "one_at_a_time", "morris", "sobol", "variance"


@dataclass(frozen=True)
class Answer:
    """What one arm's design says of one outcome; `refused` says why nothing could be said."""

    method: str
    arm: str
    outcome: str
    found: pd.DataFrame | Sensitivity | None
    refused: str = ""

    @property
    def table(self) -> pd.DataFrame:
        """The answer as a table, one row a setting, factor or part."""
        if self.found is None:
            return pd.DataFrame()
        found = self.found.indices if isinstance(self.found, Sensitivity) else self.found
        return pd.concat([pd.DataFrame({"arm": [self.arm] * len(found)}), found.reset_index(drop=True)], axis=1)


def in_sentence(name: str, proper: Collection[str]) -> str:
    """A name inside a sentence: its first letter small, unless it begins with somebody's name or an abbreviation."""
    first = name.split(" ")[0].removesuffix("'s").rstrip(":")
    return name if first in proper or first[1:2].isupper() or not first[1:] else name[0].lower() + name[1:]


@dataclass(frozen=True)
class Sweep:
    """A finished sweep laid out for analysis: only runs that went well at every point of an arm, so that points stay paired."""

    results: Results

    @property
    def method(self) -> str:
        """The method of its design, or nothing."""
        design = self.results.experiment.design
        return design.method if design is not None else ""

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """The factors, in the file's order."""
        return self.results.experiment.factors

    @cached_property
    def names(self) -> dict[str, Spoken]:
        """What people call the factors."""
        scenario = self.results.experiment.scenario
        factors = self.results.experiment.factors
        named = {factor.id: factor.name for factor in factors if factor.name}
        paths = {factor.id: factor.targets[0] if len(factor.targets) == 1 else factor.id for factor in factors}
        sections = (scenario.powers, scenario.countries, scenario.institutions)
        actors = {actor.name.split()[0] for section in sections for actor in section.values()}
        spoken = factors_spoken(scenario, paths, named)
        return {id: replace(words, said=in_sentence(words.name, actors)) if id in named else words for id, words in spoken.items()}

    @cached_property
    def looked_at(self) -> tuple[str, ...]:
        """The outcomes that the experiment names, or else those of which the design moves the largest part."""
        focus = self.results.experiment.focus
        return focus or tuple(self._moved()[:MOST_OUTCOMES])

    def _moved(self) -> list[str]:
        """Outcomes without missing values, those first whose means differ most between points against their spread over all rows."""
        table = self.results.outcomes
        columns = [name for name in table.columns.drop(["run", "point"]) if not name.endswith(".month")]
        whole = table[columns].var(ddof=0)
        between = table.groupby("point")[columns].mean().var(ddof=0)
        share = (between / whole.where(whole > 1e-10)).dropna().sort_values(ascending=False, kind="stable")
        return [str(name) for name in share.index]

    def values(self, arm: int, outcome: str) -> Values:
        """An outcome over one arm's sample. Shape: (sample, run), runs that failed at any of its points left out.

        Raises: NotAnalysable when no run went well at all points.
        """
        points, runs = self.results.design.sample[arm], self.results.runs_a_point
        points = points[points >= 0]
        table = self.results.outcomes
        whole = np.full((len(self.results.points), runs), np.nan)
        there = np.zeros(whole.shape, dtype=bool)
        at = table["point"].to_numpy(), table["run"].to_numpy()
        whole[at], there[at] = table[outcome].to_numpy(dtype=np.float64), True
        well = there[points].all(axis=0)
        if not well.any():
            raise NotAnalysable(f"{outcome}: every run failed at some point, so points cannot be compared with the same luck")
        chosen: Values = whole[points][:, well]
        return chosen

    def settings(self, arm: int) -> dict[str, Values]:
        """The value of each factor over one arm's sample. Shape: (sample) each."""
        points = self.results.design.sample[arm]
        return {factor.id: self.results.design.factors[factor.id][points[points >= 0]] for factor in self.factors}

    def answers(self) -> Iterator[Answer]:
        """What each arm says of each outcome that is looked at."""
        for arm, name in enumerate(self.results.experiment.arms):
            for outcome in self.looked_at:
                try:
                    yield Answer(self.method, name, outcome, self._found(arm, outcome))
                except NotAnalysable as refusal:
                    yield Answer(self.method, name, outcome, None, str(refusal))

    def _found(self, arm: int, outcome: str) -> pd.DataFrame | Sensitivity | None:
        values, ids = self.values(arm, outcome), [factor.id for factor in self.factors]
        either = bool(yes_no(self.results.experiment.scenario, [outcome]))
        if self.method == GRID:
            settings = self.settings(arm)
            return grid({id: settings[id] for id in ids[:2]}, values, outcome, yes_no=either)
        if self.method == TORNADO:
            return one_at_a_time(values[0], values[1::2], values[2::2], ids, outcome, either)
        if self.method == SCREENING:
            return screening(values, self._shares(arm), ids, outcome)
        if self.method == SOBOL:
            design = self.results.experiment.design
            return sensitivity(laid_out(values, len(ids), bool(design and design.second_order)), ids, outcome)
        return spread(values, outcome) if self.method == SPLIT else None

    def _shares(self, arm: int) -> Values:
        """Each factor as a share of its range from low to high. Shape: (sample, factor)."""
        columns = []
        for factor, values in zip(self.factors, self.settings(arm).values(), strict=True):
            if factor.values is not None:
                columns.append(np.searchsorted(np.sort(factor.values), values) / (len(factor.values) - 1))
            else:
                low, high = (np.log(end) if factor.spacing == "log" else end for end in factor.span)
                columns.append(((np.log(values) if factor.spacing == "log" else values) - low) / (high - low))
        return np.stack(columns, axis=1)
