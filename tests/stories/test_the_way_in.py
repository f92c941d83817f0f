"""The flow of accession work, progress, consent and credibility, worked by hand in a world of two powers and one country."""

from __future__ import annotations

from math import sqrt

import pytest

from tests.stories.two_powers import Month, story


def close(found: float, by_hand: float) -> None:
    assert found == pytest.approx(by_hand, rel=0, abs=1e-9)


def gate(rung: float) -> tuple[float, float]:
    """How far the border lets Plain pass now, and on all the way: four fifths of a passage need the treaty."""
    rise = (0.7 - 0.4) / (0.9 - 0.4)
    settled = rise * rise * (3 - 2 * rise)
    left = 1 - 0.8 * (1 - settled)
    return (left if rung >= 1 else 1.0), left


def open_flow(month: Month) -> float:
    """Work a month if the gate were open: will, calm, quality, credibility, help and no obstruction."""
    drawn = month("course", side="west")
    will = 0.8 * 2 * drawn / (1 + drawn)
    quality = sqrt(month("resilience") * (1 - month("capture")))
    potency = {name: month("potency", instrument=name) for name in ("east.aid", "east.media", "west.aid", "west.media", "west.outreach")}
    help_ = 1 - (1 - 0.3 * potency["west.aid"]) * (1 - 0.25 * potency["west.media"]) * (1 - 0.8 * potency["west.outreach"])
    block = 1 - (1 - 0.3 * potency["east.aid"]) * (1 - 0.25 * potency["east.media"])
    close(month("help"), help_)
    close(month("block"), block)
    return will * (1 - month("tension")) * quality * month("credibility") * (0.5 + 0.5 * help_) * (1 - block)


def test_three_months_of_work_and_one_stage_passed() -> None:
    assert [month("rung") for month in story().months] == [1, 1, 2, 2]
    for _, before, after in story().steps():
        months = {1: 5, 2: 20}[int(before("rung"))]
        done = min(1, before("progress") + before("flow") / months)
        # The members are of one mind and their consent is certain, so done work passes at once.
        if before("rung") == 1 and done == 1:
            assert after("rung") == 2
            close(after("progress"), 0)
        else:
            assert after("rung") == before("rung")
            close(after("progress"), done)
        close(after("flow"), open_flow(after) * gate(after("rung"))[0])


def test_months_to_go() -> None:
    for month in story().months[1:]:
        rung, progress, flow = month("rung"), month("progress"), open_flow(month)
        work = (5 * (1 - progress) if rung == 1 else 0) + 20 * (1 - progress if rung == 2 else 1)
        wait = (1 / 1 if rung == 1 else 0) + 1 / 0.5
        close(month("months_if_open"), min(600, work / max(flow, 0.002) + wait))
        close(month("months_to_go"), min(600, work / max(flow * gate(rung)[1], 0.002) + wait))


def test_three_months_of_credibility_and_unity() -> None:
    def delivered(month: Month) -> float:
        return 0.8 * month("effort", instrument="west.outreach")

    promised = delivered(story().months[0])
    for month in story().months:
        close(month("promised"), promised)
    for _, before, after in story().steps():
        # Only what is missing of the promise costs belief; more than was promised adds none.
        missed = max(0, 1 - delivered(before) / promised)
        close(after("credibility"), before("credibility") + 0.05 * (1 - 0.7 * missed - 0.1 - before("credibility")))
        close(after("unity"), 1)
    assert delivered(story().months[1]) < promised < delivered(story().months[2])
