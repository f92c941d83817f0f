"""What happens in a month: a printable table of acts, each with what it reads and writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.agents.country import responded
from sim.agents.great_power import decided
from sim.axes import Array
from sim.draws import Luck
from sim.roster import Roster
from sim.rules.accession import accession
from sim.rules.alignment import mood
from sim.rules.deeds import deeds
from sim.rules.disputes import disputes
from sim.rules.events import events
from sim.rules.leaders import leaders
from sim.rules.learning import learning
from sim.rules.leverage import leverage
from sim.rules.linkage import linkage
from sim.rules.observation import visible
from sim.rules.opinion import opinion
from sim.rules.resilience import resilience
from sim.rules.resources import resources
from sim.rules.tension import tension

if TYPE_CHECKING:
    from sim.model import InfluenceModel

Changes = dict[str, Array]


def words(*lines: str) -> tuple[str, ...]:
    """The words of a line or of several."""
    return tuple(" ".join(lines).split())


@dataclass(frozen=True)
class Act:
    """One line of the turn: who does what, reading last month's world and writing this month's.

    `asks` names whom it asks; an act that `watches` also reads the variables that a scenario's causes, needs and gates name.
    """

    name: str
    chapter: str
    rule: Callable[..., Changes]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    asks: str = ""
    watches: bool = False

    def done(self, model: InfluenceModel) -> Changes:
        """What this act writes, from last month's world."""
        luck = Luck(model.chance, model.month, model.lanes.width)
        whom: Any = {"": luck, "powers": model.powers, "countries": model.countries}[self.asks]
        return self.rule(model.world, model.numbers, whom)


# Every act reads last month's world, so their order is no assumption; a test turns it round.
TURN: tuple[Act, ...] = (
    Act(
        "resources",
        "2 Resources and attention",
        resources,
        words("attention driver policy_cost tension united unity used_to visible"),
        words("attention budget"),
    ),
    Act("leverage", "3 Leverage", leverage, words("leverage potency"), words("leverage")),
    Act(
        "choice",
        "4 The contest and what a power does",
        decided,
        words(
            "attention autonomy belief budget course deal deed driver effort grip leverage normalisation plan",
            "pressure resilience rung share_slope tension urgency urgency_if_open",
        ),
        words("plan effort potency"),
        asks="powers",
    ),
    Act(
        "learning",
        "4 The contest and what a power does",
        learning,
        words("belief grip leverage potency rung share_slope shift words"),
        words("belief"),
    ),
    Act(
        "alignment",
        "5 What a government does",
        responded,
        words("bloc_part course fresh rung side_value visible words"),
        words("course words alignment shift"),
        asks="countries",
    ),
    Act("leaders", "5 What a government does", leaders, words("fresh lean leant opinion tension"), words("lean fresh")),
    Act(
        "deeds",
        "5 What a government does",
        deeds,
        words("course deciding deed deed_memory opinion potency side_value tension unity"),
        words("deed deed_memory"),
        watches=True,
    ),
    Act("moods", "5 What a government does", mood, words("mood_course"), words("mood_course")),
    Act(
        "opinion",
        "6 Public opinion and belief",
        opinion,
        words("course false_belief leverage mood_opinion narrative opinion potency pressure war"),
        words("opinion false_belief narrative mood_opinion"),
    ),
    Act(
        "tension",
        "7 Unrest and tension",
        tension,
        words(
            "attention calm_left capture course hostility mood_tension opinion potency pressure resilience",
            "tension tension_given tension_home tension_luck tension_power",
        ),
        words("pressure tension tension_home tension_power tension_luck tension_given mood_tension"),
    ),
    Act(
        "resilience",
        "7 Resilience, capture, entities",
        resilience,
        words("autonomy capture course credibility deciding false_belief potency resilience tension"),
        words("resilience capture autonomy"),
    ),
    Act(
        "accession",
        "8 Institutions",
        accession,
        words("accepted course credibility deed effort flow normalisation progress promised rung tension unity"),
        words("progress rung credibility unity"),
        watches=True,
    ),
    Act(
        "disputes",
        "9 Disputes",
        disputes,
        words(
            "credibility deal deed_memory driver hostility months_if_open normalisation opinion potency",
            "recognition rung talks tension words",
        ),
        words("talks deal overlap normalisation recognition"),
    ),
    Act(
        "events",
        "10 Events",
        events,
        words("event_memory success_memory tension"),
        words("happened event_memory success_memory"),
        watches=True,
    ),
    Act(
        "linkage",
        "11 Linkage and concessions",
        linkage,
        words("calm_left concessions driver tension unity"),
        words("offered accepted calm_left concessions"),
    ),
    Act("observation", "12 Observation", visible, words("effort potency visible watched"), words("visible seen_acts")),
)


def purposes(roster: Roster) -> dict[str, list[str]]:
    """What luck is drawn for each month, and whose."""
    return {
        "mood/course": roster.streams("side", "country"),
        "mood/opinion": roster.streams("power", "country"),
        "mood/tension": roster.streams("country"),
        "turnover": roster.streams("country"),
        "lean": roster.streams("side", "country"),
        "deed": roster.streams("deed"),
        "talks": roster.streams("dispute"),
        "deal": roster.streams("dispute"),
        "recognised": roster.streams("dispute"),
        "unrecognised": roster.streams("dispute"),
        "event": roster.streams("event"),
        "success": roster.streams("event"),
        "offer": roster.streams("linkage"),
        "agreement": roster.streams("linkage"),
        "acts": roster.streams("power", "country"),
        "channel": roster.streams("power", "country"),
        "consent": roster.streams("institution", "country"),
    }
