"""Turn people and facts into sealed messages, many at once; one that cannot be used never stops the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid4

from dat_client import clock
from dat_client.connection import Connection
from dat_client.errors import IdentifyingReferenceError
from dat_client.evaluations import Purpose
from dat_client.facts import Home
from dat_client.identity.person import Person, RefusalReason, RefusedPersonError
from dat_client.identity.tokens import MAX_TOKENS, TokenFields, household_tokens, person_tokens
from dat_client.messages import Message, Sealer, age_facts
from dat_client.references import require_neutral_reference
from keys.protocol.envelope import Entry

IDENTIFYING_REFERENCE = "identifying_reference"
HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be sealed: a person, the open facts, on whose account, and whether the age belongs to it."""

    person: Person = field(repr=False)
    facts: Mapping[str, object]
    reporter: UUID
    reference: str | None = None
    tells_age: bool = True
    home: Home | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was not made or not taken: a code from a closed list, and places, never values."""

    code: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is sealed of one draft: the open facts, and the inputs of tokens, which never leave."""

    facts: Mapping[str, object]
    tokens: Sequence[TokenFields] = field(repr=False)


def prepare(connection: Connection, drafts: Sequence[Draft], *, purpose: Purpose) -> list[Message | Refusal]:
    """Seal every draft under a new idempotency key, or say why not, in the order given."""
    today = clock.dutch_date(clock.now())
    prepared = [read_draft(draft, schemes=connection.configuration.schemes, today=today) for draft in drafts]
    results: list[Message | Refusal] = [Refusal("unfinished")] * len(drafts)
    by_reporter: dict[UUID, list[int]] = {}
    for number, inputs in enumerate(prepared):
        if isinstance(inputs, Refusal):
            results[number] = inputs
        else:
            by_reporter.setdefault(drafts[number].reporter, []).append(number)
    for reporter, numbers in by_reporter.items():
        usable = [inputs for number in numbers if not isinstance(inputs := prepared[number], Refusal)]
        messages = _seal_all(connection, usable, reporter=reporter, purpose=purpose)
        for number, message in zip(numbers, messages, strict=True):
            results[number] = message
    return results


def prepare_address(connection: Connection, place: Person, *, reporter: UUID) -> Message | Refusal:
    """Seal an address alone, of nobody, under a new idempotency key, or say that it is none."""
    tokens = household_tokens(place)
    if not tokens:
        return Refusal(RefusalReason.TOO_FEW_KEYS.value)
    return _seal_all(connection, [Inputs({}, tokens)], reporter=reporter, purpose="case")[0]


def read_draft(draft: Draft, *, schemes: frozenset[str], today: date) -> Inputs | Refusal:
    """Normalise one person; nothing is sent for this."""
    try:
        require_neutral_reference(draft.reference, draft.person)
        tokens = person_tokens(draft.person, schemes=schemes, today=today)
        tokens += _home_tokens(draft, today=today)[: MAX_TOKENS - len(tokens)] if HOUSEHOLD in schemes else ()
        age = age_facts(draft.person, today=today) if draft.tells_age else {}
    except RefusedPersonError as refused:
        return Refusal(refused.reason.value)
    except IdentifyingReferenceError:
        return Refusal(IDENTIFYING_REFERENCE)
    return Inputs({**draft.facts, **age}, tokens)


def _home_tokens(draft: Draft, *, today: date) -> tuple[TokenFields, ...]:
    if draft.home is None:
        return ()
    somewhere = replace(draft.person, postcode="") if draft.home.secret_address else draft.person
    return household_tokens(somewhere, parents=draft.home.parents, today=today)


def _seal_all(
    connection: Connection, inputs: Sequence[Inputs], *, reporter: UUID, purpose: Purpose
) -> list[Message]:
    maker = connection.get_pseudonymiser()
    people = maker.make_entries([each.tokens for each in inputs], reporter=reporter, purpose=purpose)
    sealer = Sealer(maker.manifest, connection.configuration.organisation_id, clock.now())

    def seal(each: Inputs, entries: Sequence[Entry]) -> Message:
        return sealer.seal(uuid4(), each.facts, entries)

    return list(connection.workers.map(seal, inputs, people))
