"""Suasion: how great powers compete for influence over smaller countries.

`read_scenario`, `simulate`, `Record`, `InfluenceModel` and `charts` are the public names; each is loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim import charts
    from sim.model import InfluenceModel
    from sim.record import Record
    from sim.runs.ensemble import simulate
    from sim.scenario.schema import Scenario

__version__ = "0.1.0"
__all__ = ["InfluenceModel", "Record", "charts", "read_scenario", "simulate"]

_HOMES = {"InfluenceModel": "sim.model", "Record": "sim.record", "simulate": "sim.runs.ensemble", "charts": "sim.charts"}


def read_scenario(path: str | Path) -> Scenario:
    """The scenario in a file, with its outcomes checked against those there are.

    Raises: ScenarioFaults, with everything that is wrong, each at its line and column.
    """
    from sim.outcomes import outcome_names
    from sim.scenario.reading import Vocabulary
    from sim.scenario.reading import read_scenario as read
    from sim.watching import unwatchable

    return read(path, Vocabulary(outcomes=outcome_names, watches=unwatchable))


def __getattr__(name: str) -> Any:
    """A public name, loaded from its home."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    home = import_module(_HOMES[name])
    return home if _HOMES[name] == f"sim.{name}" else getattr(home, name)
