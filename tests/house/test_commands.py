"""Whoever works by command line can do there what the API offers about follow-up."""

from __future__ import annotations

from typing import Any

from tests.described import api_document
from tests.house.test_documents import all_commands

# Call, and by which command it is done; the operator's where it shows what the operator lays down.
COMMANDS = {
    "listNotices": "dat notices list",
    "acknowledgeNotice": "dat notices ack",
    "listIntakeItems": "dat intake list",
    "acceptIntakeItem": "dat intake accept",
    "listPossibleMatches": "dat possible list",
    "decidePossibleMatch": "dat possible decide",
    "listOwnMatches": "dat matches list",
    "viewMatch": "dat matches view",
    "refuseMatch": "dat matches refuse",
    "retractMatch": "dat matches retract",
    "handOverMatch": "dat matches hand-over",
    "answerHandOver": "dat matches answer",
    "consultColleague": "dat matches consult",
    "recordFollowUp": "dat matches progress",
    "assignMatch": "dat matches assign",
    "giveFeedback": "dat matches feedback",
    "listFeedback": "dat signals feedback",
    "listFollowUps": "dat follow-ups list",
    "listOrphans": "dat follow-ups orphans",
    "listInquiries": "dat inquiries list",
    "recordInquiry": "dat inquiries record",
    "listHouseholds": "dat households list",
    "nameLead": "dat households lead",
    "offerLead": "dat households offer",
    "answerLead": "dat households answer",
    "excludeAddress": "dat addresses exclude",
    "includeAddress": "dat addresses include",
    "reviewAddresses": "dat addresses review",
    "registerCase": "dat cases register",
    "listCases": "dat cases list",
    "closeCase": "dat cases close",
    "offerTransfer": "dat transfers offer",
    "listTransfers": "dat transfers list",
    "acceptTransfer": "dat transfers accept",
    "returnTransfer": "dat transfers return",
    "completeTransfer": "dat transfers complete",
    "listOwnTeams": "dat teams list",
    "listSchoolLocations": "dat teams schools",
    "recordAbsence": "dat teams away",
    "listArrangements": "dat-hub arrangement versions",
    "readArrangement": "dat-hub arrangement explain",
    "listMunicipalities": "dat-hub arrangement directory",
    "listOnboardings": "dat-hub onboarding show",
    "listStatisticTables": "dat-hub statistics tables",
    "releaseStatistics": "dat-hub statistics release",
    "listStatisticReleases": "dat-hub statistics list",
    "readStatisticRelease": "dat-hub statistics show",
    "readPublicFigures": "dat-hub statistics public",
}
TAGS = {
    "notices", "matches", "follow-ups", "feedback", "households", "cases", "teams", "arrangements",
    "statistics",
}  # fmt: skip


def test_every_call_about_follow_up_has_a_command() -> None:
    document: dict[str, Any] = api_document()
    calls = (call for path in document["paths"].values() for call in path.values() if isinstance(call, dict))
    offered = {call["operationId"]: set(call.get("tags", ())) for call in calls if "operationId" in call}
    assert {name for name, tags in offered.items() if tags & TAGS} | {"listOnboardings"} == set(COMMANDS)
    assert set(COMMANDS.values()) - all_commands() == set()
