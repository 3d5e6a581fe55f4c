"""Arrangements in plain words, for whoever works here; and the first of two persons who change one."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from typing import Any

from starlette.responses import Response

from hub.arrangements import versions
from hub.arrangements.errors import ArrangementInvalidError
from hub.arrangements.explanation import Language, explain
from hub.changes.kinds import RULES, ChangeKind, ChangeReason
from hub.partners.service import StaffRole
from hub.web.errors import FormInvalidError
from hub.web.rendering import render
from hub.web.visiting import Page, Visit, go_to

PROPOSERS = RULES[ChangeKind.ARRANGEMENT].proposers
READERS = frozenset(StaffRole) - {StaffRole.REPORTER}


def show_arrangements(visit: Visit) -> Response:
    """Show which arrangements hold, in plain words, and which versions there were."""
    with visit.looking() as work:
        found = versions.list_versions(work)
        held = versions.arrangements_in_force(work)
        explained = {one.hash: explain(one, Language(visit.language)) for one in held}
    return render(
        visit,
        "arrangements.html",
        found=found,
        explained=explained,
        reasons=[one for one in ChangeReason if one in RULES[ChangeKind.ARRANGEMENT].reasons],
        proposes=visit.has(*PROPOSERS),
    )


def show_arrangement(visit: Visit) -> Response:
    """Show one version of an arrangement in plain words."""
    with visit.looking() as work:
        found = versions.get_arrangement(work, str(visit.request.path_params["arrangement"]))
    return render(visit, "arrangement.html", found=found, lines=explain(found, Language(visit.language)))


def propose(visit: Visit) -> Response:
    """Put an arrangement before a second person."""
    document, begins = _read_document(visit), visit.field_date("in_force_date")
    reason = visit.field_of("reason", ChangeReason)
    with visit.working() as work:
        try:
            change = versions.propose_arrangement(work, document, in_force_on=begins, reason=reason)
        except ArrangementInvalidError as invalid:
            own = {"/inForceDate"}.issuperset(invalid.places)
            places = invalid.places if own else ("document", *invalid.places)
            raise FormInvalidError(places=places) from None
    return go_to(f"/changes/{change.id}", said="proposed")


def _read_document(visit: Visit) -> dict[str, Any]:
    """Read the document as it was pasted; what is in it is judged by the arrangement's own rules."""
    try:
        document = tomllib.loads(visit.form.get("document", ""))
    except ValueError:
        raise FormInvalidError(places=("document",)) from None
    return json.loads(json.dumps(document, default=date.isoformat))  # type: ignore[no-any-return]


PAGES = (
    Page("GET", "/arrangements", show_arrangements, READERS),
    Page("GET", "/arrangements/{arrangement}", show_arrangement, READERS),
    Page("POST", "/arrangements", propose, PROPOSERS, again=show_arrangements),
)
