"""The pages of the desk: one form, a file, the own signals and receipts."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from starlette.responses import Response

from dat_client import clock
from dat_client.columns import CASE_FIELDS, PERSON_FIELDS, SIGNAL_FIELDS
from dat_client.desk.held import HeldFile, HeldForm
from dat_client.desk.texts import UNREADABLE, say_code, say_error
from dat_client.desk.visiting import Page, Visit, go_to, render
from dat_client.errors import ClientError, UnknownReferenceError
from dat_client.facts import WithdrawalReason
from dat_client.rows import RowError
from dat_client.store import Kind, State
from dat_client.tables import TableError

PAGE_SIZE = 100
PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
REASONS: tuple[WithdrawalReason, ...] = ("reason_gone", "unjustified")
FIELDS = {*PERSON_FIELDS, *SIGNAL_FIELDS, *CASE_FIELDS}
FIELD_OF = {
    "no_name": "geslachtsnaam",
    "unknown_birth_date": "geboortedatum",
    "impossible_birth_date": "geboortedatum",
    "unreadable_birth_date": "geboortedatum",
    "future_birth_date": "geboortedatum",
    "bad_bsn": "bsn",
    "too_few_keys": "voornamen",
    "identifying_reference": "referentie",
    "contact_date_not_understood": "contactdatum",
    "contact_date_in_future": "contactdatum",
    "contact_date_too_old": "contactdatum",
    "kind_not_understood": "soort",
    "signal_kind_off": "soort",
    "legal_basis_not_understood": "grondslag",
    "not_weighed": "afweging",
    "notice_date_not_understood": "kennisgeving_op",
    "notice_date_in_future": "kennisgeving_op",
    "notice_to_not_understood": "kennisgeving_aan",
    "authority_holders_not_understood": "gezagdragers",
}


def show_form(visit: Visit) -> Response:
    """Show the one form, empty."""
    return _form(visit, HeldForm({}, clock.now()))


def show_held(visit: Visit) -> Response:
    """Show the form as it was filled in, with what is wrong or who would hear of it."""
    held = visit.desk.forms.find(str(visit.request.path_params["name"]))
    return _form(visit, held) if held else go_to("/")


def look_ahead(visit: Visit) -> Response:
    """See who would be told what."""
    fields = visit.fields
    try:
        visit.desk.judge({**fields, "afweging": fields.get("afweging") or "ja"})
        ahead = visit.desk.look_ahead(fields, visit.language)
    except (RowError, ClientError) as error:
        return _hold(visit, wrong=error)
    return _hold(visit, ahead=ahead, looked=True)


def send(visit: Visit) -> Response:
    """Post what the form says, once."""
    try:
        outcome = visit.desk.send(visit.fields, visit.fields.get("once", ""))
    except (RowError, ClientError) as error:
        return _hold(visit, wrong=error)
    return go_to("/", said=outcome)


def _hold(visit: Visit, **facts: Any) -> Response:
    return go_to(f"/form/{visit.desk.forms.hold(HeldForm(visit.fields, clock.now(), **facts))}")


def _form(visit: Visit, held: HeldForm) -> Response:
    code = getattr(held.wrong, "code", "")
    said = say_error(held.wrong) if isinstance(held.wrong, ClientError) else say_code(code)
    facts: dict[str, Any] = {"fields": held.fields, "ahead": held.ahead, "looked": held.looked}
    return render(
        visit, "form.html", wrong=said, place=FIELD_OF.get(code, ""), today=visit.desk.today, **facts
    )


def show_upload(visit: Visit) -> Response:
    """Show where a file is dropped, or rows are pasted; columns are named by our own fields."""
    asked = visit.request.query_params
    why = asked.get("why", "")
    said = say_code(why) if why in UNREADABLE else None
    named = [name for name in asked.get("columns", "").split(".") if name in FIELDS]
    facts: dict[str, Any] = {"wrong": said, "named": named, "today": visit.desk.today}
    return render(visit, "upload.html", place="", fields={}, **facts)


def judge_file(visit: Visit) -> Response:
    """Judge a file and show the report; nothing is sent."""
    content = visit.form.file or visit.fields.pop("regels", "").encode()
    try:
        name = visit.desk.hold_file(content, visit.fields)
    except TableError as error:
        return go_to(f"/file?why={error.code}&columns={'.'.join(getattr(error, 'fields', ()))}")
    return go_to(f"/file/{name}")


def show_file(visit: Visit) -> Response:
    """Show what would become of a file, or what became of it."""
    held = _find_file(visit)
    return render(visit, "file.html", held=held) if held else go_to("/file")


def send_file(visit: Visit) -> Response:
    """Post a file that was judged."""
    if held := _find_file(visit):
        visit.desk.send_file(held)
    return go_to(visit.request.url.path.removesuffix("/post"))


def _find_file(visit: Visit) -> HeldFile | None:
    return visit.desk.files.find(str(visit.request.path_params["name"]))


def list_signals(visit: Visit) -> Response:
    """Show a page of the own signals."""
    try:
        signals, following = visit.desk.client.read_signals(visit.request.query_params.get("after"))
    except ClientError as error:
        return _explain(visit, error)
    return render(visit, "signals.html", signals=signals, following=following)


def list_heard(visit: Visit) -> Response:
    """Show what may be heard back of what was sent from here; nothing else is no news of any kind.

    The hub tells an organisation, and a colleague's signals are the colleague's.
    """
    client, asked = visit.desk.client, visit.request.query_params.get("page", "")
    page = int(asked) if PAGE_NUMBER.fullmatch(asked) else 1
    try:
        told = client.list_feedback()
    except ClientError as error:
        return _explain(visit, error)
    heard = [(one, post.reference) for one in told if (post := client.store.find_by_remote_id(one.signal_id))]
    end = page * PAGE_SIZE
    following = page + 1 if len(heard) > end else None
    return render(visit, "heard.html", heard=heard[end - PAGE_SIZE : end], following=following)


def show_signal(visit: Visit) -> Response:
    """Show one own signal with its receipt; the number that a casemanager reads out leads here."""
    signal_id = _signal_id(visit)
    try:
        signal = visit.desk.client.show_signal(signal_id)
    except ClientError as error:
        return _explain(visit, error)
    post = visit.desk.client.store.find_by_remote_id(signal_id)
    receipt = post.receipt if post else None
    return render(visit, "signal.html", signal=signal, receipt=receipt, reasons=REASONS)


def withdraw(visit: Visit) -> Response:
    """Withdraw one own signal."""
    reason = visit.fields.get("reden")
    try:
        if reason in REASONS:
            visit.desk.client.withdraw(_signal_id(visit), reason=reason)
    except ClientError as error:
        return _explain(visit, error)
    return go_to("/signals", said="withdrawn" if reason in REASONS else "")


def _signal_id(visit: Visit) -> UUID:
    return UUID(str(visit.request.path_params["signal"]))


def show_receipts(visit: Visit) -> Response:
    """Check every kept receipt on this machine, and show what is still to be sent."""
    good, bad = visit.desk.client.verify_receipts()
    refused = list(visit.desk.client.store.list_posts(kind=Kind.SIGNAL, state=State.REFUSED))
    return render(visit, "receipts.html", good=good, bad=bad, refused=refused)


def send_pending(visit: Visit) -> Response:
    """Send again what has no answer yet: the same bytes under the same keys."""
    try:
        visit.desk.client.finish_pending()
    except ClientError as error:
        return _explain(visit, error)
    return go_to("/receipts", said="sent")


def _explain(visit: Visit, error: ClientError) -> Response:
    status = 404 if isinstance(error, UnknownReferenceError) or getattr(error, "status", 0) == 404 else 503
    return render(visit, "error.html", status=status, wrong=say_error(error))


PAGES = (
    Page("GET", "/", show_form),
    Page("GET", "/form/{name}", show_held),
    Page("POST", "/look", look_ahead),
    Page("POST", "/post", send),
    Page("GET", "/file", show_upload),
    Page("POST", "/file", judge_file),
    Page("GET", "/file/{name}", show_file),
    Page("POST", "/file/{name}/post", send_file),
    Page("GET", "/heard", list_heard),
    Page("GET", "/signals", list_signals),
    Page("GET", "/signals/{signal:uuid}", show_signal),
    Page("POST", "/signals/{signal:uuid}/withdraw", withdraw),
    Page("GET", "/receipts", show_receipts),
    Page("POST", "/receipts/pending", send_pending),
)
