"""The rights desk: a request with its next step, two pairs of eyes, a letter; nothing of another desk."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from hub.rights.values import (
    Advice,
    Authority,
    Controller,
    Finding,
    Identification,
    Request,
    RequestKind,
    RequestState,
    Verdict,
)
from hub.web.rights_desk import Step, list_decisions, next_step
from look.language import say_number
from service import clock
from tests.pages.conftest import Site
from tests.promises import acts
from tests.promises.town import Town

TODAY = date(2026, 11, 24)


def a_request(*findings: Finding, state: RequestState = RequestState.SEARCHED) -> Request:
    """A request for erasure, as far as it is."""
    return Request(
        id=uuid4(), root_id=uuid4(), kind=RequestKind.ERASURE, state=state, organisation_id=uuid4(),
        received_by=uuid4(), recorded_by=uuid4(), identification=Identification.DIGID, filed_by="subject",
        authority=Authority.NONE, bracket="23+", bracket_ends=None, received_at=clock.now(), due_on=TODAY,
        extension=None, outcome=None, ground=None, change_id=None, decided_by=None, decided_at=None,
        findings=findings,
    )  # fmt: skip


def a_finding(**facts: object) -> Finding:
    """A signal of a school that is surely the requester's."""
    found = Finding(
        id=uuid4(), request_id=uuid4(), registration_id=uuid4(), kind="signal", organisation_id=uuid4(),
        controller=Controller.PARTNER, verdict=Verdict.SAME, due_on=TODAY, advise_by=None, advice=None,
    )  # fmt: skip
    return replace(found, **facts)  # type: ignore[arg-type]


def test_the_next_step_follows_from_how_far_a_request_is() -> None:
    asked = a_finding(advise_by=TODAY)
    advised = replace(asked, advice=Advice.JUSTIFIED)
    doubtful = replace(advised, verdict=Verdict.POSSIBLE)
    for request, step in (
        (a_request(state=RequestState.RECEIVED), Step.SEARCH),
        (a_request(a_finding()), Step.ASK),
        (a_request(asked), Step.WAIT),
        (a_request(replace(asked, advise_by=TODAY - timedelta(days=1))), Step.DECIDE),
        (a_request(doubtful), Step.JUDGE),
        (a_request(doubtful, a_finding()), Step.ASK),
        (a_request(advised), Step.DECIDE),
        (a_request(), Step.DECIDE),
        (a_request(asked, state=RequestState.PROPOSED), Step.SECOND),
        (a_request(state=RequestState.APPROVED), Step.CARRIED),
        (a_request(state=RequestState.DECIDED), Step.ANSWER),
    ):
        assert next_step(request, TODAY) is step


@pytest.mark.parametrize("kind", sorted(RequestKind))
def test_every_request_can_be_granted_and_refused(kind: RequestKind) -> None:
    said = {value.partition(".")[0] for value, _ in list_decisions(kind)}
    assert said == {"granted", "rejected"}


def test_who_filed_a_request_sees_how_far_it_is_and_nothing_of_what_was_found(site: Site) -> None:
    request_id, _ = acts.asked(site.town)
    officer, desk = (site.visitor(name).get(f"/rights-desk/{request_id}").text for name in ("rights", "desk"))
    assert "Wat is gevonden" in officer
    assert "Wat is gevonden" not in desk
    assert "niemand zoekt alleen iemand op" in desk
    assert request_id in site.visitor("desk").get("/rights-desk").text


def test_another_municipalitys_desk_sees_nothing_of_a_request(site: Site) -> None:
    request_id = acts.filed(site.town)
    dora = site.visitor("dora")
    assert request_id not in dora.get("/rights-desk").text
    assert dora.get(f"/rights-desk/{request_id}").status_code == 404
    to = {"desk": str(site.town.staff("dora").organisation_id)}
    assert dora.post(f"/rights-desk/{request_id}/forwarding", to).status_code == 404
    assert site.visitor("desk").post(f"/rights-desk/{request_id}/forwarding", to).status_code == 200
    assert dora.get(f"/rights-desk/{request_id}").status_code == 200


def test_a_request_for_access_ends_with_a_letter_that_asks_once_more_who_one_is(site: Site) -> None:
    request_id = acts.searched(site.town, kind="access")
    rights = site.stranger()
    rights.log_in("rights")
    path = f"/rights-desk/{request_id}"
    asked = rights.post(f"{path}/letter", {"language": "nl"}, follow=False)
    assert "/login?proving=yes" in asked.text
    assert "proving" in rights.post(f"{path}/search", follow=False).text
    rights.prove("rights")
    letter = rights.post(f"{path}/letter", {"language": "en"})
    assert letter.headers["content-type"] == "application/pdf"
    assert re.fullmatch(r'attachment; filename="[0-9a-f-]+\.pdf"', letter.headers["content-disposition"])
    assert letter.content.startswith(b"%PDF")
    wrong = rights.post(f"{path}/decision", {"decision": "granted.unjustified"})
    assert wrong.status_code == 400
    assert 'href="#fault-decision"' in wrong.text
    assert (
        "Stuur de inwoner het antwoord"
        in rights.post(f"{path}/decision", {"decision": "granted.entitled"}).text
    )
    assert request_id in rights.get("/rights-desk?view=decided").text


def test_an_erasure_can_leave_a_part_as_it_is(site: Site) -> None:
    person, town = acts.someone(), site.town
    for _ in range(2):
        town.signal("school", person).post(town.client("school"))
    request_id = acts.filed(town, tokens=person)
    client, head = town.client("rights"), town.client("head")
    client.post(f"/rights-requests/{request_id}/search", json={})
    found = client.post(f"/rights-requests/{request_id}/advice-request", json={}).json()["findings"]
    for one in found:
        head.post(f"/rights-advices/{one['findingId']}/advice", json={"advice": "unjustified"})
    rights, path = site.visitor("rights"), f"/rights-desk/{request_id}"
    left = rights.get(path).text.partition('name="leave_')[2][:36]
    form = {"decision": "granted.unjustified", f"leave_{left}": "yes"}
    before = _shown(town)
    answer = rights.post(f"{path}/decision", form, follow=False)
    assert _shown(town) == before  # nothing is shown by it, and nothing is said to be
    assert "tweede medewerker" in rights.get(answer.headers["location"]).text
    assert "blijft zoals het is" in rights.get(path).text
    change = re.findall(r"/changes/([0-9a-f-]{36})", rights.get(path).text)[0]
    assert "Registraties die weggaan</dt><dd>1</dd>" in rights.get(f"/changes/{change}").text


def _shown(town: Town) -> int:
    leaves = town.rows("SELECT leaf FROM audit_event")
    return sum(b'"rights.shown"' in bytes(leaf) for (leaf,) in leaves)


def test_an_objection_that_was_heard_elsewhere_is_upheld(site: Site) -> None:
    acts.prepare_waiting(site.town)
    rights = site.visitor("rights")
    waiting = re.findall(r"/objections/([0-9a-f-]{36})/upholding", rights.get("/rights-desk").text)
    assert waiting
    assert "blijft gelden" in rights.post(f"/objections/{waiting[0]}/upholding").text
    assert f"/objections/{waiting[0]}/" not in rights.get("/rights-desk").text
    assert "/upholding" not in site.visitor("desk").get("/rights-desk").text


def test_what_is_late_has_pages_of_its_own(site: Site) -> None:
    request_id, _ = acts.asked(site.town)
    for name, path in (("rights", "/rights-desk?"), ("officer", "/requests?purpose=supervision&")):
        first, beyond = (site.visitor(name).get(f"{path}late={page}").text for page in (1, 999))
        assert "advies geven" in first
        assert "advies geven" not in beyond
        assert say_number(request_id) in beyond


def test_the_privacy_officer_sees_what_is_late_by_the_clock_of_each(site: Site) -> None:
    acts.asked(site.town)
    page = site.visitor("officer").get("/requests?purpose=supervision").text
    assert "advies geven" in page
    assert "/rights-desk/" not in page
