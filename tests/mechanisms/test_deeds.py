"""Chapter 5, continued: how deeds are weighed, done, undone and remembered, who campaigns for them, and what they change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.numbers import Numbers
from sim.rules.deeds import deed_reasons, deeds, needs, next_deeds, push_value, pushed, utility, wishes
from tests.mechanisms.arms import Array, scenario_of
from tests.mechanisms.moments import EVENLY, LANES, Moment, dealt, moment

DEEDS = scenario_of().deeds
CAUSES = [(name, cause) for name, deed in DEEDS.items() for cause in deed.causes]
NEEDS = [(name, need) for name, deed in DEEDS.items() for need in deed.needs]
EFFECTS = [(name, effect) for name, deed in DEEDS.items() for effect in deed.effects]
SWITCHES = [name for name, deed in DEEDS.items() if deed.kind == "switch"]
STANCES = [(name, side) for name, deed in DEEDS.items() for side in deed.stance]


def worth(now: Moment, deed: str) -> float:
    """How much more the owner would rather do it than not, in a moment."""
    return float(utility(now.world, now.numbers)[now.numbers.roster.place("deed", deed)].mean())


def share(now: Numbers, deed: str, started: float, wish: float, met: float, draw: Array = EVENLY) -> Array:
    """A deed a month on, by lane, for a wish and a need that a test gives."""
    like = np.zeros((now.roster.size("deed"), LANES))
    after = next_deeds(like + started, like + wish, like + met, now, like + draw)
    return np.asarray(after[now.roster.place("deed", deed)])


@pytest.mark.parametrize("deed", SWITCHES)
def test_a_switch_is_turned_on_and_off_by_chance(deed: str) -> None:
    now = moment()
    rate, sharpness = now.number(f"deeds.{deed}.rate"), now.number("mechanics.deeds.sharpness")
    reversible = now.number(f"deeds.{deed}.reversible")
    for wish in (-0.5, 0, 0.5):
        for met in (1, 0.4):
            chance = 1 - np.exp(-rate * met / (1 + np.exp(-sharpness * wish)))
            assert abs(share(now.numbers, deed, 0, wish, met).mean() - chance) <= 1 / LANES
        undone = 1 - np.exp(-rate * reversible / (1 + np.exp(sharpness * wish)))
        assert abs(1 - share(now.numbers, deed, 1, wish, 1).mean() - undone) <= 1 / LANES
    assert set(np.unique(share(now.numbers, deed, 0, 5, 1))) <= {0.0, 1.0}


def test_a_dial_moves_part_of_the_way() -> None:
    now = moment()
    rate, sharpness = now.number("deeds.site.rate"), now.number("mechanics.deeds.sharpness")
    for wish, met in ((0, 1), (0.5, 1), (0.5, 0.3), (-5, 1), (0.5, 0)):
        wanted = met / (1 + np.exp(-sharpness * wish))
        moved = share(now.numbers, "site", 0.3, wish, met)
        back = now.number("deeds.site.reversible") if wanted < 0.3 else 1
        assert np.allclose(moved, 0.3 + back * rate * (wanted - 0.3))
    stuck = now.by({"deeds.site.reversible": 0})
    assert np.all(share(stuck.numbers, "site", 0.3, -5, 1) == 0.3) and np.all(share(stuck.numbers, "site", 0.3, 5, 1) > 0.3)


def test_what_cannot_be_undone_never_is() -> None:
    for deed in SWITCHES:
        fast = moment({f"deeds.{deed}.reversible": 0, f"deeds.{deed}.rate": 1})
        assert np.all(share(fast.numbers, deed, 1, -100, 0, EVENLY * 0) == 1)
        loose = moment({f"deeds.{deed}.reversible": 1, f"deeds.{deed}.rate": 1})
        assert np.all(share(loose.numbers, deed, 1, -100, 0, EVENLY * 0) == 0)
    assert moment().number("deeds.antitrust_ruling.reversible") == 0


def test_without_sharpness_what_is_wished_does_not_matter() -> None:
    blind = moment({"mechanics.deeds.sharpness": 0})
    assert np.array_equal(share(blind.numbers, "tariff", 0, -3, 1), share(blind.numbers, "tariff", 0, 3, 1))
    sharp = moment({"mechanics.deeds.sharpness": 50})
    assert share(sharp.numbers, "tariff", 0, 0.1, 1).mean() > 20 * share(sharp.numbers, "tariff", 0, -0.1, 1).mean()


@pytest.mark.parametrize(("deed", "side"), STANCES)
def test_an_owner_does_what_the_side_it_is_with_wants(deed: str, side: str) -> None:
    now, owner = moment(), DEEDS[deed].owner
    stance = now.number(f"deeds.{deed}.stance.{side}")
    closer = now.moved(f"side_value.{side}.{owner}", 0.4)
    assert worth(closer, deed) - worth(now, deed) == pytest.approx(stance * 0.4 * now.at(f"course.{side}.{owner}").mean())
    deaf = moment({f"deeds.{deed}.stance.{side}": 0})
    assert worth(deaf.moved(f"side_value.{side}.{owner}", 0.4), deed) == pytest.approx(worth(deaf, deed))


def test_an_owner_does_what_its_public_can_swallow() -> None:
    now = moment()
    weight = now.number("deeds.renaming.audience.eu")
    assert worth(now.moved("opinion.eu.north_macedonia", 0.2), "renaming") - worth(now, "renaming") == pytest.approx(2 * 0.2 * weight)
    assert worth(now.moved("opinion.us.north_macedonia", 0.2), "renaming") == pytest.approx(worth(now, "renaming"))
    assert weight > 0.1


@pytest.mark.parametrize(("deed", "cause"), CAUSES)
def test_a_cause_speaks_by_how_far_it_stands_from_its_usual_level(deed: str, cause: str) -> None:
    now, watches = moment(), DEEDS[deed].causes[cause].watches
    weight, usual = (now.number(f"deeds.{deed}.causes.{cause}.{key}") for key in ("weight", "usual"))
    there = [now.having({watches: usual + step}) for step in (0, 0.1)]
    deaf = [moment({f"deeds.{deed}.causes.{cause}.weight": 0}).having({watches: usual + step}) for step in (0, 0.1)]
    assert worth(there[1], deed) - worth(there[0], deed) == pytest.approx(0.1 * weight)
    assert worth(there[0], deed) == pytest.approx(worth(deaf[0], deed)) == pytest.approx(worth(deaf[1], deed))
    reasons = deed_reasons(there[1].world, now.numbers, now.numbers.roster.place("deed", deed))
    assert np.allclose(reasons[cause], 0.1 * weight)


@pytest.mark.parametrize(("deed", "need"), NEEDS)
def test_a_need_closes_exactly(deed: str, need: str) -> None:
    now, watches = moment(), DEEDS[deed].needs[need].watches
    place = now.numbers.roster.place("deed", deed)
    shut, opened = (now.number(f"deeds.{deed}.needs.{need}.{key}") for key in ("shut", "open"))
    met = [needs(now.having({watches: level}).world, now.numbers)[place] for level in (shut, (shut + opened) / 2, opened)]
    assert np.all(met[0] == 0) and np.allclose(met[1], 0.5) and np.all(met[2] == 1)
    eager = moment({f"deeds.{deed}.base": 50, f"deeds.{deed}.rate": 1}).having({f"deed.{deed}": 0})
    for level, done in ((shut, 0), (opened, 1)):
        begun = deeds(eager.having({watches: level}).world, eager.numbers, dealt(deed=1e-6))["deed"]
        assert np.all(begun[place] == done)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_country_that_can_decide_less_does_less(deed: str) -> None:
    now, owner = moment(), DEEDS[deed].owner
    place, usual = now.numbers.roster.place("deed", deed), needs(now.world, now.numbers)
    if owner in scenario_of().countries:
        torn = needs(now.having({f"deciding.{owner}": 0.3}).world, now.numbers)
        assert np.allclose(torn[place], 0.3 * usual[place] / now.at(f"deciding.{owner}"))
        assert np.all(needs(now.having({f"deciding.{owner}": 0}).world, now.numbers)[place] == 0)
    else:
        assert np.all(needs(replace(now.world, deciding=now.world.deciding * 0), now.numbers)[place] == 1)


def test_a_deed_costs() -> None:
    for deed in DEEDS:
        dear, free = (worth(moment({f"deeds.{deed}.cost": cost}), deed) for cost in (0.3, 0))
        assert free - dear == pytest.approx(0.3)


def test_powers_push_for_the_doors_they_want_open_and_against_the_others() -> None:
    now = moment()
    roster = now.numbers.roster
    wish = wishes(now.numbers)
    sign = {deed: {power: float(wish[roster.place("deed", deed), roster.place("power", power), 0]) for power in roster.ids["power"]}
            for deed in DEEDS}  # fmt: skip
    assert sign["renaming"] == {"russia": -1, "eu": 1, "nato": 1, "us": 1}
    assert sign["french_veto"] == {"russia": 1, "eu": -1, "nato": 0, "us": -1}
    assert all(value == 0 for deed in DEEDS if deed not in ("renaming", "french_veto") for value in sign[deed].values())
    place, bare = roster.place("deed", "renaming"), pushed(now.numbers, now.world.potency * 0)
    assert np.all(bare == 0)
    for name, way in (
        ("russia.information", -1),
        ("russia.patronage", -1),
        ("eu.diplomacy", 1),
        ("nato.diplomacy", 1),
        ("us.information", 1),
    ):
        alone = moment().having({f"potency.{name}.north_macedonia": 0.5})
        lone = np.where(alone.world.potency == 0.5, 0.5, 0)
        size = now.number(f"deeds.renaming.pushed.{name.split('.')[1]}")
        assert np.allclose(pushed(now.numbers, lone)[place], way * 0.5 * size), name
        assert np.all(pushed(now.numbers, np.roll(lone, 1, axis=1))[place] == 0), "elsewhere it campaigns in vain"
    assert np.allclose(worth(now, "renaming") - worth(moment({"deeds.renaming.push": 0}), "renaming"),
                       now.number("deeds.renaming.push") * pushed(now.numbers, now.world.potency)[place])  # fmt: skip


def test_campaigning_is_worth_it_while_the_door_is_wanted_and_the_deed_undone() -> None:
    now = moment()
    roster = now.numbers.roster
    there = roster.place("country", "north_macedonia")

    def value(of: Moment, power: str) -> dict[str, float]:
        held = roster.ids["instrument"][roster.instruments_of[roster.place("power", power)]]
        found = dict(push_value(of.world, of.numbers, roster.place("power", power)))
        assert set(found) <= {there}, "a power's own deeds are pushed by none"
        return dict(zip(held, found[there].mean(axis=-1), strict=True)) if found else {}

    for power, name in (("russia", "russia.information"), ("nato", "nato.diplomacy"), ("us", "us.information"), ("eu", "eu.diplomacy")):
        assert value(now, power)[name] > 0
        assert value(now.having({"deed.renaming": 1}), power)[name] == 0
        assert value(moment({"mechanics.deeds.push_worth": 0}), power)[name] == 0
    assert value(now, "russia")["russia.covert"] == 0
    careless = moment({"powers.russia.objectives.membership.nato": 0, "powers.russia.objectives.membership.eu": 0})
    assert value(careless, "russia") == {}


@pytest.mark.parametrize(("deed", "effect"), EFFECTS)
def test_an_effect_is_in_force_as_far_as_the_deed_is_done_and_gone_when_undone(deed: str, effect: str) -> None:
    now, consequence = moment(), DEEDS[deed].effects[effect]
    nothing = now.having(dict.fromkeys((f"deed.{name}" for name in DEEDS), 0))
    assert nothing.in_force() is now.numbers
    way = "scale" if consequence.scale is not None else "add"
    base, size = now.number(consequence.path), now.number(f"deeds.{deed}.effects.{effect}.{way}")
    for done in (0.5, 1, 0):
        there = nothing.having({f"deed.{deed}": done})
        found = there.levels_in_force()["hostility"][0, 0] if "hostility" in effect else now.number(consequence.path, there.in_force())
        assert found == pytest.approx(base * (1 + (size - 1) * done) if way == "scale" else base + size * done)
    assert abs(size - (way == "scale")) > 0.01
    assert nothing.having({f"deed.{deed}": 0}).in_force() is now.numbers


def test_a_deed_is_remembered_for_a_while() -> None:
    now = moment().having({"deed.tariff": 0, "deed_memory.tariff": 0.8, "deed.block_of_bid": 1, "deed_memory.block_of_bid": 1})
    after = deeds(now.world, now.numbers, dealt(deed=1 - 1e-9))
    place = now.numbers.roster.place
    left = 0.5 ** (1 / now.number("mechanics.deeds.memory"))
    assert np.allclose(after["deed_memory"][place("deed", "tariff")], 0.8 * left)
    assert np.all(after["deed_memory"][place("deed", "block_of_bid")] == 1), "as long as it is done nobody forgets"
