"""The waterfall of parts: it begins at one arm and ends at the other, and its words never touch."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from sim.analysis.names import outcome_spoken
from sim.charts import why
from sim.charts.saving import png_bytes
from sim.charts.sheet import Origin
from sim.charts.style import PHONE, SLIDE, Size
from sim.why.mechanisms import MECHANISMS
from tests.charts.made_up import made_up_scenario
from tests.charts.test_charts import boxes

SCENARIO = made_up_scenario()
OUTCOME = outcome_spoken(SCENARIO, "serbia.alignment.russia.end")
ARMS = ("'Western Balkans, 2017-2025'", "'The European Union at half effort'")


def table(parts: Sequence[float], own: float = 0.0, error: float = 0.002) -> pd.DataFrame:
    whole = sum(parts) + own
    names = [(each.name, each.label) for each in MECHANISMS[: len(parts)]]
    names += [("own", "Directly on it and by itself"), ("whole", "Whole difference")]
    rows = []
    for (name, label), part in zip(names, [*parts, own, whole], strict=True):
        ends = {"low": part - 2 * error, "high": part + 2 * error, "share": part / whole if whole else np.nan}
        rows.append({"mechanism": name, "label": label, "part": part} | ends)
    return pd.DataFrame(rows)


CASES = {
    "falls": table([-0.03, -0.02, -0.01, 0.001, *[0.0] * 8]),
    "rises against": table([0.2, -0.15, 0.05], own=0.1),
    "hardly": table([0.00001, -0.000004], error=0.0000001),
    "chance": table([0.01, -0.012], error=0.05),
    "nothing": table([], error=0.0),
    "large": table([0.3, 0.25, 0.2, 0.1]),
}


def drawn(name: str, size: Size = SLIDE) -> Figure:
    return why.draw(CASES[name], Origin(SCENARIO, 48, 1), OUTCOME, ARMS, 0.31, size)


@pytest.mark.parametrize("size", [SLIDE, PHONE], ids=lambda size: size.name)
@pytest.mark.parametrize("name", CASES)
def test_no_two_words_touch_and_none_leaves_the_page(name: str, size: Size) -> None:
    figure = drawn(name, size)
    width, height = figure.get_size_inches() * figure.dpi
    found = list(boxes(figure))
    assert not [words for words, (x0, y0, x1, y1) in found if x0 < -1 or y0 < -1 or x1 > width + 1 or y1 > height + 1]
    assert not [
        (one, other)
        for place, (one, a) in enumerate(found)
        for other, b in found[place + 1 :]
        if min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 2
    ]


def test_steps_lead_from_one_arm_to_the_other() -> None:
    steps = why.data(CASES["rises against"])
    assert steps["begins"].iloc[0] == 0 and steps["ends"].iloc[-1] == pytest.approx(0.2)
    assert np.allclose(steps["begins"].iloc[1:], steps["ends"].iloc[:-1])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("falls", "falls by 5.9 points (5.5 to 6.3): 51% of it by outer world and dated levels and 34% by attention and budgets"),
        ("chance", "does not differ beyond chance"),
        ("nothing", "is the same in both"),
    ],
)
def test_the_title_says_the_finding(name: str, said: str) -> None:
    assert said in why.title(CASES[name], OUTCOME)


def test_the_same_parts_make_the_same_picture() -> None:
    assert png_bytes(drawn("falls")) == png_bytes(drawn("falls"))
