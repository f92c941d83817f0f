"""The scenario files do what they say, and the default looks like the region."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from sim.record import Record
from sim.runs.ensemble import simulate
from tests.mechanisms.arms import DEFAULT, Array, assert_falls, assert_falls_on_average, assert_rises, scenario_of

RUNS, SEED = 64, 1
COUNTRIES = tuple(scenario_of().countries)
LEAST_RUSSIAN = ("croatia", "kosovo", "federation", "albania")
# 2018-12, 2019-12, 2020-03 and 2022-02, counted from January 2017.
END_OF_2018, END_OF_2019, SPRING_OF_2020, INVASION = 23, 35, 38, 61


@cache
def record(file: str = DEFAULT, russia: float = 1) -> Record:
    """An ensemble of a scenario file, Russia's capacity scaled."""
    scenario = scenario_of(file, None)
    return simulate(
        scenario if russia == 1 else scenario.with_changes({"powers.russia.capacity": {"scale": russia}}), RUNS, SEED, workers=1
    )


def held_by_russia(of: Record, country: str) -> Array:
    """Mean influence share of Russia over all months. Shape: (run)."""
    return of.values("influence_share", power="russia", country=country).mean(axis=0).astype(np.float64)


def position(of: Record, country: str, club: str = "eu") -> Array:
    """Where a country stands on a ladder at the end. Shape: (run)."""
    return of.position(club, country)[-1].astype(np.float64)


def entry(of: Record, country: str, club: str) -> Array:
    """Month of entry, the month after the last when never. Shape: (run)."""
    inside = of.values("rung", institution=club, country=country) >= len(of.scenario.institutions[club].stages) - 1
    return np.where(inside.any(axis=0), inside.argmax(axis=0), len(inside)).astype(np.float64)


def tension(of: Record, country: str) -> Array:
    """Mean tension over all months. Shape: (run)."""
    return of.values("tension", country=country).mean(axis=0).astype(np.float64)


@pytest.mark.parametrize("country", ["serbia", "north_macedonia"])
def test_half_the_unions_effort_leaves_candidates_further_off_and_russia_stronger(country: str) -> None:
    usual, halved = record(), record("eu_outreach_halved.yaml")
    assert_falls(position(usual, country), position(halved, country), 0.02)
    assert_rises(held_by_russia(usual, country), held_by_russia(halved, country), 0.003)


def test_half_the_unions_effort_is_half_from_the_first_month() -> None:
    ratio = record("eu_outreach_halved.yaml").values("budget", power="eu") / record().values("budget", power="eu")
    assert np.all(np.abs(ratio - 0.5) < 0.06)


def test_russia_without_energy_and_media_holds_less_of_serbia() -> None:
    usual, without = record(), record("russia_without_energy_and_media.yaml")
    assert_falls(held_by_russia(usual, "serbia"), held_by_russia(without, "serbia"), 0.015)
    for channel in ("energy", "information", "social_media"):
        assert np.all(without.values("effort", instrument=f"russia.{channel}") == 0)
    kept = without.values("budget", power="russia") / usual.values("budget", power="russia")
    assert np.all(kept > 0.9), "its budget stays"


def test_the_shocks_of_2020_take_from_russias_budget_then_and_not_before() -> None:
    usual, shocked = record(), record("oil_fall_and_pandemic.yaml")
    lost = (usual.values("budget", power="russia") - shocked.values("budget", power="russia")).astype(np.float64)
    assert np.all(lost[:SPRING_OF_2020] == 0)
    assert_falls(lost[SPRING_OF_2020], lost[SPRING_OF_2020 - 1], 6)
    assert np.all(lost[SPRING_OF_2020 : SPRING_OF_2020 + 16] > 0)
    assert_falls(lost[SPRING_OF_2020], lost[-1], 6)
    for name in ("tension", "course", "effort"):
        first = 4 if name == "effort" else SPRING_OF_2020
        assert np.array_equal(usual.values(name)[:first], shocked.values(name)[:first]), "nothing differs before its date"


def test_the_pandemic_brings_a_mission_to_serbia_and_holds_up_the_talks() -> None:
    usual, shocked = record(), record("oil_fall_and_pandemic.yaml")
    span = slice(SPRING_OF_2020, SPRING_OF_2020 + 16)
    sent = [(of.values("deed", deed="aid_mission")[span] > 0.5).any(axis=0) for of in (usual, shocked)]
    assert sent[0].mean() < 0.3 and sent[1].mean() > 0.9
    talks = [of.values("talks", dispute="kosovo")[span].mean() for of in (usual, shocked)]
    assert talks[1] < talks[0] - 0.03
    settled = [of.values("normalisation", dispute="kosovo")[SPRING_OF_2020 + 16].astype(np.float64) for of in (usual, shocked)]
    assert_falls_on_average(*settled, 0.01)


def test_the_invasion_distracts_costs_russia_liking_and_brings_serbia_nearer_to_sanctions() -> None:
    before, after = record("oil_fall_and_pandemic.yaml"), record("invasion_2022.yaml")
    for name in ("tension", "course", "budget", "opinion"):
        assert np.array_equal(before.values(name)[:INVASION], after.values(name)[:INVASION]), "nothing differs before its date"
    for power, by in (("russia", 5), ("eu", 8), ("nato", 4), ("us", 6)):
        budget = [of.values("budget", power=power)[-1].astype(np.float64) for of in (before, after)]
        assert_falls(*budget, by)
    for country, by in (("serbia", 0.08), ("bulgaria", 0.04)):
        liked = [of.values("opinion", power="russia", country=country)[-1].astype(np.float64) for of in (before, after)]
        assert_falls(*liked, by)
    joined = [(of.values("deed", deed="sanctions")[INVASION:] > 0.5).any(axis=0).mean() for of in (before, after)]
    assert joined[1] > joined[0] + 0.1
    assert joined[1] < 0.6, "it still joins in a minority of histories"


def test_without_the_united_states_russia_holds_more_and_the_west_less_of_kosovo() -> None:
    usual, without = record(), record("us_absent.yaml")
    assert np.all(without.values("budget", power="us") == 0)
    for country in ("kosovo", "serbia", "north_macedonia"):
        assert_rises(held_by_russia(usual, country), held_by_russia(without, country), 0.002)
    course = [of.values("course", side="west", country="kosovo").mean(axis=0).astype(np.float64) for of in (usual, without)]
    assert_falls(*course, 0.015)


def test_the_church_law_passes_when_it_did_and_not_before() -> None:
    passed = record("church_law.yaml").values("deed", deed="church_law") > 0.5
    assert not passed[:END_OF_2019].any() and passed[END_OF_2019].all()
    assert 0 < passed[-1].mean() < 1, "then it is up to the government"


def test_gas_from_elsewhere_loosens_russias_hold_by_energy() -> None:
    early, usual = record("gas_diversification.yaml"), record()
    for country, by in (("bulgaria", 0.02), ("croatia", 0)):
        energy = [of.values("leverage", instrument="russia.energy", country=country)[-1].astype(np.float64) for of in (usual, early)]
        assert_falls(*energy, by)
    assert np.mean(begun(early, "antitrust_ruling") < 36) > 0.85
    assert_falls(held_by_russia(usual, "bulgaria"), held_by_russia(early, "bulgaria"), 0.002)


def test_a_deal_on_kosovo_is_likely_where_all_conditions_are_met() -> None:
    met, usual = (of.values("deal", dispute="kosovo")[-1].mean() for of in (record("kosovo_deal.yaml"), record()))
    assert usual < 0.2 and met > usual + 0.3


def test_an_unsteady_union_is_believed_less() -> None:
    belief = [
        of.values("credibility", institution="eu").mean(axis=0).astype(np.float64) for of in (record(), record("eu_inconsistent.yaml"))
    ]
    assert_falls(*belief, 0.02)


def test_the_readings_differ_in_how_much_unrest_is_russias() -> None:
    files = ("rival_reading.yaml", DEFAULT, "dangerous_reading.yaml")
    for country in ("serbia", "montenegro", "republika_srpska"):
        made = [record(file).values("tension_power", power="russia", country=country).mean(axis=0).astype(np.float64) for file in files]
        assert_rises(made[0], made[1], 0.04)
        assert_rises(made[1], made[2], 0.02)


def test_the_arsonist_wins_concessions() -> None:
    won = [
        record(file).values("concessions", linkage="ukraine")[-1].astype(np.float64)
        for file in ("arsonist_and_fireman.yaml", "invasion_2022.yaml")
    ]
    assert_falls_on_average(*won, 0.1)


@pytest.mark.parametrize("file", ["western_balkans_2008.yaml", "moldova_caucasus.yaml"])
def test_another_time_and_another_region_run(file: str) -> None:
    found = simulate(scenario_of(file, None), 16, SEED, workers=1)
    for name in ("tension", "course", "opinion", "resilience"):
        values = found.values(name)
        assert np.all((values >= 0) & (values <= 1)) and values[-1].std() > 0.01, name


@pytest.mark.parametrize(
    ("file", "instrument"), [("us_absent.yaml", "us.diplomacy"), ("russia_without_energy_and_media.yaml", "russia.energy")]
)
def test_a_what_if_is_a_world_in_which_it_has_always_been_so(file: str, instrument: str) -> None:
    usual, without = (of.values("leverage", instrument=instrument, country="serbia").mean(axis=-1) for of in (record(), record(file)))
    assert without[0] < 0.5 * usual[0]
    assert abs(without[-1] - without[0]) < 0.05


def test_russia_holds_most_of_the_serb_entity_and_serbia() -> None:
    held = {country: held_by_russia(record(), country).mean() for country in COUNTRIES}
    order = sorted(held, key=lambda country: -held[country])
    assert set(order[:2]) == {"republika_srpska", "serbia"}, order
    assert set(order[-4:]) == set(LEAST_RUSSIAN), order
    for country in ("republika_srpska", "serbia"):
        for least in LEAST_RUSSIAN:
            assert np.mean(held_by_russia(record(), country) > held_by_russia(record(), least)) > 0.95


def test_serbia_never_joins_the_alliance() -> None:
    rung = record().values("rung", institution="nato", country="serbia")
    assert np.all(rung == rung[0])
    assert rung[0, 0] < 5


def test_montenegro_is_in_the_alliance_by_the_end_of_2018_and_rarely_in_the_union_by_2025() -> None:
    assert np.mean(entry(record(), "montenegro", "nato") <= END_OF_2018) > 0.9
    assert np.mean(entry(record(), "montenegro", "eu") < 108) < 0.1


def begun(of: Record, deed: str) -> Array:
    """Month in which a deed is first done, the month after the last when never. Shape: (run)."""
    done = of.values("deed", deed=deed) > 0.5
    return np.where(done.any(axis=0), done.argmax(axis=0), len(done)).astype(np.float64)


def test_north_macedonia_waits_for_its_name() -> None:
    named, inside = begun(record(), "renaming"), entry(record(), "north_macedonia", "nato")
    assert 12 < np.median(named) < 36 and named.std() > 6, "in the middle history it takes about two years, as it did"
    assert np.all(inside[inside < 108] > named[inside < 108])
    assert np.mean(inside < 108) > 0.85


def share_that_did(deed: str, month: int) -> float:
    """Share of histories in which a deed is done before a month."""
    return float(np.mean(begun(record(), deed) < month))


def spell(deed: str) -> float:
    """How long a deed lasts once it is done. Units: months."""
    done = record().values("deed", deed=deed) > 0.5
    return float(done.sum() / (np.sum(done[1:] & ~done[:-1]) + done[0].sum()))


def degree(deed: str, month: int) -> float:
    """How far a dial is turned on average."""
    return float(record().values("deed", deed=deed)[month].mean())


@pytest.mark.parametrize(
    ("found", "low", "high"),
    [
        pytest.param(lambda: (record().values("deed", deed="refusal") > 0.5).argmin(axis=0).mean(), 2, 9, id="refusal ends in half a year"),
        pytest.param(lambda: share_that_did("block_of_bid", 42), 0.5, 1, id="the middle history blocks a bid"),
        pytest.param(lambda: spell("tariff"), 12, 30, id="a tariff lasts a year or two"),
        pytest.param(lambda: share_that_did("church_law", 36), 0.35, 0.65, id="half have a church law by 2020"),
        pytest.param(lambda: degree("gas_diversification", 35), 0.28, 0.4, id="a third of the gas is replaced by 2020"),
        pytest.param(lambda: np.median(begun(record(), "antitrust_ruling")), 18, 40, id="the case ends within three years"),
        pytest.param(lambda: degree("site", -1), 0.25, 0.35, id="the site stays where it is"),
        pytest.param(lambda: share_that_did("sanctions", 108), 0, 0.25, id="sanctions stay rare"),
        pytest.param(lambda: degree("partnership_step", -1), 0.35, 0.5, id="the partnership stays where it is"),
        pytest.param(lambda: share_that_did("french_veto", 108), 0.6, 1, id="the veto comes in most histories"),
        pytest.param(lambda: spell("french_veto"), 8, 18, id="the veto lasts about a year"),
        pytest.param(lambda: share_that_did("aid_mission", 108), 0, 0.2, id="a mission comes only in an emergency"),
        pytest.param(lambda: share_that_did("referendum", 108), 0.05, 0.5, id="a referendum in a minority of histories"),
    ],
)
def test_deeds_come_as_their_notes_say(found: Callable[[], float], low: float, high: float) -> None:
    assert low <= found() <= high, found()


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_fan_of_tension_is_neither_flat_nor_saturated(country: str) -> None:
    low, high = np.quantile(record().values("tension", country=country)[-1], [0.05, 0.95])
    assert 0.05 < high - low < 0.6, (low, high)
    assert low > 0.02 and high < 0.95, (low, high)


def test_entry_dates_tension_and_alignment_hang_on_russias_capacity() -> None:
    none, usual, treble = (record(russia=scale) for scale in (0, 1, 3))
    dates = [entry(of, "north_macedonia", "nato") for of in (none, usual, treble)]
    assert_later_on_average(dates[0], dates[1], 2)
    assert_later_on_average(dates[1], dates[2], 2)
    for country in ("serbia", "montenegro", "north_macedonia", "republika_srpska"):
        heat = [tension(of, country) for of in (none, usual, treble)]
        assert_rises(heat[0], heat[1], 0.03)
        assert_rises(heat[1], heat[2], 0.015)
        east = [of.values("course", side="east", country=country).mean(axis=0).astype(np.float64) for of in (none, usual, treble)]
        assert_rises(east[0], east[1], 0.002)
        assert_rises(east[1], east[2], 0.005)


def assert_later_on_average(before: Array, after: Array, by: float) -> None:
    """Dates move in jumps, so many runs stand still: on average they come later, clearly beyond chance."""
    change = after - before
    error = change.std(ddof=1) / np.sqrt(len(change))
    assert change.mean() >= max(by, 4 * error), (change.mean(), error)
    assert np.mean(change >= 0) > 0.9
