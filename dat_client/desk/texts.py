"""Every text of the desk: English in the code, Dutch from `locale/nl.po`; codes in words."""

from __future__ import annotations

from pathlib import Path

from dat_client.errors import (
    ClientError,
    HolderProofError,
    IdentifyingReferenceError,
    ManifestRefusedError,
    ReceiptRefusedError,
    StoreError,
    UnavailableError,
    UntrustedServiceError,
)
from look.language import Texts, mark

TEXTS = Texts(Path(__file__).parent / "locale" / "nl.po")
gettext = TEXTS.gettext

# Codes that people meet, in words; a code without words is shown as it is.
CODES = {
    # who it is about
    "no_name": mark("Fill in the birth surname."),
    "unknown_birth_date": mark("The full birth date is needed: day, month and year."),
    "impossible_birth_date": mark("This birth date does not exist."),
    "unreadable_birth_date": mark("Write the birth date as 31-12-2010."),
    "future_birth_date": mark("This birth date lies in the future."),
    "bad_bsn": mark("This citizen service number is not right: check the digits."),
    "too_few_keys": mark("Fill in more: first names, sex, or postcode and house number."),
    "identifying_reference": mark("Your file number holds the name, birth date or BSN: use a number."),
    "sex_not_understood": mark("Choose the sex from the list, or leave it open."),
    # the contact
    "contact_date_not_understood": mark("Fill in on which day the contact was."),
    "contact_date_in_future": mark("The contact lies in the future."),
    "contact_date_too_old": mark("The contact is more than 31 days ago."),
    "kind_not_understood": mark("Choose what kind of contact it was."),
    "legal_basis_not_understood": mark("Fill in the code of the legal basis."),
    "not_weighed": mark("Tick that you weighed this contact."),
    "subject_notice_not_understood": mark("Say whether the person was told."),
    "notice_date_not_understood": mark("Fill in on which day the person was told."),
    "notice_date_in_future": mark("The day on which the person was told lies in the future."),
    "notice_to_not_understood": mark("Choose who was told."),
    "authority_holders_not_understood": mark("Fill in how many parents hold authority: all must be told."),
    "validity_not_understood": mark("The number of months is from 1 to 24."),
    "reporter_not_understood": mark("The reporter’s number is not right."),
    "submitted_by_not_understood": mark("The number of who brings it is not right."),
    "on_behalf_of_not_understood": mark("The organisation’s number is not right."),
    "decision_reference_not_understood": mark("The decision’s number is not right."),
    "secret_address_not_understood": mark("Say with yes or no whether the address is kept secret."),
    "stay_not_understood": mark("Say with yes or no whether somebody stays in care."),
    "casemanager_not_understood": mark("The casemanager’s number is not right."),
    "signal_kind_off": mark("Signals of this kind were not agreed on here. Choose “contact”."),
    # rows of a file
    "row_cell_count": mark("The row has more or fewer cells than the first row."),
    "row_unreadable": mark("The row cannot be read."),
    # what the hub says
    "covenant_not_in_force": mark(
        "The agreement of your organisation is not in force. Warn your administrator."
    ),
    "legal_basis_not_allowed": mark("This legal basis is not for your organisation, or not for this age."),
    "bracket_not_allowed": mark("You may not signal about somebody of this age on this legal basis."),
    "receipt_refused": mark("The receipt is not genuine. Nothing was lost; warn your administrator."),
    # states
    "active": mark("counts"),
    "withdrawn": mark("withdrawn"),
    "expired": mark("over"),
    "erased": mark("erased"),
    "pending": mark("still to be sent"),
    # what is wrong with a file
    "no_table": mark(
        "This cannot be read as a table: is it a CSV file, with the names of the columns above it?"
    ),
    "accents_lost": mark("Letters with accents cannot be read. Save the file as CSV UTF-8."),
    "columns_missing": mark("These columns are missing, and below stands nothing for them:"),
    "column_twice": mark("These columns stand there twice. Keep one of each:"),
    "refused": mark("refused"),
    "accepted": mark("sent"),
    # what may be heard back
    "heard_taken_up": mark("it was taken up"),
    "heard_in_contact": mark("the municipality was in contact already"),
    "heard_closed": mark("it is closed"),
    "heard_joint_consideration": mark("help and enforcement were weighed together"),
    # kinds
    "contact": mark("contact"),
    "concern": mark("contact with a concern"),
    # legal bases
    "JW_7_1_4_1": mark("Youth: reasonable suspicion (Jeugdwet 7.1.4.1)"),
    "JW_WMO_TASK": mark("Task of the municipality (Jeugdwet, Wmo)"),
    "CONSENT": mark("Consent"),
    "NO_OBJECTION": mark("No objection after being told"),
    "WPG_YOUTH": mark("Police, youth (Wpg)"),
    "WPG_ADULT": mark("Police, adults (Wpg)"),
    # who must be told or must consent
    "subject": mark("the young person or adult themself"),
    "representative": mark("each parent or guardian with authority"),
    # who may hear
    "municipal_team": mark("the municipality’s team"),
}

UNREADABLE = frozenset({"no_table", "accents_lost", "columns_missing", "column_twice"})

ERRORS: dict[type[ClientError], str] = {
    UnavailableError: mark("The hub or the key holder cannot be reached now. Try again later."),
    UntrustedServiceError: mark("The certificate of the service is not trusted. Warn your administrator."),
    ManifestRefusedError: mark("The list of keys is not genuine or too old. Warn your administrator."),
    HolderProofError: mark("A key holder gave a wrong answer. Nothing was sent. Warn your administrator."),
    ReceiptRefusedError: mark("The receipt is not genuine. Nothing was lost; warn your administrator."),
    IdentifyingReferenceError: CODES["identifying_reference"],
    StoreError: mark("The disk is full, or another program is busy with the same file. Try again."),
}
UNKNOWN = mark("That did not work. Warn your administrator.")

# What happened, said above the next page; a code in the address, never a text.
SAID = {
    "posted": mark("Sent. The signed receipt is kept. The form is empty for the next one."),
    "registered": mark("Registered. The form is empty for the next one."),
    "kept": mark("Sealed and kept, but the hub has not taken it yet. Send it again later."),
    "sent": mark("What was kept is sent."),
    "withdrawn": mark("Withdrawn. Whoever heard of it is told so."),
    "twice": mark("That form was sent already. It was not sent twice."),
}


def say_code(code: str) -> str:
    """Say a code in words."""
    return gettext(CODES[code]) if code in CODES else code


def say_error(error: ClientError) -> str:
    """Say what went wrong, and never more than that."""
    code = getattr(error, "code", "")
    return say_code(code) if code else gettext(ERRORS.get(type(error), UNKNOWN))
