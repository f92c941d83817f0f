"""What happened in each history, entry by entry, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.axes import Array
from sim.numbers import Numbers
from sim.rules.deeds import deed_reasons
from sim.rules.events import reasons
from sim.world import World

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import InfluenceModel

# Causes told of an entry.
MOST_CAUSES = 3
COLUMNS = ("run", "month", "kind", "event", "actor", "recipient", "plover")


@dataclass(frozen=True)
class Entry:
    """One thing that happened in one history, with what spoke for it, largest first, each with its share of the whole."""

    run: int
    month: int
    kind: str
    event: str
    actor: str
    recipient: str
    plover: str
    causes: tuple[tuple[str, float], ...] = ()


@dataclass
class Chronicler:
    """Notes what changed between two months, for every run of a block."""

    entries: list[Entry] = field(default_factory=list)
    acts: list[tuple[int, int, str, str, str]] = field(default_factory=list)

    def note(self, before: World, model: InfluenceModel) -> None:
        """Takes down the month that the model has just made out of `before`."""
        month, lanes = model.month - 1, len(model.run_ids)
        for kind, event, actor, recipient, plover, where, why in _happenings(before, model.world, model.numbers):
            for lane in np.flatnonzero(where[:lanes]):
                told = _largest(why, int(lane))
                self.entries.append(Entry(int(model.run_ids[lane]), month, kind, event, actor, recipient, plover, told))
        self.acts.extend(_acts(before, model, month, lanes))


Happening = tuple[str, str, str, str, str, Array, dict[str, Array]]


def _largest(why: dict[str, Array], lane: int) -> tuple[tuple[str, float], ...]:
    """The causes that spoke most for something, with their shares of all that spoke for it."""
    speaks = {name: float(part[lane if part.shape[-1] > 1 else 0]) for name, part in why.items()}
    whole = sum(value for value in speaks.values() if value > 0)
    ranked = sorted((item for item in speaks.items() if item[1] > 0), key=lambda item: -item[1])
    return tuple((name, value / whole) for name, value in ranked[:MOST_CAUSES])


def _happenings(before: World, after: World, numbers: Numbers) -> Iterator[Happening]:
    """Everything that may have happened this month, with the runs in which it did."""
    yield from _events(before, after, numbers)
    yield from _deeds(before, after, numbers)
    yield from _steps(before, after, numbers)
    yield from _talks(before, after, numbers)
    yield from _offers(after, numbers)


def _events(before: World, after: World, numbers: Numbers) -> Iterator[Happening]:
    roster = numbers.roster
    for at, name in enumerate(roster.ids["event"]):
        where = after.happened[at] > 0
        if where.any():
            kind, place = name.split(".")
            event = roster.scenario.events[kind]
            actor = place if event.actor == "here" else event.actor
            succeeded = after.success_memory[at] >= 1
            why = reasons(before, numbers, at)
            yield "event", kind, actor, place, event.plover, where & ~succeeded, why
            yield "event", f"{kind} succeeds", actor, place, event.plover, where & succeeded, why


def _deeds(before: World, after: World, numbers: Numbers) -> Iterator[Happening]:
    roster = numbers.roster
    for at, name in enumerate(roster.ids["deed"]):
        deed = roster.scenario.deeds[name]
        for word, where in (
            (name, (before.deed[at] <= 0.5) & (after.deed[at] > 0.5)),
            (f"{name} ends", (before.deed[at] > 0.5) & (after.deed[at] <= 0.5)),
        ):
            if where.any():
                against = -1.0 if word != name else 1.0
                why = {key: against * part for key, part in deed_reasons(before, numbers, at).items()}
                yield "deed", word, deed.owner, "", deed.plover, where, why


def _steps(before: World, after: World, numbers: Numbers) -> Iterator[Happening]:
    roster = numbers.roster
    for m, institution in enumerate(roster.ids["institution"]):
        stages = list(roster.scenario.institutions[institution].stages)
        for i, country in enumerate(roster.ids["country"]):
            moved = after.rung[m, i] > before.rung[m, i]
            for rung in np.unique(after.rung[m, i][moved]).astype(int):
                where = moved & (after.rung[m, i] == rung)
                yield "accession", f"{institution} {stages[rung]}", institution, country, "AGREE", where, {}
    for i, country in enumerate(roster.ids["country"]):
        changed = np.asarray(np.any(after.lean[:, i] != before.lean[:, i], axis=0))
        if changed.any() and roster.is_leaf[i]:
            yield "leader", "new leader", country, "", "", changed, {}


def _talks(before: World, after: World, numbers: Numbers) -> Iterator[Happening]:
    roster = numbers.roster
    for at, name in enumerate(roster.ids["dispute"]):
        first, second = roster.scenario.disputes[name].parties
        yield "talks", f"talks on {name} begin", first, second, "CONSULT", (before.talks[at] < 0.5) & (after.talks[at] > 0.5), {}
        stops = (before.talks[at] > 0.5) & (after.talks[at] < 0.5) & (after.deal[at] < 0.5)
        yield "talks", f"talks on {name} stall", first, second, "SANCTION", stops, {}
        yield "talks", f"deal on {name}", first, second, "AGREE", (before.deal[at] < 0.5) & (after.deal[at] > 0.5), {}


def _offers(after: World, numbers: Numbers) -> Iterator[Happening]:
    roster = numbers.roster
    for at, name in enumerate(roster.ids["linkage"]):
        link = roster.scenario.linkages[name]
        yield "linkage", "offer of calm", link.power, link.institution, "REQUEST", after.offered[at] > 0, {}
        yield "linkage", "calm for concessions", link.institution, link.power, "AGREE", after.accepted[at] > 0, {}


def _acts(before: World, model: InfluenceModel, month: int, lanes: int) -> Iterator[tuple[int, int, str, str, str]]:
    """Seen acts by channel: each tie's count shared out by what its instruments were expected to be seen doing.

    Systematic sampling: act j of n takes the instrument at (u + j) / n of the cumulated shares, u one draw a tie and month.
    """
    from sim.rules.observation import act_rate

    roster, counts = model.numbers.roster, model.world.seen_acts
    if not counts[..., :lanes].any():
        return
    rate = np.broadcast_to(model.numbers.once(act_rate) * before.effort, before.effort.shape)
    draws = model.chance.uniform("channel", month).reshape(counts.shape)
    for p, power in enumerate(roster.ids["power"]):
        held = roster.instruments_of[p]
        channels = [roster.ids["instrument"][place].split(".")[1] for place in range(held.start, held.stop)]
        for i, lane in np.argwhere(counts[p, :, :lanes] > 0):
            number = int(counts[p, i, lane])
            edges = np.cumsum(rate[held, i, lane])
            places = np.searchsorted(edges, (draws[p, i, lane] + np.arange(number)) / number * edges[-1], side="right")
            for place in np.minimum(places, len(channels) - 1):
                yield int(model.run_ids[lane]), month, power, roster.ids["country"][i], channels[place]


def entries_frame(entries: list[Entry]) -> pd.DataFrame:
    """Entries as a table: run, month, kind, event, actor, recipient, plover, cause_1, cause_1_share and so on; by run and month."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for entry in entries:
        row: dict[str, Any] = {name: getattr(entry, name) for name in COLUMNS}
        for number in range(MOST_CAUSES):
            told = entry.causes[number] if number < len(entry.causes) else ("", float("nan"))
            row |= {f"cause_{number + 1}": told[0], f"cause_{number + 1}_share": told[1]}
        rows.append(row)
    causes = [name for number in range(1, MOST_CAUSES + 1) for name in (f"cause_{number}", f"cause_{number}_share")]
    table = pd.DataFrame(rows, columns=[*COLUMNS, *causes])
    return table.sort_values(["run", "month"], kind="stable", ignore_index=True)
