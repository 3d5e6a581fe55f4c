"""Evaluations over HTTP: what a partner gets, and what is refused."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from keys.holder import administration
from keys.holder.models import LOG, UsedRow
from keys.holder.opening import Holder
from keys.holder.service import request_hash
from keys.protocol import sodium
from keys.protocol.encoding import b64u
from keys.protocol.errors import ProofError
from keys.protocol.voprf import Evaluation, blind, generate_key_pair, unblind, verify
from service.work import OPERATOR
from tests.keys.holder.world import Admitting, Partner, admit, blindings, evaluation_of

FIELD = 2**255 - 19


def logged(holder: Holder) -> list[str]:
    """Return every leaf of the log as text."""
    with holder.database.look(OPERATOR) as work:
        return [row[0].decode() for row in work.session.execute(select(LOG.event.c.leaf))]


def used(holder: Holder) -> int:
    with holder.database.look(OPERATOR) as work:
        return sum(work.session.scalars(select(UsedRow.used)))


def test_an_evaluation_verifies_and_gives_the_same_pseudonym_twice(holder: Holder, partner: Partner) -> None:
    public = holder.shares["demographic", 1].public
    pseudonyms = []
    for _ in range(2):
        blinding = blind(b"one person")
        evaluation = evaluation_of(partner.ask([blinding.element]))
        verify(public, [blinding.element], evaluation)
        pseudonyms.append(unblind(blinding.scalar, evaluation.elements[0]))
    assert pseudonyms[0] == pseudonyms[1]


def test_every_32_elements_carry_a_proof_of_their_own(holder: Holder, partner: Partner) -> None:
    blinded = [one.element for one in blindings(65)]
    evaluation = evaluation_of(partner.ask(blinded))
    assert (len(evaluation.elements), len(evaluation.proofs)) == (65, 3)
    verify(holder.shares["demographic", 1].public, blinded, evaluation)
    swapped = Evaluation(evaluation.elements[::-1], evaluation.proofs)
    with pytest.raises(ProofError):
        verify(holder.shares["demographic", 1].public, blinded, swapped)


def test_each_scheme_has_a_key_of_its_own(holder: Holder, http: TestClient) -> None:
    partner = admit(holder, http, Admitting(schemes={"bsn": 10, "demographic": 10, "household": 10}))
    element = blind(b"one person").element
    answers = {evaluation_of(partner.ask([element], scheme=scheme)).elements for scheme, _ in holder.shares}
    assert len(answers) == 3


def test_a_scheme_that_is_not_permitted_is_refused_and_counted(holder: Holder, partner: Partner) -> None:
    answer = partner.ask([blindings()[0].element], scheme="bsn")
    assert (answer.status_code, answer.json()["code"]) == (403, "scheme_not_permitted")
    (leaf,) = [leaf for leaf in logged(holder) if "scheme_not_permitted" in leaf]
    assert partner.organisation.hex in leaf
    assert '"n":1' in leaf
    assert used(holder) == 0


def test_a_permission_that_was_ended_is_refused(holder: Holder, partner: Partner) -> None:
    with holder.database.work(OPERATOR) as work:
        administration.permit(work, partner.organisation, "demographic", per_day=0)
    assert partner.ask([blindings()[0].element]).json()["code"] == "scheme_not_permitted"


def test_an_unknown_reporter_is_refused(holder: Holder, partner: Partner) -> None:
    answer = partner.ask([blindings()[0].element], reporter=str(uuid4()))
    assert (answer.status_code, answer.json()["code"]) == (403, "unknown_reporter")
    assert any("unknown_reporter" in leaf for leaf in logged(holder))
    assert used(holder) == 0


def test_a_reporter_of_another_organisation_is_unknown_here(
    holder: Holder, http: TestClient, partner: Partner
) -> None:
    other = admit(holder, http)
    answer = partner.ask([blindings()[0].element], reporter=str(other.reporter))
    assert answer.json()["code"] == "unknown_reporter"


def test_a_reporter_who_left_is_unknown(holder: Holder, partner: Partner) -> None:
    with holder.database.work(OPERATOR) as work:
        administration.end_reporter(work, partner.organisation, partner.reporter)
    assert partner.ask([blindings()[0].element]).json()["code"] == "unknown_reporter"


@pytest.mark.parametrize("how", [Admitting(schemes={"demographic": 3}), Admitting(per_day=3)])
def test_the_quota_of_the_day_is_of_organisation_and_reporter(
    holder: Holder, http: TestClient, how: Admitting
) -> None:
    partner = admit(holder, http, Admitting(how.schemes, how.per_day))
    blinded = [one.element for one in blindings(2)]
    assert partner.ask(blinded).status_code == 200
    refused = partner.ask(blinded)
    assert (refused.status_code, refused.json()["code"]) == (429, "evaluation_quota_exhausted")
    assert int(refused.headers["Retry-After"]) > 0
    assert partner.ask(blinded[:1]).status_code == 200


def test_an_epoch_without_a_key_is_refused(partner: Partner) -> None:
    answer = partner.ask([blindings()[0].element], epoch=2)
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_epoch")


NOT_ELEMENTS = {
    "identity": bytes(32),
    "bit 255": blind(b"x").element[:31] + bytes([blind(b"x").element[31] | 0x80]),
    "not reduced": (FIELD + 4).to_bytes(32, "little"),
    "negative": (FIELD - 2).to_bytes(32, "little"),
    "not on the curve": (2).to_bytes(32, "little"),
    "all ones": b"\xff" * 32,
}


@pytest.mark.parametrize("wrong", NOT_ELEMENTS.values(), ids=NOT_ELEMENTS)
def test_what_is_no_element_is_refused_without_repeating_it(
    partner: Partner, wrong: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    assert not sodium.is_element(wrong)
    answer = partner.ask([blindings()[0].element, wrong])
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_element")
    said = answer.text + str(answer.headers) + "".join(capfd.readouterr())
    assert b64u(wrong) not in said
    assert wrong.hex() not in said


WRONG_BODIES: dict[str, dict[str, Any]] = {
    "no elements": {"elements": []},
    "too many": {"elements": [b64u(blind(b"x").element)] * 1_001},
    "short": {"elements": ["CANARYCANARY"]},
    "not base64url": {"elements": ["CANARY+/=" + "A" * 34]},
    "not the one encoding": {"elements": ["CANARY" + "A" * 36 + "B"]},
    "number": {"elements": [1]},
    "unknown member": {"CANARY": "CANARY"},
    "unknown scheme": {"scheme": "CANARY"},
    "unknown purpose": {"purpose": "CANARY"},
    "request id": {"requestId": "CANARY"},
    "reporter": {"reporter": "CANARY"},
    "epoch zero": {"epoch": 0},
    "epoch as text": {"epoch": "1"},
    "epoch true": {"epoch": True},
}


@pytest.mark.parametrize("change", WRONG_BODIES.values(), ids=WRONG_BODIES)
def test_a_body_of_another_form_is_a_400_without_an_echo(
    holder: Holder, partner: Partner, change: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    answer = partner.ask([blindings()[0].element], **change)
    assert answer.status_code == 400
    assert "CANARY" not in answer.text + str(answer.headers) + "".join(capfd.readouterr())
    assert used(holder) == 0


def test_the_manifest_is_public(holder: Holder, http: TestClient) -> None:
    assert http.get("/v1/manifest").status_code == 404
    holder.settings.manifest.write_text("a.b.c\n")
    assert http.get("/v1/manifest").json() == {"manifest": "a.b.c"}


def test_a_holder_is_live_and_ready(http: TestClient) -> None:
    assert http.get("/livez").status_code == 200
    assert http.get("/readyz").status_code == 200


def test_metrics_and_operational_log_hold_no_element(
    holder: Holder, http: TestClient, partner: Partner, capfd: pytest.CaptureFixture[str]
) -> None:
    blinded = [one.element for one in blindings(3)]
    evaluation = evaluation_of(partner.ask(blinded))
    partner.ask(blinded, scheme="bsn")
    said = http.get("/metrics").text + "".join(capfd.readouterr()) + "".join(logged(holder))
    for element in (*blinded, *evaluation.elements):
        assert b64u(element) not in said
        assert element.hex() not in said
    assert "dat_requests" in said


def test_a_wrong_share_is_named_by_its_proof(holder: Holder, partner: Partner) -> None:
    blinding = blindings()[0]
    evaluation = evaluation_of(partner.ask([blinding.element]))
    with pytest.raises(ProofError):
        verify(generate_key_pair()[1], [blinding.element], evaluation)


def test_two_partners_get_the_same_pseudonym_of_one_person(
    holder: Holder, http: TestClient, partner: Partner
) -> None:
    other = admit(holder, http)
    found = set()
    for one in (partner, other):
        blinding = blind(b"one person")
        found.add(unblind(blinding.scalar, evaluation_of(one.ask([blinding.element])).elements[0]))
    assert len(found) == 1


def test_request_ids_are_logged_so_that_posts_can_be_reconciled(holder: Holder, partner: Partner) -> None:
    request_id = secrets.token_hex(16)
    partner.ask([blindings()[0].element], requestId=request_id)
    named = request_hash(request_id)
    assert any(named in leaf and '"ev":"evaluated"' in leaf for leaf in logged(holder))


def test_a_manifest_path_lies_in_the_holders_own_directory(holder: Holder, tmp_path: Path) -> None:
    assert holder.settings.manifest.is_relative_to(tmp_path)
