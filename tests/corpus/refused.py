"""Bad files in our own schema: each is the small scenario with something wrong in it, and what must be said about it.

A name is that of the file that tries the same in the corpus this one grew from; a plain word after it tells variants apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.scenario.small import SMALL, small


@dataclass(frozen=True)
class Refused:
    """One bad file: its text, the code it must get, the text at whose beginning the fault lies, and words of the message."""

    name: str
    text: str | bytes
    code: str
    at: str
    words: str

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of `at`, which stands once in the text after `|` if that is in it."""
        text = self.text.decode("utf-8", "replace") if isinstance(self.text, bytes) else self.text
        before, _, mark = self.at.rpartition("|")
        offset = text.index(before + mark) + len(before) if self.at else 0
        return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def case(name: str, old: str, new: str, code: str, at: str, words: str) -> Refused:
    """The small scenario with one text replaced."""
    return Refused(name, small((old, new)), code, at, words)


def more(name: str, added: str, code: str, at: str, words: str) -> Refused:
    """The small scenario with lines added."""
    return Refused(name, SMALL + added, code, at, words)


def shock(name: str, fields: str, code: str, at: str, words: str) -> Refused:
    """The small scenario with one dated change."""
    return more(name, f"shocks:\n  - {{{fields}}}\n", code, at, words)


RUNS, SEED, SPAN, TITLE = "runs: 8", "seed: 1}", "start: 2020-01", "title: Two powers and two countries"
WEST = "capacity: {value: 6"
HEDGING = "hedging: 0.4"
DEEP = "".join(f"{' ' * depth}a:\n" for depth in range(1, 60))
LAUGHS = "x0: &x0 [lol, lol]\n" + "".join(f"x{i}: &x{i} [{', '.join([f'*x{i - 1}'] * 9)}]\n" for i in range(1, 9))
MERGES = "m0: &m0 {a: 1}\n" + "".join(f"m{i}: &m{i}\n  <<: [{', '.join([f'*m{i - 1}'] * 9)}]\n" for i in range(1, 9))

SYNTAX = (
    Refused("s01", "", "E001", "", "empty"),
    Refused("s02", "# nothing\n# at all\n", "E001", "", "only comments"),
    Refused("s03", "scenario\n", "E002", "", "top level must be a mapping"),
    Refused("s04", "- schema: 1\n- title: x\n", "E002", "", "found a list"),
    case("s05", "  east:\n", "\teast:\n", "E003", "powers:\n|\teast", "a tab indents this line"),
    case("s06", "neighbours: [brda]", "neighbours: [brda", "E003", "neighbours: |[brda", "never closed"),
    case("s06 mapping", "stakes: {avala: 1, brda: 0.6}", "stakes: {avala: 1, brda: 0.6", "E003", "stakes: |{avala: 1", "never closed"),
    case("s07", TITLE, "title: 'Two powers", "E003", "title: |'Two", "never closed"),
    more("s08", "---\nschema: 1\n", "E004", "---", "a file holds one scenario"),
    Refused("s09", SMALL.encode("utf-16"), "E005", "", "save it as UTF-8"),
    Refused("s10", SMALL.replace("Avala", "Aval\xe8").encode("latin-1"), "E005", "name: Aval|\ufffd", "byte 0xe8 at offset"),
    case("s11", TITLE, "title: a\x00b", "E006", "title: a|\x00", "U+0000"),
    Refused("s12", b"\x89PNG\r\n\x1a\n\x00\x00", "E005", "", "not UTF-8"),
    case("s13", TITLE, "title: *nope", "E011", "*nope", "aliases are not allowed (*nope)"),
    Refused("s14", "%YAML 2.0\n---\n" + SMALL, "E003", "", "YAML version"),
    Refused("size", SMALL + "# " + "x" * 300_000, "E007", "", "limit"),
)
TREES = (
    more("y01", "title: Again\n", "E010", "title: Again", "it was given at line 2"),
    case("y02", "    agency: 0.6", "    agency: 0.6\n    agency: 0.7", "E010", "agency: 0.7", "stands here again"),
    more("y03", '"title": Again\n', "E010", '"title"', "stands here again"),
    more("y04", LAUGHS, "E011", "*x0", "aliases are not allowed"),
    more("y05", MERGES, "E011", "<<", "merge keys"),
    case("y06", "neighbours: [brda]", "neighbours: &a [*a]", "E011", "*a]", "aliases are not allowed"),
    more("y07", "note: " + "[" * 5000 + "]" * 5000 + "\n", "E013", "[" * 32 + "|[", "deeper than 32"),
    more("y08", "note:\n" + DEEP, "E013", "\n" + " " * 32 + "|a:", "deeper than 32"),
    more("y09", 'note: !!python/object/apply:os.system ["echo"]\n', "E014", "!!python", "tags are not allowed"),
    more("y10", "note: !include other.yaml\n", "E014", "!include", "tags are not allowed"),
    case("y11", TITLE, "title: !!binary R0lG", "E014", "!!binary", "tags are not allowed"),
    more("y12", "outcomes: !!set {a, b}\n", "E014", "!!set", "tags are not allowed"),
    more("y13", "2025: x\n", "E016", "2025: x", 'write "2025"'),
    case("y14", "stakes: {avala: 1,", "stakes: {NO: 1,", "E016", "NO: 1", 'write "NO"'),
    case("y14 on", "stakes: {avala: 1,", "stakes: {On: 1,", "E016", "On: 1", 'write "On"'),
    more("y15", "? [a, b]\n: c\n", "E016", "[a, b]", "a key must be text"),
    more("y16", "~: c\n", "E016", "~: c", "a key must be text"),
    more("y17", "notes: =\n", "E040", "notes: =", "did you mean note?"),
    case("y18", TITLE, "title: " + "x" * 70_000, "E017", "title: |xxx", "longest allowed has 200"),
    more("y19", "outcomes: [" + ", ".join(f"a{i}" for i in range(2004)) + "]\n", "E030", "outcomes: |[a0", "2004 entries"),
    Refused("y19 powers", small(powers="{" + ", ".join(f"p{i}: {{}}" for i in range(60)) + "}"), "E030", "powers: {p0", "limit is 50"),
)
TYPES = (
    case("t01", "avala:\n    name", "NO:\n    name", "E016", "NO:\n    name", 'write "NO"'),
    case("t01 value", "parties: [avala, brda]", "parties: [NO, brda]", "E020", "[|NO, brda]", 'write "NO"'),
    case("t02", "country: avala", "country: On", "E020", "country: |On", 'write "On"'),
    case("t03", "bloc: eastern", "bloc: ~", "E021", "bloc: |~", "found nothing"),
    case("t04", RUNS, "runs: 012", "E022", "012", "octal"),
    case("t05", "months: 24}", "months: 12:30}", "E022", "12:30", "sixties"),
    case("t06", RUNS, "runs: 1e3", "E022", "1e3", "write 1000"),
    case("t06 small", "slowest_flow: 0.002", "slowest_flow: 2e-3", "E022", "2e-3", "write 0.002"),
    case("t07", RUNS, "runs: 1_000", "E022", "1_000", "write 1000"),
    case(
        "t08",
        "ensemble: {runs: 8, seed: 1}",
        "ensemble:\n  runs: 1,000",
        "E021",
        "1,000",
        "a whole number from 1 to 1000000, found the text '1,000'; write 1000",
    ),
    case("t09", HEDGING, "hedging: '0,4'", "E021", "'0,4'", "use a point: 0.4"),
    case("t10", HEDGING, "hedging: yes", "E020", "hedging: |yes", "yes is read as true"),
    case("t10 true", HEDGING, "hedging: true", "E021", "hedging: |true", "a number from 0.05 to 5, found true"),
    case("t11", HEDGING, 'hedging: "0.4"', "E021", '"0.4"', "take the quotes away"),
    case("t12", HEDGING, "hedging: 40%", "E021", "40%", "write 0.4"),
    case("t13", HEDGING, "hedging: .nan", "E023", ".nan", "must be finite"),
    case("t13 word", HEDGING, "hedging: nan", "E023", "hedging: |nan", "must be finite"),
    case("t14", HEDGING, "hedging: -.inf", "E023", "-.inf", "must be finite"),
    case("t15", HEDGING, "hedging: 1.0e+999", "E023", "1.0e+999", "overflows"),
    case("t16", RUNS, "runs: " + "9" * 5000, "E024", "runs: |999", "5000 digits"),
    shock("t17", "id: a, at: 2020-02-30, path: drivers.gas.level, set: 1", "E025", "2020-02-30", "2020-02-30 is no date"),
    case("t17 day", SPAN, "start: 2020-01-15", "E025", "2020-01-15", "write 2020-01"),
    case("t17 month", SPAN, "start: 2020-13", "E025", "2020-13", "there is no month 13"),
    case("t17 short", SPAN, "start: 2020-1", "E025", "2020-1,", "write 2020-01"),
    case("t18", SPAN, "start: 01/02/2020", "E025", "01/02/2020", "more than one way"),
    case("t18 turned", SPAN, "start: 2020/02", "E025", "2020/02", "more than one way"),
    case("t19", SPAN, "start: 0000-01", "E025", "0000-01", "0001 to 9999"),
    case("t20", SPAN, "start: 2020-01-01T00:00:00+14:00", "E025", "2020-01-01T", "not a time"),
    case("t20 year", SPAN, "start: 2020", "E025", "start: |2020", "a month such as"),
    case("t21", SEED, "seed: [1, 2]}", "E021", "[1, 2]", "a whole number from 0 below 2**64, found a list"),
    case("t22", "neighbours: [avala]", "neighbours: {avala: true}", "E021", "{avala: true}", "a list, found a mapping"),
    case("t23", "neighbours: [avala]", "neighbours: avala", "E021", "neighbours: |avala", "a list, found the text 'avala'"),
    Refused("t24", small(countries=""), "E021", "countries:| \n", "found nothing here (null)"),
    case("list for number", HEDGING, "hedging: [0.1, 0.2]", "E021", "[0.1, 0.2]", "a number from 0.05 to 5, found a list"),
    case("number for text", "name: Avala", "name: 1815", "E021", "1815", 'for text write "1815"'),
    case("text for mapping", "attention: {memory: 3}", "attention: slow", "E021", "slow", "a mapping"),
    case("short triangle", "[3, 4, 5]", "[3, 4]", "E021", "[3, 4]", "a list of 3 numbers"),
)
RANGES = (
    case("r01", SEED, "seed: -1}", "E031", "-1}", "from 0 below 2**64, found -1"),
    case("r02", SEED, "seed: 42.0}", "E021", "42.0", "a whole number"),
    case("r03", SEED, "seed: random}", "E021", "random", "leave it out for a drawn seed"),
    case("r04", SEED, "seed: true}", "E021", "seed: |true", "found true"),
    case("r05", SEED, f"seed: {2**200}}}", "E024", str(2**200), "digits"),
    case("r05 small", SEED, f"seed: {2**64}}}", "E024", str(2**64), "below 2**64"),
    case("r06", RUNS, "runs: 0", "E031", "runs: |0", "from 1 to 1000000, found 0"),
    case("r07", RUNS, "runs: -5", "E031", "-5", "found -5"),
    case("r08", RUNS, "runs: 8.5", "E021", "8.5", "a whole number"),
    case("r09", RUNS, "runs: 1000000000000", "E030", "1000000000000", "hours"),
    case("r11", "months: 24}", "months: 120000}", "E030", "120000", "the limit is 1200"),
    more("r13", "workers: 100000\n", "E040", "workers", "use --workers"),
)
MEANINGS = (
    case("m01", "powers:\n", "pwoers:\n", "E040", "pwoers", "did you mean powers?"),
    case("m02", WEST, "capactiy: {value: 6", "E040", "capactiy", "did you mean capacity?"),
    case("m02 missing", WEST, "capactiy: {value: 6", "E041", "  |west:\n    name", "'capacity' is missing"),
    Refused("m03", SMALL.replace("countries:\n", "lands:\n"), "E041", "schema", "'countries' is missing"),
    Refused("m04", small(powers="{}"), "E031", "powers: {}", "at least 1"),
    shock(
        "m05",
        "id: a, at: 2020-03, path: drivers.gas.level, add: 1}\n  - {id: A, at: 2020-04, path: drivers.gas.level, add: 1",
        "E042",
        "A, at",
        "used at line",
    ),
    case("m06", "  brda:\n    name", "  Avala:\n    name", "E042", "Avala:\n", "differ only by case"),
    case("m07", "  avala:\n    name", "  \u0430vala:\n    name", "E043", "\u0430vala", "U+0430"),
    case("m07 reference", "country: avala", "country: \u0430vala", "E043", "\u0430vala", "only looks like the Latin a"),
    case("m08", "  avala:\n    name", '  "ava\u200bla":\n    name', "E044", '"ava\u200bla"', "U+200B"),
    case("m09", TITLE, "title: safe \u202e txt.exe", "E044", "safe", "U+202E"),
    case("m10", "months: 24}", "end: 2019-01, months: 24}", "E040", "end:", "first month and a number of months"),
    case("m10 far", SPAN, "start: 9999-01", "E045", "9999-01", "must end by 9999-12"),
    case("m11", "months: 24}", "months: 0}", "E031", "0}\nensemble", "from 1 to 1200, found 0"),
    shock("m12", "id: a, at: 2022-01, path: drivers.gas.level, set: 1", "E046", "2022-01", "the span is 2020-01 to 2021-12"),
    shock("m12 before", "id: a, at: 2019-12, path: drivers.gas.level, set: 1", "E046", "2019-12", "never comes"),
    shock("m13", "id: a, at: 2020-03, path: powers.north.capacity, set: 1", "E040", "powers.north.capacity", "no number at"),
    case(
        "m14",
        "country: avala",
        "country: alava",
        "E047",
        "alava",
        "no country called 'alava'; countries are avala, brda (did you mean avala?)",
    ),
    case("m14 power", "powers: [east]", "powers: [north]", "E047", "north", "no power called 'north'; powers are east, west"),
    case("m14 channel", "erodes: {covert: 0.1}", "erodes: {cover: 0.1}", "E047", "cover: 0.1", "did you mean covert?"),
    case("m14 driver", "drivers: {gas: 0.3}", "drivers: {oil: 0.3}", "E047", "oil", "no driver called 'oil'"),
    case("m14 institution", "aspiration: {union: 0.6}", "aspiration: {onion: 0.6}", "E047", "onion", "did you mean union?"),
    case("m14 stage", "stage: applicant", "stage: aplicant", "E047", "aplicant", "did you mean applicant?"),
    case("m14 condition", "condition: treaty", "condition: trety", "E047", "trety", "did you mean treaty?"),
    case("m14 grantor", "grantor: west", "grantor: est", "E047", "grantor: |est", "no power called 'est'"),
    case("m14 choice", "domain: elite", "domain: elit", "E047", "domain: |elit", "did you mean elite?"),
    case("m15", "neighbours: [brda]", "neighbours: [brda, avala]", "E048", "[brda, |avala]", "not its own neighbour"),
    case("m15 dispute", "parties: [avala, brda]", "parties: [avala, avala]", "E048", "[avala, |avala]", "two different parties"),
    case("m15 erodes", "erodes: {covert: 0.1}", "erodes: {news: 0.1}", "E048", "news: 0.1", "does not erode itself"),
    case("m16", "neighbours: [brda]", "neighbours: [brda, brda]", "E042", "[brda, |brda]", "stands twice"),
    case("m17", "crisis: 1, provocation: 0.5", "crisis: -25, provocation: 0.5", "E031", "-25", "from 0 to 1e+06, found -25"),
    case("m18", "literacy: 0.4", "literacy: 60", "E031", "literacy: |60", "from 0 to 1, found 60 (60% is 0.6)"),
    case("m18 range", "triangular: [0.4, 0.6, 0.8]", "triangular: [0.4, 0.6, 8]", "E031", "{triangular: [0.4", "found 0.4 to 8"),
    more("m20", "set: {powers.west.capasity: 3}\n", "E040", "powers.west.capasity", "did you mean powers.west.capacity?"),
    more("m20 whole", "set: {drivers.gas: 3}\n", "E040", "drivers.gas:", "its numbers are drivers.gas.level, drivers.gas.reference"),
    case("m21", "[3, 4, 5]", "[5, 4, 3]", "E031", "{triangular: [5", "low <= mode <= high"),
    more("m22", "set: {countries.avala.literacy: 1.5}\n", "E031", "1.5}\n", "a number from 0 to 1, found 1.5"),
    shock("m22 shock", "id: a, at: 2020-03, path: countries.avala.literacy, set: 1.5", "E031", "set: |1.5", "from 0 to 1, found 1.5"),
    case("m23", HEDGING, "hedging: {lognormal: [0, 1]}", "E031", "{lognormal", "a median above 0"),
    shock(
        "m24",
        "id: a, at: 2020-03, path: drivers.gas.level, set: 1}\n  - {id: b, at: 2020-03, path: drivers.gas.level, set: 2",
        "E042",
        "path: |drivers.gas.level, set: 2",
        "one month sets a number once",
    ),
    case("m25", "schema: 1", "schema: 99", "E050", "99", "newer than this program"),
    case("m25 zero", "schema: 1", "schema: 0", "E050", "schema: |0", "write schema: 1"),
    case("one-sided", "neighbours: [brda]", "neighbours: []", "E053", "neighbours: [|avala]", "avala does not name brda"),
    case("nested entities", "name: Avala", "name: Avala\n    part_of: avala", "E048", "part_of: |avala", "part of itself"),
    case("entity's field", "iso3: AVA", "autonomy: 0.5", "E040", "autonomy: 0.5", "only an entity"),
    case("missing field", "    pickup: 0.5\n", "", "E041", "avala:\n    name: Avala", "'pickup' is missing"),
    case("missing power", "kinship: {east: 0.6, west: 0.1}", "kinship: {east: 0.6}", "E041", "kinship: {east: 0.6}", "missing are west"),
    case("same luck", "iso3: BRD", "stream: avala", "E042", "stream: |avala", "draw the same luck"),
    case("bloc self", "bloc: eastern", "bloc: self", "E042", "bloc: |self", "a country's own side"),
    case("two watches", "{condition: treaty}", "{condition: treaty, aspiration: true}", "E054", "{condition: treaty, a", "exactly one of"),
    case("gate upside down", "shut: 0.3, open: 0.8", "shut: 0.8, open: 0.3", "E031", "open: |0.3", "must be above shut"),
    case("two forms", HEDGING, "hedging: {value: 1, uniform: [0, 1]}", "E054", "{value: 1, u", "exactly one of value"),
    case("no range", HEDGING, 'hedging: {value: 1, assumption: "so"}', "E031", "{value: 1, a", "an assumption needs its range"),
    case("wrong evidence", "evidence: [A1]", "evidence: [page 1]", "E051", "page 1", "such as B61"),
    shock("two ways", "id: a, at: 2020-03, path: drivers.gas.level, set: 1, add: 1", "E054", "{id: a", "exactly one of set, scale, add"),
    shock(
        "two shapes",
        "id: a, at: 2020-03, path: drivers.gas.level, set: 1, shape: {pulse: 1, ramp: 2}",
        "E054",
        "{pulse",
        "exactly one of pulse",
    ),
    more("usual", "set: {countries.avala.dependence.west.usual: 0.5}\n", "E040", "countries.avala.dependence.west.usual", "only fills in"),
    more(
        "policy",
        "policies:\n  - {id: a, by: north, at: 2020-03, path: drivers.gas.level, set: 1, cost: 1}\n",
        "E047",
        "north",
        "no power called 'north'",
    ),
)
PATHS = (
    more("p01", "extends: ../../../../../../etc/passwd\n", "E060", "../../../../../../etc", "without .."),
    more("p02", "extends: /etc/passwd\n", "E060", "/etc/passwd", "absolute"),
    more("p06", "extends: http://127.0.0.1:9/x.yaml\n", "E060", "http:", "nothing is fetched"),
    more("p07", "extends: /dev/zero\n", "E060", "/dev/zero", "absolute"),
    more("p08", "extends: nowhere.yaml\n", "E062", "nowhere.yaml", "not found"),
    more("p09", "output_dir: ../../../tmp/owned\n", "E060", "output_dir", "use --out"),
    case("p10", "  avala:\n    name", '  "../../evil":\n    name', "E051", '"../../evil"', "an id is letters, digits, _ and -"),
    more("p12", "extends: ..\\..\\secret.yaml\n", "E060", "..\\..", "forward slashes"),
    more("list", "extends: [a.yaml]\n", "E021", "[a.yaml]", "must be text"),
)
HOSTILE = (
    case("h06", TITLE, 'title: "\\e[2J all is well"', "E006", '"\\e[2J', "a terminal would obey"),
    case("h07", "bloc: eastern", 'bloc: "a\\n[ok] done"', "E051", '"a\\n[ok]', "an id is letters"),
    case("h07 name", "name: Avala", 'name: "a\\n[ok] done"', "E006", '"a\\n[ok]', "one line of text"),
    case("h09", HEDGING, "hedging: \"__import__('os').system('id')\"", "E021", '"__import__', "a number from 0.05 to 5, found the text"),
    case("h10", "evidence: [A1]", "record: 'javascript:alert(1)'", "E052", "'javascript", "http"),
)
REFUSED = (*SYNTAX, *TREES, *TYPES, *RANGES, *MEANINGS, *PATHS, *HOSTILE)

# What our schema has no place for, and where the same is refused instead.
ELSEWHERE = {
    "m19": "no probabilities are written down; a power's weights are scaled to sum to 1",
    "m26": "outcomes are known above this floor: test_an_unknown_outcome_is_refused_where_the_vocabulary_is_given",
    "p03": "needs files: test_a_file_that_extends_itself_is_refused",
    "p04": "needs files: test_files_that_extend_each_other_are_refused",
    "p05": "needs files: test_files_that_extend_each_other_are_refused",
    "p11": "a warning: test_reserved_names_are_warned_of",
    "r10": "a design stands in an experiment: refused_experiments.py",
    "r12": "nothing is multiplied by a count; y19 has the limit",
    **{f"h{number:02d}": "legal text that must stay text: test_hostile_text_stays_text" for number in (1, 2, 3, 4, 5, 8)},
    "h11": "legal: test_country_codes_stay_text",
    **{f"ok{number:02d}": "well: test_controls.py" for number in range(1, 6)},
}
