"""One history told as a chronicle."""

from __future__ import annotations

from itertools import groupby

from sim.chronicle import Entry
from sim.record import Record
from sim.roster import SELF

# Sentences for what has a verb of its own; other events and deeds are told by their names.
FIXED = {"new leader": "{actor} has a new leader.", "offer of calm": "{actor} offers {recipient} calm for concessions.",
         "calm for concessions": "{actor} and {recipient} agree on calm for concessions."}  # fmt: skip


def chronicle_of(record: Record) -> str:
    """What happened in the first history, month by month, each entry with what spoke for it most."""
    told = sorted((entry for entry in record.chronicle if entry.run == record.run_ids[0]), key=lambda entry: entry.month)
    lines = [f"{record.scenario.title}: one history of many, seed {record.seed}, run {record.run_ids[0]}", ""]
    for month, entries in groupby(told, key=lambda entry: entry.month):
        for first, entry in enumerate(entries):
            when = "" if first else str(record.months[month])
            lines.append(f"{when:<9}{sentence(record, entry)}")
    return "\n".join(lines) + "\n"


def sentence(record: Record, entry: Entry) -> str:
    """One entry in words."""
    scenario, word = record.scenario, entry.event
    words = {"actor": _who(record, entry.actor), "recipient": _who(record, entry.recipient)}
    if word in FIXED:
        said = FIXED[word].format(**words)
    elif entry.kind == "event":
        kind, _, success = word.partition(" ")
        said = f"{scenario.events[kind].name} in {words['recipient']}{', and it succeeds' if success else ''}."
    elif entry.kind == "deed":
        deed, _, ends = word.partition(" ")
        said = f"{words['actor']}{' ends' if ends else ''}: {scenario.deeds[deed].name}."
    elif entry.kind == "accession":
        institution, stage = word.split(" ")
        club = scenario.institutions[institution]
        said = f"{words['recipient']} reaches {club.stages[stage].name} with {club.name}."
    else:
        told = " ".join(scenario.disputes[part].name if part in scenario.disputes else part for part in word.split(" "))
        said = f"{told[0].upper()}{told[1:]} ({words['actor']}, {words['recipient']})."
    causes = ", ".join(f"{_cause(record, name)} {share:.0%}" for name, share in entry.causes)
    return said + (f" Because: {causes}." if causes else "")


def _who(record: Record, id: str) -> str:
    for axis in ("country", "power", "institution"):
        if id in record.roster.ids[axis]:
            return record.name(axis, id)
    return id


def _cause(record: Record, name: str) -> str:
    """A cause in words, with sides and powers by their names."""
    words, last = name.replace("_", " "), name.rsplit(" ", 1)[-1]
    if name.startswith("siding with ") and last in record.roster.ids["side"]:
        return f"siding with {_side(record, last)}"
    if name.startswith("public view ") and last in record.roster.ids["power"]:
        return f"{words.removesuffix(last.replace('_', ' '))}{record.name('power', last)}"
    return words


def _side(record: Record, side: str) -> str:
    if side == SELF:
        return "itself"
    members = [id for id, power in record.scenario.powers.items() if power.bloc == side]
    return record.name("power", members[0]) if len(members) == 1 else f"the {side.replace('_', ' ').title()}"
