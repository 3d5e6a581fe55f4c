"""Overrides: asked for one signal by its number, confirmed by a second person. Source: CON-11."""

from __future__ import annotations

from starlette.responses import Response

from hub.consent.service import policy_in_force
from hub.informing.errors import OverrideGroundError
from hub.informing.overriding import ask_override, confirm_override
from hub.informing.reviewing import list_overrides
from hub.signals.errors import SignalMissingError
from hub.web.errors import FormInvalidError
from hub.web.inbox import TEAM
from hub.web.rendering import render
from hub.web.texts import say_code
from hub.web.visiting import Page, Visit, go_to

PAGE_SIZE = 30


def show_overrides(visit: Visit) -> Response:
    """Show which overrides wait for a second person, and the form that asks for one."""
    with visit.disclosing() as work:
        part = visit.part(list_overrides(work), PAGE_SIZE)
        grounds = [(one.code, say_code(one.code)) for one in policy_in_force(work).overrides]
    return render(visit, "overrides.html", found=part.rows, following=part.following, grounds=grounds)


def ask(visit: Visit) -> Response:
    """Open one signal on one person's word, for as long as its ground says."""
    signal_id = visit.field_id("signal")
    # Caught after the unit of work, which writes the refusal itself to the log.
    try:
        with visit.working() as work:
            asked = ask_override(work, signal_id, ground=visit.form.get("ground", ""))
    except OverrideGroundError:
        raise FormInvalidError(places=("ground",)) from None
    except SignalMissingError:
        raise FormInvalidError(places=("signal",)) from None
    return go_to("/overrides", said="override-open" if asked.opened_at else "override-asked")


def confirm(visit: Visit) -> Response:
    """Let an override stand, as its second person."""
    with visit.working() as work:
        confirm_override(work, visit.path_id("override"))
    return go_to("/overrides", said="override-confirmed")


PAGES = (
    Page("GET", "/overrides", show_overrides, TEAM, proven=True, back="/overrides"),
    Page("POST", "/overrides", ask, TEAM, proven=True, back="/overrides", again=show_overrides),
    Page("POST", "/overrides/{override:uuid}/confirmation", confirm, TEAM, proven=True, back="/overrides"),
)
