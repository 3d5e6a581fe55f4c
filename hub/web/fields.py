"""Fields of forms in words, for where something is wrong with one; their Dutch stands in the catalogue."""

from __future__ import annotations

from look.language import mark

FIELDS: dict[str, str] = {
    "since": mark("First day away"),
    "until": mark("First day back"),
    "cover": mark("Who stands in for you"),
    "colleague": mark("Colleague"),
    "match": mark("Match"),
    "rhythm": mark("How often do you want mail?"),
    "days": mark("For how many days"),
    "contacted_on": mark("First contact was on"),
    "aligned_on": mark("Parties were aligned on"),
    "considered_on": mark("Help and enforcement were weighed together on"),
    "signal": mark("Number of the signal, in full"),
    "ground": mark("Ground"),
    "feedback": mark("What may they hear?"),
    "replaced_by": mark("Number of what came in its place, in full"),
    "reason": mark("Why?"),
    "verified": mark("How do you know?"),
    "outcome": mark("Was it justified?"),
    "given_date": mark("The person was told on"),
    "finding": mark("What did you find?"),
    "judgement": mark("One person, or two?"),
    "request": mark("Number of the request, in full"),
    "staff": mark("Number of the employee, in full"),
    "lost": mark("What was lost?"),
    "document": mark("Document"),
    "in_force_date": mark("Holds from"),
    "decision": mark("Decision"),
    "judged": mark("Is it this person’s?"),
    "extension": mark("Because"),
    "desk": mark("Desk of"),
    "advice": mark("Your advice"),
    "case": mark("Which case of yours is it?"),
    "child_heard": mark("The child was heard on"),
    "child_not_heard": mark("Or why not"),
    "parents_involved": mark("The parents were involved on"),
    "parents_not_involved": mark("Or why not"),
    "language": mark("Letter in"),
}
