"""Tables that no rule of keeping clears by itself: what goes with a class that has one, what stays, and why.

A test names every table of the hub in one of three places: a rule's own, or one of these two lists.
"""

from __future__ import annotations

from collections.abc import Mapping

GOES_WITH: Mapping[str, str] = {
    "registration": "signal",
    "match_index": "signal",
    "case_transfer": "case",
    "match_queue": "signal",
    "archive_answer": "signal",
    "signal_submission": "signal",
    "assignment": "match",
    "intake_item": "match",
    "follow_up": "match",
    "sender_feedback": "match",
    "escalation": "match",
    "inquiry": "match",
    "inquiry_clock": "match",
    "hand_over": "match",
    "consult": "match",
    "household": "match",
    "household_match": "match",
    "household_lead": "match",
    "match_viewer": "match",
    "rights_finding": "rights_request",
    "rights_forwarding": "rights_request",
    "rights_telling": "rights_request",
    "rights_correction": "rights_request",
}
"""Table to the rule whose rows take it along when they go."""

_CHORE = "a chore of its own clears it: "
_PROOF = "the proof itself: "
_CALLERS = "who may call, and in whose name the log speaks: "

KEPT: Mapping[str, str] = {
    # Cleared, but by age in minutes or by a chore and not by a term of days.
    "used_assertion": _CHORE + "hourly, once the assertion has expired",
    "signal_key": _CHORE + "hourly, thirty days after the post",
    "chore_run": _CHORE + "the last hundred slots of each chore stay",
    "audit_pending": _CHORE + "until the event has its place in the tree",
    "audit_wanted": _CHORE + "until the head was cosigned",
    "audit_actor": _PROOF + "which keys are one employee's, named under a key that is not in the database",
    "audit_line": _PROOF + "what its leaf says, in columns to ask by; codes only",
    "audit_private": _CHORE + "its data keys are destroyed after its term, and at erasure",
    "audit_subject": _CHORE + "it goes when the data keys of the event are destroyed",
    # Codes and hashes, of no person.
    "audit_event": _PROOF + "without its leaf no older receipt verifies",
    "audit_leaf": _PROOF + "without its leaf no older receipt verifies",
    "audit_node": _PROOF + "without its node no older receipt verifies",
    "audit_head": _PROOF + "a head that somebody kept must be found here",
    "audit_cosigned": _PROOF + "what the witness signed",
    "destruction": _PROOF + "that data keys were asked to be destroyed",
    "destroyed_key": _PROOF + "the holder's receipt that they were",
    "retention_run": _PROOF + "that a rule was applied; counts only",
    "retention_place": _PROOF + "how much of it was each municipality's; counts only",
    "retention_release": _PROOF + "that the operator let a run pass",
    "logbook_delivery": _PROOF + "how far another log has confirmed what it was sent; numbers only",
    "alarm": _PROOF + "what was noticed and what came of it; counts and no citizen",
    "sample_review": _PROOF + "that what was drawn for review was judged; numbers and codes",
    "evaluation_hour": _PROOF + "how much a key holder evaluated and how much was posted; counts only",
    "declared_caseload": _CALLERS + "by how many persons an organisation's volume is measured",
    "honey_token": "never removed: of nobody who exists, and worth something only while it lies there",
    # Every stored decision names a hash; without the version nobody can tell any more why it was taken.
    "policy_draft": "rules that somebody may propose, of no person",
    "policy_set": "never removed: decisions name the hash of the version in force",
    # Counts, of no person.
    "statistic_tally": "never removed: how many a day brought, by code; shown only once it is protected",
    "statistic_release": "never removed: what was released stands as it is",
    "statistic_table": "never removed: what was released stands as it is",
    "arrangement": "never removed: assignments name the version and the rule that chose an owner",
    "covenant": _CALLERS + "from when until when an organisation took part",
    "organisation": _CALLERS + "letters name it as long as anything of it is there",
    "mandate": _CALLERS + "which organisation brings signals for which other, of no person",
    "organisation_location": _CALLERS + "places of an organisation, of no person",
    "onboarding_dossier": _CALLERS + "what it showed before it went live",
    "scheme_permission": _CALLERS + "what an organisation may have evaluated",
    "credential": _CALLERS + "public keys, ended by a date",
    "mail_rhythm": _CALLERS + "how often they want their mail; one row for each who chose",
    "staff": _CALLERS + "by number in the log; posts and absences, which say more, go after their own terms",
    "staff_role": _CALLERS + "which role somebody had on the day of an act",
    "team": "the place that owns matches, of no person",
    "excluded_address": "an institution's address, sealed, of no person; until its keeper includes it",
    "address_review": _PROOF + "since when addresses counted",
    "rights_desk": "which desk answers for an organisation, of no person",
}
"""Table to the reason why it has no term in days."""
