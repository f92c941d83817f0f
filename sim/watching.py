"""Variables of the world that files may name, such as tension.serbia."""

from __future__ import annotations

from difflib import get_close_matches

from sim.roster import Roster
from sim.scenario.schema import Scenario
from sim.world import VARIABLES

AXES = {name: variable.axes for name, variable in VARIABLES.items()}


def unwatchable(scenario: Scenario, words: str) -> str:
    """Why no variable is called so, or nothing."""
    name = words.split(".")[0]
    if name not in AXES:
        meant = get_close_matches(name, AXES, n=1)
        return f"no variable called '{name[:60]}'" + (f" (did you mean {meant[0]}?)" if meant else "")
    try:
        Roster(scenario).cell(words, AXES)
    except KeyError:
        return f"'{name}' is by {', '.join(AXES[name])}; write {'.'.join([name, *(f'<{axis}>' for axis in AXES[name])])}"
    return ""
