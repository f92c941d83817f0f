"""Reading: what a file says is what the scenario holds, alone or over the files that it extends."""

import os
import random
import re
from pathlib import Path

import pytest

from sim.scenario import layers
from sim.scenario.faults import ScenarioFaults
from sim.scenario.hashing import scenario_hash
from sim.scenario.places import bounds_at, number_paths
from sim.scenario.reading import Vocabulary, read_plain, read_scenario, read_text
from sim.scenario.schema import Scenario
from tests.scenario.small import SMALL, small

ROOT = Path(__file__).parents[2]
ENTITIES = small(
    ("name: Avala\n", "name: Avala\n    part_of: whole\n    autonomy: 0.5\n    veto: 0.5\n"),
    ("    aspiration: {union: 0.6}\n    membership: {union: {stage: applicant, progress: 0.2}}\n", ""),
    (
        "countries:\n",
        "countries:\n  whole: {name: Whole, aspiration: {union: 0.6}, membership: {union: {stage: applicant, progress: 0.2}}}\n",
    ),
)


def refusals(text: str, **keywords: object) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioFaults) as refusal:
        read_text(text, **keywords)  # type: ignore[arg-type]
    return [(fault.code, fault.path) for fault in refusal.value.faults]


def files(folder: Path, /, **texts: str) -> Path:
    for name, text in texts.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_number_is_what_the_file_says() -> None:
    scenario = read_text(SMALL)
    assert scenario.powers["east"].capacity.triangular == (3, 4, 5)
    assert scenario.powers["east"].capacity.evidence == ("A1",)
    assert scenario.powers["west"].capacity.form == ("triangular", (5, 6, 7))
    assert scenario.mechanics.contest.variety.value == 0.667


def test_a_dependence_holds_for_every_channel() -> None:
    east = read_text(SMALL).countries["avala"].dependence["east"]
    assert {channel: number.value for channel, number in east.channels.items()} == {"trade": 0.6, "news": 0.4, "covert": 0.4}


def test_every_fault_of_a_file_is_told_at_once() -> None:
    text = small(
        ("agency: 1", "agncy: 1"), ("literacy: 0.4", "literacy: 4"), ("country: avala", "country: alava"), ("months: 24", "months: 0")
    )
    assert [code for code, _ in refusals(text)] == ["E031", "E041", "E040", "E031", "E047"]


def test_an_entity_states_what_its_country_leaves_to_it() -> None:
    whole = read_text(ENTITIES).countries["whole"]
    assert whole.population is None and whole.membership["union"].stage == "applicant"
    assert refusals(ENTITIES.replace("{name: Whole,", "{name: Whole, population: 7,")) == [("E040", "countries.whole.population")]
    assert refusals(ENTITIES.replace("    veto: 0.5\n", "")) == [("E041", "countries.avala.veto")]
    standing = "    veto: 0.5\n    membership: {union: {stage: member, progress: 0}}\n"
    assert refusals(ENTITIES.replace("    veto: 0.5\n", standing)) == [("E040", "countries.avala.membership")]


def test_an_unknown_outcome_is_refused_where_the_vocabulary_is_given() -> None:
    text = SMALL + "outcomes: [alignment, happiness]\n"
    assert read_text(text).outcomes == ["alignment", "happiness"]
    assert refusals(text, vocabulary=Vocabulary(outcomes=lambda _: frozenset({"alignment"}))) == [("E040", "outcomes[1]")]


def test_bare_numbers_distributions_and_factors_may_change_a_number() -> None:
    changes = read_text(
        SMALL
        + "set: {drivers.gas.level: 5, countries.avala.fear: {uniform: [0, 1]}, powers.east.war: {scale: 2}, powers.west.war: {add: 1}}\n"
    ).set
    assert changes["drivers.gas.level"].to is not None and changes["drivers.gas.level"].to.value == 5
    assert changes["countries.avala.fear"].to is not None and changes["countries.avala.fear"].to.uniform == (0, 1)
    assert (changes["powers.east.war"].scale, changes["powers.west.war"].add) == (2, 1)


def test_every_number_has_a_path_with_bounds() -> None:
    numbers = number_paths(read_text(SMALL + "set: {drivers.gas.level: 5}\n"))
    for path in (
        "powers.east.capacity",
        "channels.trade.effects.leverage",
        "channels.trade.effects.accession.union",
        "mechanics.tension.speed",
    ):
        assert path in numbers
    assert "institutions.union.stages.candidate.months" in numbers and "countries.brda.dependence.east.channels.news" in numbers
    assert "channels.news.effects.accession.union" not in numbers and "countries.brda.dependence.east.usual" not in numbers
    for path, number in numbers.items():
        bounds, (low, high) = bounds_at(path), number.reach
        assert bounds.low <= low <= high <= bounds.high
    assert (bounds_at("countries.x.hedging").low, bounds_at("countries.x.hedging").unit) == (0.05, "value per nat")


@pytest.mark.parametrize("path", ["time.months", "powers.east", "powers.east.name", "shocks", "set.powers.east.war", "nowhere", ""])
def test_what_is_no_number_has_no_bounds(path: str) -> None:
    with pytest.raises(KeyError):
        bounds_at(path)


def test_a_scenario_survives_being_written_and_read_again() -> None:
    scenario = read_text(ENTITIES)
    again = Scenario.model_validate(scenario.dumped())
    assert again == scenario and scenario_hash(again) == scenario_hash(scenario)


def test_order_comments_and_quotes_do_not_change_the_hash() -> None:
    sections = re.split(r"(?m)^(?=\w)", SMALL)
    other = "# A comment\n" + "".join(reversed(sections))
    other = other.replace("bloc: eastern", "bloc: 'eastern'").replace("stakes: {avala: 1, brda: 0.6}", "stakes: {brda: 0.60, avala: 1.0}")
    assert scenario_hash(read_text(other)) == scenario_hash(read_text(SMALL))


@pytest.mark.parametrize(
    ("old", "new"),
    [("fear: 0.3", "fear: 0.31"), ("months: 24", "months: 25"), ("two_way: false", "two_way: true"), ("[3, 4, 5]", "[3, 4, 6]")],
)
def test_what_changes_a_result_changes_the_hash(old: str, new: str) -> None:
    assert scenario_hash(read_text(small((old, new)))) != scenario_hash(read_text(SMALL))


def test_another_order_of_stages_is_another_ladder() -> None:
    first, second = (
        "      outside: {name: Outside, months: 6, consent: 1}\n",
        "      applicant: {name: Applicant, months: 24, consent: 0.9}\n",
    )
    assert scenario_hash(read_text(small((first + second, second + first)))) != scenario_hash(read_text(SMALL))


# Over other files


def test_a_file_changes_only_what_it_says(tmp_path: Path) -> None:
    child = "extends: worlds/base.yaml\ntitle: Another\ncountries: {avala: {hedging: 0.7}}\ninstitutions: {union: {value: 0.5}}\n"
    scenario = read_scenario(files(tmp_path, child=child, worlds__base=SMALL) / "child.yaml")
    base = read_text(SMALL)
    assert scenario.title == "Another" and scenario.institutions["union"].unity == base.institutions["union"].unity
    assert scenario.countries["avala"].hedging is not None and scenario.countries["avala"].hedging.form == ("fixed", (0.7,))
    assert scenario.countries["brda"] == base.countries["brda"]


def test_a_number_is_replaced_whole(tmp_path: Path) -> None:
    child = "extends: base.yaml\npowers: {west: {capacity: {value: 8}}, east: {capacity: {uniform: [1, 2]}}}\n"
    scenario = read_scenario(files(tmp_path, child=child, base=SMALL) / "child.yaml")
    assert scenario.powers["west"].capacity.assumption is None
    assert scenario.powers["east"].capacity.form == ("uniform", (1, 2))


def test_dated_changes_are_added_and_replaced_by_id(tmp_path: Path) -> None:
    one = "{id: one, at: 2020-02, path: drivers.gas.level, set: 1}"
    base = SMALL + f"shocks: [{one}, {one.replace('one', 'two')}]\n".replace("id: two, at: 2020-02", "id: two, at: 2020-03")
    two = "{id: two, at: 2020-05, path: drivers.gas.level, set: 9}"
    child = f"extends: base.yaml\nshocks: [{two}, {{id: six, at: 2020-06, path: drivers.gas.level, add: 1}}]\n"
    shocks = read_scenario(files(tmp_path, child=child, base=base) / "child.yaml").shocks
    assert [(shock.id, shock.at) for shock in shocks] == [("one", "2020-02"), ("two", "2020-05"), ("six", "2020-06")]


def test_what_ifs_are_replaced_whole(tmp_path: Path) -> None:
    base = SMALL + "set: {drivers.gas.level: {scale: 2}, powers.east.war: 1}\n"
    changes = read_scenario(files(tmp_path, child="extends: base.yaml\nset: {drivers.gas.level: {add: 1}}\n", base=base) / "child.yaml").set
    assert (changes["drivers.gas.level"].add, changes["drivers.gas.level"].scale, len(changes)) == (1, None, 2)


def test_a_path_in_extends_starts_at_the_file_that_names_it(tmp_path: Path) -> None:
    folder = files(tmp_path, child="extends: worlds/middle.yaml\n", worlds__middle="extends: base.yaml\n", worlds__base=SMALL)
    assert read_scenario(folder / "child.yaml").title == "Two powers and two countries"


def test_a_fault_names_the_file_it_is_in(tmp_path: Path) -> None:
    folder = files(tmp_path, child="extends: worlds/base.yaml\ntitel: x\n", worlds__base=small(("fear: 0.3", "fear: -1")))
    with pytest.raises(ScenarioFaults) as refusal:
        read_scenario(folder / "child.yaml")
    assert {(Path(fault.file).name, fault.code) for fault in refusal.value.faults} == {("child.yaml", "E040"), ("base.yaml", "E031")}
    assert "worlds/base.yaml has 1 fault" in str(refusal.value)


def test_a_file_that_extends_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioFaults, match=r"1:10  extends  the file extends itself \[E061\]"):
        read_scenario(files(tmp_path, a="extends: a.yaml\n" + SMALL) / "a.yaml")


def test_files_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioFaults, match=r"in a ring: a\.yaml -> b\.yaml -> a\.yaml \[E061\]"):
        read_scenario(files(tmp_path, a="extends: b.yaml\n", b="extends: a.yaml\n") / "a.yaml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in its file system")
@pytest.mark.timeout(5)
def test_nothing_outside_the_folder_or_other_than_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("password: hunter\n")
    folder = files(
        tmp_path / "own",
        link="extends: linked.yaml\n",
        pipe="extends: fifo.yaml\n",
        folder="extends: deep.yaml\n",
        ring="extends: loop.yaml\n",
    )
    (folder / "linked.yaml").symlink_to(tmp_path / "secret.yaml")
    os.mkfifo(folder / "fifo.yaml")
    (folder / "deep.yaml").mkdir()
    (folder / "loop.yaml").symlink_to(folder / "loop.yaml")
    for name in ("link", "pipe", "folder", "ring"):
        with pytest.raises(ScenarioFaults) as refusal:
            read_scenario(folder / f"{name}.yaml")
        assert [fault.code for fault in refusal.value.faults] == ["E060"]
        assert "hunter" not in str(refusal.value)


def test_worlds_that_come_with_the_program_are_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = files(tmp_path / "shipped", worlds__base="extends: laws.yaml\n" + SMALL.partition("mechanics:")[0])
    files(shipped, worlds__laws="mechanics:" + SMALL.partition("mechanics:")[2])
    monkeypatch.setattr(layers, "shipped_folder", lambda: shipped)
    own = files(tmp_path / "elsewhere", child="extends: worlds/base.yaml\ntitle: Mine\n")
    assert read_scenario(own / "child.yaml").title == "Mine"
    assert read_text("extends: worlds/base.yaml\n").title == "Two powers and two countries"


def test_other_yaml_is_read_as_strictly(tmp_path: Path) -> None:
    folder = files(tmp_path, good="a: [1, x, {b: 0.5}]\n", bad="a: 1\na: 2\n")
    assert read_plain(folder / "good.yaml") == {"a": [1, "x", {"b": 0.5}]}
    with pytest.raises(ScenarioFaults, match="E010"):
        read_plain(folder / "bad.yaml")


def test_a_missing_file_is_a_fault_and_no_traceback(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", "a\0b", "x" * 5000):
        with pytest.raises(ScenarioFaults):
            read_scenario(path)


BITS = [
    "~",
    "null",
    "[]",
    "{}",
    "[1,2]",
    "{a: 1}",
    "NO",
    "yes",
    "1e3",
    "012",
    "12:30",
    ".nan",
    "-1",
    "1e999",
    '"x"',
    "&a",
    "*a",
    "!!x",
    "<<",
]
BITS += [
    "? ",
    ": ",
    "- ",
    "'",
    '"',
    "[",
    "]",
    "{",
    "}",
    "|",
    ">",
    "%",
    "@",
    "`",
    "true",
    "=",
    "#",
    ",",
    '"\\ud800"',
    '"\\e"',
    "",
    "value",
    "set",
]


@pytest.mark.parametrize("seed", range(4))
def test_no_damage_to_a_file_raises_anything_but_faults(seed: int) -> None:
    luck = random.Random(seed)
    for _ in range(60):
        text = SMALL + "shocks:\n  - {id: a, at: 2020-03, path: drivers.gas.level, scale: 0.5, shape: {decay: 9}}\n"
        for _ in range(luck.randint(1, 3)):
            words = list(re.finditer(r"(?<=: )[^\s,{}\[\]]+|\w+(?=:)|\n", text))
            spot = luck.choice(words)
            text = text[: spot.start()] + luck.choice(BITS) + text[spot.end() :]
        try:
            read_text(text)
        except ScenarioFaults as refusal:
            assert all(fault.line and fault.column and fault.message and "Input should" not in fault.message for fault in refusal.faults)
