"""The page about all claims as Markdown: what was tried, what came of it, where the documents disagree, and what it is worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.claims.told import GROUPS, Broken, Half, Told, ToldClaim, Tried
from sim.claims.wording import (
    CAPACITY,
    CAUTION,
    LABELS,
    amount,
    asked,
    command_of,
    control_told,
    disputed,
    effect_told,
    expected,
    forms_told,
    fragile_told,
    power_brief,
    power_told,
    share,
    shown_places,
    span_told,
    summary,
)

HOW = """\
Each claim is a contrast of arms: the same histories, with the same luck, under treatments that differ in one thing. What is measured,
which way it should move and how far at least was written into the claim's file before any run. An effect is the mean over histories of
the contrast, with its 95% interval. A claim is supported when every expectation of it lies wholly beyond the least effect that counts,
refuted when one lies wholly short of it, and undecided else. A claim that something makes no difference needs a power check besides: the
same contrast with Russia's capacity scaled by 1.5, 2, 3, 5 and 10 has to leave the bound, or else the coupling is too weak to speak of.

Some claims hold because the model was built or its numbers coded that way. They are tried all the same, for their size, and are not
counted as findings. `draws` is the share of histories, each with its own draw of the uncertain numbers, in which all of it holds.
Lines are those of the documents, by letter, and beside them stands how sure of it the document sounds."""
NULLS = """\
A null is only worth something where the model could have shown a difference. Each one whose interval lies inside its bound was tried
again with Russia's capacity scaled in both arms, until the effect left the bound."""
BREAKS = """\
Each question below was asked at many points of a space of uncertain numbers, and the box of conditions that best tells the points
where it breaks was looked for. Coverage is the share of all such points that lie in the box. `tested` is how often points that had no
part in making a box are such points inside it: the middle, and the middle 95% of many trials."""


def page(told: Told) -> str:
    """The page as Markdown."""
    parts = [
        "# The claims of the documents, tried",
        f"{CAUTION}",
        f"This page is made by `{told.command} --page FILE`; it is not written by hand.",
        HOW,
        _readings(told),
        "## What came out",
        _list(summary(told)),
        *_disagreements(told),
        "## All claims",
        _whole(told),
        *_nulls(told),
        *_control(told),
        *_forms(told),
        *_breaks(told.boxes),
        *_left_out(told),
        "## Claim by claim",
        *(part for claim in told.claims if claim.tried for part in _claim(claim)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _readings(told: Told) -> str:
    if len(told.readings) < 2:
        return ""
    titles = "; ".join(f"`{reading}`, {_plain(title)}" for reading, title in told.readings.items())
    return f"Every claim is tried over {len(told.readings)} readings of the documents ({titles}). Its verdict is that of the first."


def _disagreements(told: Told) -> Iterator[str]:
    """The claims on which the readings differ, each expectation with all readings side by side."""
    chosen = disputed(told)
    if not chosen:
        return
    yield "## Where the documents disagree"
    for claim in chosen:
        verdicts = "; ".join(f"{reading}: {tried.verdict}" for reading, tried in claim.tried.items())
        yield f"### {claim.id}. {_plain(claim.says)}"
        yield f"Tried: {_plain(claim.title)}. {_lines(claim)}, {claim.standing}. `{command_of(claim, told)}`"
        yield f"**{verdicts}**"
        yield _side_by_side(claim)


def _side_by_side(claim: ToldClaim) -> str:
    trials = claim.tried
    rows = [["expected before any run", *trials]]
    for place in shown_places(claim):
        half = next(iter(trials.values())).halves[place]
        told = [f"{_effect(tried.halves[place])}: {_judged(tried.halves[place])}" for tried in trials.values()]
        rows.append([asked(half), *told])
        if half.is_null:
            rows.append(["its power check", *(power_told(tried.halves[place]) for tried in trials.values())])
    rows.append(["share of draws in which all of it holds", *(share(tried.holds_in) for tried in trials.values())])
    return _table(rows)


def _effect(half: Half) -> str:
    return span_told(half.effect, not half.is_level)


def _judged(half: Half) -> str:
    return f"{half.verdict} ({half.why})" if half.why else half.verdict


def _whole(told: Told) -> str:
    """Every claim on a line: findings first, then what holds in part or whole by construction."""
    is_robust = any(claim.forms for claim in told.claims)
    head = ["id", "claim", "lines", "standing", "the source sounds", *told.readings, "effect that decides", "draws", "power check of nulls"]
    rows = [[*head, *(["fragile"] if is_robust else []), "try it"]]
    for group in GROUPS:
        for claim in told.of(group):
            verdicts = [claim.tried[reading].verdict if reading in claim.tried else "-" for reading in told.readings]
            left = [claim.id, claim.says, " ".join(claim.refs), claim.standing, claim.sure or "-", *(verdicts or [claim.verdict])]
            fragile = [fragile_told(claim)] if is_robust else []
            rows.append([*left, *_numbers(claim.main), power_brief(claim), *fragile, f"`{command_of(claim, told)}`"])
    return _table(rows)


def _numbers(tried: Tried | None) -> list[str]:
    if tried is None:
        return ["not expressible", "-"]
    half = tried.deciding
    return [f"{half.about}: {effect_told(half)}, expected {expected(half)}", share(tried.holds_in)]


def _nulls(told: Told) -> Iterator[str]:
    rows = [["claim", "reading", "what makes no difference to", "effect", "verdict", "power check"]]
    for claim in told.claims:
        for reading, tried in claim.tried.items():
            for half in (half for half in tried.halves if half.is_null):
                about = f"{half.about}, {expected(half)}"
                rows.append([claim.id, reading, about, effect_told(half), _judged(half), power_told(half)])
    if len(rows) > 1:
        yield "## Claims that something makes no difference"
        yield f"{NULLS} What is scaled is `{CAPACITY}`."
        yield _table(rows)


def _control(told: Told) -> Iterator[str]:
    rows = [["claim", "countries it names", "verdict", "with other labels", "effect", "with other labels", "changes"]]
    for claim in told.claims:
        labels = claim.labels
        if labels is not None and claim.main is not None:
            effects = [amount(value, signed=not claim.main.deciding.is_level) for value in (labels.effect, labels.other)]
            named = ", ".join(name.replace("_", " ").title() for name in labels.named)
            rows.append([claim.id, named, claim.verdict, labels.verdict, *effects, "yes" if labels.changed else "no"])
    if len(rows) > 1:
        yield "## Control: other labels on the countries"
        yield f"{LABELS} {control_told(told)}"
        yield _table(rows)


def _forms(told: Told) -> Iterator[str]:
    """What other forms of the model turn over, where any was tried."""
    robust = next((claim for claim in told.claims if claim.forms), None)
    if robust is None:
        return
    titles = "; ".join(form.title for form in robust.forms)
    yield "## Other forms of the model"
    yield f"Each claim was tried again, with {robust.forms[0].runs} runs an arm, under: {titles}. {forms_told(told)}"
    rows = [["claim", "form", "as it is", "in this form"]]
    rows += [[claim.id, form.title, form.before, form.verdict] for claim in told.claims for form in claim.fragile]
    if len(rows) > 1:
        yield _table(rows)


def _breaks(boxes: Sequence[Broken]) -> Iterator[str]:
    if not boxes:
        return
    yield "## Where it breaks"
    yield BREAKS
    for box in boxes:
        yield f"### {_plain(box.title)}"
        yield " ".join(map(_plain, box.of("asked")))
        yield "\n".join(f"**{_plain(words)}.**" for words in box.of("headline")) or " ".join(map(_plain, box.of("refused")))
        yield _list([*box.of("measure"), *box.of("limit")])
        if leaves := box.of("leaf"):
            yield "The same as a tree, the largest shares first:"
            yield _list(leaves)
        yield f"Made by `{box.command}`."


def _left_out(told: Told) -> Iterator[str]:
    chosen = [claim for claim in told.claims if not claim.tried]
    if chosen:
        yield "## What the model cannot express"
    for claim in chosen:
        yield f"### {claim.id}: not expressible"
        yield f"{_plain(claim.says)} ({_lines(claim)}) {_plain(claim.reason)}"


def _claim(claim: ToldClaim) -> Iterator[str]:
    """One claim: its words, why its treatment tests it, and each expectation over each reading."""
    sure = f", the source {claim.sure}" if claim.sure else ""
    yield f"### {claim.id}: {claim.verdict}"
    yield f"{_plain(claim.says)} {_lines(claim)}. Standing: {claim.standing}{sure}."
    yield f"Tried: {_plain(claim.title)}. {_plain(claim.note)}"
    yield _list(_expectation(claim, place) for place in range(len(next(iter(claim.tried.values())).halves)))
    if claim.labels is not None:
        told = "changes" if claim.labels.changed else "stays"
        yield f"With countries in each other's places under their old names the verdict {told} ({claim.labels.verdict})."
    if claim.fragile:
        yield f"Fragile: the verdict turns over with {fragile_told(claim)}."


def _expectation(claim: ToldClaim, place: int) -> str:
    """One expectation, and what came of it over each reading."""
    told = []
    for reading, tried in claim.tried.items():
        half = tried.halves[place]
        told.append(f"{reading} {_effect(half)}, {_judged(half)}, in {share(half.holds_in)} of draws")
    half = next(iter(claim.tried.values())).halves[place]
    return f"{asked(half)}; {half.contrast}: {'; '.join(told)}"


def _lines(claim: ToldClaim) -> str:
    return f"Lines {', '.join(claim.refs)}" if claim.refs else "No lines"


def _list(lines: Iterator[str] | Sequence[str]) -> str:
    return "\n".join(f"- {_plain(line)}" for line in lines)


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a table, the first being its head."""
    made = [f"| {' | '.join(_plain(cell) for cell in row)} |" for row in rows]
    return "\n".join([made[0], f"|{'|'.join([' --- '] * len(rows[0]))}|", *made[1:]])


def _plain(text: str) -> str:
    """Text that stands on one line and opens no cell and no element."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
