"""What a notice may show at each level: rules over exactly the facts they may see."""

from __future__ import annotations

from dataclasses import dataclass

DOMAIN, ORGANISATION, PROFESSIONAL = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Sender:
    """Who left a signal: domain of the organisation, its name, and how its reporter is reached."""

    domain: str
    name: str
    contact: str | None


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What is shown of a sender.

    Attributes:
        police_origin: what is told comes from the police: for this task only, and bound to secrecy. CON-14.
    """

    partner: str | None = None
    reporter_contact: str | None = None
    police_origin: bool = False


def disclose(level: int, sender: Sender | None, *, police_origin: bool = False) -> Disclosed:
    """Show of a sender what the level allows: nothing, its domain, its name, or whom to call.

    The marker of the police says as much as their domain, so it is shown from there on and never below.

    Source:
        MAT-12, MAT-13, CON-14; Jeugdwet 7.1.4.3(2); Wpg 7(2).
    """
    if sender is None or level < DOMAIN:
        return Disclosed()
    if level < ORGANISATION:
        return Disclosed(partner=sender.domain, police_origin=police_origin)
    contact = sender.contact if level >= PROFESSIONAL else None
    return Disclosed(partner=sender.name, reporter_contact=contact, police_origin=police_origin)


def needs_verification(agreed: frozenset[str]) -> bool:
    """Tell whether the recipient must verify the person first: on keys alone it may be somebody else.

    Source:
        MAT-11; AVG 5(1)(d).
    """
    return "bsn" not in agreed
