"""Logging in by a real OpenID provider, proving anew, and logins that end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from hub.partners.staffing import end_staff
from service import clock
from service.clock import dutch_date
from service.work import OPERATOR
from tests.pages.conftest import Site, Visitor


def is_in(visitor: Visitor) -> bool:
    """Whether a login still counts."""
    return visitor.get("/sessions", follow=False).status_code == 200


def fresh(site: Site, name: str = "anna") -> Visitor:
    """Somebody who logs in now."""
    visitor = site.stranger()
    assert visitor.log_in(name).status_code == 200
    return visitor


def test_a_casemanager_logs_in_and_finds_the_inbox(site: Site) -> None:
    page = site.visitor("anna").get("/")
    assert str(page.url).endswith("/inbox")
    assert "Postvak" in page.text


def test_who_asked_for_a_page_comes_back_to_it_and_never_elsewhere(site: Site) -> None:
    visitor = site.stranger()
    asked = visitor.get("/caseload")
    assert str(visitor.send("POST", str(asked.url), data={"login": "anna"}).url).endswith("/caseload")
    for path in ("//evil.example", "https://evil.example", "/x?y=https://evil.example"):
        elsewhere = site.stranger()
        page = elsewhere.log_in("anna", path=f"/login?next={path}")
        assert str(page.url).startswith(site.url)


def test_whom_the_hub_does_not_know_gets_no_login(site: Site) -> None:
    visitor = site.stranger()
    assert visitor.log_in("stranger").status_code == 403
    assert not is_in(visitor)


def test_a_role_counts_only_when_provider_and_hub_both_say_so(site: Site) -> None:
    assert site.stranger().log_in("groupless").status_code == 403
    # Anna's provider calls her a director too; the hub does not.
    assert site.visitor("ambitious").get("/follow-up").status_code == 403
    # The hub knows Bram as a casemanager; his provider says that he is none any more.
    assert site.stranger().log_in("dismissed").status_code == 403


def test_a_level_that_is_too_low_lets_nobody_in(site: Site) -> None:
    assert site.stranger().log_in("weak").status_code == 403


def test_an_answer_that_was_begun_in_another_browser_is_refused(site: Site) -> None:
    victim, attacker = site.stranger(), site.stranger()
    asked = attacker.get("/login")
    answer = attacker.send("POST", str(asked.url), data={"login": "bram"}, follow=False)
    while "callback" not in answer.headers["location"]:
        answer = attacker.send("GET", answer.headers["location"], follow=False)
    victim.get("/login")
    assert victim.get(answer.headers["location"]).status_code == 403
    assert not is_in(victim)


def test_contact_data_are_shown_only_after_proving_anew(site: Site) -> None:
    visitor, match = fresh(site), site.owned("anna")
    asked = visitor.post(f"/matches/{match}/look")
    assert str(asked.url).startswith(site.issuer)
    visitor.prove("anna")
    seen = visitor.post(f"/matches/{match}/look")
    assert seen.status_code == 200
    assert "Nummer om te noemen" in seen.text


def test_a_proof_by_somebody_else_is_none(site: Site) -> None:
    visitor = fresh(site)
    page = visitor.log_in("bram", path="/login?proving=yes")
    # The provider logs Anna out first, by a form that sends itself.
    end = f"{site.issuer}/session/end/confirm"
    assert visitor.send("POST", end, data=site.fields(page.text)).status_code == 403
    assert not is_in(visitor)


@pytest.mark.parametrize("column", ["seen_at", "started_at", "proven_at"])
def test_a_login_ends_by_itself(site: Site, column: str) -> None:
    visitor = fresh(site)
    visitor.prove("anna")
    ago = (
        clock.now()
        - {
            "seen_at": timedelta(minutes=21),
            "started_at": timedelta(hours=10),
            "proven_at": timedelta(minutes=16),
        }[column]
    )
    with site.town.hub.database.writer.begin() as connection:
        connection.execute(text(f"UPDATE login_session SET {column} = :at"), {"at": ago.replace(tzinfo=None)})
    site.forget()
    if column == "proven_at":
        asked = visitor.post(f"/matches/{site.owned('anna')}/look", secret=visitor.form_secret())
        assert str(asked.url).startswith(site.issuer)
    else:
        assert not is_in(visitor)


def test_who_has_no_role_left_is_told_so(site: Site) -> None:
    visitor = fresh(site, "leaver")
    assert "geen rol meer" not in visitor.get("/sessions").text
    leaver = site.leaver
    with site.town.hub.database.work(OPERATOR) as work:
        end_staff(work, leaver, on=dutch_date(clock.now()) - timedelta(days=1))
    page = visitor.get("/")
    assert page.status_code == 200
    assert "geen rol meer" in page.text
    assert "Postvak" not in page.text


def test_logging_out_ends_the_login_here_and_at_the_provider(site: Site) -> None:
    visitor = fresh(site)
    cookie = dict(visitor.cookies)
    visitor.post("/logout", secret=visitor.form_secret())
    visitor.cookies = cookie
    assert not is_in(visitor)


def test_log_out_everywhere_ends_every_login_of_that_person_and_of_nobody_else(site: Site) -> None:
    one, two, other = fresh(site), fresh(site), fresh(site, "bram")
    one.post("/sessions/end", secret=one.form_secret())
    assert not is_in(one)
    assert not is_in(two)
    assert is_in(other)
    site.forget()


def test_what_the_provider_ends_is_over_here(site: Site) -> None:
    visitor = fresh(site)
    # Logging out at the provider itself, in another tab: it tells the hub behind the browser's back.
    page = visitor.send("GET", f"{site.issuer}/session/end")
    visitor.send(
        "POST", f"{site.issuer}/session/end/confirm", data=site.fields(page.text) | {"logout": "yes"}
    )
    assert not is_in(visitor)


def test_a_forged_notice_of_the_provider_ends_nothing(site: Site) -> None:
    visitor = fresh(site)
    for token in ("", "x.y.z", "eyJhbGciOiJub25lIn0.e30."):
        assert visitor.post("/logout/back-channel", {"logout_token": token}, secret="-").status_code == 403
    assert is_in(visitor)


def test_of_a_login_only_hashes_are_kept(site: Site) -> None:
    visitor = fresh(site)
    cookie = next(value for (_, name), value in visitor.cookies.items() if name == "__Host-dat-session")
    rows = site.town.dump()["login_session"]
    assert not [row for row in rows if cookie in row or "'anna'" in row]
