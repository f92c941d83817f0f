"""Designs: each method chooses the points that its books say, and a point is known by what it is."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.runs.designs import latin_hypercube, levels, morris, rounded, sampled, sobol, stretched
from sim.runs.points import MOST_POINTS, Points, how_many, points_of
from sim.scenario.experiments import Experiment, read_experiment_text
from sim.scenario.factors import Design, Factor
from sim.scenario.faults import SuasionError
from sim.scenario.reading import read_text
from tests.scenario.small import SMALL

WORLD = read_text(SMALL)
POOR = read_text(SMALL + "set: {powers.east.capacity: 1}\n")
PATHS = ("powers.east.capacity", "powers.west.capacity", "drivers.gas.level", "mechanics.attention.memory")
GAS = "drivers.gas.level"
Values = NDArray[np.float64]


def factors(*spans: tuple[float, float], **keys: object) -> tuple[Factor, ...]:
    return tuple(
        Factor.model_validate({"id": f"f{place}", "path": PATHS[place], "low": low, "high": high, **keys})
        for place, (low, high) in enumerate(spans)
    )


def experiment(design: Design | None, varied: Sequence[Factor] = (), **arms: object) -> Experiment:
    scenarios = arms or {"": WORLD}
    return Experiment("test", "Test", WORLD, design, tuple(varied), scenarios)  # type: ignore[arg-type]


def sample_of(points: Points, name: str, arm: int = 0) -> Values:
    return np.asarray(points.factors[name][points.sample[arm]])


UNIT = factors(*[(0, 1)] * 3)


# Methods


def test_a_grid_holds_every_level_with_every_other() -> None:
    varied = (*factors((0, 1), (10, 40), levels=4), Factor(id="choice", path=GAS, values=(5, 3)))
    points = points_of(experiment(Design(method="grid"), varied))
    rows = list(zip(*(points.factors[factor.id] for factor in varied), strict=True))
    assert len(rows) == len(set(rows)) == how_many(experiment(Design(method="grid"), varied)) == 32
    assert sorted(set(points.factors["f1"])) == [10, 20, 30, 40] and rows[0] == (0, 10, 5) and rows[1] == (0, 10, 3)


def test_a_grid_by_equal_factors_has_equal_factors_between_its_levels() -> None:
    found = levels(Factor(path=GAS, low=1, high=16, levels=5, spacing="log"))
    assert found.tolist() == [1, 2, 4, 8, 16]


def test_a_grid_of_whole_numbers_without_levels_holds_all_of_them() -> None:
    assert levels(Factor(path=GAS, low=-2, high=2, whole=True)).tolist() == [-2, -1, 0, 1, 2]
    assert levels(Factor(path=GAS, low=0, high=9, whole=True, levels=4)).tolist() == [0, 3, 6, 9]


def test_a_latin_hypercube_has_one_point_in_each_part_of_each_factor() -> None:
    unit = latin_hypercube(Design(method="latin_hypercube", points=50), 4)
    assert all(sorted(np.floor(column * 50).astype(int)) == list(range(50)) for column in unit.T)


def test_another_seed_is_another_design_and_the_same_seed_the_same() -> None:
    for method in ("latin_hypercube", "sobol", "morris"):
        first, again, other = (
            sampled(Design.model_validate({"method": method, "points": 8, "seed": seed}), UNIT, WORLD) for seed in (0, 0, 2**64 - 1)
        )
        assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_more_base_samples_keep_the_points_of_fewer() -> None:
    few, many = (points_of(experiment(Design(method="sobol", points=points, second_order=True), UNIT)) for points in (16, 32))
    assert set(few.keys) < set(many.keys)
    blocks = 2 + 2 * len(UNIT)
    first = np.array(few.keys)[few.sample[0]].reshape(blocks, 16)
    assert np.array_equal(first, np.array(many.keys)[many.sample[0]].reshape(blocks, 32)[:, :16])


def test_more_trajectories_keep_the_points_of_fewer() -> None:
    few, many = (points_of(experiment(Design(method="morris", points=points), UNIT)) for points in (4, 9))
    assert many.keys[: len(few.keys)] == few.keys


def test_sobols_blocks_are_a_and_b_with_one_column_from_the_other() -> None:
    unit = sobol(Design(method="sobol", points=32, second_order=True), 3).reshape(8, 32, 3)
    a, b = unit[0], unit[1]
    for column in range(3):
        assert np.array_equal(unit[2 + column], np.where(np.arange(3) == column, b, a))
        assert np.array_equal(unit[5 + column], np.where(np.arange(3) == column, a, b))
    assert not np.any(a == b)


def test_a_sobol_sample_is_spread_more_evenly_than_chance() -> None:
    unit = sobol(Design(method="sobol", points=64), 2)[:128]
    for column in unit[:64].T:
        assert sorted(np.floor(column * 64).astype(int)) == list(range(64))


def test_a_trajectory_moves_each_factor_once_by_morriss_step() -> None:
    k, p = 5, 6
    unit = morris(Design(method="morris", points=20, levels=p), k).reshape(20, k + 1, k)
    moves = np.diff(unit, axis=1)
    assert np.array_equal(np.sort(np.argmax(moves != 0, axis=2), axis=1), np.tile(np.arange(k), (20, 1)))
    assert np.array_equal((moves != 0).sum(axis=2), np.ones((20, k)))
    assert np.allclose(np.abs(moves[moves != 0]), p / (2 * (p - 1)))
    assert np.allclose(unit * (p - 1), np.rint(unit * (p - 1))) and unit.min() == 0 and unit.max() == 1
    assert 0.3 < (moves[moves != 0] > 0).mean() < 0.7


def test_one_at_a_time_leaves_the_base_on_both_sides_of_one_factor_after_another() -> None:
    varied = (
        Factor(id="purse", path="powers.east.capacity", low=1, high=9),
        Factor(id="gas", path=GAS, low=0.5, high=2, way="scale"),
        Factor(id="more", path="powers.west.capacity", low=-1, high=1, way="add"),
    )
    points = points_of(experiment(Design(method="one_at_a_time"), varied, as_is=WORLD, poor=POOR))
    rows = np.stack([sample_of(points, name) for name in ("purse", "gas", "more")], axis=1)
    assert rows.tolist() == [[4, 1, 0], [1, 1, 0], [9, 1, 0], [4, 0.5, 0], [4, 2, 0], [4, 1, -1], [4, 1, 1]]
    assert sample_of(points, "purse", 1).tolist() == [1, 1, 9, 1, 1, 1, 1]
    assert len(points.keys) == 7 + 6 and points.sample.shape == (2, 7)


def test_a_variance_design_draws_parameters_and_changes_nothing() -> None:
    points = points_of(experiment(Design(method="variance", points=6)))
    assert points.parameter_runs is not None and points.parameter_runs.tolist() == [0, 1, 2, 3, 4, 5]
    assert not points.factors and not points.changes and len(set(points.keys)) == 6
    more = points_of(experiment(Design(method="variance", points=9)))
    assert more.keys[:6] == points.keys


def test_arms_alone_are_a_point_each() -> None:
    points = points_of(experiment(None, as_is=WORLD, poor=POOR))
    assert points.arms == ("as_is", "poor") and points.sample.tolist() == [[0], [1]] and points.parameter_runs is None


def test_the_rows_of_a_list_share_points_where_they_agree_and_arms_may_have_fewer() -> None:
    varied = factors((0, 1))
    rows = (("as_is", (0.5,)), ("as_is", (-0.0,)), ("as_is", (0.0,)), ("poor", (0.5,)))
    whole = experiment(Design(method="list", file="x.csv"), varied, as_is=WORLD, poor=POOR)
    points = points_of(Experiment(**{**vars(whole), "listed": rows}))
    assert points.sample.tolist() == [[0, 1, 1], [2, -1, -1]] and points.arms == ("as_is", "as_is", "poor")
    assert points.factors["f0"].tolist() == [0.5, 0.0, 0.5] and math.copysign(1, points.factors["f0"][1]) == 1


# Values


@pytest.mark.parametrize("spacing", ["linear", "log"])
def test_whole_numbers_come_up_equally_often_and_stay_inside(spacing: str) -> None:
    factor = Factor.model_validate({"path": GAS, "low": 2, "high": 7, "whole": True, "spacing": spacing})
    found = stretched(factor, (np.arange(60_000) + 0.5) / 60_000)
    counts = np.bincount(found.astype(int), minlength=8)[2:]
    expected = np.log(np.arange(3, 9) / np.arange(2, 8)) / math.log(4) if spacing == "log" else np.full(6, 1 / 6)
    assert np.allclose(counts / 60_000, expected, atol=1e-4)
    assert stretched(factor, np.array([0.0, 1.0])).tolist() == [2, 7]


def test_choices_get_equal_parts() -> None:
    factor = Factor(path=GAS, values=(7.0, -0.0, 3.0))
    assert stretched(factor, np.array([0, 0.33, 0.34, 0.66, 0.67, 0.999, 1])).tolist() == [7, 7, 0, 0, 3, 3, 3]


def test_the_middle_of_a_range_by_equal_factors_is_its_geometric_mean() -> None:
    assert stretched(Factor(path=GAS, low=1, high=100, spacing="log"), np.array([0.0, 0.5, 1.0])).tolist() == [1, 10, 100]


def test_values_stay_between_low_and_high_to_the_last_bit() -> None:
    low, high = 0.1234567890123456, 0.7654321098765432
    for spacing in ("linear", "log"):
        found = stretched(Factor.model_validate({"path": GAS, "low": low, "high": high, "spacing": spacing}), np.linspace(0, 1, 1001))
        assert found.min() >= low and found.max() <= high


def test_a_rounded_value_is_the_one_people_write() -> None:
    given = np.array([0.1 + 0.2, 1 / 3, -2.0000000000001e-7, 0.0, 1e15 + 0.3, 1e-30, 99999999999.96])
    assert rounded(given).tolist() == [0.3, 0.333333333333, -2e-7, 0.0, 1e15, 1e-30, 100000000000.0]


@pytest.mark.parametrize(("few", "many"), [(4, 7), (5, 9), (6, 11), (3, 101)])
def test_a_finer_grid_keeps_the_levels_of_a_coarser_one(few: int, many: int) -> None:
    for low, high in ((0.0, 1.0), (0.1, 0.7), (1e-3, 7e5), (-0.3, 0.6)):
        coarse, fine = (set(levels(Factor(path=GAS, low=low, high=high, levels=count)).tolist()) for count in (few, many))
        assert coarse <= fine


# Keys


def test_a_point_keeps_its_key_whatever_the_other_points_and_the_arms_name() -> None:
    few = points_of(experiment(Design(method="grid"), factors((0, 1), (0, 1), levels=3)))
    many = points_of(experiment(Design(method="grid"), factors((0, 1), (0, 1), levels=5), as_is=POOR, other=WORLD))
    assert set(few.keys) < set(many.keys)
    place = many.keys.index(few.keys[4])
    assert many.arms[place] == "other" and [many.factors[name][place] for name in ("f0", "f1")] == [0.5, 0.5]


def test_factors_in_another_order_or_by_another_name_make_the_same_keys() -> None:
    first = factors((0, 1), (2, 3), levels=2)
    other = tuple(factor.model_copy(update={"id": f"x{factor.id}"}) for factor in reversed(first))
    assert set(points_of(experiment(Design(method="grid"), first)).keys) == set(points_of(experiment(Design(method="grid"), other)).keys)


def test_the_way_the_path_and_the_world_are_part_of_a_key() -> None:
    one = Factor(id="f", path=GAS, values=(1, 2))
    others = (one, one.model_copy(update={"way": "scale"}), one.model_copy(update={"path": PATHS[0]}))
    keys = [set(points_of(experiment(Design(method="grid"), [factor])).keys) for factor in others]
    keys.append(set(points_of(experiment(Design(method="grid"), [one], a=POOR)).keys))
    assert len(set().union(*keys)) == 8


def test_a_key_is_the_hash_that_the_contract_of_the_files_names() -> None:
    import hashlib
    import json

    from sim.scenario.hashing import scenario_hash

    points = points_of(experiment(Design(method="grid"), factors((0.1, 1), (2, 3), levels=2)))
    changes = sorted([PATHS[place], "set", float(points.factors[f"f{place}"][1]).hex()] for place in range(2))
    text = json.dumps([scenario_hash(WORLD), changes, None], separators=(",", ":"))
    assert points.keys[1] == hashlib.blake2b(text.encode(), digest_size=8).hexdigest() and len(points.keys[1]) == 16


def test_nothing_and_its_negative_are_one_value() -> None:
    both = [Factor(id="f", path=GAS, way="add", values=(zero, 1.0)) for zero in (0.0, -0.0)]
    first, second = (points_of(experiment(Design(method="grid"), [factor])).keys for factor in both)
    assert first == second


def test_equal_points_are_one_point_and_the_sample_leads_to_it() -> None:
    varied = (Factor(id="f", path=GAS, low=1, high=2, whole=True),)
    points = points_of(experiment(Design(method="latin_hypercube", points=10), varied))
    assert len(points.keys) == 2 and points.sample.shape == (1, 10) and sorted(sample_of(points, "f")) == [1] * 5 + [2] * 5


def test_several_paths_move_together() -> None:
    factor = Factor(id="both", paths=("powers.east.war", "powers.west.war"), values=(0, 0.5))
    points = points_of(experiment(Design(method="grid"), [factor]))
    assert set(points.changes) == {("powers.east.war", "set"), ("powers.west.war", "set")} and set(points.factors) == {"both"}
    assert all(values.tolist() == [0, 0.5] for values in points.changes.values())


def test_points_are_grouped_by_arm_in_the_files_order() -> None:
    points = points_of(experiment(Design(method="grid"), factors((0, 1), levels=3), poor=POOR, as_is=WORLD))
    assert points.arms == ("poor",) * 3 + ("as_is",) * 3 and points.sample.tolist() == [[0, 1, 2], [3, 4, 5]]


# How many


def test_too_many_points_are_refused_before_they_are_built() -> None:
    whole = experiment(Design(method="grid"), factors((0, 1), (0, 1), (0, 1), (0, 1), levels=1000))
    assert how_many(whole) == 10**12
    with pytest.raises(SuasionError, match=f"the limit is {MOST_POINTS:,}"):
        points_of(whole)


def test_a_hundred_thousand_points_have_as_many_keys() -> None:
    points = points_of(experiment(Design(method="grid"), factors((0, 1), (0, 1), levels=316)))
    assert len(set(points.keys)) == 316**2


def test_a_file_and_its_points_agree() -> None:
    text = SMALL + "design: {method: sobol, points: 4}\nfactors:\n  - {id: purse, path: powers.east.capacity, low: 1, high: 9}\n"
    read = read_experiment_text(text + "arms: {a: {}, b: {set: {powers.east.war: 0.5}}}\n")
    points = points_of(read)
    assert how_many(read) == 24 and points.sample.shape == (2, 12) and list(dict.fromkeys(points.arms)) == ["a", "b"]
    assert np.array_equal(sample_of(points, "purse", 0), sample_of(points, "purse", 1))
