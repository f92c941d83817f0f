"""Trials: one claim over one ground, asked of the bench and judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from sim.claims.bench import Bench
from sim.claims.jobs import Arm
from sim.claims.measuring import Runs
from sim.claims.variants import AS_IT_IS
from sim.claims.verdicts import Effect, Judgement, Verdict, contrast_of, effect_of, holds, is_null_so_far, judged, leaves, whole
from sim.scenario.claim_file import Expectation
from sim.scenario.claims import Claim
from sim.scenario.places import number_paths

# What a null's power check scales, and by how much.
CAPACITY = "powers.russia.capacity"
MULTIPLES = (1.5, 2.0, 3.0, 5.0, 10.0)


@dataclass(frozen=True)
class Power:
    """A null under a stronger cause: the effect, and whether it lies wholly outside the bound."""

    multiple: float
    effect: Effect
    leaves: bool


@dataclass(frozen=True)
class Found:
    """What came of one expectation; `holds_in` is the share of runs in which it holds by itself."""

    expectation: Expectation
    effect: Effect
    judgement: Judgement
    holds_in: float
    power: tuple[Power, ...] = ()


@dataclass
class Trial:
    """A claim over one ground, in one form of the model, with the runs it is given."""

    claim: Claim
    reading: str
    runs: int
    seed: int
    variant: str = AS_IT_IS
    found: tuple[Found, ...] = ()
    holds_in: float = float("nan")
    _multiples: dict[int, list[float]] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The verdict on the claim."""
        return whole(found.judgement.verdict for found in self.found)

    @property
    def effects(self) -> list[float]:
        """The effect of each expectation."""
        return [found.effect.value for found in self.found]

    @property
    def failed(self) -> int:
        """The most runs that failed for any of its expectations."""
        return max((found.effect.failed for found in self.found), default=0)

    def arm(self, bench: Bench, name: str, multiple: float = 1.0) -> Arm:
        """One of its arms, with Russia's capacity scaled where a multiple is given."""
        arm = bench.arm(self.claim.arms[name], self.seed)
        if self.variant != AS_IT_IS:
            arm = arm.in_form(self.variant)
        return arm if multiple == 1.0 else arm.with_scaled(CAPACITY, multiple)

    def ask(self, bench: Bench) -> None:
        """Asks the bench for everything it needs."""
        for expectation in self.claim.expect:
            self._ask(bench, expectation)

    def _ask(self, bench: Bench, expectation: Expectation, multiple: float = 1.0) -> None:
        for name in expectation.weights:
            bench.ask(self.claim, self.arm(bench, name, multiple), (expectation.measure,), self._runs(multiple))

    def _runs(self, multiple: float) -> int:
        """How many runs: a power check looks for something large, and has half."""
        return self.runs if multiple == 1.0 else -(-self.runs // 2)

    def ask_for_power(self, bench: Bench, multiple: float) -> bool:
        """Asks the bench for the next power check of every null that stands and was not left so far; whether there is one."""
        asks = False
        for place, found in enumerate(self.found):
            can = all(CAPACITY in number_paths(self.claim.arms[name]) for name in found.expectation.weights)
            if can and is_null_so_far(found.expectation, found.effect) and not any(check.leaves for check in found.power):
                self._multiples.setdefault(place, []).append(multiple)
                self._ask(bench, found.expectation, multiple)
                asks = True
        return asks

    def judge(self, bench: Bench, powers: Iterable[bool | None] | None = None) -> None:
        """Reads the answers and judges. `powers` are power checks that were made elsewhere, one an expectation."""
        known = list(powers) if powers is not None else [None] * len(self.claim.expect)
        found, inside = [], np.ones(self.runs, dtype=bool)
        for place, expectation in enumerate(self.claim.expect):
            values, effect = self._effect(bench, expectation)
            checks = tuple(self._power(bench, expectation, multiple) for multiple in self._multiples.get(place, ()))
            has_power = any(check.leaves for check in checks) if checks else known[place]
            held = holds(expectation, contrast_of(values, expectation.weights))
            inside &= held
            found.append(Found(expectation, effect, judged(expectation, effect, has_power), float(held.mean()), checks))
        self.found, self.holds_in = tuple(found), float(inside.mean())

    def _effect(self, bench: Bench, expectation: Expectation, multiple: float = 1.0) -> tuple[dict[str, Runs], Effect]:
        arms, runs = {name: self.arm(bench, name, multiple) for name in expectation.weights}, self._runs(multiple)
        values = {name: bench.answer(self.claim, arm, expectation.measure, runs) for name, arm in arms.items()}
        lost = np.any([bench.lost(arm, runs) > 0 for arm in arms.values()], axis=0)
        return values, effect_of(values, expectation.weights, int(lost.sum()))

    def _power(self, bench: Bench, expectation: Expectation, multiple: float) -> Power:
        _, effect = self._effect(bench, expectation, multiple)
        return Power(multiple, effect, leaves(expectation, effect))

    @property
    def powers(self) -> list[bool | None]:
        """Whether each null's bound is left by a stronger cause; None where nobody looked."""
        return [any(check.leaves for check in found.power) if found.power else None for found in self.found]
