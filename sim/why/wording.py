"""Numbers, months and names as the sentences of this room say them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.roster import Roster
from sim.scenario.dates import month_name, month_number
from sim.world import VARIABLES

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
# First words of names that English gives an article.
WITH_ARTICLE = ("European", "United", "Federation", "EU", "US", "UN")
SECTIONS = {"power": "powers", "country": "countries", "institution": "institutions", "channel": "channels", "dispute": "disputes"}


def month_said(roster: Roster, month: int) -> str:
    """A month of a history, counted from its first: May 2018."""
    number = (month_number(roster.scenario.time.start) or 0) + month
    return f"{MONTHS[number % 12]} {number // 12}"


def month_written(roster: Roster, month: int) -> str:
    """A month of a history as a scenario writes it: 2018-05."""
    return month_name((month_number(roster.scenario.time.start) or 0) + month)


def month_meant(roster: Roster, text: str) -> int | None:
    """The month of a history that a text such as 2018-05 means; nothing if it is none."""
    number = month_number(text)
    return None if number is None else number - (month_number(roster.scenario.time.start) or 0)


def name(roster: Roster, axis: str, place: int) -> str:
    """What people call an actor, a club, a channel or a quarrel, with the article that English gives it."""
    id = roster.ids[axis][place]
    said = str(getattr(getattr(roster.scenario, SECTIONS[axis])[id], "name", None) or id.replace("_", " "))
    return f"the {said}" if said.split(" ")[0] in WITH_ARTICLE else said


def small(words: str) -> str:
    """A label with a small first letter, unless it is an abbreviation."""
    return words[:1].lower() + words[1:] if words[1:2].islower() or words[1:2] == " " else words


def large(sentence: str) -> str:
    """A sentence with a large first letter."""
    return sentence[:1].upper() + sentence[1:]


def whose(who: str) -> str:
    """Russia's, the United States'."""
    return f"{who}'" if who.endswith("s") else f"{who}'s"


def instrument(roster: Roster, place: int) -> str:
    """A power's use of a channel: Russia's covert action."""
    power, channel = name(roster, "power", int(roster.power_of[place])), name(roster, "channel", int(roster.channel_of[place]))
    return f"{whose(power)} {small(channel)}"


def variable_said(roster: Roster, variable: str, place: tuple[int, ...]) -> str:
    """A variable at a place, as a noun: resilience in Montenegro, potency of Russia's covert action in Serbia."""
    kind, words = VARIABLES[variable], small(VARIABLES[variable].label)
    ids = dict(zip(kind.axes, place, strict=True))
    if "event" in ids:
        event, where = roster.ids["event"][ids["event"]].split(".")
        return f"{words} '{roster.scenario.events[event].name}' in {name(roster, 'country', roster.place('country', where))}"
    if "deed" in ids:
        return f"{words} '{roster.scenario.deeds[roster.ids['deed'][ids['deed']]].name}'"
    if "instrument" in ids:
        words += f", {instrument(roster, ids['instrument'])}"
    elif "power" in ids:
        words += f" of {name(roster, 'power', ids['power'])}"
    for axis, link in (("institution", "of"), ("dispute", "in"), ("side", "with"), ("driver", "of"), ("condition", "of")):
        if axis in ids:
            id = roster.ids[axis][ids[axis]]
            words += f" {link} {name(roster, axis, ids[axis]) if axis in SECTIONS else id.replace('_', ' ')}"
    return words + (f" in {name(roster, 'country', ids['country'])}" if "country" in ids else "")


def amount(value: float) -> str:
    """A number in two or three digits that matter."""
    if not np.isfinite(value):
        return "unknown"
    size = abs(value)
    text = f"{size:.0f}" if size >= 100 else f"{size:.1f}" if size >= 10 else f"{size:.2f}" if size >= 0.095 else f"{size:.2g}"
    return f"-{text}" if value < 0 and text.strip("0.") else text


def times(ratio: float) -> str:
    """A factor: 3.1 times."""
    return f"{ratio:.1f} times" if ratio < 9.95 else f"{ratio:.0f} times"


def listed(parts: Sequence[str]) -> str:
    """Words with commas and an 'and'."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
