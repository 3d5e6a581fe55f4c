"""What became of registrations after a request, whom to call about authority, and one's own record."""

from __future__ import annotations

from uuid import uuid4

import pytest
from markupsafe import Markup

from look.language import say_number
from look.rendering import label_cells
from service import clock
from tests.pages.conftest import Site
from tests.pages.test_everywhere import contradict
from tests.promises import acts

TODAY = clock.dutch_date(clock.now()).isoformat()


def test_an_organisation_says_what_took_the_place_of_what_was_not_right(site: Site) -> None:
    ready = acts.prepare_correction(site.town)
    path, anew = ready.path.removeprefix("/rights-"), str((ready.body or {})["replacedBy"])
    head = site.visitor("head")
    wrong = head.post(f"/{path}", {"replaced_by": "5090"})
    assert wrong.status_code == 400
    assert "Het hele nummer van wat ervoor in de plaats kwam" in wrong.text
    strange = head.post(f"/{path}", {"replaced_by": str(uuid4())})
    assert strange.status_code == 400
    assert "Er klopt iets niet in het formulier" in strange.text
    assert "dat na het besluit is vastgelegd" in strange.text
    answered = head.post(f"/{path}", {"replaced_by": anew})
    assert f"Hiervoor in de plaats kwam {say_number(anew)}." in answered.text


def test_an_organisation_says_that_it_knows_what_became_of_it(site: Site) -> None:
    telling = acts.prepare_telling(site.town).path.split("/")[2]
    head = site.visitor("head")
    page = head.get("/outcomes").text
    assert f"/tellings/{telling}/acknowledgement" in page
    assert "Een signaal <span" in page.partition("Om te weten")[2]
    known = head.post(f"/tellings/{telling}/acknowledgement")
    assert f"/tellings/{telling}/acknowledgement" not in known.text
    assert "Uw organisatie weet het sinds" in known.text


def test_con_07_an_officer_reads_whom_to_call_about_authority(site: Site) -> None:
    contradict(site.town)
    page = site.visitor("rights").get("/authority").text
    for name in ("school", "youth_care"):
        assert site.town.sender(name).partner.name in page
    assert "gaf het hoogste aantal op" in page
    assert "gaf een lager aantal op" in page


def test_what_whoever_signalled_may_not_hear_is_said_and_not_passed_on(site: Site) -> None:
    owned, anna = site.owned("anna"), site.visitor("anna")
    said = anna.post(f"/matches/{owned}/feedback", {"feedback": "taken_up"})
    assert "mag dit niet horen" in said.text
    assert site.town.client("school").get("/feedback-items").json()["feedbackItems"] == []
    assert 'value="joint_consideration"' not in anna.get(f"/matches/{owned}").text
    assert anna.post(f"/matches/{owned}/feedback", {"feedback": "joint_consideration"}).status_code == 400
    anna.post(f"/matches/{owned}/follow-up", {"considered_on": TODAY})
    assert 'value="joint_consideration"' in anna.get(f"/matches/{owned}").text


def test_con_11_an_override_is_asked_by_one_and_confirmed_by_another(site: Site) -> None:
    told = acts.untold(site.town)
    anna, lead = site.visitor("anna"), site.visitor("lead")
    anna.prove("anna")
    lead.prove("lead")
    assert "Kies er een uit de lijst" in anna.post("/overrides", {"signal": told, "ground": "x"}).text
    nobodys = anna.post("/overrides", {"signal": str(uuid4()), "ground": "vital_interest"})
    assert nobodys.status_code == 400
    assert "Vul het hele nummer in" in nobodys.text
    asked = anna.post("/overrides", {"signal": told, "ground": "vital_interest"})
    assert "Het staat nu open." in asked.text
    site.settle()
    said = {
        row.legal_basis for row in site.town.rows("SELECT legal_basis FROM audit_line WHERE outcome != 'ok'")
    }
    assert "override_not_allowed" in said  # the rule, not only that a form was wrong
    number = say_number(told)
    own = asked.text.partition(f'<span class="dat-number">{number}</span>')[2].partition("</article>")[0]
    assert "U vroeg dit." in own
    assert "confirmation" not in own
    card = lead.get("/overrides").text.partition(f'<span class="dat-number">{number}</span>')[2]
    path = card.partition('action="')[2].partition('"')[0]
    assert anna.post(path).status_code == 403
    assert number not in lead.post(path).text


def test_con_11_the_form_of_an_override_is_filled_in_only_after_proof(site: Site) -> None:
    visitor = site.stranger()
    visitor.log_in("bram")
    sent = visitor.get("/overrides", follow=False)
    assert sent.headers["location"] == "/login?proving=yes&next=/overrides"


def test_any_open_case_of_the_team_may_take_the_place_of_one_that_moved(site: Site) -> None:
    ready = acts.prepare_transfer_completion(site.town)
    path, carla = ready.path.replace("/case-", "/"), site.visitor("carla")
    assert f'action="{path}"' in carla.get("/transfers").text
    for wrong in ("5090", str(uuid4())):
        again = carla.post(path, {"case_id": wrong})
        assert again.status_code == 400
        assert "een open dossier van uw team" in again.text
    done = carla.post(path, {"case_id": str((ready.body or {})["caseId"])})
    assert "Het is nu van uw team" in done.text


def test_a_form_that_is_shown_again_stands_on_its_own_page_of_the_list(site: Site) -> None:
    head = site.visitor("head")
    path = acts.prepare_correction(site.town).path.removeprefix("/rights-")
    second = head.get("/outcomes?known=2").text
    assert '<input type="hidden" name="known" value="2">' in second
    assert f'action="/{path}"' in second  # the other list stays on its first page
    for page, there in (("1", True), ("2", False)):
        again = head.post(f"/{path}", {"replaced_by": "5090", "page": page})
        assert again.status_code == 400
        assert (f'action="/{path}"' in again.text) == there


@pytest.mark.parametrize("name", ["anna", "operator", "officer"])
def test_everybody_sees_what_is_kept_about_themselves(site: Site, name: str) -> None:
    own, other = site.visitor(name).get("/own-record").text, site.town.staff("bram").id
    assert "Wat het logboek over u heeft" in own
    assert str(other) not in own
    for period in ("first=2020-01-01&last=2026-01-01", "first=1-2"):
        wrong = site.visitor(name).get(f"/own-record?{period}")
        assert wrong.status_code == 400
        assert "een periode van hooguit een jaar" in wrong.text
    site.settle()  # that one looked is in it too
    again, beyond = (site.visitor(name).get(f"/own-record?page={page}").text for page in (1, 999))
    assert ["Er is niets gevonden" in page for page in (again, beyond)] == [False, True]


def test_a_cell_has_the_name_of_its_column_also_where_data_look_like_a_cell() -> None:
    row = Markup('<tr class="x"><td>{}</td><td></td></tr>').format("<td>")
    said = label_cells(row * 2, ("What", 'So "much"'))
    assert said.count('role="row"') == 2
    assert said.count('data-label="What"') == 2
    assert said.count('data-label="So &#34;much&#34;"') == 2
