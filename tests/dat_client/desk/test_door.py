"""Who is let in: one browser, on this machine, by the link, from a page of ours."""

from __future__ import annotations

from datetime import timedelta

from dat_client.desk.app import PAGES
from dat_client.desk.door import IDLE
from dat_client.desk.visiting import Page
from tests.dat_client.desk.conftest import PORT, Visitor

NOWHERE = "11111111-1111-4111-8111-111111111111"


def test_the_link_lets_one_browser_in_once(visitor: Visitor) -> None:
    used = visitor.door.link
    visitor.cookies.clear()
    visitor.get(f"/open/{used}")
    assert visitor.get(f"/open/{used}").status_code == 403
    assert visitor.get("/open/guessed").status_code == 403
    assert visitor.get(f"/open/{visitor.door.link}").status_code == 303


def test_a_wrong_link_leaves_the_right_one_good(visitor: Visitor) -> None:
    link = visitor.door.link
    assert visitor.get("/open/é").status_code == 403
    assert visitor.get(f"/open/{link}").status_code == 303


def path_of(page: Page) -> str:
    return page.path.replace("{signal:uuid}", NOWHERE).replace("{name}", "x")


def test_every_page_is_shut_for_whoever_did_not_come_by_the_link(visitor: Visitor) -> None:
    visitor.cookies = {visitor.door.cookie_name: "guessed"}
    for page in PAGES:
        answer = visitor.post(path_of(page)) if page.method == "POST" else visitor.get(path_of(page))
        assert answer.status_code == 403, page.path


def test_a_form_without_the_secret_does_nothing(visitor: Visitor) -> None:
    for page in PAGES:
        for secret in ("", "wrong", "é"):
            if page.method == "POST":
                assert visitor.post(path_of(page), {"form_secret": secret}).status_code == 403, page.path


def test_another_name_of_this_machine_is_refused_before_anything_else(visitor: Visitor) -> None:
    for host in ("evil.example", f"evil.example:{PORT}", "127.0.0.1", f"localhost:{PORT}", ""):
        assert visitor.get("/", headers={"host": host}).status_code == 403
        assert visitor.get(f"/open/{visitor.door.link}", headers={"host": host}).status_code == 403


def test_another_site_gets_nothing_not_even_the_styles(visitor: Visitor) -> None:
    for site in ("cross-site", "same-site"):  # another port of this machine is `same-site`
        assert visitor.get("/", headers={"sec-fetch-site": site}).status_code == 403
        assert visitor.post("/post", headers={"sec-fetch-site": site}).status_code == 403


def test_a_desk_that_nobody_touches_shuts(visitor: Visitor) -> None:
    assert visitor.get("/").status_code == 200
    visitor.door.seen_at -= IDLE + timedelta(seconds=1)
    assert visitor.get("/").status_code == 403


def test_the_cookie_is_for_no_script_and_no_other_site(visitor: Visitor) -> None:
    line = visitor.get(f"/open/{visitor.door.link}").headers["set-cookie"].lower()
    assert "httponly" in line
    assert "samesite=strict" in line
    assert "max-age" not in line


def test_every_answer_forbids_scripts_strangers_and_keeping(visitor: Visitor) -> None:
    for path in ("/", "/file", "/receipts", "/nothing-here", "/open/guessed"):
        answer = visitor.get(path)
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "script-src" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
