"""Invent the people of the golden vectors: every trap seen in real registers, and ordinary neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dat_client.identity.person import Person, Sex

_DUTCH_TABLE_36 = """
a|aan|aan 't|aan de|aan den|aan der|aan het|aan t|af|bij|bij 't|bij de|bij den|bij het|bij t|boven d
boven d'|d|d'|de|de die|de die le|de van der|den|der|des|het|in|in 't|in de|in den|in der|in het|in t|of
onder|onder 't|onder de|onder den|onder het|onder t|op|op 't|op de|op den|op der|op gen|op het|op t|op ten
over|over 't|over de|over den|over het|over t|s|'s|s'|t|'t|te|ten|ter|tho|thoe|thor|to|toe|tot|uijt|uijt 't
uijt de|uijt den|uijt te de|uijt ten|uit|uit 't|uit de|uit den|uit het|uit t|uit te de|uit ten|van|van 't
van de|van de l|van de l'|van den|van der|van gen|van het|van la|van t|van ter|van van de|ver|voor|voor 't
voor de|voor den|voor in 't|voor in t
"""
_FOREIGN_TABLE_36 = """
al|am|am de|auf|auf dem|auf den|auf der|auf ter|aus|aus 'm|aus dem|aus den|aus der|aus m|ben|bin|da|dal
dal'|dalla|das|de l|de l'|de la|de las|de le|deca|degli|dei|del|della|di|die le|do|don|dos|du|el|i|im|l|l'
la|las|le|les|lo|los|unter|vom|von|von 't|von dem|von den|von der|von t|vor|vor der|zu|zum|zur
"""
_OTHER_SPELLINGS = (
    "v.d.|v. d.|v d|v/d|vd|v.|V.D.|Van Der|VAN DE|vander|vanden|vande|v.'t|v. 't|Uÿt den|uyt|’t|`t|in ’t"
)

_LETTERS = (
    "ÀÁÂÃÄÅ", "àáâãäå", "ÇĆĈĊČ", "çćĉċč", "ÐĎĐ", "ðďđ", "ÈÉÊËĒĔĖĘĚ", "èéêëēĕėęě", "ĜĞĠĢ", "ĝğġģ", "ĤĦ",
    "ĥħ", "ÌÍÎÏĨĪĬĮİ", "ìíîïĩīĭįı", "Ĵĵ", "Ķķĸ", "ĹĻĽĿŁ", "ĺļľŀł", "ÑŃŅŇŊ", "ñńņňŉŋ", "ÒÓÔÕÖØŌŎŐ",
    "òóôõöøōŏő", "ŔŖŘ", "ŕŗř", "ŚŜŞŠȘ", "śŝşšșſß", "ŢŤŦȚ", "ţťŧț", "ÙÚÛÜŨŪŬŮŰŲ", "ùúûüũūŭůűų", "Ŵŵ", "ÝŶŸ",
    "ýŷÿ", "ŹŻŽ", "źżž", "Ææ", "Œœ", "Ǽǽ", "Ǿǿ", "Þþ", "Əə", "Ǥǥ", "Ɛɛ", "Ɔɔ", "ẞ", "ﬁ", "Ʒʒ", "Ơơ", "Ưư",
    "ẤẦẨ",
)  # fmt: skip
_SURNAMES = (
    "Zandwijk", "Oud", "Brandsma", "Kievit", "Cuypers", "Schaapherder", "Terpstra", "Vlinderman", "Quist",
    "Wolkers", "Hagedoorn", "Pfeiffer", "Noordzij", "IJsvogel", "Xhonneux", "Zevenhuizen", "Feijen",
    "Aarsman", "Duyvendak",
)  # fmt: skip
_FIRST_NAMES = (
    "Sanne", "Bo", "Joost Willem", "Fleur", "IJsbrand", "Chaima", "Anne-Marie", "Pim", "Zoë", "Jo",
    "Nguyễn", "Thijs", "Marijke Johanna Elisabeth", "Ömer", "Eef", "Wytze", "Lou-Anne Sophie",
)  # fmt: skip
_STREETS = ("1234 AB", "9876zx", "3011\u00a0CK", " 5611 de ", "8011AA", "")

_BASE = Person(
    surname="Zandwijk",
    given_names="Sanne Maria",
    birth_date="20110423",
    sex="V",
    postcode="1234 AB",
    house_number="12",
)


def fictive_people() -> Iterator[Person]:
    """Yield the people of the vectors, always the same and in the same order."""
    yield from _neighbours()
    yield from _particles()
    yield from _names()
    yield from _first_names()
    yield from _dates()
    yield from _numbers()
    yield from _addresses()
    yield from _incomplete()


def fictive_bsn(number: int) -> str:
    """Give a number that passes the eleven test, from the range of test numbers."""
    for digits in range(999_800_000 + 11 * number, 999_900_000):
        weighted = sum(int(d) * w for d, w in zip(f"{digits}", (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
        if weighted % 11 == 0:
            return f"{digits}"
    raise ValueError


def _neighbours() -> Iterator[Person]:
    """Walk through the lists with steps that have no common factor, so that all combinations differ."""
    sexes: tuple[Sex, ...] = ("M", "V", "V", "M", "O")
    for place in range(150):
        yield Person(
            surname=_SURNAMES[place * 7 % len(_SURNAMES)],
            given_names=_FIRST_NAMES[place * 5 % len(_FIRST_NAMES)],
            birth_date=f"{1930 + place * 13 % 95}{1 + place * 5 % 12:02}{1 + place * 11 % 28:02}",
            sex=sexes[place % len(sexes)],
            bsn=fictive_bsn(place) if place % 3 else None,
            postcode=_STREETS[place % len(_STREETS)],
            house_number=f"{1 + place * 17 % 400}",
            house_addition=("", "A", "hs", "-2", "bis")[place % 5],
        )


def _particles() -> Iterator[Person]:
    """Write every particle in the surname, and some in a column of their own."""
    lines = f"{_DUTCH_TABLE_36.strip()}\n{_FOREIGN_TABLE_36.strip()}\n{_OTHER_SPELLINGS}".splitlines()
    for place, particle in enumerate(entry for line in lines for entry in line.split("|")):
        joint = "" if particle.endswith("'") else " "
        yield replace(_BASE, surname=f"{particle}{joint}Zandwijk")
        if place % 4 == 0:
            yield replace(_BASE, surname="Zandwijk", prefix=particle)


def _names() -> Iterator[Person]:
    """Write surnames that registers, keyboards and exports have spoiled."""
    for letters in _LETTERS:
        yield replace(_BASE, surname=f"Za{letters}nd")
    for surname in (
        "Zandwijk-de Groot", "de Groot-Zandwijk", "Zand-wijk-berg", "Zandwijk - van 't Hof",
        "Zandwijk–Berg", "Zandwijk\u2011Berg", "'s-Zandwijk", "’s Zandwijk", "Al-Zandwijk",
        "el-Zand el-Wijk", "Zandwijk-van der", "Zandwijk-Zandwijk", "van der Zand-Van Wijk tot Bergen",
        "-Zandwijk", "Zandwijk-", "--", "A-B", "de-la", "ZANDWIJK", "zandwijk", "Zandwyk", "Zandwĳk",
        "Zandwÿk", "ZANDWIJK ", "  Zand   wijk ", "Zandwi\u00adjk", "Li Jansen", "O'Zand", "O’Zand",
        "OZand", "O Zand", "St. Zand Mc.Wijk", "Zand naar Wijk", "Zand van Wijk", "Le", "Van Le", "van",
        "van der", "'t", "de la", "Van den", "d'", "Wu", "E", "Zand.", "Zand, van der", "Zandwijk Wijkzand",
        "<Zand> & </Wijk>", '"Zand"', "Zand\\wijk", "Zand/Wijk", "Zand_Wijk", "Zand2", "Zand\twijk",
        "Zand" * 40, "Zandwijk-" * 20, "Ceulen", "Keulen", "Seulen", "Zeulen", "Veulen", "Feulen",
        "Pfister", "Aswcraft",
        "Ashcraft", "Tymczak", "Lloyd", "Jackson", "Gutierrez", "Hwang", "Zaad", "Ñuñez",
        "Μαρία", "Иванов", "王", "Ze\u0301", ".", "-", "?", "...", "\u00a0", "'", "123", "@", "",
    ):  # fmt: skip
        yield replace(_BASE, surname=surname)


def _first_names() -> Iterator[Person]:
    for given_names in (
        "", "-", ".", "?", "S", "S.", "S.M.", "S M", "S.M. Sanne", "Sa", "Th.", "Chr. Jan", "Sanne M.",
        "Sanne.", "SANNE", "sanne", " Sanne ", "Anne-Marie", "Anne Marie", "Anne - Marie", "-Sanne",
        "Sanne-", "D'Angelo", "J'adore Sanne", "Lou'Lou", "Mara'stes", "Zoë", "Zoe\u0308", "Željko", "Þóra",
        "Martijn", "Martyn", "IJsbrand", "Ĳsbrand", "Ysbrand", "Sanne jr.", "Sanne IV", "17 Sanne", "S@nne",
        "Sanne@", "van Sanne", "Sanne " * 30, "Мария", "Frank N J M", "san-ne-ke-tje", "Gabriel·la",
    ):  # fmt: skip
        yield replace(_BASE, given_names=given_names)


def _dates() -> Iterator[Person]:
    for birth_date in (
        "2011-04-23", "23-04-2011", "23-4-2011", "3-4-2011", "2011-4-23", "20110423 ", " 23-04-2011",
        "00000000", "20110000", "20110400", "20110023", "00000423", "00-00-2011", "00-04-2011",
        "2011-04-00", "0000-04-23", "", " ", "20110230", "30-02-2011", "2011-02-30", "20110229", "20120229",
        "29-02-1900", "29-02-2000", "20111301", "20110432", "2011-13-01", "32-01-2011", "18491231",
        "18500101", "18990404", "00190423", "20260101", "20260102", "20991231", "23/04/2011",
        "23 april 2011", "onbekend", "110423", "2011", "201104231", "20140101", "20140102", "20100101",
        "20080101", "20030101", "20030102", "20080229", "20040229", "20111231",
    ):  # fmt: skip
        yield replace(_BASE, birth_date=birth_date)


def _numbers() -> Iterator[Person]:
    good = fictive_bsn(500)
    for bsn in (
        good, f" {good} ", f"{good[:4]}.{good[4:6]}.{good[6:]}", "000009994", "00009994", "9994",
        "000000000", "123456789", "111222333", f"{good[:8]}{(int(good[8]) + 1) % 10}", f"{good}0",
        "99999999X", "onbekend", " ", "９９９８００５０５",
    ):  # fmt: skip
        yield replace(_BASE, bsn=bsn)


def _addresses() -> Iterator[Person]:
    for postcode in (
        "1234AB",
        "1234ab",
        "1234  AB",
        "1234-AB",
        "0234AB",
        "1234A",
        "1234",
        "12345AB",
        "1234ÀB",
        "",
        "BE",
    ):
        yield replace(_BASE, postcode=postcode)
    for number, addition in (
        ("12", ""), ("012", ""), ("12A", ""), ("12", "a"), ("12-A", ""), ("12", " - A"), ("12 hs", ""),
        ("12", "II"), ("12/3", ""), ("12-14", ""), ("12", "bis rood"), ("99999", ""), ("100000", ""),
        ("0", ""), ("", "A"), ("A12", ""), ("n.v.t.", ""), (" 12 ", ""), ("12é", ""), ("12\nA", ""),
        ("１２", ""),
    ):  # fmt: skip
        yield replace(_BASE, house_number=number, house_addition=addition)


def _incomplete() -> Iterator[Person]:
    """Leave out what registers leave out, with and without a BSN, until too little is left."""
    sexes: tuple[Sex, ...] = ("", "O", "V")
    for sex in sexes:
        for given_names in ("", "S.", "Sanne"):
            for postcode in ("", "1234AB"):
                bare = replace(_BASE, sex=sex, given_names=given_names, postcode=postcode)
                yield bare
                yield replace(bare, bsn=fictive_bsn(600))
