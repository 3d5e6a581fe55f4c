"""Post sealed messages and keep the answers: written down before, proved after, never sent twice as two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from dat_client import clock
from dat_client.connection import Connection
from dat_client.errors import AnswerError, ClientError, ProblemError, ReceiptRefusedError
from dat_client.messages import Message
from dat_client.preparing import Refusal
from dat_client.receipts import Receipt, read_receipt, require_genuine
from dat_client.store import Kind

BATCH_LIMIT = 1000
RECEIPT_REFUSED = "receipt_refused"
ENVELOPE_KEY_UNKNOWN = "envelope_key_unknown"  # the hub's own code
PATHS = {
    Kind.CASE: ("/cases", "caseId"),
    Kind.CONSENT: ("/consents", "consentId"),
    Kind.OBJECTION: ("/objections", "objectionId"),
    Kind.WITHDRAWAL: ("/consent-withdrawals", "withdrawalId"),
    Kind.REQUEST: ("/rights-requests", "requestId"),
    Kind.HONEY: ("/honey-tokens", "honeyTokenId"),
    Kind.ADDRESS: ("/excluded-addresses", "addressId"),
}


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of one message.

    Attributes:
        status: `unfinished` stays pending in the store and is sent again, the same bytes under the same key.
        code: why it was refused.
        new: False when an earlier run had already posted it.
    """

    status: Literal["accepted", "refused", "unfinished"]
    remote_id: UUID | None = None
    receipt: Receipt | None = None
    code: str | None = None
    places: tuple[str, ...] = ()
    new: bool = True


def refused(refusal: Refusal) -> Posted:
    """Report what was refused before it was sent."""
    return Posted("refused", code=refusal.code, places=refusal.places)


def post_batch(connection: Connection, messages: Sequence[Message]) -> list[Posted]:
    """Post up to 1,000 pending signals and keep their receipts, in the order given.

    Raises:
        UnavailableError: No answer; all of them stay pending.
        ProblemError: The hub refuses the whole batch for a reason that is not one message's.
    """
    if not messages:
        return []
    items = [{"idempotencyKey": str(message.idempotency_key), **message.body} for message in messages]
    try:
        answer = connection.hub.post("/signal-batches", {"signals": items})
    except ProblemError as problem:
        return _without_faulty(connection, messages, problem)
    results = _read_results(answer, len(messages))
    return _keep(
        connection, messages, [_read_item(connection, *pair) for pair in zip(messages, results, strict=True)]
    )


def post_single(connection: Connection, message: Message) -> Receipt:
    """Post one pending signal and keep its receipt.

    Raises:
        ProblemError: The hub refuses it.
        ReceiptRefusedError: The answer is not a receipt for this message; it stays pending.
        UnavailableError: No answer; it stays pending.
    """
    answer = _post_one(connection, "/signals", message)
    receipt = _require_receipt(connection, message, answer)
    _keep(connection, [message], [Posted("accepted", receipt.signal_id, receipt)])
    return receipt


def post_registration(connection: Connection, kind: Kind, message: Message) -> tuple[UUID, Mapping[str, Any]]:
    """Post a pending case, consent or objection; give its id and the whole answer."""
    path, name = PATHS[kind]
    answer = _post_one(connection, path, message)
    try:
        remote_id = UUID(answer[name])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise AnswerError from None
    _keep(connection, [message], [Posted("accepted", remote_id)])
    return remote_id, answer


def post_registrations(connection: Connection, kind: Kind, messages: Sequence[Message]) -> list[Posted]:
    """Post pending cases, consents or objections one by one; one that is refused does not stop the rest.

    Raises:
        UnavailableError: No answer; this one and the rest stay pending.
        ProblemError: The hub refuses this partner.
    """
    return [_post_registration_or_refuse(connection, kind, message) for message in messages]


def _post_registration_or_refuse(connection: Connection, kind: Kind, message: Message) -> Posted:
    try:
        return Posted("accepted", post_registration(connection, kind, message)[0])
    except ProblemError as problem:
        if _concerns_the_caller(problem):
            raise
        return Posted("refused", code=problem.code, places=problem.places)


def _post_one(connection: Connection, path: str, message: Message) -> Any:
    try:
        return connection.hub.post(path, message.body, idempotency_key=str(message.idempotency_key))
    except ProblemError as problem:
        if not _concerns_the_caller(problem):
            _keep(connection, [message], [Posted("refused", code=problem.code)])
        raise


def renew_manifest(connection: Connection) -> None:
    """Fetch the manifest anew where it names a key that the hub has destroyed; the next post uses the new."""
    with suppress(ClientError):
        connection.refresh_manifest()


def _concerns_the_caller(problem: ProblemError) -> bool:
    """Tell a refusal of who calls from one of what is posted: the first is solved without a new message."""
    return problem.status in (401, 404, 405) or problem.status >= 500


def _without_faulty(
    connection: Connection, messages: Sequence[Message], problem: ProblemError
) -> list[Posted]:
    """Refuse the messages that the problem points at, and post the others again."""
    faulty: dict[int, tuple[str, ...]] = {}
    for place in problem.places:
        parts = place.split("/")
        if (
            parts[1:2] == ["signals"]
            and len(parts) > 2
            and parts[2].isdigit()
            and int(parts[2]) < len(messages)
        ):
            number = int(parts[2])
            faulty[number] = (*faulty.get(number, ()), "/" + "/".join(parts[3:]))
    if problem.status != 400 or not faulty:
        raise problem
    connection.store.refuse([(messages[number].idempotency_key, problem.code) for number in faulty])
    rest = iter(post_batch(connection, [m for number, m in enumerate(messages) if number not in faulty]))
    return [
        Posted("refused", code=problem.code, places=faulty[number]) if number in faulty else next(rest)
        for number in range(len(messages))
    ]


def _read_results(answer: Any, expected: int) -> list[Any]:
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list) or len(results) != expected:
        raise AnswerError
    return results


def _read_item(connection: Connection, message: Message, result: Any) -> Posted:
    status = result.get("status") if isinstance(result, dict) else None
    if status == "refused":
        problem = ProblemError(status=400, code=str(result.get("code")), title=str(result.get("title")))
        return Posted("refused", code=problem.code, places=tuple(map(str, result.get("places") or ())))
    if status != "accepted":
        raise AnswerError
    try:
        receipt = _require_receipt(connection, message, result.get("receipt"))
    except ReceiptRefusedError:
        return Posted("unfinished", code=RECEIPT_REFUSED)
    return Posted("accepted", receipt.signal_id, receipt)


def _require_receipt(connection: Connection, message: Message, answer: Any) -> Receipt:
    receipt = read_receipt(answer)
    public = connection.get_manifest().receipt_public
    require_genuine(receipt, receipt_public=public, body_hash=message.body_hash)
    return receipt


def _keep(connection: Connection, messages: Sequence[Message], posted: Sequence[Posted]) -> list[Posted]:
    """Write down what is final; the rest stays pending."""
    if any(each.code == ENVELOPE_KEY_UNKNOWN for each in posted):
        renew_manifest(connection)
    pairs = list(zip(messages, posted, strict=True))
    signer = connection.get_manifest().receipt_public
    connection.store.accept(
        (message.idempotency_key, each.remote_id, each.receipt, signer if each.receipt else None)
        for message, each in pairs
        if each.remote_id is not None
    )
    connection.store.refuse(
        (message.idempotency_key, each.code or "refused")
        for message, each in pairs
        if each.status == "refused"
    )
    return list(posted)


def add_pending(
    connection: Connection, kind: Kind, posts: Sequence[tuple[Message, str | None, bytes | None]]
) -> None:
    """Write messages down before they are sent, with the own reference and row mark of each."""
    rows = ((kind, message, reference, mark) for message, reference, mark in posts)
    connection.store.add_pending(rows, now=clock.now())
