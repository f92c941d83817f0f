"""Records made up for the tests of charts: scenarios like the Western Balkans with arrays that wander plausibly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from sim.chronicle import Entry
from sim.record import Record, yearly
from sim.roster import Roster
from sim.scenario.clubs import Institution, Member, Stage
from sim.scenario.distributions import Quantity, Within
from sim.scenario.schema import (
    Attention,
    Channel,
    Country,
    Driver,
    Effects,
    Ensemble,
    Mechanics,
    Membership,
    Objectives,
    Policy,
    Power,
    Scenario,
    Shape,
    Shock,
    Time,
)

Values = NDArray[np.float64]

BLOC_OF = {"russia": "east", "eu": "west", "nato": "west", "us": "west"}
POWER_NAMES = {"russia": "Russia", "eu": "European Union", "nato": "NATO", "us": "United States"}
CHANNEL_NAMES = {
    "energy": "Energy supply and pipelines",
    "finance": "Loans, investment and aid",
    "information": "Broadcast and press",
    "religion": "Churches and cultural ties",
    "covert": "Covert action",
    "accession_outreach": "Accession outreach",
}
STAGES = {
    "eu": {"none": "Outside", "applicant": "Applicant", "candidate": "Candidate", "negotiating": "Negotiating", "member": "Member"},
    "nato": {
        "none": "Outside",
        "partner": "Partner",
        "ipap": "Individual partnership plan",
        "map": "Membership Action Plan",
        "invited": "Invited",
        "member": "Member",
    },
}
# Name, whose part, end shares of east and self, shares held by Russia and the West, tension at start and end of which Russia's,
# EU and NATO stage at the start, months to the next stage of each (0: none).
COUNTRIES: dict[str, tuple[Any, ...]] = {
    "serbia": ("Serbia", None, 0.44, 0.37, 0.30, 0.33, 0.36, 0.44, 0.21, 3, 2, 260, 0),
    "kosovo": ("Kosovo", None, 0.01, 0.10, 0.06, 0.59, 0.45, 0.45, 0.02, 0, 0, 150, 0),
    "montenegro": ("Montenegro", None, 0.08, 0.30, 0.20, 0.41, 0.36, 0.44, 0.15, 3, 4, 150, 6),
    "north_macedonia": ("North Macedonia", None, 0.05, 0.17, 0.19, 0.44, 0.45, 0.46, 0.11, 2, 3, 55, 22),
    "bosnia": ("Bosnia and Herzegovina", None, 0, 0, 0, 0, 0, 0, 0, 1, 2, 110, 0),
    "republika_srpska": ("Republika Srpska", "bosnia", 0.67, 0.28, 0.36, 0.28, 0.47, 0.53, 0.19, 1, 2, 0, 0),
    "federation": ("Federation of Bosnia and Herzegovina", "bosnia", 0.02, 0.31, 0.09, 0.50, 0.40, 0.39, 0.01, 1, 2, 0, 0),
    "albania": ("Albania", None, 0.01, 0.03, 0.06, 0.54, 0.30, 0.28, 0.01, 2, 5, 36, 0),
    "croatia": ("Croatia", None, 0.01, 0.20, 0.08, 0.38, 0.15, 0.16, 0.01, 4, 5, 0, 0),
    "bulgaria": ("Bulgaria", None, 0.04, 0.22, 0.20, 0.38, 0.24, 0.23, 0.04, 4, 5, 0, 0),
}
CODES = {
    "serbia": "SRB",
    "kosovo": "XKX",
    "montenegro": "MNE",
    "north_macedonia": "MKD",
    "bosnia": "BIH",
    "albania": "ALB",
    "croatia": "HRV",
    "bulgaria": "BGR",
}
SHOCKS = (("oil_2020", "Oil price halves", "2020-03"), ("pandemic_2020", "Pandemic", "2020-03"), ("war_2022", "War in Ukraine", "2022-02"))


def filled(kind: type[BaseModel], **given: Any) -> Any:
    """A part of a scenario with every number not given put in the middle of its bounds."""
    made = dict(given)
    for name, field in kind.model_fields.items():
        if name in made or not field.is_required():
            continue
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel) and field.annotation is not Quantity:
            made[name] = filled(field.annotation)
        elif field.annotation is Quantity:
            bounds = next((mark for mark in field.metadata if isinstance(mark, Within)), Within(0, 1))
            made[name] = Quantity(value=min((bounds.low + bounds.high) / 2, 1.0), assumption="made up", range=(bounds.low, bounds.high))
        else:
            made[name] = {}
    return kind(**made)


def _power(id: str, channels: Sequence[str]) -> Any:
    skill = {channel: Quantity(value=0.1, evidence=("A1",)) for channel in channels}
    objectives = filled(Objectives)
    return filled(
        Power,
        name=POWER_NAMES.get(id, id.title()),
        bloc=BLOC_OF.get(id, id),
        objectives=objectives,
        attention=filled(Attention),
        skill=skill,
    )


def _country(id: str, institutions: Sequence[str]) -> Country:
    name, parent, *_rest, eu, nato, _, _ = COUNTRIES[id]
    rungs = {"eu": eu, "nato": nato}
    membership = {m: Membership(stage=list(STAGES[m])[rungs[m]], progress=Quantity(value=0.2)) for m in institutions}
    return Country(
        name=name, iso3=CODES.get(id), part_of=parent, membership=membership, population=Quantity(value=3, record="Census, 2011")
    )


def _institution(id: str) -> Any:
    stages = {stage: filled(Stage, name=name) for stage, name in STAGES[id].items()}
    return filled(
        Institution,
        name=POWER_NAMES[id],
        grantor=id,
        alliance=id == "nato",
        stages=stages,
        members={"france": filled(Member, name="France")},
    )


def made_up_scenario(
    powers: Sequence[str] = tuple(POWER_NAMES),
    countries: Sequence[str] = tuple(COUNTRIES),
    institutions: Sequence[str] = ("eu", "nato"),
    months: int = 108,
    title: str = "Western Balkans, 2017-2025",
    names: Mapping[str, str] | None = None,
) -> Scenario:
    """A scenario with the actors of the Western Balkans, or some of them; `names` gives countries other names."""
    channels = {
        id: filled(Channel, name=name, domain="elite", two_way=False, effects=filled(Effects)) for id, name in CHANNEL_NAMES.items()
    }
    made = {id: _country(id, institutions) for id in countries}
    made = {id: each.model_copy(update={"name": (names or {}).get(id, each.name)}) for id, each in made.items()}
    shocks = [
        Shock(id=id, name=name, at=at, path="drivers.oil_price.level", scale=Quantity(value=0.5), shape=Shape(decay=9.0))
        for id, name, at in SHOCKS
    ]
    policy = Policy(
        id="counter_disinformation",
        at="2019-01",
        path="channels.information.publicity",
        by=powers[0],
        cost=Quantity(value=1),
        scale=Quantity(value=0.6),
    )
    return Scenario(
        schema=1,
        title=title,
        note="A made-up world for the tests of charts.",
        time=Time(start="2017-01", months=months),
        ensemble=Ensemble(runs=60, seed=1),
        mechanics=filled(Mechanics),
        drivers={"oil_price": filled(Driver, name="Price of Brent crude")},
        powers={id: _power(id, list(channels)) for id in powers},
        channels=channels,
        countries=made,
        institutions={id: _institution(id) for id in institutions},
        shocks=shocks,
        policies=[policy],
    )


def wander(rng: np.random.Generator, start: float, end: float, months: int, runs: int, width: float = 0.45) -> Values:
    """A share that goes from one level to another while it wanders in log-odds. Shape: (month, run)."""
    odds = [np.log(max(level, 1e-3) / (1 - min(level, 1 - 1e-3))) for level in (start, end)]
    time = np.linspace(0, 1, max(months, 2))[:months, None]
    steps = rng.normal(0, 0.12, (months, runs)).cumsum(axis=0) * 0.5
    path = odds[0] + (odds[1] - odds[0]) * time + rng.normal(0, width, runs) * np.sqrt(time) + steps
    return 1 / (1 + np.exp(-path))


def climb(rng: np.random.Generator, start: int, top: int, first: float, shape: tuple[int, int]) -> tuple[Values, Values]:
    """Stage and progress of a country on a ladder whose next stage takes about so many months (0: never). Shape: (month, run)."""
    months, runs = shape
    rung, progress = np.full(shape, float(start)), np.full(shape, 0.2)
    if first <= 0 or start >= top:
        return rung, np.where(rung >= top, 0.0, progress)
    when = np.zeros(runs)
    month = np.arange(months)[:, None]
    for stage in range(start, top):
        wait = (first if stage == start else 40.0) * rng.lognormal(0, 0.6, runs)
        inside = (month >= when) & (month < when + wait)
        progress = np.where(inside, np.minimum((month - when) / wait, 1.0), progress)
        when = when + wait
        rung = np.where(month >= when, stage + 1.0, rung)
    return rung, np.where(rung >= top, 0.0, progress)


class Wandering:
    """The arrays of a made-up record, filled country by country."""

    def __init__(self, scenario: Scenario, runs: int, seed: int) -> None:
        self.roster, self.rng = Roster(scenario), np.random.default_rng(seed)
        self.months, self.runs = scenario.time.months, runs
        self.scenario = scenario
        size = self.roster.size
        shapes = {
            "course": ("side", "country"),
            "words": ("side", "country"),
            "alignment": ("power", "country"),
            "influence_share": ("power", "country"),
            "opinion": ("power", "country"),
            "tension_power": ("power", "country"),
            "rung": ("institution", "country"),
            "progress": ("institution", "country"),
            "grip": ("instrument", "country"),
        }
        shapes |= {name: ("country",) for name in ("own_share", "tension", "tension_home", "tension_given", "tension_luck")}
        length = {"grip": len(yearly(self.months))}
        self.kept = {name: np.zeros((length.get(name, self.months), *(size(a) for a in axes), runs)) for name, axes in shapes.items()}

    def of(self, start: float, end: float, width: float = 0.45) -> Values:
        return wander(self.rng, start, end, self.months, self.runs, width)

    def fill(self, id: str) -> None:
        """Everything about one country that has no entities."""
        place, facts = self.roster.place("country", id), COUNTRIES[id]
        east, own, by_east, by_west, start, end, stirred = facts[2:9]
        powers, bloc_of = self.roster.ids["power"], self.roster.bloc_of
        blocs = self.roster.ids["bloc"]
        weight = {bloc: east if bloc == "east" else (1 - east - own) / max(len(blocs) - 1, 1) for bloc in blocs}
        parts = np.stack([self.of(0.85 * weight[b] + 0.03, weight[b] + 0.002) for b in blocs] + [self.of(own + 0.02, own + 0.002)])
        self.kept["course"][:, :, place] = np.moveaxis(parts / parts.sum(axis=0), 0, 1)
        reach = np.stack([self.of(0.8 * by_east, by_east) if blocs[b] == "east" else self.of(by_west / 3, by_west / 3) for b in bloc_of])
        own_reach = self.of(0.4, 0.4)
        everything = reach.sum(axis=0) + own_reach
        self.kept["influence_share"][:, :, place] = np.moveaxis(reach / everything, 0, 1)
        self.kept["own_share"][:, place] = own_reach / everything
        within = {b: max(int((bloc_of == b).sum()), 1) for b in set(bloc_of)}
        for p, bloc in enumerate(bloc_of):
            self.kept["alignment"][:, p, place] = self.kept["course"][:, bloc, place] / within[bloc]
            self.kept["opinion"][:, p, place] = self.of(0.5, 0.5)
        for n in range(self.roster.size("instrument")):
            self.kept["grip"][:, n, place] = self.rng.gamma(1.0 + n % 3, 1.0, self.runs)
        self.unrest(place, start, end, stirred, powers)

    def unrest(self, place: int, start: float, end: float, stirred: float, powers: Sequence[str]) -> None:
        """Tension of one country and its ledgers, which sum to it."""
        home = self.of(max(start - 0.6 * stirred, 0.02) * 0.3, max(end - stirred, 0.02))
        given = home[:1] * 0 + max(start, 0.05) * 0.6 * np.exp(-np.arange(self.months) / 18)[:, None]
        luck = self.rng.normal(0, 0.012, (self.months, self.runs))
        total = home + given + luck
        for p, power in enumerate(powers):
            part = self.of(stirred * 0.6 + 0.004, stirred + 0.004) if power == "russia" else -0.01 * self.of(0.4, 0.5)
            self.kept["tension_power"][:, p, place] = part
            total = total + part
        for name, array in (("home", home), ("given", given), ("luck", luck)):
            self.kept[f"tension_{name}"][:, place] = array
        self.kept["tension"][:, place] = total

    def average(self, parent: int, entities: NDArray[np.intp]) -> None:
        """A country with entities is their mean."""
        for name, array in self.kept.items():
            if name not in ("rung", "progress"):
                array[..., parent, :] = array[..., entities, :].mean(axis=-2)


def made_up_record(scenario: Scenario | None = None, runs: int = 60, seed: int = 1, broken: int = 0) -> Record:
    """A record of wandering histories; the last `broken` of them did not go well."""
    scenario = scenario or made_up_scenario()
    made = Wandering(scenario, runs, seed)
    roster = made.roster
    for place, id in enumerate(roster.ids["country"]):
        for m, institution in enumerate(roster.ids["institution"]):
            eu, nato, to_eu, to_nato = COUNTRIES[id][9:]
            start, first = (eu, to_eu) if institution == "eu" else (nato, to_nato)
            made.kept["rung"][:, m, place], made.kept["progress"][:, m, place] = climb(
                made.rng, start, int(roster.top[m]), first, (made.months, runs)
            )
        if roster.is_leaf[place]:
            made.fill(id)
    for parent, entities in roster.entities_of.items():
        made.average(parent, entities)
        for name in ("rung", "progress"):
            made.kept[name][:, :, entities] = made.kept[name][:, :, [parent]]
    status = ("ok",) * (runs - broken) + ("nonfinite",) * broken
    kept = {name: array.astype(np.float32) for name, array in made.kept.items()}
    told = tuple(happened(roster, made.kept["rung"], runs))
    return Record(scenario, seed, np.arange(runs), kept, status, ("",) * runs, chronicle=told)


def happened(roster: Roster, rungs: Values, runs: int) -> Iterator[Entry]:
    """What a made-up chronicle holds: every stage that is reached, and a new leader now and then."""
    for m, institution in enumerate(roster.ids["institution"]):
        stages = list(roster.scenario.institutions[institution].stages)
        for i, country in enumerate(roster.ids["country"]):
            if roster.scenario.countries[country].part_of is None:
                for month, run in np.argwhere(np.diff(rungs[:, m, i], axis=0) > 0):
                    stage = stages[int(rungs[month + 1, m, i, run])]
                    yield Entry(int(run), int(month) + 1, "accession", f"{institution} {stage}", institution, country, "AGREE")
    for run in range(runs):
        for i, country in enumerate(roster.ids["country"]):
            for month in range(5 + 3 * i + run % 7, len(rungs), 40):
                yield Entry(run, month, "leader", "new leader", country, "", "")
