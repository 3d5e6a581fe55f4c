"""Register persons as pseudonyms, and tell which registrations agree."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select

from hub.audit import destruction
from hub.audit.destruction import Destruction
from hub.subjects import store
from hub.subjects.keys import SubjectKeys
from hub.subjects.models import RegistrationKind
from hub.subjects.once import find_read, reading_once
from hub.subjects.opening import Pseudonyms, Quarantined, open_pseudonyms, require_known_key, write_tokens
from hub.subjects.policy import BSN, PERSON, Verdict, bsn_differs, is_linkable, judge, list_agreed
from hub.subjects.receiving import NO_END, as_sent, open_sent
from service.datakeys.sealing import key_id_of
from service.work import Work

__all__ = [
    "NO_END", "Agreement", "Destruction", "NewRegistration", "Pseudonyms", "Quarantined", "RegistrationKind",
    "SubjectKeys", "Verdict", "as_sent", "claim_changed", "count_linkable", "end_registrations", "enqueue",
    "erase_registrations", "find_agreeing", "find_by_key", "find_destruction", "find_ever_agreeing",
    "find_kin", "find_owners", "list_erased", "lock_registrations", "may_agree", "move_registrations",
    "open_pseudonyms", "open_sent", "reading_once", "request_destruction", "require_known_key",
    "store_registrations",
]  # fmt: skip


NEVER_MATCHED = frozenset({RegistrationKind.REQUEST, RegistrationKind.HONEY, RegistrationKind.EXCLUDED})
HOME = 50  # registrations at one address or of one parent; more is no household, whatever a register says


@dataclass(frozen=True, slots=True)
class NewRegistration:
    """A person to register; `pseudonyms` must have been opened for this very id."""

    id: UUID
    kind: RegistrationKind
    organisation_id: UUID
    active_from: datetime
    active_until: datetime
    pseudonyms: Pseudonyms | Quarantined


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two registrations that may be one person: `left` was asked about, `right` is of a kind asked for.

    Attributes:
        agreed: names of the token types in which they agree; never values.
        verdict: SAME or POSSIBLE.
    """

    left: UUID
    right: UUID
    agreed: frozenset[str]
    verdict: Verdict


def store_registrations(work: Work, items: Sequence[NewRegistration]) -> None:
    """Store registrations with their index rows and queue them for the worker, in a few statements.

    Raises:
        ValueError: The pseudonyms were opened for another registration.
    """
    if any(item.id != item.pseudonyms.registration_id for item in items):
        raise ValueError("pseudonyms belong to another registration")
    store.insert_registrations(work.session, [_registration_row(item) for item in items])
    store.insert_index(work.session, [row for item in items for row in _index_rows(item)])
    matched = [item.id for item in items if item.kind not in NEVER_MATCHED]
    store.enqueue_new(work.session, matched, now=work.now)


def end_registrations(work: Work, ids: Collection[UUID]) -> None:
    """End registrations under their lock, and queue them so that what hung on them is looked at.

    Queue first, then registration: the same order as the worker, so that neither waits for the other.
    """
    store.enqueue(work.session, ids, now=work.now)
    store.lock(work.session, ids)
    store.end(work.session, ids, now=work.now)


def move_registrations(work: Work, ids: Collection[UUID], *, organisation_id: UUID) -> None:
    """Let another organisation be the one that registered these, and have the worker look at them again."""
    store.enqueue(work.session, ids, now=work.now)
    store.lock(work.session, ids)
    store.change_owner(work.session, ids, organisation_id=organisation_id)


def erase_registrations(work: Work, ids: Collection[UUID]) -> None:
    """Delete registrations, elements, index rows and data keys for good; queue what hung on them."""
    store.enqueue(work.session, ids, now=work.now)
    store.lock(work.session, ids)
    request_destruction(work, ids)
    store.erase(work.session, ids)


def request_destruction(work: Work, ids: Collection[UUID]) -> None:
    """Have the data keys of registrations or matches destroyed once this transaction is committed.

    What is sealed under them can then be read by nobody, in no copy of the database: the elements, and what
    the log says of them. Ask before the registrations are deleted; `find_destruction` has the proof.

    Source:
        AVG art. 17; audit-and-reliability.md, 1.4.
    """
    found = store.find_sealed(work.session, ids)
    destruction.request_destruction(
        work, {id_: key_id_of(found[id_]) if id_ in found else None for id_ in ids}
    )


def list_erased(work: Work, ids: Collection[UUID]) -> set[UUID]:
    """Return those of the registrations or matches that were erased."""
    return destruction.list_erased(work, ids)


def find_by_key(work: Work, keys: Collection[bytes]) -> dict[UUID, tuple[UUID, RegistrationKind]]:
    """Return who registered, and for what, whatever is sealed under these data keys."""
    found = store.find_by_key(work.session, keys)
    return {id_: (owner, RegistrationKind(kind)) for id_, (owner, kind) in found.items()}


def find_destruction(work: Work, ids: Collection[UUID]) -> dict[UUID, Destruction | None]:
    """Return the signed proof for each, or None while it was not asked for or not done."""
    return destruction.find_destructions(work, ids)


def enqueue(work: Work, ids: Collection[UUID]) -> None:
    """Have the worker look at registrations again."""
    store.enqueue(work.session, ids, now=work.now)


def claim_changed(work: Work, limit: int) -> list[UUID]:
    """Take new, changed, ended and erased registrations from the queue, oldest first.

    They are taken for good when this unit of work commits, and given back when it does not.
    """
    return store.dequeue(work.session, limit)


def lock_registrations(work: Work, ids: Collection[UUID]) -> None:
    """Lock registrations in sorted order, so that nothing about them changes until this unit of work ends.

    Lock, then look again: what was read before may have ended meanwhile.

    Source:
        audit-and-reliability.md, 2.2.
    """
    store.lock(work.session, ids)


def find_agreeing(
    work: Work, registration_ids: Collection[UUID], *, kinds: Collection[RegistrationKind]
) -> list[Agreement]:
    """Find every registration of these kinds that may be the same person as one of those asked about.

    Both must be active now. A pair comes once; with both sides asked about, the smaller id is left where the
    kinds allow it. Registrations whose service numbers differ do not agree at all.
    """
    wanted = frozenset(str(kind) for kind in kinds)
    if read := find_read(work, registration_ids):
        asked = {id_: read.asked[id_] for id_ in registration_ids if id_ in read.asked}
        return _agreeing(asked, read.found, wanted)
    return _find_agreeing(work, registration_ids, kinds=wanted, now=work.now)


def find_ever_agreeing(
    work: Work, registration_ids: Collection[UUID], *, kinds: Collection[RegistrationKind]
) -> list[Agreement]:
    """Find every registration of these kinds that is kept, ended ones too, and may be the same person.

    For a citizen's request, so that whatever is kept can be seen and erased, and for those who do not exist.
    """
    wanted = frozenset(str(kind) for kind in kinds)
    return _find_agreeing(work, registration_ids, kinds=wanted, now=None)


def may_agree(work: Work, registration_ids: Collection[UUID], *, among: Select[UUID]) -> bool:
    """Tell, in one question, whether any registration of a query may be the same person as one of these.

    For what is rarely so and asked at each showing: it spares reading persons where nobody can be meant.
    """
    read = find_read(work, registration_ids)
    asked = read.asked if read else {}
    if read is None:
        asked = {one.id: one for one in store.find_active(work.session, registration_ids, now=None)}
    wanted = [asked[id_] for id_ in registration_ids if id_ in asked]
    indexes = {token.index for one in wanted for token in one.tokens if token.token_type in PERSON}
    return store.is_carried(work.session, indexes, among)


def find_kin(work: Work, ids: Collection[UUID], *, types: frozenset[str]) -> frozenset[tuple[UUID, UUID]]:
    """Find the signals and cases of somebody else in the same household as those asked about.

    Both must be active now. Whoever may be the same person is no kin, and neither is who lives at an address
    that is excluded. A signal tells of its household only beside a service number: else its poster would have
    one bit more to say to others than eight.

    Args:
        types: in which of the types of a household they must agree.

    Returns:
        Pairs of one that was asked about and one of another person.

    Source:
        MAT-03, MAT-04, MAT-05.
    """
    asked = [one for one in store.find_active(work.session, ids, now=work.now) if _tells_home(one)]
    indexes = {token.index for one in asked for token in one.tokens if token.token_type in types}
    kinds = [RegistrationKind.SIGNAL.value, RegistrationKind.CASE.value, RegistrationKind.EXCLUDED.value]
    found = store.find_by_index(work.session, indexes, kinds=kinds, now=work.now)
    homes = {idx: there for idx, there in found.items() if _is_home(there)}
    return frozenset(
        (left.id, right.id)
        for left in asked
        for index in {token.index for token in left.tokens} & homes.keys()
        for right in homes[index]
        if right.id != left.id and _tells_home(right) and _are_two(left, right)
    )


def _tells_home(one: store.Found) -> bool:
    return one.kind != RegistrationKind.SIGNAL or any(token.token_type == BSN for token in one.tokens)


def _is_home(there: Sequence[store.Found]) -> bool:
    return len(there) <= HOME and all(one.kind != RegistrationKind.EXCLUDED for one in there)


def _are_two(left: store.Found, right: store.Found) -> bool:
    agreed = list_agreed(left.tokens, right.tokens)
    return judge(agreed, veto=bsn_differs(left.tokens, right.tokens)) is Verdict.DIFFERENT


def find_owners(work: Work, ids: Collection[UUID]) -> dict[UUID, tuple[UUID, RegistrationKind]]:
    """Return who registered each of these registrations, and for what."""
    return {id_: (owner, RegistrationKind(kind)) for id_, owner, kind in store.find_owners(work.session, ids)}


def count_linkable(work: Work, organisation_id: UUID, *, newest: int) -> tuple[int, int]:
    """Count an organisation's newest signals, and those of them that another registration can agree with."""
    found = store.list_newest_tokens(work.session, organisation_id, limit=newest)
    return len(found), sum(not held and is_linkable(tokens) for held, tokens in found)


def _find_agreeing(
    work: Work, ids: Collection[UUID], *, kinds: frozenset[str], now: datetime | None
) -> list[Agreement]:
    asked = {one.id: one for one in store.find_active(work.session, ids, now=now)}
    indexes = {token.index for one in asked.values() for token in one.tokens if token.token_type in PERSON}
    found = store.find_by_index(work.session, indexes, kinds=kinds, now=now)
    return _agreeing(asked, found, kinds)


def _agreeing(
    asked: Mapping[UUID, store.Found], found: Mapping[bytes, Sequence[store.Found]], kinds: frozenset[str]
) -> list[Agreement]:
    pairs = dict(_pairs(asked, found, kinds))
    return [agreement for agreement in map(_agree, pairs.values()) if agreement is not None]


def _registration_row(item: NewRegistration) -> tuple[object, ...]:
    opened = item.pseudonyms
    head = (item.id, item.kind.value, item.organisation_id, item.active_from, item.active_until)
    if isinstance(opened, Quarantined):
        return (*head, opened.reason, 0, b"", opened.data_key.id)
    return (*head, None, opened.epoch, write_tokens(opened.tokens), opened.sealed)


def _index_rows(item: NewRegistration) -> list[tuple[bytes, UUID]]:
    opened = item.pseudonyms
    if isinstance(opened, Quarantined):
        return []
    return [(index, item.id) for index in {token.index for token in opened.tokens}]


def _pairs(
    asked: Mapping[UUID, store.Found], found: Mapping[bytes, Sequence[store.Found]], kinds: frozenset[str]
) -> Iterator[tuple[frozenset[UUID], tuple[store.Found, store.Found]]]:
    """Name each pair once: the later of two orientations wins, which is the one with the smaller id left."""
    for left in sorted(asked.values(), key=lambda one: one.id, reverse=True):
        for token in left.tokens:
            for right in found.get(token.index, ()):
                if right.id != left.id and right.kind in kinds:
                    yield frozenset((left.id, right.id)), (left, right)


def _agree(pair: tuple[store.Found, store.Found]) -> Agreement | None:
    left, right = pair
    agreed = list_agreed(left.tokens, right.tokens)
    verdict = judge(agreed, veto=bsn_differs(left.tokens, right.tokens))
    return None if verdict is Verdict.DIFFERENT else Agreement(left.id, right.id, agreed, verdict)
