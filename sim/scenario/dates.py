"""Months as a scenario writes them, and as numbers that can be counted."""

from __future__ import annotations

import re

MONTH = re.compile(r"(?!0000)([0-9]{4})-(0[1-9]|1[0-2])")


def month_number(text: str) -> int | None:
    """Months since the year 0, or nothing if the text is no month."""
    found = MONTH.fullmatch(text)
    return int(found[1]) * 12 + int(found[2]) - 1 if found else None


def month_name(number: int) -> str:
    """The month as a scenario writes it: 2017-03."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
