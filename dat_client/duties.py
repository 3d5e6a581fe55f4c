"""What is late, what is to be put right or asked again, by which rules, and what is kept about oneself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from dat_client.answers import Answer, read_answer
from dat_client.connection import Connection
from dat_client.errors import AnswerError

TaskAnswer = Literal["asked", "not_needed"]


class Deadline(Answer):
    """A day by which somebody has to have done something for a request."""

    request_id: UUID
    kind: str
    clock: str
    controller: str
    organisation_id: UUID
    due_date: date
    days_late: int
    reference: str | None = None


class Correction(Answer):
    """Something of one's own that was inaccurate."""

    correction_id: UUID
    registration_id: UUID
    registration_kind: str
    due_date: date
    replaced_by: UUID | None = None
    reference: str | None = None


class Attestation(Answer):
    """Who attested the most holders of authority over a child, or fewer than another did.

    Of another municipality's organisation only the desk that answers for it: ask there.
    """

    about_kind: str
    about_id: UUID | None = None
    organisation_id: UUID | None = None
    desk_id: UUID | None = None
    said: str


class Contradiction(Answer):
    """What nobody is told of, since attestations of authority contradict each other."""

    match_ids: tuple[UUID, ...]
    matched_at: datetime
    facts: tuple[str, ...]
    attestations: tuple[Attestation, ...]


class ConsentTask(Answer):
    """A consent to ask again, as the person came to another age."""

    task_id: UUID
    about_kind: str
    about_id: UUID
    ended_bracket: str
    reference: str | None = None


class ArchiveAnswer(Answer):
    """That somebody signalled before about the person of an own signal; shown once."""

    signal_id: UUID
    answered_date: date
    reference: str | None = None


class PolicySet(Answer):
    """A version of the rules."""

    version: int
    hash: str
    in_force_date: date


class Change(Answer):
    """A change that waits for its second person."""

    change_id: UUID
    kind: str
    reason: str
    state: str


class DutyActs(Connection):
    """What one has to do or may know by law, beside the daily work."""

    def list_deadlines(self, *, within_days: int = 0) -> list[Deadline]:
        """Give which requests are late, by the clock of each controller, or will be within some days."""
        page = self.hub.get("/rights-deadlines", withinDays=within_days)
        found = [read_answer(Deadline, item) for item in _items(page, "deadlines")]
        return [one.model_copy(update={"reference": self._own(one.request_id)}) for one in found]

    def list_corrections(self) -> list[Correction]:
        """Give what of the own organisation's is to be put right, the most urgent first."""
        page = self.hub.get("/rights-corrections")
        found = [read_answer(Correction, item) for item in _items(page, "corrections")]
        return [one.model_copy(update={"reference": self._own(one.registration_id)}) for one in found]

    def answer_correction(self, correction_id: UUID, *, replaced_by: UUID | None) -> None:
        """Name what was registered anew, or say that nothing takes its place."""
        body = {"replacedBy": str(replaced_by) if replaced_by else None}
        self.hub.post(f"/rights-corrections/{correction_id}/answer", body)

    def list_contradictions(self) -> list[Contradiction]:
        """Give what waits since attestations of authority contradict each other: ask who attested to look."""
        page = self.hub.get("/authority-contradictions")
        return [read_answer(Contradiction, item) for item in _items(page, "contradictions")]

    def list_consent_tasks(self) -> list[ConsentTask]:
        """Give which consents are to be asked again."""
        page = self.hub.get("/consent-tasks")
        found = [read_answer(ConsentTask, item) for item in _items(page, "consentTasks")]
        return [one.model_copy(update={"reference": self._own(one.about_id)}) for one in found]

    def answer_consent_task(self, task_id: UUID, *, answer: TaskAnswer) -> None:
        """Say that the person was asked; what they said is a new consent, or nothing."""
        self.hub.post(f"/consent-tasks/{task_id}/answer", {"answer": answer})

    def list_archive_answers(self) -> list[ArchiveAnswer]:
        """Give what the archive answered to the own signals; each is shown once."""
        page = self.hub.get("/archive-answers")
        found = [read_answer(ArchiveAnswer, item) for item in _items(page, "archiveAnswers")]
        return [one.model_copy(update={"reference": self._own(one.signal_id)}) for one in found]

    def read_own_record(self, *, since: date | None = None, until: date | None = None) -> Any:
        """Give what is kept about oneself, and what the log holds of one's own acts."""
        days = {"sinceDate": since, "untilDate": until}
        return self.hub.get("/own-record", **{name: str(day) for name, day in days.items() if day})

    def list_policy_sets(self) -> list[PolicySet]:
        """Give every version of the rules."""
        return [read_answer(PolicySet, item) for item in _items(self.hub.get("/policy-sets"), "policySets")]

    def propose_policy(self, policy_hash: str, *, in_force: date, reason: str) -> UUID:
        """Put a draft that the operator laid down before a second person; gives the change."""
        body = {"policyHash": policy_hash, "inForceDate": in_force.isoformat(), "reason": reason}
        return UUID(self.hub.post("/policy-proposals", body)["changeId"])

    def list_decisions(self, registration_id: UUID) -> Any:
        """Give what was decided about a registration, told or not, with the reasons in Dutch and English."""
        return self.hub.get("/decisions", registrationId=str(registration_id))

    def list_changes(self) -> list[Change]:
        """Give the changes that wait for a second person."""
        return [read_answer(Change, item) for item in _items(self.hub.get("/change-proposals"), "changes")]

    def read_change(self, change_id: UUID) -> Any:
        """Give a change with what it holds: read it before you approve it."""
        return self.hub.get(f"/change-proposals/{change_id}")

    def reject_change(self, change_id: UUID, *, reason: str) -> None:
        """Let a change go no further."""
        self.hub.post(f"/change-proposals/{change_id}/rejection", {"reason": reason})

    def _own(self, remote_id: UUID) -> str | None:
        post = self.store.find_by_remote_id(remote_id)
        return post.reference if post else None


def _items(page: Any, name: str) -> list[Any]:
    if not isinstance(page, dict) or not isinstance(page.get(name), list):
        raise AnswerError
    return list(page[name])
