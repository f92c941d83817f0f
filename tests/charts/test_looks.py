"""Looks: colours that everybody can tell apart, labels that keep their distance, words that stay words."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.charts.findings import answer, hedging, joining, unrest
from sim.charts.style import (
    OTHERS,
    OWN,
    PAPER,
    POWERS,
    apart,
    colour_of,
    contrast,
    ink,
    literal,
    luminance,
    shortened,
    tint,
    width_of,
    wrapped,
)
from sim.charts.words import fraction, listed, month, percent, points_of, runs_of
from tests.charts.made_up import made_up_record, made_up_scenario

# Simulation of full colour blindness of one kind in linear light. Source: Machado, Oliveira and Fernandes (2009).
BLIND = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def lab(colour: str, blind: str | None = None) -> np.ndarray:
    """A colour in CIE Lab under D65, as somebody sees it."""
    rgb = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(BLIND[blind]) @ linear, 0, 1) if blind else linear
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("blind", [None, *BLIND])
def test_powers_and_the_own_course_stay_apart_for_everybody(blind: str | None) -> None:
    for one, other in itertools.combinations([*POWERS.values(), OWN], 2):
        assert np.linalg.norm(lab(one, blind) - lab(other, blind)) > 10


def test_sides_stay_apart_in_grey() -> None:
    roster = made_up_record(runs=2).roster
    greys = sorted(lab(colour_of(roster, "side", side))[0] for side in ("east", "west", "self"))
    assert min(np.diff(greys)) > 3


def test_every_colour_is_three_to_one_on_paper() -> None:
    assert min(contrast(colour, PAPER) for colour in (*POWERS.values(), OWN, *OTHERS)) >= 3


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_ink_can_be_read(channels: tuple[int, int, int]) -> None:
    assert contrast(ink("#{:02x}{:02x}{:02x}".format(*channels)), PAPER) >= 4.5


def test_a_bloc_of_one_power_has_its_colour_and_a_bloc_of_several_has_nobodys() -> None:
    roster = made_up_record(runs=2).roster
    assert colour_of(roster, "side", "east") == POWERS["russia"]
    assert colour_of(roster, "side", "west") not in POWERS.values()


def test_a_stranger_keeps_its_colour_whatever_the_order_of_the_file() -> None:
    one = made_up_record(made_up_scenario(powers=["russia", "china", "turkey"], countries=["serbia"], months=2), runs=2).roster
    other = made_up_record(made_up_scenario(powers=["turkey", "china", "russia"], countries=["serbia"], months=2), runs=2).roster
    assert colour_of(one, "power", "china") == colour_of(other, "power", "china") != colour_of(one, "power", "turkey")


def test_tints_run_from_paper_to_the_colour() -> None:
    assert tint(OWN, 0) == PAPER and tint(OWN, 1) == OWN
    assert luminance(PAPER) == pytest.approx(1)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_labels_moved_apart_keep_their_order_and_distance_inside_the_panel(wanted: list[float]) -> None:
    places = apart(wanted, 0.1, 0.0, 1.0)
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in places)
    ordered = [places[at] for at in sorted(range(len(wanted)), key=lambda at: wanted[at])]
    assert all(after - before >= 0.1 - 1e-9 for before, after in itertools.pairwise(ordered))


def test_labels_that_do_not_touch_stay_where_they_are() -> None:
    assert apart([0.8, 0.1, 0.5], 0.1, 0, 1) == [0.8, 0.1, 0.5]


@given(st.text(max_size=60))
def test_a_strangers_words_become_one_line_of_words(words: str) -> None:
    said = literal(words)
    assert said == " ".join(said.split()) and not any(ord(letter) < 32 for letter in said)


def test_long_words_are_cut_to_their_room() -> None:
    assert width_of(shortened("Federation of Bosnia and Herzegovina", 100, 14), 14) <= 100
    lines = wrapped("a long title that has to stand on several lines of a small page", 120, 14, lines=2)
    assert len(lines) == 2 and lines[-1].endswith("…")


@pytest.mark.parametrize(
    ("times", "runs", "said"),
    [
        (0, 500, "no run"),
        (500, 500, "every run"),
        (450, 500, "nine runs of ten"),
        (90, 500, "18 of 100 runs"),
        (1, 500, "fewer than 1 of 100 runs"),
        (499, 500, "more than 99 of 100 runs"),
        (7, 12, "7 of 12 runs"),
        (11, 60, "11 of 60 runs"),
        (1, 1, "every run"),
    ],
)
def test_shares_of_runs_are_said_as_people_say_them(times: int, runs: int, said: str) -> None:
    assert runs_of(times, runs) == said


def test_numbers_are_said_as_people_say_them() -> None:
    assert (percent(0.004), percent(0), percent(0.436)) == ("<1%", "0%", "44%")
    assert (points_of(-0.001), points_of(0.526)) == ("0", "53")
    assert (fraction(0.35), fraction(0.97)) == ("a third", "nearly all")
    assert month(np.datetime64("2019-06")) == "June 2019"
    assert listed(["a", "b", "c", "d", "e"], 3) == "a, b and three others"


def test_findings_are_true_of_their_numbers() -> None:
    record = made_up_record()
    course = np.stack([record.values("course", side=bloc, country="serbia")[-1] for bloc in ("east", "west")])
    open_doors = int((course >= 0.15).all(axis=0).sum())
    assert hedging(record) == f"Serbia keeps both doors open in {runs_of(open_doors, 60)}"
    ends = {id: float(np.median(record.values("tension", country=id)[-1])) for id in record.roster.ids["country"] if id != "bosnia"}
    assert "Republika Srpska" in str(unrest(record)) and max(ends, key=lambda id: ends[id]) == "republika_srpska"
    inside = int((record.values("rung", institution="nato", country="montenegro")[-1] >= 5).sum())
    assert f"Montenegro joins NATO in {runs_of(inside, 60)}" in str(joining(record))


def test_the_answer_has_three_sentences_with_numbers() -> None:
    sentences = answer(made_up_record())
    assert len(sentences) == 3 and all(any(letter.isdigit() for letter in sentence) or "run" in sentence for sentence in sentences)
