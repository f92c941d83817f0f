"""What Mesa's batch_run and EMA Workbench do under the first six faults of the fault matrix, each in a process of its own.

`python benchmarks/peers.py` prints a table: of a hundred runs of a toy model, how many rows come back, how the program ends, after how
many seconds, and with what words. `--write` keeps the table in docs/faults.md, from where `make faults` shows it beside our own. Both
libraries must be installed (the extra `dev` has them). Nothing is asserted.

A run sleeps for a twentieth of a second and gives its own number back. A program that has not ended within the limit is killed, and
what it had not given back by then is lost.
"""

from __future__ import annotations

import argparse
import datetime
import functools
import json
import math
import os
import platform
import random
import resource
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "faults.md"
BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"

RUNS = 100
WORKERS = 2
A_RUN = 0.05
FAULTY, ENDLESS = 50, 7
KILLED_EVERY = 0.5
MEGABYTE = 2**20
READY = "ready"

FAULTS = {
    "none": "nothing happens",
    "F1": f"run {FAULTY} raises",
    "F2": f"run {FAULTY} turns NaN",
    "F3": f"run {FAULTY} kills its process with SIGKILL",
    "F4": f"a worker at random is killed every {KILLED_EVERY} s",
    "F5": f"run {ENDLESS} never ends",
    "F6": f"run {FAULTY} asks for more memory than there is",
}

# What the tests of the fault matrix ask of Suasion.
OURS = {
    "F1": "99 rows; the other is named with its error, run and seed",
    "F2": "99 rows; the other is named with the variable and the month",
    "F3": "99 rows; the other is tried twice and named as crashed",
    "F4": "100 rows, the same bytes as undisturbed",
    "F5": "99 rows; the other is named as timeout",
    "F6": "99 rows; the other is named as crashed, with memory as the reason",
}


def outcome(number: int, fault: str) -> float:
    """One run of the toy model: its own number, or what the fault makes of it."""
    time.sleep(A_RUN)
    if fault == "F5" and number == ENDLESS:
        while True:
            time.sleep(A_RUN)
    if number != FAULTY:
        return float(number)
    if fault == "F1":
        raise RuntimeError("planted")
    if fault == "F3":
        os.kill(os.getpid(), signal.SIGKILL)
    if fault == "F6":
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + 256 * MEGABYTE, resource.RLIM_INFINITY))
        bytearray(2048 * MEGABYTE)
    return math.nan if fault == "F2" else float(number)


# The same runs for each peer. What each gives is a list of the rows that came back.


@functools.cache
def toy_of_mesa() -> type:
    """The toy model as a class of Mesa. Mesa is imported here and nowhere else: it changes how all processes are started."""
    import mesa
    from mesa.datacollection import DataCollector

    class Toy(mesa.Model):
        def __init__(self, number: int, fault: str, rng: int | None = None) -> None:
            super().__init__(rng=rng)
            self.number, self.fault = number, fault
            self.datacollector = DataCollector(model_reporters={"outcome": "outcome"})

        def step(self) -> None:
            self.outcome = outcome(self.number, self.fault)
            self.datacollector.collect(self)
            self.running = False

    Toy.__qualname__ = "Toy"
    return Toy


def __getattr__(name: str) -> Any:
    """The class by its name, which is how Mesa's workers find it."""
    if name == "Toy":
        return toy_of_mesa()
    raise AttributeError(name)


def mesa_rows(fault: str, processes: int, ready: Callable[[], None]) -> list[float]:
    toy = toy_of_mesa()
    import mesa

    ready()
    parameters = {"number": range(RUNS), "fault": fault}
    return [row["outcome"] for row in mesa.batch_run(toy, parameters, number_processes=processes, display_progress=False)]


def ema_rows(fault: str, processes: int, ready: Callable[[], None]) -> list[float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import ema_workbench as ema

    def evaluator(model: Any) -> Any:
        return ema.SequentialEvaluator(model) if processes == 1 else ema.MultiprocessingEvaluator(model, n_processes=processes)

    model = ema.Model("toy", function=toy_of_ema)
    model.uncertainties = [ema.IntegerParameter("number", 0, RUNS - 1)]
    model.constants = [ema.Constant("fault", fault)]
    model.outcomes = [ema.ScalarOutcome("outcome")]
    ready()
    with evaluator(model) as at_work:
        _, outcomes = at_work.perform_experiments([ema.Scenario(f"{number}", number=number) for number in range(RUNS)])
    return [float(value) for value in outcomes["outcome"]]


def toy_of_ema(number: int = 0, fault: str = "none") -> dict[str, float]:
    return {"outcome": outcome(number, fault)}


@dataclass(frozen=True)
class Peer:
    """A way of making many runs."""

    name: str
    rows: Callable[[str, int, Callable[[], None]], list[float]]
    processes: int

    @property
    def title(self) -> str:
        return self.name + (f", {self.processes} processes" if self.processes > 1 else ", 1 process")


PEERS = {
    "mesa1": Peer("Mesa batch_run", mesa_rows, 1),
    "mesa2": Peer("Mesa batch_run", mesa_rows, WORKERS),
    "ema1": Peer("EMA sequential", ema_rows, 1),
    "ema2": Peer("EMA multiprocessing", ema_rows, WORKERS),
}


def act(peer: Peer, fault: str) -> int:
    """Makes the runs in this process, and prints what came back as a line of JSON."""

    def ready() -> None:
        print(READY, flush=True)
        if fault == "F4":
            threading.Thread(target=kill_workers, daemon=True).start()

    try:
        rows = peer.rows(fault, peer.processes, ready)
    except BaseException as error:  # EMA Workbench's own are no Exceptions
        print(json.dumps({"rows": 0, "finite": 0, "words": f"{type(error).__name__}: {error}"}), flush=True)
        return 1
    print(json.dumps({"rows": len(rows), "finite": sum(map(math.isfinite, rows)), "words": ""}), flush=True)
    return 0


def kill_workers() -> None:
    """Kills one of this process' workers every half second, as long as there are any."""
    luck = random.Random(1)
    while True:
        time.sleep(KILLED_EVERY)
        workers = [int(pid) for pid in children(os.getpid()) if is_worker(int(pid))]
        if workers:
            with suppress(ProcessLookupError):
                os.kill(luck.choice(workers), signal.SIGKILL)


def children(pid: int) -> list[str]:
    return [child for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()]


def is_worker(pid: int) -> bool:
    """Whether a child simulates: the one that tracks what processes share does not."""
    try:
        return b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


@dataclass(frozen=True)
class Ended:
    """How a program ended. No exit code: it was killed at the limit."""

    rows: int
    finite: int
    exit: int | None
    seconds: float
    words: str

    @property
    def brief(self) -> str:
        """The end in a cell of a table."""
        came = f"{self.rows} rows" + (f", {self.rows - self.finite} of them NaN" if self.finite < self.rows else "")
        if self.exit is None:
            return f"{came}: hangs"
        if self.exit < 0:
            return f"{came}: the program is killed"
        return came + (f": {self.words}" if self.words else "")


def ended(name: str, fault: str, limit: float) -> Ended:
    """Makes the runs in a process of its own, with all its workers in one group, which is killed at the limit."""
    command = [sys.executable, str(Path(__file__).resolve()), "--act", name, fault]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True) as program:
        assert program.stdout is not None
        if program.stdout.readline().strip() != READY:
            raise SystemExit(f"{name} does not start; are mesa and ema_workbench installed?")
        began = time.monotonic()
        code, said = None, ""
        try:
            said, _ = program.communicate(timeout=limit)
            code = program.returncode
        except subprocess.TimeoutExpired:
            pass
        seconds = time.monotonic() - began
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
    told = json.loads(said.splitlines()[-1]) if said.strip() else {"rows": 0, "finite": 0, "words": ""}
    words = " ".join(told["words"].split()).rstrip(" :")
    return Ended(told["rows"], told["finite"], code, seconds, words if len(words) <= 90 else f"{words[:87]}...")


Table = Mapping[str, Mapping[str, Ended | None]]


def measured(peers: Iterable[str], faults: Iterable[str], limit: float) -> dict[str, dict[str, Ended | None]]:
    """Every peer under every fault; nothing where there is no worker to kill. A line is printed for each."""
    found: dict[str, dict[str, Ended | None]] = {}
    print(f"{'fault':<6} {'peer':<34} {'rows':>4} {'finite':>6} {'exit':>6} {'s':>6}  words")
    for fault in faults:
        for name in peers:
            alone = fault == "F4" and PEERS[name].processes == 1
            end = None if alone else ended(name, fault, limit)
            found.setdefault(fault, {})[name] = end
            cells = ("-", "-", "-", "-", "no worker to kill") if end is None else shown(end, limit)
            print(f"{fault:<6} {PEERS[name].title:<34} {cells[0]:>4} {cells[1]:>6} {cells[2]:>6} {cells[3]:>6}  {cells[4]}", flush=True)
    return found


def shown(end: Ended, limit: float) -> tuple[str, str, str, str, str]:
    """How a program ended, as the cells of a line."""
    words = f"did not end within {limit:g} s" if end.exit is None else "killed" if end.exit < 0 else end.words
    return str(end.rows), str(end.finite), "-" if end.exit is None else str(end.exit), f"{end.seconds:.1f}", words


def section(found: Table, limit: float) -> str:
    """What is kept of a measurement in docs/faults.md."""
    names = list(next(iter(found.values())))
    stands = f"Mesa {version('mesa')}, EMA Workbench {version('ema_workbench')}, Python {platform.python_version()}"
    lines = [
        BEGIN,
        f"Measured {datetime.date.today():%d %B %Y} with {stands}. Limit: {limit:g} s; nothing disturbed, every one gives 100 rows in",
        f"{least(found):.0f} to {most(found):.0f} s.",
        "",
        "| fault | what is done | Suasion | " + " | ".join(PEERS[name].title for name in names) + " |",
        "|---|---|---|" + "---|" * len(names),
    ]
    for fault, ends in found.items():
        if fault != "none":
            cells = [cell(ends[name]) for name in names]
            lines.append(f"| {fault} | {FAULTS[fault]} | {OURS[fault]} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, END])


def cell(end: Ended | None) -> str:
    """How a program ended, in a cell of a Markdown table."""
    return "no worker to kill" if end is None else end.brief.replace("|", "/")


def least(found: Table) -> float:
    """Seconds that the fastest takes undisturbed."""
    return min(end.seconds for end in found["none"].values() if end is not None)


def most(found: Table) -> float:
    """Seconds that the slowest takes undisturbed."""
    return max(end.seconds for end in found["none"].values() if end is not None)


def write(found: Table, limit: float) -> None:
    """Puts the table into docs/faults.md, in the place of the last one."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else f"# Faults\n\n{BEGIN}\n{END}\n"
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(before + section(found, limit) + after, encoding="utf-8")


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--act", nargs=2, metavar=("PEER", "FAULT"), help="make the runs in this process (used by the table)")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds after which a program is killed (60)")
    parser.add_argument("--faults", nargs="+", choices=FAULTS, default=list(FAULTS), help="only these faults")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS), help="only these peers")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/faults.md")
    given = parser.parse_args(words)
    if given.act:
        return act(PEERS[given.act[0]], given.act[1])
    found = measured(given.peers, given.faults, given.limit)
    if given.write:
        if set(found) != set(FAULTS) or set(given.peers) != set(PEERS):
            parser.error("only a whole table is kept: leave --faults and --peers out")
        write(found, given.limit)
    return 0


if __name__ == "__main__":
    sys.exit(main())
