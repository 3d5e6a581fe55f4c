"""Who may ask a key holder: only whom it admitted itself, with tokens it minted itself."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from starlette.testclient import TestClient

from keys.holder import administration
from keys.holder.credentials import mint_of
from keys.holder.models import LOG
from keys.holder.opening import Holder
from service import clock
from service.keystore import FileKeyStore
from service.oauth.identity import ServiceIdentity
from service.oauth.jose import thumbprint
from service.oauth.tokens import TokenMint
from service.work import OPERATOR, SYSTEM
from tests.keys.holder.world import URL, Admitting, Partner, admit, blindings, new_holder, serve
from tests.oauth_client import assertion, new_key, proof, public_jwk, token_form

PLACE = f"{URL}/v1/evaluations"


BODY = b'{"scheme": "demographic", "elements": []}'


def refused(answer: Any) -> str:
    """Return why nobody was authenticated."""
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("DPoP")
    return str(answer.json()["code"])


def ask_with(http: TestClient, partner: Partner, token: str, **headers: str) -> Any:
    """Ask with any token, and an honest proof unless headers say otherwise."""
    made = proof(partner.client.key, "POST", PLACE, token=token, body=BODY)
    mine = {"Authorization": f"DPoP {token}", "DPoP": made, "Content-Type": "application/json"}
    return http.post("/v1/evaluations", content=BODY, headers=mine | headers)


def minted(partner: Partner, seed: bytes, identity: ServiceIdentity) -> str:
    """Mint a token for a partner under some service's key and name."""
    jkt = thumbprint(public_jwk(partner.client.key))
    mint = TokenMint(identity, seed)
    return mint.mint(partner.client.client_id, thumbprint=jkt, now=clock.now()).value


def test_a_token_that_a_hub_minted_is_refused(http: TestClient, partner: Partner) -> None:
    hub = ServiceIdentity("http://hub.example", "/api/v1")
    assert refused(ask_with(http, partner, minted(partner, os.urandom(32), hub))) == "invalid_token"


def test_a_hub_that_calls_itself_the_holder_is_refused(http: TestClient, partner: Partner) -> None:
    pretended = ServiceIdentity(URL, "/v1")
    assert refused(ask_with(http, partner, minted(partner, os.urandom(32), pretended))) == "invalid_token"


def test_a_token_of_another_holder_is_refused(http: TestClient, partner: Partner, tmp_path: Path) -> None:
    other = new_holder(tmp_path / "other", url="http://other.example")
    key, client_id = partner.client.key, partner.client.client_id
    with serve(other) as other_http:
        there = admit(other, other_http, Admitting(client_id=client_id, key=key))
        token = there.client.fetch_token()
        assert refused(ask_with(http, partner, token)) == "invalid_token"
    other.database.close()


def test_an_expired_token_is_refused(holder: Holder, http: TestClient, partner: Partner) -> None:
    mint = mint_of(holder.settings, FileKeyStore(holder.settings.keys))
    jkt = thumbprint(public_jwk(partner.client.key))
    moment = clock.now() - timedelta(minutes=11)
    token = mint.mint(partner.client.client_id, thumbprint=jkt, now=moment).value
    assert refused(ask_with(http, partner, token)) == "invalid_token"


def test_a_token_without_a_proof_is_refused(http: TestClient, partner: Partner) -> None:
    answer = ask_with(http, partner, partner.client.fetch_token(), DPoP="")
    assert refused(answer) == "invalid_dpop_proof"


def test_a_bearer_token_is_refused(http: TestClient, partner: Partner) -> None:
    token = partner.client.fetch_token()
    assert refused(ask_with(http, partner, token, Authorization=f"Bearer {token}")) == "invalid_token"


def test_a_proof_is_good_for_one_request(http: TestClient, partner: Partner) -> None:
    token = partner.client.fetch_token()
    once = proof(partner.client.key, "POST", PLACE, token=token, body=BODY)
    assert ask_with(http, partner, token, DPoP=once).status_code == 400
    assert refused(ask_with(http, partner, token, DPoP=once)) == "invalid_dpop_proof"


def test_a_stolen_token_is_useless_without_its_key(http: TestClient, partner: Partner) -> None:
    token = partner.client.fetch_token()
    stolen = proof(new_key(), "POST", PLACE, token=token, body=BODY)
    assert refused(ask_with(http, partner, token, DPoP=stolen)) == "invalid_dpop_proof"


def test_nobody_gets_a_token_who_was_not_admitted_here(
    holder: Holder, http: TestClient, partner: Partner
) -> None:
    stranger = replace(partner.client, client_id="stranger", key=new_key())
    url = f"{URL}/v1/token"
    answer = http.post(
        "/v1/token",
        data=token_form(assertion(stranger.key, stranger.client_id, url)),
        headers={"DPoP": proof(stranger.key, "POST", url)},
    )
    assert answer.status_code == 401
    assert answer.json()["code"] == "invalid_client"
    with holder.database.look(SYSTEM) as work:
        leaves = [json.loads(leaf) for leaf in work.session.scalars(select(LOG.event.c.leaf))]
    (said,) = [leaf for leaf in leaves if leaf["ev"] == "auth.fail"]
    assert set(said) == {"v", "id", "h", "ev", "reason", "n"}
    assert (said["reason"], said["n"]) == ("client_unknown", 1)


def test_a_disabled_client_gets_no_token(holder: Holder, http: TestClient, partner: Partner) -> None:
    with holder.database.work(OPERATOR) as work:
        administration.disable(work, partner.client.client_id)
    url, client = f"{URL}/v1/token", partner.client
    form = token_form(assertion(client.key, client.client_id, url))
    answer = http.post("/v1/token", data=form, headers={"DPoP": proof(client.key, "POST", url)})
    assert answer.json()["code"] == "invalid_client"


def test_evaluations_without_any_token_are_refused(http: TestClient) -> None:
    body = {"scheme": "bsn", "elements": [blindings()[0].element.hex()]}
    assert refused(http.post("/v1/evaluations", json=body)) == "invalid_token"
