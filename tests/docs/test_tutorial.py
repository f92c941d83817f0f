"""The tutorial shows the whole of its scenario, so the two cannot drift apart."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE = (ROOT / "scenarios" / "tutorial.yaml").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def test_the_tutorial_quotes_every_line_of_its_scenario_in_order_and_no_other() -> None:
    quoted = [line for piece in re.findall(r"^```yaml\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE) for line in lines(piece)]
    assert quoted == lines(FILE)


def test_every_command_of_the_tutorial_runs_its_scenario() -> None:
    commands = re.findall(r"^suasion run (\S+)", PAGE, flags=re.MULTILINE)
    assert len(commands) == 4
    assert set(commands) == {"scenarios/tutorial.yaml"}
