"""Say a decision in plain words: constant texts per fact code, Dutch at level B1 and English."""

from __future__ import annotations

from enum import StrEnum

from hub.consent.facts import Decision, Fact


class Language(StrEnum):
    """A language in which a decision can be explained."""

    DUTCH = "nl"
    ENGLISH = "en"


_OPENING = {
    (Language.DUTCH, True): "Dit mag. De reden:",
    (Language.DUTCH, False): "Dit mag niet. De reden:",
    (Language.ENGLISH, True): "This is allowed, because:",
    (Language.ENGLISH, False): "This is not allowed, because:",
}

TEXTS: dict[Fact, tuple[str, str]] = {
    Fact.PARTNER_NOT_ADMITTED: (
        "Deze soort organisatie mag geen signaal geven.",
        "This kind of organisation may not signal.",
    ),
    Fact.BASIS_NOT_IN_FORCE: (
        "Er is vandaag geen geldige grondslag met deze code.",
        "No legal basis with this code is in force today.",
    ),
    Fact.BASIS_NOT_FOR_PARTNER: (
        "Deze grondslag geldt niet voor deze soort organisatie.",
        "This legal basis is not for this kind of organisation.",
    ),
    Fact.BRACKET_NOT_IN_LANE: (
        "De leeftijdsgroep past niet bij deze organisatie en deze grondslag.",
        "The age bracket does not fit this organisation and this legal basis.",
    ),
    Fact.BRACKET_UNCERTAIN: (
        "De leeftijdsgroep is voorbij of klopt niet. Geef een nieuw signaal als dat nog nodig is.",
        "The age bracket has ended or is not right. Signal again if it is still needed.",
    ),
    Fact.DECISION_REFERENCE_MISSING: (
        "Het kenmerk van het besluit ontbreekt.",
        "The reference of the decision is missing.",
    ),
    Fact.DECISION_REFERENCE_NOT_NEEDED: (
        "Bij deze grondslag hoort geen kenmerk van een besluit.",
        "No reference of a decision belongs to this legal basis.",
    ),
    Fact.SIGNAL_KIND_OFF: (
        "Deze soort signaal wordt hier niet gebruikt.",
        "This kind of signal is not used here.",
    ),
    Fact.ATTESTATION_MISSING: (
        "De melder heeft niet verklaard dat dit signaal is afgewogen.",
        "The reporter did not declare that this signal was weighed.",
    ),
    Fact.NOTICE_STATE_NOT_ALLOWED: (
        "Bij deze grondslag moet de persoon het weten. Een uitzondering kan hier niet.",
        "Under this legal basis the person must be told. No exception is possible here.",
    ),
    Fact.NOTICE_PENDING: (
        "De persoon weet nog niet van het signaal. Dat moet eerst.",
        "The person was not told of the signal yet. That comes first.",
    ),
    Fact.NOTICE_CONTRADICTED: (
        "Iemand anders verklaarde dat meer ouders of voogden het moeten weten. Dat moet eerst kloppen.",
        "Somebody else attested that more parents or guardians must be told. That must be right first.",
    ),
    Fact.NOT_A_CASE_HOLDER: (
        "Deze soort organisatie heeft geen casemanagers in de hub.",
        "This kind of organisation has no casemanagers in the hub.",
    ),
    Fact.SENDER_NOT_IN_FORCE: (
        "De organisatie van de melder doet vandaag niet mee: zij is vertrokken of haar convenant geldt niet.",
        "The sender's organisation does not take part today: it left, or its covenant is not in force.",
    ),
    Fact.SAME_ORGANISATION: (
        "Beide berichten komen van dezelfde organisatie.",
        "Both messages come from the same organisation.",
    ),
    Fact.RECIPIENT_NOT_ALLOWED: (
        "De ontvanger mag niets horen van deze soort organisatie.",
        "The recipient may not hear anything from this kind of organisation.",
    ),
    Fact.POLICE_DATA_RECIPIENT: (
        "Gegevens van de politie gaan alleen naar het team van de gemeente.",
        "Police data go to the municipality's own team only.",
    ),
    Fact.RESTRICTED: (
        "De verwerking staat stil, omdat er een verzoek van de persoon loopt.",
        "Processing is on hold, because a request of the person is pending.",
    ),
    Fact.FACTS_UNKNOWN: (
        "Niet alle feiten zijn bekend. Dan wordt niemand iets verteld.",
        "Not all facts are known. Then nobody is told.",
    ),
    Fact.OBJECTION: (
        "Er is bezwaar gemaakt. Dat kan van deze persoon zijn. Bij twijfel wordt niemand iets verteld.",
        "There is an objection that may be this person's. When in doubt, nobody is told.",
    ),
    Fact.CONSENT_MISSING: (
        "Er is geen toestemming die hiervoor geldt.",
        "There is no consent that covers this.",
    ),
    Fact.CONSENT_CONTRADICTED: (
        "Er is toestemming, maar iemand anders verklaarde dat meer ouders of voogden die moeten geven.",
        "There is a consent, but somebody else attested that more parents or guardians must give it.",
    ),
    Fact.FEEDBACK_NOT_ALLOWED: ("Deze melder krijgt geen terugkoppeling.", "This sender gets no feedback."),
    Fact.BASIS_IN_FORCE: ("De grondslag geldt vandaag.", "The legal basis is in force today."),
    Fact.NOTICE_GIVEN: ("De persoon weet van het signaal.", "The person was told of the signal."),
    Fact.NOTICE_EXCEPTION: (
        "Er is een vastgelegde uitzondering: de persoon hoeft het nu nog niet te weten.",
        "There is a recorded exception: the person need not be told yet.",
    ),
    Fact.CONSENT_COVERS: ("Er is toestemming die hiervoor geldt.", "There is a consent that covers this."),
    Fact.NO_OBJECTION_KNOWN: ("Er is geen bezwaar bekend.", "No objection is known."),
    Fact.OVERRIDE: (
        "De noodprocedure staat open: iemand van de gemeente vond het nodig, en een ander kijkt dat na.",
        "An override is open: somebody of the municipality found it needed, and another reviews that.",
    ),
    Fact.OBJECTION_PENDING: (
        "Er loopt een bezwaar. Tot daarover is beslist, wordt niemand iets verteld.",
        "An objection is pending. Until it is decided upon, nobody is told.",
    ),
    Fact.NOT_ACTIVE_TOGETHER: (
        "De twee berichten gelden vandaag niet allebei.",
        "The two messages are not both in force today.",
    ),
    Fact.ACTIVE_TOGETHER: (
        "Beide berichten gelden vandaag en mogen naast elkaar worden gelegd.",
        "Both messages are in force today and may be laid side by side.",
    ),
    Fact.ARCHIVE_OFF: ("Het archief staat uit.", "The archive is switched off."),
    Fact.ARCHIVE_NOT_KEPT: (
        "Dit signaal komt niet in het archief: het was onterecht, of er is bezwaar gemaakt.",
        "This signal never enters the archive: it was unjustified, or there was an objection.",
    ),
    Fact.ARCHIVE_OVER: (
        "De termijn van het archief is voorbij, of de persoon is 23 of ouder.",
        "The term of the archive is over, or the person is 23 or older.",
    ),
    Fact.ARCHIVE_ANSWERED: (
        "De nieuwe melder heeft zijn ene bericht al gehad.",
        "The new reporter had the one notice already.",
    ),
    Fact.ARCHIVE_ANSWERS: (
        "Het archief mag dit één keer melden aan de nieuwe melder.",
        "The archive may tell the new reporter of this once.",
    ),
}


def explain(decision: Decision, language: Language = Language.DUTCH) -> str:
    """Say what was decided and why, one reason a line, each with its rule and its source in law."""
    column = 0 if language is Language.DUTCH else 1
    lines = (f"- {TEXTS[why.fact][column]} ({why.rule}; {why.source})" for why in decision.reasons)
    return "\n".join([_OPENING[language, decision.allowed], *lines])
