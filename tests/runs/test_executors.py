"""Executors: the same receipts whoever does the work, no job lost with a worker, nobody left at work."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sim.runs import clusters
from sim.runs.crews import UNBEGUN, Crew, Ending, Overdue, Serial, Team, Ticket, alarm
from sim.runs.executors import carry_out, executor_of, on_workers
from sim.runs.hands import affordable
from sim.runs.lent import Lent
from sim.runs.stopping import STOPPING, Stopped, stoppable
from sim.runs.workers import Local
from sim.scenario.faults import SuasionError
from tests.faults.made_up import (
    ENDLESS_ROW,
    DiskLike,
    Rows,
    Slip,
    clumsy,
    crew_of,
    endless,
    fatal,
    jobs,
    mistaken,
    refused,
    squares,
    told,
    undisturbed,
)

ROOT = Path(__file__).parents[2]
ROWS = 60


@contextmanager
def crew(words: str, workers: int = 2) -> Iterator[Crew | Executor]:
    if words == "threads":
        with ThreadPoolExecutor(workers) as executor:
            yield executor
    elif words == "processes":
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as executor:
            yield executor
    else:
        if words == "dask":
            pytest.importorskip("distributed")
        yield crew_of(words, workers)


@pytest.mark.parametrize("words", ["serial", "forkserver", "spawn", "dask", "threads", "processes"])
def test_every_row_comes_once_and_is_the_same_whoever_makes_it(words: str) -> None:
    with crew(words) as hands:
        assert told(carry_out(squares, jobs(ROWS, 7), hands)) == undisturbed(ROWS)
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("words", ["serial", "forkserver", "threads"])
def test_jobs_are_pulled_only_when_somebody_is_free(words: str) -> None:
    pulled = 0

    def pulling() -> Iterator[Rows]:
        nonlocal pulled
        for job in jobs(ROWS, 1):
            pulled += 1
            yield job

    with crew(words) as hands:
        for received, _ in enumerate(carry_out(squares, pulling(), hands), 1):
            assert pulled - received < 2 * 2
    assert pulled == ROWS


def test_no_jobs_are_no_receipts() -> None:
    assert list(carry_out(squares, [], Local(2))) == []


@pytest.mark.parametrize("words", ["serial", "forkserver", "spawn"])
def test_what_the_work_raises_comes_out_and_ends_the_workers(words: str) -> None:
    with pytest.raises(DiskLike, match=r"no room for row \d+") as raised:
        list(carry_out(refused, jobs(ROWS, 10), crew_of(words)))
    assert raised.value.exit_code == 5
    assert multiprocessing.active_children() == []


def test_an_error_from_a_worker_says_where_it_arose() -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        list(carry_out(mistaken, jobs(ROWS, 10), Local(1)))
    assert "made_up.py" in raised.value.__notes__[0]


def test_an_error_that_cannot_travel_comes_out_in_words() -> None:
    with pytest.raises(RuntimeError, match="Untravelled: this and that"):
        list(carry_out(clumsy, jobs(ROWS, 10), Local(1)))


def test_work_that_a_worker_cannot_find_is_an_error_and_no_hang() -> None:
    with pytest.raises(Exception, match="nowhere"):
        list(carry_out(Lost(), jobs(ROWS, 10), Local(1)))


class Lost:
    """Work that can be sent, and not received."""

    def __call__(self, job: Rows) -> Slip:
        raise AssertionError("nobody asks")

    def __reduce__(self) -> tuple[Callable[[str], Any], tuple[str]]:
        return __import__, ("nowhere",)


@pytest.mark.parametrize("words", ["serial", "forkserver", "dask"])
def test_who_stops_early_leaves_nobody_at_work(words: str) -> None:
    with crew(words) as hands:
        receipts = carry_out(squares, jobs(ROWS, 1), hands)
        next(receipts)
        receipts.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


def test_a_job_that_never_began_is_given_out_again_without_blame() -> None:
    class Reluctant(Team):
        refusals = 5

        def room(self) -> int:
            return 1

        def take(self, ticket: Ticket) -> None:
            self.ticket = ticket

        def endings(self) -> list[Ending]:
            self.refusals -= 1
            if self.refusals >= 0:
                return [Ending(self.ticket, status=UNBEGUN)]
            return [Ending(self.ticket, squares(self.ticket.job))]

        def leave(self) -> None:
            pass

    class Late:
        workers = 1

        def team(self, work: Any) -> Team:
            return Reluctant()

    assert told(carry_out(squares, jobs(1, 1), Late())) == undisturbed(1)


UNGUARDED = """
from tests.faults.made_up import crew_of, jobs, squares, told, undisturbed
from sim.runs.executors import carry_out
print("begins")
assert told(carry_out(squares, jobs(20, 5), crew_of(WORDS))) == undisturbed(20)
"""
OF_ITS_OWN = """
import sys
from tests.faults.made_up import Slip, crew_of, jobs, squares, told, undisturbed
from sim.runs.executors import carry_out

def own(job):
    return squares(job)

if __name__ == "__main__":
    print("begins")
    assert told(carry_out(own, jobs(20, 5), crew_of(WORDS))) == undisturbed(20)
"""


@pytest.mark.parametrize("words", ["forkserver", "spawn", "dask"])
@pytest.mark.parametrize("script", [UNGUARDED, OF_ITS_OWN], ids=["unguarded", "of its own"])
def test_a_script_needs_no_guard_and_may_define_the_work(words: str, script: str, tmp_path: Path) -> None:
    if words == "dask":
        pytest.importorskip("distributed")
    file = tmp_path / "script.py"
    file.write_text(script.replace("WORDS", repr(words)))
    run = subprocess.run(
        [sys.executable, "-W", "error", file], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60
    )
    assert (run.stdout, run.stderr) == ("begins\n", "")


def test_few_open_files_mean_few_workers_and_at_least_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda which: (64, 64))
    assert affordable(4) == 4
    assert 4 < affordable(100) < 20
    monkeypatch.setattr("resource.getrlimit", lambda which: (8, 8))
    assert affordable(100) == 1


def test_on_workers_gives_all_results_and_raises_what_the_work_raised() -> None:
    assert sorted(on_workers(abs, [-3, 2, -1], 2)) == [1, 2, 3]
    with pytest.raises(TypeError, match="bad operand"):
        list(on_workers(abs, ["text"], 2))  # type: ignore[list-item]


def test_on_workers_does_not_lose_a_piece_in_silence() -> None:
    with pytest.raises(SuasionError, match=r"lost twice: its worker left with exit code 7"):
        list(on_workers(os._exit, [7], 2))


@pytest.mark.parametrize(
    "words, message",
    [
        ("locl", r"no executor called 'locl'; executors are local, serial, dask \(did you mean local\?\); dask://HOST:PORT joins"),
        ("slurm", "no executor called 'slurm'"),
        ("dask://", "joined by dask://HOST:PORT, such as dask://login1:8786; found 'dask://'"),
        ("dask://somewhere", "found 'dask://somewhere'"),
        ("dask://somewhere:99999", "found 'dask://somewhere:99999'"),
    ],
)
def test_other_words_are_refused_with_those_that_are_known(words: str, message: str) -> None:
    with pytest.raises(SuasionError, match=message):
        executor_of(words)


def test_no_workers_are_refused() -> None:
    with pytest.raises(SuasionError, match="a whole number from 1, found 0"):
        executor_of("local", 0)


def test_without_dask_the_message_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SuasionError, match=r'pip install "suasion\[dask\]"'):
        executor_of("dask")


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(clusters, "ANSWER", 0.3)
    with pytest.raises(SuasionError, match=r"no dask scheduler answers at tcp://127\.0\.0\.1:9 "):
        executor_of("dask://127.0.0.1:9")


def test_a_dask_cluster_that_runs_already_is_joined_and_left_running() -> None:
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": False, "protocol": "tcp", "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster:
        hands = executor_of(cluster.scheduler_address.replace("tcp", "dask"))
        assert hands.workers == 2
        assert told(carry_out(squares, jobs(ROWS, 7), hands)) == undisturbed(ROWS)
        with distributed.Client(cluster, set_as_default=False) as client:
            assert len(client.nthreads()) == 2


def test_dask_leaves_no_file_and_no_word(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    program = "from tests.faults.made_up import main; main()"
    arguments = [sys.executable, "-W", "error", "-c", program, "dask", "2", "squares", "10", "60", "brisk"]
    ran = subprocess.run(arguments, cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path)}, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stderr, len(ran.stdout.splitlines())) == (0, "", 10)
    assert list(tmp_path.iterdir()) == []


def test_a_lent_executor_is_asked_how_many_it_is() -> None:
    class Said:
        num_workers = 64

    with ThreadPoolExecutor(3) as threads:
        assert Lent(threads).workers == 3
        assert Lent(threads, 5).workers == 5
    assert Lent(Said()).workers == 64  # type: ignore[arg-type]


def test_a_lent_executor_is_not_shut_down() -> None:
    with ThreadPoolExecutor(2) as threads:
        assert told(carry_out(squares, jobs(ROWS, 7), threads)) == undisturbed(ROWS)
        assert threads.submit(abs, -1).result() == 1


def test_a_process_pool_that_breaks_is_named_and_nothing_hangs() -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        with pytest.raises(SuasionError, match=r"ProcessPoolExecutor that was handed in .*BrokenProcessPool.* executor 'local'"):
            list(carry_out(fatal, jobs(100, 10), pool))
        with pytest.raises(SuasionError, match="ProcessPoolExecutor that was handed in cannot go on"):
            list(carry_out(squares, jobs(100, 10), pool))


def test_an_executor_that_was_shut_down_is_named() -> None:
    threads = ThreadPoolExecutor(2)
    threads.shutdown()
    with pytest.raises(SuasionError, match="ThreadPoolExecutor that was handed in cannot go on"):
        list(carry_out(squares, jobs(100, 10), threads))


class Waiting:
    """Work whose endless row waits until it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def __call__(self, job: Rows) -> Slip:
        if ENDLESS_ROW in job.numbers:
            self.let_go.wait()
        return squares(job)


def test_a_lent_executor_gives_up_what_is_late_and_goes_on_without_its_worker() -> None:
    work = Waiting()
    with ThreadPoolExecutor(8) as threads:
        try:
            found = told(carry_out(work, jobs(ROWS, 10), threads, limit=0.2))
        finally:
            work.let_go.set()
    assert found == {**undisturbed(ROWS), ENDLESS_ROW: ("timeout", None)}


def test_a_lent_executor_with_every_worker_held_is_an_error_and_no_hang() -> None:
    work = Waiting()
    with ThreadPoolExecutor(2) as threads:
        try:
            with pytest.raises(SuasionError, match=r"every worker of the ThreadPoolExecutor .* is held by a job past its limit"):
                list(carry_out(work, jobs(ROWS, 10), threads, limit=0.2))
        finally:
            work.let_go.set()


@pytest.mark.parametrize("words", ["serial", "threads"])
def test_want_of_memory_costs_only_the_row_that_wants_it(words: str) -> None:
    def wanting(job: Rows) -> Slip:
        if 3 in job.numbers:
            raise MemoryError("too much")
        return squares(job)

    with crew(words) as hands:
        slips = list(carry_out(wanting, jobs(ROWS, 10), hands))
    assert told(slips) == {**undisturbed(ROWS), 3: ("crashed", None)}
    assert [slip.error for slip in slips if slip.error] == ["ran out of memory (MemoryError: too much)"]


def ran(words: str, work: str, rows: int, limit: float) -> list[str]:
    program = "from tests.faults.made_up import main; main()"
    arguments = [sys.executable, "-c", program, words, "1", work, str(rows), str(limit), "brisk"]
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout.splitlines()


def test_this_process_alone_gives_up_a_row_that_never_ends() -> None:
    assert sorted(ran("serial", "endless", 9, 0.3)) == [*(f"{row} ok" for row in range(7)), "7 timeout", "8 ok"]


def test_the_alarm_is_left_to_those_who_use_it_already() -> None:
    before = signal.signal(signal.SIGALRM, lambda number, frame: None)
    try:
        timer = signal.getitimer(signal.ITIMER_REAL)
        with alarm(0.01):
            time.sleep(0.05)
        assert (signal.getitimer(signal.ITIMER_REAL)[0] > 0) == (timer[0] > 0)
    finally:
        signal.signal(signal.SIGALRM, before)


def test_outside_the_main_thread_there_is_no_alarm_and_no_limit() -> None:
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(lambda: told(carry_out(squares, jobs(9, 3), Serial(), limit=0.001))).result() == undisturbed(9)


def test_an_alarm_passes_through_work_that_catches_its_own_errors() -> None:
    assert not issubclass(Overdue, Exception)
    with pytest.raises(SystemExit), pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.faults.made_up.squares", lambda job: sys.exit(3))
        endless(Rows((1,)))


@pytest.fixture
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in STOPPING}
    for number in STOPPING:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    yield
    for number, action in before.items():
        signal.signal(number, action)


@pytest.mark.parametrize("number, code", [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_to_stop_is_an_exception_with_its_exit_code(number: int, code: int, handlers: None) -> None:
    with pytest.raises(Stopped) as stopped, stoppable():
        os.kill(os.getpid(), number)
        time.sleep(5)
    assert (stopped.value.number, stopped.value.exit_code) == (number, code)


def test_ctrl_c_stays_what_it_is(handlers: None) -> None:
    with pytest.raises(KeyboardInterrupt) as stopped, stoppable():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)
    assert not isinstance(stopped.value, Stopped)


def test_a_program_that_nobody_stopped_hears_signals_as_before(handlers: None) -> None:
    with stoppable():
        assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_signal_ignored_from_the_start_stays_ignored(handlers: None) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with stoppable():
        os.kill(os.getpid(), signal.SIGHUP)


def test_outside_the_main_thread_signals_are_left_alone(handlers: None) -> None:
    def inside() -> Any:
        with stoppable():
            return signal.getsignal(signal.SIGTERM)

    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(inside).result() is signal.SIG_DFL
