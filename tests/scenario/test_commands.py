"""The commands check, new and schema, as a user meets them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

import sim
from sim.cli import suasion
from sim.scenario.editors import json_schema
from sim.scenario.reading import read_scenario
from sim.scenario.starter import STARTER
from tests.scenario.small import SMALL

ROOT = Path(__file__).parents[2]


def program(*words: str, **keywords: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-m", "sim", *words], capture_output=True, text=True, env=environment, timeout=60, **keywords)  # type: ignore[call-overload, no-any-return]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "well.yaml").write_text(SMALL)
    (tmp_path / "bad.yaml").write_text(SMALL.replace("agency: 1", "agncy: 1"))
    return tmp_path


def test_a_well_file_is_counted(folder: Path) -> None:
    result = CliRunner().invoke(suasion, ["check", "well.yaml"])
    assert (result.exit_code, result.stdout) == (0, "well.yaml: well, 2 powers, 2 countries, 3 channels, 8 runs, 24 months\n")
    assert "[W001]" in result.stderr


def test_every_file_is_checked_and_one_fault_is_enough(folder: Path) -> None:
    result = CliRunner().invoke(suasion, ["check", "bad.yaml", "none.yaml", "well.yaml"])
    assert result.exit_code == 2
    assert "bad.yaml has 2 faults" in result.stderr and "none.yaml has 1 fault" in result.stderr and "well.yaml: well" in result.stdout
    assert "Traceback" not in result.output


def test_a_started_scenario_is_well(folder: Path) -> None:
    assert CliRunner().invoke(suasion, ["new", "gas_crisis"]).exit_code == 0
    assert read_scenario("gas_crisis.yaml").title == "gas crisis"
    again = CliRunner().invoke(suasion, ["new", "gas_crisis"])
    assert again.exit_code == 2 and "is there already" in again.stderr


def test_what_a_started_scenario_shows_in_comments_is_well_too(folder: Path) -> None:
    lines = [
        line.removeprefix("# ") if line.startswith(("# set:", "# shocks:", "# policies:", "#   ")) else line
        for line in STARTER.splitlines()
    ]
    (folder / "shown.yaml").write_text("\n".join(lines))
    shown = read_scenario("shown.yaml")
    assert len(shown.set) == 2 and len(shown.shocks) == 1 and len(shown.policies) == 1


@pytest.mark.parametrize("name", ["../evil", "a/b", "x.yaml", "", "a b", "x" * 40])
def test_a_name_is_plain(folder: Path, name: str) -> None:
    assert CliRunner().invoke(suasion, ["new", name]).exit_code == 2
    assert sorted(path.name for path in folder.iterdir()) == ["bad.yaml", "well.yaml"]


def test_the_schema_for_editors_takes_numbers_bare_or_with_support(folder: Path) -> None:
    assert CliRunner().invoke(suasion, ["schema", "--out", "schema.json"]).exit_code == 0
    schema = json.loads((folder / "schema.json").read_text())
    assert schema == json_schema()
    assert {"type": "number"} in schema["$defs"]["Quantity"]["anyOf"]
    literacy = schema["$defs"]["Country"]["properties"]["literacy"]
    assert (literacy["$ref"], literacy["minimum"], literacy["maximum"]) == ("#/$defs/Quantity", 0, 1)
    assert schema["properties"].keys() >= set(yaml.safe_load(SMALL)) | {"extends"}


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(suasion, ["--version"]).stdout == f"suasion {sim.__version__}\n"


@pytest.mark.parametrize("command", ["check", "new", "schema"])
def test_every_help_has_an_example(command: str) -> None:
    result = CliRunner().invoke(suasion, [command, "--help"])
    assert f"suasion {command}" in result.stdout.partition("Example:")[2]


def test_help_and_checks_import_nothing_heavy() -> None:
    script = (
        "import sys\nfrom click.testing import CliRunner\nfrom sim.cli import suasion\n"
        "CliRunner().invoke(suasion, ['--help'])\nassert not {'pydantic', 'yaml', 'numpy'} & set(sys.modules)\n"
        "assert CliRunner().invoke(suasion, ['check', 'scenarios/western_balkans_2017.yaml']).exit_code == 0\n"
        "assert not {'scipy', 'mesa', 'pandas', 'matplotlib', 'pyarrow'} & set(sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60).stderr == ""


def test_a_fault_leaves_with_two_and_without_a_traceback(folder: Path) -> None:
    done = program("check", "bad.yaml", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean agency?" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="needs a shell with pipes")
def test_a_closed_pipe_is_quiet() -> None:
    command = f"'{sys.executable}' -m sim schema | head -c 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert (done.stdout, done.stderr) == ("{", "")
    done = subprocess.run(["sh", "-c", f"'{sys.executable}' -m sim schema >&-"], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert "Traceback" not in done.stderr
