"""Whose results a folder holds: the identity of a simulation, compared field by field."""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

CHANGES_SHOWN = 20
VERSIONS = "versions"  # the entry that --allow-mixed leaves out of the comparison
Change = tuple[str, Any, Any]


def changed_fields(
    was: Mapping[str, Any], now: Mapping[str, Any], ignoring: Collection[str] = (), growing: Collection[str] = ()
) -> list[Change]:
    """The fields in which two identities differ, by path, with both values; None stands for an absent one.

    Entries in `ignoring` are not compared; in those in `growing`, what was absent before is growth and no change.
    """
    now = without_growth(was, now, growing)
    before, after = ({path: v for path, v in flattened(each) if path.split(".")[0] not in ignoring} for each in (was, now))
    return [(path, before.get(path), after.get(path)) for path in {**before, **after} if before.get(path) != after.get(path)]


def without_growth(was: Mapping[str, Any], now: Mapping[str, Any], growing: Collection[str]) -> dict[str, Any]:
    """An identity without what its growing entries have that they had not before."""
    kept = dict(now)
    for entry in growing:
        before, after = was.get(entry, {}), now.get(entry, {})
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            kept[entry] = {key: value for key, value in after.items() if key in before}
            if not kept[entry] and entry not in was:
                del kept[entry]
    return kept


def has_grown(was: Mapping[str, Any], now: Mapping[str, Any], growing: Collection[str]) -> bool:
    """Whether growing entries have something that they had not before."""
    return without_growth(was, now, growing) != dict(now)


def flattened(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves of nested mappings and lists with their paths: ("powers.eu.capacity", 110)."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from flattened(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value:
        for place, inner in enumerate(value):
            yield from flattened(inner, f"{path}[{place}]")
    else:
        yield path, value


def changes_message(path: Path, changes: list[Change]) -> str:
    """The refusal of a directory that holds another simulation, with the first of its changed fields."""
    width = max(len(field) for field, _, _ in changes[:CHANGES_SHOWN])
    lines = [f"  {field:<{width}}   was {was}, now {now}" for field, was, now in changes[:CHANGES_SHOWN]]
    if len(changes) > CHANGES_SHOWN:
        lines.append(f"  and {len(changes) - CHANGES_SHOWN} more")
    fields = "1 field" if len(changes) == 1 else f"{len(changes)} fields"
    only_versions = all(field.split(".")[0] == VERSIONS for field, _, _ in changes)
    mixed = "; --allow-mixed goes on all the same" if only_versions else ""
    return "\n".join(
        [f"{path} holds another simulation; changed: {fields}", *lines, f"use another --out, or --fresh to replace what is there{mixed}"]
    )


def json_text(value: Any) -> str:
    """A value as JSON for people and programs; NumPy's numbers and arrays are written as plain ones."""
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False, default=lambda number: number.tolist()) + "\n"


def plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping as it comes back from its file, so that two can be compared."""
    return dict(json.loads(json_text(value)))
