"""Who may open which page and take which action; a page without a row fails."""

from __future__ import annotations

import inspect
import re

import pytest

from hub.web.app import PAGES
from hub.web.visiting import PUBLIC
from tests.pages.conftest import Site, refresh_of

NOBODY = "11111111-1111-4111-8111-111111111111"
TEAM, LEAD, WATCHING, OFFICER = {"anna", "lead"}, {"lead"}, {"director"}, {"officer"}
ALL = {"anna", "lead", "director", "officer", "covenants", "operator", "desk", "rights", "head"}
ANY, OPERATOR, DESK, RIGHTS, HEAD = None, {"operator"}, {"desk"}, {"rights"}, {"head"}
DECIDING = ALL - OPERATOR - DESK
OVERSEEING = {"officer", "covenants", "operator"}
APPROVING = {"lead", "director", "officer", "rights", "head"}

# Page -> who may come; None: everybody, without a login.
MATRIX: dict[str, set[str] | None] = {
    "GET /": ANY,
    "GET /about": ANY,
    "GET /parents": ANY,
    "GET /young-people": ANY,
    "GET /your-rights": ANY,
    "GET /accessibility": ANY,
    "GET /login": ANY,
    "GET /login/callback": ANY,
    "POST /logout": ALL,
    "POST /logout/back-channel": ANY,
    "GET /sessions": ALL,
    "POST /sessions/end": ALL,
    "POST /sessions/{session:uuid}/end": ALL,
    "GET /inbox": TEAM,
    "POST /notices/{notice:uuid}/answer": TEAM,
    "GET /consent-tasks": TEAM | DESK | HEAD,
    "POST /consent-tasks/{task:uuid}/answer": TEAM | DESK | HEAD,
    "GET /advices": TEAM | HEAD,
    "POST /advices/{advice:uuid}/answer": TEAM | HEAD,
    "GET /transfers": TEAM,
    "POST /transfers/{transfer:uuid}/acceptance": TEAM,
    "POST /transfers/{transfer:uuid}/return": TEAM,
    "POST /transfers/{transfer:uuid}/completion": TEAM,
    "GET /inquiries": TEAM,
    "POST /inquiries/{match:uuid}": TEAM,
    "GET /rights-desk": DESK | RIGHTS,
    "GET /rights-desk/{request:uuid}": DESK | RIGHTS,
    "POST /rights-desk/{request:uuid}/search": RIGHTS,
    "POST /rights-desk/{request:uuid}/advice": RIGHTS,
    "POST /rights-desk/{request:uuid}/extension": RIGHTS,
    "POST /rights-desk/{request:uuid}/forwarding": DESK | RIGHTS,
    "POST /rights-desk/{request:uuid}/findings/{finding:uuid}/judgement": RIGHTS,
    "POST /rights-desk/{request:uuid}/decision": RIGHTS,
    "POST /rights-desk/{request:uuid}/letter": DESK | RIGHTS,
    "POST /objections/{objection:uuid}/upholding": RIGHTS,
    "GET /matches": TEAM,
    "GET /matches/{match:uuid}": TEAM,
    "POST /matches/{match:uuid}/look": TEAM,
    "POST /matches/{match:uuid}/refusal": TEAM,
    "POST /matches/{match:uuid}/retraction": TEAM,
    "POST /matches/{match:uuid}/hand-over": TEAM,
    "POST /matches/{match:uuid}/hand-over-answer": TEAM,
    "POST /matches/{match:uuid}/consult": TEAM,
    "POST /matches/{match:uuid}/follow-up": TEAM,
    "POST /matches/{match:uuid}/feedback": TEAM,
    "GET /outcomes": TEAM | HEAD,
    "POST /corrections/{correction:uuid}/answer": TEAM | HEAD,
    "POST /tellings/{telling:uuid}/acknowledgement": TEAM | HEAD,
    "GET /authority": RIGHTS,
    "GET /own-record": ALL,
    "GET /team": TEAM,
    "GET /team/agenda": TEAM,
    "POST /intake/{item:uuid}/take": TEAM,
    "POST /possible/{match:uuid}/judgement": LEAD,
    "GET /caseload": TEAM,
    "POST /cases/{case:uuid}/close": TEAM,
    "GET /absence": TEAM,
    "POST /absence": TEAM,
    "GET /follow-up": WATCHING,
    "GET /oversight": OFFICER,
    "POST /verification": OFFICER,
    "GET /keeping": OFFICER,
    "GET /log": OFFICER,
    "GET /questions": OFFICER,
    "GET /questions/{question}": OFFICER,
    "GET /warnings": OFFICER,
    "POST /warnings/{warning:uuid}/closure": OFFICER,
    "GET /reviews": OFFICER,
    "GET /overrides": TEAM,
    "POST /overrides": TEAM,
    "POST /overrides/{override:uuid}/confirmation": TEAM,
    "POST /overrides/{override:uuid}/review": OFFICER,
    "POST /overrides/{override:uuid}/told": OFFICER,
    "POST /overrides/{override:uuid}/postponement": OFFICER,
    "POST /samples/{disclosure:uuid}/finding": OFFICER,
    "GET /requests": OFFICER,
    "GET /register": ANY,
    "POST /mail-rhythm": ALL,
    "POST /team/assignment": LEAD,
    "GET /households": TEAM | WATCHING,
    "POST /households/{household:uuid}/lead": LEAD | WATCHING,
    "POST /households/{household:uuid}/offer": TEAM,
    "POST /households/{household:uuid}/answer": TEAM,
    "GET /partners": OVERSEEING,
    "GET /delivery": OPERATOR,
    "POST /mails/{mail:uuid}/again": OPERATOR,
    "GET /health": OPERATOR,
    "GET /arrangements": ALL,
    "GET /arrangements/{arrangement}": ALL,
    "POST /arrangements": {"covenants"},
    "GET /changes": DECIDING,
    "GET /changes/{change:uuid}": DECIDING,
    "POST /changes/{change:uuid}/approval": APPROVING,
    "POST /changes/{change:uuid}/rejection": DECIDING,
}
# Pages behind a login that show no more than the visitor's own, a form, or what everybody may know.
UNGATED = {
    "GET /sessions",
    "GET /absence",
    "GET /questions",
    "GET /changes",
    "GET /changes/{change:uuid}",
    "GET /partners",
    "GET /health",
    "GET /arrangements",
    "GET /arrangements/{arrangement}",
}
ENDING = {"POST /logout", "POST /sessions/end"}


def test_every_page_has_its_row() -> None:
    assert sorted(MATRIX) == sorted(f"{page.method} {page.path}" for page in PAGES)


def test_a_page_that_shows_something_waits_for_the_witness() -> None:
    shown = {
        f"{page.method} {page.path}": "disclosing(" in inspect.getsource(page.show)
        for page in PAGES
        if page.method == "GET" and page.roles != PUBLIC
    }
    assert {name for name, waits in shown.items() if not waits} == UNGATED


@pytest.mark.parametrize("row", sorted(set(MATRIX) - ENDING))
def test_a_page_opens_for_those_of_its_row_and_for_nobody_else(site: Site, row: str) -> None:
    method, _, path = row.partition(" ")
    path = re.sub(r"\{.*?\}", NOBODY, path)
    allowed = MATRIX[row]
    for name in sorted(ALL):
        visitor = site.visitor(name)
        sent = visitor.post(path, follow=False) if method == "POST" else visitor.get(path, follow=False)
        refused = sent.status_code == 403 and "role_not_allowed" in sent.text
        assert refused == (allowed is not None and name not in allowed), (name, sent.status_code)
    anonymous = site.stranger().send(method, site.url + path, follow=False, data={"form_secret": "x"})
    onward = anonymous.headers.get("location") or refresh_of(anonymous.text) or ""
    to_login = onward.startswith("/login?next=")
    assert to_login == (allowed is not None)


def test_a_casemanager_sees_nothing_of_another_team(site: Site) -> None:
    owned, carla = site.owned("anna"), site.visitor("carla")
    page = carla.get(f"/matches/{owned}")
    assert "Stand" not in page.text  # the frame of a page, with nothing of the match
    carla.prove("carla")
    assert carla.post(f"/matches/{owned}/look").status_code == 404
    assert carla.post(f"/matches/{owned}/refusal", {"reason": "no_capacity"}).status_code == 404
    for path in ("/matches", "/inbox", "/team", "/caseload"):
        assert owned not in carla.get(path).text
