"""Experiments: what a file varies is what the experiment holds, over its own scenario and over each arm's."""

import json
import random
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

import sim
from sim.outcomes import metrics_of, needs_of, outcome_columns, outcomes_of
from sim.record import Record
from sim.scenario.editors import json_schema_of_experiments
from sim.scenario.experiments import Experiment, experiment_of, read_experiment, read_experiment_text
from sim.scenario.factors import Design, Factor, id_of, sample_size
from sim.scenario.faults import ScenarioFaults
from sim.scenario.hashing import scenario_hash
from sim.scenario.reading import Vocabulary, read_scenario, read_text
from tests.corpus.refused_experiments import GRID, LIST, ONE, TWO_ARMS
from tests.scenario.small import SMALL, small
from tests.scenario.test_reading import BITS, files

ROOT = Path(__file__).parents[2]
SHIPPED = ("eu_consistency", "luck_and_parameters", "oil_and_outreach", "tutorial_grid", "what_matters")
KNOWN = sim.vocabulary()


def refusals(text: str, vocabulary: Vocabulary = KNOWN, folder: Path | None = None) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioFaults) as refusal:
        read_experiment_text(text, "text.yaml", vocabulary, folder)
    return [(fault.code, fault.path) for fault in refusal.value.faults]


def factor_of(keys: str, design: str = "method: grid") -> Factor:
    return read_experiment_text(f"{SMALL}design: {{{design}}}\nfactors:\n  - {{{keys}}}\n").factors[0]


# What a file says


def test_an_experiment_holds_its_scenario_its_design_and_its_factors() -> None:
    experiment = read_experiment_text(SMALL + GRID + ONE + "focus: [avala.tension.end]\nsummary: [tension]\n", "grid.yaml", KNOWN)
    assert (experiment.name, experiment.title) == ("grid", "Two powers and two countries")
    assert experiment.scenario == read_text(SMALL) and experiment.arms == {"": experiment.scenario}
    assert experiment.design == Design(method="grid")
    assert experiment.factors == (Factor(id="purse", path="powers.east.capacity", low=1, high=9, levels=5),)
    assert (experiment.focus, experiment.summary, experiment.listed) == (("avala.tension.end",), ("tension",), ())


def test_a_factor_without_an_id_is_called_by_the_last_words_of_its_path() -> None:
    assert factor_of("path: powers.east.capacity, low: 1, high: 2, levels: 2").id == "powers_east_capacity"
    assert factor_of("paths: [powers.east.war, powers.west.war], low: 0, high: 1, levels: 2").id == "powers_west_war"
    assert (
        id_of("countries.republika_srpska.dependence.russia.channels.energy") == "dependence_russia_channels_energy"[-32:].split("_", 1)[1]
    )
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,31}", id_of(path)) for path in ("", ".", "-a.-b", "x" * 200, "a." * 99))


def test_a_factor_that_says_no_span_takes_its_numbers_own_range() -> None:
    factor = factor_of("path: powers.east.capacity, levels: 3")
    assert (factor.low, factor.high) == (3, 5)
    assert factor_of("path: powers.west.capacity", "method: sobol, points: 4").span == (5, 7)
    text = SMALL + "design: {method: sobol, points: 4}\nfactors: [{path: countries.avala.hedging, way: scale}]\n"
    assert refusals(text) == [("E041", "factors[0].low"), ("E041", "factors[0].high")]


def test_every_fault_of_an_experiment_is_told_at_once() -> None:
    text = small(("agency: 1", "agncy: 1")) + GRID.replace("grid", "gird") + "  - {path: powers.east.capasity, low: 9, high: 1}\n"
    text += "arms: {con: {time: {months: 0}}}\nfocus: [1]\npwoers: {}\n"
    assert sorted(refusals(text)) == [
        ("E021", "focus[0]"),
        ("E031", "arms.con.time.months"),
        ("E031", "factors[0].low"),
        ("E040", "countries.avala.agncy"),
        ("E040", "factors[0].path"),
        ("E040", "pwoers"),
        ("E041", "countries.avala.agency"),
        ("E047", "design.method"),
        ("E051", "arms.con"),
    ]


# Arms


def test_an_arm_is_the_scenario_with_what_it_says_over_it() -> None:
    arms = read_experiment_text(SMALL + TWO_ARMS).arms
    assert list(arms) == ["as_is", "poor"] and arms["as_is"] == read_text(SMALL)
    assert arms["poor"] == read_text(SMALL + "set: {powers.east.capacity: 1}\n")


def test_dated_changes_of_an_arm_join_those_of_the_scenario() -> None:
    one, two = ("{id: one, at: 2020-02, path: drivers.gas.level, set: 1}", "{id: two, at: 2020-03, path: drivers.gas.level, set: 2}")
    text = SMALL + f"shocks: [{one}]\narms: {{a: {{}}, b: {{shocks: [{two}]}}, c: {{shocks: [{one.replace('set: 1', 'set: 9')}]}}}}\n"
    arms = read_experiment_text(text).arms
    assert [[shock.id for shock in arm.shocks] for arm in arms.values()] == [["one"], ["one", "two"], ["one"]]
    assert arms["c"].shocks[0].set != arms["a"].shocks[0].set


def test_what_an_arm_fills_in_by_usual_stays_in_that_arm() -> None:
    text = SMALL + "arms: {a: {}, b: {countries: {avala: {dependence: {west: {usual: 0.9}}}}}}\n"
    arms = read_experiment_text(text).arms
    found = {name: arm.countries["avala"].dependence["west"].channels["news"].value for name, arm in arms.items()}
    assert found == {"a": 0.3, "b": 0.9}


def test_an_arm_may_stand_on_another_scenario_under_the_experiments_own_keys(tmp_path: Path) -> None:
    files(tmp_path, base=SMALL, other=small(("agency: 1", "agency: 0.5"), ("runs: 8", "runs: 3")) + "set: {powers.east.war: 0.5}\n")
    text = "extends: base.yaml\nset: {powers.west.war: 0.25}\narms: {a: {}, b: {extends: other.yaml, set: {powers.west.capacity: 9}}}\n"
    arms = read_experiment(files(tmp_path, both=text) / "both.yaml").arms
    assert list(arms["b"].set) == ["powers.east.war", "powers.west.war", "powers.west.capacity"]
    assert arms["b"].countries["avala"].agency != arms["a"].countries["avala"].agency
    assert arms["b"].ensemble == arms["a"].ensemble


def test_arms_that_all_extend_need_no_scenario_of_the_file(tmp_path: Path) -> None:
    files(tmp_path, base=SMALL, other=small(("agency: 1", "agency: 0.5")))
    experiment = read_experiment(
        files(tmp_path, two="title: Two\narms: {a: {extends: base.yaml}, b: {extends: other.yaml}}\n") / "two.yaml"
    )
    assert experiment.title == "Two" and experiment.scenario == experiment.arms["a"]


def test_a_fault_of_the_ground_is_told_once_and_not_for_every_arm() -> None:
    assert refusals(small(("fear: 0.3", "fear: -1")) + TWO_ARMS) == [("E031", "countries.avala.fear")]


def test_an_arm_is_the_same_scenario_whatever_the_other_arms_are() -> None:
    few, many = (
        read_experiment_text(SMALL + TWO_ARMS),
        read_experiment_text(SMALL + "arms:\n  b: {set: {powers.east.war: 0.5}}\n" + TWO_ARMS[6:]),
    )
    assert scenario_hash(few.arms["poor"]) == scenario_hash(many.arms["poor"])


# Lists


def listed(folder: Path, text: str, arms: str = "") -> Experiment:
    (folder / "points.csv").write_text(text, encoding="utf-8")
    return read_experiment(files(folder, listed=SMALL + LIST + arms) / "listed.yaml")


def test_a_list_gives_a_value_a_factor_whatever_the_order_of_its_columns(tmp_path: Path) -> None:
    assert listed(tmp_path, 'fear,"purse"\n0.5, 1e1\r\n\n+.5,-0.0\n').listed == (("", (10.0, 0.5)), ("", (0.0, 0.5)))


def test_a_list_without_arms_is_tried_in_every_arm_and_one_with_arms_in_its_own(tmp_path: Path) -> None:
    assert listed(tmp_path, "purse,fear\n1,1\n2,2\n", TWO_ARMS).listed == tuple(
        (arm, point) for arm in ("as_is", "poor") for point in ((1.0, 1.0), (2.0, 2.0))
    )
    found = listed(tmp_path, "arm,purse,fear\npoor,1,1\nas_is,2,2\npoor,3,1\n", TWO_ARMS).listed
    assert found == (("as_is", (2.0, 2.0)), ("poor", (1.0, 1.0)), ("poor", (3.0, 1.0)))


# How much it is


@pytest.mark.parametrize(
    ("design", "factors", "points"),
    [
        ("method: grid", ["low: 0, high: 1, levels: 5", "values: [1, 2, 3]"], 15),
        ("method: grid", ["low: 1, high: 9, whole: true", "low: 0, high: 2, levels: 50, whole: true"], 27),
        ("method: sobol, points: 8", ["low: 0, high: 1"] * 3, 40),
        ("method: sobol, points: 8, second_order: true", ["low: 0, high: 1"] * 3, 64),
        ("method: morris, points: 5", ["low: 0, high: 1"] * 3, 20),
        ("method: one_at_a_time", ["low: 0, high: 1"] * 3, 7),
        ("method: latin_hypercube, points: 11", ["low: 0, high: 1"] * 3, 11),
    ],
)
def test_points_are_counted_without_being_made(design: str, factors: list[str], points: int) -> None:
    paths = ("drivers.gas.level", "powers.east.capacity", "powers.west.capacity")
    lines = "".join(f"  - {{path: {path}, {keys}}}\n" for path, keys in zip(paths, factors, strict=False))
    experiment = read_experiment_text(f"{SMALL}design: {{{design}}}\nfactors:\n{lines}")
    assert experiment.design is not None and sample_size(experiment.design, experiment.factors) == points


def test_ten_to_the_eighteenth_points_are_counted_without_being_made() -> None:
    factors = [Factor(path="powers.east.capacity", low=0, high=1, levels=1000)] * 6
    assert sample_size(Design(method="grid"), factors) == 10**18


# Everywhere


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_experiment_is_well_and_asks_only_for_what_it_looks_at(name: str) -> None:
    experiment = sim.read_experiment(ROOT / "experiments" / f"{name}.yaml")
    assert experiment.name == name and experiment.focus and experiment.scenario.note
    asked = {column.split(".")[1] for column in experiment.focus}
    assert asked <= set(experiment.scenario.outcomes) and len(experiment.scenario.outcomes) <= 5


def test_what_is_contested_is_varied_over_its_own_range() -> None:
    experiment = sim.read_experiment("experiments/what_matters.yaml")
    numbers = {factor.path: factor for factor in experiment.factors}
    assert len(numbers) >= 20
    capacity = experiment.scenario.powers["russia"].capacity
    assert numbers["powers.russia.capacity"].span == capacity.range and capacity.assumption


def test_an_experiment_survives_being_written_and_made_again(tmp_path: Path) -> None:
    for experiment in (
        listed(tmp_path, "purse,fear\n1,1\n", TWO_ARMS),
        read_experiment_text(SMALL + GRID + ONE, "grid.yaml", KNOWN),
        read_experiment_text(SMALL + TWO_ARMS + "focus: [avala.tension.end]\nsummary: [tension]\n", "arms.yaml", KNOWN),
    ):
        own, scenario = json.loads(json.dumps([experiment.dumped(), experiment.scenario.dumped()]))
        arms = {name: json.loads(json.dumps(arm.dumped())) for name, arm in experiment.arms.items() if name}
        assert experiment_of(own, scenario, arms) == experiment


def test_an_experiment_is_read_from_any_folder_by_the_name_it_ships_under(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert sim.read_experiment("experiments/tutorial_grid.yaml").name == "tutorial_grid"


@pytest.mark.parametrize("seed", range(4))
def test_no_damage_to_an_experiment_raises_anything_but_faults(seed: int) -> None:
    luck = random.Random(seed)
    whole = SMALL + TWO_ARMS + "design: {method: METHOD, points: 4}\nfactors:\n" + ONE.replace("purse", "a")
    whole += "  - {id: b, paths: [powers.east.war, powers.west.war], values: [0, 0.5]}\nsummary: [tension]\nfocus: [avala.tension.end]\n"
    start = whole.index("arms:")
    for _ in range(40):
        text = whole.replace("METHOD", luck.choice(["grid", "sobol", "morris", "one_at_a_time", "variance", "list", "latin_hypercube"]))
        for _ in range(luck.randint(1, 3)):
            spot = luck.choice([word for word in re.finditer(r"(?<=: )[^\s,{}\[\]]+|\w+(?=:)|\n", text) if word.start() > start])
            text = text[: spot.start()] + luck.choice(BITS) + text[spot.end() :]
        try:
            read_experiment_text(text, "damaged.yaml", KNOWN)
        except ScenarioFaults as refusal:
            assert all(fault.line and fault.column and fault.message and "Input should" not in fault.message for fault in refusal.faults)


def test_the_schema_for_editors_takes_experiments() -> None:
    schema = json_schema_of_experiments()
    assert schema["properties"].keys() >= {"design", "factors", "arms", "summary", "focus", "extends", "powers", "set"}
    (arm,) = schema["properties"]["arms"]["patternProperties"].values()
    inside = schema["$defs"][arm["$ref"].rpartition("/")[2]]["properties"]
    assert "set" in inside and "extends" in inside and not {"design", "arms", "ensemble"} & inside.keys()
    assert set(schema["$defs"]["Design"]["properties"]["method"]["enum"]) >= {"grid", "sobol", "list"}
    assert schema["$defs"]["Design"]["required"] == ["method"] and "required" not in schema["$defs"]["Factor"]
    assert json.dumps(schema)


# Outcomes


@pytest.fixture(scope="module")
def record() -> Record:
    return sim.simulate(read_scenario(ROOT / "scenarios" / "tutorial.yaml"), runs=3)


def only(record: Record, kept: Mapping[str, object], asked: str) -> Record:
    scenario = record.scenario.model_copy(update={"outcomes": [asked]})
    return Record(scenario, record.seed, record.run_ids, kept, record.status, record.error)  # type: ignore[arg-type]


def test_a_metric_is_read_off_no_more_than_it_says(record: Record) -> None:
    for name, metric in metrics_of(record.scenario).items():
        little = only(record, {variable: record.kept[variable] for variable in metric.needs}, name)
        assert outcomes_of(little).equals(outcomes_of(only(record, record.kept, name)))
        assert needs_of(little.scenario) == tuple(sorted(metric.needs))
        for variable in metric.needs:
            less = only(record, {other: record.kept[other] for other in metric.needs if other != variable}, name)
            with pytest.raises(KeyError):
                outcomes_of(less)


def test_columns_of_outcomes_are_known_without_a_run(record: Record) -> None:
    assert outcome_columns(record.scenario) == set(outcomes_of(record).columns) - {"run"}
    for name in metrics_of(record.scenario):
        asked = only(record, record.kept, name)
        assert outcome_columns(asked.scenario) == set(outcomes_of(asked).columns) - {"run"}


# The page


def test_the_page_tells_every_key_and_every_method() -> None:
    page = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
    methods = json_schema_of_experiments()["$defs"]["Design"]["properties"]["method"]["enum"]
    words = [*Factor.model_fields, *Design.model_fields, "arms", "factors", "focus", "summary", *methods]
    assert [word for word in words if f"`{word}`" not in page] == []


def test_the_first_experiment_of_the_page_is_the_shipped_one() -> None:
    page = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
    written = page.partition("```yaml\n")[2].partition("```")[0]
    shipped, shown = sim.read_experiment("experiments/tutorial_grid.yaml"), read_experiment_text(written, "tutorial_grid.yaml", KNOWN)
    assert (shown.design, shown.factors, shown.focus, shown.summary) == (shipped.design, shipped.factors, shipped.focus, shipped.summary)
    assert scenario_hash(shown.scenario) == scenario_hash(shipped.scenario)
