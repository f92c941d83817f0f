"""What a sweep says: each outcome that is looked at, by the method of its design, arm by arm."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.boxes import Cases
from sim.analysis.discovery import Discovery, discovery
from sim.analysis.grid import grid
from sim.analysis.intervals import Values
from sim.analysis.names import Spoken, factors_spoken, yes_no
from sim.analysis.one_at_a_time import one_at_a_time
from sim.analysis.policies import Aim, Policies, policies
from sim.analysis.ranks import ranks
from sim.analysis.refusals import NotAnalysable, finite
from sim.analysis.screening import screening
from sim.analysis.sensitivity import Sensitivity, laid_out, sensitivity
from sim.analysis.spread import spread
from sim.analysis.tipping import Lever, Tip, tipping
from sim.runs.results import Results
from sim.scenario.experiments import Experiment
from sim.scenario.factors import Factor

# Outcomes that are looked at where the experiment names none.
MOST_OUTCOMES = 4
GRID, TORNADO, SCREENING, SOBOL, SPLIT = "grid", "one_at_a_time", "morris", "sobol", "variance"
RANKS, DISCOVERY, TIPPING, POLICIES = "latin_hypercube", "discovery", "tipping", "policies"
# What the values of a factor are, where they are not the number itself.
RELATIVE = {"scale": "times its own", "add": "beside its own"}
# What arms are called among the factors of a discovery.
ARM = "arm"
Found = pd.DataFrame | Sensitivity | Discovery | Tip | Policies


@dataclass(frozen=True)
class Answer:
    """What one arm's design says of one outcome; `refused` says why nothing could be said."""

    method: str
    arm: str
    outcome: str
    found: Found | None
    refused: str = ""

    @property
    def table(self) -> pd.DataFrame:
        """The answer as a table, one row a setting, factor or part."""
        if self.found is None:
            return pd.DataFrame()
        found = self.found
        if isinstance(found, Sensitivity):
            found = found.indices
        elif isinstance(found, Discovery | Tip):
            found = found.table
        elif isinstance(found, Policies):
            found = found.ranking
        return pd.concat([pd.DataFrame({"arm": [self.arm] * len(found)}), found.reset_index(drop=True)], axis=1)


def in_sentence(name: str, proper: Collection[str]) -> str:
    """A name inside a sentence: its first letter small, unless it begins with somebody's name or an abbreviation."""
    first = name.split(" ")[0].removesuffix("'s").rstrip(":")
    return name if first in proper or first[1:2].isupper() or not first[1:] else name[0].lower() + name[1:]


@dataclass(frozen=True)
class Sweep:
    """A finished sweep laid out for analysis: only runs that went well at every point of an arm, so that points stay paired."""

    results: Results
    asked: Experiment | None = None

    @property
    def experiment(self) -> Experiment:
        """What is asked: by a file that was read anew, or else as the folder keeps it."""
        return self.asked or self.results.experiment

    @property
    def method(self) -> str:
        """The method of its design, or nothing."""
        design = self.experiment.design
        return design.method if design is not None else ""

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """The factors, in the file's order."""
        return self.experiment.factors

    @cached_property
    def names(self) -> dict[str, Spoken]:
        """What people call the factors."""
        scenario = self.experiment.scenario
        factors = self.experiment.factors
        named = {factor.id: factor.name for factor in factors if factor.name}
        paths = {factor.id: factor.targets[0] if len(factor.targets) == 1 else factor.id for factor in factors}
        sections = (scenario.powers, scenario.countries, scenario.institutions)
        actors = {actor.name.split()[0] for section in sections for actor in section.values()}
        spoken = factors_spoken(scenario, paths, named)
        units = {factor.id: RELATIVE.get(factor.way, "") for factor in factors}
        return {
            id: replace(words, unit=units[id], said=in_sentence(words.name, actors) if id in named else words.said)
            for id, words in spoken.items()
        }

    @cached_property
    def looked_at(self) -> tuple[str, ...]:
        """The outcomes that the experiment names, or else those of which the design moves the largest part."""
        focus = self.experiment.focus
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
        return self.paired([arm], outcome)[0]

    def paired(self, arms: Sequence[int], outcome: str) -> list[Values]:
        """An outcome over the samples of several arms, runs that failed at any point of any of them left out. Shape: (sample, run) each.

        Raises: NotAnalysable when no run went well at all points.
        """
        samples = [points[points >= 0] for points in self.results.design.sample[list(arms)]]
        table = self.results.outcomes
        whole = np.full((len(self.results.points), self.results.runs_a_point), np.nan)
        there = np.zeros(whole.shape, dtype=bool)
        at = table["point"].to_numpy(), table["run"].to_numpy()
        whole[at], there[at] = table[outcome].to_numpy(dtype=np.float64), True
        well = np.logical_and.reduce([there[points].all(axis=0) for points in samples])
        if not well.any():
            raise NotAnalysable(f"{outcome}: every run failed at some point, so points cannot be compared with the same luck")
        return [whole[points][:, well] for points in samples]

    def settings(self, arm: int) -> dict[str, Values]:
        """The value of each factor over one arm's sample. Shape: (sample) each."""
        points = self.results.design.sample[arm]
        return {factor.id: self.results.design.factors[factor.id][points[points >= 0]] for factor in self.factors}

    def answers(self) -> Iterator[Answer]:
        """What each arm says of each outcome that is looked at, and what is asked besides.

        Where arms are policies, or one more factor of a discovery, they are not analysed one by one.
        """
        together = self.experiment.goals or (self.experiment.discover is not None and len(self.experiment.arms) > 1)
        for arm, name in enumerate(self.experiment.arms) if not together else ():
            for outcome in self.looked_at:
                yield self._answer(self.method, name, outcome, partial(self._found, arm, outcome))
            if self.experiment.tipping is not None:
                yield self._answer(TIPPING, name, self.experiment.tipping.outcome, partial(self._tip, arm))
        if self.experiment.discover is not None:
            yield self._answer(DISCOVERY, "", self.experiment.discover.outcome, self._discovery)
        if self.experiment.goals:
            yield self._answer(POLICIES, "", "", self.policies)

    def _answer(self, method: str, arm: str, outcome: str, ask: Callable[[], Found | None]) -> Answer:
        try:
            return Answer(method, arm, outcome, ask())
        except NotAnalysable as refusal:
            return Answer(method, arm, outcome, None, str(refusal))

    def _discovery(self) -> Discovery:
        """Where the outcome lies on the side that is asked for."""
        found = self.cases()
        return discovery(found.inputs, found.interest, self.experiment.discover.outcome if self.experiment.discover else "")

    def cases(self) -> Cases:
        """The points of a discovery and which of them lie on the side that is asked for; several arms are one factor more.

        Raises: NotAnalysable.
        """
        asked = self.experiment.discover
        assert asked is not None, "this experiment asks for no discovery"
        arms = list(self.experiment.arms)
        frames, values = [], []
        for arm, table in enumerate(self.paired(range(len(arms)), asked.outcome)):
            first = self.distinct(arm)
            frame = pd.DataFrame({id: column[first] for id, column in self.settings(arm).items()})
            frames.append(frame.assign(**{ARM: arms[arm]}) if len(arms) > 1 else frame)
            values.append(table[first])
        whole, inputs = np.concatenate(values), pd.concat(frames, ignore_index=True)
        if asked.each == "run":
            inputs, whole = inputs.loc[np.repeat(np.arange(len(inputs)), whole.shape[1])].reset_index(drop=True), whole.reshape(-1, 1)
        means = finite(whole.mean(axis=1), asked.outcome)
        interest = means < asked.below if asked.below is not None else means > (asked.above or 0.0)
        return Cases(inputs, interest)

    def distinct(self, arm: int) -> NDArray[np.int64]:
        """Places of an arm's sample that hold a point for the first time."""
        points = self.results.design.sample[arm]
        return np.sort(np.unique(points[points >= 0], return_index=True)[1])

    def _tip(self, arm: int) -> Tip:
        """Where the outcome tips along the one factor of a grid."""
        asked, (factor,) = self.experiment.tipping, self.factors
        assert asked is not None
        lever = Lever(factor.id, self.settings(arm)[factor.id], factor.spacing == "log")
        return tipping(lever, self.values(arm, asked.outcome), asked.outcome, asked.crosses)

    def policies(self) -> Policies:
        """What the arms do for the goals of those who own them.

        Raises: NotAnalysable.
        """
        arms, found = list(self.experiment.arms), {}
        for goal in self.experiment.goals:
            aim = Aim(goal.outcome, goal.better == "higher", goal.enough, goal.owner or "")
            found[aim] = dict(zip(arms, self.paired(range(len(arms)), goal.outcome), strict=True))
        return policies(found, {name: self.experiment.owners.get(name, "") for name in arms})

    def _found(self, arm: int, outcome: str) -> Found | None:
        values, ids = self.values(arm, outcome), [factor.id for factor in self.factors]
        either = bool(yes_no(self.experiment.scenario, [outcome]))
        if self.method == GRID:
            settings = self.settings(arm)
            return grid({id: settings[id] for id in ids[:2]}, values, outcome, yes_no=either)
        if self.method == TORNADO:
            return one_at_a_time(values[0], values[1::2], values[2::2], ids, outcome, either)
        if self.method == SCREENING:
            return screening(values, self._shares(arm), ids, outcome)
        if self.method == SOBOL:
            design = self.experiment.design
            return sensitivity(laid_out(values, len(ids), bool(design and design.second_order)), ids, outcome)
        if self.method == RANKS:
            return ranks(self.settings(arm), values, outcome)
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
