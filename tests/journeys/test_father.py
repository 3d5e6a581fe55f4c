"""A father asks what there is about his daughter of fourteen: not alone, then with her and her mother."""

from __future__ import annotations

import pypdfium2
import pytest

from hub.rights.errors import RequesterNotEntitledError
from hub.rights.letter import write_letter
from hub.rights.reporting import make_report
from hub.rights.values import Advice, Comparison, Ground, Outcome, Verdict
from tests import builders
from tests.builders import Sender, everything
from tests.hub.rights.conftest import MILA, RightsDesk

NEPHEW = {**everything("nephew"), "A": "mila", "C": "mila", "D": "mila"}


def test_tra_07_a_father_asks_access_for_a_girl_of_fourteen(desk: RightsDesk, school: Sender) -> None:
    town = desk.town
    town.case(town.anna, MILA)
    town.signal(school, MILA)
    other = builders.sender(desk.database, "youth_care", now=town.now, name="Jeugdhulp Elders")
    town.signal(other, NEPHEW)
    town.match()
    assert len(town.inbox(town.anna)) == 1

    # At the desk he shows his passport and the register of authority; two hold it, and she is fourteen.
    for alone in (
        {"filedBy": "representative", "holdersAsking": 1},
        {"filedBy": "representative"},  # both parents, without her
        {"filedBy": "both", "holdersAsking": 1},  # he and she, without her mother
        {"filedBy": "subject", "authority": "none", "authorityHolders": 0, "holdersAsking": 0},
    ):
        with pytest.raises(RequesterNotEntitledError):
            desk.file("access", **alone)
    # Where a professional attests that she cannot weigh it, her parents may without her; never one of them.
    with pytest.raises(RequesterNotEntitledError):
        desk.file("access", filedBy="representative", holdersAsking=1, ability="not_able")
    assert desk.file("access", filedBy="representative", ability="not_able").id

    # A week later the three of them come.
    later = desk.later(days=7)
    request = later.file("access", filedBy="both", authorityHolders=2, holdersAsking=2)
    found = later.found(request)
    (doubtful,) = [one for one in found.findings if one.verdict == "possible"]
    assert doubtful.organisation_id == other.partner.id
    later.ask(request)
    later.advise(other, Advice.ANOTHER_PERSON)
    later.judge(request, doubtful.registration_id, Verdict.REJECTED, compared=Comparison.WITH_REPORTER)
    later.decide(request, Outcome.GRANTED, Ground.ENTITLED)

    # The desk prints the letter; it is about her and names nobody else.
    with later.work(later.desk) as work:
        report = make_report(work, request.id)
    assert {one.kind for one in report.registered} == {"signal", "case"}
    assert report.doubtful == 0
    with pypdfium2.PdfDocument(write_letter(report)) as letter:
        text = " ".join(page.get_textpage().get_text_bounded() for page in letter)
    assert "casemanager" in text
    assert "Jeugdhulp Elders" not in text
