"""The history that a report tells: its entries in words with their causes, by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.charts.happenings import causes_of
from sim.charts.style import literal
from sim.charts.words import month
from sim.record import Record
from sim.retelling import sentence

MOST_ENTRIES = 400


def entries_told(record: Record, run: int, months: NDArray[np.intp]) -> list[dict[str, Any]]:
    """The entries of one run in order of time, each with its place among the drawn months, its words and what spoke for it."""
    own = sorted((entry for entry in record.chronicle if entry.run == run), key=lambda entry: entry.month)
    told = []
    for entry in own[:MOST_ENTRIES]:
        said = sentence(record, entry).partition(" Because: ")[0]
        told.append(
            {
                "month": round(float(np.interp(entry.month, months, np.arange(len(months)))), 2),
                "when": month(record.months[entry.month]),
                "kind": entry.kind,
                "words": literal(said),
                "why": literal(causes_of(record, entry)),
                "countries": [id for id in (entry.actor, entry.recipient) if id in record.scenario.countries],
            }
        )
    return told


def listed_entries(entries: Sequence[Mapping[str, Any]]) -> str:
    """The entries as a list to be read."""
    items = "".join(_item(entry) for entry in entries)
    return f'<details id="in-words" open><summary><b>What happened, in words</b></summary>\n<ol class="entries">{items}</ol></details>'


def _item(entry: Mapping[str, Any]) -> str:
    why = f"<small>Because: {escape(entry['why'])}</small>" if entry["why"] else ""
    return f"<li><b>{escape(entry['when'])}</b>{escape(entry['words'])}{why}</li>"
