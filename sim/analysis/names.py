"""What people call an outcome column or a factor: words from the scenario for ids and paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.outcomes import Metric, metrics_of
from sim.roster import SELF
from sim.scenario.schema import Scenario
from sim.world import VARIABLES

HOW = {"mean": "mean", "end": "at the end", "month": "month of entry"}
# Where a month is no month of entry.
MONTH_OF = {"deal": "month of signing"}
SENTENCE_HOW = {"mean": "average ", "end": "final ", "month": ""}
LONG_POSITION, POSITION = "stage and progress within it", "position"
# Words between a quantity and the actor it is held towards; 'of' for the rest.
TOWARDS = {"alignment": "with", "kinship": "with", "dependence": "on", "aspiration": "to", "skill": "in", "stakes": "in", "permits": "for"}
SINGULAR = {"stakes": "stake", "permits": "permission"}
# Quantities that belong to the power, not to the country they are found in.
HELD_BY_PARTNER = ("influence_share",)
# Sections of a scenario whose entries have names.
NAMED = ("powers", "countries", "channels", "institutions", "drivers", "conditions", "relays", "gates", "disputes", "deeds", "events")
# Monthly quantities whose label says more than a sentence bears, and the word before their partner.
WORDED = {
    "course": ("alignment", "with"),
    "words": ("declared alignment", "with"),
    "tension_power": ("tension made", "by"),
    "seen_acts": ("acts seen", "of"),
    "rung": ("stage", "of"),
}
# Where the entries of an axis stand in a scenario.
SECTIONS = {
    "country": "countries", "power": "powers", "institution": "institutions", "dispute": "disputes", "deed": "deeds",
    "driver": "drivers", "condition": "conditions", "linkage": "linkages",
}  # fmt: skip
# Sections whose entries own their numbers: Serbia's hedging, but the half life of a channel.
ACTORS = ("powers", "countries", "institutions")
LONGEST_ABBREVIATION = 4
# First words of names that English gives an article inside a sentence.
WITH_ARTICLE = ("European", "United", "Federation", "West", "East", "EU", "US", "UK", "UN", "USA")


@dataclass(frozen=True)
class Spoken:
    """A quantity as people speak of it: its name, a brief one, its unit, and how a sentence says it.

    `mark` is a value worth a mark on its scale: what a factor is in the scenario, or the middle of an outcome that means something.
    A value times `scale` is in `unit`: 'points' of 100 for shares, 'stages', 'months', 'runs of 100' for a yes or no, else ''.
    """

    name: str
    brief: str
    unit: str = ""
    scale: float = 1.0
    said: str = ""
    mark: float | None = None

    @property
    def in_sentence(self) -> str:
        """The name inside a sentence: 'Serbia's average alignment with Russia'."""
        return self.said or self.brief


def outcome_spoken(scenario: Scenario, column: str) -> Spoken:
    """An outcome column in words: 'Serbia: alignment with Russia, mean'. A column the scenario does not know keeps its own name."""
    actor, metric_name, *partner, how = column.split(".") if column.count(".") >= 2 else ("", "", "")
    metric = metrics_of(scenario).get(metric_name)
    if metric is None or how not in HOW:
        return Spoken(column, column)
    names, when = [], MONTH_OF.get(metric_name, HOW[how]) if how == "month" else HOW[how]
    for brief in (False, True):
        label = _label(scenario, metric.label, brief)
        towards = f" {TOWARDS.get(metric_name, 'of')} {_towards(scenario, partner[0], brief)}" if partner else ""
        names.append(f"{_about(scenario, metric, actor, brief)}: {label}{towards}, {when}")
    who, whom = _about(scenario, metric, actor, True), _towards(scenario, partner[0], True) if partner else ""
    what = SENTENCE_HOW[how] + _label(scenario, metric.label, True)
    if metric_name in HELD_BY_PARTNER and whom:
        said = f"{possessive(whom)} {what} in {_article(who)}"
    else:
        said = f"{possessive(_article(who))} {what}" + (f" {TOWARDS.get(metric_name, 'of')} {whom}" if whom else "")
    return Spoken(names[0], names[1], *_unit(metric.unit, how), said)


def yes_no(scenario: Scenario, columns: Iterable[str]) -> frozenset[str]:
    """Those outcome columns that are a yes or no, by what the scenario's metrics say."""
    return frozenset(column for column in columns if outcome_spoken(scenario, column).unit == "runs of 100")


def series_spoken(scenario: Scenario, variable: str, actor: str, partner: str = "") -> Spoken:
    """A monthly quantity in words: 'Serbia: alignment with Russia', with its unit.

    `variable` is one of the World's; actor and partner are ids along its axes, as in a summary.
    """
    kind = VARIABLES[variable]
    unit, scale = _unit("stage" if kind.kind == "rung" else kind.unit, "")
    label, link = WORDED.get(variable, (_small(kind.label), TOWARDS.get(variable, "of")))
    names = [_of_axis(scenario, kind.axes, actor, brief) for brief in (False, True)]
    if partner == SELF:
        what = [label.replace("alignment", "own course")] * 2
    else:
        whom = [_article(_of_axis(scenario, kind.axes, partner, brief)) if partner else "" for brief in (False, True)]
        what = [f"{label} {link} {each}" if each else label for each in whom]
    said = f"{possessive(_article(names[1]))} {what[1]}"
    if variable in HELD_BY_PARTNER and partner:
        said = f"{possessive(whom[1])} {label} in {_article(names[1])}"
    return Spoken(f"{names[0]}: {what[0]}", f"{names[1]}: {what[1]}", unit, scale, said)


def _of_axis(scenario: Scenario, axes: Sequence[str], id: str, brief: bool) -> str:
    """The name of whatever an id along one of these axes stands for."""
    for axis, section in SECTIONS.items():
        if axis in axes and id in getattr(scenario, section):
            return _called(scenario, section, id, brief)
    if "side" in axes and id in scenario.blocs():
        members = [power for power, entry in scenario.powers.items() if entry.bloc == id]
        return _called(scenario, "powers", members[0], brief) if len(members) == 1 else _words(id).title()
    first, _, second = id.partition(".")
    if "event" in axes and first in scenario.events and second in scenario.countries:
        return f"{_called(scenario, 'events', first, brief)} in {_called(scenario, 'countries', second, brief)}"
    if "instrument" in axes and first in scenario.powers and second in scenario.channels:
        return f"{_called(scenario, 'powers', first, brief)}, {_small(_called(scenario, 'channels', second, brief))}"
    return _words(id)


def factor_spoken(scenario: Scenario, path: str) -> Spoken:
    """A number of the scenario in words, by its path: 'Serbia: dependence on Russia, energy'.

    A text that is no path, such as the id a factor of several paths was given, becomes words.
    """
    section, *keys = path.split(".")
    if not keys:
        return Spoken(_words(path), _words(path))
    if section in NAMED and len(keys) > 1:
        names, rest = [_called(scenario, section, keys[0], brief) for brief in (False, True)], keys[1:]
    else:
        owned = section == "mechanics" and len(keys) > 1
        names, rest = [_words(keys[0] if owned else section)] * 2, keys[1:] if owned else keys
    full, brief = (_rest(scenario, rest, short) for short in (False, True))
    first, _, more = brief.partition(", ")
    held = f"{first} ({more})" if more else first
    said = f"{possessive(_article(names[1]))} {held}" if section in ACTORS else f"{held} of {_small(names[0])}"
    return Spoken(f"{names[0]}: {full}", f"{names[1]}: {brief}", said=said)


def factors_spoken(scenario: Scenario, paths: Mapping[str, str], named: Mapping[str, str] | None = None) -> dict[str, Spoken]:
    """Words for factors, by id: from the path each changes (its id, where it changes several), or the name its author gave."""
    given = named or {}
    return {id: Spoken(given[id], given[id]) if id in given else factor_spoken(scenario, path) for id, path in paths.items()}


def _rest(scenario: Scenario, keys: list[str], brief: bool) -> str:
    """What of an actor: 'dependence on Russia, energy'."""
    kept = [key for place, key in enumerate(keys) if key != "channels" or place == 0]
    first, *others = kept
    if not others:
        return first.replace("_", " ")
    joined = f" {TOWARDS.get(first, 'of')} " if first in TOWARDS or first == "opinion" else ", "
    more = [_towards(scenario, key, brief) if _is_actor(scenario, key) else key.replace("_", " ") for key in others]
    return f"{SINGULAR.get(first, first).replace('_', ' ')}{joined}{', '.join(more)}"


def _is_actor(scenario: Scenario, id: str) -> bool:
    return any(id in section for section in (scenario.powers, scenario.countries, scenario.institutions))


def _towards(scenario: Scenario, id: str, brief: bool = False) -> str:
    """The name of whom something is held towards, with its article."""
    return _article(_of_any(scenario, id, brief))


def _article(name: str) -> str:
    return f"the {name}" if name.split(" ")[0] in WITH_ARTICLE else name


def possessive(who: str) -> str:
    """Whose: Russia's, the United States'."""
    return f"{who}'" if who.endswith("s") else f"{who}'s"


def _of_any(scenario: Scenario, id: str, brief: bool) -> str:
    """The name of a power, country or institution, whichever has this id."""
    for section in ("countries", "powers", "institutions"):
        if id in getattr(scenario, section):
            return _called(scenario, section, id, brief)
    return _words(id)


def _about(scenario: Scenario, metric: Metric, id: str, brief: bool) -> str:
    """The name of whom a column of a metric is about; a dispute's is its parties', whatever its id is short for."""
    if metric.section == "countries":
        return _of_any(scenario, id, brief)
    return _called(scenario, metric.section, id, False)


def _called(scenario: Scenario, section: str, id: str, brief: bool) -> str:
    """An entry's name, or the id in words where that is shorter and a brief name is wanted."""
    entries: Mapping[str, Any] = getattr(scenario, section)
    name = str(getattr(entries.get(id), "name", None) or _words(id))
    short = id.upper() if len(id) <= LONGEST_ABBREVIATION else _words(id)
    return short if brief and len(short) < len(name) else name


def _label(scenario: Scenario, label: str, brief: bool) -> str:
    """A metric's label inside a sentence: small, unless it begins with the name of an institution."""
    for id, institution in scenario.institutions.items():
        if label.startswith(institution.name):
            rest = label.removeprefix(institution.name)
            return _called(scenario, "institutions", id, brief) + (rest.replace(LONG_POSITION, POSITION) if brief else rest)
    return _small(label)


def _small(label: str) -> str:
    """A label with a small first letter, unless it is an abbreviation."""
    return label[:1].lower() + label[1:] if label[1:2].islower() or label[1:2] == " " else label


def _words(id: str) -> str:
    """An id as words with a large first letter."""
    words = id.replace("_", " ").replace("-", " ").replace(".", " ")
    return words[:1].upper() + words[1:]


def _unit(unit: str, how: str) -> tuple[str, float]:
    """The unit people use for a metric's values, and what to multiply them by."""
    if how == "month":
        return "months", 1.0
    if unit.startswith("yes or no"):
        return "runs of 100", 100.0
    if unit == "share":
        return "points", 100.0
    return ("stages", 1.0) if unit in ("stage", "stages") else (unit, 1.0)
