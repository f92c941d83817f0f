"""The planted bugs still fit the engine: what each replaces stands there once, and what it puts there is Python."""

import ast
from pathlib import Path

import pytest

from tests.planted import PLANTED, Planted, mutated

ROOT = Path(__file__).parents[2]
NAMES = [bug.name for bug in PLANTED]


@pytest.mark.parametrize("bug", PLANTED, ids=NAMES)
def test_what_a_planted_bug_replaces_stands_exactly_once_in_its_file(bug: Planted) -> None:
    text = (ROOT / bug.file).read_text(encoding="utf-8")
    assert text.count(bug.old) == 1, f"{bug.file} has changed: mend '{bug.name}' in tests/planted.py"
    assert ast.dump(ast.parse(mutated(bug, text))) != ast.dump(ast.parse(text))


@pytest.mark.parametrize("bug", PLANTED, ids=NAMES)
def test_who_should_catch_a_planted_bug_is_a_law_or_an_engine_contract(bug: Planted) -> None:
    for law in bug.laws.split():
        assert law.startswith(("laws/test_", "engine/test_"))
        file, _, test = law.partition("::")
        assert f"def {test}" in (ROOT / "tests" / f"{file}.py").read_text(encoding="utf-8")


def test_thirty_bugs_are_planted_and_every_rule_has_one() -> None:
    assert len(set(NAMES)) == len(PLANTED) == 30
    planted = {bug.file for bug in PLANTED}
    assert {f"sim/rules/{path.name}" for path in (ROOT / "sim" / "rules").glob("*.py") if path.name != "__init__.py"} <= planted
    assert {f"sim/{name}.py" for name in ("draws", "lanes", "dated", "settling")} <= planted


def test_a_bug_that_no_longer_fits_is_refused_loudly() -> None:
    lost = Planted("lost", "sim/draws.py", "no such text", "", "nothing", "laws/test_luck")
    with pytest.raises(LookupError, match=r"lost: sim/draws\.py holds 0 times"):
        mutated(lost, (ROOT / lost.file).read_text(encoding="utf-8"))
