"""Whether an experiment agrees with itself: its design, its arms, the names it asks for, and how much work it asks for."""

from __future__ import annotations

import math

from sim.scenario.cautions import RESERVED
from sim.scenario.explaining import BYTES_A_RUN, SECONDS_A_RUN
from sim.scenario.factors import MOST_POINTS, MOST_ROWS, NEEDED, TAKEN
from sim.scenario.faults import FaultList, Mark, meant, shown
from sim.scenario.nodes import Mapping, Scalar
from sim.scenario.references import child, children, word

EVERY_ARM = "all"


def check_design(own: Mapping, top: Mark, faults: FaultList) -> None:
    """Note an experiment without anything to compare, and a design without what it needs or with what it cannot use."""
    design, keys = own.values.get("design"), own.keys
    if design is None:
        if children(own, "factors"):
            faults.add(keys["factors"], "E041", "design", "factors need a design that chooses their values: design: {method: grid}")
        elif "factors" not in keys and not children(own, "arms") and not faults.has(keys.get("arms", top)):
            told = "nothing is varied; add arms: {NAME: {set: {...}}}, or factors with design: {method: grid}"
            faults.add(keys.get("arms", top), "E041", "arms" if "arms" in keys else "", f"{told}, or only design: {{method: variance}}")
        return
    method = word(child(design, "method"))
    if not isinstance(design, Mapping) or method not in TAKEN:
        return
    if method == "variance" and "factors" in keys:
        told = "variance draws the scenario's own uncertain numbers; leave factors out, or choose another method"
        faults.add(keys["factors"], "E054", "factors", told)
    elif method != "variance" and not children(own, "factors") and not faults.has(keys.get("factors", keys["design"])):
        faults.add(keys.get("factors", keys["design"]), "E041", "factors", f"the design {method} needs factors: what varies, and how far")
    needed = NEEDED.get(method)
    if needed is not None and needed not in design.values:
        faults.add(design.mark, "E041", f"design.{needed}", f"'{needed}' is missing; {method} needs {MEANING[method]}")
    for key, mark in design.keys.items():
        users = [other for other, taken in TAKEN.items() if key in taken]
        if users and method not in users:
            faults.add(mark, "E054", f"design.{key}", f"{key} is for {', '.join(users)}, and this design is {method}; leave it out")
    _check_counts(design, method, faults)


MEANING = {
    "latin_hypercube": "points: how many points",
    "sobol": "points: how many base samples, a power of two",
    "morris": "points: how many trajectories",
    "variance": "points: how many draws of the scenario's uncertain numbers",
    "list": "file: the CSV file beside this one with a column a factor",
}


def _check_counts(design: Mapping, method: str, faults: FaultList) -> None:
    """Sobol's points are a power of two, Morris's levels even."""
    points, levels = design.values.get("points"), design.values.get("levels")
    count = points.value if isinstance(points, Scalar) and isinstance(points.value, int) else None
    if method == "sobol" and points is not None and count is not None and count > 0 and count & (count - 1):
        below = 1 << (count.bit_length() - 1)
        faults.add(points.mark, "E031", "design.points", f"must be a power of two, such as {below} or {2 * below}, found {count}")
    grid = levels.value if isinstance(levels, Scalar) and isinstance(levels.value, int) else None
    if method == "morris" and levels is not None and grid is not None and grid % 2:
        faults.add(levels.mark, "E031", "design.levels", f"must be an even number, so that steps meet the levels, found {grid}")


def check_arms(own: Mapping, keys_of_experiments: tuple[str, ...], faults: FaultList) -> None:
    """Take out of each arm what it may not say, after noting it; and refuse names that tables or files cannot have."""
    arms = own.values.get("arms")
    if not isinstance(arms, Mapping):
        return
    seen: dict[str, str] = {}
    for name, mark in arms.keys.items():
        if name.casefold() == EVERY_ARM:
            faults.add(mark, "E042", f"arms.{name}", f"'{name}' means every arm together; name this one otherwise")
        elif name.casefold() in RESERVED:
            faults.add(mark, "E051", f"arms.{name}", f"'{name}' cannot be a file name on Windows, and arms name files; name it otherwise")
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            faults.add(mark, "E042", f"arms.{name}", f"'{shown(name)}' and '{shown(other)}' differ only by case")
        arm = arms.values[name]
        if isinstance(arm, Mapping):
            _check_arm(name, arm, keys_of_experiments, faults)


def _check_arm(name: str, arm: Mapping, keys_of_experiments: tuple[str, ...], faults: FaultList) -> None:
    """An arm says what differs in its scenario; runs and seed are every arm's."""
    for key in [key for key in arm.keys if key in keys_of_experiments or key == "ensemble"]:
        why = "every arm has the experiment's own runs and seed" if key == "ensemble" else "an arm says what differs in its scenario"
        faults.add(arm.keys[key], "E040", f"arms.{name}.{key}", f"{why}; '{key}' stands at the top of the file")
        del arm.keys[key], arm.values[key]


def check_size(points: int, runs: int, mark: Mark, faults: FaultList) -> None:
    """Refuse what nobody can wait for, before any of it is built."""
    rows = points * runs
    if points <= MOST_POINTS and rows <= MOST_ROWS:
        return
    limit = f"{MOST_POINTS:,} points" if points > MOST_POINTS else f"{MOST_ROWS:,} histories"
    told = (
        f"{counted(points)} points of {runs:,} runs each are {counted(rows)} histories and would take {effort(rows)}; the limit is {limit}"
    )
    faults.add(mark, "E030", "design", told)


def counted(number: int) -> str:
    """A count in digits, or as a power of ten where nobody would read them."""
    return f"{number:,}" if number < 10**15 else f"about 10^{math.log10(number):.0f}"


def effort(rows: int) -> str:
    """About how many hours and gigabytes histories of a usual scenario take."""
    hours, gigabytes = rows * round(SECONDS_A_RUN * 1e6) // 3_600_000_000, rows * BYTES_A_RUN // 10**9
    return f"about {counted(hours)} hours and {counted(gigabytes)} GB"


def nearest_metric(column: str, every: frozenset[str]) -> str:
    """Why a column is not there though its metric could be asked for; empty when no scenario has such a column."""
    if column not in every:
        return ""
    metric = column.split(".")[1] if column.count(".") >= 2 else column
    return f"'{metric}' is not among the experiment's outcomes; add it there"


def unknown_name(noun: str, name: str, known: frozenset[str]) -> str:
    """'no column called x (did you mean y?); known: ...', the names cut where they get long."""
    guess = meant(name, known)
    names = ", ".join(sorted(known)[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")
    return f"no {noun} called '{shown(name, 120)}'" + (f" (did you mean {guess}?)" if guess else "") + f"; known: {names}"
