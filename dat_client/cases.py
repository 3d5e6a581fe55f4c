"""What a municipal team does: cases, notices, what has no case, and doubtful matches."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from dat_client.answers import (
    AcceptedIntake,
    CaseStatus,
    IntakeItem,
    Notice,
    PossibleMatch,
    read_answer,
)
from dat_client.connection import PAGE, Connection
from dat_client.facts import Home, NewCase, Outcome, PossibleDecision, case_facts
from dat_client.identity.person import Person
from dat_client.posting import add_pending, post_registration
from dat_client.preparing import Draft, prepare
from dat_client.signals import require_message
from dat_client.store import Kind


class CaseActs(Connection):
    """A team's caseload."""

    def register_case(
        self,
        person: Person,
        *,
        legal_basis: str,
        reference: str | None = None,
        casemanager: UUID | None = None,
        home: Home | None = None,
    ) -> CaseStatus:
        """Register one person of the caseload; `reference` is the team's own case number and stays here.

        Raises:
            RefusedPersonError: No pseudonym can be made of this person.
            ProblemError: The holder or the hub refuses.
            UnavailableError: No answer; it stays pending.
        """
        case = NewCase(
            person=person,
            legal_basis=legal_basis,
            casemanager=casemanager,
            reference=reference,
            home=home or Home(),
        )
        message = require_message(prepare(self, [self.draft_case(case)], purpose="case")[0])
        add_pending(self, Kind.CASE, [(message, reference, None)])
        _, answer = post_registration(self, Kind.CASE, message)
        return read_answer(CaseStatus, answer).model_copy(update={"reference": reference})

    def draft_case(self, case: NewCase) -> Draft:
        """Lay a case ready to be sealed; evaluations are counted for the configured staff member."""
        reporter = self.get_reporter(None)
        return Draft(
            person=case.person,
            facts=case_facts(case),
            reporter=reporter,
            reference=case.reference,
            home=case.home,
        )

    def list_cases(self) -> Iterator[CaseStatus]:
        """Give the own team's cases, with the own case number where this machine registered them."""
        for status in self.list_pages("/cases", "cases", CaseStatus, pageSize=PAGE):
            post = self.store.find_by_remote_id(status.case_id)
            yield status.model_copy(update={"reference": post.reference}) if post else status

    def close_case(self, case_id: UUID) -> CaseStatus:
        """Close a case: nobody is told of this person through it any more."""
        return read_answer(CaseStatus, self.hub.post(f"/cases/{case_id}/closure", {}))


class NoticeActs(Connection):
    """What the calling casemanager is told, and what the team has to take up."""

    def list_notices(self, *, include_done: bool = False) -> Iterator[Notice]:
        """Give the calling casemanager's notices, with the own case number."""
        state = "all" if include_done else "open"
        for notice in self.list_pages("/notices", "notices", Notice, state=state, pageSize=PAGE):
            yield self._with_case_number(notice)

    def notices(self, *, include_done: bool = False) -> list[Notice]:
        """Give the notices as a list."""
        return list(self.list_notices(include_done=include_done))

    def acknowledge(self, notice_id: UUID, *, outcome: Outcome = "acknowledged") -> Notice:
        """Say that the notice is taken up, or that there was contact already."""
        answer = self.hub.post(f"/notices/{notice_id}/acknowledgement", {"outcome": outcome})
        return self._with_case_number(read_answer(Notice, answer))

    def intake(self) -> list[IntakeItem]:
        """Give the matches without a case that wait for somebody of the team."""
        return list(self.list_pages("/intake-items", "items", IntakeItem))

    def accept_intake(self, item_id: UUID) -> AcceptedIntake:
        """Take one: whom to call, with which handle."""
        taken = read_answer(AcceptedIntake, self.hub.post(f"/intake-items/{item_id}/acceptance", {}))
        return taken.model_copy(update={"reference": self._find_case_number(taken.case_id)})

    def possible_matches(self) -> list[PossibleMatch]:
        """Give the doubtful matches that wait for a human, for a team lead."""
        return list(self.list_pages("/possible-matches", "possibleMatches", PossibleMatch))

    def decide_possible(self, match_id: UUID, *, decision: PossibleDecision) -> PossibleMatch:
        """Confirm or reject one: until then nobody is told."""
        answer = self.hub.post(f"/possible-matches/{match_id}/decision", {"decision": decision})
        return read_answer(PossibleMatch, answer)

    def _with_case_number(self, notice: Notice) -> Notice:
        return notice.model_copy(update={"reference": self._find_case_number(notice.case_id)})

    def _find_case_number(self, case_id: UUID | None) -> str | None:
        post = self.store.find_by_remote_id(case_id) if case_id else None
        return post.reference if post else None
