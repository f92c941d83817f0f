"""Draws: the published Philox, addressed so that nobody's luck depends on anybody else."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from sim.draws import Chance, Luck, address, parameter_draws, philox, unit

# Random123, tests/kat_vectors, philox4x32 with ten rounds: counter, key, result.
PUBLISHED = (
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
)


def words(text: str) -> list[np.ndarray]:
    return [np.array([int(word, 16)], dtype=np.uint64) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "result"), PUBLISHED)
def test_philox_gives_the_words_that_its_authors_published(counter: str, key: str, result: str) -> None:
    assert [f"{int(word[0]):08x}" for word in philox(words(counter), words(key))] == result.split()


def test_philox_gives_the_same_words_one_by_one_and_side_by_side() -> None:
    counters = np.array([[int(word, 16) for word in counter.split()] for counter, _, _ in PUBLISHED], dtype=np.uint64).T
    keys = np.array([[int(word, 16) for word in key.split()] for _, key, _ in PUBLISHED], dtype=np.uint64).T
    together = np.array(philox(list(counters), list(keys))).T
    assert [" ".join(f"{int(word):08x}" for word in row) for row in together] == [result for _, _, result in PUBLISHED]


# Purpose, month, column of the runs 0, 1 and 499, draw.
OURS = (
    ("consent", 0, 0, 0.2276183197973296),
    ("consent", 0, 1, 0.45635691832285374),
    ("consent", 0, 2, 0.9005583730759099),
    ("consent", 5, 0, 0.8961353054037318),
    ("consent", 5, 2, 0.19349432818125933),
    ("mood/course", 0, 0, 0.10075186530593783),
    ("mood/course", 3, 1, 0.9410016237525269),
    ("mood/course", 4, 1, 0.08359347854275256),
    ("mood/course", 107, 2, 0.1255745313828811),
)
PARAMETER = 0.7237765357131138


def of(runs: list[int], seed: int = 2017, **purposes: list[str]) -> Chance:
    return Chance(seed, np.array(runs, dtype=np.int64), {name.replace("_", "/"): actors for name, actors in purposes.items()})


def test_ten_of_our_own_draws_are_what_they_were() -> None:
    chance = of([0, 1, 499], mood_course=["eu>serbia"], consent=["eu>serbia"])
    found = [float(chance.uniform(purpose, month)[0, column]) for purpose, month, column, _ in OURS]
    assert found == [value for *_, value in OURS]
    assert float(parameter_draws(2017, ["powers.russia.capacity"], np.array([7]))[0, 0]) == PARAMETER


def test_the_key_is_the_text_and_nothing_else() -> None:
    assert address("2017/consent") == address("2017" + "/consent")
    assert address("2017/consent") != address("2018/consent")
    high, low = address("eu>serbia")
    assert 0 <= high < 2**32
    assert 0 <= low < 2**32


def test_a_uniform_draw_is_never_0_or_1_and_every_word_gives_another_one() -> None:
    ends = unit(np.array([0, 1, 2**32 - 2, 2**32 - 1], dtype=np.uint64))
    assert 0 < ends[0] < ends[1] < ends[2] < ends[3] < 1
    assert np.all(np.isfinite(ndtri(ends)))


def test_a_runs_draws_are_the_same_whatever_other_runs_actors_and_purposes_there_are() -> None:
    alone = of([7], mood_tension=["serbia"])
    crowd = of([3, 9, 7, 2], consent=["x"], mood_tension=["albania", "serbia", "zeta"], mood_course=["a", "b"])
    for month in range(9):
        assert alone.uniform("mood/tension", month)[0, 0] == crowd.uniform("mood/tension", month)[1, 2]


def test_months_may_be_asked_for_in_any_order() -> None:
    one, other = of([7], consent=["a"]), of([7], consent=["a"])
    forward = [float(one.uniform("consent", month)[0, 0]) for month in range(12)]
    backward = [float(other.uniform("consent", month)[0, 0]) for month in reversed(range(12))]
    assert forward == backward[::-1]
    assert len(set(forward)) == 12


def test_another_seed_purpose_actor_run_or_month_is_another_draw() -> None:
    same = of([7], consent=["a"]).uniform("consent", 3)[0, 0]
    others = [
        of([7], seed=2018, consent=["a"]).uniform("consent", 3),
        of([7], dissent=["a"]).uniform("dissent", 3),
        of([7], consent=["b"]).uniform("consent", 3),
        of([8], consent=["a"]).uniform("consent", 3),
        of([7], consent=["a"]).uniform("consent", 4),
    ]
    assert same not in {float(draws[0, 0]) for draws in others}


def test_no_two_of_a_hundred_thousand_addresses_share_a_stream() -> None:
    """Four words of 32 bits an address: that two of them agree by chance has a likelihood of one in 10^28."""
    purposes = {purpose: [f"actor{place}" for place in range(25)] for purpose in ("consent", "mood/course", "mood/opinion", "mood/tension")}
    seen: set[bytes] = set()
    for quarter in range(20):
        chance = Chance(1, np.arange(50), purposes)
        blocks = [np.concatenate([chance.uniform(purpose, 4 * quarter + month) for purpose in purposes]) for month in range(4)]
        seen |= {row.tobytes() for row in np.stack(blocks, axis=-1).reshape(-1, 4)}
    assert len(seen) == 100_000


def test_draws_fill_the_unit_interval_evenly_and_normal_ones_have_spread_one() -> None:
    draws = Chance(5, np.arange(20_000), {"consent": ["a", "b"]})
    uniform = draws.uniform("consent", 0)
    counts = np.histogram(uniform[0], bins=20, range=(0, 1))[0]
    assert ((counts - 1000) ** 2 / 1000).sum() < 50
    assert abs(np.corrcoef(uniform)[0, 1]) < 0.03
    normal = Luck(draws, 0, 20_000).normal("consent", 1, 2)
    assert normal.shape == (1, 2, 20_000)
    assert np.all(np.abs(normal.mean(axis=-1)) < 0.03)
    assert np.all(np.abs(normal.std(axis=-1) - 1) < 0.02)


def test_a_parameters_draw_depends_on_its_path_the_seed_and_the_run_alone() -> None:
    runs = np.arange(16)
    alone = parameter_draws(1, ["b"], runs)
    crowd = parameter_draws(1, ["a", "b", "c"], runs[::-1].copy())
    assert alone[0].tobytes() == crowd[1, ::-1].tobytes()
    assert alone[0].tobytes() != parameter_draws(2, ["b"], runs)[0].tobytes()
    assert len(set(crowd.ravel())) == 48


def test_the_largest_seed_and_the_largest_run_have_draws_too() -> None:
    draws = Chance(2**64 - 1, np.array([2**32 - 1]), {"consent": ["a"]}).uniform("consent", 1199)
    assert 0 < draws[0, 0] < 1
