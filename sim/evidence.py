"""What stands behind the numbers: the documents coded statement by statement, and how numbers, events, claims and rows cite them."""

# ruff: noqa: RUF012 (defaults are copied for each part, so they may be mutable)

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field

from sim.scenario.distributions import EvidenceReference, Finite, Quantity
from sim.scenario.faults import SuasionError
from sim.scenario.kinds import Id, Part
from sim.scenario.layers import seeds_folder
from sim.scenario.places import number_paths
from sim.scenario.reading import read_plain
from sim.scenario.schema import Scenario

Support = Literal["evidence", "record", "assumption", "none"]
SUPPORTS: tuple[Support, ...] = ("evidence", "record", "assumption", "none")
Sentence = Annotated[str, Field(min_length=3, max_length=300)]


def _as_list(given: Any) -> Any:
    return given if isinstance(given, list) else [given]


Names = Annotated[list[Id], BeforeValidator(_as_list)]
References = list[EvidenceReference]


@dataclass(frozen=True)
class Lines:
    """Some lines of a document, such as B61-64."""

    document: str
    first: int
    last: int

    def overlaps(self, other: Lines) -> bool:
        """Whether both hold a line in common."""
        return self.document == other.document and self.first <= other.last and other.first <= self.last

    def covers(self, other: Lines) -> bool:
        """Whether all lines of the other are among these."""
        return self.document == other.document and self.first <= other.first and other.last <= self.last


def lines_of(reference: str) -> Lines:
    """The lines that a reference names; a letter at the end, which tells statements apart, does not count."""
    found = re.fullmatch(r"([A-Z])([0-9]+)(?:-([0-9]+))?[a-z]?", reference)
    if found is None:
        raise ValueError(f"no lines of a document: {reference}")
    return Lines(found[1], int(found[2]), int(found[3] or found[2]))


class Item(Part):
    """One statement of a document in our own words: who does what to whom by which channel, how strongly and how surely."""

    id: Annotated[str, Field(pattern=r"^[A-Z][0-9]+(-[0-9]+)?[b-z]?$")]
    says: Sentence
    actor: Names
    channel: Id
    target: Names
    direction: Literal["raises", "lowers", "none"]
    strength: Id
    sure: Id
    kind: Literal["act", "state", "mechanism", "claim", "event", "view"]
    hedge: list[str] = []
    about: list[Id] = []

    @property
    def lines(self) -> Lines:
        """Where the statement stands."""
        return lines_of(self.id)


class Event(Part):
    """Something that happened on a date, from a document or a public record, coded as event data are."""

    id: Id
    date: Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
    until: Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")] | None = None
    precision: Literal["day", "month", "year", "range", "decade"]
    actors: Names
    recipients: Names
    what: Sentence
    plover: Annotated[str, Field(pattern=r"^[A-Z]+$|^state$|^shock$|^intent$")]
    valence: Annotated[Finite, Field(ge=-10, le=10)]
    status: Literal["reported", "alleged"]
    evidence: References
    record: str | None = None


class Claim(Part):
    """A claim of the documents that an experiment can test, how sure its source sounds, and what its test can be worth."""

    id: Annotated[str, Field(pattern=r"^T[0-9]{2}$")]
    claim: Sentence
    refs: References
    standing: Literal["finding", "by construction", "partly by construction", "circular by coding"]
    sure: Id | None = None


class Showing(Part):
    """How to see a row move: numbers to set, the variable to look at, and numbers given on both sides of the comparison."""

    scenario: str = "western_balkans_2017.yaml"
    against: str = "western_balkans_2017.yaml"
    given: dict[str, Finite] = {}
    set: dict[str, Finite] = {}
    moves: Id


class Row(Part):
    """One thing the documents speak of, where it lives in the model, and a run that shows it; or why it is left out."""

    id: Id
    section: Literal["actor", "instrument", "event", "variable", "objective", "mechanism"]
    name: Sentence
    refs: References
    lives: Annotated[list[str], BeforeValidator(_as_list)]
    shows: Showing | str | None = None
    why: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the row neither lives in the model nor says why not."""
        return not self.why and (not self.lives or self.lives == ["not modelled"])


@dataclass(frozen=True)
class Seeds:
    """All that is coded: documents, statements, events, claims, rows of the inventory."""

    documents: Mapping[str, Mapping[str, Any]]
    items: tuple[Item, ...]
    events: tuple[Event, ...]
    claims: tuple[Claim, ...]
    rows: tuple[Row, ...]

    def touched(self, references: Iterable[str]) -> tuple[Item, ...]:
        """Every statement that shares a line with any of the references."""
        wanted = [lines_of(reference) for reference in references]
        return tuple(item for item in self.items if any(item.lines.overlaps(lines) for lines in wanted))

    def cited(self, references: Iterable[str]) -> tuple[Item, ...]:
        """The statements that the references mean: those inside their lines or around them, else those that share a line."""
        found: set[str] = set()
        for reference in references:
            here = lines_of(reference)
            meant = [item for item in self.items if here.covers(item.lines) or item.lines.covers(here)]
            found.update(item.id for item in meant or self.touched([reference]))
        return tuple(item for item in self.items if item.id in found)


Coded = TypeVar("Coded", bound=Part)


@functools.cache
def read_seeds(folder: Path | None = None) -> Seeds:
    """The coded documents that come with the program, or those of a folder.

    Raises: SuasionError where they are not there; ScenarioFaults where they cannot be read.
    """
    found = folder or seeds_folder()
    if found is None:
        raise SuasionError("the coded documents (seeds/) are not beside the program")
    return Seeds(
        documents=read_plain(found / "documents.yaml")["documents"],
        items=tuple(_coded(found / "evidence.yaml", "items", Item)),
        events=tuple(_coded(found / "events.yaml", "events", Event)),
        claims=tuple(_coded(found / "claims.yaml", "claims", Claim)),
        rows=tuple(_coded(found / "inventory.yaml", "rows", Row)),
    )


def _coded(path: Path, key: str, kind: type[Coded]) -> Iterator[Coded]:
    for given in read_plain(path)[key]:
        yield kind.model_validate(given)


def support_of(number: Quantity) -> Support:
    """What stands first behind a number: document lines, a public record, or an assumption."""
    return "evidence" if number.evidence else "record" if number.record else "assumption" if number.assumption else "none"


def counted(scenario: Scenario) -> dict[Support, int]:
    """How many numbers of the world stand on what."""
    found = [support_of(number) for number in number_paths(scenario).values()]
    return {support: found.count(support) for support in SUPPORTS}


def followed(seeds: Seeds, path: str, number: Quantity) -> tuple[Item, ...]:
    """The statements that a coded number takes its strength and sureness from.

    They stand at exactly the lines of its first reference; further references are there to be read beside it. Where several
    statements share those lines, the number's own subject decides: first what a statement is `about`, then its target, then
    its channel, then the absence of a channel.
    """
    if not number.evidence:
        return ()
    here = lines_of(number.evidence[0])
    found = [item for item in seeds.items if item.lines == here]
    words = set(path.split("."))
    for fits in (
        lambda item: bool(words & set(item.about)),
        lambda item: bool(words & set(item.target)),
        lambda item: item.channel in words,
        lambda item: item.channel == "none",
    ):
        narrower = [item for item in found if fits(item)]
        found = narrower or found
        if len(found) == 1:
            break
    return tuple(found)


def unfaithful(seeds: Seeds, scenario: Scenario) -> dict[str, str]:
    """Coded numbers that say something else than the statements they follow, each with the reason."""
    found = {}
    for path, number in number_paths(scenario).items():
        if number.coded is None:
            continue
        items = followed(seeds, path, number)
        if not items:
            found[path] = f"no statement stands at the lines of its first reference ({', '.join(number.evidence) or 'it has none'})"
        for item in items:
            if (item.strength, item.sure) != (number.coded, number.sure):
                found[path] = f"{item.id} is {item.strength} and {item.sure}, the number {number.coded} and {number.sure}"
    return found


def unused(seeds: Seeds, scenarios: Iterable[Scenario]) -> tuple[Item, ...]:
    """Statements that no number, event, claim or row of the inventory cites."""
    references: set[str] = set()
    for scenario in scenarios:
        for number in number_paths(scenario).values():
            references.update(number.evidence)
        for change in (*scenario.shocks, *scenario.policies):
            references.update(change.evidence)
    references.update(reference for event in seeds.events for reference in event.evidence)
    references.update(reference for claim in seeds.claims for reference in claim.refs)
    references.update(reference for row in seeds.rows for reference in row.refs)
    used = {item.id for item in seeds.touched(references)}
    return tuple(item for item in seeds.items if item.id not in used)
