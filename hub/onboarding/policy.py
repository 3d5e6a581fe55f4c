"""What has to be in order before an organisation goes live; pure.

Source: domain.md ONB-01 to ONB-04, ONB-09 to ONB-11.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from hub.consent.facts import Bracket
from hub.onboarding.errors import DossierInvalidError, LinkageInvalidError, NotReadyError
from hub.onboarding.values import Addendum, Dossier, Facts, Item, Linkage, Location, ProfilePart
from hub.partners.policy import LABEL

LINKABLE_PERCENT = 95
SMALLEST_SAMPLE = 50
# A BSN may only be processed where information security was judged. Source: Regeling Jeugdwet 6; ONB-10.
JUDGED = frozenset({"bsn"})


def list_missing(facts: Facts, *, on: date, linkable_percent: int = LINKABLE_PERCENT) -> tuple[Item, ...]:
    """List what is not in order on a day, in the order of the items."""
    dossier, linkage = facts.dossier, facts.dossier.linkage
    in_order = {
        Item.COVENANT: facts.has_covenant,
        Item.ACCESSION: dossier.accession is not None,
        Item.LOCATION: any(stands(one, on) for one in facts.locations),
        Item.PROFILE: dossier.profile == frozenset(ProfilePart),
        Item.DPIA: dossier.dpia is not None
        and dossier.dpia_review_on is not None
        and on < dossier.dpia_review_on,
        Item.DECISION: facts.has_decision or not facts.needs_decision,
        Item.SECURITY: bool(dossier.standards) or not facts.schemes & JUDGED,
        Item.LINKAGE: not facts.may_signal or (linkage is not None and linkage.percent >= linkable_percent),
    }
    return tuple(item for item in Item if not in_order[item])


def require_ready(facts: Facts, *, on: date, linkable_percent: int = LINKABLE_PERCENT) -> None:
    """Require that everything is in order; raises NotReadyError, which names what is not."""
    if missing := list_missing(facts, on=on, linkable_percent=linkable_percent):
        raise NotReadyError(places=tuple(f"/{item.value}" for item in missing))


def require_dossier(dossier: Dossier, *, on: date) -> None:
    """Require that what was shown is of the agreed form: references, and a count that can be."""
    for place, reference in (("/accession", dossier.accession), ("/dpia", dossier.dpia)):
        if reference is not None and not LABEL.fullmatch(reference):
            raise DossierInvalidError(places=(place,))
    if dossier.dpia is not None and (dossier.dpia_review_on is None or dossier.dpia_review_on <= on):
        raise DossierInvalidError(places=("/dpiaReviewDate",))
    if dossier.linkage is not None:
        _require_linkage(dossier.linkage, on=on)


def require_addendum(addendum: Addendum, *, bases: Collection[str]) -> None:
    """Require a reference, and a level, bases and ages that there are: a misspelt one would leave nothing.

    Args:
        bases: those of the policy set.
    """
    level, own, ages = addendum.told_at_most, addendum.bases, addendum.brackets
    in_order = {
        "/addendum": LABEL.fullmatch(addendum.reference) is not None,
        "/toldAtMost": level is None or 0 <= level <= 3,
        "/bases": own is None or (bool(own) and own <= set(bases)),
        "/brackets": ages is None or (bool(ages) and ages <= set(Bracket)),
    }
    if wrong := tuple(place for place, right in in_order.items() if not right):
        raise DossierInvalidError(places=wrong)


def stands(location: Location, on: date) -> bool:
    """Tell whether a location takes part on a day."""
    return location.since <= on and (location.until is None or on < location.until)


def _require_linkage(linkage: Linkage, *, on: date) -> None:
    """Require a count of enough rows, made before today is over."""
    if not linkage.rows >= SMALLEST_SAMPLE or not 0 <= linkage.linkable <= linkage.rows:
        raise LinkageInvalidError(places=("/linkage",))
    if linkage.measured_on > on:
        raise LinkageInvalidError(places=("/linkageDate",))
