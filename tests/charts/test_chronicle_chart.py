"""The chronicle as a chart: every entry has its mark, every mark its words, and one run told alone is the run of the ensemble."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import sim
from sim.charts import chronicle
from sim.charts.gallery import CHARTS
from sim.charts.happenings import AGAINST, CONFLICT, COOPERATION, NEITHER, POWERS, TENSION, WITH, ranks, said_of
from sim.charts.style import COLUMN, PHONE, SLIDE, Size
from sim.charts.tracks import MARKS
from sim.chronicle import Entry
from sim.record import Record
from sim.retelling import sentence
from sim.running import shortened
from sim.runs.ensemble import simulate
from sim.runs.history import chronicled, typical_run
from sim.scenario.faults import SuasionError
from tests.charts.made_up import made_up_record, made_up_scenario
from tests.charts.test_charts import boxes

ROOT = Path(__file__).parents[2]
SIZES = (SLIDE, COLUMN, PHONE)


@pytest.fixture(scope="module")
def told() -> Record:
    """Two years of the Western Balkans in eight runs, all chronicled."""
    scenario = shortened(sim.read_scenario(ROOT / "scenarios" / "western_balkans_2017.yaml"), 30)
    return simulate(scenario, 8, 3, chronicled=True)


@pytest.fixture(scope="module")
def silent(told: Record) -> Record:
    return replace(told, chronicle=(), acts_seen=())


def entries_of(record: Record, run: int) -> pd.DataFrame:
    table = chronicle.data(record, run)
    return table[table["kind"] != TENSION]


def test_the_table_has_a_row_for_every_entry_of_the_run_and_none_of_another(told: Record) -> None:
    for run in (0, 5):
        wanted = [entry for entry in told.chronicle if entry.run == run]
        found = entries_of(told, run)
        assert len(found) == len(wanted) > 0 and set(found["run"]) == {run}
        pairs = sorted((str(told.months[entry.month]), entry.kind, entry.actor, entry.recipient) for entry in wanted)
        assert sorted(zip(found["date"], found["kind"], found["actor"], found["recipient"], strict=True)) == pairs


def test_tension_in_the_table_is_that_of_the_run(told: Record) -> None:
    table = chronicle.data(told, 4)
    for lane, one in table[table["kind"] == TENSION].groupby("lane"):
        assert np.allclose(one[TENSION], told.values("tension", country=str(lane))[:, 4])
    places = {str(month): place for place, month in enumerate(told.months)}
    for row in entries_of(told, 4).itertuples():
        if row.lane != POWERS:
            assert row.tension == pytest.approx(float(told.values("tension", country=row.lane)[places[row.date], 4]))


def test_every_entry_has_a_mark_on_its_lane_and_talks_have_one_on_both(told: Record) -> None:
    found = entries_of(told, 1)
    marks = set(MARKS.values())
    drawn = sum(len(line.get_xdata()) for line in chronicle.draw(told, run=1).axes[0].lines if line.get_marker() in marks)
    lanes = set(chronicle.data(told, 1).loc[lambda table: table["kind"] == TENSION, "lane"])
    assert drawn == len(found) + found["also"].isin(lanes).sum()
    assert set(found.loc[found["kind"] == "talks", "also"]) <= {"serbia", "kosovo"}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
def test_no_two_words_of_a_real_chronicle_touch(told: Record, size: Size) -> None:
    for run in (0, 2):
        figure = chronicle.draw(told, size, run=run)
        width, height = figure.get_size_inches() * figure.dpi
        found = list(boxes(figure))
        assert not [words for words, (x0, y0, x1, y1) in found if x0 < -1 or y0 < -1 or x1 > width + 1 or y1 > height + 1]
        for place, (one, a) in enumerate(found):
            for other, b in found[place + 1 :]:
                assert min(a[2], b[2]) - max(a[0], b[0]) <= 1 or min(a[3], b[3]) - max(a[1], b[1]) <= 2, (one, other)


def test_the_most_telling_entries_are_told_with_their_causes(told: Record) -> None:
    found = entries_of(told, 0)
    causes = found[(found["rank"] <= 6) & (found["causes"] != "")]
    said = " ".join(words for words, _ in boxes(chronicle.draw(told, COLUMN, run=0)))
    assert "The most telling" in said
    for row in causes.itertuples():
        assert row.what in said and row.causes.split(" ")[0] in said


def test_what_happens_rarely_tells_more_and_leaders_and_ends_tell_least() -> None:
    entries = [
        Entry(0, 1, "event", "unrest", "here", "serbia", "PROTEST"),
        Entry(0, 2, "leader", "new leader", "serbia", "", ""),
        Entry(0, 3, "deed", "tariff ends", "kosovo", "", "SANCTION"),
        Entry(0, 4, "event", "unrest", "here", "kosovo", "PROTEST"),
        Entry(0, 5, "deed", "tariff", "kosovo", "", "SANCTION"),
        Entry(0, 6, "accession", "nato member", "nato", "montenegro", "AGREE"),
    ]
    assert ranks(entries) == [3, 6, 5, 4, 2, 1]


def test_every_class_of_the_shipped_worlds_is_conflict_cooperation_or_a_request() -> None:
    for path in sorted((ROOT / "scenarios").glob("*.yaml")):
        scenario = sim.read_scenario(path)
        classes = {each.plover for each in (*scenario.deeds.values(), *scenario.events.values())}
        assert classes <= CONFLICT | COOPERATION | {"REQUEST"}, path.name
    assert not CONFLICT & COOPERATION


def test_the_sides_of_entries_follow_their_classes(told: Record) -> None:
    found = entries_of(told, 3)
    for row in found.itertuples():
        ended = row.what.startswith("End of: ")
        assert row.side == (NEITHER if ended else AGAINST if row.plover in CONFLICT else WITH if row.plover in COOPERATION else NEITHER)


def test_causes_are_told_by_the_names_of_sides_and_powers(told: Record) -> None:
    causes = [cause for run in range(8) for cause in entries_of(told, run)["causes"] if cause]
    assert causes and not any("siding with east" in cause or "siding with west" in cause or "_" in cause for cause in causes)
    assert any("siding with Russia" in cause or "siding with the West" in cause for cause in causes)


def test_a_record_without_a_chronicle_says_so_and_is_left_out_of_the_gallery(silent: Record, told: Record) -> None:
    for size in SIZES:
        said = " ".join(words for words, _ in boxes(chronicle.draw(silent, size)))
        assert "was not taken down" in said
    chart = next(chart for chart in CHARTS if chart.name == "chronicle")
    assert not chart.concerns(silent) and chart.concerns(told)
    assert chronicle.title(silent) == "How did one history go?" and chronicle.data(silent).empty


def test_a_run_that_nobody_chronicled_is_not_invented(told: Record) -> None:
    assert chronicle.data(told, 99).empty
    assert chronicle.title(told, 99).endswith("?")


def test_one_run_taken_up_again_has_the_chronicle_it_had_in_the_ensemble(silent: Record, told: Record) -> None:
    again = chronicled(silent, 6)
    assert again.chronicle == tuple(entry for entry in told.chronicle if entry.run == 6)
    assert sorted(again.acts_seen) == sorted(act for act in told.acts_seen if act[0] == 6)
    assert {entry.run for entry in chronicled(silent).chronicle} == {typical_run(silent)}
    assert chronicle.data(again).equals(chronicle.data(told, 6))


def test_a_run_that_is_not_there_or_comes_out_otherwise_is_refused(silent: Record) -> None:
    with pytest.raises(SuasionError, match="there is no run 99 that went well among the 8"):
        chronicled(silent, 99)
    failed = replace(silent, status=("nonfinite", *silent.status[1:]))
    with pytest.raises(SuasionError, match="there is no run 0 that went well"):
        chronicled(failed, 0)
    changed = replace(silent, kept={**silent.kept, "tension": silent.kept["tension"] + np.float32(0.01)})
    with pytest.raises(SuasionError, match="run 1 comes out otherwise than before"):
        chronicled(changed, 1)


def test_the_typical_run_is_the_one_nearest_to_the_medians() -> None:
    record = made_up_record(made_up_scenario(months=12), runs=9)
    middle = {name: np.median(record.kept[name], axis=-1, keepdims=True) for name in ("tension", "course")}
    kept = dict(record.kept)
    for name, median in middle.items():
        array = kept[name].copy()
        array[..., 4] = median[..., 0]
        kept[name] = array
    assert typical_run(replace(record, kept=kept)) == 4


def test_the_title_names_who_joins_and_where_most_conflict_is(told: Record) -> None:
    title = chronicle.title(told, 0)
    assert title.startswith("One history of 8") and not title.endswith("?")
    found = entries_of(told, 0)
    often = found.loc[(found["side"] == AGAINST) & (found["lane"] != POWERS), "lane"].value_counts()
    assert told.name("country", str(often.index[0])) in title


def hostile_entries(words: str) -> Iterator[Entry]:
    yield Entry(0, 2, "leader", "new leader", "serbia", "", "")
    yield Entry(0, 3, "accession", "eu member", "eu", "kosovo", "AGREE", ((f"siding with {words}", 0.5),))
    yield Entry(0, 4, "talks", f"talks on {words} begin", "serbia", "kosovo", "CONSULT")


def test_names_of_strangers_stay_text_in_the_chronicle() -> None:
    hostile = "$\\frac{ <script>alert(1)</script> $"
    record = made_up_record(made_up_scenario(countries=["serbia", "kosovo"], months=14, names={"serbia": hostile}), runs=2)
    record = replace(record, chronicle=tuple(hostile_entries(hostile)))
    for size in SIZES:
        texts = chronicle.draw(record, size, run=0).findobj(Text)
        assert any("script" in text.get_text() for text in texts)
        assert not any(text.get_parse_math() for text in texts if "$" in text.get_text())


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("siding with west", "siding with the West"),
        ("siding with east", "siding with Russia"),
        ("siding with self", "siding with itself"),
        ("public view eu", "public view European Union"),
        ("block_of_bid", "block of bid"),
    ],
)
def test_the_told_history_calls_sides_and_powers_by_their_names(told: Record, cause: str, said: str) -> None:
    words = sentence(told, Entry(0, 1, "leader", "new leader", "serbia", "", "", ((cause, 0.7),)))
    assert words == f"Serbia has a new leader. Because: {said} 70%."


def test_an_entry_is_said_in_the_words_of_the_scenario(told: Record) -> None:
    scenario = told.scenario
    assert said_of(told, Entry(0, 1, "event", "unrest", "serbia", "serbia", "PROTEST")) == scenario.events["unrest"].name
    assert said_of(told, Entry(0, 1, "event", "coup_plot succeeds", "russia", "montenegro", "ASSAULT")).endswith(" succeeds")
    assert said_of(told, Entry(0, 1, "deed", "tariff ends", "kosovo", "", "SANCTION")) == f"End of: {scenario.deeds['tariff'].name}"
    assert said_of(told, Entry(0, 1, "accession", "nato member", "nato", "montenegro", "AGREE")) == "Joins NATO"
    assert said_of(told, Entry(0, 1, "accession", "eu candidate", "eu", "kosovo", "AGREE")) == "Candidate (EU)"
    assert said_of(told, Entry(0, 1, "talks", "deal on kosovo", "serbia", "kosovo", "AGREE")) == "Deal on Serbia and Kosovo"
