"""What a setting would come to, told within a blink from what-ifs made beforehand; said to be an estimate wherever it is shown.

Each lever is tried at a few places on its own, with the same runs as everything else. Between those places a run's value lies on a
parabola, and what several levers do is added up, from the nearest setting whose histories are known. What levers do to each other's
effects is left out; the histories themselves follow as soon as the slider rests.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.dashboard.answers import FIRST, Answer, Answers
from sim.dashboard.desk import LATER, NOW, Desk, Job
from sim.dashboard.levers import Lever
from sim.dashboard.setting import BASELINE, Setting
from sim.dashboard.stepping import Order
from sim.record import Record, Values
from sim.runs.blocks import Block
from sim.world import VARIABLES

# What all what-ifs made beforehand may take; a larger scenario goes without estimates. Units: bytes.
MOST_TRIED = 400_000_000
# The golden ratio's fraction spreads the runs evenly over 0 to 1, so that a part of a stage is reached by that part of the runs.
SPREAD = 0.6180339887498949

Kept = Mapping[str, NDArray[np.float16]]


@dataclass(eq=False)
class Trials:
    """One lever on its own: where it is tried, and by how much that differs from the baseline, run by run."""

    lever: Lever
    found: dict[float, Kept] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)

    @property
    def places(self) -> tuple[tuple[float, ...], ...]:
        """Where a lever is tried: both its ends first, then halfway to each."""
        ends = tuple(end for end in (self.lever.low, self.lever.high) if abs(end - self.lever.default) > 1e-9)
        return ends, tuple((end + self.lever.default) / 2 for end in ends)

    @property
    def is_ready(self) -> bool:
        """Whether both ends are known."""
        return all(place in self.found for place in self.places[0])

    def between(self, at: float) -> list[tuple[float, float]]:
        """The tried places on the same side of the default, and the default itself, each with its weight.

        A parabola through the three, or a straight line while halfway has not been tried.
        """
        side = [place for place in self.found if (place < self.lever.default) == (at < self.lever.default)]
        known = [self.lever.default, *side]
        shares = [math.prod((at - other) / (place - other) for other in known if other != place) for place in known]
        return list(zip(known, shares, strict=True))


class Estimates:
    """The what-ifs of one scenario, made when nobody waits for anything else."""

    def __init__(self, answers: Answers, desk: Desk) -> None:
        self._answers, self._desk = answers, desk
        self._loop = asyncio.get_running_loop()
        opened = answers.opened
        self._trials = {lever.id: Trials(lever) for lever in opened.panel.levers}
        tried = sum(len(place) for trials in self._trials.values() for place in trials.places)
        self.is_worthwhile = tried * FIRST * opened.bytes_a_run / 2 <= MOST_TRIED
        self.progress = asyncio.Event()

    @property
    def share(self) -> float:
        """How much of what will be tried has been."""
        wanted = sum(len(places) for trials in self._trials.values() for places in trials.places)
        return sum(len(trials.found) for trials in self._trials.values()) / max(wanted, 1)

    def begin(self) -> None:
        """Puts every what-if on the list: the ends of all levers, then what lies between."""
        if self.is_worthwhile:
            for turn in (0, 1):
                for trials in self._trials.values():
                    self._try(trials, trials.places[turn])

    def close(self) -> None:
        """Takes what is left off the list."""
        for trials in self._trials.values():
            for job in trials.jobs:
                self._desk.drop(job)
            trials.jobs.clear()

    def hasten(self, setting: Setting) -> None:
        """Moves the levers somebody is pulling to the front."""
        for lever, _ in setting:
            for job in self._trials[lever].jobs[:1]:
                self._desk.hasten(job, NOW)

    def _try(self, trials: Trials, places: Sequence[float]) -> None:
        opened = self._answers.opened
        runs = np.arange(min(FIRST, opened.runs), dtype=np.int64)
        lanes = opened.panel.lanes_of([(((trials.lever.id, place),), runs) for place in places])
        order = Order(0, opened.key, opened.seed, lanes, variables=opened.kept)

        def told(block: Block | None, error: str) -> None:
            self._loop.call_soon_threadsafe(self._tried, trials, job, places, block)

        job = self._desk.ask(opened.world, order, LATER, told)
        trials.jobs.append(job)

    def _tried(self, trials: Trials, job: Job, places: Sequence[float], block: Block | None) -> None:
        trials.jobs.remove(job)
        baseline = self._answers.known.get(BASELINE)
        # The baseline's first piece is asked for before any trial, and more urgently.
        usual = baseline.blocks.get(0) if baseline is not None else None
        if block is not None and usual is not None:
            width = len(block.runs) // len(places)
            for place, at in enumerate(places):
                part = slice(place * width, (place + 1) * width)
                with np.errstate(invalid="ignore"):
                    trials.found[at] = {
                        name: (values[..., part] - usual.kept[name]).astype(np.float16) for name, values in block.kept.items()
                    }
        waiting, self.progress = self.progress, asyncio.Event()
        waiting.set()

    def anchor(self, setting: Setting) -> Answer | None:
        """The known setting from which the fewest levers have to be moved, all of them tried; None where there is none."""
        known = [answer for answer in self._answers.known.values() if 0 in answer.blocks]
        fit = [answer for answer in known if all(self._trials[lever].is_ready for lever in moved(answer.setting, setting))]
        # Of several the latest, which stands last.
        return min(reversed(fit), key=lambda answer: len(moved(answer.setting, setting)), default=None)

    def record(self, setting: Setting, whole: Collection[str] | None = None) -> Record | None:
        """What a setting would come to, as a record of the first runs; None while too little has been tried.

        Variables are given over all months where they are in `whole` (by default all are), the others in the last month only.
        """
        anchor = self.anchor(setting)
        if anchor is None:
            return None
        start = anchor.blocks[0]
        wanted, stood = dict(setting), dict(anchor.setting)
        weights: dict[tuple[str, float], float] = {}
        for lever in moved(anchor.setting, setting):
            trials = self._trials[lever]
            for sign, at in ((1.0, wanted.get(lever, trials.lever.default)), (-1.0, stood.get(lever, trials.lever.default))):
                for place, weight in trials.between(at):
                    weights[lever, place] = weights.get((lever, place), 0.0) + sign * weight
        spans = {name: slice(None) if whole is None or name in whole else slice(-1, None) for name in start.kept}
        kept = {name: self._moved(name, values[spans[name]], weights, spans[name]) for name, values in start.kept.items()}
        well = np.array([status == "ok" for status in start.status])
        well &= np.all([np.isfinite(values).all(axis=tuple(range(values.ndim - 1))) for values in kept.values()], axis=0)
        opened = self._answers.opened
        return Record(opened.scenario, opened.seed, start.runs, kept, tuple("ok" if each else "nonfinite" for each in well), start.error)

    def _moved(self, name: str, start: Values, weights: Mapping[tuple[str, float], float], span: slice) -> Values:
        """One variable at the anchor in some months, with what moving each lever adds to it. A lever at rest is the baseline itself."""
        value = start.astype(np.float32, copy=True)
        for (lever, place), weight in weights.items():
            trials = self._trials[lever]
            if weight and place != trials.lever.default:
                value += np.multiply(trials.found[place][name][span], np.float32(weight), dtype=np.float32)
        if VARIABLES[name].kind != "rung":
            return np.clip(value, 0, 1)
        return np.minimum(_whole(value), self._answers.opened.roster.top[:, None, None].astype(np.float32))


def moved(one: Setting, other: Setting) -> list[str]:
    """The levers that stand elsewhere in another setting."""
    before, after = dict(one), dict(other)
    return sorted(lever for lever in before.keys() | after.keys() if before.get(lever) != after.get(lever))


def _whole(rungs: Values) -> Values:
    """Stages with fractions made whole: half a stage more is one more in half of the runs."""
    shift = (np.arange(rungs.shape[-1]) * SPREAD) % 1.0
    return np.maximum(np.floor(rungs + shift.astype(np.float32) * np.float32(0.999) + np.float32(1e-4)), 0)
