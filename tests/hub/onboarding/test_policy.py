"""ONB-01 to ONB-11: what has to be in order before an organisation goes live."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hub.onboarding.errors import DossierInvalidError, LinkageInvalidError, NotReadyError
from hub.onboarding.policy import list_missing, require_addendum, require_dossier, require_ready
from hub.onboarding.values import Addendum, Dossier, Facts, Item, Linkage, Location, ProfilePart
from tests.builders import dossier

TODAY = date(2026, 11, 18)
SHOWN = dossier(datetime(2026, 11, 18, 12, tzinfo=UTC))
READY = Facts(
    has_covenant=True,
    needs_decision=True,
    has_decision=True,
    may_signal=True,
    schemes=frozenset({"bsn", "demographic"}),
    dossier=SHOWN,
    locations=(Location(code="De Linde", since=TODAY),),
)


def linkage(rows: int, linkable: int) -> Linkage:
    return Linkage(rows=rows, linkable=linkable, measured_on=TODAY)


def test_an_organisation_that_showed_everything_goes_live() -> None:
    require_ready(READY, on=TODAY)


@pytest.mark.parametrize(
    ("facts", "item"),
    [
        (replace(READY, has_covenant=False), Item.COVENANT),
        (replace(READY, dossier=replace(SHOWN, accession=None)), Item.ACCESSION),
        (replace(READY, locations=()), Item.LOCATION),
        (replace(READY, locations=(Location(code="x", since=TODAY, until=TODAY),)), Item.LOCATION),
        (
            replace(READY, dossier=replace(SHOWN, profile=frozenset(ProfilePart) - {ProfilePart.CRITERIA})),
            Item.PROFILE,
        ),
        (replace(READY, dossier=replace(SHOWN, dpia=None)), Item.DPIA),
        (replace(READY, dossier=replace(SHOWN, dpia_review_on=TODAY)), Item.DPIA),
        (replace(READY, has_decision=False), Item.DECISION),
        (replace(READY, dossier=replace(SHOWN, standards=frozenset())), Item.SECURITY),
        (replace(READY, dossier=replace(SHOWN, linkage=None)), Item.LINKAGE),
        (replace(READY, dossier=replace(SHOWN, linkage=linkage(1000, 949))), Item.LINKAGE),
    ],
)
def test_onb_01_whatever_is_missing_stops_it_and_is_named(facts: Facts, item: Item) -> None:
    assert list_missing(facts, on=TODAY) == (item,)
    with pytest.raises(NotReadyError) as refusal:
        require_ready(facts, on=TODAY)
    assert refusal.value.places == (f"/{item.value}",)


def test_onb_10_without_a_number_and_without_signals_less_is_asked() -> None:
    plain = Dossier(
        accession="TV-1", profile=frozenset(ProfilePart), dpia="D-1", dpia_review_on=date(2028, 1, 1)
    )
    desk = replace(
        READY, needs_decision=False, may_signal=False, schemes=frozenset({"demographic"}), dossier=plain
    )
    assert list_missing(desk, on=TODAY) == ()


def test_the_share_of_linkable_rows_is_never_rounded_up() -> None:
    assert linkage(10_000, 9_499).percent == 94
    assert linkage(10_000, 9_500).percent == 95
    assert list_missing(replace(READY, dossier=replace(SHOWN, linkage=linkage(1000, 960))), on=TODAY) == ()
    assert list_missing(
        replace(READY, dossier=replace(SHOWN, linkage=linkage(1000, 960))), on=TODAY, linkable_percent=98
    ) == (Item.LINKAGE,)


@pytest.mark.parametrize(
    "wrong",
    [
        linkage(49, 49),
        linkage(100, 101),
        linkage(100, -1),
        replace(linkage(99, 98), measured_on=date(2027, 1, 1)),
    ],
)
def test_a_figure_that_cannot_be_or_says_nothing_is_not_taken(wrong: Linkage) -> None:
    with pytest.raises(LinkageInvalidError):
        require_dossier(Dossier(linkage=wrong), on=TODAY)


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"reference": "A\n1"}, "/addendum"),
        ({"told_at_most": 4}, "/toldAtMost"),
        ({"bases": frozenset({"JW_7_1_4_2"})}, "/bases"),
        ({"bases": frozenset()}, "/bases"),
        ({"brackets": frozenset({"0-12"})}, "/brackets"),
    ],
)
def test_onb_05_an_addendum_names_what_there_is(wrong: dict[str, Any], place: str) -> None:
    right = Addendum(reference="ADD-3", told_at_most=1, bases=frozenset({"CONSENT"}))
    require_addendum(right, bases={"CONSENT", "JW_7_1_4_1"})
    with pytest.raises(DossierInvalidError) as refusal:
        require_addendum(replace(right, **wrong), bases={"CONSENT", "JW_7_1_4_1"})
    assert refusal.value.places == (place,)


@pytest.mark.parametrize(
    "wrong",
    [
        Dossier(accession=""),
        Dossier(dpia="D\n1"),
        Dossier(dpia="D-1"),
        Dossier(dpia="D", dpia_review_on=TODAY),
    ],
)
def test_onb_09_an_assessment_has_a_reference_and_a_day_of_review(wrong: Dossier) -> None:
    with pytest.raises(DossierInvalidError):
        require_dossier(wrong, on=TODAY)
    require_dossier(Dossier(dpia="D-1", dpia_review_on=TODAY + timedelta(days=1)), on=TODAY)
