"""Small work files put together, so that a restart stays quick: the new one is safely there before the old ones go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.runs.shards import Shards
from sim.runs.tally import Tally
from sim.runs.workfile import ELSEWHERE, DamagedShard, Entry, Receipt, Shard, read_shard, write_shard

# So many files at least, and at most, are put together, up to so many bytes; files of half of those stay as they are.
FEWEST_FILES, MOST_FILES = 8, 256
MOST_BYTES = 64 * 2**20


def compacted(shards: Shards, order: Mapping[str, int]) -> int:
    """How many files went into others. Killed at any moment, this leaves every row in at least one file, and counted once.

    Files made under other versions, and those of other columns, are not put together. A file of which every row counts elsewhere goes.

    Raises: DiskFault.
    """
    shards.replace([entry.name for entry in shards.entries if entry.superseded], None)
    gone = 0
    while groups := list(groups_of(shards.entries, order)):
        gone += sum(len(group) for group in groups if put_together(shards, group) is not None)
    return gone


def put_together(shards: Shards, group: Sequence[Entry]) -> Receipt | None:
    """Writes the rows of a group as one file, then deletes its files; nothing where one of them turns out to be damaged."""
    parts: list[Shard] = []
    tally: Tally | None = None
    for entry in group:
        try:
            part = read_shard(shards.folder / entry.name)
        except DamagedShard as error:
            shards.set_aside(entry.name, str(error))
            return None
        # Tallies are large, so that no more than one and their sum are held.
        tally = part.tally if tally is None or part.tally is None else tally.plus(part.tally)
        parts.append(replace(part, tally=None))
    whole = joined(parts, [entry.run != ELSEWHERE for entry in group])
    receipt = write_shard(shards.folder, replace(whole, tally=tally))
    shards.replace([entry.name for entry in group if entry.name != receipt.name], receipt)
    return receipt


def groups_of(entries: Sequence[Entry], order: Mapping[str, int]) -> Iterator[list[Entry]]:
    """Files worth putting together: small, of one kind, neighbours in the order of points and runs; a tally's only with its point's."""
    kinds: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.size <= MOST_BYTES // 2 and (entry.run != ELSEWHERE).any():
            kinds.setdefault(entry.kind, []).append(entry)
    for kind in sorted(kinds):
        group: list[Entry] = []
        for entry in sorted(kinds[kind], key=lambda entry: (order.get(entry.first[0], len(order)), *entry.first, entry.name)):
            if len(group) == MOST_FILES or sum(each.size for each in group) + entry.size > MOST_BYTES:
                if len(group) >= FEWEST_FILES:
                    yield group
                group = []
            group.append(entry)
        if len(group) >= FEWEST_FILES:
            yield group


def joined(parts: Sequence[Shard], counted: Sequence[NDArray[np.bool_]]) -> Shard:
    """The rows of shards of one kind that count, as one shard, without their tallies."""
    first = parts[0]
    keys: dict[str, int] = {}
    for part, rows in zip(parts, counted, strict=True):
        for number in np.unique(part.place[rows]):
            keys.setdefault(part.keys[number], len(keys))
    numbers = [np.array([keys.get(key, -1) for key in part.keys], dtype=np.int32) for part in parts]
    place = np.concatenate([number[part.place[rows]] for part, number, rows in zip(parts, numbers, counted, strict=True)])
    run = np.concatenate([part.run[rows] for part, rows in zip(parts, counted, strict=True)])
    order = np.lexsort((run, place))
    in_order = bool((np.diff(order) == 1).all())
    ended = [pair for part, rows in zip(parts, counted, strict=True) for pair in zip(*told(part, rows), strict=True)]

    def whole(columns: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        pieces = [column if rows.all() else column[..., rows] for column, rows in zip(columns, counted, strict=True)]
        every = np.concatenate(pieces, axis=-1)
        return every if in_order else np.take(every, order, axis=-1)

    outcomes = whole([np.array(list(part.outcomes.values()), dtype=np.float32).reshape(-1, len(part.run)) for part in parts])
    return Shard(
        tuple(keys),
        place[order],
        run[order],
        tuple(ended[row][0] for row in order),
        tuple(ended[row][1] for row in order),
        dict(zip(first.outcomes, outcomes, strict=True)),
        {name: whole([part.kept[name] for part in parts]) for name in first.kept},
        made_by=first.made_by,
        simulation=first.simulation,
    )


def told(part: Shard, rows: NDArray[np.bool_]) -> tuple[list[str], list[str]]:
    """Status and error of some rows."""
    places = np.flatnonzero(rows)
    return [part.status[place] for place in places], [part.error[place] for place in places]
