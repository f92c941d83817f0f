"""Where blocks are run: worker processes of this machine."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from typing import TypeVar

from pebble import ProcessPool

Job = TypeVar("Job")
Result = TypeVar("Result")


def on_workers(work: Callable[[Job], Result], jobs: Sequence[Job], workers: int) -> Iterator[Result]:
    """Results as they come, in any order, from a pool of processes; stopping early stops the workers.

    Raises: whatever a job raised, once the others have been stopped.
    """
    names = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in names else "spawn")
    if "forkserver" in names:
        context.set_forkserver_preload(["sim.model"])
    pool = ProcessPool(max_workers=min(workers, len(jobs)), context=context, initializer=worker_setup)
    try:
        for future in as_completed([pool.schedule(work, args=(job,)) for job in jobs]):
            yield future.result()
        pool.close()  # type: ignore[no-untyped-call]
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def worker_setup() -> None:
    """One thread a worker, and no stopping by Ctrl-C: the parent does that."""
    import signal

    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
