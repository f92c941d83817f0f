"""Discovery: boxes that are known are found, as EMA Workbench finds them; chance is not taken for a box; the tree agrees."""

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.analysis.boxes import AMONG, HIGH, LOW, Box, Cases, limits_table, measures
from sim.analysis.discovery import LEAST_MASS, chosen, discovery, settled, simplified, trajectory_of
from sim.analysis.refusals import NotAnalysable
from sim.analysis.tree import grown, leaves_of
from tests.analysis.known_boxes import KNOWN, made

STORED = json.loads(Path(__file__).with_name("prim_peer.json").read_text(encoding="utf-8"))["boxes"]


def best_of(name: str) -> Box:
    cases = Cases(*made(name))
    return chosen(trajectory_of(cases), cases)


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_box_is_found_to_the_width_of_a_slice(name: str) -> None:
    found = discovery(*made(name), resamples=1)
    _, _, _, box, arms, inside = KNOWN[name]
    assert set(found.box.limits) == {*box, *(["arm"] if arms else [])}
    for factor, (low, high) in box.items():
        left, right = found.box.limits[factor]
        assert max(left, 0) == pytest.approx(low, abs=0.05) and min(right, 1) == pytest.approx(high, abs=0.05)
    assert not arms or found.box.limits["arm"] == frozenset(inside)


@pytest.mark.parametrize("name", KNOWN)
def test_the_trajectory_is_as_good_as_ema_workbenchs(name: str) -> None:
    found = measures(best_of(name), Cases(*made(name)))
    for key in ("coverage", "density"):
        assert getattr(found, key) == pytest.approx(STORED[name][key], abs=0.02)
    assert found.restricted == STORED[name]["restricted"]


def test_the_stored_answers_are_ema_workbenchs() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("ema_workbench")
        from benchmarks.prim_peer import theirs

        found = theirs(*made("two limits and noise"))
    assert found == pytest.approx(STORED["two limits and noise"])


def test_coverage_density_mass_and_margin_are_counted_by_hand() -> None:
    inputs = pd.DataFrame({"a": [1.0, 2, 3, 4, 5, 6, 7, 8]})
    found = measures(Box({"a": (3.5, np.inf)}), Cases(inputs, np.array([0, 0, 1, 0, 1, 1, 1, 0], dtype=bool)))
    assert (found.inside, found.cases) == (5, 3)
    assert (found.coverage, found.density, found.mass) == (0.75, 0.6, 0.625) and found.margin == 0.75 - 0.5


def test_quasi_p_is_the_chance_of_so_many_cases_without_the_limit() -> None:
    inputs, interest = made("two limits and noise")
    box = Box({"a": (0.5, np.inf), "c": (-np.inf, 0.5)})
    table = limits_table(box, Cases(inputs, interest)).set_index("factor")
    inside, without = box.holds(inputs), inputs["a"].to_numpy() >= 0.5
    wanted = stats.binomtest(int(interest[inside].sum()), int(inside.sum()), interest[without].mean(), alternative="greater").pvalue
    assert table.loc["c", "quasi_p"] == pytest.approx(wanted) and table.loc["c", "side"] == HIGH and table.loc["a", "side"] == LOW


def test_a_limit_that_chance_makes_as_good_is_dropped() -> None:
    cases = Cases(*made("two limits and noise"))
    box = Box({"a": (0.5, np.inf), "c": (-np.inf, 0.5), "e": (0.02, np.inf)})
    assert set(simplified(box, cases).limits) == {"a", "c"}


def test_settling_moves_a_limit_that_peeling_left_too_wide() -> None:
    cases = Cases(*made("two limits"))
    low, high = settled(Box({"a": (0.2, np.inf), "b": (-np.inf, 0.5)}), cases).limits["a"]
    assert low == pytest.approx(0.6, abs=0.02) and high == np.inf


def test_every_step_peels_off_a_little_and_no_box_is_smaller_than_asked() -> None:
    cases = Cases(*made("many factors"))
    masses = np.array([measures(box, cases).mass for box in trajectory_of(cases)])
    assert masses.min() >= LEAST_MASS and (np.diff(masses) > -0.1).all() and len(masses) > 20


def test_where_nothing_but_chance_is_at_work_no_limit_stays_for_long() -> None:
    draws, kept = np.random.default_rng(4), []
    for seed in range(6):
        inputs = pd.DataFrame(draws.random((200, 4)), columns=list("abcd"))
        kept.append(discovery(inputs, draws.random(200) < 0.4, seed=seed, resamples=8))
    assert all(found.tested["density"][0] < 0.62 for found in kept if np.isfinite(found.tested["density"][0]))
    assert all(found.limits["kept"].max() < 0.9 for found in kept if len(found.limits))


def test_what_was_found_holds_at_points_it_was_not_made_from() -> None:
    found = discovery(*made("two limits and noise"), resamples=20)
    assert found.tested["density"][0] > 0.85 and found.tested["coverage"][0] > 0.75 and (found.limits["kept"] > 0.9).all()


def test_names_are_peeled_one_at_a_time_and_pasted_back() -> None:
    found = discovery(*made("a name"), resamples=1)
    row = found.limits.set_index("factor").loc["arm"]
    assert (row["side"], row["value"]) == (AMONG, "one, three")


@pytest.mark.parametrize("name", ["two limits", "a name", "a range"])
def test_the_tree_asks_for_the_factors_of_the_box(name: str) -> None:
    cases = Cases(*made(name))
    leaves = leaves_of(grown(cases), cases)
    assert sum(leaf.points for _, leaf in leaves) == len(cases.interest) and sum(leaf.cases for _, leaf in leaves) == cases.total
    box, best = max(leaves, key=lambda each: each[1].share)
    assert best.share > 0.9 and set(box.limits) <= {*KNOWN[name][3], "arm"}
    for where, leaf in leaves:
        assert where.holds(cases.inputs).sum() == leaf.points


def test_the_trees_first_question_is_scikit_learns() -> None:
    trees = pytest.importorskip("sklearn.tree")
    inputs, interest = made("two limits and noise")
    wanted = trees.DecisionTreeClassifier(max_depth=3, min_samples_leaf=0.05).fit(inputs, interest).tree_
    question = grown(Cases(inputs, interest)).question
    assert question is not None and question.most == pytest.approx(wanted.threshold[0])
    assert list(inputs.columns).index(question.factor) == wanted.feature[0]


@pytest.mark.parametrize(
    ("inputs", "interest", "said"),
    [
        (pd.DataFrame({"a": np.arange(40.0)}), np.ones(40), "40 of 40 points are cases of what is looked for; at least 5 of either kind"),
        (pd.DataFrame({"a": np.arange(40.0)}), np.arange(40) < 3, "3 of 40 points are cases"),
        (pd.DataFrame({"a": [np.nan] * 40}), np.arange(40) < 20, "40 values of factors are missing"),
        (pd.DataFrame({"a": np.arange(4.0)}), np.ones(5), "4 points and 5 answers do not fit together"),
    ],
)
def test_what_cannot_be_told_apart_is_refused(inputs: pd.DataFrame, interest: np.ndarray, said: str) -> None:
    with pytest.raises(NotAnalysable, match=said):
        discovery(inputs, interest, "the deal")
