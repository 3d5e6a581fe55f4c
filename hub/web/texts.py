"""Every text on a page goes through here: English in the code, Dutch from `locale/nl.po`.

The language is the browser's choice, or the one that was chosen on a page; Dutch when nothing is said.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from babel.dates import format_datetime

from hub.consent.explanation import TEXTS as FACTS
from hub.consent.facts import Fact
from look.language import LANGUAGE, Language, Texts, choose_language, mark, say_number, write_day
from service.clock import AMSTERDAM, dutch_date

__all__ = [
    "LANGUAGE",
    "Language",
    "choose_language",
    "gettext",
    "mark",
    "say_code",
    "say_date",
    "say_fact",
    "say_last_day",
    "say_moment",
    "say_number",
]

TEXTS = Texts(Path(__file__).parent / "locale" / "nl.po")
gettext = TEXTS.gettext


def say_date(day: date) -> str:
    """Write a day in full, of a moment the Dutch one: Friday 27 November 2026."""
    return write_day(dutch_date(day) if isinstance(day, datetime) else day)


def say_last_day(due_at: datetime) -> str:
    """Write the last day on which something is in time: a term ends at the midnight after it."""
    return say_date(due_at - timedelta(seconds=1))


def say_moment(moment: datetime) -> str:
    """Write a moment on a Dutch clock: 27 November, 14:05."""
    return format_datetime(moment.astimezone(AMSTERDAM), "d MMMM, HH:mm", locale=LANGUAGE.get())


# Codes that people meet, in words. A code without words is shown as it is, and a test fails.
CODES = {
    # partners' domains
    "safety": mark("the police"),
    "housing": mark("a housing association"),
    "education": mark("education"),
    "municipality": mark("the municipality"),
    "youth_care": mark("youth care"),
    "youth": mark("an organisation for youth and families"),
    "care": mark("care"),
    "support": mark("support"),
    # age brackets
    "0-11": mark("0 to 11 years"),
    "12-15": mark("12 to 15 years"),
    "16-17": mark("16 or 17 years"),
    "18-22": mark("18 to 22 years"),
    "23+": mark("23 years or older"),
    # why a match is given back
    "other_expertise": mark("Somebody with other expertise is needed"),
    "no_capacity": mark("I have no time for it now"),
    "conflict_of_interest": mark("I am too close to this person"),
    "other_team": mark("It belongs to another team"),
    # how far a match is
    "no_owner": mark("nobody"),
    "waits_too_long": mark("waits too long"),
    "in_queue": mark("waits for the team"),
    "owner_not_able": mark("its owner is not there"),
    "taken_up": mark("taken up"),
    "asked": mark("asked"),
    # roles
    "casemanager": mark("casemanager"),
    "team_lead": mark("team lead"),
    "desk": mark("desk"),
    "privacy_officer": mark("privacy officer"),
    "partner_coordinator": mark("partner coordinator"),
    "process_director": mark("process director"),
    "municipal_coordinator": mark("municipal coordinator"),
    "municipal_supervisor": mark("municipal supervisor"),
    "covenant_manager": mark("covenant manager"),
    "functional_administrator": mark("functional administrator"),
    "rights_officer": mark("rights officer"),
    "reporter": mark("reporter"),
    # why two messages are thought to be about one person
    "bsn": mark("the citizen service number"),
}


def say_code(code: str) -> str:
    """Say a code in words."""
    return gettext(CODES[code]) if code in CODES else code


def say_fact(fact: Fact) -> str:
    """Say a reason of a decision, in the words a privacy officer reads too."""
    return FACTS[fact][0 if LANGUAGE.get() is Language.DUTCH else 1]
