"""Promise 5: the holder believes no token of the hub, and nobody uses a scheme without permission."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, select

from keys.holder.administration import Admission, add_reporter, admit
from keys.holder.credentials import BASE
from keys.holder.models import LOG
from keys.holder.opening import Holder
from keys.protocol.encoding import b64u
from keys.protocol.voprf import blind
from service import clock
from service.oauth.identity import ServiceIdentity
from service.oauth.jose import thumbprint
from service.oauth.tokens import TokenMint
from service.work import OPERATOR, SYSTEM
from tests import databases
from tests.builders import entries
from tests.keys.holder.world import migrated, new_holder, serve
from tests.oauth_client import ApiClient, public_jwk
from tests.promises.answers import masked
from tests.promises.town import Town

SCHOOL = {"demographic": 100}
JAN = {"A": "jan", "F": "jan"}


@pytest.fixture(scope="module")
def holder(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Holder]:
    """A key holder in the same kind of database, that knows the school: for the demographic scheme only."""
    postgresql = town.database.dialect == "postgresql"
    url = databases.new_postgresql_url() if postgresql else ""
    if url:
        migrated(create_engine(url))
    opened = new_holder(tmp_path_factory.mktemp("holder") / "data", url)
    sender, party = town.sender("school"), town.parties["school"]
    admission = Admission(party.client_id, sender.partner.id, public_jwk(party.key), SCHOOL)
    with opened.database.work(OPERATOR) as work:
        admit(work, admission)
        add_reporter(work, sender.partner.id, sender.reporter.id, per_day=100)
    yield opened
    opened.database.close()
    if postgresql:
        databases.drop_postgresql(url)


@pytest.fixture
def at_holder(town: Town, holder: Holder) -> ApiClient:
    """The school, calling the holder."""
    party = town.parties["school"]
    http = serve(holder)
    return ApiClient(http, party.client_id, party.key, public_url=holder.settings.public_url, base=BASE)


def ask(client: ApiClient, reporter: UUID, scheme: str = "demographic") -> Any:
    """Ask for the evaluation of one element."""
    body = {
        "scheme": scheme,
        "epoch": 1,
        "requestId": secrets.token_hex(16),
        "reporter": str(reporter),
        "purpose": "signal",
        "elements": [b64u(blind(b"jan").element)],
    }
    return client.post("/evaluations", json=body)


def evaluated(holder: Holder) -> int:
    """How many evaluations the holder's own log counts."""
    with holder.database.look(SYSTEM) as work:
        return sum(b'"evaluated"' in bytes(leaf) for leaf in work.session.scalars(select(LOG.event.c.leaf)))


def test_a_token_that_the_hub_minted_is_refused_by_the_holder(
    town: Town, holder: Holder, at_holder: ApiClient
) -> None:
    reporter = town.sender("school").reporter.id
    at_holder._token = replace(town.client("school")).fetch_token()
    answer = ask(at_holder, reporter)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert evaluated(holder) == 0


def test_a_hub_that_mints_tokens_in_the_holders_name_is_refused_too(
    town: Town, holder: Holder, at_holder: ApiClient
) -> None:
    party = town.parties["school"]
    as_holder = ServiceIdentity(holder.settings.public_url, BASE)
    mint = TokenMint(as_holder, town.hub.keys.read("token"))
    jkt = thumbprint(public_jwk(party.key))
    at_holder._token = mint.mint(party.client_id, thumbprint=jkt, now=clock.now()).value
    assert ask(at_holder, town.sender("school").reporter.id).status_code == 401
    assert evaluated(holder) == 0


def test_a_token_that_the_holder_minted_is_refused_by_the_hub(town: Town, at_holder: ApiClient) -> None:
    at_hub = replace(town.client("school"), _token=at_holder.fetch_token())
    assert town.signal("school", JAN).post(at_hub).status_code == 401


def test_with_its_own_token_the_same_request_is_evaluated(
    town: Town, holder: Holder, at_holder: ApiClient
) -> None:
    before = evaluated(holder)
    assert ask(at_holder, town.sender("school").reporter.id).status_code == 200
    assert evaluated(holder) == before + 1


@pytest.mark.parametrize("scheme", ["bsn", "household"])
def test_the_holder_refuses_a_scheme_that_the_partner_may_not_use(
    town: Town, holder: Holder, at_holder: ApiClient, scheme: str
) -> None:
    before = evaluated(holder)
    answer = ask(at_holder, town.sender("school").reporter.id, scheme)
    assert (answer.status_code, answer.json()["code"]) == (403, "scheme_not_permitted")
    assert evaluated(holder) == before


@pytest.mark.parametrize("name", ["bsn", "household", "parent"])
def test_the_hub_openly_refuses_a_token_type_that_the_partner_may_not_use(town: Town, name: str) -> None:
    before = town.kept()
    answer = town.signal("school", {**JAN, name: "jan"}).post(town.client("school"))
    assert answer.status_code == 403
    assert answer.json()["errors"] == [{"pointer": "/tokenTypes"}]
    assert town.kept() == before


def test_a_type_that_is_hidden_in_the_envelope_is_kept_apart_and_the_answer_does_not_show_it(
    town: Town,
) -> None:
    school = town.client("school")
    good = town.signal("school", JAN).post(school)
    hidden = town.signal("school", JAN, sealed=entries({**JAN, "bsn": "jan"})).post(school)
    renamed = town.signal("school", JAN, sealed=entries({"A": "jan", "bsn": "jan"})).post(school)
    fewer = town.signal("school", JAN, sealed=entries({"F": "jan"})).post(school)
    assert masked(good)[0] == 202
    assert {masked(answer) for answer in (hidden, renamed, fewer)} == {masked(good)}
    kept = town.kept()
    assert [kept[UUID(answer.json()["signalId"])] for answer in (good, hidden, renamed, fewer)] == [
        None,
        "types_differ",
        "types_differ",
        "types_differ",
    ]
