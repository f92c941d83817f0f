"""What is wrong with a file: every fault with its place, its code and what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_LIST = 50


class SuasionError(Exception):
    """Something a user can mend: the command line shows its text, without a traceback, and leaves with its exit code."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file, counted from 1; line 0 is no place in a file, such as a change given in Python."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong (E...) or deserves a look (W...)."""

    file: str
    line: int
    column: int
    code: str
    path: str
    message: str

    @property
    def place(self) -> str:
        """Line and column, as editors write them."""
        return f"{self.line}:{self.column}" if self.line else ""

    def __str__(self) -> str:
        where = ":".join(part for part in (shown(self.file), self.place) if part)
        return f"{where}: {shown(self.path)}: {self.message} [{self.code}]" if self.path else f"{where}: {self.message} [{self.code}]"


class ScenarioFaults(SuasionError):
    """Every fault of a scenario at once, each in the file it is in."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = ordered(faults)
        super().__init__(listing(self.faults))


class FaultList:
    """The faults found so far; one place gets one fault, the first and most basic."""

    def __init__(self) -> None:
        self.found: list[Fault] = []
        self._places: set[tuple[Mark, str]] = set()
        self._marks: set[Mark] = set()

    def add(self, mark: Mark, code: str, path: str, message: str) -> None:
        """Note a fault, unless something is already wrong with the same thing."""
        if (mark, path) in self._places:
            return
        self._places.add((mark, path))
        self._marks.add(mark)
        self.found.append(Fault(mark.file, mark.line, mark.column, code, path, message))

    def has(self, mark: Mark) -> bool:
        """Whether something is already wrong at this place."""
        return mark in self._marks

    def refuse(self) -> None:
        """Stop here if anything is wrong.

        Raises: ScenarioFaults with all of it.
        """
        if self.found:
            raise ScenarioFaults(self.found)


def ordered(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Faults file by file (in the order the files came up), and down each file."""
    faults = list(faults)
    files = {file: place for place, file in enumerate(dict.fromkeys(fault.file for fault in faults))}
    return tuple(sorted(faults, key=lambda fault: (files[fault.file], fault.line, fault.column)))


def listing(faults: Iterable[Fault], noun: str = "fault") -> str:
    """Faults as a user reads them: a line for each file, then aligned columns."""
    lines: list[str] = []
    by_file: dict[str, list[Fault]] = {}
    for fault in faults:
        by_file.setdefault(fault.file, []).append(fault)
    for file, own in by_file.items():
        lines.append(f"{shown(file, 200)} has {len(own)} {noun}{'s' if len(own) != 1 else ''}")
        told = own[:LONGEST_LIST]
        places = max(len(fault.place) for fault in told)
        paths = min(60, max(len(shown(fault.path, 120)) for fault in told))
        for fault in told:
            columns = (fault.place.ljust(places), shown(fault.path, 120).ljust(paths), f"{fault.message} [{fault.code}]")
            lines.append("  " + "  ".join(column for column in columns if column))
        if len(own) > len(told):
            lines.append(f"  and {len(own) - len(told)} more")
    return "\n".join(lines)


def shown(text: str, longest: int = 60) -> str:
    """Text out of a file, safe to print: cut to a length, and nothing in it that a terminal would obey."""
    if len(text) > longest:
        text = text[: longest - 3] + "..."
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def meant(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or nothing."""
    known = list(known)
    by_small_letters = {other.casefold(): other for other in known}
    if word.casefold() in by_small_letters:
        return by_small_letters[word.casefold()]
    close = difflib.get_close_matches(word[:64], known, n=1, cutoff=0.6)
    return close[0] if close else ""


def unknown(noun: str, word: str, known: Iterable[str]) -> str:
    """'no channel called trad; channels are ... (did you mean trade?)', the list cut where it gets long."""
    known = list(known)
    guess = meant(word, known)
    names = ", ".join(shown(name) for name in known[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")
    listed = f"; {plural(noun)} are {names}" if known else f"; there are no {plural(noun)}"
    return f"no {noun} called '{shown(word)}'{listed}" + (f" (did you mean {shown(guess)}?)" if guess else "")


def plural(noun: str) -> str:
    """The plural of an English noun of the schema."""
    return noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in "aeiou" else noun + "s"
