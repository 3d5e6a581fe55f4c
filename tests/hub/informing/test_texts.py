"""The letters of every partner kind, basis, age and language: what must be there, and what may never be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from hub.consent.facts import Bracket
from hub.consent.loading import default_policy
from hub.informing.linting import MUST, lint_letter
from hub.informing.texts import Asked, Letter, NoticeText, find_notice_text, law_of, readers_of
from hub.informing.wording import Language, Reader, wordings

RULES = default_policy()
TODAY = date(2026, 11, 18)
COMBINATIONS = [
    Asked(partner_kind=partner.kind, legal_basis=basis.code, bracket=bracket, language=language, on=TODAY)
    for partner, basis, bracket, language in product(RULES.partners, RULES.bases, Bracket, Language)
]
SCHOOL = Asked(
    partner_kind="school", legal_basis="JW_7_1_4_1", bracket=Bracket.TO_15, language=Language.DUTCH, on=TODAY
)


def text_of(asked: Asked) -> NoticeText:
    found = find_notice_text(asked, rules=RULES)
    assert found is not None
    return found


def letters() -> list[tuple[Asked, Letter]]:
    made = ((asked, find_notice_text(asked, rules=RULES)) for asked in COMBINATIONS)
    return [(asked, letter) for asked, text in made if text for letter in text.letters]


def words_of(letter: Letter) -> str:
    return " ".join(section.text for section in letter.sections)


def test_tra_03_every_letter_says_what_it_must_and_nothing_it_may_not() -> None:
    made = letters()
    assert len(made) > 150
    assert {lint: asked for asked, letter in made for lint in lint_letter(letter, asked.language)} == {}


def test_there_is_a_letter_for_exactly_the_signals_that_may_be_posted() -> None:
    for asked in COMBINATIONS:
        partner, basis = RULES.find_partner(asked.partner_kind), RULES.find_basis(asked.legal_basis, on=TODAY)
        assert partner is not None
        assert basis is not None
        may = asked.partner_kind in basis.partner_kinds and asked.bracket in partner.brackets & basis.brackets
        assert (find_notice_text(asked, rules=RULES) is not None) == (may and partner.may_signal)


@pytest.mark.parametrize(
    ("bracket", "readers"),
    [
        ("0-11", (Reader.PARENTS,)),
        ("12-15", (Reader.YOUTH, Reader.PARENTS)),
        ("16-17", (Reader.YOUTH,)),
        ("18-22", (Reader.ADULT,)),
        ("23+", (Reader.ADULT,)),
    ],
)
def test_tra_01_tra_02_each_age_has_its_readers(bracket: str, readers: tuple[Reader, ...]) -> None:
    assert readers_of(Bracket(bracket), RULES) == readers


def test_the_letters_follow_the_policy_set_and_name_it() -> None:
    text = text_of(SCHOOL)
    assert text.policy_hash == RULES.hash
    wider = replace(
        RULES, partners=tuple(replace(row, level=0, feedback=frozenset()) for row in RULES.partners)
    )
    changed = find_notice_text(SCHOOL, rules=wider)
    assert changed is not None
    assert "en niet met wie" in words_of(changed.letters[0])
    assert "apart toestemming" in words_of(text.letters[0])
    assert "apart toestemming" not in words_of(changed.letters[0])


def test_what_the_police_tell_is_said_no_higher_than_it_may_be_told() -> None:
    police = text_of(replace(SCHOOL, partner_kind="police", legal_basis="WPG_YOUTH"))
    assert "wie daar te bellen is" not in words_of(police.letters[0])


def test_tra_13_the_young_are_pointed_to_an_adviser_and_everybody_to_a_supporter() -> None:
    for asked, letter in letters():
        text = words_of(letter)
        young = asked.bracket is not Bracket.FROM_23
        names = {"nl": ("vertrouwenspersoon", "cliëntondersteuner"), "en": ("adviser", "supporter")}
        adviser, supporter = names[asked.language]
        assert (adviser in text) is young
        assert supporter in text


def test_tra_03_a_letter_says_for_how_long_the_signal_is_posted() -> None:
    for months in (3, 24):
        (first, _) = text_of(replace(SCHOOL, months=months)).letters
        assert f"hoogstens {months} maanden" in words_of(first)


def test_con_16_only_where_consent_is_asked_does_a_letter_say_that_one_may_say_no() -> None:
    for asked, letter in letters():
        says_no = "Nee zeggen mag" in words_of(letter) or "may say no" in words_of(letter)
        assert says_no is (asked.legal_basis == "CONSENT")


def test_con_04_withdrawing_is_named_where_there_is_a_consent() -> None:
    asked = text_of(replace(SCHOOL, legal_basis="CONSENT"))
    assert all("toestemming altijd stoppen" in words_of(letter) for letter in asked.letters)


def test_rou_20_danger_is_for_the_one_who_hands_the_letter_over_and_leads_out_of_the_hub() -> None:
    for language in Language:
        text = text_of(replace(SCHOOL, language=language))
        guidance = " ".join(text.guidance)
        assert all(word in guidance for word in ("112", "Veilig Thuis", "0800-2000", "meldcode"))
        assert not any("112" in words_of(letter) for letter in text.letters)


def test_every_kind_that_may_signal_has_a_noun() -> None:
    for language in Language:
        assert {row.kind for row in RULES.partners if row.may_signal} <= wordings()[language].nouns.keys()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Jeugdwet 7.1.4.1", "de Jeugdwet, artikel 7.1.4.1"),
        (
            "AVG 6(1)(f), 21; Besluit gemeentelijke schuldhulpverlening 2",
            "de AVG (privacywet), artikel 6(1)(f), 21",
        ),
        ("Jeugdwet (tasks of the college); Wmo 2015 2.1.1", "de Jeugdwet"),
    ],
)
def test_a_citizen_reads_the_first_law_only(source: str, expected: str) -> None:
    assert law_of(source, wordings()[Language.DUTCH]) == expected


@pytest.mark.parametrize("sentence", ["Wij maken ons zorgen over {x}", "Dit heeft spoed", "Er is een risico"])
def test_the_linter_finds_what_may_never_be_said(sentence: str) -> None:
    letter = text_of(SCHOOL).letters[0]
    worse = replace(letter.sections[0], text=letter.sections[0].text + " " + sentence + ".")
    found = lint_letter(replace(letter, sections=(worse, *letter.sections[1:])), Language.DUTCH)
    assert [fault.split(":")[0] for fault in found] == ["forbidden"]


@pytest.mark.parametrize("code", MUST[Language.DUTCH])
def test_the_linter_finds_what_is_missing(code: str) -> None:
    letter = text_of(SCHOOL).letters[0]
    left = tuple(section for section in letter.sections if section.code != code)
    assert f"missing:{code}" in lint_letter(replace(letter, sections=left), Language.DUTCH)
