"""What a school does at its desk: one contact, a file, its signals; and nothing of a person anywhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from dat_client import Client, clock
from dat_client.desk.acts import Desk
from dat_client.desk.door import Door
from dat_client.desk.held import HeldForm
from look.language import Language
from tests.dat_client.desk.conftest import AHEAD, PORT, Visitor, hidden
from tests.dat_client.fake_services import problem
from tests.dat_client.test_promises import _canaries, _found
from tests.dat_client.world import CANARY, World

TYPED = {
    "geslachtsnaam": CANARY.surname,
    "voornamen": CANARY.given_names,
    "geboortedatum": "13-07-1986",
    "geslacht": "v",
    "bsn": CANARY.bsn or "",
    "postcode": CANARY.postcode,
    "huisnummer": CANARY.house_number,
    "soort": "contact",
    "grondslag": "NO_OBJECTION",
    "kennisgeving": "volgt",
    "kennisgeving_op": "2026-11-20",
    "kennisgeving_aan": "",
    "gezagdragers": "",
    "referentie": "2026-0017",
    "afweging": "ja",
}
FILE = "geslachtsnaam;geboortedatum;voornamen;referentie\n{}\n;1970-01-01;Jan;F2\nZon;1970-02-31;Jan;F3\n"


def typed(visitor: Visitor, **changes: str) -> dict[str, str]:
    """A form as somebody fills it in today."""
    page = visitor.get("/").text
    day = re.search(r'id="contactdatum"[^>]*value="([^"]+)"', page)
    assert day
    return TYPED | {"contactdatum": day[1], "once": hidden(page, "once")} | changes


def test_one_form_posts_one_contact_and_keeps_its_receipt(visitor: Visitor, world: World) -> None:
    answer = visitor.post("/post", typed(visitor))
    assert (answer.status_code, answer.headers["location"]) == (303, "/?said=posted")
    (stored,) = world.hub.stored.values()
    assert stored.body["legalBasis"] == "NO_OBJECTION"
    assert stored.body["subjectNotice"] == "pending"
    assert len(visitor.desk.client.verify_receipts()[0]) == 1
    assert "Verstuurd." in visitor.get("/?said=posted").text


def test_a_double_click_is_one_signal(visitor: Visitor, world: World) -> None:
    form = typed(visitor)
    visitor.post("/post", form)
    assert visitor.post("/post", form).headers["location"] == "/?said=twice"
    assert len(world.hub.stored) == 1


def test_who_was_told_goes_along_only_when_somebody_was(visitor: Visitor, world: World) -> None:
    told = {"kennisgeving": "gegeven", "kennisgeving_aan": "beide", "gezagdragers": "2"}
    form = typed(visitor)
    visitor.post("/post", form | told | {"kennisgeving_op": form["contactdatum"]})
    (stored,) = world.hub.stored.values()
    assert stored.body["noticeTo"] == ["representative", "subject"]
    assert stored.body["authorityHolders"] == 2


def test_the_preview_asks_by_age_group_and_sends_nothing_else(visitor: Visitor, world: World) -> None:
    page = visitor.fill_in("/look", typed(visitor, afweging=""))
    assert "Die hoort dát er contact was." in page
    assert f'value="{CANARY.surname}"' in page
    (asked,) = [call for call in world.hub.calls if "preview" in call.path]
    assert asked.query == {
        "partnerKind": ["school"], "legalBasis": ["NO_OBJECTION"], "bracket": ["23+"], "language": ["nl"],
    }  # fmt: skip
    assert world.hub.stored == {}
    assert world.holder.count("/evaluations") == 0


WRONG = [
    ({"geboortedatum": "31-02-2010"}, "bestaat niet", "geboortedatum"),
    ({"geslachtsnaam": ""}, "geslachtsnaam", "geslachtsnaam"),
    ({"bsn": "123456789"}, "BSN klopt niet", "bsn"),
    ({"afweging": ""}, "afgewogen", "afweging"),
    ({"contactdatum": "2026-01-01"}, "31 dagen", "contactdatum"),
    ({"kennisgeving": "gegeven"}, "aan wie", "kennisgeving_aan"),
    ({"referentie": "Kanariegeel-Zwaluwstaart"}, "dossiernummer", "referentie"),
]


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_sent(visitor: Visitor, world: World) -> None:
    form = typed(visitor)
    for changes, words, place in WRONG:
        page = visitor.fill_in("/post", form | changes)
        assert words in page
        assert re.search(rf'id="{place}"[^>]*aria-invalid="true" aria-describedby="wrong"', page)
    assert world.hub.calls == []
    assert world.holder.calls == []


def test_no_page_is_the_answer_to_a_form_and_what_was_sent_is_forgotten(visitor: Visitor) -> None:
    held = visitor.post("/look", typed(visitor)).headers["location"]
    assert CANARY.surname in visitor.get(held).text
    visitor.post("/post", typed(visitor))
    assert visitor.get(held).headers["location"] == "/"


def test_what_nobody_comes_back_for_is_forgotten_after_half_an_hour(visitor: Visitor) -> None:
    desk, then = visitor.desk, clock.now() - timedelta(minutes=31)
    kept = desk.forms.hold(HeldForm({"geslachtsnaam": "Jansen"}, clock.now()))
    desk.forms.hold(HeldForm({"geslachtsnaam": "Pietersen"}, then))
    desk.forget_old()
    assert [one.fields["geslachtsnaam"] for one in vars(desk.forms)["_held"].values()] == ["Jansen"]
    assert desk.forms.find(kept)


def test_who_would_hear_is_asked_anew_after_a_while(visitor: Visitor, world: World) -> None:
    desk, fields = visitor.desk, typed(visitor)
    ahead = desk.look_ahead(fields, Language.DUTCH)
    world.hub.lists["telling-previews"] = {**AHEAD, "mayPost": False}
    assert desk.look_ahead(fields, Language.DUTCH) == ahead
    for asked, (at, before) in list(desk.previews.items()):
        desk.previews[asked] = at - timedelta(minutes=11), before
    anew = desk.look_ahead(fields, Language.DUTCH)
    assert anew
    assert not anew.may_post


def test_what_the_hub_refuses_is_said_in_words(visitor: Visitor, world: World) -> None:
    world.hub.refusals["NO_OBJECTION"] = "legal_basis_not_allowed"
    assert "Deze grondslag is niet voor uw organisatie" in visitor.fill_in("/post", typed(visitor))


def test_what_the_hub_did_not_take_is_kept_and_sent_again_once(visitor: Visitor, world: World) -> None:
    world.hub.before.extend([lambda _: problem(503, "unavailable", retry_after=3600)])
    assert visitor.post("/post", typed(visitor)).headers["location"] == "/?said=kept"
    assert "Er ligt één bericht klaar" in visitor.get("/").text
    assert visitor.post("/receipts/pending").headers["location"] == "/receipts?said=sent"
    assert len(world.hub.stored) == 1


def test_without_a_key_holder_nothing_is_kept_and_the_form_stands(visitor: Visitor, world: World) -> None:
    world.holder.is_down = True
    page = visitor.fill_in("/post", typed(visitor))
    assert "niet bereikbaar" in page
    assert f'value="{CANARY.surname}"' in page
    assert visitor.desk.count_pending() == 0


def upload(visitor: Visitor, content: str, **fields: str) -> str:
    """Drop a file; gives where its report is."""
    form = {name: TYPED[name] for name in ("soort", "grondslag", "kennisgeving", "afweging")}
    form |= {"contactdatum": typed(visitor)["contactdatum"]} | fields
    answer = visitor.post("/file", form, files={"bestand": ("contacten.csv", content.encode(), "text/csv")})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_file_is_judged_first_and_sent_once(visitor: Visitor, world: World) -> None:
    row = f"{CANARY.surname};13-07-1986;{CANARY.given_names};F1"
    report = upload(visitor, FILE.format(row))
    page = visitor.get(report).text
    assert "1 van de 3 regels kunnen weg" in page
    assert "Deze geboortedatum bestaat niet." in page
    assert _found(_canaries(), page.encode()) == set()
    assert world.hub.calls == world.holder.calls == []
    visitor.post(f"{report}/post")
    visitor.post(f"{report}/post")
    assert len(world.hub.stored) == 1
    assert re.search(r"Eerder verstuurd</dt><dd>1<", visitor.get(report).text)


def test_a_kind_that_the_covenant_does_not_take_is_refused_before_anything_is_sealed(
    visitor: Visitor, world: World
) -> None:
    assert '<input type="hidden" name="soort" value="contact">' in visitor.get("/").text
    said = "Deze soort is hier niet afgesproken."
    for path in ("/post", "/look"):
        assert said in visitor.fill_in(path, typed(visitor, soort="zorg"))
    row = f"{CANARY.surname};13-07-1986;{CANARY.given_names};F1;zorg"
    report = upload(visitor, f"geslachtsnaam;geboortedatum;voornamen;referentie;soort\n{row}\n")
    assert said in visitor.get(report).text
    visitor.post(f"{report}/post")
    assert world.hub.calls == world.holder.calls == []


def test_where_the_covenant_takes_more_kinds_one_is_chosen(world: World) -> None:
    home = world.make_home(partner_kind="school", signal_kinds=("contact", "concern"))
    with world.open(home) as client:
        visitor = Visitor(Desk(client), Door(PORT)).enter()
        assert '<option value="concern">' in visitor.get("/").text
        visitor.post("/post", typed(visitor, soort="concern"))
    assert [one.body["kind"] for one in world.hub.stored.values()] == ["concern"]


def test_rows_can_be_pasted_from_a_spreadsheet(visitor: Visitor, world: World) -> None:
    pasted = f"geslachtsnaam\tgeboortedatum\tvoornamen\n{CANARY.surname}\t13-07-1986\tPip"
    report = upload(visitor, "", regels=pasted)
    visitor.post(f"{report}/post")
    assert len(world.hub.stored) == 1


def test_a_file_that_misses_columns_is_refused_by_our_own_names(visitor: Visitor) -> None:
    for content in (b"naam;geboren\nZon;x", b"", b"\x00\xff\x00"):
        page = visitor.fill_in("/file", {}, files={"bestand": ("x.csv", content)})
        assert "geslachtsnaam geboortedatum" in page
        assert "Zon" not in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "niet te lezen als tabel"),
        (b"naam;geboren\nZon;x", "<code>geslachtsnaam geboortedatum"),
        ("geslachtsnaam;geboortedatum\nZo\u00eb;13-07-1986".encode("mac_roman"), "CSV UTF-8"),
        (b"geslachtsnaam;geboortedatum;Geboortedatum\nZon;13-07-1986;x", "<code>geboortedatum</code>"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_words(visitor: Visitor, content: bytes, said: str) -> None:
    page = visitor.fill_in("/file", {}, files={"bestand": ("x.csv", content)})
    assert said in page.partition('id="wrong"')[2].partition("<form")[0]


def test_a_form_that_is_far_too_large_is_refused(visitor: Visitor) -> None:
    assert visitor.post("/look", {"geslachtsnaam": "x" * 9_000_000}).status_code == 413


def test_the_own_signals_with_their_receipts_are_shown_and_withdrawn(visitor: Visitor, world: World) -> None:
    visitor.post("/post", typed(visitor))
    (signal_id,) = [stored.id for stored in world.hub.stored.values()]
    assert "2026-0017" in visitor.get("/signals").text
    page = visitor.get(f"/signals/{signal_id}").text
    assert "door de hub ondertekend op" in page
    visitor.post(f"/signals/{signal_id}/withdraw", {"reden": "reason_gone"})
    assert "ingetrokken" in visitor.get("/signals").text
    assert re.search(r"Echt</dt><dd>1<", visitor.get("/receipts").text)


def test_pages_hold_no_script_no_style_and_nothing_from_elsewhere(visitor: Visitor) -> None:
    for path in ("/", "/file", "/signals", "/receipts"):
        page = visitor.get(path).text
        assert not re.search(r"<script|<style|\s(style|on[a-z]+)=|(src|href)=\"(https?:)?//", page)
        for field in re.findall(r"<(?:input|select|textarea)[^>]*>", page):
            assert re.search(r'type="(hidden|checkbox|radio|file)"|autocomplete="off"', field), field


@pytest.fixture
def team(world: World) -> Iterator[Client]:
    """A municipal team's client."""
    home = world.make_home("team", partner_kind="municipal_team", legal_bases=("JW_WMO_TASK",))
    with world.open(home) as client:
        yield client


def test_a_municipal_team_registers_its_caseload(team: Client, world: World) -> None:
    visitor = Visitor(Desk(team), Door(PORT)).enter()
    page = visitor.get("/").text
    assert "contactdatum" not in page
    form = {name: TYPED[name] for name in ("geslachtsnaam", "voornamen", "geboortedatum", "referentie")}
    form |= {"grondslag": "JW_WMO_TASK", "once": hidden(page, "once")}
    assert visitor.post("/post", form).headers["location"] == "/?said=registered"
    answer = visitor.post(
        "/file",
        {"grondslag": "JW_WMO_TASK"},
        files={"f": ("c.csv", b"geslachtsnaam;geboortedatum;voornamen;geslacht\nZon;1970-01-01;Jan;m")},
    )
    visitor.post(f"{answer.headers['location']}/post")
    assert len(world.hub.list_kind("caseId")) == 2


def test_the_language_is_kept(visitor: Visitor) -> None:
    answer = visitor.get("/?lang=en")
    assert "Signal that there was contact" in answer.text
    assert "dat-desk-language=en" in answer.headers["set-cookie"]
    assert '<html lang="nl"' in visitor.get("/").text


def test_a_reporter_reads_what_became_of_a_signal_beside_the_own_file_number(
    visitor: Visitor, world: World
) -> None:
    assert "Nog niets" in visitor.get("/heard").text
    visitor.post("/post", typed(visitor, referentie="L-0417"))
    (signal_id,) = re.findall(r"/signals/([0-9a-f-]{36})", visitor.get("/signals").text)
    said = {
        "signalId": signal_id,
        "code": "taken_up",
        "givenDate": "2026-11-20",
        "jointConsiderationDate": None,
    }
    world.hub.lists["feedback-items"] = {"feedbackItems": [said]}
    page = visitor.get("/heard").text
    assert "het is opgepakt" in page
    assert "L-0417" in page
    assert "20 november 2026" in page
    colleagues = said | {"signalId": str(uuid4())}  # sent from another machine of the organisation
    world.hub.lists["feedback-items"] = {"feedbackItems": [colleagues] * 101}
    assert "Nog niets" in visitor.get("/heard").text
    world.hub.lists["feedback-items"] = {"feedbackItems": [said] * 101}
    assert "/heard?page=2" in visitor.get("/heard").text
    assert visitor.get("/heard?page=2").text.count("het is opgepakt") == 1
