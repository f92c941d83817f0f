"""The fault matrix: every fault injected for real by the tests in tests/faults, and what became of it, fault by fault.

`make faults` runs the tests and prints the table: the fault's number, what is done, whether its tests passed, seconds; and beside the
first six what other tools do, as benchmarks/peers.py last measured it. Numbers without a test are named. The program leaves with 1 where
a test failed or a fault has none. `--quick` leaves out tests that take minutes; `--write` keeps the table in docs/faults.md.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import platform
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests" / "faults"
PAGE = ROOT / "docs" / "faults.md"
BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"

# F31 and F32 are faults of the page in the browser and F33, F34 of the machine and of files made by hand.
WANTED = (*range(1, 31), 33, 34)
NUMBERED = re.compile(r"test((?:_f\d+)+)_")
STATUSES = ("failed", "passed", "skipped", "not run", "missing")
LONGEST_TEST = 1800
WIDTH = 100


@dataclass
class Test:
    """One test: the faults it injects, what it says of them, and what became of it."""

    faults: tuple[int, ...]
    words: str
    status: str = "not run"
    why: str = ""
    seconds: float = 0.0


@dataclass
class Fault:
    """One fault, and all tests that inject it."""

    number: int
    tests: list[Test] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What is done, in the words of the tests."""
        return " ".join(dict.fromkeys(test.words for test in self.tests)).replace("|", "/")

    @property
    def seconds(self) -> float:
        return sum(test.seconds for test in self.tests)

    @property
    def status(self) -> str:
        """The worst that became of a test; passed where at least one did and none failed."""
        found = {test.status for test in self.tests}
        return next((status for status in STATUSES if status in found), "missing")

    @property
    def outcome(self) -> str:
        """What became of its tests, and why: '3 passed, 1 skipped (takes minutes)'."""
        told = []
        for status in STATUSES:
            tests = [test for test in self.tests if test.status == status]
            reasons = "; ".join(dict.fromkeys(test.why for test in tests if test.why))
            told += [f"{len(tests)} {status}" + (f" ({reasons})" if reasons else "")] if tests else []
        return ", ".join(told) or "missing: no test has this number"


class Collected:
    """A plugin of pytest that takes down what becomes of each numbered test, and leaves out all others."""

    def __init__(self) -> None:
        self.tests: dict[str, Test] = {}
        self.broken: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        left_out = []
        for item in list(items):
            numbers = numbers_of(item.name)
            if not numbers:
                items.remove(item)
                left_out.append(item)
                continue
            said = getattr(getattr(item, "obj", None), "__doc__", None) or NUMBERED.sub("", item.name.partition("[")[0]).replace("_", " ")
            self.tests[item.nodeid] = Test(numbers, sentence(said))
        config.hook.pytest_deselected(items=left_out)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken.append(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        test = self.tests[report.nodeid]
        test.seconds += report.duration
        if report.failed:
            test.status, test.why = "failed", reason(report)
        elif report.skipped:
            test.status, test.why = "skipped", reason(report)
        elif report.when == "call":
            test.status = "passed"


def numbers_of(name: str) -> tuple[int, ...]:
    """The faults that a test is named for: test_f10_f12_a_sweep_told_to_stop is for 10 and 12."""
    found = NUMBERED.match(name)
    return tuple(int(number) for number in re.findall(r"\d+", found[1])) if found else ()


def sentence(said: str) -> str:
    """The first line of a text as a sentence."""
    line = said.strip().split("\n")[0].rstrip(". ")
    return f"{line[:1].upper()}{line[1:]}."


def reason(report: pytest.TestReport) -> str:
    """Why a test was skipped or failed, in a line without paths."""
    if isinstance(report.longrepr, tuple):
        told = str(report.longrepr[2]).removeprefix("Skipped: ")
    else:
        told = getattr(getattr(report.longrepr, "reprcrash", None), "message", "") or str(report.longrepr)
    line = re.sub(r"/\S*/", "", told.strip().split("\n")[0]).replace("|", "/")
    return textwrap.shorten(line, 120, placeholder=" ...")


def by_fault(tests: Sequence[Test]) -> dict[int, Fault]:
    """Every fault that is wanted or has a test."""
    faults = {number: Fault(number) for number in sorted({*WANTED, *(number for test in tests for number in test.faults)})}
    for test in tests:
        for number in test.faults:
            faults[number].tests.append(test)
    return faults


def made(quick: bool) -> Collected:
    """Runs the tests; pytest talks on standard error."""
    collected = Collected()
    words = [str(TESTS), "-q", "-p", "no:cacheprovider", "-p", "no:xdist", f"--rootdir={ROOT}", f"--config-file={ROOT / 'pyproject.toml'}"]
    words += [] if quick else ["-m", "slow or not slow", f"--timeout={LONGEST_TEST}"]
    with contextlib.redirect_stdout(sys.stderr):
        pytest.main(words, plugins=[collected])
    return collected


# The table


def in_words(faults: Mapping[int, Fault], peers: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """The table as lines for a terminal."""
    for fault in faults.values():
        said = textwrap.wrap(fault.words, WIDTH - 12) or [""]
        yield f"F{fault.number:<4} {said[0]:<{WIDTH - 12}} {fault.seconds:>5.1f}"
        yield from (f"      {line}" for line in said[1:])
        yield from textwrap.wrap(fault.outcome, WIDTH, initial_indent="        ", subsequent_indent="        ")
    yield ""
    yield "The first six beside other tools:" if peers else "Other tools are not measured yet: python benchmarks/peers.py --write"
    for name, row in peers.items():
        status = faults[int(name[1:])].status
        yield f"{name:<5} {row.pop('what is done', '')}"
        yield from (f"        {peer:<34} {came}{f'  [{status}]' if peer == 'Suasion' else ''}" for peer, came in row.items())


def counted(faults: Mapping[int, Fault]) -> str:
    """How many faults passed, and what the others did."""
    found = {status: [f"F{fault.number}" for fault in faults.values() if fault.status == status] for status in STATUSES}
    told = [f"{status}: {', '.join(names)}" for status, names in found.items() if names and status != "passed"]
    return f"{len(found['passed'])} of {len(faults)} faults passed" + "".join(f"; {words}" for words in told)


def kept_of_peers(page: str) -> str:
    """What docs/faults.md keeps of the last measurement of other tools, with its marks."""
    _, mark, rest = page.partition(BEGIN)
    return mark + rest.partition(END)[0] + END if mark else ""


def rows_of(section: str) -> dict[str, dict[str, str]]:
    """The table of a kept measurement: by fault, then by column."""
    lines = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in section.splitlines() if line.startswith("|")]
    if len(lines) < 3:
        return {}
    head = lines[0][1:]
    return {row[0]: dict(zip(head, row[1:], strict=True)) for row in lines[2:]}


INTRODUCTION = """# Faults

What happens to a sweep when a run raises, a worker is killed, the disk is full, a file is cut, the clock jumps? Each fault below is
injected for real by tests in tests/faults: processes are killed with SIGKILL, files are cut, bits are flipped, limits of the operating
system are set. The tests ask that every finished row is kept, each once, with the same bytes as an undisturbed sweep's, and that
whatever could not be made is named. `make faults` runs them and prints this table; `python benchmarks/faults.py --write` writes this page.
"""
BESIDE = """
## The first six beside other tools

A hundred runs of a toy model, one of which is disturbed. The cells say how many rows somebody holds in the end, and what they are told.
The column Suasion is what our tests ask for; whether they passed stands above. `python benchmarks/peers.py --write` measures again.
"""


def page_of(faults: Mapping[int, Fault], section: str) -> str:
    """The whole of docs/faults.md."""
    names = ("suasion", "numpy", "pandas", "pyarrow", "pytest")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    rows = [f"| F{each.number} | {each.words} | {each.outcome} | {each.seconds:.1f} |" for each in faults.values()]
    lines = [
        INTRODUCTION,
        f"{datetime.date.today():%d %B %Y}, Python {platform.python_version()}, {versions}, {platform.system()}: {counted(faults)}.",
        "",
        "## Fault by fault",
        "",
        "| | what is done | outcome of the tests | s |",
        "|---|---|---|---|",
        *rows,
        BESIDE,
        section or f"{BEGIN}\nNot measured yet.\n{END}",
        "",
    ]
    return "\n".join(lines)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="leave out tests that take minutes")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/faults.md")
    given = parser.parse_args(words)
    collected = made(given.quick)
    faults = by_fault(list(collected.tests.values()))
    section = kept_of_peers(PAGE.read_text(encoding="utf-8") if PAGE.exists() else "")
    print("\n".join(in_words(faults, rows_of(section))))
    for name in collected.broken:
        print(f"{name} cannot be collected")
    print(counted(faults))
    if given.write:
        PAGE.write_text(page_of(faults, section), encoding="utf-8")
    well = all(fault.status == "passed" for fault in faults.values())
    return 0 if well and not collected.broken else 1


if __name__ == "__main__":
    sys.exit(main())
