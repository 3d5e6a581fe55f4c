"""Changes that need two persons: what waits, what exactly would change, and the second person's word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import ndiff
from typing import Any

from starlette.responses import Response

from hub.approving import EFFECTS
from hub.arrangements import versions as arrangements
from hub.arrangements.explanation import Language, explain
from hub.arrangements.loading import parse_arrangement
from hub.changes.kinds import RULES
from hub.changes.service import (
    Change,
    ChangeKind,
    RejectionReason,
    approve,
    get_change,
    list_open,
    reject,
)
from hub.consent import versions as policies
from hub.consent.comparing import Difference, compare
from hub.partners.service import find_partners
from hub.web.rendering import render
from hub.web.visiting import Page, Visit, go_to
from service.work import Work

PAGE_SIZE = 50
PARTS = frozenset(role for rule in RULES.values() for role in rule.proposers | rule.approvers)
APPROVERS = frozenset(role for rule in RULES.values() for role in rule.approvers)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a change would do, in words as far as there are.

    Attributes:
        lines: of an arrangement: each with "+" for what is new, "-" for what goes, and "" for what stays.
        differences: of a policy set: by place.
        facts: codes and numbers, by name.
    """

    begins: date | None = None
    lines: Sequence[tuple[str, str]] = ()
    differences: Sequence[Difference] = ()
    facts: dict[str, Any] = field(default_factory=dict)


def show_changes(visit: Visit) -> Response:
    """Show the changes that wait and in which the visitor has a part."""
    with visit.looking() as work:
        found = list_open(work)
        names = find_partners(work, {one.organisation_id for one in found})
    part = visit.part(found, PAGE_SIZE)
    return render(visit, "changes.html", found=part.rows, following=part.following, names=names)


def show_change(visit: Visit) -> Response:
    """Show exactly what would change, before anybody agrees."""
    with visit.looking() as work:
        change = get_change(work, visit.path_id("change"))
        meaning = read_meaning(work, change, Language(visit.language))
        names = find_partners(work, {change.organisation_id})
    own = change.proposed_by == visit.caller.staff_id
    reasons = [one for one in RejectionReason if one is not RejectionReason.TAKEN_BACK]
    return render(
        visit,
        "change.html",
        change=change,
        meaning=meaning,
        names=names,
        own=own,
        may=visit.has(*RULES[change.kind].approvers),
        reasons=reasons,
    )


def approve_change(visit: Visit) -> Response:
    """Agree, as the second person."""
    with visit.working() as work:
        approve(work, visit.path_id("change"), effects=EFFECTS)
    return go_to("/changes", said="approved")


def reject_change(visit: Visit) -> Response:
    """Do not agree, with a reason from the list; or take one's own back."""
    reason = visit.field_of("reason", RejectionReason)
    with visit.working() as work:
        reject(work, visit.path_id("change"), reason=reason)
    return go_to("/changes", said="rejected")


def read_meaning(work: Work, change: Change, language: Language) -> Meaning:
    """Read what a change holds, as its kind says."""
    payload = change.payload
    if change.kind is ChangeKind.ARRANGEMENT:
        begins = date.fromisoformat(payload["inForceDate"])
        after = explain(parse_arrangement(payload["document"]), language)
        before = payload["after"]
        lines = explain(arrangements.get_arrangement(work, before), language) if before else []
        return Meaning(begins=begins, lines=list(_compared(lines, after)))
    if change.kind is ChangeKind.POLICY_SET:
        old = policies.find_document(work, payload["after"]) if payload["after"] else {}
        begins = date.fromisoformat(payload["inForceDate"])
        return Meaning(begins=begins, differences=compare(old, payload["document"]))
    return Meaning(facts={name: _fact(value) for name, value in payload.items()})


def _fact(value: Any) -> Any:
    return len(value) if isinstance(value, list) else value


def _compared(before: Sequence[str], after: Sequence[str]) -> Sequence[tuple[str, str]]:
    return [(line[0].strip(), line[2:]) for line in ndiff(before, after) if line[0] in "+- "]


PAGES = (
    Page("GET", "/changes", show_changes, PARTS),
    Page("GET", "/changes/{change:uuid}", show_change, PARTS),
    Page(
        "POST",
        "/changes/{change:uuid}/approval",
        approve_change,
        APPROVERS,
        proven=True,
        back="/changes/{change}",
    ),
    Page("POST", "/changes/{change:uuid}/rejection", reject_change, PARTS, again=show_change),
)
