"""Log in, log out, and see where one is logged in."""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import unquote

from starlette.responses import RedirectResponse, Response

from hub.logins.errors import LoginRefusedError, LoginUnavailableError
from hub.logins.provider import Handshake, Identity, Provider
from hub.logins.sessions import end_at_provider, end_own, find_caller, list_sessions, open_session
from hub.notices.rhythm import Rhythm, choose_rhythm, find_rhythm, offered
from hub.partners.service import find_staff
from hub.web.front import SESSION_COOKIE
from hub.web.rendering import render, send_onward
from hub.web.visiting import PUBLIC, SEE_OTHER, Page, Visit, go_to, new_token
from keys.protocol.encoding import b64u
from service.work import SYSTEM

HANDSHAKE_COOKIE = "__Host-dat-login"
HANDSHAKE_SECONDS = 600


def begin(visit: Visit) -> Response:
    """Send the browser to the provider, with a secret that only this browser keeps."""
    handshake = Handshake(b64u(secrets.token_bytes(32)))
    proving = visit.query("proving", ("yes",), "") == "yes" and visit.session is not None
    answer = RedirectResponse(_provider(visit).invite(handshake, proving=proving), SEE_OTHER)
    kept = ".".join((handshake.secret, "proving" if proving else "login", _own_path(visit)))
    answer.set_cookie(
        HANDSHAKE_COOKIE, kept, max_age=HANDSHAKE_SECONDS, secure=True, httponly=True, samesite="lax"
    )
    return answer


def finish(visit: Visit) -> Response:
    """Take the provider's answer: a new login under a new cookie, or nothing."""
    secret, _, rest = visit.request.cookies.get(HANDSHAKE_COOKIE, "").partition(".")
    purpose, _, back = rest.partition(".")
    proving = purpose == "proving"
    try:
        identity = _identify(visit, Handshake(secret), proving=proving)
    except LoginRefusedError as refusal:
        with visit.hub.database.look(SYSTEM):  # where a refusal is written to the log
            raise refusal from None
    token = _open(visit, identity, proving=proving)
    answer = go_to(back if _is_own(back) else "/", said="proven" if proving else "")
    answer.set_cookie(SESSION_COOKIE, token, secure=True, httponly=True, samesite="lax")
    answer.delete_cookie(HANDSHAKE_COOKIE, secure=True, httponly=True)
    return answer


def _identify(visit: Visit, handshake: Handshake, *, proving: bool) -> Identity:
    asked = visit.request.query_params
    state = asked.get("state", "").encode()
    fits = bool(handshake.secret) and hmac.compare_digest(state, handshake.state.encode())
    if not fits or "code" not in asked:
        raise LoginRefusedError
    identity = _provider(visit).identify(handshake, code=asked["code"], proving=proving)
    if proving and (visit.session is None or visit.caller.staff_id != identity.staff_id):
        raise LoginRefusedError
    return identity


def _open(visit: Visit, identity: Identity, *, proving: bool) -> str:
    """Log in under a new cookie, and let whatever this browser had before end."""
    settings = _provider(visit).settings
    with visit.hub.database.look(SYSTEM) as work:
        caller = find_caller(work, identity.staff_id, identity.roles, among=settings.organisations)
    if visit.session is not None:
        with visit.working() as work:
            end_own(work, visit.login.id)
    token = new_token(visit.token if proving else "")
    with visit.hub.database.work(caller) as work:
        open_session(work, identity, token=token, proven=proving)
    return token


def log_out(visit: Visit) -> Response:
    """End this login here and at the provider."""
    with visit.working() as work:
        end_own(work, visit.login.id)
    answer = send_onward(visit, _provider(visit).farewell())
    answer.delete_cookie(SESSION_COOKIE, secure=True, httponly=True)
    return answer


def log_out_from_behind(visit: Visit) -> Response:
    """End what the provider says is over. Source: OpenID Connect Back-Channel Logout 1.0."""
    session, subject = _provider(visit).read_logout(visit.form.get("logout_token", ""))
    with visit.hub.database.work(SYSTEM) as work:
        end_at_provider(work, session, subject)
    return Response(status_code=204)


def show_sessions(visit: Visit) -> Response:
    """Show where the visitor is logged in."""
    provider = _provider(visit)
    with visit.looking() as work:
        sessions = list_sessions(work, provider.settings)
        rhythm = find_rhythm(work)
        staff = find_staff(work, [visit.caller.staff_id] if visit.caller.staff_id else [])
    settings = visit.hub.settings
    return render(
        visit,
        "sessions.html",
        sessions=sessions,
        rhythm=rhythm,
        rhythms=offered(at_once=settings.mail_at_once) if settings.digest_hours else [],
        hours=settings.digest_hours,
        mails=any(one.mail_address for one in staff.values()),
    )


def choose(visit: Visit) -> Response:
    """Choose how often the mail that says nothing comes."""
    rhythm = visit.field_of("rhythm", Rhythm)
    with visit.working() as work:
        choose_rhythm(work, rhythm, at_once=visit.hub.settings.mail_at_once)
    return go_to("/sessions", said="rhythm")


def end_session(visit: Visit) -> Response:
    """End one of the visitor's logins."""
    with visit.working() as work:
        end_own(work, visit.path_id("session"))
    return go_to("/sessions", said="ended")


def end_all(visit: Visit) -> Response:
    """End every login of the visitor's, this one too."""
    with visit.working() as work:
        end_own(work)
    return go_to("/")


def _provider(visit: Visit) -> Provider:
    if visit.provider is None:
        raise LoginUnavailableError
    return visit.provider


def _own_path(visit: Visit) -> str:
    path = unquote(visit.request.query_params.get("next", "/"))
    return path if _is_own(path) else "/"


def _is_own(path: str) -> bool:
    """Tell whether a path leads to a page of ours: not `//elsewhere`, nothing a header could break on."""
    return (
        path.startswith("/")
        and all(sign.isascii() and (sign.isalnum() or sign in "/-") for sign in path)
        and (not path.startswith("//"))
    )


PAGES = (
    Page("GET", "/login", begin, PUBLIC),
    Page("GET", "/login/callback", finish, PUBLIC),
    Page("POST", "/logout", log_out, None),
    Page("POST", "/logout/back-channel", log_out_from_behind, PUBLIC),
    Page("GET", "/sessions", show_sessions, None),
    Page("POST", "/mail-rhythm", choose, None, again=show_sessions),
    Page("POST", "/sessions/end", end_all, None),
    Page("POST", "/sessions/{session:uuid}/end", end_session, None),
)
