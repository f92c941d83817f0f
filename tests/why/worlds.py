"""Small worlds for questions of why: arms that differ in one number, and events that follow from one another."""

from __future__ import annotations

from sim.scenario.reading import read_text
from sim.scenario.schema import Scenario
from tests.scenario.small import small

# A tie less, so that publics act on governments alone.
CALM = ("polarisation: 0.2", "polarisation: 0")
# Tapes leak where Avala boils, and people march while the tapes are remembered; each is certain then, and next to impossible before.
EVENTS = """{
  leak: {name: Leaked tapes, where: [avala], actor: here, plover: ACCUSE, base: 0.0001, memory: 6, success: 0, causes: {
    heat: {watches: tension.here, weight: 60, usual: 0.4}}},
  march: {name: March on parliament, where: [avala], actor: here, plover: PROTEST, base: 0.0001, memory: 6, success: 0, causes: {
    tapes: {watches: event_memory.leak.here, weight: 40, usual: 0}, weakness: {watches: resilience.here, weight: -0.5, usual: 0.45}}}}
"""
BOIL = "[{id: boil, name: A boil, at: 2020-04, path: countries.avala.tension, set: 0.9, assumption: made up}]"


def arm(months: int, *replaced: tuple[str, str], **sections: str) -> Scenario:
    """The small scenario over a few months, publics without a say in unrest, with some of its text replaced."""
    return read_text(small(CALM, *replaced, time=f"{{start: 2020-01, months: {months}}}", **sections))


def boiling() -> Scenario:
    """Eight months in which tension in Avala is kicked up in April 2020, tapes leak at once, and a march follows."""
    return arm(8, events=EVENTS, shocks=BOIL)
