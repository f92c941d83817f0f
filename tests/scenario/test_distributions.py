"""Distributions: what is drawn is what the file's words say, and nothing else is taken for a number."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from sim.scenario.distributions import Quantity, Within, fixed, quantiles
from sim.scenario.kinds import Share

PROBABILITIES = np.array([[0.025, 0.25, 0.5, 0.75, 0.975]])


class OneShare(BaseModel):
    number: Share


def of(**form: Any) -> Quantity:
    return Quantity.model_validate(form)


def drawn(number: Quantity) -> list[float]:
    return [float(value) for value in quantiles([number], PROBABILITIES)[0]]


def test_a_bare_number_is_the_same_in_every_run() -> None:
    assert Quantity.model_validate(3) == fixed(3) == of(value=3)
    assert drawn(fixed(3)) == [3, 3, 3, 3, 3]


def test_a_value_with_a_range_is_a_triangle() -> None:
    assert of(value=2, range=[1, 4]).form == of(triangular=[1, 2, 4]).form
    assert of(value=2, range=[2, 2]).form == ("fixed", (2,))


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (of(uniform=[2, 4]), [2.05, 2.5, 3, 3.5, 3.95]),
        (of(triangular=[0, 1, 2]), [0.223607, 0.707107, 1, 1.292893, 1.776393]),
        (of(triangular=[0, 0, 1]), [0.012579, 0.133975, 0.292893, 0.5, 0.841886]),
        (of(normal=[10, 2]), [6.080072, 8.651020, 10, 11.348980, 13.919928]),
        (of(lognormal=[1, 1]), [0.140863, 0.509416, 1, 1.963031, 7.099071]),
        (of(logitnormal=[0.5, 1]), [0.123469, 0.337492, 0.5, 0.662508, 0.876531]),
    ],
)
def test_quantiles_are_those_of_the_named_distribution(number: Quantity, expected: list[float]) -> None:
    assert drawn(number) == pytest.approx(expected, abs=1e-5)
    assert number.median() == pytest.approx(expected[2], abs=1e-5)


def test_numbers_of_every_form_are_drawn_side_by_side() -> None:
    numbers = [fixed(1), of(normal=[0, 1]), fixed(2), of(uniform=[0, 1])]
    together = quantiles(numbers, np.broadcast_to(PROBABILITIES, (4, 5)))
    assert np.array_equal(together, np.array([drawn(number) for number in numbers]))


ordered = st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3).map(sorted)


@given(ordered, st.floats(2**-33, 1 - 2**-33))
def test_a_triangle_stays_inside_its_corners(corners: list[float], probability: float) -> None:
    value = quantiles([of(triangular=corners)], np.array([[probability]]))[0, 0]
    spare = 1e-9 * max(1.0, abs(corners[0]), abs(corners[2]))
    assert corners[0] - spare <= value <= corners[2] + spare


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "exactly one of"),
        ({"value": 1, "uniform": [0, 1]}, "found value, uniform"),
        ({"range": [0, 1]}, "exactly one of"),
        ({"value": 2, "range": [0, 1]}, "lies inside"),
        ({"uniform": [0, 1], "range": [0, 1]}, "lies inside"),
        ({"value": 1, "assumption": "so"}, "needs its range"),
        ({"uniform": [2, 1]}, "low <= high"),
        ({"triangular": [0, 3, 2]}, "low <= mode <= high"),
        ({"normal": [0, -1]}, "0 or more"),
        ({"lognormal": [0, 1]}, "median above 0"),
        ({"logitnormal": [1, 1]}, "between 0 and 1"),
        ({"value": float("inf")}, "finite"),
        ({"value": "1"}, "valid number"),
        ({"value": True}, "valid number"),
        ({"value": 1, "evidence": ["line 3"]}, "match pattern"),
    ],
)
def test_what_makes_no_distribution_is_refused(form: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Quantity.model_validate(form)


@pytest.mark.parametrize("inside", [0, 1, {"uniform": [0, 1]}, {"logitnormal": [0.5, 3]}, {"normal": [0.5, 0]}])
def test_a_number_within_its_bounds_is_kept(inside: Any) -> None:
    assert OneShare(number=inside).number == Quantity.model_validate(inside)


@pytest.mark.parametrize("outside", [-0.1, 1.1, {"uniform": [0.5, 1.5]}, {"normal": [0.5, 0.1]}, {"lognormal": [0.5, 0.1]}])
def test_every_value_that_can_be_drawn_lies_within_the_bounds(outside: Any) -> None:
    with pytest.raises(ValidationError, match="must be a number from 0 to 1"):
        OneShare(number=outside)


def test_support_is_lines_a_record_or_an_assumption() -> None:
    assert of(value=1, evidence=["B61-64"]).is_supported
    assert of(value=1, record="World Bank, 2020").is_supported
    assert of(value=1, range=[0, 2], assumption="so").is_supported
    assert not of(value=1, note="so").is_supported


def test_bounds_know_their_unit() -> None:
    assert (Within(0, 1, "share").low, Within(0, 1, "share").unit) == (0, "share")
