"""`suasion why` as a user meets it: two folders and an outcome, one folder and an event, and words that fit neither."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from sim.cli import suasion
from tests.why.worlds import arm, boiling

OUTCOME = "avala.alignment.west.end"


def asked(*words: object) -> Result:
    return CliRunner().invoke(suasion, [str(word) for word in words])


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    home = tmp_path_factory.mktemp("why")
    arms = {
        "a": arm(4),
        "b": arm(4, ("capacity: {value: 6, range: [5, 7]", "capacity: {value: 3, range: [2, 7]")),
        "chance": arm(4, ("speed: 0.05, reach", "speed: 0.5, reach")),
        "same": arm(4, ("Two powers and two countries", "Another title")),
        "boiled": boiling(),
    }
    for name, scenario in arms.items():
        (home / f"{name}.yaml").write_text(json.dumps(scenario.dumped()), encoding="utf-8")
        seed = ["--seed", 1]
        done = asked("run", home / f"{name}.yaml", "--runs", 8, *seed, "--out", home / name, "--no-charts")
        assert done.exit_code == 0, done.output
    done = asked("run", home / "a.yaml", "--runs", 8, "--seed", 2, "--out", home / "luck", "--no-charts")
    assert done.exit_code == 0, done.output
    return {name: home / name for name in (*arms, "luck")}


def test_a_difference_is_told_in_sentences_a_table_and_a_chart(folders: dict[str, Path], tmp_path: Path) -> None:
    done = asked("why", folders["a"], folders["b"], OUTCOME, "--runs", 6, "--orders", 4, "--workers", 1, "--out", tmp_path / "why")
    assert done.exit_code == 0, done.output
    first, *_ = done.stdout.splitlines()
    assert "over 6 paired runs" in first and "Avala's final alignment with" in first
    assert "powers.west.capacity.value (6.0 against 3.0)" in done.stdout and "It is carried by" in done.stdout
    table = pd.read_csv(tmp_path / "why" / "why.csv").set_index("mechanism")
    assert table["part"].drop("whole").sum() == pytest.approx(table.loc["whole", "part"], rel=1e-4)
    assert {path.name for path in (tmp_path / "why" / "charts").iterdir()} == {"why.png", "why.svg", "why.csv"}


def test_plain_data_holds_the_parts(folders: dict[str, Path]) -> None:
    done = asked("why", folders["a"], folders["b"], OUTCOME, "--runs", 4, "--orders", 2, "--workers", 1, "--json")
    found = json.loads(done.stdout)
    assert found["runs"] == 4 and found["parts"][-1]["mechanism"] == "whole" and found["parts"][-1]["alone"] is None
    assert "powers.west.capacity.value" in [each["path"] for each in found["changes"]]


def test_a_difference_within_chance_is_told_as_such(folders: dict[str, Path]) -> None:
    done = asked("why", folders["a"], folders["chance"], OUTCOME, "--runs", 6, "--orders", 2, "--workers", 1)
    assert done.exit_code == 0, done.output
    assert "does not differ beyond chance" in done.stdout and "mechanics.opinion.speed.value (0.05 against 0.5)" in done.stdout


def test_no_difference_is_told_in_plain_words(folders: dict[str, Path]) -> None:
    done = asked("why", folders["a"], folders["same"], OUTCOME, "--runs", 4, "--workers", 1)
    assert done.exit_code == 0 and "there is no difference to explain" in done.stdout and "say the same of the world" in done.stdout


def test_an_event_is_told_as_a_chain(folders: dict[str, Path], tmp_path: Path) -> None:
    done = asked("why", folders["boiled"], "--run", 5, "--event", "march", "--out", tmp_path / "chain")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0].startswith("In May 2020 there was 'March on parliament' in Avala.") and lines[1].startswith("  In April 2020")
    assert "tension.avala" in done.stdout and (tmp_path / "chain" / "why.csv").exists()
    plain = json.loads(asked("why", folders["boiled"], "--run", 5, "--event", "march", "--json").stdout)
    assert plain["links"][0]["behind"][0]["what"] == "leak.avala"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("a", "b"), "say either two folders and an outcome"),
        (("a", "b", "avala.alignment.wst.end"), "did you mean avala.alignment.west.end?"),
        (("a", "luck", OUTCOME), "make one of them anew with --seed 1"),
        (("a", "b", OUTCOME, "--runs", "9"), "share 8 runs"),
        (("boiled", "--event", "march"), "no --run"),
        (("boiled", "--event", "march", "--run", "8"), "from 0 to 7"),
        (("boiled", "--event", "march", "--run", "5", "--at", "2020-02"), "did not happen in run 5 in February 2020; it did in 2020-05"),
        (("boiled", "--event", "march", "--run", "5", "--at", "2031-02"), "2020-01 to 2020-08"),
        (("boiled", "--event", "mrch", "--run", "5"), "did you mean march?"),
        (("boiled", "--event", "march", "--run", "5", "--orders", "9"), "--runs and --orders go with a difference"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_what_to_ask_instead(folders: dict[str, Path], words: tuple[str, ...], said: str) -> None:
    done = asked("why", *(folders.get(word, word) for word in words))
    assert done.exit_code == 2 and said in done.output


def test_a_folder_that_cannot_be_made_is_told_before_the_work(folders: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = asked("why", folders["a"], folders["b"], OUTCOME, "--out", tmp_path / "file/here")
    assert done.exit_code == 5 and "file is a file" in done.output and "alignment" not in done.output


def test_runs_that_come_out_otherwise_than_the_folder_has_them_are_refused(folders: dict[str, Path]) -> None:
    manifest = folders["same"] / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    changed = json.loads(text)
    changed["identity"]["scenario"]["mechanics"]["opinion"]["speed"]["value"] = 0.4
    manifest.write_text(json.dumps(changed), encoding="utf-8")
    done = asked("why", folders["a"], folders["same"], OUTCOME, "--runs", 4, "--orders", 2, "--workers", 1)
    manifest.write_text(text, encoding="utf-8")
    assert done.exit_code == 2 and "comes out otherwise than before" in done.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"files": 3}, "holds no finished simulation"),
        ({"runs": True}, "has a manifest that does not say what was simulated"),
        ({"identity": {"seed": None}}, "has a manifest that does not say what was simulated"),
        ({"identity": {"scenario": {"powers": {"x": 3}}}}, "holds a scenario that this program cannot read (schema)"),
        ({"identity": {"scenario": 3}}, "holds a scenario that this program cannot read (scenario)"),
    ],
)
def test_a_manifest_that_somebody_changed_is_refused_in_words(
    folders: dict[str, Path], tmp_path: Path, change: dict[str, object], said: str
) -> None:
    path = shutil.copytree(folders["a"], tmp_path / "a") / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for key, value in change.items():
        manifest[key] = manifest[key] | value if isinstance(value, dict) else value
    path.write_text(json.dumps(manifest), encoding="utf-8")
    done = asked("why", tmp_path / "a", folders["b"], OUTCOME)
    assert done.exit_code == 2 and said in done.stderr and "Traceback" not in done.stderr
