"""The inventory: everything the documents speak of lives in the model and a run shows it, or a reason says why it does not."""

from functools import cache

import numpy as np
import pytest

import sim
from sim.evidence import Row, Showing, read_seeds
from sim.outcomes import outcome_names
from sim.scenario.places import number_paths
from sim.world import VARIABLES
from tests.evidence.test_support import ROOT, scenario

SEEDS = read_seeds()
SHOWN = [row for row in SEEDS.rows if isinstance(row.shows, Showing)]
EVERY = 6  # of the rows, one in so many is run by default; the slow test runs all
MONTHS, LONG = 12, 66


def place_exists(place: str) -> bool:
    kind, _, name = place.partition(" ")
    match kind:
        case "variable":
            return name in VARIABLES
        case "outcome":
            return name in outcome_names(scenario())
        case "rule":
            return (ROOT / "sim/rules" / f"{name}.py").exists()
        case "scenario":
            return (ROOT / "scenarios" / name).exists()
        case "event":
            return name in {event.id for event in SEEDS.events}
        case "chapter" | "deeds":
            return bool(name)
        case _:
            paths = number_paths(scenario())
            return place == "not modelled" or place in paths or any(path.startswith(f"{place}.") for path in paths)


@pytest.mark.parametrize("row", SEEDS.rows, ids=lambda row: row.id)
def test_a_row_lives_where_it_says(row: Row) -> None:
    assert [place for place in row.lives if not place_exists(place)] == []


def test_no_row_is_open_without_a_reason() -> None:
    assert [row.id for row in SEEDS.rows if row.is_open] == []
    assert Row(id="x", section="actor", name="Nobody", refs=[], lives=["not modelled"]).is_open


def test_a_row_that_nothing_shows_says_why_or_what_is_to_come() -> None:
    for row in SEEDS.rows:
        coming = any(place.startswith(("chapter ", "deeds ")) for place in row.lives)
        assert row.shows or row.why or coming, row.id


def test_every_kind_of_row_is_there() -> None:
    assert {row.section for row in SEEDS.rows} == {"actor", "instrument", "event", "variable", "objective", "mechanism"}


def test_every_claim_that_tests_a_mechanism_is_one_of_the_claims() -> None:
    known = {claim.id for claim in SEEDS.claims}
    named = {
        word.strip("(),") for row in SEEDS.rows if row.section == "mechanism" for word in row.name.split() if word.strip("(),")[:1] == "T"
    }
    assert {word for word in named if word[1:].isdigit()} <= known


@cache
def worlds(name: str, changes: tuple[tuple[str, float], ...], months: int) -> tuple[object, ...]:
    start = scenario(name).with_changes(dict(changes)) if changes else scenario(name)
    model = sim.InfluenceModel(start, runs=2, rng=1)
    found = []
    for _ in range(months):
        model.step()
        found.append(model.world)
    return tuple(found)


def largest_move(row: Row) -> float:
    """How far the row's variable goes from where it would be, at most, in any month, run and country."""
    assert isinstance(row.shows, Showing)
    shows = row.shows
    months = LONG if scenario(shows.scenario).shocks and shows.scenario != shows.against and not shows.set else MONTHS
    with_it = worlds(shows.scenario, tuple(sorted({**shows.given, **shows.set}.items())), months)
    without = worlds(shows.against, tuple(sorted(shows.given.items())), months)
    variable = shows.moves
    return max(float(np.abs(getattr(a, variable) - getattr(b, variable)).max()) for a, b in zip(with_it, without, strict=True))


def moves(row: Row) -> bool:
    assert isinstance(row.shows, Showing)
    return largest_move(row) > 1e-4 * VARIABLES[row.shows.moves].scale


@pytest.mark.parametrize("row", SHOWN[::EVERY], ids=lambda row: row.id)
def test_a_row_moves_what_it_says(row: Row) -> None:
    assert moves(row)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_row_moves_what_it_says() -> None:
    assert [row.id for row in SHOWN if not moves(row)] == []
