"""Every route that changes or discloses something, each with a valid call that is ready to be sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zlib import crc32

import pytest

from hub.alarms.service import raise_alarms
from hub.alarms.values import AlarmCode, Found
from hub.approving import EFFECTS
from hub.arrangements.versions import list_versions as list_arrangements
from hub.arrangements.versions import propose_arrangement
from hub.audit.keys import ledger_signer
from hub.audit.service import sequence_events
from hub.changes.service import ChangeReason, approve
from hub.consent.consenting import Lapsed
from hub.consent.loading import default_document, default_policy
from hub.consent.versions import lay_draft, propose_policy
from hub.documents import read_document
from hub.matches import homes
from hub.matches.models import InquiryRow
from hub.partners.errors import GrantInvalidError
from hub.partners.models import SchemePermissionRow
from hub.partners.roles import grant_role
from hub.partners.values import Grant, StaffRole
from hub.renewing.service import open_tasks
from hub.teams.administration import open_team
from hub.teams.values import Team
from service import clock
from service.clock import dutch_date
from service.work import OPERATOR, SYSTEM
from tests.builders import address_body, everything, staff_caller
from tests.oauth_client import assertion, proof, token_form
from tests.promises.town import Message, Town

ARRANGEMENT = Path(__file__).resolve().parents[2] / "deploy" / "arrangements" / "weekly_meeting.toml"


@dataclass(frozen=True)
class Call:
    """A request that is ready; sent a second time it is the same message under the same idempotency key."""

    town: Town
    name: str
    path: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, **rest: Any) -> Any:
        """Send it."""
        rest = {"headers": self.headers} | ({} if self.body is None else {"json": self.body}) | rest
        return self.town.client(self.name).request("GET" if self.body is None else "POST", self.path, **rest)


def sent(town: Town, name: str, path: str, message: Message) -> Call:
    """A call that posts a message under its key."""
    return Call(town, name, path, message.body, message.headers)


@dataclass(frozen=True)
class TokenCall(Call):
    """A request for a token: each time a new assertion and proof."""

    def __call__(self, **rest: Any) -> Any:
        """Send it."""
        party = self.town.parties[self.name]
        url = f"{self.town.hub.settings.public_url}/api/v1{self.path}"
        form = token_form(assertion(party.key, party.client_id, url)) | rest.pop("form", {})
        headers = {"DPoP": proof(party.key, "POST", url)} | rest.pop("headers", {})
        return self.town.client(self.name).http.request(
            "POST", f"/api/v1{self.path}", data=form, headers=headers
        )


def prepare_token(town: Town) -> Call:
    return TokenCall(town, "school", "/token", {})


def prepare_signal(town: Town) -> Call:
    return sent(town, "school", "/signals", town.signal("school", someone()))


def prepare_batch(town: Town) -> Call:
    items = [town.signal("school", someone()).item for _ in range(3)]
    return Call(town, "school", "/signal-batches", {"signals": items})


def prepare_signal_withdrawal(town: Town) -> Call:
    signal_id = town.signal("school", someone()).post(town.client("school")).json()["signalId"]
    return Call(town, "school", f"/signals/{signal_id}/withdrawal", {"reason": "unjustified"})


def prepare_case(town: Town) -> Call:
    return sent(town, "anna", "/cases", town.case(someone()))


def prepare_closure(town: Town) -> Call:
    return Call(town, "anna", f"/cases/{case(town, someone())}/closure", {})


def prepare_acceptance(town: Town) -> Call:
    person = someone()
    for name in ("school", "police"):
        town.signal(name, person).post(town.client(name))
    town.match()
    item = town.client("lead").get("/intake-items").json()["items"][-1]
    return Call(town, "bram", f"/intake-items/{item['itemId']}/acceptance", {})


def prepare_intake(town: Town) -> Call:
    prepare_acceptance(town)
    return Call(town, "lead", "/intake-items")


def prepare_judgement(town: Town) -> Call:
    name = uuid4().hex
    case(town, everything(name))
    town.signal("school", {**everything(name + "-junior"), "A": name}).post(town.client("school"))
    town.match()
    found = town.client("lead").get("/possible-matches").json()["possibleMatches"][-1]
    return Call(town, "lead", f"/possible-matches/{found['matchId']}/decision", {"decision": "confirmed"})


def prepare_inbox(town: Town) -> Call:
    tell(town)
    return Call(town, "anna", "/notices")


def prepare_acknowledgement(town: Town) -> Call:
    path = f"/notices/{fresh_notice(town)}/acknowledgement"
    return Call(town, "anna", path, {"outcome": "acknowledged"})


def owned(town: Town) -> str:
    """A match that Anna was told of and has taken up."""
    return str(prepare_acknowledgement(town)().json()["matchId"])


def prepare_view(town: Town) -> Call:
    return Call(town, "anna", f"/matches/{owned(town)}/view", {})


def prepare_refusal(town: Town) -> Call:
    return Call(town, "anna", f"/matches/{owned(town)}/refusal", {"reason": "no_capacity"})


def prepare_retraction(town: Town) -> Call:
    return Call(town, "anna", f"/matches/{owned(town)}/retraction", {"verified": "with_person"})


def prepare_hand_over(town: Town) -> Call:
    colleague = str(town.staff("bram").id)
    return Call(town, "anna", f"/matches/{owned(town)}/hand-over", {"colleague": colleague})


def prepare_hand_over_answer(town: Town) -> Call:
    call = prepare_hand_over(town)
    call()
    return Call(town, "bram", f"{call.path}-answer", {"answer": "accepted"})


def prepare_consult(town: Town) -> Call:
    body = {"colleague": str(town.staff("bram").id), "days": 2}
    return Call(town, "anna", f"/matches/{owned(town)}/consults", body)


def prepare_follow_up(town: Town) -> Call:
    body = {"contactedDate": dutch_date(clock.now()).isoformat(), "caseLead": "subject"}
    return Call(town, "anna", f"/matches/{owned(town)}/follow-up", body)


def prepare_assignment(town: Town) -> Call:
    body = {"staffId": str(town.staff("bram").id)}
    return Call(town, "lead", f"/matches/{owned(town)}/assignment", body)


def prepare_absence(town: Town) -> Call:
    """Begin in a year: Anna stays at work for the acts that follow in the same town."""
    since = dutch_date(clock.now()) + timedelta(days=365)
    body = {"sinceDate": since.isoformat(), "untilDate": (since + timedelta(days=5)).isoformat()}
    return Call(town, "anna", "/absences", body)


def watching(town: Town, path: str) -> Call:
    """The lead watches over the follow-up of the organisation too."""
    tell(town)
    with suppress(GrantInvalidError), town.hub.database.work(OPERATOR) as work:
        grant_role(work, Grant(staff_id=town.staff("lead").id, role=StaffRole.PROCESS_DIRECTOR))
    return Call(town, "lead", path)


def prepare_own_matches(town: Town) -> Call:
    tell(town)
    return Call(town, "anna", "/matches")


def prepare_follow_ups(town: Town) -> Call:
    return watching(town, "/follow-ups")


def prepare_orphans(town: Town) -> Call:
    return watching(town, "/orphans")


def prepare_consent(town: Town) -> Call:
    return sent(town, "desk", "/consents", town.consent(someone()))


def prepare_consent_withdrawal(town: Town) -> Call:
    answer = town.consent(someone()).post(town.client("desk"), "/consents")
    return Call(town, "desk", f"/consents/{answer.json()['consentId']}/withdrawal", {})


def prepare_feedback(town: Town) -> Call:
    return Call(town, "anna", f"/matches/{owned(town)}/feedback", {"code": "taken_up"})


def prepare_feedback_list(town: Town) -> Call:
    prepare_feedback(town)()
    return Call(town, "school", "/feedback-items")


def prepare_archive_answers(town: Town) -> Call:
    return Call(town, "school", "/archive-answers")


def prepare_taking_back(town: Town) -> Call:
    return sent(town, "desk", "/consent-withdrawals", town.objection(someone()))


def prepare_objection(town: Town) -> Call:
    return sent(town, "desk", "/objections", town.objection(someone()))


def prepare_objection_withdrawal(town: Town) -> Call:
    answer = town.objection(someone()).post(town.client("desk"), "/objections")
    return Call(town, "desk", f"/objections/{answer.json()['objectionId']}/withdrawal", {})


def prepare_objection_decision(town: Town) -> Call:
    answer = town.objection(someone()).post(town.client("desk"), "/objections")
    path = f"/objections/{answer.json()['objectionId']}/decision"
    return Call(town, "rights", path, {"outcome": "upheld"})


def prepare_waiting(town: Town) -> Call:
    town.objection(someone()).post(town.client("desk"), "/objections")
    return Call(town, "rights", "/objections")


def prepare_decisions(town: Town) -> Call:
    tell(town)
    signal_id = town.rows("SELECT signal_id FROM decision ORDER BY decided_at DESC")[0][0]
    return Call(town, "officer", f"/decisions?registrationId={UUID(str(signal_id))}")


def prepare_decision(town: Town) -> Call:
    tell(town)
    decision_id = town.rows("SELECT id FROM decision ORDER BY decided_at DESC")[0][0]
    return Call(town, "officer", f"/decisions/{UUID(str(decision_id))}")


def prepare_proposal(town: Town) -> Call:
    document = {**default_document(), "name": f"set-{uuid4().hex[:8]}"}
    with town.database.work(OPERATOR) as work:
        laid = lay_draft(work, document)
    today = dutch_date(clock.now()).isoformat()
    body = {"policyHash": laid.hash, "inForceDate": today, "reason": "covenant_changed"}
    return Call(town, "officer", "/policy-proposals", body)


def prepare_approval(town: Town) -> Call:
    return Call(town, "officer", f"/change-proposals/{propose(town)}/approval", {})


def prepare_rejection(town: Town) -> Call:
    return Call(town, "officer", f"/change-proposals/{propose(town)}/rejection", {"reason": "not_needed"})


def prepare_request(town: Town) -> Call:
    return sent(town, "desk", "/rights-requests", town.request(someone()))


def prepare_search(town: Town) -> Call:
    return Call(town, "rights", f"/rights-requests/{filed(town)}/search", {})


def prepare_forwarding(town: Town) -> Call:
    body = {"organisationId": str(town.staff("dora").organisation_id)}
    return Call(town, "desk", f"/rights-requests/{filed(town)}/forwarding", body)


def prepare_extension(town: Town) -> Call:
    return Call(town, "rights", f"/rights-requests/{filed(town)}/extension", {"reason": "complex"})


def prepare_advice_request(town: Town) -> Call:
    return Call(town, "rights", f"/rights-requests/{searched(town)}/advice-request", {})


def prepare_advice(town: Town) -> Call:
    return Call(town, "head", f"/rights-advices/{asked(town)[1]}/advice", {"advice": "unjustified"})


def prepare_taking_up(town: Town) -> Call:
    answer = town.objection(someone()).post(town.client("desk"), "/objections")
    names = ("identification", "filedBy", "authority", "authorityHolders", "holdersAsking", "bracket")
    body = town.request(someone()).body
    facts = {name: body[name] for name in (*names, "bracketEnds")} | {"ability": "able"}
    return Call(town, "desk", f"/objections/{answer.json()['objectionId']}/request", facts)


def prepare_telling(town: Town) -> Call:
    prepare_tellings(town)
    (one, *_) = town.client("head").get("/rights-tellings").json()["tellings"]
    return Call(town, "head", f"/rights-tellings/{one['tellingId']}/acknowledgement", {})


def prepare_consent_tasks(town: Town) -> Call:
    staff = town.staff("desk")
    answer = town.consent(someone()).post(town.client("desk"), "/consents")
    consent = Lapsed(UUID(answer.json()["consentId"]), staff.organisation_id, staff.id, "12-15")
    with town.database.work(SYSTEM) as work:
        open_tasks(work, [consent])
    return Call(town, "desk", "/consent-tasks")


def prepare_consent_task(town: Town) -> Call:
    (*_, one) = prepare_consent_tasks(town)().json()["consentTasks"]
    return Call(town, "desk", f"/consent-tasks/{one['taskId']}/answer", {"answer": "asked"})


def prepare_own_record(town: Town) -> Call:
    return Call(town, "anna", "/own-record")


def prepare_deadlines(town: Town) -> Call:
    return Call(town, "rights", "/rights-deadlines?withinDays=60")


def prepare_contradictions(town: Town) -> Call:
    return Call(town, "rights", "/authority-contradictions")


def prepare_corrections(town: Town) -> Call:
    request_id = advised(town, kind="rectification")
    body = {"outcome": "granted", "ground": "inaccurate"}
    town.client("rights").post(f"/rights-requests/{request_id}/decision", json=body)
    return Call(town, "head", "/rights-corrections")


def prepare_correction(town: Town) -> Call:
    (one, *_) = prepare_corrections(town)().json()["corrections"]
    anew = town.signal("school", someone()).post(town.client("school")).json()["signalId"]
    return Call(town, "head", f"/rights-corrections/{one['correctionId']}/answer", {"replacedBy": anew})


def prepare_finding_judgement(town: Town) -> Call:
    request_id, finding_id = asked(town)
    body = {"verdict": "rejected", "compared": "with_reporter"}
    advice = {"advice": "another_person"}
    town.client("head").post(f"/rights-advices/{finding_id}/advice", json=advice)
    return Call(town, "rights", f"/rights-requests/{request_id}/findings/{finding_id}/judgement", body)


def prepare_rights_decision(town: Town) -> Call:
    body = {"outcome": "granted", "ground": "unjustified"}
    return Call(town, "rights", f"/rights-requests/{advised(town)}/decision", body)


def prepare_report(town: Town) -> Call:
    return Call(town, "rights", f"/rights-requests/{searched(town, kind='access')}/report")


def prepare_letter(town: Town) -> Call:
    return Call(town, "rights", f"/rights-requests/{searched(town, kind='access')}/letter")


def prepare_advices(town: Town) -> Call:
    asked(town)
    return Call(town, "head", "/rights-advices")


def prepare_tellings(town: Town) -> Call:
    request_id = advised(town, kind="restriction")
    body = {"outcome": "granted", "ground": "accuracy_contested"}
    town.client("rights").post(f"/rights-requests/{request_id}/decision", json=body)
    return Call(town, "head", "/rights-tellings")


def prepare_request_tellings(town: Town) -> Call:
    return Call(town, "rights", f"/rights-requests/{filed(town)}/tellings")


def prepare_subject_notice(town: Town) -> Call:
    today, told = dutch_date(clock.now()).isoformat(), ["subject", "representative"]
    notice = {"givenDate": today, "givenTo": told, "authorityHolders": 2, "correctsDate": today}
    notice["correctsHolders"] = 2
    return Call(town, "school", f"/signals/{untold(town)}/subject-notice", notice)


def prepare_notice_exception(town: Town) -> Call:
    return Call(town, "teacher", f"/signals/{untold(town)}/notice-exception", {"code": "investigation"})


def prepare_override(town: Town) -> Call:
    return Call(town, "anna", "/overrides", {"signalId": untold(town), "ground": "vital_interest"})


def prepare_confirmation(town: Town) -> Call:
    return Call(town, "bram", f"/overrides/{override(town)}/confirmation", {})


def prepare_overrides(town: Town) -> Call:
    override(town)
    return Call(town, "officer", "/overrides")


def prepare_review(town: Town) -> Call:
    return Call(town, "officer", f"/overrides/{override(town)}/review", {"outcome": "unjustified"})


def prepare_override_notice(town: Town) -> Call:
    told = {"outcome": "given", "givenDate": dutch_date(clock.now()).isoformat()}
    return Call(town, "anna", f"/overrides/{override(town)}/subject-notice", told)


def prepare_retention(town: Town) -> Call:
    return Call(town, "officer", "/retention-report")


def prepare_question(town: Town) -> Call:
    today = dutch_date(clock.now()).isoformat()
    body = {"question": "AUD-12", "purpose": "supervision", "fromDate": today, "untilDate": today}
    return Call(town, "officer", "/audit-answers", body)


def prepare_verification(town: Town) -> Call:
    return Call(town, "officer", "/log-verifications", {})


def prepare_logbook(town: Town) -> Call:
    return Call(town, "officer", f"/logbook-lines?purpose=supervision&traceId={'0' * 32}")


def prepare_alarms(town: Town) -> Call:
    return Call(town, "officer", "/warnings")


def prepare_alarm_closure(town: Town) -> Call:
    found = Found(AlarmCode.BURST, town.staff("officer").organisation_id, None, 60, 50, str(uuid4()))
    with town.database.work(SYSTEM) as work:
        raise_alarms(work, [found])
    id_ = town.rows("SELECT id FROM alarm WHERE state <> 'closed'")[0][0]
    return Call(town, "officer", f"/warnings/{UUID(str(id_))}/closure", {"reason": "explained"})


def prepare_honey(town: Town) -> Call:
    return sent(town, "officer", "/honey-tokens", town.honey(someone()))


def at_home(town: Town) -> str:
    """A household to which a match of Anna's belongs; nobody leads for it."""
    match_id = UUID(owned(town))
    with town.database.work(SYSTEM) as work:
        homes.leave(work.session, [match_id])
        household_id = homes.open_household(work.session, now=work.now)
        homes.join(work.session, household_id, [match_id])
    return str(household_id)


def prepare_locations(town: Town) -> Call:
    return Call(town, "teacher", "/school-locations")


def inquiry_of(town: Town) -> str:
    """A match that Anna took up and that is an inquiry too."""
    match_id = owned(town)
    with town.hub.database.work(SYSTEM) as work:
        row = InquiryRow(
            match_id=UUID(match_id), signal_id=uuid4(), legal_basis="DUTY_TO_REPORT", opened_at=work.now
        )
        work.session.add(row)
    return match_id


def prepare_inquiries(town: Town) -> Call:
    inquiry_of(town)
    return Call(town, "anna", "/inquiries")


def prepare_inquiry(town: Town) -> Call:
    body = {
        "done": ["assess"],
        "childNotHeard": "too_young",
        "parentsInvolvedDate": dutch_date(clock.now()).isoformat(),
    }
    return Call(town, "anna", f"/matches/{inquiry_of(town)}/inquiry", body)


def prepare_households(town: Town) -> Call:
    at_home(town)
    return Call(town, "lead", "/households")


def prepare_lead(town: Town) -> Call:
    body = {"staffId": str(town.staff("anna").id)}
    return Call(town, "lead", f"/households/{at_home(town)}/lead", body)


def prepare_lead_offer(town: Town) -> Call:
    named = prepare_lead(town)
    named()
    return Call(town, "anna", f"{named.path}-offer", {"colleague": str(town.staff("bram").id)})


def prepare_lead_answer(town: Town) -> Call:
    offer = prepare_lead_offer(town)
    offer()
    return Call(town, "bram", offer.path.replace("-offer", "-answer"), {"answer": "accepted"})


def prepare_exclusion(town: Town) -> Call:
    organisation_id, key = town.staff("keeper").organisation_id, uuid4()
    with town.database.work(OPERATOR) as work:
        work.session.merge(SchemePermissionRow(organisation_id=organisation_id, scheme="household"))
    body = address_body(town.hub.subject_keys, uuid4(), organisation_id=organisation_id, key=key)
    return sent(town, "keeper", "/excluded-addresses", Message(key, body))


def prepare_inclusion(town: Town) -> Call:
    address_id = prepare_exclusion(town)().json()["addressId"]
    return Call(town, "keeper", f"/excluded-addresses/{address_id}/inclusion", {})


def prepare_address_review(town: Town) -> Call:
    return Call(town, "keeper", "/address-reviews", {})


def prepare_transfer(town: Town) -> Call:
    body = {"municipality": "0344", "reason": "moved"}
    return Call(town, "anna", f"/cases/{case(town, someone())}/transfer", body)


def prepare_transfers(town: Town) -> Call:
    prepare_transfer(town)()
    return Call(town, "carla", "/case-transfers")


def prepare_transfer_acceptance(town: Town) -> Call:
    transfer = prepare_transfer(town)().json()["transferId"]
    return Call(town, "carla", f"/case-transfers/{transfer}/acceptance", {})


def prepare_transfer_return(town: Town) -> Call:
    transfer = prepare_transfer(town)().json()["transferId"]
    return Call(town, "carla", f"/case-transfers/{transfer}/return", {"reason": "not_resident"})


def prepare_transfer_completion(town: Town) -> Call:
    person = someone()
    path = f"/cases/{case(town, person)}/transfer"
    transfer = Call(town, "anna", path, {"municipality": "0344", "reason": "moved"})().json()["transferId"]
    Call(town, "carla", f"/case-transfers/{transfer}/acceptance", {})()
    new = town.case_elsewhere(person).post(town.client("carla"), "/cases").json()["caseId"]
    return Call(town, "carla", f"/case-transfers/{transfer}/completion", {"caseId": new})


def prepare_release(town: Town) -> Call:
    return Call(town, "supervisor", "/statistic-releases", {"quarter": ripe_quarter()})


def ripe_quarter() -> str:
    """The last quarter that is over long enough to be released."""
    on = dutch_date(clock.now()) - timedelta(days=120)
    return f"{on.year}-Q{(on.month + 2) // 3}"


def prepare_runs(town: Town) -> Call:
    return Call(town, "officer", "/retention-runs?rule=signal")


ACTS: dict[str, Callable[[Town], Call]] = {
    "POST /token": prepare_token,
    "POST /signals": prepare_signal,
    "POST /signal-batches": prepare_batch,
    "POST /signals/{signalId}/withdrawal": prepare_signal_withdrawal,
    "POST /cases": prepare_case,
    "POST /cases/{caseId}/closure": prepare_closure,
    "GET /intake-items": prepare_intake,
    "POST /intake-items/{itemId}/acceptance": prepare_acceptance,
    "POST /possible-matches/{matchId}/decision": prepare_judgement,
    "GET /notices": prepare_inbox,
    "POST /notices/{noticeId}/acknowledgement": prepare_acknowledgement,
    "POST /matches/{matchId}/view": prepare_view,
    "POST /matches/{matchId}/refusal": prepare_refusal,
    "POST /matches/{matchId}/retraction": prepare_retraction,
    "POST /matches/{matchId}/hand-over": prepare_hand_over,
    "POST /matches/{matchId}/hand-over-answer": prepare_hand_over_answer,
    "POST /matches/{matchId}/consults": prepare_consult,
    "POST /matches/{matchId}/follow-up": prepare_follow_up,
    "POST /matches/{matchId}/assignment": prepare_assignment,
    "POST /absences": prepare_absence,
    "GET /matches": prepare_own_matches,
    "GET /school-locations": prepare_locations,
    "GET /households": prepare_households,
    "GET /inquiries": prepare_inquiries,
    "POST /matches/{matchId}/inquiry": prepare_inquiry,
    "POST /households/{householdId}/lead": prepare_lead,
    "POST /households/{householdId}/lead-offer": prepare_lead_offer,
    "POST /households/{householdId}/lead-answer": prepare_lead_answer,
    "POST /excluded-addresses": prepare_exclusion,
    "POST /excluded-addresses/{addressId}/inclusion": prepare_inclusion,
    "POST /address-reviews": prepare_address_review,
    "POST /matches/{matchId}/feedback": prepare_feedback,
    "GET /feedback-items": prepare_feedback_list,
    "GET /follow-ups": prepare_follow_ups,
    "GET /orphans": prepare_orphans,
    "POST /consents": prepare_consent,
    "POST /consents/{consentId}/withdrawal": prepare_consent_withdrawal,
    "GET /archive-answers": prepare_archive_answers,
    "POST /consent-withdrawals": prepare_taking_back,
    "POST /objections": prepare_objection,
    "POST /objections/{objectionId}/withdrawal": prepare_objection_withdrawal,
    "POST /objections/{objectionId}/decision": prepare_objection_decision,
    "GET /decisions": prepare_decisions,
    "GET /decisions/{decisionId}": prepare_decision,
    "POST /signals/{signalId}/subject-notice": prepare_subject_notice,
    "POST /signals/{signalId}/notice-exception": prepare_notice_exception,
    "POST /overrides": prepare_override,
    "POST /overrides/{overrideId}/confirmation": prepare_confirmation,
    "GET /overrides": prepare_overrides,
    "POST /overrides/{overrideId}/review": prepare_review,
    "POST /overrides/{overrideId}/subject-notice": prepare_override_notice,
    "POST /policy-proposals": prepare_proposal,
    "POST /change-proposals/{changeId}/approval": prepare_approval,
    "POST /change-proposals/{changeId}/rejection": prepare_rejection,
    "POST /rights-requests": prepare_request,
    "POST /rights-requests/{requestId}/search": prepare_search,
    "POST /rights-requests/{requestId}/forwarding": prepare_forwarding,
    "POST /rights-requests/{requestId}/extension": prepare_extension,
    "POST /rights-requests/{requestId}/advice-request": prepare_advice_request,
    "POST /rights-requests/{requestId}/findings/{findingId}/judgement": prepare_finding_judgement,
    "POST /rights-requests/{requestId}/decision": prepare_rights_decision,
    "GET /rights-requests/{requestId}/report": prepare_report,
    "GET /rights-requests/{requestId}/letter": prepare_letter,
    "GET /rights-advices": prepare_advices,
    "POST /rights-advices/{adviceId}/advice": prepare_advice,
    "GET /rights-requests/{requestId}/tellings": prepare_request_tellings,
    "GET /rights-tellings": prepare_tellings,
    "POST /rights-tellings/{tellingId}/acknowledgement": prepare_telling,
    "GET /consent-tasks": prepare_consent_tasks,
    "POST /consent-tasks/{taskId}/answer": prepare_consent_task,
    "GET /own-record": prepare_own_record,
    "GET /rights-deadlines": prepare_deadlines,
    "GET /authority-contradictions": prepare_contradictions,
    "GET /rights-corrections": prepare_corrections,
    "POST /rights-corrections/{correctionId}/answer": prepare_correction,
    "POST /objections/{objectionId}/request": prepare_taking_up,
    "GET /objections": prepare_waiting,
    "GET /retention-report": prepare_retention,
    "POST /audit-answers": prepare_question,
    "POST /log-verifications": prepare_verification,
    "GET /logbook-lines": prepare_logbook,
    "GET /warnings": prepare_alarms,
    "POST /warnings/{warningId}/closure": prepare_alarm_closure,
    "POST /honey-tokens": prepare_honey,
    "POST /statistic-releases": prepare_release,
    "POST /cases/{caseId}/transfer": prepare_transfer,
    "GET /case-transfers": prepare_transfers,
    "POST /case-transfers/{transferId}/acceptance": prepare_transfer_acceptance,
    "POST /case-transfers/{transferId}/return": prepare_transfer_return,
    "POST /case-transfers/{transferId}/completion": prepare_transfer_completion,
    "GET /retention-runs": prepare_runs,
}
# Each act; on PostgreSQL the posts and one in six of the others: `make prove` tries all of them there too.
ON_EACH_STORE = [
    pytest.param(
        name,
        marks=[]
        if name in {"POST /signals", "POST /signal-batches"} or crc32(name.encode()) % 6 == 0
        else [pytest.mark.prove_on_postgresql],
    )
    for name in ACTS
]

READS = {
    "GET /signals": "school",
    "GET /signals/{signalId}": "school",
    "GET /cases": "anna",
    "GET /teams": "anna",
    "GET /possible-matches": "lead",
    "GET /arrangements": "school",
    "GET /audit-questions": "officer",
    "GET /statistic-tables": "school",
    "GET /processing-activities": "school",
    "GET /municipalities": "school",
    "GET /onboardings": "school",
    "GET /statistic-releases": "supervisor",
    "GET /statistic-releases/{quarter}": "supervisor",
    "GET /public-figures/{year}": "school",
    "GET /arrangements/{arrangementHash}": "school",
    "GET /policy-sets": "school",
    "GET /policy-sets/{policyHash}": "school",
    "GET /policy-sets/{policyHash}/differences": "school",
    "GET /change-proposals": "officer",
    "GET /change-proposals/{changeId}": "officer",
    "GET /rights-requests": "rights",
    "GET /notice-texts": "school",
    "GET /telling-previews": "school",
    "GET /receipts/{leafHash}/proof": "school",
    "GET /log-gaps": "school",
    "GET /openapi.json": "",
}


def path_of(town: Town, name: str) -> str:
    """The path of a read, with an id in it that exists."""
    path = name.removeprefix("GET ")
    if path in {"/notice-texts", "/telling-previews"}:
        return path + "?partnerKind=school&legalBasis=JW_7_1_4_1&bracket=12-15"
    if "{leafHash}" in path:
        leaf_hash = prepare_signal(town)().json()["leafHash"]
        with town.database.work(SYSTEM) as work:
            sequence_events(work, ledger_signer(town.hub.keys, town.hub.settings.hub_id))
        return path.replace("{leafHash}", leaf_hash)
    if "{signalId}" in path:
        return path.replace("{signalId}", prepare_signal(town)().json()["signalId"])
    if "{policyHash}" in path:
        hash_ = default_policy().hash
        return path.replace("{policyHash}", hash_) + (f"?after={hash_}" if "differences" in path else "")
    if "{requestId}" in path:
        return path.replace("{requestId}", filed(town))
    if "{quarter}" in path or "{year}" in path:
        prepare_release(town)()
        return path.replace("{quarter}", ripe_quarter()).replace("{year}", str(clock.now().year))
    if "{arrangementHash}" in path:
        return path.replace("{arrangementHash}", arranged(town))
    return path.replace("{changeId}", propose(town)) if "{changeId}" in path else path


def filed(town: Town, *, kind: str = "erasure", tokens: dict[str, object] | None = None) -> str:
    """File somebody's request."""
    answer = town.request(tokens or someone(), kind).post(town.client("desk"), "/rights-requests")
    return str(answer.json()["requestId"])


def searched(town: Town, *, kind: str = "erasure") -> str:
    """File a request of somebody about whom there is a signal, and search."""
    person = someone()
    town.signal("school", person).post(town.client("school"))
    request_id = filed(town, kind=kind, tokens=person)
    town.client("rights").post(f"/rights-requests/{request_id}/search", json={})
    return request_id


def asked(town: Town, *, kind: str = "erasure") -> tuple[str, str]:
    """Let the school be asked for advice; the ids of the request and of what is asked."""
    request_id = searched(town, kind=kind)
    answer = town.client("rights").post(f"/rights-requests/{request_id}/advice-request", json={})
    return request_id, str(answer.json()["findings"][0]["findingId"])


def advised(town: Town, *, kind: str = "erasure") -> str:
    """Let the school have given its advice."""
    request_id, advice_id = asked(town, kind=kind)
    town.client("head").post(f"/rights-advices/{advice_id}/advice", json={"advice": "unjustified"})
    return request_id


def someone() -> dict[str, object]:
    """All match keys of somebody new."""
    return everything(uuid4().hex)


def untold(town: Town) -> str:
    """Post a signal of which the person was not told."""
    message = town.signal("school", someone(), subjectNotice="pending")
    return str(message.post(town.client("school")).json()["signalId"])


def override(town: Town) -> str:
    """Let Anna ask for an override."""
    return str(prepare_override(town)().json()["overrideId"])


def propose(town: Town) -> str:
    """Let the municipality propose a change."""
    with town.database.work(staff_caller(town.staff("covenants"))) as work:
        change = propose_policy(
            work,
            {**default_document(), "name": uuid4().hex},
            in_force_on=dutch_date(work.now),
            reason=ChangeReason.LAW_CHANGED,
        )
    return str(change.id)


def arranged(town: Town) -> str:
    """Let two persons put an arrangement in force; its hash."""
    team = Team(id=UUID(int=352), organisation_id=town.people.team.id, municipality="0352")
    with town.database.work(OPERATOR) as work:
        open_team(work, team)
    teams = [{"id": str(team.id), "tier": "loket"}]
    document = {**read_document(ARRANGEMENT), "controller": town.people.team.oin, "teams": teams}
    with town.database.work(staff_caller(town.staff("covenants"))) as work:
        today, reason = dutch_date(work.now), ChangeReason.YEARLY_REVIEW
        if found := list_arrangements(work):
            return found[0].hash
        change = propose_arrangement(work, document, in_force_on=today, reason=reason)
    with town.database.work(staff_caller(town.staff("officer"))) as work:
        approve(work, change.id, effects=EFFECTS)
    return str(change.payload["hash"])


def case(town: Town, tokens: dict[str, object]) -> str:
    """Register a case of Anna's."""
    return str(town.case(tokens).post(town.client("anna"), "/cases").json()["caseId"])


def fresh_notice(town: Town) -> str:
    """A notice that was not in Anna's inbox before, whatever else lies there."""
    before = _notices(town)
    tell(town)
    return sorted(_notices(town) - before)[0]


def _notices(town: Town) -> set[str]:
    found = town.client("anna").get("/notices?pageSize=200").json()["notices"]
    return {notice["noticeId"] for notice in found if notice["kind"] == "match"}


def tell(town: Town) -> None:
    """Let a notice wait in Anna's inbox."""
    person = someone()
    case(town, person)
    message: Message = town.signal("school", person)
    message.post(town.client("school"))
    town.match()
