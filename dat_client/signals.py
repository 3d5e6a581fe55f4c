"""What a partner does with signals: post, list, show, withdraw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from uuid import UUID

from dat_client.answers import SignalStatus, read_answer
from dat_client.connection import PAGE, Connection
from dat_client.errors import IdentifyingReferenceError, UnknownReferenceError
from dat_client.facts import (
    Attestation,
    NewSignal,
    SignalKind,
    SubjectNotice,
    Told,
    WithdrawalReason,
    signal_facts,
)
from dat_client.identity.person import Person, RefusalReason, RefusedPersonError
from dat_client.messages import Message
from dat_client.posting import BATCH_LIMIT, Posted, add_pending, post_batch, post_single, refused
from dat_client.preparing import IDENTIFYING_REFERENCE, Draft, Refusal, prepare
from dat_client.receipts import Receipt
from dat_client.residence import Certainty, Living, load_places, resolve
from dat_client.store import Kind

BATCH = 250


class SignalActs(Connection):
    """A partner's own signals."""

    def post_signal(
        self,
        person: Person,
        *,
        contact_date: date,
        kind: SignalKind,
        legal_basis: str,
        subject_notice: SubjectNotice,
        attestation: Attestation,
        reporter: UUID | None = None,
        submitted_by: UUID | None = None,
        on_behalf_of: UUID | None = None,
        decision_reference: UUID | None = None,
        valid_months: int | None = None,
        living: Living | None = None,
        reference: str | None = None,
        notice_date: date | None = None,
        notice_to: Sequence[Told] = (),
        authority_holders: int | None = None,
    ) -> Receipt:
        """Post one contact and give the hub's signed receipt, which says nothing about anybody else.

        Args:
            reference: this partner's own file number; it stays on this machine.
            reporter: who weighed it; of the organisation `on_behalf_of`, where that is named.
            submitted_by: who brings it for them; the key holder counts it as theirs.
            notice_date: on which day the person was told; it and `notice_to` belong to `given` only.
            authority_holders: how many hold authority, each of whom was told, where representatives were.

        Raises:
            RefusedPersonError: No pseudonym can be made of this person.
            IdentifyingReferenceError: The reference tells who the person is.
            ProblemError: The holder or the hub refuses.
            UnavailableError: No answer; `finish_pending` sends the same bytes again.
        """
        signal = NewSignal(
            person=person,
            contact_date=contact_date,
            kind=kind,
            legal_basis=legal_basis,
            subject_notice=subject_notice,
            attestation=attestation,
            reporter=reporter,
            submitted_by=submitted_by,
            on_behalf_of=on_behalf_of,
            decision_reference=decision_reference,
            valid_months=valid_months,
            living=living or Living(home=person.postcode),
            reference=reference,
            notice_date=notice_date,
            notice_to=tuple(notice_to),
            authority_holders=authority_holders,
        )
        message = require_message(prepare(self, [self.draft_signal(signal)], purpose="signal")[0])
        add_pending(self, Kind.SIGNAL, [(message, reference, None)])
        return post_single(self, message)

    def post_signals(self, signals: Iterable[NewSignal], *, batch: int = BATCH) -> Iterator[Posted]:
        """Post any number of contacts in batches and give the outcome of each, in order, as they come.

        Raises:
            UnavailableError: A service does not answer; what was sent stays pending.
            ProblemError: A service refuses this partner, not a single signal.
        """
        waiting = iter(signals)
        while chunk := list(islice(waiting, min(batch, BATCH_LIMIT))):
            yield from self._post_chunk(chunk)

    def _post_chunk(self, chunk: Sequence[NewSignal]) -> list[Posted]:
        prepared = prepare(self, [self.draft_signal(signal) for signal in chunk], purpose="signal")
        sealed = [
            (message, signal.reference, None)
            for message, signal in zip(prepared, chunk, strict=True)
            if isinstance(message, Message)
        ]
        add_pending(self, Kind.SIGNAL, sealed)
        posted = iter(post_batch(self, [message for message, _, _ in sealed]))
        return [refused(each) if isinstance(each, Refusal) else next(posted) for each in prepared]

    def draft_signal(self, signal: NewSignal) -> Draft:
        """Lay a signal ready to be sealed."""
        reporter = self.get_reporter(signal.reporter)
        code, certainty = self._residence_of(signal)
        facts = signal_facts(signal, reporter=reporter, residence=code, residence_from=certainty)
        return Draft(
            person=signal.person,
            facts=facts,
            # The holder knows who works here, and nobody who weighed it elsewhere.
            reporter=signal.submitted_by or reporter,
            reference=signal.reference,
            home=signal.home,
        )

    def _residence_of(self, signal: NewSignal) -> tuple[str | None, Certainty | None]:
        """Work out on this machine which municipality answers for a person; None where nothing tells."""
        table = self.configuration.postcode_table
        if signal.residence is not None or signal.living is None:
            return signal.residence, signal.residence_from
        found = resolve(signal.living, load_places(self.home / table) if table else {})
        return (found.code, found.certainty) if found else (None, None)

    def list_signals(self) -> Iterator[SignalStatus]:
        """Give this partner's own signals, with the own reference where this machine posted them."""
        for status in self.list_pages("/signals", "signals", SignalStatus, pageSize=PAGE):
            yield self._with_reference(status)

    def read_signals(self, cursor: str | None) -> tuple[list[SignalStatus], str | None]:
        """Give one page of this partner's own signals, and where the next one begins."""
        found, following = self.read_page("/signals", "signals", SignalStatus, pageSize=PAGE, cursor=cursor)
        return [self._with_reference(status) for status in found], following

    def show_signal(self, signal_id: UUID) -> SignalStatus:
        """Show one own signal. A casemanager's handle is a signal id: this is the way back to the person."""
        return self._with_reference(read_answer(SignalStatus, self.hub.get(f"/signals/{signal_id}")))

    def get_reference(self, signal_id: UUID) -> str | None:
        """Give the own reference of what was posted, from this machine alone.

        Raises:
            UnknownReferenceError: This machine did not post it.
        """
        post = self.store.find_by_remote_id(signal_id)
        if post is None:
            raise UnknownReferenceError
        return post.reference

    def withdraw(self, signal_id: UUID, *, reason: WithdrawalReason) -> SignalStatus:
        """End a signal (`reason_gone`), or have it erased because it should not have been (`unjustified`)."""
        answer = self.hub.post(f"/signals/{signal_id}/withdrawal", {"reason": reason})
        return self._with_reference(read_answer(SignalStatus, answer))

    def _with_reference(self, status: SignalStatus) -> SignalStatus:
        post = self.store.find_by_remote_id(status.signal_id)
        return status.model_copy(update={"reference": post.reference}) if post else status


def require_message(prepared: Message | Refusal) -> Message:
    """Give the message, or raise why there is none."""
    if isinstance(prepared, Message):
        return prepared
    if prepared.code == IDENTIFYING_REFERENCE:
        raise IdentifyingReferenceError
    raise RefusedPersonError(RefusalReason(prepared.code))
