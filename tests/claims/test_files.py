"""Claim files: what they may say, what is refused and where, and the ground they are read over."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import sim
from sim.claims.plan import vocabulary
from sim.cli import suasion
from sim.scenario.claim_grounds import Ground, OtherGround
from sim.scenario.claims import ClaimReader, read_readings
from sim.scenario.faults import ScenarioFaults
from sim.scenario.hashing import scenario_hash
from tests.claims.worlds import READINGS, STIRS, folder


def refused(tmp_path: Path, text: str) -> list[tuple[int, str, str]]:
    """Line, place and message of every fault."""
    where = folder(tmp_path, bad=text)
    with pytest.raises(ScenarioFaults) as caught:
        sim.read_claim(where / "bad.yaml")
    return [(fault.line, fault.path, fault.message) for fault in caught.value.faults]


def test_a_claim_is_its_arms_over_what_it_extends(tmp_path: Path) -> None:
    claim = sim.read_claim(folder(tmp_path, stirs=STIRS) / "stirs.yaml")
    assert (claim.id, claim.runs, claim.seed, claim.named) == ("T03", 8, 1, ("hill",))
    assert list(claim.arms) == ["as_was", "without"]
    ground = sim.read_scenario(tmp_path / "small.yaml")
    assert scenario_hash(claim.arms["as_was"]) == scenario_hash(ground)
    assert scenario_hash(claim.arms["without"]) == scenario_hash(ground.with_changes({"powers.russia.capacity": 0}))


def test_numbers_set_the_quick_way_and_the_long_way_are_the_same_scenario(tmp_path: Path) -> None:
    quick = "{set: {powers.russia.capacity: {scale: 0.5}, mechanics.tension.pressure: {uniform: [1, 2]}}}"
    long = quick.replace("{set:", "{outcomes: [tension], set:")
    outcomes = STIRS.replace("extends: small.yaml", "extends: small.yaml\noutcomes: [tension]\nset: {powers.russia.bias: 0.1}")
    text = outcomes.replace("{set: {powers.russia.capacity: 0}}", quick)
    where = folder(tmp_path, quick=text, long=text.replace(quick, long))
    arms = [sim.read_claim(where / f"{name}.yaml").arms["without"] for name in ("quick", "long")]
    assert scenario_hash(arms[0]) == scenario_hash(arms[1])
    assert set(arms[0].set) == {"powers.russia.capacity", "mechanics.tension.pressure", "powers.russia.bias"}


def test_another_reading_takes_the_place_of_the_first_under_the_claim_and_under_its_arms(tmp_path: Path) -> None:
    arm = "schema: 1\nextends: small.yaml\ntitle: Weak\nset: {powers.russia.capacity: 3}\n"
    text = STIRS.replace("{set: {powers.russia.capacity: 0}}", "{extends: arm.yaml}")
    where = folder(
        tmp_path, stirs=text, arm=arm, other=STIRS.replace("extends: small.yaml", "extends: tutorial.yaml").replace("russia", "east")
    )
    first, calm = read_readings(where / "readings.yaml")
    reader = ClaimReader(vocabulary())
    claim = reader.claim(where / "stirs.yaml", Ground(calm, first))
    assert set(claim.arms["as_was"].set) == {"mechanics.tension.pressure"}
    assert set(claim.arms["without"].set) == {"mechanics.tension.pressure", "powers.russia.capacity"}
    with pytest.raises(OtherGround):
        reader.claim(where / "other.yaml", Ground(calm, first))


def test_countries_that_change_places_keep_their_names_and_neighbours_and_take_all_other_numbers(tmp_path: Path) -> None:
    where = folder(tmp_path, stirs=STIRS)
    ground, moved = (
        ClaimReader(vocabulary()).claim(where / "stirs.yaml", each).arms["as_was"] for each in (Ground(), Ground(is_permuted=True))
    )
    plain, hill = ground.countries["plain"], ground.countries["hill"]
    assert moved.countries["plain"].tension == hill.tension
    assert moved.countries["hill"].membership == plain.membership
    assert moved.countries["hill"].name == "Hill"
    assert moved.countries["hill"].neighbours == ["plain"]
    assert moved.powers["russia"].stakes == {
        "plain": ground.powers["russia"].stakes["hill"],
        "hill": ground.powers["russia"].stakes["plain"],
    }


def test_the_region_changes_places_among_states_and_among_entities() -> None:
    claim = Path("experiments/claims/T01.yaml")
    known = sim.read_claim(claim).arms
    moved = ClaimReader(vocabulary()).claim(claim, Ground(is_permuted=True)).arms
    ground, other = next(iter(known.values())), next(iter(moved.values()))
    assert other.countries["serbia"].tension == ground.countries["kosovo"].tension
    assert other.countries["republika_srpska"].autonomy == ground.countries["federation"].autonomy
    assert other.countries["bosnia"] == ground.countries["bosnia"]
    assert other.countries["bulgaria"].kinship == ground.countries["serbia"].kinship
    assert (ground.relays["serbian_media"].country, other.relays["serbian_media"].country) == ("serbia", "bulgaria")
    assert ground.disputes["kosovo"].parties == ["serbia", "kosovo"] and other.disputes["kosovo"].parties == ["bulgaria", "serbia"]
    assert (ground.deeds["tariff"].owner, other.deeds["tariff"].owner) == ("kosovo", "serbia")
    assert other.gates["normalisation_serbia"].countries == ["bulgaria"]
    assert other.deeds["tariff"].causes["block"].watches == "deed_memory.block_of_bid"
    assert other.events["clash"].causes["tension"].watches == "tension.serbia"
    assert other.events["clash"].causes["hostility"].watches == "hostility.kosovo"
    assert set(other.events["unrest"].where) ^ set(ground.events["unrest"].where) == {"croatia", "albania"}


def test_what_a_claim_changes_of_a_dispute_follows_its_parties() -> None:
    arms = ClaimReader(vocabulary()).claim(Path("experiments/claims/T41.yaml"), Ground(is_permuted=True)).arms
    assert {path for path in arms["closed"].set if path.endswith("cost")} == {
        "disputes.kosovo.talks.parties.bulgaria.cost", "disputes.kosovo.talks.parties.serbia.cost",
    }  # fmt: skip


def test_a_claim_that_cannot_be_expressed_needs_only_its_reason(tmp_path: Path) -> None:
    text = "schema: 1\nclaim: T12\ntitle: Cannot be said\nnot_expressible: nothing in the model stands for it\n"
    claim = sim.read_claim(folder(tmp_path, lost=text) / "lost.yaml")
    assert claim.not_expressible == "nothing in the model stands for it"
    assert claim.arms == {}
    assert refused(tmp_path, text + "measures: {m: {outcome: x}}\n")[0][1:] == (
        "measures", "a claim that is not_expressible is not run; leave measures out, or not_expressible",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "place", "told"),
    [
        ("variable: tension", "variable: tensoin", "measures.tension.variable", "did you mean tension?"),
        ("country: hill", "country: hil", "measures.tension.where.country", "did you mean hill?"),
        ("where: {country: hill}", "where: {power: russia}", "measures.tension.where.power", "no axis called 'power'; it has country"),
        ("when: end", "when: ende", "measures.tension.when", "did you mean end?"),
        ("when: end", "when: 2031-01", "measures.tension.when", "2031-01 never comes: the span is 2020-01 to 2021-12"),
        ("when: end", "when: {from: 2020-05, to: 2020-03}", "measures.tension.when.to", "the window ends before it begins"),
        ("when: end", "when: {first: above}", "measures.tension.when", "first and than go together"),
        ("variable: tension, where: {country: hill}, when: end", "outcome: hill.tensio.end", "measures.tension.outcome", "did you"),
        ("variable: tension, where", "variable: tension, outcome: x, where", "measures.tension", "exactly one of outcome, variable"),
        ("{variable: tension, where: {country: hill}, when: end}", "{both: [tension, calm]}", "measures.tension.both[1]", "no measure"),
        ("{variable: tension, where: {country: hill}, when: end}", "{both: [tension, tension]}", "measures.tension", "made of itself"),
        ("measure: tension", "measure: calm", "expect[0].measure", "no measure called 'calm'; measures are tension"),
        ("against: without", "against: withot", "expect[0].against", "did you mean without?"),
        ("against: without", "against: as_was", "expect[0].against", "an arm differs from itself in nothing"),
        ("of: as_was, ", "", "expect[0]", "needs of and against, two arms, or contrast"),
        (", least: 0.01", "", "expect[0].least", "'least' is missing; it is the smallest effect that counts"),
        ('sign: "+"', 'sign: "+", within: 0.1', "expect[0]", "expects exactly one of sign, within, above, below, found sign, within"),
        ('sign: "+", least: 0.01', "below: 1, power: false", "expect[0].power", "power goes with within; leave it out"),
        ('sign: "+"', 'sign: "++"', "expect[0].sign", "no sign called '++'"),
        ("powers.russia.capacity: 0", "powers.rusia.capacity: 0", "arms.without.set.powers.rusia.capacity", "did you mean"),
        ("powers.russia.capacity: 0", "powers.russia.capacity: -1", "arms.without.set.powers.russia.capacity", "from 0 to 1e+06, found -1"),
        ("{set: {powers.russia.capacity: 0}}", "{}", "arms.without", "'without' and 'as_was' are the same scenario; nothing would differ"),
        ("extends: small.yaml\n", "", "arms.as_was", "the claim extends nothing, and neither does this arm"),
        ("extends: small.yaml", "extends: ../small.yaml", "extends", "must stay inside the scenario's own folder, without .."),
        ("claim: T03", "claims: T03", "claims", "did you mean claim?"),
        ("ensemble: {runs: 8", "ensemble: {runs: 0", "ensemble.runs", "must be"),
        ("ensemble: {runs: 8", "ensemble: {runs: 1", "ensemble.runs", "from 2 to 1000000, found 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_place(tmp_path: Path, old: str, new: str, place: str, told: str) -> None:
    assert old in STIRS
    faults = refused(tmp_path, STIRS.replace(old, new))
    found = [message for line, path, message in faults if path == place and line > 0]
    assert found, faults
    assert told in found[0]


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    text = (
        STIRS.replace("powers.russia.capacity: 0", "powers.rusia.capacity: 0")
        .replace(", least: 0.01", "")
        .replace("claim: T03", "claim: a b")
    )
    assert [line for line, _, _ in refused(tmp_path, text)] == [3, 10, 14]


def test_readings_name_scenarios_that_are_there(tmp_path: Path) -> None:
    where = folder(tmp_path)
    assert [reading.id for reading in read_readings(where / "readings.yaml")] == ["documents", "calm"]
    (where / "readings.yaml").write_text(READINGS.replace("calm.yaml", "clam.yaml"), encoding="utf-8")
    with pytest.raises(ScenarioFaults, match=r"clam\.yaml"):
        read_readings(where / "readings.yaml")


def test_a_claim_over_a_reading_that_is_not_there_is_refused(tmp_path: Path) -> None:
    where = folder(tmp_path, stirs=STIRS + "readings: [documents, clam]\n")
    with pytest.raises(ScenarioFaults, match="did you mean calm"):
        ClaimReader(vocabulary(read_readings(where / "readings.yaml"))).claim(where / "stirs.yaml")


def test_check_accepts_a_claim_and_says_what_it_holds(tmp_path: Path) -> None:
    where = folder(tmp_path, stirs=STIRS, bad=STIRS.replace("when: end", "when: ende"))
    found = CliRunner().invoke(suasion, ["check", str(where / "stirs.yaml")])
    assert found.exit_code == 0
    assert found.stdout.endswith("stirs.yaml: well, 2 arms, 1 measure, 1 expectation\n")
    assert CliRunner().invoke(suasion, ["check", str(where / "bad.yaml")]).exit_code == 2
