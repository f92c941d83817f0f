"""The desk: workers that are given histories, give them up between months, die and are replaced."""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from sim.dashboard.answers import FIRST, PIECE, cuts_of
from sim.dashboard.desk import LATER, NOW, Desk, Job
from sim.dashboard.opened import Opened, opened
from sim.dashboard.stepping import GivenUp, Order
from sim.runs.blocks import Block, run_block
from sim.runs.ensemble import simulate
from sim.scenario.reading import read_scenario
from tests.dashboard.worlds import TUTORIAL

Found = tuple[Block | None, str]


@pytest.fixture(scope="module")
def world() -> Opened:
    return opened(read_scenario(TUTORIAL), "here/tutorial.yaml")


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.close()


def order(world: Opened, runs: int, first: int = 0) -> Order:
    return Order(0, world.key, world.seed, world.panel.lanes((), np.arange(first, first + runs, dtype=np.int64)), first)


def asked(desk: Desk, world: Opened, runs: int, urgency: int = NOW, first: int = 0) -> tuple[Job, queue.Queue[Found]]:
    told: queue.Queue[Found] = queue.Queue()
    return desk.ask(world.world, order(world, runs, first), urgency, lambda block, error: told.put((block, error))), told


def test_workers_make_the_histories_that_simulate_makes(desk: Desk, world: Opened) -> None:
    _, told = asked(desk, world, 24)
    block, error = told.get(timeout=110)
    assert block is not None and error == ""
    record = simulate(world.scenario, 24, world.seed, workers=1)
    for name, values in block.kept.items():
        np.testing.assert_array_equal(values, record.kept[name])


def test_a_worker_that_is_killed_is_replaced_and_its_histories_are_made_all_the_same(desk: Desk, world: Opened) -> None:
    job, told = asked(desk, world, 2000)
    while job.worker is None or job.worker.hand.process.pid is None:
        time.sleep(0.001)
    os.kill(job.worker.hand.process.pid, signal.SIGKILL)
    block, error = told.get(timeout=110)
    assert block is not None and error == ""
    assert len(block.runs) == 2000


def test_nobody_is_told_of_histories_that_were_dropped(desk: Desk, world: Opened) -> None:
    first, told = asked(desk, world, 2000)
    second, also = asked(desk, world, 2000)
    waiting, never = asked(desk, world, 8)
    for job in (first, second, waiting):
        desk.drop(job)
    _, last = asked(desk, world, 8)
    assert last.get(timeout=110)[0] is not None
    assert told.empty() and also.empty() and never.empty()


def test_what_may_be_wanted_later_gives_way_and_is_made_afterwards(desk: Desk, world: Opened) -> None:
    later = [asked(desk, world, 2048, LATER) for _ in range(2)]
    while any(job.worker is None for job, _ in later):
        time.sleep(0.001)
    _, now = asked(desk, world, 8)
    assert now.get(timeout=110)[0] is not None
    for _, told in later:
        block, _ = told.get(timeout=110)
        assert block is not None and len(block.runs) == 2048
    assert desk.is_idle


def test_a_desk_that_closes_leaves_no_worker(world: Opened) -> None:
    made = Desk()
    job, _ = asked(made, world, 2048)
    while job.worker is None:
        time.sleep(0.001)
    process = job.worker.hand.process
    made.close()
    process.join(5)
    assert not process.is_alive()
    assert not [thread for thread in threading.enumerate() if thread in made._threads and thread.is_alive()]


def test_histories_are_given_up_between_two_months(world: Opened) -> None:
    months = []

    def month_over() -> None:
        months.append(1)
        if len(months) == 5:
            raise GivenUp

    with pytest.raises(GivenUp):
        run_block(order(world, 8).task(world.world), month_over)
    assert len(months) == 5


@pytest.mark.parametrize(("runs", "width"), [(500, 432), (500, 64), (500, 2048), (64, 64), (16, 2048), (100, 64), (72, 432)])
def test_pieces_cover_all_runs_once_and_none_is_wider_than_a_block(runs: int, width: int) -> None:
    cuts = cuts_of(runs, width)
    assert cuts[0][0] == 0 and cuts[-1][1] == runs
    assert all(one[1] == other[0] for one, other in pairwise(cuts))
    assert all(first % 8 == 0 and 0 < last - first <= width + 8 for first, last in cuts)
    assert cuts[0][1] <= FIRST and max(last - first for first, last in cuts) <= max(PIECE, FIRST) + 8
