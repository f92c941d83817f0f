"""The model described after the ODD protocol: seven elements in words, with tables made from a scenario and the turn."""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Iterable, Iterator, Sequence

import sim.rules
from sim.chapters import CHAPTERS
from sim.dated import HELD
from sim.evidence import SUPPORTS, support_of
from sim.numbers import TABLE, Entry
from sim.roster import Roster
from sim.scenario.distributions import Quantity
from sim.scenario.places import bounds_at, number_paths
from sim.scenario.schema import Scenario
from sim.settling import start_purposes
from sim.turn import TURN, purposes
from sim.world import VARIABLES, Variable

ENTITIES = {
    "power": "a great power: spends a budget of effort on influence over the countries it has a stake in",
    "bloc": "powers that contend for a country as one",
    "country": "a target country, or an entity inside one; where people are influenced, or where institutions look",
    "side": "what a government can lean to: each bloc, and its own course",
    "channel": "a means by which influence travels, such as energy or media",
    "instrument": "a power's use of a channel it has skill in",
    "relay": "a local actor that amplifies or hinders channels in a country",
    "institution": "a club that a power holds the door to: a ladder of stages, and members who consent or not",
    "gate": "what has to hold before a stage can be passed",
    "driver": "a price or a salience in the outer world that nobody here decides",
    "condition": "a fact of the outer world that nobody here decides",
    "dispute": "a quarrel between two countries, with its talks",
    "deed": "an action that is no channel, owned by a country or a power",
    "event": "something that happens by chance in one place",
    "linkage": "calm here offered for concessions in another theatre",
}
RANGES = {"share": "0 to 1", "amount": "0 and up", "signed": "either sign", "rung": "0 to the top stage", "months": "0 and up"}

HEAD = """\
# The model after ODD

This page describes the model by the seven elements of the ODD protocol: Overview, Design concepts, Details, in its second update (Grimm
et al. 2020, Journal of Artificial Societies and Social Simulation 23(2) 7). `suasion odd` prints it for any scenario, with the tables
made from that scenario and from the program, and a test fails when this page differs from what is printed. Equations stand in
[model.md](model.md), reasons in [design.md](design.md), and where numbers come from in [evidence.md](evidence.md).
"""

PURPOSE = """\
## 1 Purpose and patterns

The purpose is to work out what follows from stated assumptions about rivalry for influence: who leans where, who joins what, how tense
countries become and who has a hand in it, and how much of each answer rests on numbers that nobody knows well. Suasion explains and
compares; it does not forecast.

The model counts as useful as far as its histories show patterns that are known from outside it: governments that hedge between blocs and
say more than they do; ladders climbed at the pace seen, and stuck where a quarrel holds the gate; publics that keep their likings for
years; tension that comes mostly from home; powers whose attention follows crises; promises that lose their worth when kept unevenly.
"""

SCALES = """\
Time moves in months; this scenario starts in {start} and runs for {months} months. Space is the list of countries and who borders whom.
All histories of an ensemble, {runs} here, are simulated side by side and never touch.

"""

PROCESS = """\
## 3 Process overview and scheduling

In a month dated changes come first. Then every act below reads the world as last month left it and writes its own variables, so the order
of acts is no assumption and a test turns it round. Last come the readings, which follow from this month's stocks and are what next
month's acts read. An act marked * also reads the variables that this scenario's causes and needs name.

"""

CONCEPTS = """\
## 4 Design concepts

**Basic principles.** Influence is a contest (Tullock 1980): what one bloc holds of a country's course, others and the country itself do
not. Effort becomes leverage, a stock that fades. Governments hedge, as small states do among large ones. Membership is a ladder of work,
gates and consent. Tension has causes at home, on which outside stirring builds.

**Emergence.** Alignment, entries, tension and its shares, and where effort goes all result from the acts; nothing fixes them but the
start and the numbers.

**Adaptation.** A power moves part of the way each month to the shares of budget that quantal response (McKelvey and Palfrey 1995) gives;
a government moves its course with inertia towards the mix of sides it wants. Owners do and undo deeds by how much they gain.

**Objectives.** A power weighs influence, entries to institutions, unrest, resilience, autonomy, deals and concessions; either sign is
possible for most. A government weighs influence, doors and how far off they are, its public, conditions and fear, and values variety.

**Learning.** A power believes its skill to be its true skill times a factor, which rises when it saw more than it believed it would.

**Prediction.** A power reckons to first order what one more unit of effort is worth over its patience. Nobody foresees what others do.

**Sensing.** Powers know last month's world, but of rivals' acts only what is seen, by channel and by how closely a tie is watched. They
judge success by words more than by deeds. Governments see who courts them.

**Interaction.** Powers meet through shares of the contest, through channels that wear down others' leverage, and through seen activity
that draws attention. Countries meet as neighbours, in disputes, and as entities inside one country.

**Stochasticity.** Uncertain numbers are drawn once a history; luck is drawn each month for the purposes below. Both are addressed by
seed, purpose, actor, history and month, so a history is the same alone and in company, and two scenarios share their luck.

"""

COLLECTIVES = """\
**Collectives.** Blocs contend as one and share inside by reach. Institutions have members with stances, whose unity decides consent. A
country with entities is their mean by population, and they may veto what it decides.

**Observation.** A run keeps monthly arrays of chosen variables for every history, and outcomes read from them; ledgers split tension
between home, each power, chance and dated changes to the last bit.
"""

DETAILS = """\
## 5 Initialization

The world before the first month is at rest: at medians, without luck, nothing moves that nobody moves. Stocks stand where the scenario
says; the plan every power would settle on, the size of all that holds opinion, tension, resilience and capture in place, and what powers
and candidates are used to are solved for once, with what-ifs left out. Leverage starts at its balance under that plan. Moods start spread
as they stay spread. Every history draws its own numbers and starts from them.

## 6 Input data

Nothing is read while a history runs. What the outer world does is in the scenario as dated changes: shocks, and policies that a power
pays for. This scenario has {shocks} shocks and {policies} policies. Numbers, by the chapter of [model.md](model.md) whose rules read
them, and what stands behind each (lines of a document, a public record, an assumption, nothing):

"""

SUBMODELS = """\
## 7 Submodels

Each file of `sim/rules` is a chapter, or a part of one, of [model.md](model.md), where its equations stand.

"""


def page(scenario: Scenario) -> str:
    """The whole description for a scenario, as Markdown."""
    roster = Roster(scenario)
    return "\n".join(
        [
            HEAD + f"\nScenario: {scenario.title}.\n",
            PURPOSE,
            "## 2 Entities, state variables, and scales\n",
            SCALES.format(start=scenario.time.start, months=scenario.time.months, runs=scenario.ensemble.runs)
            + table(("entity", "number", "what it is"), ((f"`{axis}`", roster.size(axis), told) for axis, told in ENTITIES.items())),
            "State variables, by their axes. A stock is moved by the act named; a reading follows from the stocks of its month.\n",
            table(("variable", "axes", "what it is", "unit", "range", "moved by"), (_variable(each) for each in VARIABLES.values())),
            PROCESS + table(("act", "chapter", "reads", "writes"), _acts()),
            CONCEPTS + table(("luck for", "drawn by"), _luck(scenario, roster)),
            COLLECTIVES,
            DETAILS.format(shocks=len(scenario.shocks), policies=len(scenario.policies)) + _parameters(scenario, roster),
            SUBMODELS + table(("file", "what it holds"), _files()),
        ]
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(str(cell).replace('|', '/') for cell in line)} |\n" for line in lines)


def _variable(variable: Variable) -> tuple[str, ...]:
    """A line of the table of state variables."""
    writer = next((f"act {act.name}" for act in TURN if variable.name in act.writes), "")
    dated = "dated changes" if variable.name in HELD or variable.name == "policy_cost" else ""
    stays = "nobody; set at the start" if variable.name in ("used_to", "promised", "united", "leant", "watched") else ""
    own = "as declared" if variable.name == "driver" else RANGES[variable.kind]
    axes = " × ".join(variable.axes)
    return f"`{variable.name}`", axes, variable.label, variable.unit, own, writer or dated or stays or "reading"


def _acts() -> Iterator[tuple[str, ...]]:
    for act in TURN:
        yield act.name + "*" * act.watches, act.chapter, ", ".join(act.reads), ", ".join(act.writes)


def _luck(scenario: Scenario, roster: Roster) -> Iterator[tuple[str, str]]:
    """Every purpose luck is drawn for, and how many actors draw it."""
    uncertain = sum(number.form[0] != "fixed" for number in number_paths(scenario).values())
    yield "numbers, once a history", f"{uncertain} uncertain numbers"
    for told, drawn in (("at the start", start_purposes(roster)), ("each month", purposes(roster))):
        for purpose, streams in drawn.items():
            yield f"`{purpose}`, {told}", _streams(streams)


def _streams(streams: Sequence[str]) -> str:
    return f"{len(streams)}, such as {streams[0].replace('>', ' and ')}" if streams else "nobody here"


def _parameters(scenario: Scenario, roster: Roster) -> str:
    """Support by chapter, then every parameter of every chapter with the middle of its medians and how far its numbers reach."""
    known = number_paths(scenario)
    held = {entry: [known[path] for _, path in entry.paths(roster) if path in known] for entry in TABLE}
    chapters = {name: [number for entry in TABLE if entry.chapter == name for number in held[entry]] for name in CHAPTERS}
    rows = [(name, len(numbers), *_support(numbers)) for name, numbers in chapters.items()]
    parts = [table(("chapter", "numbers", *SUPPORTS), [*rows, ("all", len(known), *_support(list(known.values())))])]
    parts.append(
        "For each kind of number: how many there are, the middle one of their medians, and from where to where they can be drawn.\n"
    )
    heads = ("number", "unit", "count", *SUPPORTS, "median", "range")
    for name, kind in CHAPTERS.items():
        told = (kind.__doc__ or name).splitlines()[0]
        rows_here = (_parameter(entry, numbers) for entry, numbers in held.items() if entry.chapter == name)
        parts += [f"**{name}**: {told}\n", table(heads, rows_here)]
    return "\n".join(parts)


def _support(numbers: Sequence[Quantity]) -> tuple[int, ...]:
    found = [support_of(number) for number in numbers]
    return tuple(found.count(support) for support in SUPPORTS)


def _parameter(entry: Entry, numbers: Sequence[Quantity]) -> tuple[object, ...]:
    """A line of the table of parameters; a dash where the scenario has no such number."""
    unit = bounds_at(entry.template).unit
    if not numbers:
        return f"`{entry.template}`", unit, 0, *_support(numbers), "-", "-"
    medians = sorted(number.median() for number in numbers)
    middle = (medians[(len(medians) - 1) // 2] + medians[len(medians) // 2]) / 2
    reaches = [number.reach for number in numbers]
    low, high = min(reach[0] for reach in reaches), max(reach[1] for reach in reaches)
    span = _number(low) if low == high else f"{_number(low)} to {_number(high)}"
    return f"`{entry.template}`", unit, len(numbers), *_support(numbers), _number(middle), span


def _number(value: float) -> str:
    return f"{value:.4g}" if math.isfinite(value) else "without end"


def _files() -> Iterator[tuple[str, str]]:
    """Every file of rules with its first line."""
    for module in sorted(pkgutil.iter_modules(sim.rules.__path__), key=lambda module: module.name):
        told = importlib.import_module(f"sim.rules.{module.name}").__doc__ or ""
        yield f"`{module.name}.py`", told.splitlines()[0]
