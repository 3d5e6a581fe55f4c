"""Read a row's fields as a person and what is stated of the contact; a bad row gives a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal, TypeVar
from uuid import UUID

from dat_client.columns import PARENT_FIELDS
from dat_client.facts import Home, NewCase, NewSignal, SignalKind, SubjectNotice, Told
from dat_client.identity.nl1 import parse_birth_date
from dat_client.identity.person import Person, RefusedPersonError, Sex
from dat_client.residence import Living

LONGEST_AGO = timedelta(days=31)  # design.md, 4, step 1
LEGAL_BASIS = re.compile(r"[A-Z][A-Z0-9_]{0,31}")

KINDS: dict[str, SignalKind] = {
    "contact": "contact",
    "zorg": "concern",
    "zorgen": "concern",
    "concern": "concern",
}
NOTICES: dict[str, SubjectNotice] = {
    "given": "given",
    "gegeven": "given",
    "ja": "given",
    "exception": "exception",
    "uitzondering": "exception",
    "pending": "pending",
    "volgt": "pending",
}
TOLD: dict[str, tuple[Told, ...]] = {
    "betrokkene": ("subject",),
    "jongere": ("subject",),
    "subject": ("subject",),
    "ouders": ("representative",),
    "vertegenwoordiger": ("representative",),
    "representative": ("representative",),
    "beide": ("representative", "subject"),
    "both": ("representative", "subject"),
}
HOLDERS = frozenset("12345678")
SEXES: dict[str, Sex] = {"": "", "m": "M", "man": "M", "v": "V", "f": "V", "vrouw": "V", "o": "O", "x": "O"}
WEIGHED: dict[str, Literal["weighed"]] = dict.fromkeys(("ja", "gewogen", "weighed", "x"), "weighed")

SECRET: dict[str, bool] = {"": False, "nee": False, "ja": True}
STAYS: dict[str, bool | None] = {"": None, "thuis": False, "nee": False, "zorg": True, "ja": True}

T = TypeVar("T")


class RowError(Exception):
    """Why a row cannot be used: a code from a closed list."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_person(fields: Mapping[str, str]) -> Person:
    """Read the person of a row.

    Raises:
        RowError: The sex is a word that is not known; without a column it is simply not known.
    """
    return Person(
        surname=fields.get("geslachtsnaam", ""),
        given_names=fields.get("voornamen", ""),
        prefix=fields.get("voorvoegsel", ""),
        birth_date=fields.get("geboortedatum", ""),
        sex=_choose(SEXES, fields.get("geslacht", ""), "sex_not_understood"),
        bsn=fields.get("bsn") or None,
        postcode=fields.get("postcode", ""),
        house_number=fields.get("huisnummer", ""),
        house_addition=fields.get("toevoeging", ""),
    )


def read_signal(fields: Mapping[str, str], *, today: date) -> NewSignal:
    """Read a row as a contact to signal.

    Raises:
        RowError: A field is missing or not understood, or the contact is too long ago.
    """
    months = fields.get("geldigheid")
    if months is not None and not (months.isdecimal() and 1 <= int(months) <= 24):
        raise RowError("validity_not_understood")
    notice = _choose(NOTICES, fields.get("kennisgeving", ""), "subject_notice_not_understood")
    given_on, given_to, holders = _read_given(fields, today) if notice == "given" else (None, (), None)
    return NewSignal(
        person=read_person(fields),
        contact_date=_read_contact_date(fields.get("contactdatum", ""), today),
        kind=_choose(KINDS, fields.get("soort", ""), "kind_not_understood"),
        legal_basis=_read_basis(fields.get("grondslag", "")),
        subject_notice=notice,
        notice_date=given_on,
        notice_to=given_to,
        authority_holders=holders,
        attestation=_choose(WEIGHED, fields.get("afweging", ""), "not_weighed"),
        reporter=_read_id(fields.get("melder"), "reporter_not_understood"),
        submitted_by=_read_id(fields.get("indiener"), "submitted_by_not_understood"),
        on_behalf_of=_read_id(fields.get("namens"), "on_behalf_of_not_understood"),
        decision_reference=_read_id(fields.get("besluit"), "decision_reference_not_understood"),
        valid_months=int(months) if months else None,
        living=read_living(fields),
        home=read_home(fields),
        reference=fields.get("referentie"),
    )


def read_living(fields: Mapping[str, str]) -> Living:
    """Read where a person lives: `gemeente` or the postcode; in care (`verblijf`) where they lived before.

    Raises:
        RowError: `verblijf` is a word that is not known.
    """
    return Living(
        home=fields.get("gemeente") or fields.get("postcode", ""),
        in_care=_choose(STAYS, fields.get("verblijf", ""), "stay_not_understood"),
        before_care=fields.get("postcode_voor_verblijf", ""),
        mother_at_birth=fields.get("gemeente_moeder", ""),
        stays=fields.get("verblijfplaats", ""),
    )


def read_home(fields: Mapping[str, str]) -> Home:
    """Read by what the household is known: parents (`ouder1_`, `ouder2_`), no address where it is secret.

    Sent only by who may use the household scheme. A parent without a name is none.

    Raises:
        RowError: `geheim_adres` or the sex of a parent is a word that is not known.
    """
    own = ({name: fields.get(f"ouder{number}_{name}", "") for name in PARENT_FIELDS} for number in (1, 2))
    return Home(
        parents=tuple(read_person(each) for each in own if each["geslachtsnaam"]),
        secret_address=_choose(SECRET, fields.get("geheim_adres", ""), "secret_address_not_understood"),
    )


def read_case(fields: Mapping[str, str]) -> NewCase:
    """Read a row as a person of the caseload.

    Raises:
        RowError: A field is missing or not understood.
    """
    return NewCase(
        person=read_person(fields),
        legal_basis=_read_basis(fields.get("grondslag", "")),
        casemanager=_read_id(fields.get("casemanager"), "casemanager_not_understood"),
        reference=fields.get("referentie"),
        home=read_home(fields),
    )


def _choose(choices: Mapping[str, T], text: str, code: str) -> T:
    try:
        return choices[text.strip().casefold()]
    except KeyError:
        raise RowError(code) from None


def _read_given(fields: Mapping[str, str], today: date) -> tuple[date, tuple[Told, ...], int | None]:
    """Read when the person was told, in which roles, and how many parents: an attestation, never guessed.

    Source: TRA-01.
    """
    try:
        given_on = parse_birth_date(fields.get("kennisgeving_op", ""))
    except RefusedPersonError:
        raise RowError("notice_date_not_understood") from None
    if given_on > today:
        raise RowError("notice_date_in_future")
    told = _choose(TOLD, fields.get("kennisgeving_aan", ""), "notice_to_not_understood")
    holders = fields.get("gezagdragers", "")
    if "representative" in told and holders not in HOLDERS:
        raise RowError("authority_holders_not_understood")
    return given_on, told, int(holders) if "representative" in told else None


def _read_contact_date(text: str, today: date) -> date:
    try:
        found = parse_birth_date(text)
    except RefusedPersonError:
        raise RowError("contact_date_not_understood") from None
    if found > today:
        raise RowError("contact_date_in_future")
    if today - found > LONGEST_AGO:
        raise RowError("contact_date_too_old")
    return found


def _read_basis(text: str) -> str:
    basis = text.strip().upper()
    if not LEGAL_BASIS.fullmatch(basis):
        raise RowError("legal_basis_not_understood")
    return basis


def _read_id(text: str | None, code: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise RowError(code) from None
