"""Turn facts into HTML: templates that escape everything, in the language of the visit."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from hub.changes.kinds import RULES
from hub.matches.orphans import WATCHERS
from hub.onboarding.service import OVERSEERS
from hub.partners.service import StaffRole
from hub.renewing.service import OVERSEEING
from hub.rights.desks import DESK, OFFICERS
from hub.teams.service import TEAM_ROLES
from hub.web import texts
from hub.web.texts import gettext, mark
from hub.web.visiting import Visit
from look.rendering import make_environment

HIDDEN = Markup('<input type="hidden" name="{}" value="{}">')

# What happened, said above the next page; a code in the address, never a text.
SAID = {
    "taken-up": mark("You take it up. It now stands under “My contacts”."),
    "in-contact": mark("Noted: you were in contact already."),
    "given-back": mark("It is back with the team."),
    "retracted": mark("The match has ended. Whoever was told hears that it does not stand."),
    "handed-over": mark("Your colleague is asked. It stays yours until they say yes."),
    "taken-over": mark("It is yours now."),
    "not-taken-over": mark("Your colleague keeps it."),
    "consulted": mark("Your colleague may look along."),
    "noted": mark("Noted."),
    "override-asked": mark("It is asked. It opens when a second person of your organisation agrees."),
    "override-open": mark(
        "It is open now. Does no second person of your organisation agree in time?"
        " Then it closes, and what was told is taken back."
    ),
    "override-confirmed": mark("You agreed. The privacy officer judges it afterwards."),
    "corrected": mark("Noted. Whoever heard of the old one hears this too."),
    "feedback": mark("Noted. Whoever signalled can read it."),
    "feedback-not": mark(
        "Whoever signalled may not hear it: the consents for that are not there. Nothing was passed on."
    ),
    "assigned": mark("Your colleague is asked to take it up."),
    "led": mark("Noted. There is a lead now."),
    "lead-asked": mark("Your colleague is asked. You lead until they say yes."),
    "rhythm": mark("Noted. Your mail comes like that from now on."),
    "judged": mark("Noted. If it is one person, the casemanager hears of it."),
    "absent": mark("Noted. Who stands in for you gets what comes in meanwhile."),
    "closed": mark("The case is closed."),
    "ended": mark("That login is over."),
    "judged-warning": mark("Noted. The warning is closed."),
    "reviewed": mark("Noted. Your judgement is in the log."),
    "postponed": mark("Noted. It comes back when the term is over."),
    "proposed": mark("Proposed. A second person has to agree now."),
    "resent": mark("It will be tried again in a moment."),
    "searched": mark("Searched. What was found stands below."),
    "forwarded": mark("Sent on. Its clock keeps running."),
    "advice-asked": mark("Noted. The organisations are asked for advice."),
    "advised": mark("Thank you. Your advice is with the desk."),
    "extended": mark("Noted. The answer may take longer."),
    "decided": mark("It was decided. Send the person the answer."),
    "second-officer": mark("Proposed. A second officer has to agree now."),
    "upheld": mark("Noted. The objection stands."),
    "transferred": mark("It is your team’s now. The old case is closed."),
    "transfer-returned": mark("It is back with the other municipality."),
    "approved": mark("You agreed. The change goes on."),
    "rejected": mark("The change goes no further."),
    "proven": mark("Thank you. Choose once more what you wanted to see."),
}

OFFICER = (StaffRole.PRIVACY_OFFICER,)
# Who has a word in changes beside their daily work; a team finds them from its own pages.
DECIDERS = tuple(
    role for role in StaffRole if any(role in rule.approvers | rule.proposers for rule in RULES.values())
    and role not in {StaffRole.CASEMANAGER, StaffRole.REPORTER}
)  # fmt: skip

RIGHTS_DESK = (*DESK, *OFFICERS)
ADMINISTRATOR = (StaffRole.FUNCTIONAL_ADMINISTRATOR,)
ARRANGING = (*ADMINISTRATOR, StaffRole.COVENANT_MANAGER, StaffRole.PROCESS_DIRECTOR)

NAVIGATION = (
    ("/inbox", mark("Inbox"), TEAM_ROLES),
    ("/matches", mark("My contacts"), TEAM_ROLES),
    ("/team", mark("Team"), TEAM_ROLES),
    ("/households", mark("Households"), (*TEAM_ROLES, StaffRole.PROCESS_DIRECTOR)),
    ("/caseload", mark("Caseload"), TEAM_ROLES),
    ("/absence", mark("Away"), TEAM_ROLES),
    ("/rights-desk", mark("Citizens’ requests"), RIGHTS_DESK),
    ("/consent-tasks", mark("Ask again"), OVERSEEING),
    ("/advices", mark("Advice"), (StaffRole.REPORTER, StaffRole.PARTNER_COORDINATOR)),
    ("/outcomes", mark("What became of it"), (StaffRole.REPORTER, StaffRole.PARTNER_COORDINATOR)),
    ("/authority", mark("Authority"), OFFICERS),
    ("/follow-up", mark("Follow-up"), WATCHERS),
    ("/oversight", mark("Overview"), OFFICER),
    ("/log", mark("Log"), OFFICER),
    ("/questions", mark("Questions"), OFFICER),
    ("/warnings", mark("Warnings"), OFFICER),
    ("/reviews", mark("To judge"), OFFICER),
    ("/requests", mark("Requests"), OFFICER),
    ("/keeping", mark("Keeping"), OFFICER),
    ("/partners", mark("Partners"), OVERSEERS),
    ("/delivery", mark("Mail"), ADMINISTRATOR),
    ("/health", mark("The hub"), ADMINISTRATOR),
    ("/arrangements", mark("Arrangements"), ARRANGING),
    ("/changes", mark("Changes"), DECIDERS),
)


def render(visit: Visit, template: str, *, status: int = 200, **facts: object) -> Response:
    """Render a page for this visit, in the language that was set for it."""
    said = SAID.get(visit.request.query_params.get("said", ""))
    page = (
        environment()
        .get_template(template)
        .render(
            visit=visit,
            here=visit.request.url.path,
            said=gettext(said) if said else None,
            secret=lambda: _hide(visit),
            navigation=[entry for entry in NAVIGATION if visit.has(*entry[2])],
            **facts,
        )
    )
    return HTMLResponse(page, status_code=status)


def _hide(visit: Visit) -> Markup:
    """Return what each form carries unseen: its secret, and which part of a list it stands on."""
    return Markup("").join(HIDDEN.format(*one) for one in (("form_secret", visit.form_secret), *visit.kept))


def send_onward(visit: Visit, target: str) -> Response:
    """Answer a form with the way to a page elsewhere.

    Chromium holds every redirect of a form against `form-action`, and a provider has more than one host.
    """
    return render(visit, "onward.html", target=target)


@cache
def environment() -> Environment:
    """Return the templates, read once per process."""
    found = make_environment(Path(__file__).parent / "templates", texts.TEXTS)
    found.filters |= {
        "date": texts.say_date,
        "day": texts.say_day,
        "last_day": texts.say_last_day,
        "moment": texts.say_moment,
        "code": texts.say_code,
        "fact": texts.say_fact,
        "short_day": texts.say_short_day,
        "hour": texts.say_hour,
        "line": texts.say_line,
        "linked": texts.say_linked,
        "law": texts.say_law,
        "fact_of": texts.say_fact_of,
        "field": texts.say_field,
    }
    return found
