"""The one object a partner's program talks to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dat_client.addresses import AddressActs
from dat_client.cases import CaseActs, NoticeActs
from dat_client.duties import DutyActs
from dat_client.errors import ReceiptRefusedError
from dat_client.follow_ups import FollowUpActs
from dat_client.households import HouseholdActs
from dat_client.importing import Target
from dat_client.informing import InformingActs, OverrideActs
from dat_client.inquiries import InquiryActs
from dat_client.messages import Message
from dat_client.posting import Posted, add_pending, post_batch, post_registrations, refused
from dat_client.preparing import Draft, Refusal, prepare
from dat_client.proofs import LOST, Proved, prove
from dat_client.receipts import require_genuine
from dat_client.requests import RequestActs
from dat_client.rights import RightsActs
from dat_client.rows import RowError, read_case, read_signal
from dat_client.signals import BATCH, SignalActs
from dat_client.store import Kind, Post, State
from dat_client.teams import TeamActs
from dat_client.transfers import TransferActs


class Client(
    SignalActs,
    CaseActs,
    TransferActs,
    AddressActs,
    NoticeActs,
    FollowUpActs,
    InquiryActs,
    HouseholdActs,
    TeamActs,
    RightsActs,
    RequestActs,
    InformingActs,
    OverrideActs,
    DutyActs,
):
    """Post contacts, keep a caseload, read notices and record rights, from one home directory.

    with Client.from_home() as client:
        receipt = client.post_signal(Person(surname="…", birth_date="…"), contact_date=…, …)
    """

    def finish_pending(self) -> list[Posted]:
        """Send what interrupted runs left: the same bytes under the same keys.

        Raises:
            UnavailableError: A service still does not answer.
        """
        finished: list[Posted] = []
        for kind in Kind:
            waiting = [post.message for post in self.store.list_posts(kind=kind, state=State.PENDING)]
            for start in range(0, len(waiting), BATCH):
                finished += self._post_pending(kind, waiting[start : start + BATCH])
        return finished

    def signal_target(self) -> Target:
        """Say how rows of a file become signals."""
        return Target(
            Kind.SIGNAL,
            "signal",
            lambda fields, today: self.draft_row(fields, today=today),
            lambda messages: self._post_pending(Kind.SIGNAL, messages),
        )

    def draft_row(self, fields: Mapping[str, str], *, today: date) -> Draft:
        """Lay the fields of a row ready to be sealed as a signal.

        Raises:
            RowError: A field is missing or not understood, or the covenant takes no signals of this kind.
        """
        signal = read_signal(fields, today=today)
        if signal.kind not in self.configuration.signal_kinds:
            raise RowError("signal_kind_off")
        return self.draft_signal(signal)

    def case_target(self) -> Target:
        """Say how rows of a file become cases."""
        return Target(
            Kind.CASE,
            "case",
            lambda fields, _: self.draft_case(read_case(fields)),
            lambda messages: self._post_pending(Kind.CASE, messages),
        )

    def post_draft(self, draft: Draft, target: Target) -> Posted:
        """Seal and post one draft, and say what became of it.

        Raises:
            UnavailableError: A service does not answer; what was sealed stays pending.
        """
        sealed = prepare(self, [draft], purpose=target.purpose)[0]
        if isinstance(sealed, Refusal):
            return refused(sealed)
        add_pending(self, target.kind, [(sealed, draft.reference, None)])
        return target.post([sealed])[0]

    def _post_pending(self, kind: Kind, messages: Sequence[Message]) -> list[Posted]:
        if kind is Kind.SIGNAL:
            return post_batch(self, messages)
        return post_registrations(self, kind, messages)

    def verify_receipts(self) -> tuple[list[Post], list[Post]]:
        """Check every kept receipt again, without any service: those that hold, and those that do not."""
        good: list[Post] = []
        bad: list[Post] = []
        for post in self.store.list_posts():
            if post.receipt is not None:
                (good if _is_proved(post) else bad).append(post)
        return good, bad

    def prove_receipts(self, posts: Sequence[Post]) -> Proved:
        """Have the hub prove that what these receipts promise stands in its log."""
        return prove(self.hub, self.get_manifest(), list(posts))

    def let_go_of_lost(self, proved: Proved) -> list[Post]:
        """Let what a restore of the hub took be posted again; gives what was not let go of before.

        The hub has nothing of it any more and its log says so: the row of a file is posted anew by the same
        command, where otherwise nothing is posted twice. The receipt stays as evidence.
        """
        fresh = [post for post in proved.lost if post.code != LOST]
        self.store.refuse((post.idempotency_key, LOST) for post in fresh)
        return fresh


def _is_proved(post: Post) -> bool:
    assert post.receipt is not None
    try:
        require_genuine(post.receipt, receipt_public=post.receipt_key or b"", body_hash=post.body_hash)
    except ReceiptRefusedError:
        return False
    return True
