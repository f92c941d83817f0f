"""The bench: which arms claims ask for, each simulated once with all that is asked of it, and the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np

from sim.claims.jobs import Arm, Asked, Job, Packed, Receipt, done, joined
from sim.claims.measuring import Runs
from sim.runs.crews import Crew
from sim.runs.executors import LIMIT, carry_out
from sim.scenario.claims import Claim
from sim.scenario.hashing import scenario_hash
from sim.scenario.schema import Scenario

# Told how many runs are done, how many there are in all, and how many failed.
Progress = Callable[[int, int, int], None]


@dataclass
class _Order:
    """One arm, how many of its runs are wanted, and by whom."""

    arm: Arm
    runs: int = 0
    asked: dict[str, Asked] = field(default_factory=dict)


@dataclass
class Bench:
    """Simulates arms for claims. What was answered once is not simulated again.

    Args: crew, who simulates; limit, how many seconds a block may take; progress, told how far it has come.
    """

    crew: Crew | Executor
    limit: float = LIMIT
    progress: Progress = lambda done, runs, failed: None
    rows: int = 0
    failed: int = 0
    first_error: str = ""
    _planned: int = 0
    _orders: dict[str, _Order] = field(default_factory=dict)
    _answers: dict[tuple[str, str, str], Runs] = field(default_factory=dict)
    _lost: dict[str, Runs] = field(default_factory=dict)
    _hashes: dict[int, tuple[Scenario, str]] = field(default_factory=dict)

    @property
    def arms(self) -> int:
        """How many arms were simulated."""
        return len(self._lost)

    def arm(self, scenario: Scenario, seed: int) -> Arm:
        """A scenario as an arm."""
        if id(scenario) not in self._hashes:
            self._hashes[id(scenario)] = (scenario, scenario_hash(scenario))
        return Arm(f"{self._hashes[id(scenario)][1]}/{seed}", scenario, seed)

    def ask(self, claim: Claim, arm: Arm, wanted: tuple[str, ...], runs: int) -> None:
        """Notes that a claim wants some measures of the first runs of an arm."""
        if all(len(self._answers.get((arm.key, claim.id, name), ())) >= runs for name in wanted):
            return
        order = self._orders.setdefault(arm.key, _Order(arm))
        order.runs = max(order.runs, runs)
        before = order.asked.get(claim.id, Asked(claim.measures, ()))
        order.asked[claim.id] = Asked(claim.measures, tuple(dict.fromkeys((*before.wanted, *wanted))))

    def work(self) -> None:
        """Simulates everything that was asked for and is not answered yet."""
        if not self._orders:
            return
        self._planned += sum(order.runs for order in self._orders.values())
        parts: dict[str, list[Receipt]] = {}
        for receipt in carry_out(done, self._jobs(), self.crew, limit=self.limit):
            parts.setdefault(receipt.key, []).append(receipt)
            lost = [error for error in receipt.error if error]
            self.rows, self.failed = self.rows + len(receipt.runs), self.failed + len(lost)
            self.first_error = self.first_error or next(iter(lost), "")
            self.progress(self.rows, self._planned, self.failed)
        for key, receipts in parts.items():
            whole = joined(receipts)
            self._lost[key] = np.array([float(bool(error)) for error in whole.error])
            for claim, asked in self._orders[key].asked.items():
                for name in asked.wanted:
                    self._answers[key, claim, name] = whole.values.get((claim, name), np.full(len(whole.runs), np.nan))
        self._orders.clear()

    def _jobs(self) -> Iterator[Job]:
        for key, order in self._orders.items():
            packed = Packed.of(order.arm, order.asked)
            for first in range(0, order.runs, packed.width):
                yield Job(key, packed, np.arange(first, min(first + packed.width, order.runs), dtype=np.int64))

    def answer(self, claim: Claim, arm: Arm, measure: str, runs: int) -> Runs:
        """A measure of the first runs of an arm, NaN where there is none. Shape: (run)."""
        return self._answers[arm.key, claim.id, measure][:runs]

    def lost(self, arm: Arm, runs: int) -> Runs:
        """Which of the first runs of an arm failed. Shape: (run), 1 where one did."""
        return self._lost[arm.key][:runs]
