"""Why a number has its value: what stands behind a path, an actor, a claim, an event or some lines, as plain values and as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.evidence import SUPPORTS, Claim, Event, Item, Seeds, counted, followed, lines_of, support_of
from sim.scenario.distributions import Quantity
from sim.scenario.faults import SuasionError, meant, shown
from sim.scenario.places import bounds_at, number_paths
from sim.scenario.schema import Scenario

Answer = dict[str, Any]
# Templates of paths, each with the chapter whose rules read the numbers there.
Readers = Sequence[tuple[str, str]]

# The outcomes that a chapter's rules move themselves. Everything else follows only through the months after.
FIRST: Mapping[str, tuple[str, ...]] = {
    "outside": (),
    "resources": ("influence_share", "own_share"),
    "leverage": ("influence_share", "own_share"),
    "contest": ("influence_share", "own_share"),
    "choice": ("influence_share", "own_share"),
    "alignment": ("alignment",),
    "opinion": ("opinion",),
    "tension": ("tension",),
    "resilience": ("resilience", "capture"),
    "accession": ("stage", "position", "member"),
}
LINES = re.compile(r"[A-Z][0-9]+(-[0-9]+)?[a-z]?")


def answer(word: str, scenario: Scenario, seeds: Seeds, readers: Readers = ()) -> Answer:
    """Everything known about a path, a part of one, an actor or channel, a claim, a dated event, or lines of a document.

    Raises: SuasionError, when it is none of these.
    """
    numbers = number_paths(scenario)
    if word in numbers:
        return {"number": _number(word, numbers[word], scenario, seeds, readers)}
    for claim in seeds.claims:
        if claim.id == word.upper():
            return {"claim": claim.model_dump(), "statements": _items(seeds.cited(claim.refs)), "numbers": _leaning(claim.refs, scenario)}
    below = {path: number for path, number in numbers.items() if path.startswith(f"{word}.") or word in path.split(".")}
    events = [event for event in seeds.events if word in (event.id, *event.actors, *event.recipients)]
    if below or events:
        return _subject(word, below, events, seeds)
    if LINES.fullmatch(word):
        return _at_lines(word, scenario, seeds)
    known = [*numbers, *(claim.id for claim in seeds.claims), *(event.id for event in seeds.events), *_subjects(numbers)]
    guess = meant(word, known)
    told = f"nothing is called '{shown(word)}': give a path, an actor, a channel, a claim such as T19, an event, or lines such as B61-62"
    raise SuasionError(told + (f" (did you mean {guess}?)" if guess else ""))


def overview(scenario: Scenario, seeds: Seeds) -> Answer:
    """How the numbers of a scenario are supported, section by section."""
    numbers = number_paths(scenario)
    sections = {
        section: {support: sum(support_of(numbers[path]) == support for path in paths) for support in SUPPORTS}
        for section in dict.fromkeys(path.split(".")[0] for path in numbers)
        if (paths := [path for path in numbers if path.split(".")[0] == section])
    }
    return {
        "support": counted(scenario),
        "sections": sections,
        "coded": sum(number.coded is not None for number in numbers.values()),
        "statements": len(seeds.items),
        "events": len(seeds.events),
        "claims": len(seeds.claims),
    }


def chapters_of(path: str, readers: Readers) -> list[str]:
    """The chapters whose rules read the number at a path."""
    found = [chapter for template, chapter in readers if re.fullmatch(re.sub(r"\\{\w+\\}", "[^.]+", re.escape(template)), path)]
    return list(dict.fromkeys(found))


def _number(path: str, number: Quantity, scenario: Scenario, seeds: Seeds, readers: Readers) -> Answer:
    bounds, (low, high) = bounds_at(path), number.reach
    chapters = chapters_of(path, readers)
    moved = [name for chapter in chapters for name in _moved(chapter, path, list(scenario.institutions))]
    return {
        "path": path,
        "kind": number.form[0],
        "value": number.form[1],
        "reach": (low, high),
        "bounds": (bounds.low, bounds.high),
        "unit": bounds.unit,
        "support": support_of(number),
        "coded": {"strength": number.coded, "sure": number.sure, "of": number.of} if number.coded else None,
        "follows": [item.id for item in followed(seeds, path, number)] if number.coded else [],
        "statements": _items(seeds.cited(number.evidence)),
        "evidence": list(number.evidence),
        "record": number.record,
        "assumption": number.assumption,
        "note": number.note,
        "chapters": chapters,
        "outcomes": list(dict.fromkeys(moved)),
    }


def _moved(chapter: str, path: str, clubs: Sequence[str]) -> list[str]:
    """Outcomes that a chapter moves itself; those of institutions bear its name, of all where a path names none."""
    if chapter != "accession":
        return list(FIRST.get(chapter, ()))
    named = [club for club in clubs if club in path.split(".")] or clubs
    return [f"{club}_{word}" for club in named for word in FIRST[chapter]]


def _items(items: Iterable[Item]) -> list[Answer]:
    return [item.model_dump() for item in items]


def _leaning(references: Iterable[str], scenario: Scenario) -> list[str]:
    """Paths of the numbers that cite lines inside these or around them."""
    wanted = [lines_of(reference) for reference in references]
    return [
        path
        for path, number in number_paths(scenario).items()
        if any(own.covers(lines) or lines.covers(own) for own in map(lines_of, number.evidence) for lines in wanted)
    ]


def _subject(word: str, below: Mapping[str, Quantity], events: Sequence[Event], seeds: Seeds) -> Answer:
    """All numbers of an actor, a channel or a part of the world, and what is said and told of it."""
    spoken = [item for item in seeds.items if word in (*item.actor, *item.target, item.channel)]
    rows = [
        {"path": path, "value": number.form[1], "kind": number.form[0], "support": support_of(number), "evidence": list(number.evidence)}
        for path, number in below.items()
    ]
    return {
        "subject": word,
        "support": {support: sum(row["support"] == support for row in rows) for support in SUPPORTS},
        "numbers": rows,
        "statements": _items(spoken),
        "events": [event.model_dump() for event in events],
    }


def _at_lines(word: str, scenario: Scenario, seeds: Seeds) -> Answer:
    """What stands at lines of a document, and what cites them."""
    here = lines_of(word)
    document = seeds.documents.get(here.document)
    if document is None or not here.first <= here.last <= int(document["lines"]):
        length = f"{here.document} has {document['lines']} lines" if document else f"documents are {', '.join(seeds.documents)}"
        raise SuasionError(f"no lines {shown(word)}: {length}")
    reference = word.rstrip("bcdefgh")

    def cite(others: Iterable[Claim]) -> list[str]:
        return [other.id for other in others if any(lines_of(own).overlaps(here) for own in other.refs)]

    return {
        "lines": word,
        "document": document["title"],
        "statements": _items(seeds.cited([reference])),
        "numbers": _leaning([reference], scenario),
        "claims": cite(seeds.claims),
        "events": [event.id for event in seeds.events if any(lines_of(own).overlaps(here) for own in event.evidence)],
    }


def _subjects(numbers: Iterable[str]) -> list[str]:
    """Ids that paths name."""
    return list(dict.fromkeys(step for path in numbers for step in path.split(".")))
