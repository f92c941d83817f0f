"""The whole model a second time: one run, plain Python loops, a Mesa agent for each actor, written from docs/model.md.

It takes nothing from the package but a parsed scenario, so that two programs that agree are two readings of the same page. It is
also what somebody would write who had Mesa and no arrays, and benchmarks/plain.py times it as that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import mesa

exp, log, sqrt = math.exp, math.log, math.sqrt
normal = NormalDist().inv_cdf


# Arithmetic


def clip(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def logistic(z: float) -> float:
    return 1 / (1 + exp(-clip(z, -60, 60)))


def log_odds(share: float) -> float:
    inside = clip(share, 1e-9, 1 - 1e-9)
    return log(inside / (1 - inside))


def relax(value: float, target: float, rate: float) -> float:
    return value + rate * (target - value)


def raised(base: float, exponent: float) -> float:
    return exp(exponent * log(max(base, 1e-300)))


def keep(half_life: float) -> float:
    return exp(-log(2) / half_life)


def gate(value: float, shut: float, opened: float) -> float:
    gap = opened - shut
    rise = clip((value - shut) / (gap if gap != 0 else 1e-12), 0, 1)
    return rise * rise * (3 - 2 * rise)


def any_of(chances: Iterable[float]) -> float:
    left = 1.0
    for chance in chances:
        left *= 1 - chance
    return 1 - left


def sign(value: float) -> int:
    return (value > 0) - (value < 0)


def softmax(values: Mapping[str, float], spread: float) -> dict[str, float]:
    most = max(values.values())
    pull = {name: exp((value - most) / spread) for name, value in values.items()}
    whole = sum(pull.values())
    return {name: each / whole for name, each in pull.items()}


def counted(rate: float, draw: float, most: int) -> int:
    part = below = exp(-rate)
    count = 0
    for number in range(1, most + 1):
        count += draw > below
        part *= rate / number
        below += part
    return count


def gamma_of_shape_2(chance: float) -> float:
    """Where the distribution function 1 - (1 + x) exp(-x) has a value: Newton's steps, kept between bounds."""
    low, high, x = 0.0, 60.0, 1.7
    for _ in range(200):
        miss = 1 - (1 + x) * exp(-x) - chance
        low, high = (x, high) if miss < 0 else (low, x)
        nearer = x - miss / max(x * exp(-x), 1e-300)
        nearer = nearer if low < nearer < high else (low + high) / 2
        if abs(nearer - x) <= 1e-16 * x:
            break
        x = nearer
    return x


# Luck and numbers


def halves(text: str) -> tuple[int, int]:
    number = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
    return number >> 32, number & 0xFFFFFFFF


def philox(counter: list[int], key: tuple[int, int]) -> list[int]:
    (c0, c1, c2, c3), (k0, k1) = counter, key
    for _ in range(10):
        left, right = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (right >> 32) ^ c1 ^ k0, right & 0xFFFFFFFF, (left >> 32) ^ c3 ^ k1, left & 0xFFFFFFFF
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return [c0, c1, c2, c3]


class Luck:
    """Addressed draws of one run."""

    def __init__(self, seed: int, run: int) -> None:
        self.seed, self.run, self.words = seed, run, {}

    def uniform(self, purpose: str, actor: str, month: int) -> float:
        address = (purpose, actor, month // 4)
        if address not in self.words:
            self.words[address] = philox([self.run, *halves(actor), month // 4], halves(f"{self.seed}/{purpose}"))
        return (self.words[address][month % 4] + 0.5) / 2**32

    def normal(self, purpose: str, actor: str, month: int) -> float:
        return normal(self.uniform(purpose, actor, month))


def quantile(number: Mapping[str, Any], u: float) -> float:
    low, middle, high = number.get("triangular", (0, 0, 0))
    if "value" in number:
        middle = number["value"]
        low, high = number.get("range", (middle, middle))
    if "value" in number or "triangular" in number:
        if low == high:
            return float(middle)
        if u * (high - low) <= middle - low:
            return low + sqrt(u * (high - low) * (middle - low))
        return high - sqrt((1 - u) * (high - low) * (high - middle))
    if "uniform" in number:
        low, high = number["uniform"]
        return low + (high - low) * u
    if "normal" in number:
        return number["normal"][0] + number["normal"][1] * normal(u)
    if "lognormal" in number:
        return number["lognormal"][0] * exp(number["lognormal"][1] * normal(u))
    median, spread = number["logitnormal"]
    return 1 / (1 + exp(-(log(median / (1 - median)) + spread * normal(u))))


FORMS = ("value", "triangular", "uniform", "normal", "lognormal", "logitnormal")
# What stands before an id, and the section that the id belongs to.
IDS = {"powers": "powers", "stakes": "countries", "skill": "channels", "countries": "countries", "dependence": "powers",
       "channels": "channels", "aspiration": "institutions", "kinship": "powers", "opinion": "powers", "permits": "powers",
       "erodes": "channels", "accession": "institutions", "membership": "institutions", "institutions": "institutions",
       "strain": "countries", "felt": "countries", "heeds": "powers", "deeds": "deeds", "pushed": "channels",
       "audience": "powers"}  # fmt: skip


class Numbers:
    """Every number of one run by its path, drawn when it is first asked for; None where the file has none."""

    def __init__(
        self, plain: dict[str, Any], chance: Callable[[str], float], what_ifs: Mapping[str, Any], bounds: Callable[[str], Any]
    ) -> None:
        self.plain, self.chance, self.what_ifs, self.bounds = plain, chance, what_ifs, bounds
        self.known: dict[str, float | None] = {}

    def value(self, path: str) -> float | None:
        if path not in self.known:
            self.known[path] = self.drawn(path)
        return self.known[path]

    def drawn(self, path: str) -> float | None:
        node: Any = self.plain
        for word in path.split("."):
            node = node.get(word) if isinstance(node, dict) else None
        if not isinstance(node, dict):
            return None
        change = self.what_ifs.get(path, {})
        if isinstance(change, float):
            return change
        value = quantile(change.get("to", node), self.chance(self.address(path)))
        if "scale" in change or "add" in change:
            value = clip(value * change.get("scale", 1.0) + change.get("add", 0.0), *self.bounds(path))
        return value

    def address(self, path: str) -> str:
        """The path with stream keys in place of ids."""
        words = path.split(".")
        if words[0] != "mechanics":
            for at, (before, word) in enumerate(pairwise(words), 1):
                known = self.plain.get(IDS.get(before, ""), {}).get(word, {})
                words[at] = known.get("stream", word)
        return ".".join(words)


# Actors


class Actor(mesa.Agent):
    """Somebody or something with a state; `next` is what it will be."""

    def __init__(self, model: PlainModel, name: str) -> None:
        super().__init__(model)
        self.name, self.next = name, {}

    def step(self) -> None:
        """Works out what is next from the world as it stands."""

    def advance(self) -> None:
        self.__dict__.update(self.next)
        self.next = {}


class Power(Actor):
    """A great power that spends effort."""

    def __init__(self, model: PlainModel, name: str) -> None:
        super().__init__(model, name)
        self.plain = model.plain["powers"][name]
        self.bloc = self.plain["bloc"]
        self.channels = [k for k in model.channels if k in self.plain["skill"]]

    def step(self) -> None:
        self.fund()
        self.build()
        self.show()
        plan = self.decided()
        self.next["plan"] = plan
        self.next["effort"], self.next["potency"] = self.carried_out(plan)
        self.learn()
        argued = self.model.number("mechanics.opinion.narrative_speed")
        self.next["narrative"] = relax(self.narrative, self.argument(), argued)

    def objective(self, name: str) -> float:
        return self.model.number(f"powers.{self.name}.objectives.{name}")

    # 2 Resources and attention

    def regional_mean(self, values: Mapping[str, float]) -> float:
        weights = {i: self.model.stake[self.name, i] for i in self.model.leaves}
        return sum(weights[i] * values[i] for i in weights) / max(sum(weights.values()), 1e-12)

    def rival(self) -> float:
        m = self.model
        rivals = [q for q in m.powers.values() if q.bloc != self.bloc]
        return sum(m.stake[self.name, i] * sum(q.visible[i] for q in rivals) for i in m.countries)

    def driver_factor(self) -> float:
        m = self.model
        return exp(sum(m.number(f"powers.{self.name}.drivers.{d}") * m.relative_driver(d) for d in m.driver))

    def fund(self) -> None:
        m, n, mine = self.model, self.model.number, f"powers.{self.name}"
        crisis = self.regional_mean({i: c.tension for i, c in m.countries.items()})
        crisis -= self.regional_mean({i: n(f"countries.{i}.tension", 0.5) for i in m.countries})
        provoked = clip(self.rival() / max(self.used_to, 1e-9) - 1, -1, 1)
        away = sum(n(f"{mine}.attention.distraction.{d}") * (m.driver[d] - n(f"drivers.{d}.reference")) for d in m.driver)
        pull = n(f"{mine}.attention.crisis") * crisis + n(f"{mine}.attention.provocation") * provoked - away
        self.next["attention"] = relax(self.attention, logistic(pull), n(f"{mine}.attention.speed"))
        agreed = 1.0
        for club in m.institutions.values():
            if club.grantor == self.name:
                agreed *= min(1.2, club.unity / max(club.united, 1e-9))
        granted = n(f"{mine}.capacity") * 2 * self.next["attention"] * self.driver_factor() * agreed
        self.next["budget"] = max(granted - self.policy_cost, 0)

    # 3 Leverage

    def worn(self, k: str, i: str) -> float:
        """What rivals' countering channels leave."""
        left = 1.0
        for q, other in self.model.eroding[k]:
            if q.bloc != self.bloc:
                left *= 1 - self.model.number(f"channels.{other}.erodes.{k}") * q.potency[other, i]
        return left

    def build(self) -> None:
        m, built = self.model, {}
        for k in self.channels:
            left, gain = keep(m.number(f"channels.{k}.half_life")), m.number(f"channels.{k}.effects.leverage")
            for i in m.countries:
                base = m.floor[self.name, k, i]
                held = base + (self.leverage[k, i] - base) * left * self.worn(k, i)
                built[k, i] = held + (1 - held) * gain * self.potency[k, i]
        self.next["leverage"] = built

    def ability(self, k: str, i: str) -> float:
        m, country = self.model, self.model.countries[i]
        able = m.standing[self.name, k, i] * (1 - m.number(f"channels.{k}.shield") * country.resilience)
        channel = m.plain["channels"][k]
        if channel.get("consent"):
            able *= sqrt(country.course[self.bloc])
        if channel.get("crowded_out"):
            for club in m.institutions.values():
                if club.alliance and m.powers[club.grantor].bloc != self.bloc and club.rung[country.parent] >= club.top:
                    able *= 1 - m.number("mechanics.leverage.crowding")
        return able

    # 12 Observation, and what is seen

    def dose(self, i: str) -> float:
        seen = self.model.number
        return sum(-log(max(1 - self.potency[k, i], 1e-300)) * seen(f"channels.{k}.visibility") for k in self.channels)

    def show(self) -> None:
        m, n = self.model, self.model.number
        left = keep(n("mechanics.attention.memory"))
        acts = {k: n(f"channels.{k}.acts") * n(f"channels.{k}.visibility") for k in self.channels}
        counting = any(n(f"channels.{k}.acts") != 0 for k in m.channels)
        self.next["visible"], self.next["seen_acts"] = {}, dict(self.seen_acts)
        for i in m.countries:
            fresh = self.dose(i)
            if counting:
                usual = sum(acts[k] * self.effort[k, i] for k in self.channels)
                draw = m.luck.uniform("acts", f"{m.stream('powers', self.name)}>{m.stream('countries', i)}", m.month)
                count = counted(usual * self.watched[i], draw, int(n("mechanics.observation.most", 1.0)))
                fresh *= count / max(usual, 1e-12) if usual > 0 else 1.0
                self.next["seen_acts"][i] = count
            self.next["visible"][i] = self.visible[i] * left + fresh * (1 - left)

    # 4 Choice

    def size(self) -> float:
        single = ("influence", "unrest", "resilience", "autonomy", "deal", "concessions")
        entries = sum(abs(self.objective(f"membership.{club}")) for club in self.model.institutions)
        return max(sum(abs(self.objective(name)) for name in single) + entries, 1e-12)

    def cost(self, k: str) -> float:
        n = self.model.number
        return n(f"channels.{k}.price") + n(f"powers.{self.name}.attribution") * n(f"channels.{k}.visibility")

    def worth_of_unrest(self) -> float:
        m = self.model
        mine = [link for link in m.linkages.values() if link.plain["power"] == self.name]
        return sum(
            self.objective("concessions") * link.number("offer") * m.driver[link.plain["driver"]] * link.number("gain") for link in mine
        )

    def values(self) -> dict[tuple[str, str], float]:
        """What a unit of potency is worth, by channel and country, before scaling by the reference."""
        m, n, size = self.model, self.model.number, self.size()
        patience, foothold = n("mechanics.choice.patience"), n("mechanics.contest.foothold")
        delta = exp(-1 / patience)
        speed, slow, loose = (n(f"mechanics.{path}") for path in ("tension.speed", "resilience.speed", "resilience.autonomy_speed"))
        stirred = 1 / (1 - delta * keep(n("mechanics.tension.pressure_half_life"))) * speed / (1 - delta * (1 - speed))
        reformed = slow * n("mechanics.resilience.reform") / 4 / (1 - delta * (1 - slow))
        hardened = loose * n("mechanics.resilience.backing") / 4 / (1 - delta * (1 - loose))
        influence, unrest = self.objective("influence"), self.objective("unrest") + self.worth_of_unrest()
        firm, free, deal = (self.objective(name) for name in ("resilience", "autonomy", "deal"))
        wishes = {name: self.objective(f"membership.{name}") for name in m.institutions}
        gains = {k: n(f"channels.{k}.effects.leverage") / (1 - delta * keep(n(f"channels.{k}.half_life"))) for k in self.channels}
        reforms = {k: n(f"channels.{k}.effects.resilience") for k in self.channels}
        pressing, found = n("mechanics.tension.pressure"), {}
        for i, country in m.countries.items():
            wanted = {name: wish * m.institutions[name].urgency[i] for name, wish in wishes.items()}
            tension, ripeness = country.tension, country.ripeness_urgency() if deal else 0.0
            moved = tension * (1 - tension) * pressing * (1 - country.pressure[self.name]) * stirred
            means = unrest - sum(wanted.values()) / (1 - tension + 0.001)
            for k in self.channels:
                held = self.leverage[k, i]
                value = gains[k] * (1 - held) * self.grip[k, i] / (held + foothold) * influence * self.share_slope[i]
                value += sum(m.push[name, self.name, k] * wanted[name] for name in wanted)
                value += m.stir[self.name, k] * moved * means
                value += reforms[k] * firm * (1 - country.resilience) * reformed
                value += m.disputing[self.name, k] * deal * ripeness
                if country.is_entity:
                    value += m.embolden[self.name, k] * free * (1 - country.autonomy) * hardened
                found[k, i] = value
        for deed in m.deeds.values():
            for k, value in deed.push_values(self).items():
                found[k, deed.owner] += value
        return {(k, i): value * m.stake[self.name, i] / size for (k, i), value in found.items()}

    def gross_worths(self) -> dict[tuple[str, str], float]:
        found = {}
        for (k, i), value in self.values().items():
            believed = self.ability(k, i) * exp(self.belief[k])
            found[k, i] = value * believed * (exp(-min(believed * self.effort[k, i], 50)) if value > 0 else 1.0)
        return found

    def decided(self) -> dict[tuple[str, str], float]:
        m, n = self.model, self.model.number
        rational, held = n(f"powers.{self.name}.rationality"), n(f"powers.{self.name}.hold_back")
        costs, pull = {k: self.cost(k) for k in self.channels}, {}
        for (k, i), gross in self.gross_worths().items():
            worth = gross / m.settled["reference"][self.name] - costs[k]
            pull[k, i] = m.prior[self.name, k, i] * exp(min(rational * worth, 600))
        whole, speed = held + sum(pull.values()), n("mechanics.choice.adjustment")
        return {cell: relax(self.plan[cell], each / whole, speed) for cell, each in pull.items()}

    def carried_out(self, plan: Mapping[tuple[str, str], float]) -> tuple[dict[Any, float], dict[Any, float]]:
        effort = {cell: self.budget * share for cell, share in plan.items()}
        used = {(k, i): 1 - exp(-min(self.ability(k, i) * spent, 700)) for (k, i), spent in effort.items()}
        potency = {}
        for k in self.channels:
            felt = self.model.everywhere(k, {i: used[k, i] for i in self.model.countries})
            potency.update({(k, i): value for i, value in felt.items()})
        return effort, potency

    def learn(self) -> None:
        m, n, mine = self.model, self.model.number, n_of(self)
        rate, foothold = mine("learning"), n("mechanics.contest.foothold")
        steps = dict.fromkeys(self.channels, 0.0)
        for i, country in m.countries.items() if rate else ():
            gained, net = {}, 0.0
            for k in self.channels:
                held = self.leverage[k, i]
                potency = 1 - exp(exp(self.belief[k]) * log(max(1 - self.potency[k, i], 1e-300)))
                worth = self.grip[k, i] / (held + foothold) * self.share_slope[i]
                gained[k] = worth * (1 - held) * n(f"channels.{k}.effects.leverage") * potency
                net += gained[k] - worth * (held - m.floor[self.name, k, i]) * (1 - keep(n(f"channels.{k}.half_life")))
            said = country.words[self.bloc]
            expected = n("mechanics.alignment.influence") * said * (1 - said) / country.hedging() * net
            surprise = clip((country.shift[self.bloc] - expected) / n("mechanics.learning.surprise", 1.0), -3, 3)
            whole = max(sum(gained.values()), 1e-12)
            for k in self.channels:
                steps[k] += gained[k] / whole * surprise * m.stake[self.name, i]
        self.next["belief"] = {k: clip(self.belief[k] + rate * steps[k], -1.5, 1.5) if rate else self.belief[k] for k in self.channels}

    def argument(self) -> float:
        m = self.model
        told = [any_of(m.number(f"channels.{k}.effects.precedent") * self.potency[k, i] for k in self.channels) for i in m.leaves]
        return self.regional_mean(dict(zip(m.leaves, told, strict=True)))

    def inflow(self, i: str) -> float:
        return any_of(self.model.stir[self.name, k] * self.potency[k, i] for k in self.channels)

    def read_payoff(self) -> None:
        m, countries = self.model, self.model.countries
        stake = {i: m.stake[self.name, i] for i in countries}
        worth = self.objective("influence") * sum(stake[i] * self.influence_share[i] for i in countries)
        worth += self.objective("unrest") * self.regional_mean({i: c.tension for i, c in countries.items()})
        worth += self.objective("resilience") * self.regional_mean({i: c.resilience for i, c in countries.items()})
        worth += self.objective("autonomy") * sum(stake[i] * c.autonomy for i, c in countries.items() if c.is_entity)
        for name, club in m.institutions.items():
            inside = sum(stake[i] for i, c in countries.items() if club.rung[i] >= club.top and not c.is_entity)
            worth += self.objective(f"membership.{name}") * inside
        for dispute in m.disputes.values():
            worth += self.objective("deal") * sum(stake[i] for i in dispute.parties) * dispute.normalisation
        for link in m.linkages.values():
            if link.plain["power"] == self.name:
                worth += self.objective("concessions") * link.accepted * link.number("gain")
        paid = sum(self.cost(k) * spent for (k, _), spent in self.effort.items())
        self.payoff = worth / self.size() - m.settled["reference"][self.name] * paid


def p_capacity(power: Power) -> float:
    return n_of(power)("capacity")


def n_of(power: Power) -> Callable[[str], float]:
    return lambda name: power.model.number(f"powers.{power.name}.{name}")


class Country(Actor):
    """A country, or an entity inside one."""

    def __init__(self, model: PlainModel, name: str) -> None:
        super().__init__(model, name)
        self.plain = model.plain["countries"][name]
        self.parent = self.plain.get("part_of") or name
        self.is_entity = self.parent != name
        self.entities: list[str] = []
        self.neighbours: list[str] = []

    def number(self, name: str, absent: float = 0.0) -> float:
        return self.model.number(f"countries.{self.name}.{name}", absent)

    def step(self) -> None:
        self.respond()
        self.turn_over()
        self.think()
        self.heat()
        self.harden()

    def join(self) -> None:
        """A divided country takes its entities' mean; tension is the sum of its ledgers."""
        for name in AVERAGED if self.entities else ():
            parts = {e: self.model.countries[e].next[name] for e in self.entities}
            if isinstance(self.next[name], dict):
                self.next[name] = {key: self.model.mean_of(self, {e: part[key] for e, part in parts.items()}) for key in self.next[name]}
            else:
                self.next[name] = self.model.mean_of(self, parts)
        new = self.next
        summed = new["tension_home"] + sum(new["tension_power"].values()) + new["tension_luck"] + new["tension_given"]
        quarrel = self.model.number("mechanics.tension.split") * self.split() * (1 - summed)
        new["tension_home"] += quarrel
        new["tension"] = summed + quarrel
        trust = self.model.number("mechanics.learning.words")
        new["shift"] = {
            s: trust * (new["words"][s] - self.words[s]) + (1 - trust) * (new["course"][s] - self.course[s]) for s in self.model.sides
        }

    def split(self) -> float:
        stands = [self.model.countries[e].course for e in self.entities]
        return max((sum(abs(a[s] - b[s]) for s in self.model.sides) / 2 for a in stands for b in stands), default=0.0)

    # 5 What a government does

    def is_member(self) -> bool:
        return any(club.rung[self.parent] >= club.top for club in self.model.institutions.values())

    def hedging(self) -> float:
        return self.number("hedging", 1.0) * (self.model.number("mechanics.alignment.member_hedging") if self.is_member() else 1.0)

    def power_value(self, p: Power) -> float:
        m, n = self.model, self.model.number
        value = n("mechanics.alignment.influence") * self.bloc_share[p.bloc] + n("mechanics.alignment.audience") * (
            2 * self.opinion[p.name] - 1
        )
        ahead, fear = 1.0, 0.0
        for name, club in m.institutions.items():
            if club.grantor != p.name:
                continue
            ahead *= 1 - club.rung[self.parent] / club.top
            if club.rung[self.parent] >= club.top:
                value += n("mechanics.alignment.lock")
            else:
                waiting = club.months_if_open[self.parent] / n("mechanics.alignment.prospect")
                value += n(f"institutions.{name}.value") * club.credibility * exp(-waiting) * self.number(f"aspiration.{name}")
            if club.alliance:
                rivals = [q for q in m.powers.values() if q.bloc != p.bloc]
                ties = sum(q.leverage[k, self.name] for q in rivals for k in q.channels if m.plain["channels"][k].get("crowded_out"))
                fear = self.number("fear") * ties
        return value - n("mechanics.alignment.capture_cost") * n_of(p)("conditionality") * self.capture * ahead - fear

    def read_sides(self) -> None:
        """What each side is worth this month, and how each bloc's powers share its pull."""
        m, spread = self.model, self.model.number("mechanics.alignment.within_bloc")
        self.side_value, self.bloc_part = {}, {}
        for bloc, members in m.blocs.items():
            value = {p.name: self.power_value(p) for p in members}
            reach = sum(p.reach[self.name] for p in members) + 1e-6
            within = {p.name: (p.reach[self.name] + 1e-6 * m.part_of_bloc(p)) / reach for p in members}
            best = max([each for p, each in value.items() if within[p] > 0], default=-1e300)
            pull = {p: within[p] * exp((value[p] - best) / spread) for p in value}
            mass = max(sum(pull.values()), 1e-300)
            self.side_value[bloc] = best + spread * log(mass)
            self.bloc_part.update({p: each / mass for p, each in pull.items()})
        self.side_value["self"] = m.number("mechanics.alignment.influence") * self.own_share + self.number("pride")
        for side in m.sides:
            self.side_value[side] += self.mood_course[side] + self.lean[side]

    def wants(self) -> tuple[dict[str, float], dict[str, float]]:
        """The course it wants and the words it would say."""
        m, hedging = self.model, self.hedging()
        signal = {bloc: 1 - exp(-sum(p.visible[self.name] for p in members)) for bloc, members in m.blocs.items()} | {"self": 0.0}
        heard = m.number("mechanics.alignment.signal")
        said = {side: value + heard * signal[side] for side, value in self.side_value.items()}
        return softmax(self.side_value, hedging), softmax(said, hedging)

    def respond(self) -> None:
        m, n = self.model, self.model.number
        course, words = self.wants()
        honeymoon = n("mechanics.leaders.honeymoon_speed", 1.0) if self.fresh > 0 else 1.0
        speed = min(1, n("mechanics.alignment.inertia") * honeymoon)
        self.next["course"] = {s: relax(self.course[s], course[s], speed) for s in m.sides}
        self.next["words"] = {s: relax(self.words[s], words[s], n("mechanics.alignment.words_speed")) for s in m.sides}
        self.next["alignment"] = {p: self.next["course"][power.bloc] * self.bloc_part[p] for p, power in m.powers.items()}

    def popular_lean(self) -> dict[str, float]:
        blocs = self.model.blocs.items()
        part = self.model.part_of_bloc
        liked = {bloc: sum(part(p) * self.opinion[p.name] for p in members) for bloc, members in blocs} | {"self": 0.5}
        favour = {side: log_odds(each) for side, each in liked.items()}
        mean = sum(favour.values()) / len(favour)
        return {side: each - mean for side, each in favour.items()}

    def turn_over(self) -> None:
        m, n, me = self.model, self.model.number, self.model.stream("countries", self.name)
        tenure = self.number("tenure")
        hazard = (1 / max(tenure, 1e-9) if tenure > 0 else 0.0) * exp(
            n("mechanics.leaders.unrest") * (self.tension - n("mechanics.leaders.usual_tension"))
        )
        goes = m.luck.uniform("turnover", me, m.month) < 1 - exp(-hazard)
        if goes:
            public, surprise, leans = n("mechanics.leaders.public"), n("mechanics.leaders.surprise"), self.popular_lean()
            draws = {side: m.luck.normal("lean", f"{side}>{me}", m.month) for side in m.sides}
            self.next["lean"] = {side: public * (leans[side] - self.leant[side]) + surprise * draws[side] for side in m.sides}
        self.next["fresh"] = n("mechanics.leaders.honeymoon") if goes else max(self.fresh - 1, 0)
        self.next["mood_course"] = {s: m.lasting(self.mood_course[s], "alignment", "mood/course", f"{s}>{me}") for s in m.sides}

    def ripeness_urgency(self) -> float:
        m, n, value = self.model, self.model.number, 0.0
        for dispute in m.disputes.values():
            if self.name in dispute.parties and dispute.talk("creep") > 0:
                ripe, patience = dispute.talk("ripe", 1.0), n("mechanics.choice.patience")
                left = max(0, ripe - dispute.normalisation) / dispute.talk("step", 1.0) + dispute.talk("wait")
                y = min(n("mechanics.accession.longest_wait"), left) / patience
                value += ripe * (1 - dispute.deal) * y * exp(-y)
        return value

    # 6 Public opinion and belief

    def opinion_terms(self) -> dict[str, float]:
        m, n = self.model, self.model.number
        felt = {
            p: sum(n(f"channels.{k}.publicity") * power.leverage[k, self.name] for k in power.channels) for p, power in m.powers.items()
        }
        means = {bloc: sum(m.part_of_bloc(p) * felt[p.name] for p in members) for bloc, members in m.blocs.items()}
        terms = {}
        for p, power in m.powers.items():
            rivals = [mean for bloc, mean in means.items() if bloc != power.bloc]
            terms[p] = (
                n("mechanics.opinion.reach") * (felt[p] - sum(rivals) / max(len(rivals), 1))
                - n("mechanics.opinion.coercion") * self.pressure[p]
                - n("mechanics.opinion.war") * power.war * (1 - n("mechanics.opinion.narrative_shield") * power.narrative)
                + n("mechanics.opinion.elite_cue") * (self.course[power.bloc] - 1 / len(m.sides))
                - n("mechanics.opinion.false_belief") * m.is_slandered(power) * self.false_belief
            )
        return terms

    def swallowed(self) -> float:
        m = self.model

        def reached(medium: str) -> float:
            heard = [(p, k) for p in m.powers.values() for k in p.channels if m.plain["channels"][k].get("medium", "none") == medium]
            return any_of(m.lie[p.name, k] * p.potency[k, self.name] for p, k in heard)

        pickup, curb = self.number("pickup"), self.number("curb")
        air = reached("broadcast") * pickup * (1 - curb)
        net = reached("social") * (pickup + (1 - pickup) * m.number("mechanics.opinion.migration") * curb)
        return any_of((air, net)) * (1 - self.number("literacy"))

    def think(self) -> None:
        m, n, me = self.model, self.model.number, self.model.stream("countries", self.name)
        terms, speed, usual = self.opinion_terms(), n("mechanics.opinion.speed"), m.settled["opinion"]
        self.next["opinion"] = {
            p: relax(
                self.opinion[p],
                logistic(log_odds(self.number(f"opinion.{p}", 0.5)) + terms[p] - usual[p, self.name] + self.mood_opinion[p]),
                speed,
            )
            for p in m.powers
        }
        self.next["mood_opinion"] = {
            p: m.lasting(self.mood_opinion[p], "opinion", "mood/opinion", f"{m.stream('powers', p)}>{me}") for p in m.powers
        }
        now, before, start = self.swallowed(), m.settled["false_belief"][self.name], self.number("false_belief")
        if start >= before:
            target = max(1 - (1 - now) * (1 - start) / max(1 - before, 1e-9), 0)
        else:
            target = min(1, now * start / max(before, 1e-9))
        self.next["false_belief"] = relax(self.false_belief, target, n("mechanics.opinion.false_belief_speed"))

    # 7 Unrest, tension, resilience, capture, entities

    def polarisation(self) -> float:
        blocs = self.model.blocs
        if len(blocs) < 2:
            return 0.0
        liked = [sum(self.model.part_of_bloc(p) * self.opinion[p.name] for p in members) for members in blocs.values()]
        whole = sum(liked) + 1e-9
        return (1 - sum((each / whole) ** 2 for each in liked)) * len(blocs) / (len(blocs) - 1)

    def home_terms(self) -> float:
        m, by = self.model, lambda name: self.model.number(f"mechanics.tension.{name}")
        around = [m.countries[j].tension for j in self.neighbours]
        return (
            by("nationalism") * self.number("nationalism")
            + by("stagnation") * self.number("stagnation")
            + by("ethnic_tension") * self.number("ethnic_tension")
            + by("capture") * self.capture
            + by("polarisation") * self.polarisation()
            - by("resilience") * self.resilience
            - self.number("presence")
            + sum(m.number(f"disputes.{d}.felt.{self.name}") * dispute.hostility for d, dispute in m.disputes.items())
            + by("neighbours") * sum(around) / max(len(around), 1)
        )

    def external_terms(self) -> dict[str, float]:
        return {p: self.model.number("mechanics.tension.pressure") * pressure for p, pressure in self.pressure.items()}

    def shared_out(self) -> tuple[float, dict[str, float], float]:
        """The target of tension: by home, by each power, by luck."""
        home = (
            log_odds(self.number("tension", 0.5)) + self.home_terms() - self.model.settled["tension"][self.name] + self.number("grievance")
        )
        external = self.external_terms()
        outside = sum(external.values()) + self.mood_tension
        if abs(outside) < 1e-4:
            share = logistic(home + outside / 2)
            slope = share * (1 - share)
        else:
            slope = (logistic(home + outside) - logistic(home)) / outside
        by_power, by_luck = {p: term * slope for p, term in external.items()}, self.mood_tension * slope
        return logistic(home + outside) - sum(by_power.values()) - by_luck, by_power, by_luck

    def heat(self) -> None:
        m, speed = self.model, self.model.number("mechanics.tension.speed")
        home, by_power, luck = self.shared_out()
        self.next["tension_home"] = relax(self.tension_home, home, speed)
        self.next["tension_power"] = {p: relax(self.tension_power[p], part, speed) for p, part in by_power.items()}
        self.next["tension_luck"] = relax(self.tension_luck, luck, speed)
        self.next["tension_given"] = relax(self.tension_given, 0.0, speed)
        left = keep(m.number("mechanics.tension.pressure_half_life"))
        inflow = {p: power.inflow(self.name) * m.restraint(p) for p, power in m.powers.items()}
        self.next["pressure"] = {p: held * left + (1 - held) * inflow[p] for p, held in self.pressure.items()}
        self.next["mood_tension"] = m.lasting(self.mood_tension, "tension", "mood/tension", m.stream("countries", self.name))

    def resilience_terms(self) -> float:
        by = lambda name: self.model.number(f"mechanics.resilience.{name}")  # noqa: E731
        reform = self.model.reached(lambda p, k: self.model.number(f"channels.{k}.effects.resilience"), self.name)
        return by("reform") * reform - by("capture") * self.capture - by("tension") * self.tension - by("false_belief") * self.false_belief

    def capture_terms(self) -> float:
        m, n = self.model, self.model.number
        patronage = m.reached(lambda p, k: n(f"channels.{k}.effects.capture"), self.name)
        conditions = 0.0
        for club in m.institutions.values():
            grantor = m.powers[club.grantor]
            conditions += n_of(grantor)("conditionality") * self.course[grantor.bloc] * club.credibility
        return n("mechanics.resilience.patronage") * patronage - n("mechanics.resilience.conditionality") * conditions

    def autonomy_terms(self) -> float:
        m, n = self.model, self.model.number
        backed = m.reached(lambda p, k: max(m.embolden[p, k], 0), self.name) - m.reached(lambda p, k: max(-m.embolden[p, k], 0), self.name)
        return n("mechanics.resilience.backing") * backed - n("mechanics.resilience.capacity") * m.countries[self.parent].deciding

    def harden(self) -> None:
        n, settled = self.model.number, self.model.settled
        strong = logistic(log_odds(self.number("resilience", 0.5)) + self.resilience_terms() - settled["resilience"][self.name])
        captured = logistic(log_odds(self.number("capture", 0.5)) + self.capture_terms() - settled["capture"][self.name])
        free = logistic(log_odds(self.number("autonomy", 0.5)) + self.autonomy_terms() - settled["autonomy"][self.name])
        self.next["resilience"] = relax(self.resilience, strong, n("mechanics.resilience.speed"))
        self.next["capture"] = relax(self.capture, captured, n("mechanics.resilience.capture_speed"))
        self.next["autonomy"] = relax(self.autonomy, free, n("mechanics.resilience.autonomy_speed")) if self.is_entity else 0.0


AVERAGED = (
    "course", "words", "alignment", "opinion", "false_belief", "tension_home", "tension_power", "tension_luck", "tension_given",
    "pressure", "resilience", "capture",
)  # fmt: skip


class Institution(Actor):
    """A club with a ladder."""

    def __init__(self, model: PlainModel, name: str) -> None:
        super().__init__(model, name)
        self.plain = model.plain["institutions"][name]
        self.grantor, self.alliance, self.stages = self.plain["grantor"], self.plain["alliance"], list(self.plain["stages"])
        self.top = len(self.stages) - 1

    def stage(self, rung: int, name: str) -> float:
        return self.model.number(f"institutions.{self.name}.stages.{self.stages[rung]}.{name}", 1.0)

    def unity_of_members(self) -> float:
        n, members = self.model.number, self.plain["members"]
        stances = [n(f"institutions.{self.name}.members.{member}.stance") for member in members]
        mean = sum(stances) / len(stances)
        spread = sqrt(sum((stance - mean) ** 2 for stance in stances) / len(stances))
        return clip(n(f"institutions.{self.name}.unity") - n("mechanics.accession.disagreement") * spread, 0, 1)

    def delivered(self) -> dict[str, float]:
        m, grantor = self.model, self.model.powers[self.grantor]
        opening = [k for k in grantor.channels if m.is_institutional(k) and not m.plain["channels"][k]["two_way"]]
        opening = [k for k in opening if m.push[self.name, grantor.name, k] > 0]
        return {i: sum(m.push[self.name, grantor.name, k] * grantor.effort[k, i] for k in opening) for i in m.countries}

    def step(self) -> None:
        m, n = self.model, self.model.number
        self.next["rung"], self.next["progress"] = dict(self.rung), dict.fromkeys(m.countries, 0.0)
        for i, country in m.countries.items():
            rung = self.rung[i]
            if rung >= self.top or country.is_entity:
                continue
            done = min(1, self.progress[i] + self.flow[i] / max(self.stage(rung, "months"), 1e-9))
            draw = m.luck.uniform("consent", f"{m.stream('institutions', self.name)}>{m.stream('countries', i)}", m.month)
            if done >= 1 and self.gates(i, done)[0] > 0 and draw < self.stage(rung, "consent") * self.unity:
                self.next["rung"][i] = rung + 1
            else:
                self.next["progress"][i] = done
        strained = sum(
            n(f"institutions.{self.name}.strain.{i}") * max(0, c.tension - c.number("tension", 0.5)) for i, c in m.countries.items()
        )
        united = relax(self.unity, max(0, self.unity_of_members() - strained), n("mechanics.accession.unity_speed"))
        links = [link for link in m.linkages.values() if link.plain["institution"] == self.name]
        self.next["unity"] = max(0, united - sum(link.accepted * link.number("strain") for link in links))
        outside = [i for i in m.countries if self.rung[i] < self.top]
        delivered = self.delivered()
        given, promised = sum(delivered[i] for i in outside), sum(self.promised[i] for i in outside)
        missed = max(0, 1 - given / max(promised, 1e-9)) if promised > 0 else 0.0
        target = 1 - n("mechanics.accession.delivery") * missed - n("mechanics.accession.disappointment")
        self.next["credibility"] = max(0, relax(self.credibility, target, n("mechanics.accession.credibility_speed")))

    def watched(self, name: str, i: str) -> float:
        m, what = self.model, self.model.plain["gates"][name]["watches"]
        shut, opened = m.number(f"gates.{name}.shut"), m.number(f"gates.{name}.open")
        if "condition" in what:
            return gate(m.condition[what["condition"]], shut, opened)
        if "deed" in what:
            return gate(m.deeds[what["deed"]].deed, shut, opened)
        if "without" in what:
            return gate(1 - m.deeds[what["without"]].deed, shut, opened)
        if "dispute" in what:
            return gate(m.disputes[what["dispute"]].normalisation, shut, opened)
        if what.get("aspiration"):
            return gate(m.countries[i].number(f"aspiration.{self.name}"), shut, opened)
        agreed, bloc = 1.0, m.powers[self.grantor].bloc
        for entity in m.countries[i].entities:
            agreed *= gate(m.countries[entity].course[bloc], shut, opened)
        return agreed

    def gates(self, i: str, reached: float) -> tuple[float, float]:
        """What the gates of its stage let a country pass, and all that hold it."""
        now = ahead = 1.0
        for name, each in self.model.plain.get("gates", {}).items():
            if each["institution"] == self.name and (not each.get("countries") or i in each["countries"]):
                left = 1 - self.model.number(f"gates.{name}.strength") * (1 - self.watched(name, i))
                ahead *= left
                rung = self.stages.index(each["stage"])
                if self.rung[i] > rung or (self.rung[i] == rung and reached >= each.get("after", 0.0)):
                    now *= left
        return now, ahead

    def urgency_of(self, months: Mapping[str, float]) -> dict[str, float]:
        m = self.model
        patience, longest = m.number("mechanics.choice.patience"), m.number("mechanics.accession.longest_wait")
        found = {i: 0.0 for i in m.countries}
        for i in m.countries:
            if self.rung[i] < self.top and months[i] < longest:
                found[i] = months[i] / patience * exp(-months[i] / patience)
        return {i: found[c.parent] * m.people[i] for i, c in m.countries.items()}

    def read_ladder(self) -> None:
        m, n, bloc = self.model, self.model.number, self.model.powers[self.grantor].bloc
        unaided, longest, slowest = (n(f"mechanics.accession.{name}") for name in ("unaided", "longest_wait", "slowest_flow"))
        for name in ("help", "block", "gate", "flow", "months_if_open", "months_to_go"):
            setattr(self, name, {})
        if_open = {}
        for i, c in m.countries.items():
            self.help[i] = m.reached(lambda p, k: max(m.push[self.name, p, k], 0), i)
            self.block[i] = m.reached(lambda p, k: max(-m.push[self.name, p, k], 0), i)
            now, ahead = self.gates(i, self.progress[i])
            drawn, rung = c.course[bloc], self.rung[i]
            will = c.number(f"aspiration.{self.name}") * 2 * drawn / (1 + drawn)
            able = (1 - c.tension) * sqrt(c.resilience * (1 - c.capture)) * c.deciding
            flow = will * able * self.credibility * (unaided + (1 - unaided) * self.help[i]) * (1 - self.block[i])
            later = range(rung + 1, self.top)
            work = sum(self.stage(r, "months") for r in later)
            work += self.stage(rung, "months") * (1 - self.progress[i]) if rung < self.top else 0.0
            wait = sum(1 / max(self.stage(r, "consent"), 1e-9) for r in range(rung, self.top))
            if_open[i] = min(longest, work / max(flow, slowest) + wait)
            to_go = min(longest, work / max(flow * ahead, slowest) + wait) if ahead > 0 else longest
            self.gate[i], self.flow[i] = now, flow * now
            self.months_if_open[i], self.months_to_go[i] = (if_open[i], to_go) if rung < self.top else (0.0, 0.0)
        self.urgency, self.urgency_if_open = self.urgency_of(self.months_to_go), self.urgency_of(if_open)


class Deed(Actor):
    """An action that is no channel."""

    def __init__(self, model: PlainModel, name: str) -> None:
        super().__init__(model, name)
        self.plain = model.plain["deeds"][name]
        self.owner = self.plain["owner"]

    def number(self, name: str, absent: float = 0.0) -> float:
        return self.model.number(f"deeds.{self.name}.{name}", absent)

    def prepare(self) -> None:
        """Which doors it opens or keeps shut, and who pushes it how."""
        m = self.model
        opens = {(club, i): 0 for club in m.institutions for i in m.countries}
        for each in m.plain.get("gates", {}).values():
            for word, way in (("deed", 1), ("without", -1)):
                if each["watches"].get(word) == self.name:
                    for i in each.get("countries") or m.countries:
                        opens[each["institution"], i] += way
        self.opens = {door: sign(way) for door, way in opens.items()}
        self.pushing = {}
        for p in m.powers.values():
            wish = sign(sum(way * p.objective(f"membership.{club}") for (club, _), way in self.opens.items()))
            for k in p.channels:
                self.pushing[p.name, k] = self.number(f"pushed.{k}") * wish

    def campaigns(self) -> float:
        if self.owner not in self.model.countries:
            return 0.0
        pro = self.model.reached(lambda p, k: max(self.pushing[p, k], 0), self.owner)
        return pro - self.model.reached(lambda p, k: max(-self.pushing[p, k], 0), self.owner)

    def push_values(self, p: Power) -> dict[str, float]:
        """What pushing it is worth to a power, by channel, before stakes."""
        m = self.model
        if self.owner not in m.countries:
            return {}
        doors = {club: self.opens[club, self.owner] for club in m.institutions}
        wanted = sum(
            abs(way) * abs(p.objective(f"membership.{c}")) * m.institutions[c].urgency_if_open[self.owner] for c, way in doors.items()
        )
        left = 1 - self.deed if sum(doors.values()) > 0 else self.deed
        worth = wanted * left * m.number("mechanics.deeds.push_worth")
        return {k: abs(self.pushing[p.name, k]) * worth for k in p.channels if self.pushing[p.name, k]}

    def utility(self) -> float:
        m, value = self.model, self.number("base") - self.number("cost")
        if self.owner in m.countries:
            owner = m.countries[self.owner]
            value += sum(self.number(f"stance.{s}") * owner.course[s] * owner.side_value[s] for s in m.sides)
            value += sum(self.number(f"audience.{p}") * (2 * owner.opinion[p] - 1) for p in m.powers)
            value += self.number("push") * self.campaigns()
        for name, cause in self.plain.get("causes", {}).items():
            value += self.number(f"causes.{name}.weight") * (m.watch(cause["watches"]) - self.number(f"causes.{name}.usual"))
        return value

    def met(self) -> float:
        left = self.model.countries[self.owner].deciding if self.owner in self.model.countries else 1.0
        for name, need in self.plain.get("needs", {}).items():
            left *= gate(self.model.watch(need["watches"]), self.number(f"needs.{name}.shut"), self.number(f"needs.{name}.open"))
        return left

    def step(self) -> None:
        m, n = self.model, self.model.number
        eager, rate, met = n("mechanics.deeds.sharpness", 1.0) * self.utility(), self.number("rate"), self.met()
        if self.plain["kind"] == "dial":
            wanted = met * logistic(eager)
            done = self.deed + rate * (self.number("reversible") if wanted < self.deed else 1.0) * (wanted - self.deed)
        else:
            draw = m.luck.uniform("deed", m.stream("deeds", self.name), m.month)
            if self.deed > 0.5:
                done = 0.0 if draw < 1 - exp(-rate * logistic(-eager) * self.number("reversible")) else 1.0
            else:
                done = 1.0 if draw < 1 - exp(-rate * logistic(eager) * met) else 0.0
        self.next["deed"] = done
        self.next["deed_memory"] = max(self.deed_memory * keep(n("mechanics.deeds.memory", 1.0)), done)


class Dispute(Actor):
    """A quarrel between two parties."""

    def __init__(self, model: PlainModel, name: str) -> None:
        super().__init__(model, name)
        self.plain = model.plain["disputes"][name]
        self.parties, self.talking = self.plain["parties"], self.plain.get("talks", {})

    def talk(self, name: str, absent: float = 0.0) -> float:
        return self.model.number(f"disputes.{self.name}.talks.{name}", absent)

    def brokered(self, way: int) -> float:
        m = self.model
        return sum(m.reached(lambda p, k: max(way * m.disputing[p, k], 0), i) for i in self.parties) / 2

    def door(self, i: str) -> float:
        """The best prospect of a gate that waits for this dispute."""
        m, n, best = self.model, self.model.number, 0.0
        for each in m.plain.get("gates", {}).values():
            club = m.institutions[each["institution"]]
            held = not each.get("countries") or i in each["countries"]
            if each["watches"].get("dispute") == self.name and held and club.rung[i] < club.top:
                waiting = club.months_if_open[i] / n("mechanics.alignment.prospect")
                offer = n(f"institutions.{club.name}.value") * club.credibility * exp(-waiting)
                best = max(best, offer * m.countries[i].number(f"aspiration.{club.name}"))
        return best

    def room(self, broker: float) -> float:
        m, rooms = self.model, []
        for i in self.parties:
            heeded = sum(self.talk(f"parties.{i}.heeds.{p}") * m.countries[i].opinion[p] for p in m.powers)
            rooms.append(self.door(i) + self.talk("broker") * broker - self.talk(f"parties.{i}.cost") - heeded)
        return min(rooms)

    def goodwill(self) -> float:
        m = self.model
        sides = [bloc for bloc, members in m.blocs.items() if any(m.disputing[p.name, k] > 0 for p in members for k in p.channels)]
        said = [sum(m.countries[i].words[side] for side in sides) if sides else 1.0 for i in self.parties]
        return sum(said) / 2

    def step(self) -> None:
        m, luck = self.model, lambda purpose: self.model.luck.uniform(purpose, self.name, self.model.month)
        broker, obstruct = self.brokered(1), self.brokered(-1)
        room = self.room(broker)
        slow = min(1, exp(-sum(self.talk(f"slowed_by.{d}") * m.relative_driver(d) for d in m.driver)))
        incident = max((m.deeds[deed].deed_memory for deed in self.talking.get("hindered_by", [])), default=0.0)
        opens = self.talk("start") * logistic(self.talk("sharpness") * room) * slow * (1 - self.talk("hindrance") * incident)
        breaks = min(1, self.talk("collapse") * exp(self.talk("incident") * incident + self.talk("goodwill") * (1 - self.goodwill())))
        goes_on = luck("talks") >= breaks if self.talks > 0.5 else luck("talks") < opens
        veto = self.talking.get("veto")
        left = 1 - logistic(-self.talk("veto_will") * m.powers[veto].objective("deal")) if veto else 1.0
        signed = self.talks > 0.5 and self.normalisation >= self.talk("ripe", 1.0) and luck("deal") < self.talk("deal") * left
        creep = self.talk("creep") * self.talks * max(room, 0) * broker * slow * (1 - self.normalisation)
        wear = self.talk("wear") * (self.hostility + obstruct) * self.normalisation
        deal = 1.0 if signed else self.deal
        mechanics = f"disputes.{self.name}.recognition"
        gained = counted(m.number(f"{mechanics}.gained") * (1 + broker) * (1 - obstruct), luck("recognised"), 3)
        lost = counted(m.number(f"{mechanics}.lost") * (1 + obstruct) * (1 - broker), luck("unrecognised"), 3)
        self.next |= {
            "talks": float(goes_on) * (1 - self.deal), "deal": deal, "overlap": room,
            "normalisation": 1.0 if deal > 0.5 else clip(self.normalisation + (creep - wear) * (1 - self.deal), 0, 1),
            "recognition": max(0, self.recognition + gained - lost),
        }  # fmt: skip


class Event(Actor):
    """Something that may happen in a place."""

    def __init__(self, model: PlainModel, name: str) -> None:
        super().__init__(model, name)
        self.kind, self.place = name.split(".")
        self.plain = model.plain["events"][self.kind]

    def number(self, name: str, absent: float = 0.0) -> float:
        return self.model.number(f"events.{self.kind}.{name}", absent)

    def here(self, words: str) -> str:
        return ".".join(self.place if word == "here" else word for word in words.split("."))

    def hazard(self) -> float:
        added, met = 0.0, 1.0
        for name, cause in self.plain.get("causes", {}).items():
            added += self.number(f"causes.{name}.weight") * (
                self.model.watch(self.here(cause["watches"])) - self.number(f"causes.{name}.usual")
            )
        for name, need in self.plain.get("needs", {}).items():
            met *= gate(self.model.watch(self.here(need["watches"])), self.number(f"needs.{name}.shut"), self.number(f"needs.{name}.open"))
        return self.number("base") * exp(min(added, 50)) * met

    def step(self) -> None:
        m = self.model
        stream = f"{self.plain.get('stream', self.kind)}>{m.stream('countries', self.place)}"
        happens = float(m.luck.uniform("event", stream, m.month) < 1 - exp(-self.hazard()))
        succeeds = happens * (m.luck.uniform("success", stream, m.month) < self.number("success"))
        left = keep(self.number("memory", 1.0))
        self.next |= {
            "happened": happens, "event_memory": max(self.event_memory * left, happens),
            "success_memory": max(self.success_memory * left, succeeds),
        }  # fmt: skip


class Linkage(Actor):
    """Calm here for concessions elsewhere."""

    def __init__(self, model: PlainModel, name: str) -> None:
        super().__init__(model, name)
        self.plain = model.plain["linkages"][name]

    def number(self, name: str) -> float:
        return self.model.number(f"linkages.{self.name}.{name}")

    def step(self) -> None:
        m, power, salience = self.model, self.plain["power"], self.model.driver[self.plain["driver"]]
        excess = sum(m.stake[power, i] * max(0, m.countries[i].tension - self.number("usual_tension")) for i in m.leaves)
        pressed = excess * salience
        wants = m.powers[power].objective("concessions") > 0 and self.calm_left <= 0
        offered = wants and m.luck.uniform("offer", self.name, m.month) < 1 - exp(-self.number("offer") * pressed)
        relief = self.number("relief") * pressed - self.number("precedent") * m.institutions[self.plain["institution"]].unity
        chance = logistic(self.number("sharpness") * (relief - self.number("price")))
        agreed = offered and m.luck.uniform("agreement", self.name, m.month) < chance
        self.next |= {
            "offered": float(offered), "accepted": float(agreed),
            "calm_left": self.number("calm_months") if agreed else max(self.calm_left - 1, 0),
            "concessions": self.concessions + agreed * self.number("gain") * salience,
        }  # fmt: skip


# The model

HELD = ("driver", "condition", "hostility", "war")
# Numbers that start a variable: the place of the words in a path that name its actors.
KICKED = {
    "tension": "countries.*.tension", "resilience": "countries.*.resilience", "capture": "countries.*.capture",
    "autonomy": "countries.*.autonomy", "false_belief": "countries.*.false_belief", "opinion": "countries.*.opinion.*",
    "progress": "countries.*.membership.*.progress", "credibility": "institutions.*.credibility", "deed": "deeds.*.start",
    "talks": "disputes.*.talks.open", "recognition": "disputes.*.recognition.start", "normalisation": "disputes.*.normalisation",
    "driver": "drivers.*.level", "condition": "conditions.*.level", "hostility": "disputes.*.hostility", "war": "powers.*.war",
}  # fmt: skip


def started_by(path: str) -> str:
    """The variable that a number starts, or nothing."""
    words = path.split(".")
    for variable, pattern in KICKED.items():
        wanted = pattern.split(".")
        if len(wanted) == len(words) and all(a in ("*", b) for a, b in zip(wanted, words, strict=True)):
            return variable
    return ""


def strength(shape: Mapping[str, float], since: int) -> float:
    if since < 0:
        return 0.0
    if "pulse" in shape:
        return float(since < shape["pulse"])
    if "ramp" in shape:
        return min(1.0, (since + 1) / shape["ramp"])
    return 2 ** (-since / shape["decay"]) if "decay" in shape else 1.0


class PlainModel(mesa.Model):
    """One history of a scenario, an agent for each actor.

    Args: run and seed address its luck; settled is what another model of the same scenario solved; overrides are values by path.
    """

    def __init__(
        self, scenario: Any, run: int = 0, seed: int = 1, settled: Any = None, overrides: Mapping[str, float] | None = None
    ) -> None:
        super().__init__(rng=seed)
        self.plain, self.schema = scenario.dumped(), type(scenario).model_json_schema(by_alias=True)
        self.months, self.month, self.luck = self.plain["time"]["months"], 0, Luck(seed, run)
        self.populate()
        self.changed: dict[str, float] = {}
        median = Numbers(self.plain, lambda address: 0.5, {}, self.bounds)
        self.settled: dict[str, Any] = settled or self.settle(median)
        chance = lambda address: self.luck.uniform(f"parameter/{address}", "", 0)  # noqa: E731
        what_ifs = {**self.plain.get("set", {}), **{path: float(value) for path, value in (overrides or {}).items()}}
        own = Numbers(self.plain, chance, {}, self.bounds)
        usual = {}
        if what_ifs:
            self.begin(own, moods=True)
            usual = {actor: actor.usual for group in (self.powers, self.countries, self.institutions) for actor in group.values()}
        self.begin(Numbers(self.plain, chance, what_ifs, self.bounds), moods=True)
        for actor, was in usual.items():
            actor.__dict__.update(was)
        self.effects = self.all_effects(Numbers({**self.plain, **self.dated_numbers()}, chance, what_ifs, self.bounds))
        reporters = {"tension": lambda m: sum(c.tension for c in m.countries.values()) / len(m.countries)}
        for p in self.powers:
            reporters[f"influence_{p}"] = lambda m, p=p: sum(m.powers[p].influence_share.values()) / len(m.countries)
        self.datacollector = mesa.DataCollector(model_reporters=reporters)

    # Who there is

    def populate(self) -> None:
        def ordered(section: str) -> list[str]:
            return sorted(self.plain.get(section, {}), key=lambda name: self.stream(section, name))

        self.channels = ordered("channels")
        self.powers = {name: Power(self, name) for name in ordered("powers")}
        self.countries = {name: Country(self, name) for name in ordered("countries")}
        self.institutions = {name: Institution(self, name) for name in ordered("institutions")}
        self.deeds = {name: Deed(self, name) for name in ordered("deeds")}
        self.disputes = {name: Dispute(self, name) for name in sorted(self.plain.get("disputes", {}))}
        self.linkages = {name: Linkage(self, name) for name in sorted(self.plain.get("linkages", {}))}
        places = {
            kind: sorted(self.plain["events"][kind]["where"], key=lambda i: self.stream("countries", i)) for kind in ordered("events")
        }
        self.events = {f"{kind}.{i}": Event(self, f"{kind}.{i}") for kind, where in places.items() for i in where}
        self.blocs = {b: [p for p in self.powers.values() if p.bloc == b] for b in sorted({p.bloc for p in self.powers.values()})}
        self.sides = [*self.blocs, "self"]
        for name, country in self.countries.items():
            if country.is_entity:
                self.countries[country.parent].entities.append(name)
        self.leaves = [name for name, country in self.countries.items() if not country.entities]
        for name in self.leaves:
            self.countries[name].neighbours = [j for j in self.countries[name].plain.get("neighbours", []) if j in self.leaves]
        self.tools = [(p, k) for p in self.powers.values() for k in p.channels]
        self.eroding = {
            k: [(p, other) for p, other in self.tools if k in self.plain["channels"][other].get("erodes", {})] for k in self.channels
        }
        self.axes = {"power": self.powers, "country": self.countries, "institution": self.institutions, "deed": self.deeds,
                     "dispute": self.disputes, "linkage": self.linkages, "event": self.events}  # fmt: skip

    def stream(self, section: str, name: str) -> str:
        return self.plain[section][name].get("stream") or name

    def is_institutional(self, k: str) -> bool:
        return self.plain["channels"][k]["domain"] == "institutional"

    # Numbers

    def number(self, path: str, absent: float = 0.0) -> float:
        value = self.changed.get(path)
        if value is None:
            value = self.numbers.value(path)
        return absent if value is None else value

    def bounds(self, path: str) -> tuple[float, float]:
        """What a number may be, from the schema of scenario files."""
        node: dict[str, Any] = self.schema
        for word in path.split("."):
            options = [option for option in node.get("anyOf", [node]) if option.get("type") != "null"]
            node = options[0]
            if "$ref" in node:
                node = self.schema["$defs"][node["$ref"].split("/")[-1]]
            inner = node.get("additionalProperties") or next(iter(node.get("patternProperties", {}).values()), None)
            node = node.get("properties", {}).get(word) or inner or {}
        node = next((option for option in node.get("anyOf", []) if option.get("type") != "null"), node)
        return node.get("minimum", -math.inf), node.get("maximum", math.inf)

    def prepare(self) -> None:
        """What follows from the numbers alone."""
        n, plain = self.number, self.plain
        self.stake, self.people = {}, dict.fromkeys(self.countries, 1.0)
        for p in self.powers:
            whole = max(sum(n(f"powers.{p}.stakes.{i}") for i in self.countries), 1e-12)
            self.stake |= {(p, i): n(f"powers.{p}.stakes.{i}") / whole for i in self.countries}
        for country in self.countries.values():
            people = {e: n(f"countries.{e}.population", 1.0) for e in country.entities}
            self.people |= {e: each / sum(people.values()) for e, each in people.items()}
        kinship = {p: self.over_entities({i: n(f"countries.{i}.kinship.{p}") for i in self.countries}) for p in self.powers}
        self.standing, self.floor = {}, {}
        for power in self.powers.values():
            staged = {i: self.staging(power.name, i) for i in self.countries}
            for k in power.channels:
                base = {}
                for i, country in self.countries.items():
                    kin = kinship[power.name][i] * n(f"channels.{k}.kinship")
                    depends = n(f"countries.{i}.dependence.{power.name}.channels.{k}")
                    open_to = 1 - (1 - depends) * (1 - kin) * self.relayed("amplifies", power.name, k, i)
                    able = n(f"powers.{power.name}.skill.{k}") * open_to * self.relayed("hinders", power.name, k, i)
                    usable = not country.is_entity if self.is_institutional(k) else i in self.leaves
                    self.standing[power.name, k, i] = able * (staged[i] if plain["channels"][k].get("staged") else 1.0) * usable
                    base[i] = n("mechanics.leverage.floor") * kin
                self.floor |= {(power.name, k, i): value for i, value in self.everywhere(k, base).items()}
        gives = {k: n(f"channels.{k}.weight") if n(f"channels.{k}.effects.leverage") > 0 else 0.0 for k in self.channels}
        self.weight = {k: each / max(sum(gives.values()), 1e-300) for k, each in gives.items()}
        self.handles()
        for power in self.powers.values():
            self.prior_of(power)
        for deed in self.deeds.values():
            deed.prepare()

    def staging(self, p: str, i: str) -> float:
        floor = self.number("mechanics.leverage.staging_floor")
        return floor + (1 - floor) * max((self.number(f"countries.{j}.permits.{p}") for j in self.countries[i].neighbours), default=0.0)

    def relayed(self, role: str, p: str, k: str, i: str) -> float:
        left = 1.0
        for name, relay in self.plain.get("relays", {}).items():
            if relay["role"] == role and relay["country"] == i and p in relay["powers"] and k in relay["channels"]:
                left *= 1 - self.number(f"relays.{name}.strength")
        return left

    def handles(self) -> None:
        """What each instrument does, with the sign its owner wishes where it is two-way."""
        self.push, self.stir, self.embolden, self.disputing, self.lie, self.prior = {}, {}, {}, {}, {}, {}
        for power, k in self.tools:
            p, two_way = power.name, self.plain["channels"][k]["two_way"]
            effect = lambda name, k=k: self.number(f"channels.{k}.effects.{name}")  # noqa: E731
            stirring = sign(max(power.objective("unrest"), 0))
            for club in self.institutions:
                wish = sign(power.objective(f"membership.{club}"))
                self.push[club, p, k] = abs(effect(f"accession.{club}")) * wish if two_way else effect(f"accession.{club}")
            self.stir[p, k] = max(0, effect("unrest") * stirring if two_way else effect("unrest"))
            self.embolden[p, k] = effect("autonomy") * sign(power.objective("autonomy")) if two_way else effect("autonomy")
            self.disputing[p, k] = effect("dispute") * sign(power.objective("deal")) if two_way else effect("dispute")
            self.lie[p, k] = effect("falsehood") * stirring

    def prior_of(self, power: Power) -> None:
        n, p = self.number, power.name
        single = ("dispute", "falsehood", "unrest", "leverage", "resilience", "autonomy", "capture")
        acts = {
            k: sum(abs(n(f"channels.{k}.effects.{name}")) for name in single)
            + sum(abs(n(f"channels.{k}.effects.accession.{club}")) for club in self.institutions)
            for k in power.channels
        }
        usable = {(k, i): self.standing[p, k, i] > 0 and acts[k] > 0 for k in power.channels for i in self.countries}
        tools = {i: sum(usable[k, i] for k in power.channels) for i in self.countries}
        spread = {(k, i): self.stake[p, i] / max(tools[i], 1) if can else 0.0 for (k, i), can in usable.items()}
        whole = max(sum(spread.values()), 1e-300)
        self.prior |= {(p, k, i): (1 - n(f"powers.{p}.hold_back")) * each / whole for (k, i), each in spread.items()}

    # Between entities and their country

    def mean_of(self, country: Country, values: Mapping[str, float]) -> float:
        people = {e: self.number(f"countries.{e}.population", 1.0) for e in country.entities}
        return sum(people[e] * values[e] for e in people) / sum(people.values())

    def over_entities(self, values: dict[str, float]) -> dict[str, float]:
        return {i: self.mean_of(c, values) if c.entities else values[i] for i, c in self.countries.items()}

    def everywhere(self, k: str, values: dict[str, float]) -> dict[str, float]:
        if self.is_institutional(k):
            return {i: values[c.parent] for i, c in self.countries.items()}
        return self.over_entities(values)

    def reached(self, effect: Callable[[str, str], float], i: str) -> float:
        return any_of(effect(p.name, k) * p.potency[k, i] for p, k in self.tools)

    def relative_driver(self, d: str) -> float:
        level, reference = self.driver[d], self.number(f"drivers.{d}.reference")
        if self.plain["drivers"][d].get("form", "ratio") == "ratio":
            return log(clip(level / max(reference, 1e-9), 0.05, 20))
        return level - reference

    def part_of_bloc(self, power: Power) -> float:
        members = self.blocs[power.bloc]
        whole = sum(p_capacity(p) for p in members)
        return p_capacity(power) / max(whole, 1e-300) if whole > 0 else 1 / len(members)

    def is_slandered(self, power: Power) -> bool:
        return any(self.lie[q.name, k] > 0 for q, k in self.tools if q.bloc != power.bloc)

    def restraint(self, p: str) -> float:
        left = 1.0
        for link in self.linkages.values():
            if link.plain["power"] == p and link.calm_left > 0:
                left *= 1 - link.number("calm")
        return left

    def lasting(self, mood: float, chapter: str, purpose: str, actor: str) -> float:
        memory, spread = self.number(f"mechanics.{chapter}.noise_memory"), self.number(f"mechanics.{chapter}.noise")
        return memory * mood + spread * sqrt(1 - memory * memory) * self.luck.normal(purpose, actor, self.month)

    # Readings

    def read(self) -> None:
        self.read_contest()
        for country in self.countries.values():
            country.deciding = 1.0
            for e in country.entities:
                country.deciding *= 1 - self.number(f"countries.{e}.veto") * self.countries[e].autonomy * country.split()
        self.agents_by_type[Institution].do("read_ladder") if self.institutions else None
        self.agents_by_type[Country].do("read_sides")
        self.agents_by_type[Power].do("read_payoff")

    def read_contest(self) -> None:
        n = self.number
        foothold, variety, decisive, regard, bare = (
            n(f"mechanics.{path}") for path in ("contest.foothold", "contest.variety", "contest.decisiveness", "choice.bloc_regard",
                                                "contest.agency_without_resilience")
        )  # fmt: skip
        for power in self.powers.values():
            power.grip, power.reach, power.share_slope, power.influence_share = {}, {}, {}, {}
        for i, country in self.countries.items():
            mix = {}
            for p, power in self.powers.items():
                for k in power.channels:
                    power.grip[k, i] = self.weight[k] * exp(variety * log(power.leverage[k, i] + foothold))
                lacking = 1 - sum(self.weight[k] for k in power.channels)
                mix[p] = sum(power.grip[k, i] for k in power.channels) + lacking * exp(variety * log(foothold))
                power.reach[i] = max(exp(log(mix[p]) / variety) - foothold, 0) if any(self.weight[k] for k in power.channels) else 0.0
            together = {bloc: sum(p.reach[i] for p in members) + foothold for bloc, members in self.blocs.items()}
            strong = {bloc: exp(decisive * log(each)) for bloc, each in together.items()}
            own = raised(n(f"countries.{i}.agency") * (bare + (1 - bare) * country.resilience), decisive)
            field = own + sum(strong.values())
            country.bloc_share = {bloc: each / field for bloc, each in strong.items()}
            country.own_share = own / field
            for p, power in self.powers.items():
                bloc = power.bloc
                within = power.reach[i] / (together[bloc] - foothold + 1e-6)
                slope = decisive * strong[bloc] / together[bloc] * (field - strong[bloc]) / field**2
                inside = country.bloc_share[bloc] * (1 - within) / (together[bloc] - foothold + 0.01)
                valued = slope * (regard + (1 - regard) * within) + (1 - regard) * inside
                power.share_slope[i] = valued * exp((1 / variety - 1) * log(mix[p]))
                power.influence_share[i] = country.bloc_share[bloc] * within
        for power in self.powers.values():
            power.share_slope, power.influence_share = self.over_entities(power.share_slope), self.over_entities(power.influence_share)
        for country in self.countries.values():
            if country.entities:
                inside = {e: self.countries[e] for e in country.entities}
                country.own_share = self.mean_of(country, {e: each.own_share for e, each in inside.items()})
                country.bloc_share = {b: self.mean_of(country, {e: each.bloc_share[b] for e, each in inside.items()}) for b in self.blocs}

    # The start

    def begin(self, numbers: Numbers, moods: bool) -> None:
        """The world before the first month."""
        self.numbers, self.changed = numbers, {}
        self.effects = self.all_effects(Numbers({**self.plain, **self.dated_numbers()}, numbers.chance, numbers.what_ifs, self.bounds))
        self.prepare()
        self.bare(moods)
        self.month = -1
        self.apply_effects()
        self.month = 0
        plan = self.settled["plan"]
        for power in self.powers.values():
            power.budget = self.number(f"powers.{power.name}.capacity") * power.driver_factor()
        self.settle_course()
        for _ in range(12):
            self.rest_under(
                {p: {(k, i): plan[p, k, i] * (self.prior[p, k, i] > 0) for k, i in power.plan} for p, power in self.powers.items()}
            )
        for power in self.powers.values():
            power.usual = {"used_to": power.rival()}
            power.__dict__.update(power.usual)
        for country in self.countries.values():
            country.usual = {"leant": country.popular_lean()}
            country.__dict__.update(country.usual)
        for club in self.institutions.values():
            club.usual = {"promised": club.delivered(), "united": club.unity}
            club.__dict__.update(club.usual)
        self.share_tension()
        self.read()

    def bare(self, moods: bool) -> None:
        n = self.number
        self.driver = {d: n(f"drivers.{d}.level") for d in sorted(self.plain.get("drivers", {}))}
        self.condition = {c: n(f"conditions.{c}.level") for c in sorted(self.plain.get("conditions", {}))}
        for p, power in self.powers.items():
            cells = {(k, i): 0.0 for k in power.channels for i in self.countries}
            power.war, power.policy_cost, power.attention, power.narrative, power.used_to = n(f"powers.{p}.war"), 0.0, 0.5, 0.0, 0.0
            power.plan, power.effort, power.potency = dict(cells), dict(cells), dict(cells)
            power.leverage = {(k, i): self.floor[p, k, i] for k, i in cells}
            power.belief = {k: n(f"powers.{p}.bias") for k in power.channels}
            power.visible, power.seen_acts = dict.fromkeys(self.countries, 0.0), dict.fromkeys(self.countries, 0.0)
            power.watched = dict.fromkeys(self.countries, 1.0)
            for i in self.countries if moods else ():
                draw = self.luck.uniform("start/watched", f"{self.stream('powers', p)}>{self.stream('countries', i)}", 0)
                power.watched[i] = 1 + n("mechanics.observation.spread") * (gamma_of_shape_2(draw) / 2 - 1)
        for i, country in self.countries.items():
            self.bare_country(country, self.stream("countries", i), moods)
        for name in ("tension", "resilience", "capture", "false_belief"):
            for i, value in self.over_entities({i: getattr(c, name) for i, c in self.countries.items()}).items():
                setattr(self.countries[i], name, value)
        for p in self.powers:
            for i, value in self.over_entities({i: c.opinion[p] for i, c in self.countries.items()}).items():
                self.countries[i].opinion[p] = value
        for name, club in self.institutions.items():
            stands = {i: self.countries[c.parent].plain.get("membership", {}).get(name) for i, c in self.countries.items()}
            club.rung = {i: club.stages.index(at["stage"]) if at else 0 for i, at in stands.items()}
            club.progress = {i: n(f"countries.{i}.membership.{name}.progress") for i in self.countries}
            club.credibility, club.unity, club.united = n(f"institutions.{name}.credibility"), club.unity_of_members(), 0.0
        for d, dispute in self.disputes.items():
            dispute.normalisation, dispute.hostility = n(f"disputes.{d}.normalisation"), n(f"disputes.{d}.hostility")
            dispute.talks, dispute.deal, dispute.overlap = n(f"disputes.{d}.talks.open"), 0.0, 0.0
            dispute.recognition = n(f"disputes.{d}.recognition.start")
        for deed in self.deeds.values():
            deed.deed = deed.deed_memory = deed.number("start")
        for event in self.events.values():
            event.happened = event.event_memory = event.success_memory = 0.0
        for link in self.linkages.values():
            link.offered = link.accepted = link.calm_left = link.concessions = 0.0

    def bare_country(self, country: Country, stream: str, moods: bool) -> None:
        n, powers, zero = self.number, list(self.powers), dict.fromkeys(self.powers, 0.0)
        for name in ("tension", "resilience", "capture"):
            setattr(country, name, country.number(name, 0.5))
        country.false_belief = country.number("false_belief")
        country.autonomy = country.number("autonomy", 0.5) if country.is_entity else 0.0
        country.opinion = {p: country.number(f"opinion.{p}", 0.5) for p in powers}
        country.course, country.words = dict.fromkeys(self.sides, 1 / len(self.sides)), dict.fromkeys(self.sides, 0.0)
        country.alignment, country.pressure, country.tension_power = dict(zero), dict(zero), dict(zero)
        country.lean, country.leant, country.shift, country.mood_course = (dict.fromkeys(self.sides, 0.0) for _ in range(4))
        country.mood_opinion, country.mood_tension, country.fresh = dict(zero), 0.0, 0.0
        country.tension_given = 0.0
        if moods:
            for s in self.sides:
                country.mood_course[s] = n("mechanics.alignment.noise") * self.luck.normal("start/course", f"{s}>{stream}", 0)
            for p in powers:
                draw = self.luck.normal("start/opinion", f"{self.stream('powers', p)}>{stream}", 0)
                country.mood_opinion[p] = n("mechanics.opinion.noise") * draw
            country.mood_tension = n("mechanics.tension.noise") * self.luck.normal("start/tension", stream, 0)

    def settle_course(self) -> None:
        """Readings, then every country's course, words and alignment where it wants them."""
        self.read()
        stands = {i: country.wants() for i, country in self.countries.items()}
        for part, name in enumerate(("course", "words")):
            for side in self.sides:
                for i, value in self.over_entities({i: each[part][side] for i, each in stands.items()}).items():
                    getattr(self.countries[i], name)[side] = value
        for p, power in self.powers.items():
            for i, value in self.over_entities({i: c.course[power.bloc] * c.bloc_part[p] for i, c in self.countries.items()}).items():
                self.countries[i].alignment[p] = value

    def rest_under(self, plans: Mapping[str, Mapping[tuple[str, str], float]]) -> None:
        """The world in which plans have long been carried out."""
        n = self.number
        carried = {p: power.carried_out(plans[p]) for p, power in self.powers.items()}
        left = keep(n("mechanics.tension.pressure_half_life"))
        for p, power in self.powers.items():
            power.plan, (power.effort, power.potency) = dict(plans[p]), carried[p]
        for p, power in self.powers.items():
            power.visible = {i: power.dose(i) for i in self.countries}
            power.narrative = power.argument()
            inflow = {i: power.inflow(i) for i in self.countries}
            for i, value in self.over_entities({i: each / (each + 1 - left) for i, each in inflow.items()}).items():
                self.countries[i].pressure[p] = value
            for k, i in power.leverage:
                base, gained = self.floor[p, k, i], n(f"channels.{k}.effects.leverage") * power.potency[k, i]
                stays = keep(n(f"channels.{k}.half_life")) * power.worn(k, i)
                balance = (base * (1 - stays) * (1 - gained) + gained) / (1 - stays * (1 - gained))
                power.leverage[k, i] = base + n("mechanics.leverage.start") * (balance - base)
        self.settle_course()

    def share_tension(self) -> None:
        parts = {i: country.shared_out() for i, country in self.countries.items()}
        home, luck = (self.over_entities({i: part[at] for i, part in parts.items()}) for at in (0, 2))
        by_power = {p: self.over_entities({i: part[1][p] for i, part in parts.items()}) for p in self.powers}
        for i, country in self.countries.items():
            quarrel = self.number("mechanics.tension.split") * country.split() * (1 - country.tension)
            country.tension_power, country.tension_luck = {p: by_power[p][i] for p in self.powers}, luck[i]
            country.tension_given = country.tension - home[i] - sum(country.tension_power.values()) - luck[i]
            country.tension_home, country.tension = home[i] + quarrel, country.tension + quarrel

    def settle(self, median: Numbers) -> dict[str, Any]:
        """What makes month 0 stand still at the middle of every number."""
        none = dict.fromkeys(self.countries, 0.0)
        ties = {(p, i): 0.0 for p in self.powers for i in self.countries}
        self.settled = {"reference": dict.fromkeys(self.powers, 1.0), "opinion": ties,
                        **{name: none for name in ("tension", "false_belief", "resilience", "capture", "autonomy")}}  # fmt: skip
        self.numbers = median
        self.prepare()
        self.settled["plan"] = dict.fromkeys(self.prior, 0.0)
        self.begin(median, moods=False)
        self.settled["plan"] = dict(self.prior)
        self.begin(median, moods=False)
        self.settled["reference"] = {p: max([1e-12, *power.gross_worths().values()]) for p, power in self.powers.items()}
        for _ in range(60):
            self.rest_under({p: power.decided() for p, power in self.powers.items()})
        self.settled["plan"] = {(p, k, i): share for p, power in self.powers.items() for (k, i), share in power.plan.items()}
        self.begin(median, moods=False)
        countries = self.countries.items()
        return self.settled | {
            "tension": {i: c.home_terms() + sum(c.external_terms().values()) for i, c in countries},
            "opinion": {(p, i): term for i, c in countries for p, term in c.opinion_terms().items()},
            "false_belief": {i: c.swallowed() for i, c in countries},
            "resilience": {i: c.resilience_terms() for i, c in countries},
            "capture": {i: c.capture_terms() for i, c in countries},
            "autonomy": {i: c.autonomy_terms() for i, c in countries},
        }

    # What changes numbers on the way

    def dated_numbers(self) -> dict[str, Any]:
        """Shocks and policies as sections by id, so that their numbers have paths."""
        both = [*self.plain.get("shocks", []), *self.plain.get("policies", [])]
        given = {each["id"]: next(each[way] for way in ("set", "scale", "add") if way in each) for each in both}
        return {"shocks": given, "policies": {each["id"]: each for each in self.plain.get("policies", [])}}

    def all_effects(self, numbers: Numbers) -> list[dict[str, Any]]:
        """Every change: where it lands, how, by how much, and a function of the month that gives its force."""
        found: list[dict[str, Any]] = []
        year, first = map(int, self.plain["time"]["start"].split("-"))
        for each in [*self.plain.get("shocks", []), *self.plain.get("policies", [])]:
            way = next(way for way in ("set", "scale", "add") if way in each)
            at = (int(each["at"][:4]) - year) * 12 + int(each["at"][5:]) - first
            shape, starts = each.get("shape") or {}, started_by(each["path"])
            once = bool(starts) and starts not in HELD and not shape
            force = (lambda month, at=at: float(month == at)) if once else (lambda month, at=at, s=shape: strength(s, month - at))
            cost = numbers.value(f"policies.{each['id']}.cost") if "by" in each else 0.0
            value = numbers.value(f"shocks.{each['id']}")
            found.append({"path": each["path"], "way": way, "value": value, "force": force, "variable": starts, "by": each.get("by"),
                          "cost": cost})  # fmt: skip
        for name, deed in self.deeds.items():
            for key, each in deed.plain.get("effects", {}).items():
                way = "scale" if "scale" in each else "add"
                force = lambda month, deed=deed: deed.deed  # noqa: E731
                found.append({"path": each["path"], "way": way, "value": numbers.value(f"deeds.{name}.effects.{key}.{way}"), "force": force,
                              "variable": started_by(each["path"]) if started_by(each["path"]) in HELD else ""})  # fmt: skip
        for event in self.events.values():
            for key, each in event.plain.get("effects", {}).items():
                way, path = "scale" if "scale" in each else "add", event.here(each["path"])
                memory = "success_memory" if each.get("after") == "success" else "event_memory"
                force = lambda month, event=event, memory=memory: getattr(event, memory)  # noqa: E731
                found.append({"path": path, "way": way, "value": numbers.value(f"events.{event.kind}.effects.{key}.{way}"), "force": force,
                              "variable": started_by(path) if started_by(path) in HELD else ""})  # fmt: skip
        return sorted(found, key=lambda effect: ("set", "scale", "add").index(effect["way"]))

    def apply_effects(self) -> None:
        forces = [(effect, effect["force"](self.month)) for effect in self.effects]
        before, self.changed = self.changed, {}
        for effect, force in forces:
            if not effect["variable"] and force:
                path = effect["path"]
                self.changed[path] = moved(self.number(path), effect, force)
        self.changed = {path: clip(value, *self.bounds(path)) for path, value in self.changed.items()}
        if self.changed != before:
            self.prepare()
        levels: dict[str, float] = {}
        for effect, force in forces:
            if effect["variable"]:
                path, held = effect["path"], effect["variable"] in HELD
                now = levels.get(path, self.number(path) if held else self.variable_at(path, effect["variable"]))
                levels[path] = moved(now, effect, force)
        for path, value in levels.items():
            self.put(path, clip(value, *self.bounds(path)))
        for power in self.powers.values():
            power.policy_cost = sum(e["cost"] * e["force"](self.month) for e in self.effects if e.get("by") == power.name)

    def variable_at(self, path: str, variable: str) -> float:
        words = path.split(".")
        return self.value(
            variable, *{"opinion": (words[3:4] + words[1:2]), "progress": (words[3:4] + words[1:2])}.get(variable, words[1:2])
        )

    def put(self, path: str, value: float) -> None:
        """Sets the variable that a number starts."""
        variable, words = started_by(path), path.split(".")
        if variable in ("driver", "condition"):
            getattr(self, variable)[words[1]] = value
        elif variable == "opinion":
            self.countries[words[1]].opinion[words[3]] = value
        elif variable == "progress":
            self.institutions[words[3]].progress[words[1]] = value
        else:
            actor = {"powers": self.powers, "countries": self.countries, "institutions": self.institutions, "deeds": self.deeds,
                     "disputes": self.disputes}[words[0]][words[1]]  # fmt: skip
            if variable == "tension":
                actor.tension_given += value - actor.tension
            setattr(actor, variable, value)

    # A month

    def step(self) -> None:
        self.apply_effects()
        self.agents.do("step")
        self.agents_by_type[Country].do("join")
        self.agents.do("advance")
        self.read()
        self.month += 1
        self.datacollector.collect(self)
        self.running = self.month < self.months

    # Looking

    def value(self, name: str, *ids: str) -> float:
        """A variable by its actors: power, country; side, country; institution, country; 'power.channel', country; or one alone."""
        first, last = ids[0], ids[-1]
        if name in ("driver", "condition"):
            return getattr(self, name)[first]
        if name in BY_TOOL:
            p, k = first.split(".")
            table = getattr(self.powers[p], name)
            return table[k, last] if len(ids) > 1 else table[k]
        for kind, names in SINGLE.items():
            if name in names:
                return getattr(self.axes[kind][first], name)
        if name in BY_INSTITUTION:
            return getattr(self.institutions[first], name)[last]
        return getattr(self.powers[first], name)[last] if name in BY_POWER else getattr(self.countries[last], name)[first]

    def watch(self, words: str) -> float:
        """A variable as files name it, its actors in any order."""
        name, *ids = words.split(".")
        if name in ("driver", "condition") or any(name in names for names in SINGLE.values()):
            return self.value(name, ".".join(ids))
        if name == "belief":
            return self.value(name, ".".join(sorted(ids, key=lambda word: word not in self.powers)))
        country = next(word for word in ids if word in self.countries)
        others = sorted((word for word in ids if word != country), key=lambda word: word not in self.powers)
        return self.value(name, ".".join(others), country)


# Where each variable stands that is not a country's table by side, bloc or power.
SINGLE = {
    "power": {"war", "policy_cost", "attention", "budget", "narrative", "payoff", "used_to"},
    "country": {"fresh", "false_belief", "tension", "tension_home", "tension_given", "tension_luck", "resilience", "capture", "autonomy",
                "mood_tension", "own_share", "deciding"},
    "institution": {"credibility", "unity", "united"},
    "dispute": {"normalisation", "hostility", "talks", "deal", "recognition", "overlap"},
    "deed": {"deed", "deed_memory"},
    "event": {"happened", "event_memory", "success_memory"},
    "linkage": {"offered", "accepted", "calm_left", "concessions"},
}  # fmt: skip
BY_TOOL = {"plan", "effort", "potency", "leverage", "grip", "belief"}
BY_POWER = {"visible", "seen_acts", "watched", "reach", "share_slope", "influence_share"}
BY_INSTITUTION = {"rung", "progress", "promised", "help", "block", "gate", "flow", "months_to_go", "months_if_open", "urgency",
                  "urgency_if_open"}  # fmt: skip


def moved(value: float, effect: Mapping[str, Any], force: float) -> float:
    if effect["way"] == "set":
        return value + force * (effect["value"] - value)
    if effect["way"] == "scale":
        return value * (1 + (effect["value"] - 1) * force)
    return value + force * effect["value"]
