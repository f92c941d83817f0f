"""The documents themselves: their lengths are as stored, and none of their sentences is among our files."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from sim.evidence import read_seeds

ROOT = Path(__file__).parents[2]
FOLDER = ROOT.parent / "shared" / "seeds"
DOCUMENTS = read_seeds().documents
TOO_MANY = 9
OURS = ("seeds/*.yaml", "scenarios/**/*.yaml", "docs/*.md", "sim/**/*.py", "tests/evidence/*.py", "README.md")

needs_documents = pytest.mark.skipif(not FOLDER.is_dir(), reason="needs ../shared")


def runs_of_words(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(words[place : place + TOO_MANY]) for place in range(len(words) - TOO_MANY + 1)}


def document(letter: str) -> str:
    return (FOLDER / DOCUMENTS[letter]["file"]).read_text(encoding="utf-8").rstrip()


@needs_documents
@pytest.mark.parametrize("letter", DOCUMENTS)
def test_a_document_has_the_lines_that_are_stored(letter: str) -> None:
    assert len(document(letter).splitlines()) == DOCUMENTS[letter]["lines"]


@needs_documents
def test_no_sentence_of_the_documents_is_among_our_files() -> None:
    theirs = set().union(*(runs_of_words(document(letter)) for letter in DOCUMENTS))
    copied = {
        (str(path.relative_to(ROOT)), " ".join(run))
        for pattern in OURS
        for path in ROOT.glob(pattern)
        for run in runs_of_words(path.read_text(encoding="utf-8")) & theirs
    }
    assert copied == set()


@needs_documents
def test_hedge_words_stand_at_the_lines_of_their_statement() -> None:
    for item in read_seeds().items:
        lines = document(item.lines.document).splitlines()[item.lines.first - 1 : item.lines.last + 1]
        text = " ".join(" ".join(lines).lower().split())
        for word in item.hedge:
            if word not in ("some observers", "report said", "seen as"):  # these mark a whole passage, or stand for another word
                assert word in text, f"{item.id}: {word}"


def test_statements_follow_each_other_as_in_the_documents() -> None:
    order = [(item.lines.document, item.lines.first) for item in read_seeds().items]
    assert all(first[0] < second[0] or (first[0] == second[0] and first[1] <= second[1] + 3) for first, second in pairwise(order))
