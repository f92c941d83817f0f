"""Answers about evidence as text: what `suasion evidence` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.evidence import SUPPORTS, Item, Row, Seeds, Showing, counted, support_of
from sim.evidence_answers import Answer
from sim.scenario.places import number_paths
from sim.scenario.schema import Scenario

MOST = 40


def told(given: Answer) -> str:
    """An answer as lines of text."""
    if "number" in given:
        return "\n".join(_number(given["number"]))
    if "sections" in given:
        return "\n".join(_overview(given))
    return "\n".join(_others(given))


def _number(number: Answer) -> Iterator[str]:
    yield number["path"]
    yield _line("value", drawn(number["kind"], number["value"]))
    low, high = number["bounds"]
    yield _line("may be", f"from {low:g} to {high:g}" + (f", {number['unit']}" if number["unit"] else ""))
    yield _line("support", "none: a gap" if number["support"] == "none" else str(number["support"]))
    if number["coded"]:
        of = f" of {number['coded']['of']:g}" if number["coded"]["of"] is not None else ""
        yield _line("coded", f"{number['coded']['strength']}{of}, {number['coded']['sure']}; follows {', '.join(number['follows'])}")
    for key in ("record", "assumption", "note"):
        if number[key]:
            yield _line(key, number[key])
    for item in number["statements"]:
        yield _line(item["id"], statement(item))
    if number["chapters"]:
        first = ", ".join(number["outcomes"]) or "none of its own"
        yield _line("read by", f"rules of {', '.join(number['chapters'])}")
        yield _line("moves", f"{first}; everything else only through later months")
    else:
        yield _line("read by", "no rule of the model so far")


def _overview(given: Answer) -> Iterator[str]:
    width = max(len(section) for section in given["sections"])
    yield f"{'numbers'.ljust(width)}  " + "  ".join(support.rjust(10) for support in SUPPORTS)
    for section, counts in {**given["sections"], "all": given["support"]}.items():
        yield f"{section.ljust(width)}  " + "  ".join(str(counts[support]).rjust(10) for support in SUPPORTS)
    yield f"{given['coded']} numbers are coded from {given['statements']} statements; {given['events']} events, {given['claims']} claims"


def _others(given: Answer) -> Iterator[str]:
    if "claim" in given:
        claim = given["claim"]
        yield f"{claim['id']}  {claim['claim']}"
        yield _line("lines", ", ".join(claim["refs"]))
        yield _line("standing", claim["standing"])
    elif "subject" in given:
        yield f"{given['subject']}: " + ", ".join(f"{given['support'][support]} {support}" for support in SUPPORTS)
    else:
        yield f"{given['lines']} of {given['document']}"
    yield from _section("statements", [f"{item['id'].ljust(9)} {statement(item)}" for item in given["statements"]])
    numbers = given["numbers"]
    yield from _section("numbers", [row if isinstance(row, str) else _row(row) for row in numbers])
    yield from _section("claims", given.get("claims", []))
    events = given.get("events", [])
    yield from _section("events", [e if isinstance(e, str) else f"{e['date'].ljust(10)} {e['what']} ({e['plover']})" for e in events])


def _row(row: Answer) -> str:
    lines = f" {', '.join(row['evidence'])}" if row["evidence"] else ""
    return f"{row['path']}  {drawn(row['kind'], row['value'])}  [{row['support']}{lines}]"


def _section(name: str, lines: Sequence[str]) -> Iterator[str]:
    """A headed list, cut where it gets long."""
    if lines:
        yield f"{name} ({len(lines)})"
        yield from (f"  {line}" for line in lines[:MOST])
        if len(lines) > MOST:
            yield f"  and {len(lines) - MOST} more; --json gives all"


def _line(key: str, text: str) -> str:
    return f"  {key.ljust(11)} {text}"


def drawn(kind: str, value: Sequence[float]) -> str:
    """A distribution in words."""
    return f"{value[0]:g}" if kind == "fixed" else f"{kind} ({', '.join(f'{number:g}' for number in value)})"


def statement(item: Any) -> str:
    """A statement with how strongly and how surely it is made."""
    given: Answer = item.model_dump() if isinstance(item, Item) else item
    hedge = f" ({', '.join(given['hedge'])})" if given["hedge"] else ""
    return f"{given['says']} [{given['strength']}, {given['sure']}{hedge}]"


def coverage(scenario: Scenario, seeds: Seeds) -> Answer:
    """The inventory: where each row lives, how many numbers of what support are there, and how it is shown."""
    numbers = number_paths(scenario)
    rows = []
    for row in seeds.rows:
        here = [number for path, number in numbers.items() if any(path.startswith(f"{place}.") for place in row.lives)]
        counts = {support: sum(support_of(number) == support for number in here) for support in SUPPORTS}
        rows.append({**row.model_dump(exclude={"shows"}), "support": counts, "shows": how_shown(row), "standing": standing(row)})
    return {"rows": rows, "support": counted(scenario), "open": [row.id for row in seeds.rows if row.is_open]}


def standing(row: Row) -> str:
    """Whether a run shows the row, a chapter still to come will, an event keeps it, or a reason leaves it out."""
    if row.shows is not None:
        return "shown by a run"
    if any(place.startswith(("chapter ", "deeds ")) for place in row.lives):
        return "chapter being built"
    if any(place.startswith("event ") for place in row.lives):
        return "dated event"
    return "left out, with a reason" if row.why else "open"


def how_shown(row: Row) -> str:
    """The command that shows a row, or words."""
    if not isinstance(row.shows, Showing):
        return row.shows or ""
    changes = "".join(f" --set {path}={value:g}" for path, value in row.shows.set.items())
    given = "".join(f" {path}={value:g}" for path, value in row.shows.given.items())
    beside = f", given{given} on both sides" if given else ""
    return f"suasion run scenarios/{row.shows.scenario}{changes}  ->  {row.shows.moves}{beside}"


def coverage_told(given: Answer) -> str:
    """The inventory as text: counts first, then a line a row."""
    rows: list[Answer] = given["rows"]
    kinds = ("shown by a run", "chapter being built", "dated event", "left out, with a reason", "open")
    lines = [f"{'rows'.ljust(12)}" + "  ".join(kind.rjust(23) for kind in kinds)]
    for section in dict.fromkeys(row["section"] for row in rows):
        own = [row["standing"] for row in rows if row["section"] == section]
        lines.append(f"{section.ljust(12)}" + "  ".join(str(own.count(kind)).rjust(23) for kind in kinds))
    lines.append("numbers of the world: " + ", ".join(f"{given['support'][support]} {support}" for support in SUPPORTS))
    width = max(len(row["id"]) for row in rows)
    for row in rows:
        counts = "/".join(str(row["support"][support]) for support in SUPPORTS[:3])
        lines.append(f"{row['id'].ljust(width)}  {counts.rjust(9)}  {', '.join(row['lives'])}{'; ' + row['why'] if row['why'] else ''}")
        if row["shows"]:
            lines.append(f"{' ' * width}             {row['shows']}")
    return "\n".join(lines)
