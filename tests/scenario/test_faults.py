"""What a user reads when something is wrong."""

from sim.scenario.faults import Fault, FaultList, Mark, ScenarioFaults, SuasionError, meant, shown, unknown


def test_faults_stand_in_columns_under_the_name_of_their_file() -> None:
    faults = [
        Fault("scenarios/x.yaml", 30, 10, "E031", "time.months", "must be a whole number from 1 to 1200, found 0"),
        Fault("scenarios/x.yaml", 12, 7, "E047", "powers.eu.skill.trad", "no channel called 'trad'"),
    ]
    assert str(ScenarioFaults(faults)).splitlines() == [
        "scenarios/x.yaml has 2 faults",
        "  12:7   powers.eu.skill.trad  no channel called 'trad' [E047]",
        "  30:10  time.months           must be a whole number from 1 to 1200, found 0 [E031]",
    ]


def test_one_fault_is_one_fault() -> None:
    assert (
        str(ScenarioFaults([Fault("x.yaml", 1, 1, "E001", "", "the file is empty")]))
        == "x.yaml has 1 fault\n  1:1  the file is empty [E001]"
    )


def test_a_flood_of_faults_is_cut() -> None:
    flood = str(ScenarioFaults(Fault("x.yaml", line, 1, "E040", "a", "no key") for line in range(1, 200)))
    assert flood.splitlines()[0] == "x.yaml has 199 faults" and flood.splitlines()[-1] == "  and 149 more" and len(flood.splitlines()) == 52


def test_faults_without_a_place_have_no_column_for_it() -> None:
    assert str(ScenarioFaults([Fault("set", 0, 0, "E040", "a.b", "no number")])) == "set has 1 fault\n  a.b  no number [E040]"


def test_a_user_can_mend_every_fault() -> None:
    assert issubclass(ScenarioFaults, SuasionError) and ScenarioFaults([]).exit_code == 2


def test_one_place_gets_one_fault() -> None:
    faults, mark = FaultList(), Mark("x", 1, 1)
    faults.add(mark, "E020", "a", "first")
    faults.add(mark, "E021", "a", "second")
    assert [fault.message for fault in faults.found] == ["first"]


def test_nothing_that_a_terminal_would_obey_is_shown() -> None:
    assert shown("a\x1b[2J\u202eb\n") == "a\\x1b[2J\\u202eb\\n"
    assert shown("x" * 100) == "x" * 57 + "..."


def test_what_was_probably_meant_is_said() -> None:
    assert meant("trad", ["aid", "energy", "trade"]) == "trade"
    assert meant("Trade", ["trade"]) == "trade"
    assert meant("zzz", ["trade"]) == ""
    assert unknown("country", "serbai", ["serbia"]) == "no country called 'serbai'; countries are serbia (did you mean serbia?)"
