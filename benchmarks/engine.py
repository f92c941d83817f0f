"""Time and memory of the engine: one run at a time against ensembles, growth with size, the commands, and a plain Mesa model.

`make bench` runs it, and `python benchmarks/engine.py --quick` takes less than a minute. It prints tables and asserts nothing.
What each figure means is in benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import copy
import functools
import math
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.chapters import Settled
    from sim.scenario.schema import Scenario

# Nothing large is imported up here: on Linux a child's peak memory counts what its parent held when it was started,
# so commands and memory are measured first, while this process is still small.

ROOT = Path(__file__).resolve().parents[1]
WORLDS = {"default": "scenarios/western_balkans_2017.yaml", "tutorial": "scenarios/tutorial.yaml"}
WIDTHS = (1, 64, 256, 1024)
SEED = 1


# How things are measured


@dataclass
class Spent:
    """What repeated goes took. Units: seconds."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    building: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return median(self.wall)

    @property
    def cpu_seconds(self) -> float:
        return median(self.cpu)


def timed(work: Callable[[], Any], spent: Spent) -> Any:
    """What some work gives; the time it took is added to `spent`."""
    wall, cpu = time.perf_counter(), time.process_time()
    given = work()
    spent.wall.append(time.perf_counter() - wall)
    spent.cpu.append(time.process_time() - cpu)
    return given


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[object]], notes: Sequence[str] = ()) -> None:
    """Prints a table of right-aligned columns, the first left-aligned."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in [list(head), *cells]) for place in range(len(head))]
    print(f"\n{title}")
    for row in [list(head), *cells]:
        print(
            "  "
            + "  ".join(
                text.ljust(width) if place == 0 else text.rjust(width) for place, (text, width) in enumerate(zip(row, widths, strict=True))
            )
        )
    for note in notes:
        print(f"  {note}")
    sys.stdout.flush()


def told(value: float) -> str:
    """A number with three significant figures."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Slope of a straight line through the logarithms: 1 is linear growth."""
    x, y = [math.log(size) for size in sizes], [math.log(value) for value in seconds]
    mx, my = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / sum((a - mx) ** 2 for a in x)


# Commands and memory, in processes of their own


def child(command: Sequence[str]) -> tuple[float, float, float, int]:
    """Wall and processor seconds, peak memory in MB and exit code of a command. Peak: the largest of it and its workers."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    size = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return wall, usage.ru_utime + usage.ru_stime, size, process.returncode


def suasion(*words: str) -> list[str]:
    return [sys.executable, "-m", "sim", *words]


def commands(goes: int, bare: bool) -> None:
    """Time and memory of what people type; `bare` also times a run without charts."""
    rows = []
    default = WORLDS["default"]
    with tempfile.TemporaryDirectory() as folder:
        for name, words, bound, repeats in (
            ("suasion --help", ("--help",), "0.3 s", goes),
            ("suasion check, default world", ("check", default), "0.5 s", goes),
            ("suasion run, 500 runs, no charts", ("run", default, "--runs", "500", "--no-charts", "--out"), "", int(bare)),
            ("suasion run, 500 runs, charts", ("run", default, "--runs", "500", "--out"), "30 s, 600 MB", 1),
        ):
            found: list[tuple[float, float, float, int]] = []
            for _ in range(repeats):
                out = Path(folder) / "out"
                found.append(child(suasion(*words, *([str(out)] if words[-1] == "--out" else []))))
                shutil.rmtree(out, ignore_errors=True)
            if not found:
                continue
            wall, cpu, size = (median(each[place] for each in found) for place in range(3))
            ended = "" if all(each[3] == 0 for each in found) else f"left with {found[-1][3]}"
            rows.append((name, told(wall), told(cpu), f"{size:.0f}", bound, ended))
    table("Commands, a process each", ("command", "wall s", "cpu s", "peak MB", "bound", ""), rows)


def memory(widths: Sequence[int]) -> None:
    """Peak memory of an ensemble, with everything the program keeps of it."""
    rows = []
    for world in WORLDS:
        base = child([sys.executable, __file__, "--hold", world, "0"])[2]
        for width in widths:
            size = child([sys.executable, __file__, "--hold", world, str(width)])[2]
            rows.append((world, width, f"{size:.0f}", f"{(size - base) / width:.2f}"))
    notes = ("The last column is what is above a process that has only read and settled the world.",)
    table("Peak memory, a process each", ("world", "runs", "peak MB", "MB a run"), rows, notes)


def hold(world: str, runs: int) -> None:
    """What a measured process does: an ensemble and nothing else."""
    case = Case.read(WORLDS[world])
    if runs:
        from sim.runs.ensemble import simulate

        simulate(case.scenario, runs, SEED, workers=1)


# The engine


@dataclass(frozen=True)
class Case:
    """A scenario with its settled start."""

    scenario: Scenario
    settled: Settled
    lanes: int
    cells: int

    @staticmethod
    def read(path: str) -> Case:
        import sim

        return Case.of(sim.read_scenario(ROOT / path))

    @staticmethod
    def of(scenario: Scenario) -> Case:
        from sim.lanes import block_width
        from sim.roster import Roster

        cells = len(scenario.powers) * len(scenario.countries) * len(scenario.channels) * scenario.time.months
        return Case(scenario, settle(scenario), block_width(Roster(scenario)), cells)

    def blocks(self, runs: int) -> list[Any]:
        """Run ids cut into equal blocks, as wide as the program makes them."""
        import numpy as np

        return np.array_split(np.arange(runs), -(-runs // self.lanes))

    def run(self, runs: int) -> float:
        """Steps and records an ensemble block by block; gives the part of the time spent on building models. Units: seconds."""
        import numpy as np

        from sim.model import InfluenceModel
        from sim.record import Recorder

        building = 0.0
        months = self.scenario.time.months
        for ids in self.blocks(runs):
            recorder = Recorder(months)
            began = time.perf_counter()
            with np.errstate(all="ignore"), InfluenceModel(self.scenario, ids, SEED, settled=self.settled) as model:
                building += time.perf_counter() - began
                for month in range(months):
                    model.step()
                    recorder.note(month, model.world)
        return building


def interleaved(jobs: Mapping[Any, Callable[[], float]], rounds: int) -> dict[Any, Spent]:
    """Every job once a round, each round starting with another one, so that a slow spell of the machine hits all alike."""
    spent = {name: Spent() for name in jobs}
    names = list(jobs)
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            spent[name].building.append(timed(jobs[name], spent[name]))
    return spent


def ensembles(rounds: Mapping[str, int]) -> None:
    """One run at a time against many in a block."""
    rows, notes = [], []
    for world, count in rounds.items():
        case = Case.read(WORLDS[world])
        spent = interleaved({width: functools.partial(case.run, width) for width in WIDTHS}, count)
        alone = spent[1].seconds
        for width in WIDTHS:
            took = spent[width]
            each, cpu, least = (seconds / width * 1e6 for seconds in (took.seconds, took.cpu_seconds, min(took.cpu)))
            cell, cheaper, building = each / case.cells * 1e3, alone * 1e6 / each, median(took.building) / took.seconds
            figures = (told(figure) for figure in (each, cpu, least, cell, cheaper))
            rows.append((world, width, len(case.blocks(width)), *figures, f"{building:.0%}"))
        bounds = {
            "default": "256 runs at 5,000 us a run or less; 1024 at least 20 times cheaper than 1",
            "tutorial": "1024 at least 150 times cheaper than 1",
        }
        notes.append(f"{world}: {case.cells:,} cells a run; bounds: {bounds[world]}")
    head = ("world", "runs", "blocks", "us a run", "cpu us a run", "least cpu", "ns a cell", "times cheaper than 1", "building")
    table("Ensembles in one process, interleaved, medians", head, rows, notes)


def settle(scenario: Scenario) -> Settled:
    """The settled start, as a command that has just read a file works it out."""
    from sim.lanes import Parameters
    from sim.roster import Roster
    from sim.settling import settled_at

    return settled_at(Parameters(scenario, Roster(scenario)))


def build(case: Case, runs: int) -> None:
    """A model made and let go again."""
    from sim.model import InfluenceModel

    InfluenceModel(case.scenario, runs, SEED, settled=case.settled).close()


def parts(goes: int) -> None:
    """What comes before the first month."""
    import sim

    rows = []
    for world, path in WORLDS.items():
        case = Case.read(path)
        works: dict[str, Callable[[], Any]] = {
            "reading the file": functools.partial(sim.read_scenario, ROOT / path),
            "settling": functools.partial(settle, case.scenario),
            "building a model of 8 lanes": functools.partial(build, case, 8),
            "building a model of 256 lanes": functools.partial(build, case, 256),
        }
        spent = {name: Spent() for name in works}
        for _ in range(goes):
            for name, work in works.items():
                timed(work, spent[name])
        rows += [(world, name, told(each.seconds * 1e3), told(each.cpu_seconds * 1e3)) for name, each in spent.items()]
    table("Before the first month, medians", ("world", "what", "wall ms", "cpu ms"), rows)


# Growth, on worlds made of copies


def copied(
    plain: dict[str, Any], section: str, copies: int, links: Callable[[dict[str, Any], Callable[[str], list[str]]], None]
) -> dict[str, Any]:
    """A plain scenario in which every entry of a section stands `copies` times; `links` widens what names them."""
    made = copy.deepcopy(plain)
    names = list(plain[section])
    again = {name: [name, *(f"{name}_{number}" for number in range(2, copies + 1))] for name in names}
    made[section] = {twin: copy.deepcopy(plain[section][name]) for name in names for twin in again[name]}
    links(made, lambda name: again[name])
    return made


def spread(mapping: dict[str, Any], twins: Callable[[str], list[str]]) -> None:
    """Gives every twin the entry of its original."""
    for name in list(mapping):
        for twin in twins(name):
            mapping[twin] = copy.deepcopy(mapping[name])


def more_countries(plain: dict[str, Any], copies: int) -> dict[str, Any]:
    """Copies of the whole region side by side: each has its own neighbours, entities, relays, gates and events; deeds stay single."""

    def links(made: dict[str, Any], twins: Callable[[str], list[str]]) -> None:
        for name, country in plain["countries"].items():
            for place, twin in enumerate(twins(name)):
                made["countries"][twin]["neighbours"] = [twins(other)[place] for other in country.get("neighbours", [])]
                if "part_of" in country:
                    made["countries"][twin]["part_of"] = twins(country["part_of"])[place]
        for power in made["powers"].values():
            spread(power["stakes"], twins)
        for gate in made["gates"].values():
            gate["countries"] = [twin for name in gate.get("countries", []) for twin in twins(name)]
        for name, relay in plain["relays"].items():
            for number, twin in enumerate(twins(relay["country"])[1:], 2):
                made["relays"][f"{name}_{number}"] = {**copy.deepcopy(relay), "country": twin}
        for dispute in made["disputes"].values():
            spread(dispute["felt"], twins)
        for institution in made["institutions"].values():
            spread(institution.get("strain", {}), twins)
        for event in made["events"].values():
            event["where"] = [twin for name in event["where"] for twin in twins(name)]

    return copied(plain, "countries", copies, links)


def more_channels(plain: dict[str, Any], copies: int) -> dict[str, Any]:
    """Copies of every channel, with the same skills, dependence and relays; a copy erodes copies of its own generation."""

    def links(made: dict[str, Any], twins: Callable[[str], list[str]]) -> None:
        for name, channel in plain["channels"].items():
            for place, twin in enumerate(twins(name)):
                made["channels"][twin]["erodes"] = {twins(worn)[place]: value for worn, value in channel.get("erodes", {}).items()}
        for power in made["powers"].values():
            spread(power["skill"], twins)
        for country in made["countries"].values():
            for dependence in country.get("dependence", {}).values():
                spread(dependence["channels"], twins)
        for deed in made["deeds"].values():
            spread(deed.get("pushed", {}), twins)
        for relay in made["relays"].values():
            relay["channels"] = [twin for name in relay["channels"] for twin in twins(name)]

    return copied(plain, "channels", copies, links)


def growth(copies: Sequence[int], runs: int, months: int, rounds: int) -> None:
    """How time grows with countries, channels, months and runs, the rest held; and what settling costs in each."""
    import sim
    from sim.scenario.schema import Scenario

    plain = sim.read_scenario(ROOT / WORLDS["default"]).dumped()
    plain["time"]["months"], plain["shocks"] = months, []

    def case(made: dict[str, Any]) -> Case:
        return Case.of(Scenario.model_validate(made))

    base = case(plain)
    cases: dict[tuple[str, int], tuple[Case, int]] = {}
    for by in copies:
        longer = {**plain, "time": {**plain["time"], "months": months * by}}
        cases["countries", by * len(plain["countries"])] = (case(more_countries(plain, by)), runs)
        cases["channels", by * len(plain["channels"])] = (case(more_channels(plain, by)), runs)
        cases["months", by * months] = (case(longer), runs)
        cases["runs", by * runs] = (base, by * runs)
    spent = interleaved({key: functools.partial(each.run, count) for key, (each, count) in cases.items()}, rounds)
    rows = []
    for axis in dict.fromkeys(axis for axis, _ in cases):
        sizes = [size for name, size in cases if name == axis]
        seconds = [spent[axis, size].seconds for size in sizes]
        cpu = [spent[axis, size].cpu_seconds for size in sizes]
        rows.append(
            (
                axis,
                " ".join(map(str, sizes)),
                " ".join(told(value) for value in seconds),
                f"{exponent(sizes, seconds):.2f}",
                f"{exponent(sizes, cpu):.2f}",
            )
        )
    held = f"{len(plain['countries'])} countries, {len(plain['channels'])} channels, {months} months, {runs} runs"
    table(
        "Growth, worlds made of copies of the default",
        ("with", "sizes", "wall s", "exponent", "cpu exponent"),
        rows,
        (f"Held at {held}; bound: linear, an exponent of 1.",),
    )


def main() -> None:
    reader = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    reader.add_argument("--quick", action="store_true", help="fewer rounds and sizes, under a minute")
    reader.add_argument("--hold", nargs=2, metavar=("WORLD", "RUNS"), help=argparse.SUPPRESS)
    words = reader.parse_args()
    if words.hold:
        hold(words.hold[0], int(words.hold[1]))
        return
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    began = time.perf_counter()
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores seen")
    commands(goes=3 if words.quick else 7, bare=not words.quick)
    memory((256,) if words.quick else WIDTHS)
    sys.path.insert(0, str(ROOT))
    ensembles({"default": 1, "tutorial": 5} if words.quick else {"default": 3, "tutorial": 15})
    parts(goes=3 if words.quick else 9)
    growth((1, 2, 4) if words.quick else (1, 2, 4, 6), runs=128, months=6 if words.quick else 12, rounds=1 if words.quick else 3)
    from plain import compared

    compared(rounds=1 if words.quick else 5, runs=2 if words.quick else 3)
    print(f"\n{time.perf_counter() - began:.0f} s in all")


if __name__ == "__main__":
    main()
