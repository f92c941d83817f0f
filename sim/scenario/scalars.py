"""What an unquoted word of a file is: text, number, true, false or nothing; or something that programs disagree about.

Source: YAML 1.2 core schema; refused is what YAML 1.1 reads otherwise.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

LONGEST_NUMBER = 40
WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+][0-9]+)?")
EXPONENT = re.compile(r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9]+)[eE][-+]?[0-9]+")
ZERO_FIRST = re.compile(r"[-+]?0[0-9_]+")
CLOCK = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
PARTED = re.compile(r"[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?")
OTHER_BASE = re.compile(r"[-+]?0[xXoObB][0-9a-fA-F_]+")
NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
NUMBER_LIKE = frozenset("+-.0123456789")
NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
SWITCHES = {
    written: said
    for word, said in (("yes", "true"), ("no", "false"), ("on", "true"), ("off", "false"))
    for written in (word, word.title(), word.upper())
}
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LINK = re.compile(r"\s*(?:javascript:|vbscript:|data:[a-z]+/|file:/)", re.IGNORECASE)
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffe\uffff")
# Cyrillic and Greek letters that are drawn like Latin ones, and the Latin ones.
LOOK_ALIKES = dict(
    zip(
        "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408"
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u04bb\u0501\u051b\u051d"
        "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd\u03c1",
        "ABEKMHOPCTYXSIJaeopcyxsijhdqwABEZHIKMNOPTYXovp",
        strict=True,
    )
)

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a word is refused."""

    code: str
    message: str


def plain_value(text: str) -> Value | Doubt:
    """The value of an unquoted word."""
    if text in NOTHING:
        return None
    if text[0] not in NUMBER_LIKE:
        if text in FLAGS:
            return FLAGS[text]
        if text in SWITCHES:
            return Doubt("E020", f'{text} is read as {SWITCHES[text]} by many programs; write "{text}" for the word, or true or false')
        return text
    return _number(text)


def _number(text: str) -> Value | Doubt:
    """The value of a word that begins like a number."""
    if WHOLE.fullmatch(text):
        return int(text) if len(text) <= LONGEST_NUMBER else _too_long(text)
    if DECIMAL.fullmatch(text):
        if len(text) > LONGEST_NUMBER:
            return _too_long(text)
        number = float(text)
        return number if math.isfinite(number) else Doubt("E023", f"{text} overflows to infinity; a number must be finite")
    if NOT_FINITE.fullmatch(text):
        return Doubt("E023", f"{text} is {'not a number' if text[-1] in 'nN' else 'infinite'}; a number must be finite")
    return _doubtful_number(text)


def _doubtful_number(text: str) -> str | Doubt:
    """A refusal of what one program reads as a number and another as text or as another number."""
    short = text if len(text) <= LONGEST_NUMBER else text[:20] + "..."
    if ZERO_FIRST.fullmatch(text):
        digits = short.lstrip("+-0_") or "0"
        return Doubt("E022", f'{short} is octal for some programs and decimal for others; write {digits}, or "{short}" for text')
    if OTHER_BASE.fullmatch(text):
        return Doubt("E022", f'{short} is a number for some programs and text for others; write it in decimal, or "{short}" for text')
    if CLOCK.fullmatch(text):
        return Doubt("E022", f'{short} is counted in sixties by some programs (12:30 is 750); write "{short}" for text')
    if EXPONENT.fullmatch(text):
        return Doubt("E022", f"{short} is a number for some programs and text for others; write {_written_out(text)}")
    if "_" in text and PARTED.fullmatch(text):
        return Doubt("E022", f"{short} is a number for some programs and text for others; write {short.replace('_', '')}")
    return text


def _written_out(text: str) -> str:
    """A number without its exponent, where that is short."""
    number = float(text.replace("_", "")) if len(text) <= LONGEST_NUMBER else math.inf
    written = f"{number:.12f}".rstrip("0").rstrip(".")
    return written if 1e-9 < abs(number) < 1e15 else "it with a point and a signed exponent: 1.0e+20"


def _too_long(text: str) -> Doubt:
    return Doubt("E024", f"a number of {sum(letter.isdigit() for letter in text)} digits; the longest has {LONGEST_NUMBER}")


def unfit_text(text: str) -> Doubt | None:
    """Why text must not reach a screen: a control character, one that cannot be seen, or a link that runs something."""
    if ":" in text and LINK.match(text):
        return Doubt("E052", "a link may only begin with http:// or https://")
    if text.isascii() and text.isprintable():
        return None
    found = CONTROL.search(text)
    if found:
        return Doubt("E006", f"a control character, U+{ord(found[0]):04X}; a terminal would obey it")
    if text.isascii():
        return None
    for letter in text:
        if unicodedata.category(letter) in ("Cf", "Zl", "Zp", "Cs", "Cn", "Co") or letter in FILLERS:
            name = unicodedata.name(letter, "without a name").lower()
            return Doubt("E044", f"an invisible character, U+{ord(letter):04X} ({name}); take it out")
    return None


def look_alike(word: str) -> Doubt | None:
    """Why a name of letters is refused that only looks like Latin ones."""
    if word.isascii():
        return None
    for letter in word:
        latin = LOOK_ALIKES.get(letter) or ("" if letter.isascii() else unicodedata.normalize("NFKC", letter))
        if latin and latin.isascii():
            told = f"'{word[:40]}' holds U+{ord(letter):04X}, which only looks like the Latin {latin}; write it in Latin letters"
            return Doubt("E043", told)
    return None
