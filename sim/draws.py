"""Addressed random draws: a draw depends on the seed, what it is for, whose it is, the run and the month, and on nothing else.

Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011). Key: BLAKE2b-64 of 'seed/purpose'. Counter: the run, the two halves of
BLAKE2b-64 of the actor's stream key, and month // 4; word month % 4 is the draw. So a run is the same alone and in any
ensemble, and a bystander changes nobody's draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.axes import Array

Words = NDArray[np.uint64]

_ROUNDS = 10
_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL = (0x9E3779B9, 0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


def philox(counter: Sequence[Words], key: Sequence[Words]) -> tuple[Words, Words, Words, Words]:
    """Four random 32-bit words from a counter of four words and a key of two.

    Shape: any that broadcast together. Units: 32-bit words held in uint64.
    Source: Random123, Philox4x32 with ten rounds; its published vectors are tests.
    """
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(_ROUNDS):
        left, right = c0 * _MULTIPLIERS[0], c2 * _MULTIPLIERS[1]
        c0, c1, c2, c3 = (right >> _HALF) ^ c1 ^ k0, right & _LOW, (left >> _HALF) ^ c3 ^ k1, left & _LOW
        k0, k1 = (k0 + np.uint64(_WEYL[0])) & _LOW, (k1 + np.uint64(_WEYL[1])) & _LOW
    return c0, c1, c2, c3


def address(text: str) -> tuple[int, int]:
    """The two 32-bit halves, high then low, of a text's 64-bit BLAKE2b."""
    number = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
    return number >> 32, number & 0xFFFFFFFF


def unit(word: Words) -> Array:
    """A word as a number strictly between 0 and 1, exact in float64."""
    return (word.astype(np.float64) + 0.5) * 2.0**-32


def parameter_draws(seed: int, paths: Sequence[str], runs: NDArray[np.int64]) -> Array:
    """One uniform draw a parameter and run, addressed by the parameter's path.

    Shape: (path, run).
    """
    keys = np.array([address(f"{seed}/parameter/{path}") for path in paths], dtype=np.uint64).reshape(-1, 2)
    high, low = address("")
    shape = (len(paths), len(runs))
    counter = [np.broadcast_to(runs.astype(np.uint64), shape), *(np.full(shape, part, dtype=np.uint64) for part in (high, low, 0))]
    return unit(philox(counter, (keys[:, :1], keys[:, 1:]))[0])


class Chance:
    """All luck of a block of runs, month by month.

    It is told once which purposes there are and whose draws each has; a quarter of a year is drawn in one go.
    """

    def __init__(self, seed: int, runs: NDArray[np.int64], purposes: Mapping[str, Sequence[str]]) -> None:
        self._width = len(runs)
        self._rows: dict[str, slice] = {}
        keys: list[tuple[int, int]] = []
        actors: list[tuple[int, int]] = []
        for purpose in sorted(purposes):
            first = len(actors)
            keys += [address(f"{seed}/{purpose}")] * len(purposes[purpose])
            actors += [address(stream) for stream in purposes[purpose]]
            self._rows[purpose] = slice(first, len(actors))
        halves = np.array(actors, dtype=np.uint64).reshape(-1, 2)
        self._key = np.array(keys, dtype=np.uint64).reshape(-1, 2)
        parts = (runs.astype(np.uint64), halves[:, :1], halves[:, 1:])
        self._counter = [np.broadcast_to(part, (len(actors), self._width)) for part in parts]
        self._quarter = -1
        self._words: tuple[Words, ...] = ()

    def uniform(self, purpose: str, month: int) -> Array:
        """Draws between 0 and 1 for every actor of a purpose. Shape: (actor, run)."""
        if month // 4 != self._quarter:
            self._quarter = month // 4
            quarter = np.full((len(self._key), self._width), self._quarter, dtype=np.uint64)
            self._words = philox([*self._counter, quarter], (self._key[:, :1], self._key[:, 1:]))
        return unit(self._words[month % 4][self._rows[purpose]])


@dataclass(frozen=True)
class Luck:
    """The draws of one month."""

    chance: Chance
    month: int
    width: int

    def uniform(self, purpose: str, *shape: int) -> Array:
        """Draws between 0 and 1. Shape: the given one and the run."""
        draws = self.chance.uniform(purpose, self.month)
        return draws.reshape(*shape, self.width) if shape else draws

    def normal(self, purpose: str, *shape: int) -> Array:
        """Standard normal draws: the inverse of the normal distribution of a uniform one. Shape: the given one and the run."""
        return np.asarray(ndtri(self.uniform(purpose, *shape)))
