"""Joining and leaving on the wire."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hub.onboarding.values import Linkage, Onboarding
from service.http import WireModel


class LinkageOut(WireModel):
    """Of so many rows, so many gave enough tokens."""

    rows: int
    linkable: int
    percent: int
    measured_date: date


class LocationOut(WireModel):
    """A location that takes part from a day until the day on which that is over."""

    code: str
    since_date: date
    until_date: date | None


class OnboardingOut(WireModel):
    """How far an organisation is; `missing` is what is not in order today, also of one that is live.

    `toldAtMost`, `ownBases`, `ownBrackets` and `hearsBack` are rules of its own, by its addendum.
    """

    organisation_id: UUID
    name: str
    kind: str
    state: str
    missing: list[str]
    locations: list[LocationOut]
    dpia_review_date: date | None
    reporters: int
    reporters_trained: int
    attested_linkage: LinkageOut | None
    measured_linkage: LinkageOut | None
    told_at_most: int | None
    own_bases: list[str] | None
    own_brackets: list[str] | None
    hears_back: bool


class OnboardingsOut(WireModel):
    """Organisations by name."""

    organisations: list[OnboardingOut]


def write_onboarding(one: Onboarding) -> OnboardingOut:
    """Write how far an organisation is."""
    return OnboardingOut(
        organisation_id=one.organisation_id,
        name=one.name,
        kind=one.kind,
        state=one.state,
        missing=[item.value for item in one.missing],
        locations=[
            LocationOut(code=place.code, since_date=place.since, until_date=place.until)
            for place in one.locations
        ],
        dpia_review_date=one.dossier.dpia_review_on,
        reporters=one.trained[1],
        reporters_trained=one.trained[0],
        attested_linkage=_linkage(one.dossier.linkage),
        measured_linkage=_linkage(one.measured),
        told_at_most=one.told_at_most,
        own_bases=None if one.bases is None else sorted(one.bases),
        own_brackets=None if one.brackets is None else sorted(one.brackets),
        hears_back=one.hears_back,
    )


def _linkage(one: Linkage | None) -> LinkageOut | None:
    if one is None:
        return None
    return LinkageOut(
        rows=one.rows, linkable=one.linkable, percent=one.percent, measured_date=one.measured_on
    )
