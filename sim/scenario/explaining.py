"""What the schema refuses, in plain words: what was found, what is allowed, what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from typing import Any

from pydantic import ValidationError

from sim.scenario.faults import FaultList, Mark, meant, shown, unknown
from sim.scenario.nodes import Listing, Mapping, Node, Scalar
from sim.scenario.places import TOP, Place
from sim.scenario.scalars import look_alike

# Rough costs of one history of a usual scenario, for the message that refuses too many.
SECONDS_A_RUN = 0.005
BYTES_A_RUN = 2_000
MOST = {"runs": 1_000_000, "months": 1200}
RANGES = ("greater_than", "greater_than_equal", "less_than", "less_than_equal", "number_bounds")
NOT_FINITE = re.compile(r"[-+]?(nan|inf|infinity)", re.IGNORECASE)
FULL_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
AN_EXPERIMENT = "this is an experiment and no scenario; use suasion sweep, or take design, factors, arms, summary and focus out"
OF_EXPERIMENTS = ("design", "factors", "arms", "summary", "focus", "discover", "tipping", "goals", "owners")
A_CLAIM = "this is of a claim; put it into experiments/claims and use suasion claims"
HINTS_FOR_KEYS = {
    "claim": ("E040", A_CLAIM),
    "measures": ("E040", A_CLAIM),
    "expect": ("E040", A_CLAIM),
    "output_dir": ("E060", "a scenario does not choose where results go; use --out"),
    "out": ("E060", "a scenario does not choose where results go; use --out"),
    "workers": ("E040", "a scenario does not choose how many workers run it; use --workers"),
    "end": ("E040", "a span is its first month and a number of months: time: {start: 2017-01, months: 108}"),
    "seed": ("E040", "the seed stands in ensemble: {runs: 500, seed: 1}"),
    "runs": ("E040", "the number of runs stands in ensemble: {runs: 500, seed: 1}"),
    **{key: ("E040", AN_EXPERIMENT) for key in OF_EXPERIMENTS},
}


def explain(error: ValidationError, root: Mapping, faults: FaultList, top: Place = TOP) -> None:
    """Note every refusal of the schema at its place in the file; `top` is the schema's place of the root."""
    for detail in error.errors(include_url=False, include_input=False):
        _Refusal(detail, root, top).note(faults)


class _Refusal:
    """One refusal of the schema, with the node and the place of the schema that its location leads to."""

    def __init__(self, detail: MappingOf[str, Any], root: Mapping, top: Place) -> None:
        self.kind: str = detail["type"]
        self.context: MappingOf[str, Any] = detail.get("ctx") or {}
        self.schema_message: str = detail["msg"]
        self.key: Mark | None = root.mark
        self.node: Node = root
        self.top = top
        self.place: Place | None = top
        self.above: Place | None = None
        self.path = ""
        self.last = ""
        self.parent = root
        for step in detail["loc"]:
            self._step(step)

    def _step(self, step: str | int) -> None:
        """Go one step of a location further, as far as the file goes."""
        if step == "[key]":
            self.kind = "id_form"
            return
        node = self.node
        self.above = self.place
        self.place = self.place.step(step) if self.place is not None else None
        if isinstance(node, Listing) and isinstance(step, int):
            self.path += f"[{step}]"
            if step < len(node.items):
                self.node = node.items[step]
                self.key = self.node.mark
        elif isinstance(node, Mapping):
            self.last = str(step)
            self.path = f"{self.path}.{step}" if self.path else str(step)
            self.parent = node
            if step in node.values:
                self.key, self.node = node.keys[str(step)], node.values[str(step)]

    def note(self, faults: FaultList) -> None:
        """Put the refusal among the faults, unless its place already has one."""
        mark = self.key if self.kind in ("extra_forbidden", "id_form", "missing", "too_long", "too_short") else self.node.mark
        mark = self.node.mark if mark is None or isinstance(self.node, Listing) else mark
        if faults.has(mark) and self.kind not in ("missing", "too_long", "too_short"):
            return
        code, message = self.told()
        faults.add(mark, code, self.path, message)

    def told(self) -> tuple[str, str]:
        """Code and message."""
        match self.kind:
            case "extra_forbidden":
                return self.unknown_key()
            case "missing" if isinstance(self.node, Listing) and self.above is not None:
                return "E021", f"must be {self.above.wanted}, found {self.found}"
            case "too_long" if self.wanted.endswith("numbers"):
                return "E021", f"must be {self.wanted}, found {self.found}"
            case "missing":
                return "E041", f"'{self.last}' is missing; it {'is ' + self.place.wanted if self.place is not None else 'is required'}"
            case "id_form":
                return "E051", _id_form(self.last)
            case "string_too_long":
                return "E017", f"text of {len(self.text)} letters; the longest allowed has {self.context.get('max_length')}"
            case "string_pattern_mismatch":
                return self.pattern()
            case "literal_error":
                return self.choice()
            case "too_short" | "too_long":
                return self.size()
            case "number_form" | "one_of":
                return "E054", self.schema_message
            case "number_range":
                return "E031", self.schema_message
            case "finite_number":
                return "E023", f"must be finite, found {self.found}"
            case _ if self.kind in RANGES:
                return self.range()
            case _:
                return self.type()

    @property
    def text(self) -> str:
        """The text that stands here."""
        return self.node.text if isinstance(self.node, Scalar) else ""

    @property
    def found(self) -> str:
        """What stands here, in words."""
        return described(self.node)

    def unknown_key(self) -> tuple[str, str]:
        """A key that the schema does not have."""
        if (self.last in HINTS_FOR_KEYS and self.path == self.last) or self.path == "time.end":
            return HINTS_FOR_KEYS[self.last]
        known = _keys_beside(self)
        guess = meant(self.last, known)
        left = [key for key in known if key not in self.parent.values]
        listed = f"; other keys are {', '.join(left[:12])}{' ...' if len(left) > 12 else ''}" if left else ""
        return "E040", f"no key called '{shown(self.last)}' here" + (f" (did you mean {guess}?)" if guess else listed)

    def pattern(self) -> tuple[str, str]:
        """Text that does not have the form it needs."""
        pattern = str(self.context.get("pattern", ""))
        if "0[1-9]|1[0-2]" in pattern:
            return "E025", month_form(self.text)
        if "A-Z]{3}" in pattern:
            return "E051", f"must be three capital letters such as SRB, found '{shown(self.text)}'"
        if pattern.startswith("^[A-Z][0-9]+"):
            return "E051", f"must be lines of a document such as B61 or B61-64, found '{shown(self.text)}'"
        if pattern.startswith("^[^"):
            return "E006", "must be one line of text, without tabs"
        if "{0,31}" in pattern:
            doubt = look_alike(self.text)
            return (doubt.code, doubt.message) if doubt else ("E051", _id_form(self.text))
        return "E051", f"must be a path such as powers.russia.capacity, found '{shown(self.text)}'"

    def choice(self) -> tuple[str, str]:
        """A word out of a short list."""
        if self.path == "schema":
            newer = isinstance(self.node, Scalar) and isinstance(self.node.value, int) and self.node.value > 1
            why = "newer than this program, which reads schema 1; upgrade it" if newer else "not known; write schema: 1"
            return "E050", f"schema {shown(self.text, 12)} is {why}"
        choices = re.findall(r"'([^']*)'", str(self.context.get("expected", "")))
        if not isinstance(self.node, Scalar) or not isinstance(self.node.value, str):
            return "E021", f"must be one of {', '.join(choices)}, found {self.found}"
        return "E047", unknown(self.last, self.text, choices)

    def size(self) -> tuple[str, str]:
        """Too many or too few entries."""
        low, high = self.context.get("min_length"), self.context.get("max_length")
        entries = self.context.get("actual_length")
        if self.kind == "too_short":
            return "E031", f"needs at least {low}, found {entries}"
        return "E030", f"{entries if entries is not None else len(getattr(self.node, 'values', []))} entries; the limit is {high}"

    def range(self) -> tuple[str, str]:
        """A number outside its bounds."""
        value = self.node.value if isinstance(self.node, Scalar) else None
        if isinstance(value, int) and self.last in MOST and value > MOST[self.last] and self.path.split(".")[0] in ("time", "ensemble"):
            return "E030", _too_much(self.last, value)
        if self.last == "seed" and isinstance(value, int) and value >= 2**64:
            return "E024", "a seed must be below 2**64"
        found = self.context.get("found") or self.found
        hint = f" ({value:g}% is {value / 100:g})" if isinstance(value, (int, float)) and self.is_share and 1 < value <= 100 else ""
        return "E031", f"must be {self.wanted}, found {found}{hint}"

    @property
    def is_share(self) -> bool:
        """Whether a number from 0 to 1 is wanted."""
        return self.place is not None and self.place.within is not None and (self.place.within.low, self.place.within.high) == (0, 1)

    @property
    def wanted(self) -> str:
        """What is wanted here, in words."""
        return self.place.wanted if self.place is not None else "something else"

    def type(self) -> tuple[str, str]:
        """One kind of thing where another is wanted."""
        hint = ""
        if isinstance(self.node, Scalar) and isinstance(self.node.value, str):
            if "number" in self.wanted and NOT_FINITE.fullmatch(self.text):
                return "E023", f"must be {self.wanted}, found {self.found}; a number must be finite"
            hint = _number_hint(self.text, self.node.plain) if "number" in self.wanted else ""
            if self.last == "seed":
                hint = "; leave it out for a drawn seed, which is recorded"
        elif self.wanted.startswith("text") and isinstance(self.node, Scalar) and self.node.value is not None:
            hint = f'; for text write "{shown(self.text)}"'
        if self.last in ("at", "start") and isinstance(self.node, Scalar):
            return "E025", month_form(self.text)
        return "E021", f"must be {self.wanted}, found {self.found}{hint}"


def _keys_beside(refusal: _Refusal) -> list[str]:
    """The keys that may stand where an unknown one stands."""
    place: Place | None = refusal.top
    for step in re.findall(r"[^.\[\]]+", refusal.path[: len(refusal.path) - len(refusal.last)]):
        place = place.step(step) if place is not None else None
    return (["extends"] if place is refusal.top else []) + (place.keys if place is not None else [])


def described(node: Node) -> str:
    """What a node is, in words."""
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Listing):
        return f"a list of {len(node.items)}"
    if isinstance(node.value, str):
        return f"the text '{shown(node.text)}'"
    return "nothing (null)" if node.value is None else shown(node.text)


def _number_hint(text: str, plain: bool) -> str:
    """What to write for text that was meant as a number."""
    bare = text.strip()
    if re.fullmatch(r"[-+]?[0-9]*\.?[0-9]+", bare):
        return "; take the quotes away" if not plain else ""
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]{3}(,[0-9]{3})*", bare):
        return f"; write {bare.replace(',', '')}"
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]+", bare):
        return f"; use a point: {bare.replace(',', '.')}"
    if re.fullmatch(r"[-+]?[0-9]{1,9}(\.[0-9]{1,9})? ?%", bare):
        return f"; write {float(bare.rstrip(' %')) / 100:g}"
    return ""


def _id_form(word: str) -> str:
    return f"an id is letters, digits, _ and -, 1 to 32 long, found '{shown(word, 40)}'"


def _too_much(what: str, value: int) -> str:
    """Why there is a limit on runs and months."""
    if what == "months":
        return f"{value} months; the limit is {MOST['months']}"
    hours, gigabytes = value * SECONDS_A_RUN / 3600, value * BYTES_A_RUN / 1e9
    return f"{value} runs would take about {hours:,.0f} hours and {gigabytes:,.0f} GB; the limit is {MOST['runs']:,}"


def month_form(text: str) -> str:
    """What to write for a month, from what was written."""
    full = FULL_DATE.match(text)
    if "T" in text or ":" in text:
        return f"must be a month such as {text[:7] if full else '2017-03'}, not a time, found '{shown(text)}'"
    if full and text == full[0]:
        if not "01" <= full[2] <= "12" or full[1] == "0000":
            return _no_month(text, full[2])
        return f"months are written YYYY-MM: {_no_such_day(full)}write {full[1]}-{full[2]}"
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text):
        return _no_month(text, text[5:])
    if "/" in text or "." in text:
        return f"months are written YYYY-MM, such as 2017-03; '{shown(text)}' can be read in more than one way"
    if re.fullmatch(r"[0-9]{4}-[0-9]", text):
        return f"months are written YYYY-MM: write {text[:5]}0{text[5:]}"
    return f"must be a month such as 2017-03, found '{shown(text)}'"


def _no_month(text: str, month: str) -> str:
    return f"'{text}' is no month: {'a year is from 0001 to 9999' if text.startswith('0000') else f'there is no month {month}'}"


def _no_such_day(full: re.Match[str]) -> str:
    """Says so where the day does not exist."""
    import datetime

    try:
        datetime.date(int(full[1]), int(full[2]), int(full[3]))
    except ValueError:
        return f"{full[0]} is no date; "
    return ""
