"""The one object a partner's program talks to."""

from __future__ import annotations

from dat_client.cases import CaseActs, NoticeActs
from dat_client.errors import ReceiptRefusedError
from dat_client.receipts import require_genuine
from dat_client.rights import RightsActs
from dat_client.signals import SignalActs
from dat_client.store import Post


class Client(SignalActs, CaseActs, NoticeActs, RightsActs):
    """Post contacts, keep a caseload, read notices and record rights, from one home directory.

    with Client.from_home() as client:
        receipt = client.post_signal(Person(surname="…", birth_date="…"), contact_date=…, …)
    """

    def verify_receipts(self) -> tuple[list[Post], list[Post]]:
        """Check every kept receipt again, without any service: those that hold, and those that do not."""
        good: list[Post] = []
        bad: list[Post] = []
        for post in self.store.list_posts():
            if post.receipt is not None:
                (good if _is_proved(post) else bad).append(post)
        return good, bad


def _is_proved(post: Post) -> bool:
    assert post.receipt is not None
    try:
        require_genuine(post.receipt, receipt_public=post.receipt_key or b"", body_hash=post.body_hash)
    except ReceiptRefusedError:
        return False
    return True
