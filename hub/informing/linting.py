"""What a notice to the person must say and may never say, checked on the text itself.

Source: TRA-03, SIG-04; AVG 12(1), 13, 14.
"""

from __future__ import annotations

import re

from hub.informing.texts import Letter
from hub.informing.wording import Language

MUST: dict[Language, dict[str, str]] = {
    Language.DUTCH: {
        "that": r"contact",
        "who": r"verantwoordelijk.*privacy",
        "purpose": r"helpen",
        "data": r"datum.*leeftijdsgroep.*code",
        "basis": r"Dit mag",
        "duration": r"hoogstens \d+ maanden",
        "told": r"hoor",
        "rights": r"zien.*verbeteren.*wissen.*bezwaar",
        "objection": r"gemeente.*stil.*Autoriteit Persoonsgegevens",
        "help": r"helpt.*gratis",
        "choice": r"(Nee zeggen|Bezwaar maken) mag",
    },
    Language.ENGLISH: {
        "that": r"contact",
        "who": r"responsible.*privacy",
        "purpose": r"help together",
        "data": r"date.*age group.*code",
        "basis": r"This is allowed",
        "duration": r"\d+ months at most",
        "told": r"hear",
        "rights": r"see.*corrected.*erased.*object",
        "objection": r"municipality.*on hold.*Data Protection Authority",
        "help": r"helps for free",
        "choice": r"may (say no|object)",
    },
}
# Why, how bad and how soon: each is substance. Parts of words, so that every inflection is found.
NEVER: dict[Language, str] = {
    Language.DUTCH: r"\b(omdat|vanwege|wegens|aanleiding|reden|want)\b|risico|gevaar|gevaren|onveilig|"
    r"bezorgd|zorgelijk|"
    r"zorgen over|verdenk|verdacht|vermoed|mishandel|verwaarlo|geweld|schuld|achterstand|overlast|verzuim|"
    r"spijbel|verslav|drugs|alcohol|strafbaar|misdrijf|crimine|dader|slachtoffer|diagnos|stoornis|ziekte|"
    r"probleem|problemen|crisis|incident|spoed|dringend|urgent|onmiddellijk|zo snel mogelijk|melding",
    Language.ENGLISH: r"\b(because|due to|reason|cause|ill|need)\b|risk|danger|unsafe|worr|concern|suspic|"
    r"suspect|abus|neglect|"
    r"violen|debt|arrear|nuisance|truan|absen|addict|drug|alcohol|crim|offen|perpetrat|victim|diagnos|"
    r"disorder|problem|crisis|incident|urgen|immediate|as soon as possible|at once",
}
LONGEST_SENTENCE, USUAL_SENTENCE, LONGEST_WORD = 24, 12, 20
_NAMES = re.compile(r"Autoriteit Persoonsgegevens|\[[^\]]*\]|Social Support Act|Data Protection Authority")
_WORD = re.compile(r"[^\W\d_]+")


def lint_letter(letter: Letter, language: Language) -> list[str]:
    """Name everything in a letter that is missing, forbidden or hard to read; codes, never text."""
    text = " ".join(section.text for section in letter.sections)
    found = [f"missing:{code}" for code in _missing(letter, language)]
    found += [f"forbidden:{match.group().lower()}" for match in re.finditer(NEVER[language], text, re.I)]
    return found + [f"hard:{fault}" for fault in _hard(text)]


def _missing(letter: Letter, language: Language) -> list[str]:
    texts = {section.code: section.text for section in letter.sections}
    return [code for code, wanted in MUST[language].items() if not re.search(wanted, texts.get(code, ""))]


def _hard(text: str) -> list[str]:
    """Find what is above level B1, roughly: long sentences, and long words that are no names.

    A list of partners is long by nature and easy to read: its members are not counted as a sentence.
    """
    plain = _NAMES.sub("naam", text)
    sentences = [one for one in re.split(r"[.?!]\s*", plain) if one]
    lengths = [len(_WORD.findall(re.sub(r":.*", "", one))) for one in sentences]
    words = _WORD.findall(plain)
    faults = {
        "sentence": max(lengths) > LONGEST_SENTENCE,
        "sentences": sum(lengths) / len(lengths) > USUAL_SENTENCE,
        "word": max(map(len, words)) > LONGEST_WORD,
    }
    return [name for name, wrong in faults.items() if wrong]
