"""What deserves a look in a scenario that is well: numbers that nothing supports, names that some systems reserve."""

from __future__ import annotations

from sim.scenario.faults import Fault
from sim.scenario.places import number_paths
from sim.scenario.schema import Scenario

FIRST = 3
RESERVED = frozenset({"con", "prn", "aux", "nul"} | {f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)})


def support_warnings(scenario: Scenario, name: str = "scenario") -> tuple[Fault, ...]:
    """How many of the world's numbers have neither document lines, a record nor an assumption behind them, and the first few.

    Numbers that only fill in a dependence for channels not named are not counted again.
    """
    filled = {
        f"countries.{country}.dependence.{power}.channels.{channel}"
        for country, own in scenario.countries.items()
        for power, dependence in own.dependence.items()
        for channel, number in dependence.channels.items()
        if number == dependence.usual
    }
    world = [(path, number) for path, number in number_paths(scenario).items() if path not in filled]
    bare = [path for path, number in world if not number.is_supported]
    if not bare:
        return ()
    first = ", ".join(bare[:FIRST]) + (" ..." if len(bare) > FIRST else "")
    return (Fault(name, 0, 0, "W001", "", f"{len(bare)} of {len(world)} numbers have no evidence, record or assumption: {first}"),)


def name_warnings(scenario: Scenario, name: str = "scenario") -> tuple[Fault, ...]:
    """Ids that cannot be file names on every system; results are not named by them, but a user's own files might be."""
    return tuple(
        Fault(name, 0, 0, "W051", f"{kind}.{key}", f"'{key}' cannot be a file name on Windows; think of another id")
        for kind in ("powers", "countries", "channels", "institutions")
        for key in getattr(scenario, kind)
        if key.casefold() in RESERVED
    )
