"""Made-up jobs, small enough to be killed a hundred times, and a program that does them and waits to be stopped."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.runs.crews import Crew
from sim.runs.executors import carry_out, executor_of
from sim.runs.stopping import Stopped, stoppable
from sim.runs.workers import Local
from sim.scenario.faults import SuasionError

FATAL_ROW = 50
ENDLESS_ROW = 7
HUNGRY_ROW = 3
PIECES = 8
MEGABYTE = 2**20
_leaked: list[bytes] = []


@dataclass(frozen=True)
class Slip:
    """A receipt: what became of each row, and who made it."""

    numbers: tuple[int, ...]
    values: tuple[float, ...] = ()
    status: str = "ok"
    error: str = ""
    pid: int = 0
    ballast: bytes = b""


@dataclass(frozen=True)
class Rows:
    """A job: some numbers, of which something is to be made."""

    numbers: tuple[int, ...]
    blocks: int = 1

    @property
    def rows(self) -> int:
        return len(self.numbers)

    def split(self) -> Sequence[Rows]:
        each = -(-self.rows // PIECES)
        return [Rows(self.numbers[first : first + each]) for first in range(0, self.rows, each)] if self.rows > 1 else []

    def lost(self, status: str, error: str) -> Slip:
        return Slip(self.numbers, status=status, error=error)


def jobs(rows: int, each: int, blocks: int = 1) -> list[Rows]:
    return [Rows(tuple(range(first, min(first + each, rows))), blocks) for first in range(0, rows, each)]


def squares(job: Rows) -> Slip:
    return Slip(job.numbers, tuple(number * 0.1 * number for number in job.numbers), pid=os.getpid())


def unhurried(job: Rows) -> Slip:
    time.sleep(0.02 * job.rows)
    return squares(job)


def heavy(job: Rows) -> Slip:
    time.sleep(0.02)
    slip = squares(job)
    return Slip(slip.numbers, slip.values, pid=slip.pid, ballast=bytes(3 * MEGABYTE))


def fatal(job: Rows) -> Slip:
    if FATAL_ROW in job.numbers:
        os.kill(os.getpid(), signal.SIGKILL)
    return squares(job)


def leaving(job: Rows) -> Slip:
    if FATAL_ROW in job.numbers:
        os._exit(7)
    return squares(job)


def endless(job: Rows) -> Slip:
    while ENDLESS_ROW in job.numbers:
        pass
    return squares(job)


def asleep(job: Rows) -> Slip:
    while ENDLESS_ROW in job.numbers:
        time.sleep(0.05)
    return squares(job)


def hungry(job: Rows) -> Slip:
    """Asks for two gigabytes where there is room for a quarter of one, so that the system refuses it for real."""
    if HUNGRY_ROW in job.numbers:
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + 256 * MEGABYTE, resource.RLIM_INFINITY))
        bytearray(2048 * MEGABYTE)
    return squares(job)


def leaking(job: Rows) -> Slip:
    """Loses a megabyte a row, and says how many are lost."""
    _leaked.extend(bytes(MEGABYTE) for _ in job.numbers)
    return Slip(job.numbers, (float(len(_leaked)),), pid=os.getpid())


class DiskLike(SuasionError):
    """Stands for a disk that is full."""

    exit_code = 5


class Untravelled(Exception):
    """An error that cannot be sent from one process to another."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other}")


def refused(job: Rows) -> Slip:
    raise DiskLike(f"no room for row {job.numbers[0]}")


def clumsy(job: Rows) -> Slip:
    raise Untravelled("this", "that")


def mistaken(job: Rows) -> Slip:
    return Slip(job.numbers, (1 / (job.numbers[0] - job.numbers[0]),))


def told(slips: Iterable[Any]) -> dict[int, tuple[str, float | None]]:
    """What became of each row, every one told once."""
    found: dict[int, tuple[str, float | None]] = {}
    for slip in slips:
        assert not found.keys() & set(slip.numbers), "a row came twice"
        values: Sequence[float | None] = slip.values or [None] * len(slip.numbers)
        found |= {number: (slip.status, value) for number, value in zip(slip.numbers, values, strict=True)}
    return found


def undisturbed(rows: int) -> dict[int, tuple[str, float | None]]:
    return told([squares(Rows(tuple(range(rows))))])


def crew_of(words: str, workers: int = 2) -> Crew:
    return Local(workers, words) if words in ("forkserver", "spawn") else executor_of(words, workers)


WORKS = {work.__name__: work for work in (squares, unhurried, asleep, endless)}


def main() -> None:
    """Carries out: CREW WORKERS WORK ROWS LIMIT MANNER. Says each receipt; when it is stopped it goes, or dawdles as a merge might."""
    words, workers, work, rows, limit, manner = sys.argv[1:]
    try:
        with stoppable():
            try:
                for slip in carry_out(WORKS[work], jobs(int(rows), 1), crew_of(words, int(workers)), limit=float(limit)):
                    print(slip.numbers[0], slip.status, flush=True)
            except KeyboardInterrupt:
                print("stopping", flush=True)
                if manner == "dawdling":
                    time.sleep(60)
                raise
    except Stopped as stopped:
        sys.exit(stopped.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except SuasionError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
