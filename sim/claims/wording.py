"""Effects, expectations and power checks in words, the same on every page."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from sim.claims.told import GROUPS, NOT_EXPRESSIBLE, Half, Span, Told, ToldClaim
from sim.claims.trials import CAPACITY

LABELS = (
    "Claims that name particular countries were tried once more after countries had changed places: each kept its name, its neighbours and "
    "its luck, and took another's numbers, relays, gates, disputes, deeds and events, and what powers have at stake there. A verdict that "
    "rests on what is known of a country should then often change: the aim is half."
)
CAUTION = "A verdict says what this model makes of a claim under its own assumptions. It says nothing certain about the world."
VERDICTS = ("supported", "refuted", "undecided", NOT_EXPRESSIBLE)
SMALLEST = 1e-9
# The claim on which the documents differ most openly: it stands first among those whose readings disagree.
FIRST = "T66"
MINUS = "\u2212"


def amount(value: float, places: int | None = None, signed: bool = False) -> str:
    """A number as people write it, three digits that matter or so many decimal places: +0.048."""
    if not math.isfinite(value):
        return "not known"
    kept = places_for(value) if places is None else places
    text = f"{abs(value):,.{kept}f}"
    text = text.rstrip("0").rstrip(".") if places is None and "." in text else text
    is_nothing = not any(letter in "123456789" for letter in text)
    sign = "" if is_nothing else MINUS if value < 0 else "+" if signed else ""
    return f"{sign}{text}"


def places_for(value: float, digits: int = 3) -> int:
    """Decimal places that show so many digits that matter."""
    return min(max(digits - 1 - math.floor(math.log10(abs(value))), 0), 6) if abs(value) > SMALLEST else 2


def span_told(effect: Span, signed: bool = True) -> str:
    """An effect with its interval: +0.048 (0.044 to 0.051). Two digits of its half width are told, so that no end is rounded to nothing."""
    if not math.isfinite(effect.value):
        return "not known"
    half = (effect.high - effect.low) / 2 if effect.is_known else 0.0
    if half <= SMALLEST:
        middle = amount(effect.value, signed=signed)
        return f"{middle} ({amount(effect.low)} to {amount(effect.high)})" if effect.is_known else middle
    places = places_for(half, digits=2)
    return f"{amount(effect.value, places, signed)} ({amount(effect.low, places)} to {amount(effect.high, places)})"


def effect_told(half: Half) -> str:
    """The effect of an expectation with its interval and its unit."""
    return f"{span_told(half.effect, not half.is_level)} {half.unit}".rstrip()


def expected(half: Half) -> str:
    """What was expected before any run: at least +0.05, within 0.1 of none."""
    size = amount(half.bound)
    match half.expects:
        case "sign +":
            return f"+{size} or more" if half.bound else "above 0"
        case "sign -":
            return f"{MINUS}{size} or lower" if half.bound else "below 0"
        case "within":
            return f"within {size} of none"
        case "above":
            return f"{size} or more"
        case _:
            return f"{size} or less"


def asked(half: Half) -> str:
    """An expectation in words: what it is about, and how much of it in which unit."""
    return f"{half.about}: {expected(half)}" + (f" ({half.unit})" if half.unit else "")


def power_told(half: Half) -> str:
    """What the power check of a null says; nothing for what is no null."""
    if not half.is_null:
        return ""
    if not half.checks:
        return "not made, as the effect does not lie inside the bound" if half.verdict != "supported" else "not asked for"
    left = next((check for check in half.checks if check.leaves), None)
    last = left or half.checks[-1]
    told = "leaves the bound at" if left is not None else "never leaves the bound, up to"
    return f"{told} {last.multiple:g} times, with {span_told(last.effect)}"


def power_brief(claim: ToldClaim) -> str:
    """The power checks of a claim's nulls in a few words; nothing where it has none."""
    halves = [half for half in claim.main.halves if half.is_null] if claim.main is not None else []
    told = []
    for half in halves:
        left = next((check for check in half.checks if check.leaves), None)
        told.append(f"leaves at {left.multiple:g} times" if left is not None else "never leaves" if half.checks else "not made")
    return ", ".join(dict.fromkeys(told))


def fragile_told(claim: ToldClaim) -> str:
    """In which other forms of the model the verdict turns over; nothing where none was tried."""
    if not claim.forms:
        return ""
    return "; ".join(form.title for form in claim.fragile) or "no"


def share(value: float) -> str:
    """A share as a whole percentage."""
    return f"{value:.0%}" if math.isfinite(value) else "not known"


def counted(claims: Iterable[ToldClaim]) -> str:
    """How many claims there are, and how many have which verdict: '18 claims: 9 supported, 5 refuted, 4 undecided'."""
    found = Counter(claim.verdict for claim in claims)
    parts = [f"{found[verdict]} {verdict}" for verdict in VERDICTS if found[verdict]]
    return f"{found.total()} claim{'s' if found.total() != 1 else ''}: {', '.join(parts)}"


def summary(told: Told) -> Iterator[str]:
    """What came out, in a few sentences; what holds by construction or coding is told apart from findings."""
    for group in GROUPS:
        if claims := told.of(group):
            yield f"{group}: {counted(claims)}."
    several = [claim for claim in told.claims if len(claim.tried) > 1]
    if several:
        differ = [claim.id for claim in several if claim.differs]
        yield f"The readings of the documents come to different verdicts on {len(differ)} of {len(several)} claims{_named(differ)}."
    if line := nulls_told(told):
        yield line
    if line := control_told(told):
        yield line
    if line := forms_told(told):
        yield line


def nulls_told(told: Told) -> str:
    """How many nulls there are, and how many of them could have failed; nothing where there is none."""
    nulls = [half for claim in told.claims if claim.main is not None for half in claim.main.halves if half.is_null]
    if not nulls:
        return ""
    able = sum(any(check.leaves for check in half.checks) for half in nulls)
    weak = sum(bool(half.checks) for half in nulls) - able
    rest = f"{able} pass their power check, {weak} do not, and for {len(nulls) - able - weak} none was made"
    many = "One expectation is" if len(nulls) == 1 else f"{len(nulls)} expectations are"
    return f"{many} that something makes no difference: {rest}."


def control_told(told: Told) -> str:
    """How many verdicts change where countries change places; nothing where that was not tried."""
    tried = [claim for claim in told.claims if claim.labels is not None]
    if not tried:
        return ""
    changed = sum(claim.labels is not None and claim.labels.changed for claim in tried)
    of = f"{changed} of {len(tried)} verdicts on claims that name particular countries change"
    aim = "as aimed for" if 2 * changed >= len(tried) else "fewer than the half aimed for"
    held = [claim for claim in tried if claim.verdict != "refuted"]
    lost = sum(claim.labels is not None and claim.labels.changed for claim in held)
    rest = f"; of those that are not refuted as they are, {lost} of {len(held)}" if held else ""
    return f"Control: with countries in each other's places under their old names, {of}, {aim}{rest}."


def forms_told(told: Told) -> str:
    """How many verdicts another form of the model turns over; nothing where none was tried."""
    tried = [claim for claim in told.claims if claim.forms]
    if not tried:
        return ""
    fragile = [claim.id for claim in tried if claim.fragile]
    return f"Other forms of the model turn over {len(fragile)} of {len(tried)} verdicts{_named(fragile)}."


def _named(ids: list[str]) -> str:
    return f": {', '.join(ids)}" if ids else ""


def disputed(told: Told) -> list[ToldClaim]:
    """Claims to set the readings side by side for: the first of all, then those on which their verdicts differ."""
    chosen = [claim for claim in told.claims if len(claim.tried) > 1 and (claim.differs or claim.id == FIRST)]
    return sorted(chosen, key=lambda claim: claim.id != FIRST)


def shown_places(claim: ToldClaim) -> list[int]:
    """Which expectations of a disputed claim are shown: all of the first claim, else those whose own verdicts differ."""
    trials = list(claim.tried.values())
    places = list(range(min(len(tried.halves) for tried in trials)))
    differing = [place for place in places if len({tried.halves[place].verdict for tried in trials}) > 1]
    return places if claim.id == FIRST else differing or places


def command_of(claim: ToldClaim, told: Told) -> str:
    """The command that tries one claim as it was tried here."""
    options = re.sub(r" --(robust\b|boxes \S+)", "", told.command).partition(" --")[2]
    return f"suasion claims {claim.id} --{options}" if options else f"suasion claims {claim.id}"


__all__ = [
    "CAPACITY", "CAUTION", "FIRST",
    "LABELS", "VERDICTS", "amount", "asked", "command_of", "control_told", "counted", "disputed", "effect_told",
    "expected", "forms_told", "fragile_told", "power_brief", "power_told", "share", "shown_places", "span_told", "summary",
]  # fmt: skip
