"""Thirty bugs to plant in the engine, one at a time, to see whether a law or an engine contract catches each.

`make mutants` plants each in a copy of the package and runs the laws that should catch it until the first failure.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = ("sim", "scenarios", "seeds", "tests/laws", "tests/engine", "tests/scenario")
BESIDE = ("pyproject.toml", "tests/__init__.py", "tests/conftest.py")
AT_ONCE = 2


@dataclass(frozen=True)
class Planted:
    """A bug: where it is planted, what it replaces, what is wrong then, and which laws or contracts, by file or test, should tell."""

    name: str
    file: str
    old: str
    new: str
    wrong: str
    laws: str


# fmt: off
PLANTED: tuple[Planted, ...] = (
    Planted("one stream for all purposes", "sim/draws.py",
            'keys += [address(f"{seed}/{purpose}")]', 'keys += [address(f"{seed}")]',
            "What luck is drawn for no longer addresses it, so consent and moods share one random stream.", "engine/test_draws"),
    Planted("median instead of draw", "sim/lanes.py",
            "chances[drawn] = parameter_draws(seed, [self.addresses[row] for row in drawn], runs)", "chances[drawn] = 0.5",
            "Every uncertain number stands at its median in every run.", "engine/test_numbers"),
    Planted("bounds forgotten", "sim/lanes.py",
            "np.clip(scaled(values[row], change), *self.bounds[row])", "scaled(values[row], change)",
            "A what-if that scales a number may carry it out of its bounds.", "engine/test_numbers"),
    Planted("shock a month early", "sim/dated.py",
            "since = month - self.month", "since = month + 1 - self.month",
            "Every dated change is in force a month before its date.", "laws/test_more_dates"),
    Planted("kick twice", "sim/dated.py",
            "return float(since == 0)", "return float(0 <= since <= 1)",
            "A kick to a variable is given in its month and again in the next.", "laws/test_more_dates"),
    Planted("policies for nothing", "sim/dated.py",
            'changed["policy_cost"] = self._cost(month, world)', 'changed["policy_cost"] = 0 * self._cost(month, world)',
            "What a policy costs its power is ignored.", "laws/test_more_dates"),
    Planted("stirring unsettled", "sim/settling.py",
            "tension=home_terms(world, numbers) + total(external_terms(world, numbers)),", "tension=home_terms(world, numbers),",
            "The start balances home terms alone, so stirring from outside moves tension from the first month on.", "laws/test_more_dates"),
    Planted("habits under the what-if", "sim/model.py",
            "if scenario.set or lanes.are_changed:", "if lanes.are_changed:",
            "What powers are used to and candidates were promised is reckoned with the what-if already in it.", "laws/test_more_dates"),
    Planted("deed in force a month early", "sim/model.py",
            "self.calendar.numbers_at(self.month, self._base, self.world)",
            'self.calendar.numbers_at(self.month, self._base, replace(self.world, **{name: array for act in self.turn'
            ' if act.name == "deeds" for name, array in act.done(self).items()}))',
            "What a deed does is in force in the month in which it is decided.", "laws/test_more_dates"),
    Planted("distraction attracts", "sim/rules/resources.py",
            "n.provocation * provoked - away", "n.provocation * provoked + away",
            "Salience of another theatre draws a power's attention here.",
            "laws/test_directions::test_in_a_frozen_world_a_budget_follows_its_drivers_and_shrinks_with_what_distracts_it"),
    Planted("allies erode each other", "sim/rules/leverage.py",
            "(roster.bloc_of[roster.power_of] != bloc))", "(roster.power_of != roster.power_of[worn]))",
            "Countering channels wear down the leverage of allies as well as of rivals.", "laws/test_more_directions"),
    Planted("wrong soil", "sim/rules/leverage.py",
            "n.permits[:, None] * numbers.roster.adjacent", "n.permits[:, :, None] * numbers.roster.adjacent",
            "Two axes are exchanged: agents are staged from the country's own soil and not from its neighbours'.",
            "laws/test_more_directions"),
    Planted("reach without leverage", "sim/rules/contest.py",
            "maximum(power(mix, 1 / variety) - foothold, 0)", "maximum(power(mix, 1 / variety), 0)",
            "The foothold is not taken off again, so a power without leverage reaches everywhere.", "laws/test_more_directions"),
    Planted("wish turned round", "sim/rules/choice.py",
            "wish = np.sign(take(numbers.choice.membership, roster.power_of, 1))",
            "wish = -np.sign(take(numbers.choice.membership, roster.power_of, 1))",
            "Tools that cut both ways help the entries that their owners want to stop.", "laws/test_more_directions"),
    Planted("another's purse", "sim/rules/decision.py",
            "effort = world.budget[power] * plan", "effort = world.budget[0] * plan",
            "Every power spends the first power's budget.", "laws/test_ranges::test_what_a_power_is_granted_is_spent_or_held_back"),
    Planted("learning from failure", "sim/rules/learning.py",
            "world.belief + step", "world.belief - step",
            "A power trusts its tools less after they did better than it believed.", "laws/test_more_directions"),
    Planted("fear invites", "sim/rules/alignment.py",
            "- provocation_fear(numbers, world.leverage)", "+ provocation_fear(numbers, world.leverage)",
            "An alliance is worth more where its rivals hold military ties.", "laws/test_more_directions"),
    Planted("lean is mood", "sim/rules/leaders.py",
            'luck.normal("lean", ', 'luck.normal("mood/course", ',
            "A new leader's surprise is the random stream of the government's mood.", "laws/test_more_happenings"),
    Planted("needs ignored", "sim/rules/deeds.py",
            "1 - exp(-n.rate * on * met)", "1 - exp(-n.rate * on)",
            "A switch is thrown although what it needs is shut.", "laws/test_more_happenings"),
    Planted("coercion charms", "sim/rules/opinion.py",
            "- n.coercion * world.pressure", "+ n.coercion * world.pressure",
            "A public likes a power for the unrest it stirs.", "laws/test_more_directions"),
    Planted("a ledger dropped", "sim/rules/tension.py",
            ' + ledgers["tension_luck"] + ledgers["tension_given"]', ' + ledgers["tension_given"]',
            "What chance adds is kept in its ledger and left out of tension.",
            "laws/test_ranges::test_in_any_world_shares_sum_to_one_and_nothing_leaves_its_range"),
    Planted("the parent's autonomy", "sim/rules/resilience.py",
            "take(autonomy, entities) * apart[parent]", "autonomy[parent] * apart[parent]",
            "An entity's veto works by the autonomy of its country, which has none.", "laws/test_more_entities"),
    Planted("gate left ajar", "sim/rules/accession.py",
            'case "condition":\n            return smooth_gate(world.condition[gate.target], shut, opened)',
            'case "condition":\n            return maximum(smooth_gate(world.condition[gate.target], shut, opened), 0.02)',
            "A shut gate lets a fiftieth through.", "laws/test_more_gates"),
    Planted("membership lost", "sim/rules/accession.py",
            '"rung": world.rung + passes,', '"rung": np.asarray(where(applies | (world.unity[:, None] > 0.5), world.rung + passes, 0.0)),',
            "Members of an institution that falls out with itself are outside again.",
            "laws/test_gates::test_no_stage_that_was_reached_is_ever_lost"),
    Planted("Poisson cut off by one", "sim/rules/disputes.py",
            "range(1, int(np.max(most)) + 1)", "range(1, int(np.max(most)))",
            "The largest count is one less than what is allowed.", "laws/test_more_happenings"),
    Planted("memory grows", "sim/rules/events.py",
            "maximum(world.event_memory * left, happens)", "world.event_memory * left + happens",
            "An event that happens again is remembered more than wholly.", "laws/test_more_happenings"),
    Planted("calm without agreement", "sim/rules/linkage.py",
            "where(world.calm_left[at] > 0,", "where(world.calm_left[at] >= 0,",
            "A power restrains itself although nobody has agreed to anything.", "laws/test_more_happenings"),
    Planted("averages seen", "sim/rules/observation.py",
            "where(usual > 0, count / maximum(usual, 1e-12), 1.0)", "where(usual > 0, 1.0, 1.0)",
            "What others see is the average and not the number of acts that was drawn.", "laws/test_more_happenings"),
    Planted("effort for nothing", "sim/rules/payoff.py",
            "gains(world, numbers) - numbers.settled.reference * paid", "gains(world, numbers) + 0 * paid",
            "A month's payoff leaves out what the effort cost.", "laws/test_more_directions"),
    Planted("entities feel each other", "sim/rules/places.py",
            "where(institutional[:, None], own[:, None], take(used, entities, 1))",
            "where(institutional[:, None], own[:, None], mean[:, None])",
            "What is used in one entity is felt in its sister: the parent's mean stands in the entities' places.",
            "laws/test_more_entities"),
)
# fmt: on


def mutated(bug: Planted, text: str) -> str:
    """A file's text with the bug in it.

    Raises: LookupError, when what the bug replaces does not stand there exactly once.
    """
    if (count := text.count(bug.old)) != 1:
        raise LookupError(f"{bug.name}: {bug.file} holds {count} times, not once: {bug.old}")
    return text.replace(bug.old, bug.new)


def copied(folder: Path, bug: Planted | None) -> None:
    """A copy of the package and its laws, with a bug in it or without any."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in BESIDE:
        shutil.copy(ROOT / name, folder / name)
    if bug is not None:
        path = folder / bug.file
        path.write_text(mutated(bug, path.read_text(encoding="utf-8")), encoding="utf-8")


def failures(folder: Path, laws: Sequence[str], *flags: str) -> list[str]:
    """Names of the tests that fail in a copy.

    Raises: RuntimeError, when the tests could not be run at all.
    """
    files = [f"tests/{file}.py{mark}{test}" for file, mark, test in (law.partition("::") for law in laws)]
    command = [sys.executable, "-m", "pytest", *files, "-q", "-rf", "--tb=no", "-p", "no:cacheprovider", *flags]
    where = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": ""}
    done = subprocess.run(command, cwd=folder, env=where, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(files)} could not be run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return re.findall(r"^FAILED tests/(\S+)", done.stdout, flags=re.MULTILINE)


def failing_anyway() -> list[str]:
    """Laws that fail without any planted bug; they catch nothing."""
    with tempfile.TemporaryDirectory() as folder:
        copied(Path(folder), None)
        return failures(Path(folder), sorted({law for bug in PLANTED for law in bug.laws.split()}), "-n", str(AT_ONCE))


def catcher(bug: Planted, besides: Sequence[str]) -> str:
    """The first law or contract that fails with the bug planted; nothing when it escapes."""
    with tempfile.TemporaryDirectory() as folder:
        copied(Path(folder), bug)
        known = [f"--deselect=tests/{name}" for name in besides]
        return next(iter(failures(Path(folder), bug.laws.split(), "-x", *known)), "")


def row(bug: Planted, caught: str) -> str:
    """A line of the table: what was planted, where, what is wrong then, and who told."""
    place, _, test = caught.partition("::")
    told = f"{place.removesuffix('.py')}: {test.partition('[')[0].removeprefix('test_').replace('_', ' ')}" if caught else "**ESCAPED**"
    return f"| {bug.name} | `{bug.file.removeprefix('sim/')}` | {bug.wrong} | {told} |"


def main() -> int:
    """Plants every bug, prints who caught it, and keeps the table in docs/mutants.md when all were caught."""
    began = time.monotonic()
    for bug in PLANTED:
        mutated(bug, (ROOT / bug.file).read_text(encoding="utf-8"))
    besides = failing_anyway()
    for name in besides:
        print(f"fails without any planted bug, so it catches nothing: {name}", flush=True)
    lines = ["| planted | file | what is wrong then | caught by |", "|---|---|---|---|"]
    print("\n".join(lines), flush=True)
    caught = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for bug, test in zip(PLANTED, pool.map(lambda bug: catcher(bug, besides), PLANTED), strict=True):
            caught += bool(test)
            lines.append(row(bug, test))
            print(lines[-1], flush=True)
    told = f"{caught} of {len(PLANTED)}"
    print(f"{time.monotonic() - began:.0f} seconds", file=sys.stderr)
    print(told)
    if caught == len(PLANTED):
        page = ROOT / "docs" / "mutants.md"
        head = page.read_text(encoding="utf-8").partition("| planted |")[0]
        page.write_text(head + "\n".join(lines) + f"\n\n{told}\n", encoding="utf-8")
    return int(caught < len(PLANTED))


if __name__ == "__main__":
    sys.exit(main())
