"""Numbers in words people say: nine runs of ten, a third, about June 2019."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
FRACTIONS = {
    1 / 20: "a twentieth", 1 / 10: "a tenth", 1 / 5: "a fifth", 1 / 4: "a quarter", 1 / 3: "a third", 2 / 5: "two fifths", 1 / 2: "half",
    3 / 5: "three fifths", 2 / 3: "two thirds", 3 / 4: "three quarters", 4 / 5: "four fifths", 9 / 10: "nine tenths", 1.0: "nearly all",
}  # fmt: skip
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
# Names that English gives an article.
WITH_ARTICLE = ("EU", "US", "UK", "USA", "UN", "European", "United", "Federation", "West", "East")


def count(number: int) -> str:
    """A small number as a word."""
    return COUNTS[number] if 0 <= number < len(COUNTS) else str(number)


def runs_of(times: int, runs: int, noun: bool = True, tens: bool = True) -> str:
    """How often something happened: 'every run', 'nine runs of ten', '18 of 100 runs', '7 of 12 runs'.

    Lists say hundredths throughout, without `tens`.
    """
    share = times / runs
    many = " runs" if noun else ""
    if times == 0:
        return "no run" if noun else "none"
    if times == runs:
        return "every run" if noun else "all"
    if runs < 20:
        return f"{times} of {runs}{many}"
    tenths = round(10 * share)
    if tens and 1 <= tenths <= 9 and abs(10 * share - tenths) < 0.101:
        return f"{count(tenths)}{many} of ten"
    if runs < 100:
        return f"{times} of {runs}{many}"
    hundredths = round(100 * share)
    if hundredths in (0, 100):
        return f"fewer than 1 of 100{many}" if hundredths == 0 else f"more than 99 of 100{many}"
    return f"{hundredths} of 100{many}"


def percent(share: float) -> str:
    """A share as a whole percentage; a small one that is not nothing as <1%."""
    return "<1%" if 0 < share < 0.005 else f"{round(100 * share)}%"


def points_of(share: float) -> str:
    """A share as whole points of 100."""
    return str(round(100 * share)).replace("-0", "0")


def fraction(share: float) -> str:
    """The nearest plain fraction."""
    return FRACTIONS[min(FRACTIONS, key=lambda known: abs(known - share))]


def month(when: np.datetime64, short: bool = False) -> str:
    """A month as people write it: June 2019, or Jun 2019."""
    number = int(when.astype("datetime64[M]").astype(int))
    name = MONTHS[number % 12]
    return f"{name[:3] if short else name} {1970 + number // 12}"


def listed(names: Sequence[str], most: int = 4) -> str:
    """Names with commas and an 'and'; beyond a few, the number of the rest."""
    kept = list(names) if len(names) <= most else [*names[: most - 1], f"{count(len(names) - most + 1)} others"]
    return kept[0] if len(kept) == 1 else f"{', '.join(kept[:-1])} and {kept[-1]}" if kept else "nobody"


def the(name: str) -> str:
    """A name with its article, if English gives it one."""
    return f"the {name}" if name.split(" ")[0] in WITH_ARTICLE else name


def large(sentence: str) -> str:
    """The sentence with a large first letter."""
    return sentence[:1].upper() + sentence[1:]


def interval(low: str, high: str) -> str:
    """Two ends in brackets, or nothing where they are the same."""
    return f" ({low} to {high})" if low != high else ""
