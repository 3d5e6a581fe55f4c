"""What each alarm says, in plain Dutch and English: constants, with the numbers beside them."""

from __future__ import annotations

from hub.alarms.values import AlarmCode

TEXTS: dict[AlarmCode, tuple[str, str]] = {
    AlarmCode.UNPOSTED_EVALUATIONS: (
        "Deze organisatie liet in een uur veel meer pseudoniemen maken dan zij heeft gebruikt. Vraag waarom.",
        "This organisation had many more pseudonyms made in an hour than it used. Ask why.",
    ),
    AlarmCode.OVER_CASELOAD: (
        "Deze organisatie meldt meer personen dan past bij de mensen met wie zij werkt. Vraag waarom.",
        "This organisation registers more persons than fit the people it works with. Ask why.",
    ),
    AlarmCode.BURST: (
        "Deze melder gaf in een uur ongewoon veel signalen af. Ga na of dit werk is of een lijst.",
        "This reporter left unusually many signals in an hour. Find out whether it is work or a list.",
    ),
    AlarmCode.PROBING: (
        "Deze melder trok signalen snel weer in. Dat past bij proberen of iemand bekend is.",
        "This reporter took signals back soon. That fits trying whether somebody is known.",
    ),
    AlarmCode.IDLE_CASES: (
        "Bij deze casemanager volgde op aangemelde dossiers geen werk. Ga na waarom zij zijn aangemeld.",
        "No work followed on cases of this casemanager. Find out why they were registered.",
    ),
    AlarmCode.HONEY_TOKEN: (
        "Er is iemand gemeld die niet bestaat. Behandel dit als een incident.",
        "Somebody was registered who does not exist. Treat this as an incident.",
    ),
    AlarmCode.LOG_CHANGED: (
        "Het logboek is niet meer zoals het getekend is. Bewaar uw eigen afschrift en vraag AUD-08.",
        "The log is no longer as it was signed. Keep your own copy, and ask AUD-08.",
    ),
    AlarmCode.LOG_UNVERIFIED: (
        "Het logboek is al twee dagen niet nagerekend. Vraag de beheerder of de getuige bereikbaar is.",
        "The log was not recomputed for two days. Ask the operator whether its witness can be reached.",
    ),
    AlarmCode.UNUSUAL_READING: (
        "Iemand las ongewoon veel of buiten de eigen taak. Vraag AUD-04 of AUD-08.",
        "Somebody read unusually much, or outside their task. Ask AUD-04 or AUD-08.",
    ),
}
