"""The front: headers, cookies, forms that are not ours, errors in plain words."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from hub.notices.models import NoticeKind, NoticeState
from hub.notices.values import Notice
from hub.web.rendering import environment
from service import clock
from tests.pages.conftest import Site, refresh_of


def test_every_answer_forbids_scripts_frames_and_strangers(site: Site) -> None:
    for path in ("/", "/inbox", "/nothing-here", "/login/callback"):
        answer = site.visitor("anna").get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "form-action 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["strict-transport-security"]


def test_the_cookie_of_a_login_is_for_this_host_and_for_no_script(site: Site) -> None:
    visitor = site.stranger()
    asked = visitor.get("/login")
    answer = visitor.send("POST", str(asked.url), data={"login": "anna"}, follow=False)
    while "callback" not in answer.headers["location"]:
        answer = visitor.send("GET", answer.headers["location"], follow=False)
    answer = visitor.send("GET", answer.headers["location"], follow=False)
    line = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("__Host-dat-session="))
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= {
        part.strip().lower() for part in line.split(";")[1:]
    }
    assert "domain" not in line.lower()


def test_a_form_without_the_secret_of_this_login_does_nothing(site: Site) -> None:
    other = site.stranger()
    other.log_in("bram")
    secrets = ("", "wrong", "é", site.visitor("bram").form_secret())
    for secret in secrets:
        answer = site.visitor("anna").post(
            "/absence", {"since": "2026-11-23", "until": "2026-11-24"}, secret=secret
        )
        assert answer.status_code == 403
        assert "forged_form" in answer.text


def test_a_form_is_never_redirected_to_another_host(site: Site) -> None:
    visitor = site.stranger()
    visitor.log_in("bram")
    secret = visitor.form_secret()
    for path in (f"/matches/{uuid4()}/look", "/logout", "/logout"):  # the last one without a login
        answer = visitor.post(path, secret=secret, follow=False)
        assert answer.status_code == 200
        assert "location" not in answer.headers
        assert refresh_of(answer.text)


def test_a_form_that_another_site_sends_does_nothing(site: Site) -> None:
    anna = site.visitor("anna")
    answer = anna.post("/logout", headers={"sec-fetch-site": "cross-site"}, follow=False)
    assert answer.status_code == 403
    assert anna.get("/sessions").status_code == 200


def test_a_large_form_and_a_strange_form_are_refused(site: Site) -> None:
    anna = site.visitor("anna")
    assert anna.post("/absence", {"since": "x" * 20_000}).status_code == 413
    assert anna.post("/absence", {"since": "yesterday", "until": "2026-12-01"}).status_code == 400
    strange = anna.send("POST", f"{site.url}/absence", headers={"content-type": "application/json"})
    assert strange.status_code == 400


def test_an_error_says_what_to_do_and_nothing_of_what_was_sent(site: Site) -> None:
    answer = site.visitor("anna").get("/canary-7f3a?q=canary-9b2c")
    assert answer.status_code == 404
    assert "Deze pagina bestaat niet" in answer.text
    assert "canary" not in answer.text


def test_the_language_is_kept_in_a_cookie(site: Site) -> None:
    visitor = site.stranger()
    assert '<html lang="en"' in visitor.get("/?lang=en").text
    assert '<html lang="en"' in visitor.get("/parents").text
    assert '<html lang="nl"' in visitor.get("/parents?lang=nl").text


def test_the_other_language_of_a_form_that_was_wrong_is_the_page_of_that_form(site: Site) -> None:
    anna, owned = site.visitor("anna"), site.owned("anna")
    assert 'href="/absence?lang=en"' in anna.post("/absence", {"since": "yesterday"}).text
    wrong = anna.post(f"/matches/{owned}/consult", {"days": "0"}).text
    assert f'href="/matches/{owned}?lang=en"' in wrong
    assert 'href="/?lang=en"' in anna.post("/absence", secret="wrong").text


def test_styles_are_kept_for_a_year_and_small(site: Site) -> None:
    page = site.stranger().get("/").text
    sizes = [len(page.encode())]
    for path in re.findall(r'href="(/static/[^"]+)"', page):
        answer = site.stranger().get(path)
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-type"].startswith("text/css")
        sizes.append(int(answer.headers["content-length"]))
    assert sum(sizes) < 100_000


@pytest.mark.parametrize("kind", sorted(NoticeKind))
@pytest.mark.parametrize("state", sorted(NoticeState))
def test_every_notice_in_every_state_can_be_shown(kind: NoticeKind, state: NoticeState) -> None:
    now = clock.now()
    notice = Notice(
        notice_id=uuid4(),
        match_id=uuid4(),
        kind=kind,
        case_id=None,
        contact_date=None,
        signal_kind=None,
        level=0,
        partner=None,
        reporter_contact=None,
        police_origin=False,
        verify_person=True,
        handle=None,
        queued_at=now,
        due_at=now,
        state=state,
    )
    module = environment().get_template("notice.html").make_module({"secret": str})
    assert "<h2" in module.card(notice, None, 2)
