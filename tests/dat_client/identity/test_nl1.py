from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dat_client.identity import nl1
from dat_client.identity.person import RefusalReason, RefusedPersonError
from dat_client.identity.vector_people import fictive_bsn

NAMES = st.text(alphabet="aeijtsvdnrŁøñŸ王 -'.’", max_size=20)
PARTICLE_RUNS = st.lists(
    st.sampled_from(["van", "de", "v.d.", "'t", "in 't", "Uijt", "d'", "'s", "EL", "À"]), max_size=3
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Jansen", ("jansen",)),
        ("van der Meijden", ("meyden",)),
        ("v.d. Meyden", ("meyden",)),
        ("V/D MEŸDEN", ("meyden",)),
        ("in 't Veld", ("veld",)),
        ("d'Or", ("or",)),
        ("'s-Gravesande", ("gravesande",)),
        ("Uijt den Haag", ("haag",)),
        ("Jansen-de Groot", ("jansen", "groot")),
        ("Jansen – van 't Hof", ("jansen", "hof")),
        ("Aa-Bee-Cee", ("aa", "cee")),
        ("Jansen-Jansen", ("jansen",)),
        ("Al-Amin", ("amin",)),
        ("Brest naar Kempen", ("brestnaarkempen",)),
        ("O'Brien", ("obrien",)),
        ("De La", ("la",)),
        ("van Le", ("le",)),
        ("Guðrún Þór", ("gudrunthor",)),
        ("Bronwaßer", ("bronwasser",)),
        ("Żywiałowska", ("zywialowska",)),
        ("Ǽrø", ("aero",)),
        (".", ()),
        ("-", ()),
        ("", ()),
        ("Иванов", ()),
    ],
)
def test_a_surname_is_reduced_to_what_all_registers_share(written: str, expected: tuple[str, ...]) -> None:
    assert nl1.normalise_surname(written) == expected


@given(NAMES, PARTICLE_RUNS)
def test_particles_in_front_never_change_a_surname(name: str, particles: list[str]) -> None:
    plain = nl1.normalise_surname(name)
    if plain and not name.startswith("-"):
        assert nl1.normalise_surname(" ".join([*particles, name])) == plain


@given(st.text(max_size=60))
def test_a_surname_is_at_most_two_short_words_in_plain_letters(text: str) -> None:
    names = nl1.normalise_surname(text)

    assert len(set(names)) == len(names) <= 2
    assert all(name.isascii() and name.isalpha() and name.islower() for name in names)
    assert all(len(name) <= nl1.MAX_LETTERS for name in names)


@given(NAMES)
def test_capitals_do_not_matter(name: str) -> None:
    assert nl1.normalise_surname(name.upper()) == nl1.normalise_surname(name.lower())


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Anna Maria Petra", "anna"),
        ("Anne-Marie Sophie", "annemarie"),
        ("IJsbrand", "ysbrand"),
        ("Frank N J M", "frank"),
        ("S.M.", "s"),
        ("Th. Jan", "t"),
        ("N", "n"),
        ("Jan P.", "jan"),
        ("D'Angelo", "d"),
        ("-", ""),
        ("", ""),
    ],
)
def test_the_first_official_name_counts(written: str, expected: str) -> None:
    assert nl1.normalise_first_name(written) == expected
    assert nl1.initial(expected) == expected[:1]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("rupert", "r163"),
        ("robert", "r163"),
        ("rubin", "r150"),
        ("ashcraft", "a261"),
        ("aswcraft", "a261"),
        ("tymczak", "t522"),
        ("pfister", "p236"),
        ("honeyman", "h555"),
        ("lloyd", "l300"),
        ("le", "l000"),
        ("", ""),
    ],
)
def test_the_sound_code_is_soundex(name: str, code: str) -> None:
    assert nl1.sound_code(name) == code


@pytest.mark.parametrize("spellings", [("cuypers", "kuypers", "suypers", "zuypers"), ("visser", "fisser")])
def test_initials_that_sound_alike_are_one(spellings: tuple[str, ...]) -> None:
    assert len({nl1.sound_code(name) for name in spellings}) == 1


@pytest.mark.parametrize(
    ("written", "expected"),
    [("1234 ab", "1234AB"), (" 1234AB ", "1234AB"), ("0234AB", None), ("1234", None), ("12345AB", None)],
)
def test_a_postcode_has_one_form(written: str, expected: str | None) -> None:
    assert nl1.normalise_postcode(written) == expected


@pytest.mark.parametrize(
    ("number", "addition", "expected"),
    [
        ("12", "", ("12", "")),
        ("012-A", "", ("12", "a")),
        ("12", " - A ", ("12", "a")),
        ("12 hs", "", ("12", "hs")),
        ("123456", "", None),
        ("0", "", None),
        ("", "A", None),
    ],
)
def test_house_number_and_addition_are_apart(
    number: str, addition: str, expected: tuple[str, str] | None
) -> None:
    assert nl1.normalise_house(number, addition) == expected


def test_a_bsn_keeps_its_leading_zeros() -> None:
    assert nl1.normalise_bsn("000009994") == "000009994"


def test_a_bsn_of_eight_digits_lost_one_zero() -> None:
    assert nl1.normalise_bsn("00009994") == "000009994"


@pytest.mark.parametrize("written", ["000000000", "123456789", "9994", "99999999X", "", "９９９８００５０５"])
def test_what_fails_the_eleven_test_is_no_bsn(written: str) -> None:
    assert nl1.normalise_bsn(written) is None


@given(st.integers(0, 900), st.integers(0, 8), st.integers(1, 9))
def test_no_single_wrong_digit_passes_as_a_bsn(number: int, place: int, shift: int) -> None:
    bsn = fictive_bsn(number)
    wrong = f"{bsn[:place]}{(int(bsn[place]) + shift) % 10}{bsn[place + 1 :]}"

    assert nl1.normalise_bsn(bsn) == bsn
    assert nl1.normalise_bsn(wrong) is None


@pytest.mark.parametrize("written", ["20110403", "2011-04-03", "03-04-2011", "3-4-2011", " 20110403 "])
def test_a_birth_date_is_read_in_three_ways(written: str) -> None:
    assert nl1.parse_birth_date(written) == date(2011, 4, 3)


def test_a_birth_date_may_be_a_date_already() -> None:
    assert nl1.parse_birth_date(date(2011, 4, 3)) == date(2011, 4, 3)
    assert type(nl1.parse_birth_date(datetime(2011, 4, 3, tzinfo=UTC))) is date


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", RefusalReason.UNKNOWN_BIRTH_DATE),
        ("00000000", RefusalReason.UNKNOWN_BIRTH_DATE),
        ("19650000", RefusalReason.UNKNOWN_BIRTH_DATE),
        ("19650200", RefusalReason.UNKNOWN_BIRTH_DATE),
        ("00-00-1965", RefusalReason.UNKNOWN_BIRTH_DATE),
        ("19650230", RefusalReason.IMPOSSIBLE_BIRTH_DATE),
        ("30-02-1965", RefusalReason.IMPOSSIBLE_BIRTH_DATE),
        ("00190704", RefusalReason.IMPOSSIBLE_BIRTH_DATE),
        ("3 april 2011", RefusalReason.UNREADABLE_BIRTH_DATE),
        ("110403", RefusalReason.UNREADABLE_BIRTH_DATE),
        ("２０１１０４０３", RefusalReason.UNREADABLE_BIRTH_DATE),
    ],
)
def test_an_unusable_birth_date_is_refused_by_reason_only(written: str, reason: RefusalReason) -> None:
    with pytest.raises(RefusedPersonError) as refused:
        nl1.parse_birth_date(written)

    assert refused.value.reason is reason
    assert str(refused.value) == reason.value
    assert refused.value.__cause__ is None
