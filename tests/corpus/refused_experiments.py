"""Bad experiments: the small scenario varied in some way, with something wrong in it, and what must be said about it.

A name is that of the file that tries the same in the corpus this one grew from, where there is one; a plain word tells variants apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.corpus.refused import Refused
from tests.scenario.small import SMALL, small

GRID = "design: {method: grid}\nfactors:\n"
ONE = "  - {id: purse, path: powers.east.capacity, low: 1, high: 9, levels: 5}\n"
LIST = "design: {method: list, file: points.csv}\nfactors:\n  - {id: purse, path: powers.east.capacity}\n"
LIST += "  - {id: fear, path: countries.avala.fear, high: 2}\n"
TWO_ARMS = "arms:\n  as_is: {}\n  poor: {set: {powers.east.capacity: 1}}\n"


@dataclass(frozen=True)
class RefusedList:
    """A bad list beside a good experiment: its text or bytes, the code, line and column of the fault, and words of the message."""

    name: str
    text: str | bytes
    code: str
    place: tuple[int, int]
    words: str
    experiment: str = SMALL + LIST


def grid(name: str, factors: str, code: str, at: str, words: str) -> Refused:
    """The small scenario over a grid of some factors, one a line."""
    return Refused(name, SMALL + GRID + "".join(f"  - {{{factor}}}\n" for factor in factors.split("\n")), code, at, words)


def design(name: str, keys: str, code: str, at: str, words: str, factor: str = "path: powers.east.capacity, low: 1, high: 9") -> Refused:
    """The small scenario with one factor and some design."""
    return Refused(name, f"{SMALL}design: {{{keys}}}\nfactors:\n  - {{{factor}}}\n", code, at, words)


def more(name: str, lines: str, code: str, at: str, words: str) -> Refused:
    """The small scenario over a good grid, with lines added."""
    return Refused(name, SMALL + GRID + ONE + lines, code, at, words)


LITERACY = "path: countries.avala.literacy"
SIX = "\n".join(
    f"path: countries.{country}.{number}, low: 0, high: 1, levels: 1000"
    for country in ("avala", "brda")
    for number in ("literacy", "pickup", "curb")
)
MANY = "\n".join(f"id: f{number}, path: powers.east.capacity, low: 1, high: 2, levels: 2" for number in range(2004))
SAME = "path: powers.east.capacity, low: 1, high: 9, levels: 2\nid: again, path: powers.east.capacity, low: 2, high: 5, levels: 3"

FACTORS = (
    grid("m20", "path: powers.east.capasity, low: 1, high: 9, levels: 5", "E040", "powers.east.capasity", "mean powers.east.capacity?"),
    grid("m20 no number", "path: powers.east, low: 1, high: 9, levels: 5", "E040", "powers.east, low", "is not a number; its numbers are"),
    grid("m20 dated", "path: shocks.x, low: 1, high: 9, levels: 5", "E040", "shocks.x", "varied by arms"),
    grid("m20 months", "path: time.months, low: 1, high: 9, levels: 5", "E040", "time.months", "use --months"),
    grid("m20 paths", "paths: [powers.east.war, powers.est.war], low: 0, high: 1, levels: 2", "E040", "powers.est.war", "powers.west.war?"),
    grid("m21", "path: powers.east.capacity, low: 50, high: 0, levels: 5", "E031", "low: |50", "low (50) must be below high (0)"),
    grid("m21 equal", "path: powers.east.capacity, low: 5, high: 5, levels: 5", "E031", "low: |5, high", "nothing would vary"),
    grid("m22", f"{LITERACY}, low: 0, high: 50, levels: 5", "E031", "high: |50", "is a number from 0 to 1, found 50"),
    grid("m22 low", f"{LITERACY}, low: -1, high: 1, levels: 5", "E031", "low: |-1", "is a number from 0 to 1, found -1"),
    grid("m22 values", f"{LITERACY}, values: [0, 0.5, 1.5]", "E031", "1.5]", "is a number from 0 to 1, found 1.5"),
    grid("m22 second", f"paths: [powers.east.capacity, {LITERACY[6:]}], low: 0, high: 2, levels: 2", "E031", "high: |2", "from 0 to 1"),
    grid("m23", "path: powers.east.capacity, low: 0, high: 9, levels: 5, spacing: log", "E031", "low: |0, high: 9", "must be above 0"),
    grid("m24", SAME, "E042", "path: |powers.east.capacity, low: 2", "one number has one factor"),
    grid("m24 set and scale", "id: a, path: powers.east.war, low: 0, high: 1, levels: 2\n"
         "id: b, path: powers.east.war, way: scale, low: 0, high: 2, levels: 2", "E042", "id: b, path: |powers.east.war", "by set"),
    grid("m24 in paths", "paths: [powers.east.war, powers.east.war], low: 0, high: 1, levels: 2", "E042", "war, |powers", "one factor"),
    grid("y19", MANY, "E030", "factors:\n  |- {id: f0", "2004 entries"),
    grid("r10", SIX, "E030", "design: {method: grid}", "about 10^18 points of 8 runs"),
    grid("r10 huge", f"path: powers.east.capacity, low: 1, high: 2, levels: {'9' * 39}", "E030", "design: {method: grid}", "about 10^39"),
    grid("r10 whole", "path: drivers.gas.level, low: 0, high: 1000000, whole: true\npath: powers.east.capacity, low: 0, high: 9, levels: 9",
         "E030", "design: {method: grid}", "9,000,009 points"),
    grid("one level", f"{LITERACY}, low: 0, high: 1, levels: 1", "E031", "levels: |1", "from 2"),
    grid("no levels", f"{LITERACY}, low: 0, high: 1", "E041", f"{{{LITERACY}", "a grid needs levels"),
    grid("no span", f"{LITERACY}, levels: 3", "E041", f"{{{LITERACY}", "unless its number has a range"),
    grid("half a span", f"{LITERACY}, low: 0, levels: 3", "E041", f"{{{LITERACY}", "'high' is missing"),
    grid("no path", "low: 0, high: 1, levels: 2", "E054", "{low: 0", "exactly one of path and paths, found none"),
    grid("two paths", f"{LITERACY}, paths: [powers.east.war], low: 0, high: 1, levels: 2", "E054", f"{{{LITERACY}", "found both"),
    grid("values and span", f"{LITERACY}, low: 0, values: [0, 1]", "E054", "low: |0, values", "leave low out"),
    grid("same value", f"{LITERACY}, values: [0.0, 0.5, -0.0]", "E042", "-0.0", "0 stands twice"),
    grid("one value", f"{LITERACY}, values: [0.5]", "E031", "[0.5]", "at least 2"),
    grid("words for values", f"{LITERACY}, values: [low, high]", "E021", "[|low, high]", "a number"),
    grid("half a person", f"{LITERACY}, low: 0, high: 0.5, whole: true", "E031", "high: |0.5", "a whole number where whole is true"),
    grid("way", f"{LITERACY}, low: 0, high: 1, levels: 2, way: times", "E047", "times", "ways are set, scale, add"),
    grid("typo", f"{LITERACY}, low: 0, hihg: 1, levels: 2", "E040", "hihg", "did you mean high?"),
    grid("taken id", f"id: point, {LITERACY}, low: 0, high: 1, levels: 2", "E042", "id: |point", "a column of the results already"),
    grid("id twice", f"id: a, {LITERACY}, low: 0, high: 1, levels: 2\nid: A, path: powers.east.war, low: 0, high: 1, levels: 2", "E042",
         "id: |A, path", "an id is used once"),
    grid("id form", f"id: a b, {LITERACY}, low: 0, high: 1, levels: 2", "E051", "a b", "an id is letters"),
    grid("infinite", f"{LITERACY}, low: 0, high: .inf, levels: 2", "E023", ".inf", "must be finite"),
    grid("text", f"{LITERACY}, low: 0, high: '0,5', levels: 2", "E021", "'0,5'", "use a point: 0.5"),
    Refused("no list", SMALL + "design: {method: grid}\nfactors: {path: powers.east.war}\n", "E021", "{path: powers.east.war}", "a list"),
)  # fmt: skip
DESIGNS = (
    Refused("nothing varied", SMALL, "E041", "schema: 1", "nothing is varied; add arms"),
    Refused("no arms", SMALL + "arms: {}\n", "E041", "arms:", "nothing is varied"),
    Refused("no design", SMALL + GRID.replace("design: {method: grid}\n", "") + ONE, "E041", "factors:\n", "design: {method: grid}"),
    Refused("no factors", SMALL + "design: {method: grid}\n", "E041", "design:", "needs factors"),
    design("no method", "points: 8", "E041", "design:", "'method' is missing; it is one of grid"),
    design("method", "method: gird", "E047", "gird", "did you mean grid?"),
    design("sobol points", "method: sobol, points: 300", "E031", "300", "a power of two, such as 256 or 512"),
    design("no points", "method: latin_hypercube", "E041", "{method: latin", "how many points"),
    design("points of a grid", "method: grid, points: 8", "E054", "points: 8", "and this design is grid"),
    design("no whole points", "method: morris, points: 8.5", "E021", "8.5", "a whole number from 1"),
    design("negative points", "method: morris, points: -8", "E031", "-8", "from 1, found -8"),
    design("odd levels", "method: morris, points: 8, levels: 5", "E031", "levels: |5", "an even number"),
    design("too many points", "method: latin_hypercube, points: 2000000", "E030", "design:", "2,000,000 points"),
    Refused("too many histories", small(("runs: 8", "runs: 20")) + "design: {method: latin_hypercube, points: 1000000}\n"
            "factors: [{path: powers.east.capacity}]\n", "E030", "design:",
            "20,000,000 histories and would take about 27 hours and 40 GB; the limit is 10,000,000 histories"),
    design("file of sobol", "method: sobol, points: 8, file: x.csv", "E054", "file: x", "file is for list"),
    design("no file", "method: list", "E041", "{method: list}", "the CSV file beside this one"),
    design("second order", "method: morris, points: 8, second_order: true", "E054", "second_order", "is for sobol"),
    design("levels of sobol", "method: sobol, points: 8", "E054", "levels: |3", "levels are for a grid",
           "path: powers.east.capacity, low: 1, high: 9, levels: 3"),
    design("factors of variance", "method: variance, points: 8", "E054", "factors:\n", "leave factors out"),
    design("values of a list", "method: list, file: x.csv", "E054", "[1, 2]", "the list gives the values",
           "path: powers.east.capacity, values: [1, 2]"),
    design("middles", "method: one_at_a_time", "E054", "{paths", "one middle to start from",
           "paths: [countries.avala.literacy, countries.brda.literacy], low: 0, high: 1"),
    Refused("word", SMALL + "design: grid\n", "E021", "design: |grid", "a mapping"),
)  # fmt: skip
ARMS = (
    Refused("arm id", SMALL + 'arms: {"a/b": {set: {powers.east.war: 0.1}}}\n', "E051", '"a/b"', "an id is letters"),
    Refused("arm called all", SMALL + "arms: {all: {}, b: {set: {powers.east.war: 0.1}}}\n", "E042", "all: {}", "every arm together"),
    Refused("arm called con", SMALL + "arms: {CON: {set: {powers.east.war: 0.1}}}\n", "E051", "CON", "a file name on Windows"),
    Refused("arms by case", SMALL + "arms: {a: {}, A: {set: {powers.east.war: 0.1}}}\n", "E042", "A: {set", "differ only by case"),
    Refused("arms alike", SMALL + "arms: {a: {}, b: {title: Another}}\n", "E042", "b: {title", "the same scenario"),
    Refused("arm's typo", SMALL + "arms: {a: {}, b: {set: {powers.east.wra: 1}}}\n", "E040", "powers.east.wra", "did you mean"),
    Refused("arm's bounds", SMALL + "arms: {a: {}, b: {countries: {avala: {fear: -1}}}}\n", "E031", "-1}}}}", "from 0"),
    Refused("arm's key", SMALL + "arms: {a: {}, b: {countires: {}}}\n", "E040", "countires", "did you mean countries?"),
    Refused("arm's runs", SMALL + "arms: {a: {}, b: {ensemble: {runs: 3}}}\n", "E040", "ensemble: {runs: 3", "own runs and seed"),
    Refused("arm's design", SMALL + "arms: {a: {}, b: {design: {method: grid}}}\n", "E040", "design: {m", "stands at the top"),
    Refused("arm's ground", SMALL + "arms: {a: {}, b: {extends: nowhere.yaml}}\n", "E062", "nowhere", "not found"),
    Refused("arm outside", SMALL + "arms: {a: {}, b: {extends: ../../x.yaml}}\n", "E060", "../../x", "without .."),
    Refused("arm is a word", SMALL + "arms: {a: {}, b: rich}\n", "E021", "rich}", "a mapping"),
    Refused("arms in a list", SMALL + "arms: [a, b]\n", "E021", "[a, b]", "a mapping"),
    Refused("arm's span", SMALL + "shocks: [{id: s, at: 2021-06, path: drivers.gas.level, set: 9}]\n"
            "arms: {a: {}, b: {time: {months: 6}}}\n", "E046", "2021-06", "never comes"),
    Refused("101 arms", SMALL + "arms: {" + ", ".join(f"a{n}: {{set: {{powers.east.war: 0.{n}1}}}}" for n in range(101)) + "}\n", "E030",
            "arms:", "the limit is 100"),
    Refused("factor in no arm", "extends: tutorial.yaml\ndesign: {method: grid}\n"
            "factors: [{path: powers.north.capacity, low: 10, high: 20, levels: 2}]\n"
            "arms: {a: {}, b: {extends: western_balkans_2017.yaml}}\n", "E040", "powers.north.capacity", "in the arm b"),
)  # fmt: skip
NAMES = (
    more("m26", "outcomes: [happiness]\n", "E040", "happiness", "no outcome called 'happiness'"),
    more("m26 focus", "focus: [avala.tenison.end]\n", "E040", "avala.tenison.end", "did you mean avala.tension.end?); known:"),
    more("m26 not asked", "focus: [avala.tension.end]\noutcomes: [opinion]\n", "E040", "avala.tension.end", "add it there"),
    more("m26 summary", "summary: [tenison]\n", "E040", "tenison", "did you mean tension?); known:"),
    more("focus twice", "focus: [avala.tension.end, avala.tension.end]\n", "E042", "end, |avala", "stands twice"),
    more("focus word", "focus: avala.tension.end\n", "E021", "avala.tension.end", "a list"),
    Refused("m25", SMALL.replace("schema: 1", "schema: 99") + GRID + ONE, "E050", "99", "newer than this program"),
    more("top typo", "facotrs: 1\n", "E040", "facotrs", "did you mean factors?"),
    more("p09", "output_dir: ../../../tmp/owned\n", "E060", "output_dir", "use --out"),
    more("p01", "extends: ../../../../../../etc/passwd\n", "E060", "../../../../../../etc", "without .."),
    more("p08", "extends: nowhere.yaml\n", "E062", "nowhere.yaml", "not found"),
)
REFUSED_EXPERIMENTS = (*FACTORS, *DESIGNS, *ARMS, *NAMES)

BAD_LISTS = (
    RefusedList("empty", "", "E031", (1, 1), "at least one row"),
    RefusedList("no rows", "purse,fear\n", "E031", (1, 1), "at least one row"),
    RefusedList("unknown column", "purse,faer\n1,1\n", "E040", (1, 7), "did you mean fear?"),
    RefusedList("missing column", "purse\n1\n", "E041", (1, 1), "the column 'fear' is missing"),
    RefusedList("column twice", "purse,fear,purse\n1,1,1\n", "E042", (1, 12), "stands here twice"),
    RefusedList("semicolons", "purse;fear\n1;1\n", "E054", (1, 6), "commas"),
    RefusedList("word", "purse,fear\n1,1\n2, lots\n", "E021", (3, 4), "must be a number, found the text 'lots'"),
    RefusedList("nothing", "purse,fear\n1,\n", "E021", (2, 3), "nothing stands here"),
    RefusedList("nan", "purse,fear\nnan,1\n", "E023", (2, 1), "must be finite"),
    RefusedList("overflow", "purse,fear\n1e999,1\n", "E023", (2, 1), "overflows"),
    RefusedList("hexadecimal", "purse,fear\n0x10,1\n", "E021", (2, 1), "a number"),
    RefusedList("bounds", "purse,fear\n-1,1\n", "E031", (2, 1), "from 0 to 1e+06, found -1"),
    RefusedList("own bounds", "purse,fear\n1,2.5\n", "E031", (2, 3), "from 0 to 2, found 2.5"),
    RefusedList("long row", "purse,fear\n1,1,1\n", "E054", (2, 1), "3 values, the list 2 columns"),
    RefusedList("too long", "purse,fear\n" + "1,1\n" * 1_000_001, "E030", (1, 1), "1,000,001 points; the limit is 1,000,000"),
    RefusedList("binary", b"\x89PNG\r\n\x1a\n\xff\xff", "E005", (1, 1), "UTF-8"),
    RefusedList("wide", "purse,fear\n1,1\n".encode("utf-16"), "E005", (1, 1), "UTF-16"),
    RefusedList("arm without arms", "arm,purse,fear\na,1,1\n", "E047", (2, 1), "the experiment has no arms"),
    RefusedList("unknown arm", "arm,purse,fear\nas_si,1,1\n", "E047", (2, 1), "did you mean as_is?", SMALL + LIST + TWO_ARMS),
    RefusedList("too long crossed", "purse,fear\n" + "1,1\n" * 600_000, "E030", (1, 1), "1,200,000 points", SMALL + LIST + TWO_ARMS),
)
BAD_FILES: Mapping[str, tuple[str, str]] = {
    "nowhere.csv": ("E062", "not found beside this file"),
    "../points.csv": ("E060", "without .."),
    "/etc/passwd": ("E060", "absolute"),
    "http://127.0.0.1/points.csv": ("E060", "nothing is fetched"),
    "points.xlsx": ("E060", "a .csv file"),
    "linked.csv": ("E060", "by a link"),
    "folder.csv": ("E060", "not a regular file"),
}
