"""Suasion: how great powers compete for influence over smaller countries.

`read_scenario`, `read_experiment`, `read_claim`, `simulate`, `compare`, `sweep`, `Record`, `Results`, `InfluenceModel`, `charts` and
`claims` are the public names; each is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.showing import paint_with

if TYPE_CHECKING:
    from sim import charts, claims
    from sim.comparing import compare
    from sim.model import InfluenceModel
    from sim.record import Record
    from sim.runs.ensemble import simulate
    from sim.runs.results import Results
    from sim.scenario.claims import Claim
    from sim.scenario.experiments import Experiment
    from sim.scenario.reading import Vocabulary
    from sim.scenario.schema import Scenario
    from sim.sweeping import sweep

__version__ = "0.1.0"
__all__ = [
    "InfluenceModel",
    "Record",
    "Results",
    "charts",
    "claims",
    "compare",
    "read_claim",
    "read_experiment",
    "read_scenario",
    "simulate",
    "sweep",
]

_HOMES = {
    "InfluenceModel": "sim.model",
    "Record": "sim.record",
    "Results": "sim.runs.results",
    "charts": "sim.charts",
    "claims": "sim.claims",
    "compare": "sim.comparing",
    "simulate": "sim.runs.ensemble",
    "sweep": "sim.sweeping",
}


def read_scenario(path: str | Path) -> Scenario:
    """The scenario in a file, with its outcomes checked against those there are.

    Raises: ScenarioFaults, with everything that is wrong, each at its line and column.
    """
    from sim.outcomes import outcome_names
    from sim.scenario.reading import Vocabulary
    from sim.scenario.reading import read_scenario as read
    from sim.watching import unwatchable

    return read(path, Vocabulary(outcomes=outcome_names, watches=unwatchable))


def read_experiment(path: str | Path) -> Experiment:
    """The experiment in a file, with every name in it checked: its factors, outcomes, variables and columns.

    Raises: ScenarioFaults, with everything that is wrong, each at its line and column.
    """
    from sim.scenario.experiments import read_experiment as read

    return read(path, vocabulary())


def read_claim(path: str | Path) -> Claim:
    """The claim in a file, with its arms resolved and every name in it checked: outcomes, variables, months, arms.

    Raises: ScenarioFaults, with everything that is wrong, each at its line and column.
    """
    from sim.claims.plan import vocabulary as words
    from sim.scenario.claims import read_claim as read

    return read(path, words())


def vocabulary() -> Vocabulary:
    """All the names that an experiment may use beside those of its own world."""
    from sim.outcomes import outcome_columns, outcome_names
    from sim.record import MONTHLY, YEARLY
    from sim.scenario.reading import Vocabulary
    from sim.watching import unwatchable

    return Vocabulary(outcome_names, unwatchable, outcome_columns, frozenset((*MONTHLY, *YEARLY)))


def _page(thing: object) -> str:
    """What a notebook shows of a record, of a sweep's results and of a comparison."""
    from sim.charts.notebook import page_of

    return page_of(thing)


paint_with(_page)


def __getattr__(name: str) -> Any:
    """A public name, loaded from its home."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    home = import_module(_HOMES[name])
    return home if _HOMES[name] == f"sim.{name}" else getattr(home, name)
