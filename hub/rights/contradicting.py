"""Who of the municipality sees that attestations of authority contradict each other, to have it put right.

Nobody else can: the team may not know that there is a signal, and a reporter not that there is another. An
officer sees numbers, never a person, and asks each organisation of the own municipality to look in the
register of authority (gezagsregister) and to attest anew; for another's only the desk that answers for it.
The number of what that registered would, beside a rights request, say whom it knows. Source: TRA-05.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from hub.audit.service import record
from hub.consent.remembering import find_attestations, find_withdrawn_attestations
from hub.consent.service import policy_in_force
from hub.matches.contradicted import Contradicted, list_contradicted
from hub.matches.viewers import SeenOn, note_viewer
from hub.partners.desks import supervised_by
from hub.partners.service import Staff, find_partners, get_partner
from hub.rights.desks import PAGE, find_desks, require_officer
from hub.rights.events import ContradictionsListed
from hub.rights.values import Attestation, Contradiction, Said
from hub.signals.service import get_signals
from hub.subjects.service import RegistrationKind, Verdict, find_agreeing
from service.work import Work

KINDS = (RegistrationKind.SIGNAL, RegistrationKind.CONSENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """How many hold authority, by whoever attested it.

    Attributes:
        own: whether the reader's municipality answers for the organisation.
        desk_id: of another municipality's organisation, the desk to ask, as far as it was recorded.
        shown: False where the reader may not hear of it.
    """

    kind: Literal["signal", "consent"]
    organisation_id: UUID
    holders: int
    own: bool
    desk_id: UUID | None
    shown: bool


def list_contradictions(work: Work) -> list[Contradiction]:
    """List what waits since two attest differently how many hold authority, for the municipality's officers.

    Raises:
        RoleNotAllowedError: The key is not of an officer.

    Source:
        CON-07; AVG 5(1)(d); Jeugdwet 7.1.2.2(3): the reporter gives the college all information.
    """
    officer = require_officer(work)
    own = supervised_by(work, officer.organisation_id)
    waiting = list_contradicted(work, own, limit=PAGE)
    said = _attested(work, {id_ for one in waiting for id_ in one.registration_ids}, officer, own)
    found = list(_group(waiting, said))
    shown = {id_ for one in found for id_ in one.match_ids}
    note_viewer(work, officer, shown, SeenOn.CONTRADICTED)
    count = {"count": len(shown)}
    record(work, ContradictionsListed(organisation_id=officer.organisation_id, detail=count))
    return found


def _group(
    waiting: Collection[Contradicted], said: Mapping[UUID, Mapping[UUID, Number]]
) -> Iterator[Contradiction]:
    """Give one contradiction for all that waits for the same people to attest anew, where there are any."""
    groups: dict[frozenset[UUID], tuple[dict[UUID, Number], list[Contradicted]]] = {}
    for one in waiting:
        numbers = {id_: number for own in one.registration_ids for id_, number in said.get(own, {}).items()}
        groups.setdefault(frozenset(numbers), (numbers, []))[1].append(one)
    for numbers, held in groups.values():
        attestations = tuple(_weigh(numbers))
        if not attestations:
            continue
        yield Contradiction(
            match_ids=tuple(one.match_id for one in held),
            matched_at=min(one.matched_at for one in held),
            facts=tuple(sorted({fact for one in held for fact in one.facts})),
            attestations=attestations,
        )


def _weigh(numbers: Mapping[UUID, Number]) -> Iterator[Attestation]:
    """Say who attested the most, and who fewer: enough to ask, while a number is of somebody's choice."""
    most = max((number.holders for number in numbers.values()), default=0)
    for id_, number in sorted(numbers.items()):
        if not number.shown:
            continue
        yield Attestation(
            about_kind=number.kind,
            about_id=id_ if number.own else None,
            organisation_id=number.organisation_id if number.own else None,
            desk_id=number.desk_id,
            said=Said.MOST if number.holders == most else Said.FEWER,
        )


def _attested(
    work: Work, ids: Collection[UUID], officer: Staff, own: Collection[UUID]
) -> dict[UUID, dict[UUID, Number]]:
    """Find for each of these what is attested about surely the same person, in signals and in consents."""
    agreeing = find_agreeing(work, ids, kinds=KINDS)
    same = {(one.left, one.right) for one in agreeing if one.verdict is Verdict.SAME}
    same |= {(id_, one) for id_, taken in find_withdrawn_attestations(work, ids).items() for one in taken}
    numbers = _numbers(work, {*ids, *(id_ for pair in same for id_ in pair)}, officer, own)
    found = {id_: {id_: numbers[id_]} if id_ in numbers else {} for id_ in ids}
    for left, right in same:
        for mine, theirs in ((left, right), (right, left)):
            if mine in found and theirs in numbers:
                found[mine][theirs] = numbers[theirs]
    return found


def _numbers(work: Work, ids: Collection[UUID], officer: Staff, own: Collection[UUID]) -> dict[UUID, Number]:
    signals = get_signals(work, ids)
    told = {id_: (one.organisation_id, one.authority_holders or 0) for id_, one in signals.items()}
    said = told | find_attestations(work, ids)
    organisations = {organisation_id for organisation_id, _ in said.values()}
    hidden = _hidden(work, organisations, officer)
    desks = find_desks(work, organisations - set(own))
    return {
        id_: Number(
            kind="signal" if id_ in signals else "consent",
            organisation_id=organisation_id,
            holders=holders,
            own=organisation_id in own,
            desk_id=desks.get(organisation_id),
            shown=organisation_id not in hidden,
        )
        for id_, (organisation_id, holders) in said.items()
        if holders
    }


def _hidden(work: Work, ids: Collection[UUID], officer: Staff) -> set[UUID]:
    """Name the police, where the officer's organisation may not hear of what is theirs. Source: CON-14."""
    rules = policy_in_force(work)
    if get_partner(work, officer.organisation_id).kind in rules.police_data_recipients:
        return set()
    rows = {id_: rules.find_partner(one.kind) for id_, one in find_partners(work, ids).items()}
    return {id_ for id_, row in rows.items() if row is None or row.police_origin}
