"""Telling the person of a signal, and overrides: what partners and the municipal team attest and ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid4

from dat_client.answers import Answer, SignalStatus, read_answer
from dat_client.connection import PAGE, Connection
from dat_client.facts import Told

Language = Literal["nl", "en"]
ReviewOutcome = Literal["justified", "unjustified", "not_needed"]


class SubjectNotice(Answer):
    """That the person of a signal was told."""

    signal_id: UUID
    subject_notice: str
    given_date: date
    given_to: tuple[str, ...]


class AskedException(Answer):
    """An exception that waits for a second person; `change_id` is what that person approves."""

    signal_id: UUID
    change_id: UUID
    state: str
    expires_at: datetime


class Section(Answer):
    """One part of a letter."""

    code: str
    title: str
    text: str


class Letter(Answer):
    """One letter for one kind of reader."""

    reader: str
    title: str
    sections: tuple[Section, ...]


class NoticeText(Answer):
    """The letters of a signal, and what whoever hands them over must know."""

    letters: tuple[Letter, ...]
    guidance: tuple[str, ...]
    policy: str


class WouldHear(Answer):
    """Who may hear of a signal on a match, up to which level."""

    recipient_kind: str
    level: int
    text: str


class Preview(Answer):
    """What would follow from a signal, by policy alone."""

    may_post: bool
    told: tuple[WouldHear, ...]
    notice_to: tuple[str, ...]
    consent_of: tuple[str, ...]
    exception_possible: bool
    feedback_consents: tuple[str, ...] = ()
    policy: str


class OverrideStatus(Answer):
    """An override; whether it opened any match is not in it."""

    override_id: UUID
    signal_id: UUID
    ground: str
    state: str
    asked_at: datetime
    closes_at: datetime
    confirmed: bool
    outcome: str | None = None
    told_date: date | None = None
    postponed_until_date: date | None = None


class InformingActs(Connection):
    """The organisation that signalled: read the letters, tell the person, attest it."""

    def read_notice_text(
        self,
        partner_kind: str,
        legal_basis: str,
        bracket: str,
        *,
        language: Language = "nl",
        valid_months: int = 12,
    ) -> NoticeText:
        """Give the letters with which a person is told of such a signal."""
        answer = self.hub.get(
            "/notice-texts",
            partnerKind=partner_kind,
            legalBasis=legal_basis,
            bracket=bracket,
            language=language,
            validMonths=valid_months,
        )
        return read_answer(NoticeText, answer)

    def preview_telling(
        self, partner_kind: str, legal_basis: str, bracket: str, *, language: Language = "nl"
    ) -> Preview:
        """Say who would be told what of such a signal, before it is posted."""
        query = {"partnerKind": partner_kind, "legalBasis": legal_basis, "bracket": bracket}
        return read_answer(Preview, self.hub.get("/telling-previews", language=language, **query))

    def attest_notice(
        self,
        signal_id: UUID,
        *,
        given: date,
        to: Sequence[Told],
        holders: int | None = None,
        corrects: date | None = None,
        corrects_holders: int | None = None,
    ) -> SubjectNotice:
        """Attest that the person was told, and each of so many parents.

        Args:
            corrects: the day that was attested before, where this takes its place.
            corrects_holders: and of how many parents, where it was of any.
        """
        body: dict[str, object] = {"givenDate": given.isoformat(), "givenTo": sorted(to)}
        if holders is not None:
            body["authorityHolders"] = holders
        if corrects is not None:
            body["correctsDate"] = corrects.isoformat()
        if corrects_holders is not None:
            body["correctsHolders"] = corrects_holders
        path, key = f"/signals/{signal_id}/subject-notice", str(uuid4())
        return read_answer(SubjectNotice, self.hub.post(path, body, idempotency_key=key))

    def ask_exception(self, signal_id: UUID, *, code: str) -> AskedException:
        """Ask that the person need not be told yet; a second person approves it, or nothing opens."""
        answer = self.hub.post(f"/signals/{signal_id}/notice-exception", {"code": code})
        return read_answer(AskedException, answer)

    def list_overdue(self) -> Iterator[SignalStatus]:
        """Give the own signals of which the person should have been told by now."""
        return self.list_pages("/signals", "signals", SignalStatus, pageSize=PAGE, notice="overdue")


class OverrideActs(Connection):
    """The municipal team and its privacy officer. Acute danger: 112, Veilig Thuis (0800-2000)."""

    def ask_override(self, signal_id: UUID, *, ground: str) -> OverrideStatus:
        """Let one signal be told in spite of what is missing; alone for a day at most."""
        body = {"signalId": str(signal_id), "ground": ground}
        return read_answer(OverrideStatus, self.hub.post("/overrides", body))

    def confirm_override(self, override_id: UUID) -> OverrideStatus:
        """Let an override stand, as its second person."""
        return self._override(override_id, "confirmation", {})

    def list_overrides(self) -> list[OverrideStatus]:
        """Give what waits for the caller: for review, or for a second person of the team."""
        return list(self.list_pages("/overrides", "overrides", OverrideStatus))

    def review_override(self, override_id: UUID, *, outcome: ReviewOutcome) -> OverrideStatus:
        """Judge an override, once; one that was not justified closes."""
        return self._override(override_id, "review", {"outcome": outcome})

    def tell_of_override(self, override_id: UUID, *, given: date | None) -> OverrideStatus:
        """Attest that the person was told on a day; None says that telling would endanger somebody now."""
        outcome = {"outcome": "endangers"} if given is None else {"outcome": "given", "givenDate": str(given)}
        return self._override(override_id, "subject-notice", outcome)

    def _override(self, override_id: UUID, act: str, body: dict[str, str]) -> OverrideStatus:
        return read_answer(OverrideStatus, self.hub.post(f"/overrides/{override_id}/{act}", body))
