"""Faults of processes: rows that kill, hang or starve their worker, workers and parents that are killed, too little of everything."""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from sim.runs.executors import carry_out
from sim.runs.workers import Local
from sim.scenario.faults import SuasionError
from tests.faults.made_up import (
    ENDLESS_ROW,
    FATAL_ROW,
    HUNGRY_ROW,
    Rows,
    Slip,
    asleep,
    crew_of,
    endless,
    fatal,
    heavy,
    hungry,
    jobs,
    leaking,
    leaving,
    told,
    undisturbed,
    unhurried,
)

ROOT = Path(__file__).parents[2]
ROWS = 100
PROGRAM = "from tests.faults.made_up import main; main()"
# What is promised is two seconds; a machine that others load may take longer, and who never leaves is found all the same.
PATIENCE = 30.0

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see who is alive")


def needs(words: str) -> str:
    if words == "dask":
        pytest.importorskip("distributed")
    return words


@pytest.mark.parametrize(
    "words, work, error",
    [
        ("forkserver", fatal, "its worker was killed by SIGKILL"),
        ("forkserver", leaving, "its worker left with exit code 7"),
        ("spawn", fatal, "its worker was killed by SIGKILL"),
        ("dask", fatal, "its worker died"),
    ],
)
def test_f03_a_row_that_always_kills_its_worker_costs_itself_alone(words: str, work: Callable[[Rows], Slip], error: str) -> None:
    """A run always kills its worker."""
    slips = list(carry_out(work, jobs(ROWS, 10), crew_of(needs(words))))
    assert told(slips) == {**undisturbed(ROWS), FATAL_ROW: ("crashed", None)}
    (lost,) = [slip for slip in slips if slip.status != "ok"]
    assert error in lost.error


@contextmanager
def killing(victims: Callable[[], Sequence[int]], every: float) -> Iterator[list[int]]:
    """Kills one of the victims every so often; gives the list of those killed so far."""
    killed: list[int] = []
    over = threading.Event()
    luck = random.Random(1)

    def kill() -> None:
        while not over.wait(every):
            if pids := victims():
                with suppress(ProcessLookupError):
                    os.kill(pid := luck.choice(pids), signal.SIGKILL)
                    killed.append(pid)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


def workers() -> list[int]:
    return [child.pid for child in multiprocessing.active_children() if child.pid]


def fork_servers() -> list[int]:
    return [
        pid for pid in family(os.getpid()) if "multiprocessing.forkserver import main" in words_of(pid) and parent_of(pid) == os.getpid()
    ]


def stat_of(pid: int) -> list[str]:
    """The state of a process, its parent, its group, its session, and more."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def parent_of(pid: int) -> int:
    return int(stat_of(pid)[1])


def words_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def family(pid: int) -> list[int]:
    """Everybody alive in the session of a process, which children and orphans stay in."""
    session, found = stat_of(pid)[3], []
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            with suppress(OSError):
                stat = stat_of(int(path.name))
                if stat[3] == session and stat[0] not in "ZX":
                    found.append(int(path.name))
    return found


@pytest.mark.parametrize("words", ["forkserver", "spawn"])
def test_f04_workers_killed_at_random_change_nothing(words: str) -> None:
    """Workers are killed at random, one every 0.5 s."""
    with killing(workers, 0.5) as killed:
        found = told(carry_out(unhurried, jobs(320, 8), crew_of(words)))
    assert found == undisturbed(320)
    assert killed


def test_f04_a_single_worker_killed_again_and_again_does_not_end_the_work() -> None:
    """The only worker is killed every 0.3 s, also while it starts and while it has no job."""
    with killing(workers, 0.3) as killed:
        found = told(carry_out(unhurried, jobs(80, 4), Local(1)))
    assert found == undisturbed(80)
    assert killed


def test_f04_a_worker_killed_while_it_hands_over_megabytes_costs_its_job_alone() -> None:
    """Workers are killed while they hand over large receipts."""
    with killing(workers, 1.0) as killed:
        found = told(carry_out(heavy, jobs(320, 4), Local(2)))
    assert found == undisturbed(320)
    assert killed


@pytest.mark.skipif(sys.platform != "linux", reason="finds the fork server in /proc")
def test_f04_the_server_that_forks_workers_may_be_killed_as_well() -> None:
    """The process that starts workers is killed every 0.4 s."""
    with killing(fork_servers, 0.4) as killed, killing(workers, 0.3):
        found = told(carry_out(unhurried, jobs(160, 8), Local(2, "forkserver")))
    assert found == undisturbed(160)
    assert killed


@pytest.mark.parametrize("words, work", [("forkserver", endless), ("spawn", asleep), ("dask", endless)])
def test_f05_a_row_that_never_ends_is_given_up(words: str, work: Callable[[Rows], Slip]) -> None:
    """A run never ends."""
    slips = list(carry_out(work, jobs(24, 8), crew_of(needs(words)), limit=1.0))
    assert told(slips) == {**undisturbed(24), ENDLESS_ROW: ("timeout", None)}
    assert [slip.error for slip in slips if slip.error] == ["did not end within 1 s"]


def test_f05_the_limit_counts_blocks_and_not_the_start_of_workers() -> None:
    """A job of many blocks takes longer than the limit of one."""
    assert told(carry_out(unhurried, [Rows(tuple(range(40)), blocks=40)], Local(1, "spawn"), limit=0.2)) == undisturbed(40)


@pytest.mark.parametrize("words", ["forkserver", "spawn", "dask"])
def test_f06_a_row_that_eats_memory_costs_itself_alone(words: str) -> None:
    """A run asks for more memory than its worker may have (RLIMIT_AS)."""
    slips = list(carry_out(hungry, jobs(24, 8), crew_of(needs(words))))
    assert told(slips) == {**undisturbed(24), HUNGRY_ROW: ("crashed", None)}
    assert ["memory" in slip.error for slip in slips if slip.error] == [True]


def test_f06_a_worker_that_leaks_is_replaced_before_it_matters() -> None:
    """Every run leaks a megabyte."""
    slips = list(carry_out(leaking, jobs(60, 1, blocks=100), Local(2)))
    assert sum(len(slip.numbers) for slip in slips) == 60
    assert max(slip.values[0] for slip in slips) == 10
    assert len({slip.pid for slip in slips}) >= 6


@contextmanager
def program(words: str, work: str, manner: str = "brisk") -> Iterator[subprocess.Popen[str]]:
    """A program in a session of its own, with two workers busy."""
    arguments = [sys.executable, "-W", "error", "-c", PROGRAM, needs(words), "2", work, str(ROWS), "60", manner]
    with subprocess.Popen(
        arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as started:
        try:
            assert started.stdout is not None
            assert started.stdout.readline().endswith("ok\n")
            yield started
        finally:
            for pid in family_of(started):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def family_of(started: subprocess.Popen[str]) -> list[int]:
    """Everybody alive in the session of a program, be it gone itself."""
    try:
        return family(started.pid)
    except OSError:
        return []


def all_gone(started: subprocess.Popen[str]) -> bool:
    """Whether nobody is alive any more. The program is left a zombie until then, so that its session can be found."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if not family_of(started):
            return True
        time.sleep(0.05)
    return False


def output(started: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, error = started.communicate(timeout=PATIENCE)
    return started.returncode, out, error


@pytest.mark.parametrize("words, work", [("forkserver", "asleep"), ("spawn", "endless"), ("serial", "endless"), ("dask", "endless")])
def test_f10_ctrl_c_once_stops_everybody(words: str, work: str) -> None:
    """Ctrl-C once, which the whole process group hears."""
    with program(words, work) as started:
        os.killpg(started.pid, signal.SIGINT)
        assert all_gone(started)
        code, out, error = output(started)
    assert (code, error) == (130, "")
    assert out.endswith("stopping\n")


@pytest.mark.parametrize("manner", ["brisk", "dawdling"])
def test_f11_ctrl_c_twice_leaves_at_once(manner: str) -> None:
    """Ctrl-C twice within 50 ms, also while the first is being attended to."""
    with program("forkserver", "endless", manner) as started:
        os.killpg(started.pid, signal.SIGINT)
        time.sleep(0.05)
        os.killpg(started.pid, signal.SIGINT)
        assert all_gone(started)
        code, _, error = output(started)
    # Python itself, when it is leaving already, dies of the signal instead of giving its code.
    assert code in (130, -signal.SIGINT)
    assert error == ""


@pytest.mark.parametrize("number, code", [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
@pytest.mark.parametrize("everybody", [False, True])
def test_f12_sigterm_and_sighup_stop_as_ctrl_c_does(number: int, code: int, everybody: bool) -> None:
    """SIGTERM or SIGHUP, to the parent only or to the whole group."""
    with program("forkserver", "endless") as started:
        (os.killpg if everybody else os.kill)(started.pid, number)
        assert all_gone(started)
        found, out, error = output(started)
    assert (found, error) == (code, "")
    assert out.endswith("stopping\n")


@pytest.mark.parametrize("words, work", [("forkserver", "endless"), ("spawn", "asleep"), ("dask", "endless")])
def test_f13_no_worker_outlives_its_parent(words: str, work: str) -> None:
    """The parent is killed with kill -9."""
    with program(words, work) as started:
        assert len(family_of(started)) >= 3
        os.kill(started.pid, signal.SIGKILL)
        assert all_gone(started)


def carried_out(words: str, workers: int, prefix: Sequence[str] = (), files: int | None = None, **changes: str) -> tuple[int, int, str]:
    """What a program leaves with, how many rows it told, and its complaint."""

    def limited() -> None:
        if files is not None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

    arguments = [*prefix, sys.executable, "-W", "error", "-c", PROGRAM, needs(words), str(workers), "squares", str(ROWS), "60", "brisk"]
    done = subprocess.run(
        arguments, cwd=ROOT, env={**os.environ, **changes}, capture_output=True, text=True, timeout=60, preexec_fn=limited
    )  # fmt: skip
    return done.returncode, len(done.stdout.splitlines()), done.stderr


@pytest.mark.parametrize("words, files", [("forkserver", 64), ("spawn", 64), ("dask", 64), ("forkserver", 20)])
def test_f33_few_open_files_mean_fewer_workers(words: str, files: int) -> None:
    """Few files may be open (RLIMIT_NOFILE=64), and thirty workers are asked for."""
    assert carried_out(words, 30, files=files) == (0, ROWS, "")


def test_f33_an_unwritable_tmpdir_is_no_hindrance() -> None:
    """TMPDIR cannot be written to."""
    assert carried_out("forkserver", 2, TMPDIR="/proc") == (0, ROWS, "")


def test_f33_a_tiny_shared_memory_is_no_hindrance() -> None:
    """/dev/shm holds 4 KB."""
    prefix = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o size=4k none /dev/shm && exec "$@"', "sh"]
    try:
        subprocess.run([*prefix, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs root and unshare, to mount a small /dev/shm that nobody else sees")
    assert carried_out("forkserver", 2, prefix) == (0, ROWS, "")


def test_f33_no_worker_at_all_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process can be started."""

    def refused(*anything: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("sim.runs.hands._born", refused)
    with pytest.raises(SuasionError, match=r"no worker process could be started \(BlockingIOError: .*; --executor serial works"):
        list(carry_out(endless, jobs(1, 1), Local(2)))
