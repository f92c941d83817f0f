"""Budget and attention, leverage, the contest and one choice, worked by hand in a world of two powers and one country."""

from __future__ import annotations

from math import exp, log

import pytest

from tests.stories.two_powers import OIL, WAR, Month, story

POWERS = ("east", "west")
CHANNELS = {"east": ("aid", "media"), "west": ("aid", "media", "outreach")}
SKILL = {"east.aid": 0.1, "east.media": 0.2, "west.aid": 0.2, "west.media": 0.1, "west.outreach": 0.15}
KINSHIP = {"east": 0.5, "west": 0.3}
CHANNEL_KINSHIP = {"aid": 0.1, "media": 0.5, "outreach": 0.4}
HALF_LIFE = {"aid": 48, "media": 12, "outreach": 36}
GAIN = {"aid": 0.1, "media": 0.06, "outreach": 0.07}
WEIGHT = {"aid": 0.2, "media": 0.6, "outreach": 0.2}
PRICE = {"aid": 0.15, "media": 0.1, "outreach": 0.1}
SEEN = {"aid": 0.2, "media": 0.4, "outreach": 0.3}
SHIELD = {"aid": 0.1, "media": 0.4, "outreach": 0}
ENTRY = {"aid": 0.3, "media": 0.25, "outreach": 0.8}
FOOTHOLD, VARIETY, DECISIVENESS = 0.02, 0.7, 1.2


def close(found: float, by_hand: float) -> None:
    assert found == pytest.approx(by_hand, rel=0, abs=1e-9)


def logistic(x: float) -> float:
    return 1 / (1 + exp(-x))


def rival(power: str) -> str:
    return "west" if power == "east" else "east"


def test_three_months_of_attention_and_budget() -> None:
    start = story().months[0]
    close(start("budget", power="east"), 20 * (54 / 60) ** 0.3)
    close(start("budget", power="west"), 30)
    for month, before, after in story().steps():
        tense = before("tension") - 0.35
        # East looks away to the war; each notices what the other does beyond what it did at the start.
        noticed = {p: before("visible", power=rival(p)) / start("visible", power=rival(p)) - 1 for p in POWERS}
        assert all(-1 < each < 1 for each in noticed.values())
        east = logistic(1 * tense + 0.3 * noticed["east"] - 0.5 * (WAR[month] - 0.3))
        west = logistic(2 * tense + 0.4 * noticed["west"])
        attention = {
            "east": before("attention", power="east") + 0.15 * (east - before("attention", power="east")),
            "west": before("attention", power="west") + 0.1 * (west - before("attention", power="west")),
        }
        budget = {"east": 20 * 2 * attention["east"] * (OIL[month] / 60) ** 0.3, "west": 30 * 2 * attention["west"]}
        for power in POWERS:
            close(after("attention", power=power), attention[power])
            close(after("budget", power=power), budget[power])
    assert story().months[2]("budget", power="east") < 0.85 * start("budget", power="east"), "the oil fell in the second month"


def openness() -> dict[str, float]:
    """How open Plain is to each instrument: by dependence, kinship or the friendly daily."""
    return {
        "east.aid": 1 - (1 - 0.3) * (1 - 0.5 * 0.1),
        "east.media": 1 - (1 - 0.3) * (1 - 0.5 * 0.5) * (1 - 0.4),
        "west.aid": 1 - (1 - 0.6) * (1 - 0.3 * 0.1),
        "west.media": 1 - (1 - 0.4) * (1 - 0.3 * 0.5),
        "west.outreach": 1 - (1 - 0.4) * (1 - 0.3 * 0.4),
    }


def ability(before: Month) -> dict[str, float]:
    """Dose a unit of effort: skill, openness, the clerks, resilience, and for aid the root of the government's course."""
    q, found = before("resilience"), {}
    for name, open_ in openness().items():
        power, channel = name.split(".")
        host = before("course", side=power) ** 0.5 if channel == "aid" else 1
        clerks = 1 - 0.25 if name == "west.aid" else 1
        found[name] = SKILL[name] * open_ * clerks * (1 - SHIELD[channel] * q) * host
    return found


def test_leverage_starts_where_the_plan_of_the_start_would_hold_it() -> None:
    start, first = story().months[:2]
    budget = {"east": 20 * (54 / 60) ** 0.3, "west": 30}
    for name, dose in ability(start).items():
        power, channel = name.split(".")
        close(start("effort", instrument=name), budget[power] * start("plan", instrument=name))
        assert start("potency", instrument=name) == pytest.approx(1 - exp(-dose * start("effort", instrument=name)), rel=0, abs=1e-6)
        floor = 0.3 * KINSHIP[power] * CHANNEL_KINSHIP[channel]
        gained = GAIN[channel] * start("potency", instrument=name)
        left = 2 ** (-1 / HALF_LIFE[channel])
        if channel == "media":  # the rival's aid wears it down
            left *= 1 - 0.25 * start("potency", instrument=f"{rival(power)}.aid")
        # What a month takes is what a month adds: h + (1 - h) gained = L, with h = floor + (L - floor) left.
        balance = (floor * (1 - left) * (1 - gained) + gained) / (1 - left * (1 - gained))
        close(start("leverage", instrument=name), balance)
        close(first("leverage", instrument=name), balance)
        assert balance > floor + 0.05


def test_three_months_of_leverage() -> None:
    for _, before, after in story().steps():
        for name, dose in ability(before).items():
            power, channel = name.split(".")
            effort = before("budget", power=power) * after("plan", instrument=name)
            close(after("effort", instrument=name), effort)
            close(after("potency", instrument=name), 1 - exp(-dose * effort))
            floor = 0.3 * KINSHIP[power] * CHANNEL_KINSHIP[channel]
            kept = (before("leverage", instrument=name) - floor) * 2 ** (-1 / HALF_LIFE[channel])
            if channel == "media":  # the rival's aid wears it down
                kept *= 1 - 0.25 * before("potency", instrument=f"{rival(power)}.aid")
            held = floor + kept
            close(after("leverage", instrument=name), held + (1 - held) * GAIN[channel] * before("potency", instrument=name))


def test_visible_acts_are_remembered() -> None:
    left = 2 ** (-1 / 3)
    for _, before, after in story().steps():
        for power in POWERS:
            seen = sum(SEEN[channel] * -log(1 - before("potency", instrument=f"{power}.{channel}")) for channel in CHANNELS[power])
            close(after("visible", power=power), before("visible", power=power) * left + seen * (1 - left))


def reach(month: Month) -> tuple[dict[str, float], dict[str, float]]:
    """Each power's mix of channels, and how far it reaches."""
    mix = {p: sum(WEIGHT[c] * (month("leverage", instrument=f"{p}.{c}") + FOOTHOLD) ** VARIETY for c in CHANNELS[p]) for p in POWERS}
    # East has no outreach: there it stands on its foothold alone.
    mix["east"] += WEIGHT["outreach"] * FOOTHOLD**VARIETY
    return mix, {p: mix[p] ** (1 / VARIETY) - FOOTHOLD for p in POWERS}


def test_shares_of_the_contest() -> None:
    for month in story().months[1:]:
        _, hold = reach(month)
        strength = {p: (hold[p] + FOOTHOLD) ** DECISIVENESS for p in POWERS}
        own = (0.3 * (0.5 + 0.5 * month("resilience"))) ** DECISIVENESS
        field = own + strength["east"] + strength["west"]
        close(month("own_share"), own / field)
        for power in POWERS:
            close(month("reach", power=power), hold[power])
            close(month("bloc_share", bloc=power), strength[power] / field)
            close(month("influence_share", power=power), strength[power] / field * hold[power] / (hold[power] + 1e-6))


def share_gained(month: Month, power: str, channel: str) -> float:
    """What one more unit of leverage in a channel adds to the share that a power values."""
    mix, hold = reach(month)
    strength = {p: (hold[p] + FOOTHOLD) ** DECISIVENESS for p in POWERS}
    field = (0.3 * (0.5 + 0.5 * month("resilience"))) ** DECISIVENESS + strength["east"] + strength["west"]
    slope = DECISIVENESS * strength[power] / (hold[power] + FOOTHOLD) * (field - strength[power]) / field**2
    within = hold[power] / (hold[power] + 1e-6)
    inside = strength[power] / field * (1 - within) / (hold[power] + 1e-2)
    of_reach = slope * (0.7 + 0.3 * within) + 0.3 * inside
    leverage = month("leverage", instrument=f"{power}.{channel}")
    return of_reach * mix[power] ** (1 / VARIETY - 1) * WEIGHT[channel] * (leverage + FOOTHOLD) ** (VARIETY - 1)


def worth(before: Month, power: str, channel: str) -> float:
    """First-order forecast of one more unit of potency, through influence, entry, unrest and resilience."""
    wants = {
        "east": {"influence": 0.5, "club": -0.3, "unrest": 0.2, "resilience": 0.0},
        "west": {"influence": 0.3, "club": 0.4, "unrest": -0.1, "resilience": 0.2},
    }[power]
    wants = {aim: weight / sum(abs(each) for each in wants.values()) for aim, weight in wants.items()}
    keep = exp(-1 / 18)
    lasts = 1 / (1 - keep * 2 ** (-1 / HALF_LIFE[channel]))
    leverage = before("leverage", instrument=f"{power}.{channel}")
    value = wants["influence"] * GAIN[channel] * lasts * (1 - leverage) * share_gained(before, power, channel)
    ahead = before("months_to_go") / 18
    urgency = ahead * exp(-ahead) if before("months_to_go") < 600 else 0.0
    towards = -1 if power == "east" else 1
    value += towards * ENTRY[channel] * wants["club"] * urgency
    if power == "east" and channel == "media":  # only who wants unrest stirs
        lasts = 1 / (1 - keep * 2 ** (-1 / 6)) * 0.12 / (1 - keep * (1 - 0.12))
        moved = before("tension") * (1 - before("tension")) * 1.5 * (1 - before("pressure", power="east")) * lasts
        value += 0.25 * moved * (wants["unrest"] - wants["club"] * urgency / (1 - before("tension") + 1e-3))
    if channel == "aid":
        value += 0.4 * wants["resilience"] * (1 - before("resilience")) * 0.01 * 2 / 4 / (1 - keep * (1 - 0.01))
    return value


@pytest.mark.parametrize(
    ("power", "rationality", "hold_back", "bias", "attribution"), [("east", 6, 0.15, 0.1, 0.2), ("west", 4, 0.2, 0, 0.05)]
)
def test_one_choice(power: str, rationality: float, hold_back: float, bias: float, attribution: float) -> None:
    for _, before, after in story().steps():
        pull = {}
        for channel in CHANNELS[power]:
            name = f"{power}.{channel}"
            believed = ability(before)[name] * exp(bias)
            value = worth(before, power, channel)
            adds = believed * exp(-believed * before("effort", instrument=name)) if value > 0 else believed
            cost = PRICE[channel] + attribution * SEEN[channel]
            gain = value * adds / story().reference[power] - cost
            pull[channel] = (1 - hold_back) / len(CHANNELS[power]) * exp(rationality * gain)
        for channel in CHANNELS[power]:
            name = f"{power}.{channel}"
            wished = pull[channel] / (hold_back + sum(pull.values()))
            close(after("plan", instrument=name), before("plan", instrument=name) + 0.3 * (wished - before("plan", instrument=name)))


def test_the_plan_at_the_start_all_but_stands_still() -> None:
    start, first = story().months[:2]
    for name in SKILL:
        assert first("plan", instrument=name) == pytest.approx(start("plan", instrument=name), rel=0, abs=1e-4)
