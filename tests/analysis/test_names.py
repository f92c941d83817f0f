"""Names: outcome columns and factors read as words, and none is left without any."""

import pytest

from sim.analysis.names import factor_spoken, factors_spoken, outcome_spoken, series_spoken, yes_no
from sim.outcomes import metrics_of, outcomes_of
from tests.charts.made_up import made_up_record, made_up_scenario

SCENARIO = made_up_scenario()


@pytest.mark.parametrize(
    ("column", "name", "brief", "said", "unit"),
    [
        ("serbia.alignment.russia.mean", "Serbia: alignment with Russia, mean", "Serbia: alignment with Russia, mean",
         "Serbia's average alignment with Russia", "points"),
        ("federation.tension.end", "Federation of Bosnia and Herzegovina: tension, at the end", "Federation: tension, at the end",
         "the Federation's final tension", "points"),
        ("serbia.influence_share.eu.end", "Serbia: influence share of the European Union, at the end",
         "Serbia: influence share of the EU, at the end", "the EU's final influence share in Serbia", "points"),
        ("serbia.opinion.us.end", "Serbia: favourable opinion of the United States, at the end",
         "Serbia: favourable opinion of the US, at the end", "Serbia's final favourable opinion of the US", "points"),
        ("serbia.eu_member.month", "Serbia: European Union membership, month of entry", "Serbia: EU membership, month of entry",
         "Serbia's EU membership", "months"),
        ("serbia.eu_member.end", "Serbia: European Union membership, at the end", "Serbia: EU membership, at the end",
         "Serbia's final EU membership", "runs of 100"),
        ("kosovo.eu_position.end", "Kosovo: European Union stage and progress within it, at the end", "Kosovo: EU position, at the end",
         "Kosovo's final EU position", "stages"),
    ],
)  # fmt: skip
def test_outcome_columns_read_as_words(column: str, name: str, brief: str, said: str, unit: str) -> None:
    found = outcome_spoken(SCENARIO, column)
    assert (found.name, found.brief, found.in_sentence, found.unit) == (name, brief, said, unit)


def test_every_outcome_of_a_record_has_words_of_its_own() -> None:
    kept = [name for name in metrics_of(SCENARIO) if name not in ("capture", "resilience")]
    record = made_up_record(SCENARIO.model_copy(update={"outcomes": kept}), runs=2)
    columns = [column for column in outcomes_of(record) if column != "run"]
    named = {outcome_spoken(SCENARIO, column).name for column in columns}
    assert len(named) == len(columns) and not any("." in name or "_" in name for name in named)


def test_columns_that_nobody_knows_keep_their_name() -> None:
    for column in ("x", "x.y", "serbia.happiness.end", "serbia.alignment.russia.most"):
        assert outcome_spoken(SCENARIO, column).name == column


def test_only_memberships_are_a_yes_or_no() -> None:
    columns = ["serbia.eu_member.end", "serbia.eu_member.month", "serbia.eu_stage.end", "serbia.tension.end", "x"]
    assert yes_no(SCENARIO, columns) == {"serbia.eu_member.end"}


@pytest.mark.parametrize(
    ("path", "name", "said"),
    [
        ("powers.eu.capacity", "European Union: capacity", "the EU's capacity"),
        ("powers.russia.skill.energy", "Russia: skill in energy", "Russia's skill in energy"),
        ("countries.serbia.dependence.russia.channels.energy", "Serbia: dependence on Russia, energy",
         "Serbia's dependence on Russia (energy)"),
        ("countries.serbia.aspiration.eu", "Serbia: aspiration to the European Union", "Serbia's aspiration to the EU"),
        ("channels.energy.half_life", "Energy supply and pipelines: half life", "half life of energy supply and pipelines"),
        ("mechanics.contest.decisiveness", "Contest: decisiveness", "decisiveness of contest"),
        ("powers.russia.stakes.serbia", "Russia: stake in Serbia", "Russia's stake in Serbia"),
        ("my_own_lever", "My own lever", "My own lever"),
        ("powers.nobody.capacity", "Nobody: capacity", "Nobody's capacity"),
    ],
)  # fmt: skip
def test_paths_of_factors_read_as_words(path: str, name: str, said: str) -> None:
    found = factor_spoken(SCENARIO, path)
    assert (found.name, found.in_sentence) == (name, said)


def test_a_name_that_an_author_gave_stands() -> None:
    found = factors_spoken(SCENARIO, {"effort": "powers.eu.capacity", "both": "both"}, {"effort": "Effort of Brussels"})
    assert found["effort"].name == found["effort"].in_sentence == "Effort of Brussels" and found["both"].name == "Both"


def test_monthly_series_read_as_words() -> None:
    found = series_spoken(SCENARIO, "alignment", "serbia", "eu")
    assert (found.name, found.brief, found.in_sentence) == (
        "Serbia: alignment with the European Union", "Serbia: alignment with the EU", "Serbia's alignment with the EU",
    )  # fmt: skip
    assert (found.unit, found.scale) == ("points", 100) and series_spoken(SCENARIO, "tension", "serbia").name == "Serbia: tension"
    assert series_spoken(SCENARIO, "course", "serbia", "self").in_sentence == "Serbia's own course"
    assert series_spoken(SCENARIO, "course", "serbia", "east").name == "Serbia: alignment with Russia"
    assert series_spoken(SCENARIO, "words", "serbia", "west").name == "Serbia: declared alignment with the West"
    assert series_spoken(SCENARIO, "tension_power", "serbia", "us").in_sentence == "Serbia's tension made by the US"
    assert series_spoken(SCENARIO, "influence_share", "serbia", "eu").in_sentence == "the EU's influence share in Serbia"
    assert series_spoken(SCENARIO, "rung", "serbia", "eu").unit == "stages"
    assert series_spoken(SCENARIO, "budget", "eu").scale == 1
