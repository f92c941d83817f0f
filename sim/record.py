"""What the runs of an ensemble left behind: labelled arrays by month and run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.chronicle import Entry, entries_frame
from sim.roster import Roster
from sim.scenario.faults import shown
from sim.scenario.schema import Scenario
from sim.showing import Shown
from sim.world import VARIABLES, Variable, World

if TYPE_CHECKING:
    import pandas as pd

Values = NDArray[np.float32]

# Variables kept every month, and those so large that they are kept once a year and at the end.
MONTHLY = (
    "attention", "budget", "payoff", "alignment", "course", "words", "influence_share", "own_share", "opinion", "false_belief",
    "tension", "tension_home", "tension_power", "tension_given", "tension_luck", "resilience", "capture", "autonomy", "deciding",
    "rung", "progress", "credibility", "unity",
    "deed", "normalisation", "talks", "deal", "recognition", "hostility", "happened", "concessions", "belief", "seen_acts",
)  # fmt: skip
YEARLY = ("leverage", "grip", "effort")


def yearly(months: int) -> tuple[int, ...]:
    """Places of the months at which large variables are kept: each twelfth from the first, and the last."""
    return tuple(sorted({*range(0, months, 12), months - 1}))


class Recorder:
    """Collects the World of a block month by month, as float32."""

    def __init__(self, months: int, monthly: Sequence[str] = MONTHLY, once_a_year: Sequence[str] = YEARLY) -> None:
        self._months = months
        self._monthly, self._yearly = tuple(monthly), tuple(once_a_year)
        self._when = {month: place for place, month in enumerate(yearly(months))}
        self._kept: dict[str, Values] = {}

    def note(self, month: int, world: World) -> None:
        """Keeps one month. Shape kept: (month, axes, run)."""
        self._keep(month, world, self._monthly, self._months)
        if month in self._when:
            self._keep(self._when[month], world, self._yearly, len(self._when))

    def _keep(self, place: int, world: World, names: Iterable[str], length: int) -> None:
        for name in names:
            array = getattr(world, name)
            if name not in self._kept:
                self._kept[name] = np.empty((length, *array.shape), dtype=np.float32)
            self._kept[name][place] = array

    def taken(self, lanes: int) -> dict[str, Values]:
        """Everything kept, without padded lanes."""
        return {name: values[..., :lanes] for name, values in self._kept.items()}


@dataclass(frozen=True)
class Record(Shown):
    """An ensemble of histories.

    `values` gives a variable as (month, remaining axes, run); axes are named as in sim/axes.py, ids sorted by stream key.
    `status` says for each run whether it is 'ok' or 'nonfinite', and `error` where it stopped being a number.
    """

    scenario: Scenario
    seed: int
    run_ids: NDArray[np.int64]
    kept: Mapping[str, Values]
    status: tuple[str, ...]
    error: tuple[str, ...]
    settled: Mapping[str, Any] = field(default_factory=dict)
    chronicle: tuple[Entry, ...] = ()
    acts_seen: tuple[tuple[int, int, str, str, str], ...] = ()

    def __repr__(self) -> str:
        failed = self.runs - self.status.count("ok")
        runs = f"{self.runs} runs, {failed} of them failed" if failed else f"{self.runs} runs"
        return f"<Record of '{shown(self.scenario.title)}': {runs}, {self.months[0]} to {self.months[-1]}, seed {self.seed}>"

    @cached_property
    def roster(self) -> Roster:
        """Ids and links of the scenario."""
        return Roster(self.scenario)

    @property
    def runs(self) -> int:
        """How many histories there are."""
        return len(self.run_ids)

    @cached_property
    def ok(self) -> NDArray[np.bool_]:
        """Which runs went well."""
        return np.array([status == "ok" for status in self.status], dtype=bool)

    @cached_property
    def months(self) -> NDArray[np.datetime64]:
        """First day of each month."""
        return np.datetime64(self.scenario.time.start, "M") + np.arange(self.scenario.time.months)

    def variable(self, name: str) -> Variable:
        """Axes, label and unit of a variable."""
        return VARIABLES[name]

    def dates(self, name: str) -> NDArray[np.datetime64]:
        """The months at which a variable was kept."""
        return self.months if name in MONTHLY else self.months[list(yearly(len(self.months)))]

    def values(self, name: str, **where: str) -> Values:
        """A variable of the runs that went well, at given ids.

        Shape: (month, remaining axes, run).
        Raises: KeyError when the variable was not kept or an id is unknown.
        """
        array = self.kept[name]
        places: list[Any] = [slice(None)]
        for axis in VARIABLES[name].axes:
            places.append(self.roster.place(axis, where[axis]) if axis in where else slice(None))
        kept: Values = array[tuple(places)][..., self.ok]
        return kept

    def position(self, institution: str, country: str) -> Values:
        """Where a country stands on a ladder: its stage plus the share of that stage's work done. Shape: (month, run)."""
        where = {"institution": institution, "country": country}
        rung, progress = self.values("rung", **where), self.values("progress", **where)
        top = len(self.scenario.institutions[institution].stages) - 1
        return np.asarray(np.where(rung >= top, np.float32(top), rung + progress), dtype=np.float32)

    def name(self, axis: str, id: str) -> str:
        """What people call an actor, channel or institution."""
        sections: Mapping[str, Mapping[str, Any]] = {
            "power": self.scenario.powers,
            "country": self.scenario.countries,
            "channel": self.scenario.channels,
            "institution": self.scenario.institutions,
            "driver": self.scenario.drivers,
        }
        return str(sections[axis][id].name) if axis in sections else id

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row a run, one column an outcome, such as serbia.eu_stage.end."""
        from sim.outcomes import outcomes_of

        return outcomes_of(self)

    def events(self) -> pd.DataFrame:
        """What happened, one row an entry, with its causes; empty unless the runs were chronicled. Dates are first days of months."""
        table = entries_frame(list(self.chronicle))
        table.insert(1, "date", self.months[table["month"].to_numpy(dtype=int)] if len(table) else [])
        return table.drop(columns="month")

    def acts(self) -> pd.DataFrame:
        """Acts that were seen, one row each: run, date, actor, recipient, channel, plover; empty unless chronicled."""
        import pandas as pd

        table = pd.DataFrame(self.acts_seen, columns=["run", "month", "actor", "recipient", "channel"])
        table = table.sort_values(["run", "month", "actor", "recipient", "channel"], kind="stable", ignore_index=True)
        table.insert(1, "date", self.months[table["month"].to_numpy(dtype=int)] if len(table) else [])
        table["plover"] = [self.scenario.channels[name].act or "" for name in table["channel"]]
        return table.drop(columns="month")

    def summary(self) -> pd.DataFrame:
        """Mean, spread and quantiles by month, actor, partner and variable."""
        from sim.summary import summary_of

        return summary_of(self)
