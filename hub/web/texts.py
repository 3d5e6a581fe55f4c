"""Every text on a page goes through here: English in the code, Dutch from `locale/nl.po`.

The language is the browser's choice, or the one that was chosen on a page; Dutch when nothing is said.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

from babel.dates import format_date, format_datetime

from hub.consent.explanation import TEXTS as FACTS
from hub.consent.facts import Fact
from hub.questions.texts import find_word, say
from hub.questions.values import Facts, QuestionId
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
    "say_fact_of",
    "say_field",
    "say_hour",
    "say_last_day",
    "say_line",
    "say_moment",
    "say_number",
    "say_short_day",
]

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HASH = re.compile(r"[0-9a-f]{32,64}")

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


def say_short_day(day: date) -> str:
    """Write a day in short: 27 Nov."""
    return format_date(day, "d MMM", locale=LANGUAGE.get())


def say_hour(moment: datetime) -> str:
    """Write the hour on a Dutch clock in which something happened: the log keeps no minutes."""
    return format_datetime(moment.astimezone(AMSTERDAM), "H:00", locale=LANGUAGE.get())


def say_line(facts: Facts, question: str) -> str:
    """Say a line of an answer, with days written out and ids as numbers that can be read aloud."""
    plain = {name: _plain(value) for name, value in facts.items()}
    return say(QuestionId(question), plain)[LANGUAGE.get()]


def _plain(value: str | int) -> str | int:
    text = str(value)
    if DAY.fullmatch(text):
        return format_date(date.fromisoformat(text), "d MMMM y", locale=LANGUAGE.get())
    if ID.fullmatch(text):
        return say_number(text)
    if HASH.fullmatch(text):
        return f"{text[:8]}…"
    return value if find_word(text, LANGUAGE.get()) else say_code(text)


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
    # cells of public tables: short, for they stand under a bar
    "cell_in_term": mark("in term"),
    "cell_late": mark("later"),
    "cell_already_in_contact": mark("in contact already"),
    "cell_not_followed_up": mark("nothing"),
    "cell_within_1_day": mark("1 day"),
    "cell_within_3_days": mark("3 days"),
    "cell_within_5_days": mark("5 days"),
    "cell_longer": mark("longer"),
    "cell_not_acknowledged": mark("not"),
    "cell_no_contact_recorded": mark("no contact"),
    "cell_none": mark("none"),
    "cell_reminded": mark("reminded"),
    "cell_coordinator": mark("coordinator"),
    "cell_municipality": mark("municipality"),
    "cell_aligned": mark("aligned"),
    "cell_not_aligned": mark("not aligned"),
    "cell_with_case": mark("with a case"),
    "cell_without_case": mark("without"),
    "cell_looks_arranged": mark("arranged"),
    "cell_other": mark("other"),
    "cell_education": mark("education"),
    "cell_safety": mark("police"),
    "cell_housing": mark("housing"),
    "cell_youth": mark("youth"),
    "cell_youth_care": mark("youth care"),
    "cell_support": mark("support"),
    "cell_0-11": mark("0–11"),
    "cell_12-15": mark("12–15"),
    "cell_16-17": mark("16–17"),
    "cell_18-22": mark("18–22"),
    "cell_23+": mark("23+"),
    "cell_given": mark("told"),
    "cell_pending": mark("not yet"),
    "cell_exception": mark("later, by exception"),
    "cell_unjustified": mark("unjustified"),
    "cell_reason_gone": mark("no reason left"),
    "cell_expired": mark("term over"),
    "cell_objection": mark("objection"),
    "cell_restriction": mark("restriction"),
    "cell_justified": mark("justified"),
    "cell_not_reviewed": mark("not judged yet"),
    "cell_person": mark("one person"),
    "cell_household": mark("a household"),
    "cell_more_insight": mark("more insight"),
    "cell_earlier": mark("sooner"),
    "cell_adjusted": mark("help adjusted"),
    "cell_not_said": mark("not said"),
    "cell_within": mark("within"),
    "cell_outside": mark("outside"),
    "cell_unknown": mark("not known"),
    "cell_signalled": mark("signalled"),
    "cell_silent": mark("no signal"),
    # how often mail comes
    "every_time": mark("at each fixed hour, every working day"),
    "weekly": mark("once a week, on its first working day"),
    "at_once": mark("at once, and only when there is something"),
    # what a privacy officer finds
    "explained": mark("There is a good explanation"),
    "nothing_wrong": mark("Nothing was wrong"),
    "spoken_to": mark("I spoke to them about it"),
    "access_ended": mark("Access was ended"),
    "breach_reported": mark("Reported as a data breach"),
    "not_needed": mark("It was not needed"),
    "in_order": mark("In order"),
    "no_reason": mark("There was no reason to look"),
    "to_examine": mark("I want to find out more"),
    # kinds of acts in the log
    "acts_shown": mark("shown to people"),
    "acts_refused": mark("refused"),
    "acts_override": mark("overrides"),
    "acts_rights": mark("citizens' requests and objections"),
    "acts_access": mark("access and roles"),
    "acts_log": mark("the log and its keys"),
    # changes that need two persons
    "policy_set": mark("Rules of who may hear what"),
    "notice_exception": mark("Exception to telling the person"),
    "arrangement": mark("Arrangement: who takes up what"),
    "law_changed": mark("the law changed"),
    "covenant_changed": mark("the covenant changed"),
    "court_or_supervisor": mark("a court or supervisor said so"),
    "assessment_made": mark("an assessment was made"),
    "error_corrected": mark("an error is mended"),
    "yearly_review": mark("the yearly review"),
    "necessary_and_proportionate": mark("necessary and proportionate"),
    "person_asked": mark("the person asked for it"),
    "not_lawful": mark("It is not lawful"),
    "incomplete": mark("It is incomplete"),
    "partner_joining": mark("joins"),
    "partner_active": mark("takes part"),
    "partner_ended": mark("has left"),
    "item_covenant": mark("no covenant in force"),
    "item_accession": mark("no accession statement"),
    "item_location": mark("no location"),
    "item_profile": mark("its own rules are not complete"),
    "item_dpia": mark("no impact assessment, or it is due again"),
    "item_decision": mark("no recorded decision"),
    "item_security": mark("no proof of security"),
    "item_linkage": mark("too little of it can be linked"),
    "change_open": mark("waits for a second person"),
    "change_approved": mark("agreed"),
    "change_rejected": mark("goes no further"),
    "change_expired": mark("lapsed: nobody agreed in time"),
    "of_request": mark("Request"),
    "of_outcome": mark("Decision"),
    "of_ground": mark("Ground"),
    "of_findings": mark("Registrations that go"),
    "of_signal": mark("Signal"),
    "of_code": mark("Reason"),
    # grounds of decisions on requests, of overrides and of exceptions
    "entitled": mark("the person has a right to it"),
    "entitled_in_full": mark("the person has a right to all of it"),
    "wrong_person": mark("it is about somebody else"),
    "aged_out": mark("the person is too old for it"),
    "deceased": mark("the person died"),
    "reason_gone": mark("there is no reason for it any more"),
    "consent_withdrawn": mark("the consent was taken back"),
    "interests_of_person": mark("the person’s own interest weighs more"),
    "accuracy_contested": mark("the person says it is not right"),
    "inaccurate": mark("it is not right"),
    "compelling_grounds": mark("there are compelling grounds to keep it"),
    "still_needed": mark("it is still needed"),
    "correct": mark("it is right"),
    "nothing_found": mark("nothing was found"),
    "vital_interest": mark("somebody’s life is at stake"),
    "youth_at_risk": mark("a young person is at risk"),
    "serious_harm": mark("it prevents serious harm"),
    "youth_persists": mark("the young person keeps to their wish"),
    "protection_of_subject": mark("telling would endanger the person"),
    "protection_of_others": mark("telling would endanger somebody else"),
    "investigation": mark("a criminal investigation"),
    "not_to_be_reached": mark("the person can’t be reached"),
    # why removing was stopped
    "clock_went_back": mark("stopped: the clock went back"),
    "run_stale": mark("stopped: the last run was too long ago"),
    "too_much": mark("stopped: much more than usual would go"),
    # why two messages are thought to be about one person
    "bsn": mark("the citizen service number"),
}


# What a field of a form is called, where something is wrong with it.
FIELDS = {
    "since": mark("First day away"),
    "until": mark("First day back"),
    "cover": mark("Who stands in for you"),
    "colleague": mark("Colleague"),
    "match": mark("Match"),
    "rhythm": mark("How often do you want mail?"),
    "days": mark("For how many days"),
    "contacted_on": mark("First contact was on"),
    "aligned_on": mark("Parties were aligned on"),
    "reason": mark("Why?"),
    "outcome": mark("Was it justified?"),
    "given_date": mark("The person was told on"),
    "finding": mark("What did you find?"),
    "judgement": mark("One person, or two?"),
    "request": mark("Number of the request, in full"),
    "staff": mark("Number of the employee, in full"),
    "lost": mark("What was lost?"),
    "document": mark("Document"),
    "in_force_date": mark("Holds from"),
}


def say_field(name: str) -> str:
    """Name a field of a form."""
    return gettext(FIELDS[name]) if name in FIELDS else gettext("A field of the form")


def say_fact_of(value: object) -> str:
    """Say a value of a change: an id by its number, a code in words, and a number as it is."""
    text = str(value)
    return say_number(text) if ID.fullmatch(text) else say_code(text)


def say_code(code: str) -> str:
    """Say a code in words."""
    return gettext(CODES[code]) if code in CODES else find_word(code, LANGUAGE.get()) or code


def say_fact(fact: Fact) -> str:
    """Say a reason of a decision, in the words a privacy officer reads too."""
    return FACTS[fact][0 if LANGUAGE.get() is Language.DUTCH else 1]
