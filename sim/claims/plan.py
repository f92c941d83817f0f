"""From files to verdicts: which claims are tried over which readings, with which controls, and all their trials made on one bench."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.claims.bench import Bench
from sim.claims.selecting import unmeasurable
from sim.claims.trials import MULTIPLES, Trial
from sim.claims.variants import AS_IT_IS, VARIANTS
from sim.claims.verdicts import is_flip
from sim.evidence import Claim as Coded
from sim.outcomes import outcome_columns, outcome_names
from sim.scenario.claims import Claim, ClaimReader, ClaimVocabulary, Ground, OtherGround, Reading
from sim.scenario.faults import Fault, ScenarioFaults, SuasionError
from sim.watching import AXES, unwatchable
from sim.world import VARIABLES

SEED = 1
LEAST_RUNS = 8
# Robustness is tried with one run in so many.
FEWER = 4


def vocabulary(readings: Sequence[Reading] | None = None) -> ClaimVocabulary:
    """All the names that a claim may use beside those of its own world."""
    known = tuple(reading.id for reading in readings) if readings is not None else None
    return ClaimVocabulary(outcome_names, unwatchable, outcome_columns, frozenset(VARIABLES), unmeasurable, known, AXES)


@dataclass(frozen=True)
class Wish:
    """What is asked of the trials: runs and seed, by default each claim's own; and whether other forms of the model are tried."""

    runs: int | None = None
    seed: int | None = None
    robust: bool = False


@dataclass
class Examined:
    """A claim and all its trials: over each reading, with countries that changed places, and in other forms of the model.

    `base` is the trial over the documents' reading with as few runs as those in other forms have.
    """

    claim: Claim
    coded: Coded | None
    trials: dict[str, Trial] = field(default_factory=dict)
    control: Trial | None = None
    base: Trial | None = None
    forms: dict[str, Trial] = field(default_factory=dict)

    @property
    def main(self) -> Trial | None:
        """The trial whose verdict is the claim's: over its own ground."""
        return next(iter(self.trials.values()), None)

    @property
    def verdict(self) -> str:
        """The claim's verdict."""
        return self.main.verdict if self.main is not None else "not expressible"

    @property
    def standing(self) -> str:
        """What its test can be worth."""
        return self.coded.standing if self.coded is not None else "finding"

    @property
    def is_finding(self) -> bool:
        """Whether its verdict counts as something found: not where the model was built or coded that way."""
        return self.standing in ("finding", "partly by construction")

    @property
    def fragile(self) -> tuple[str, ...] | None:
        """The forms of the model in which the verdict turns over; None where none was tried."""
        if self.base is None:
            return None
        return tuple(
            name for name, trial in self.forms.items() if is_flip(self.base.verdict, trial.verdict, (self.base.effects, trial.effects))
        )

    @property
    def is_changed_by_labels(self) -> bool | None:
        """Whether the verdict changes where countries have changed places; None where that was not tried."""
        return None if self.control is None or self.main is None else self.control.verdict != self.main.verdict


def read_all(paths: Sequence[Path], readings: Sequence[Reading], coded: dict[str, Coded], wish: Wish) -> list[Examined]:
    """Claims with their trials, none of them made yet.

    Raises: ScenarioFaults, with everything that is wrong in any file; SuasionError where two files state one claim.
    """
    reader = ClaimReader(vocabulary(readings))
    faults, found = list[Fault](), list[Examined]()
    for path in paths:
        try:
            found.append(_read(reader, path, readings, coded, wish))
        except ScenarioFaults as refused:
            faults += refused.faults
    if faults:
        raise ScenarioFaults(faults)
    files: dict[str, Path] = {}
    for each in found:
        other = files.setdefault(each.claim.id, each.claim.path)
        if other != each.claim.path:
            raise SuasionError(f"{other} and {each.claim.path} both state {each.claim.id}; a claim has one file")
    return found


def _read(reader: ClaimReader, path: Path, readings: Sequence[Reading], coded: dict[str, Coded], wish: Wish) -> Examined:
    claim = reader.claim(path)
    examined = Examined(claim, coded.get(claim.id))
    if claim.not_expressible:
        return examined
    first = readings[0]
    examined.trials[first.id] = _trial(claim, first.id, wish)
    for reading in readings[1:]:
        if claim.readings is None or reading.id in claim.readings:
            try:
                examined.trials[reading.id] = _trial(reader.claim(path, Ground(reading, first)), reading.id, wish)
            except OtherGround:  # it stands on other ground
                break
    if claim.named:
        examined.control = _trial(reader.claim(path, Ground(is_permuted=True)), first.id, wish)
    return examined


def _trial(claim: Claim, reading: str, wish: Wish) -> Trial:
    given = claim.seed if wish.seed is None else wish.seed
    return Trial(claim, reading, wish.runs or claim.runs, SEED if given is None else given)


def try_all(examined: Sequence[Examined], bench: Bench, wish: Wish) -> None:
    """Makes all trials of claims: first over every ground, then the power checks of nulls, then in other forms of the model."""
    trials = [trial for each in examined for trial in (*each.trials.values(), each.control) if trial is not None]
    for trial in trials:
        trial.ask(bench)
    bench.work()
    for trial in trials:
        trial.judge(bench)
    for multiple in MULTIPLES:
        checked = [trial for trial in trials if trial.ask_for_power(bench, multiple)]
        bench.work()
        for trial in checked:
            trial.judge(bench)
    if wish.robust:
        _try_forms(examined, bench)


def _try_forms(examined: Sequence[Examined], bench: Bench) -> None:
    """Makes the trials in other forms of the model, with fewer runs; a null keeps the power check of the model as it is."""
    for each in examined:
        if each.main is not None:
            runs = max(min(LEAST_RUNS, each.main.runs), each.main.runs // FEWER)
            each.base = Trial(each.claim, each.main.reading, runs, each.main.seed)
            each.forms = {name: Trial(each.claim, each.main.reading, runs, each.main.seed, name) for name in VARIANTS if name != AS_IT_IS}
            for trial in (each.base, *each.forms.values()):
                trial.ask(bench)
    bench.work()
    for each in examined:
        if each.main is not None and each.base is not None:
            for trial in (each.base, *each.forms.values()):
                trial.judge(bench, each.main.powers)
