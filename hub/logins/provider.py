"""The OpenID provider of logins: where to send somebody, and what its answer says.

Source: OpenID Connect Core 1.0; RFC 7636 (PKCE), RFC 7523 (private_key_jwt); OpenID Connect NL GOV 1.0.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from joserfc.jwt import JWTClaimsRegistry

from hub.logins.errors import LoginRefusedError, LoginUnavailableError
from hub.logins.settings import LoginSettings
from hub.partners.values import StaffRole
from keys.protocol.encoding import b64u
from service.clock import now
from service.keystore import KeyStore

LOGIN_KEY = "login"
ALGORITHMS = ["ES256", "EdDSA", "RS256", "PS256"]  # of the provider; never `none`, never a shared secret
TIMEOUT = 10.0  # seconds
LEEWAY = 30  # seconds between the provider's clock and ours
PROOF_AGE = 300  # seconds since somebody typed it
MAX_TOKEN = 8192
KEYS_LAST = timedelta(minutes=5)  # after which a key that was withdrawn is no longer believed
KEYS_REST = timedelta(seconds=10)  # between two look-ups, whoever sends tokens
LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, slots=True)
class Handshake:
    """One attempt to log in; everything follows from one secret that only this browser has.

    So nothing is kept here meanwhile, and an answer that was begun in another browser does not fit.
    """

    secret: str

    @property
    def state(self) -> str:
        """Return what the answer must bring back."""
        return self._derive("state")

    @property
    def nonce(self) -> str:
        """Return what the ID token must hold."""
        return self._derive("nonce")

    @property
    def verifier(self) -> str:
        """Return the PKCE code verifier."""
        return self._derive("verifier")

    def _derive(self, what: str) -> str:
        return b64u(hmac.digest(self.secret.encode(), what.encode(), hashlib.sha256))


@dataclass(frozen=True, slots=True)
class Identity:
    """What a provider says of somebody who logged in.

    Attributes:
        session: hash of the login at the provider, when it names one.
        subject: hash of who it is there.
    """

    staff_id: UUID
    roles: frozenset[StaffRole]
    session: bytes | None
    subject: bytes


class Provider:
    """The provider that logins are set up with; asked for its own description when first needed."""

    def __init__(self, settings: LoginSettings, key: ECKey, *, callback: str, after_logout: str) -> None:
        self.settings = settings
        self._key = key
        self._callback = callback
        self._after_logout = after_logout
        self._keys: tuple[datetime, KeySet] | None = None

    @cached_property
    def described(self) -> Mapping[str, Any]:
        """Return how the provider describes itself; raises LoginUnavailableError."""
        found = self._get(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        # A description that names another issuer is somebody else's. Source: OpenID Discovery 4.3.
        if found.get("issuer") != self.settings.issuer:
            raise LoginUnavailableError
        return found

    def invite(self, handshake: Handshake, *, proving: bool) -> str:
        """Return where to send a browser to log in, or to prove once more who it is."""
        acr = [self.settings.proving_acr] if proving and self.settings.proving_acr else self.settings.acr
        asked = {"acr_values": " ".join(acr)} if acr else {}
        # Without a bound, an unattended computer would log itself in again from the provider's own login.
        longest = self.settings.longest.total_seconds()
        asked |= {"prompt": "login", "max_age": "0"} if proving else {"max_age": str(int(longest))}
        with self._client() as client:
            url, _ = client.create_authorization_url(
                self.described["authorization_endpoint"],
                state=handshake.state,
                nonce=handshake.nonce,
                code_verifier=handshake.verifier,
                **asked,
            )
        return str(url)

    def identify(self, handshake: Handshake, *, code: str, proving: bool) -> Identity:
        """Exchange a code for who logged in.

        Raises:
            LoginRefusedError: The answer is not for this attempt, or lets nobody in.
            LoginUnavailableError: The provider does not answer.
        """
        endpoint = self.described["token_endpoint"]
        try:
            with self._client() as client:
                client.register_client_auth_method(PrivateKeyJWT(endpoint, alg="ES256"))
                token = client.fetch_token(endpoint, code=code, code_verifier=handshake.verifier)
        except OAuthError:
            raise LoginRefusedError from None
        except httpx2.HTTPError:
            raise LoginUnavailableError from None
        claims = self._read(str(token.get("id_token", "")), nonce=handshake.nonce)
        return self._identity(claims, proving=proving)

    def farewell(self) -> str:
        """Return where to send a browser that logged out here."""
        end = self.described.get("end_session_endpoint")
        query = httpx2.QueryParams(
            client_id=self.settings.client_id, post_logout_redirect_uri=self._after_logout
        )
        return f"{end}?{query}" if end else self._after_logout

    def read_logout(self, token: str) -> tuple[bytes | None, bytes | None]:
        """Read a back-channel logout: the login, or the person, that it is about.

        Raises:
            LoginRefusedError: It is not the provider's, or says something else.

        Source:
            OpenID Connect Back-Channel Logout 1.0, 2.6.
        """
        claims = self._read(token, nonce=None)
        events, sid, sub = claims.get("events"), claims.get("sid"), claims.get("sub")
        if not isinstance(events, dict) or LOGGED_OUT not in events or "nonce" in claims or not (sid or sub):
            raise LoginRefusedError
        return self._hash(sid) if sid else None, self._hash(sub) if sub else None

    def _identity(self, claims: Mapping[str, Any], *, proving: bool) -> Identity:
        settings, acr = self.settings, str(claims.get("acr", ""))
        accepted = (settings.proving_acr,) if proving and settings.proving_acr else settings.acr
        # The level is judged here again: a provider may answer with less than was asked for.
        if accepted and acr not in accepted:
            raise LoginRefusedError
        # Asked to prove anew, a provider may still answer from a login of this morning, or of last week.
        oldest = PROOF_AGE if proving else self.settings.longest.total_seconds() + LEEWAY
        if now().timestamp() - int(claims.get("auth_time", 0)) > oldest:
            raise LoginRefusedError
        said = claims.get(settings.roles_claim, [])
        try:
            staff_id = UUID(str(claims.get(settings.staff_claim)))
        except ValueError:
            raise LoginRefusedError from None
        return Identity(
            staff_id=staff_id,
            roles=settings.roles_of(said if isinstance(said, list) else [said], acr),
            session=self._hash(claims["sid"]) if claims.get("sid") else None,
            subject=self._hash(claims["sub"]),
        )

    def _read(self, token: str, *, nonce: str | None) -> dict[str, Any]:
        """Verify a token of the provider's; what does not even look like one costs no look-up."""
        if token.count(".") != 2 or len(token) > MAX_TOKEN:
            raise LoginRefusedError
        expected: dict[str, Any] = {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": self.settings.client_id},
            "iat": {"essential": True},
        }
        if nonce is not None:
            expected |= {
                "nonce": {"essential": True, "value": nonce},
                "exp": {"essential": True},
                "sub": {"essential": True},
            }
        registry = JWTClaimsRegistry(now=lambda: int(now().timestamp()), leeway=LEEWAY, **expected)
        try:
            claims = self._decode(token)
            registry.validate(claims)
        except (JoseError, ValueError, TypeError):
            raise LoginRefusedError from None
        if claims.get("azp", self.settings.client_id) != self.settings.client_id:
            raise LoginRefusedError
        return claims

    def _decode(self, token: str) -> dict[str, Any]:
        """Read a token with the keys that are known, else with those that the provider has by now."""
        if self._keys is not None and now() - self._keys[0] < KEYS_LAST:
            with suppress(JoseError, ValueError):
                return dict(jwt.decode(token, self._keys[1], algorithms=ALGORITHMS).claims)
            if now() - self._keys[0] < KEYS_REST:
                raise LoginRefusedError
        found = KeySet.import_key_set(self._get(self.described["jwks_uri"]))  # type: ignore[arg-type]
        self._keys = (now(), found)
        return dict(jwt.decode(token, found, algorithms=ALGORITHMS).claims)

    def _get(self, url: str) -> dict[str, Any]:
        try:
            answer = httpx2.get(url, timeout=TIMEOUT)
            answer.raise_for_status()
            found = answer.json()
        except (httpx2.HTTPError, ValueError):
            raise LoginUnavailableError from None
        if not isinstance(found, dict):
            raise LoginUnavailableError
        return found

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            client_id=self.settings.client_id,
            client_secret=self._key,
            token_endpoint_auth_method="private_key_jwt",  # noqa: S106 - the name of a method
            scope="openid",
            redirect_uri=self._callback,
            code_challenge_method="S256",
            timeout=TIMEOUT,
        )

    def _hash(self, value: object) -> bytes:
        return hashlib.sha256(f"{self.settings.issuer}|{value}".encode()).digest()


def create_login_key(keys: KeyStore) -> None:
    """Make the key with which the hub proves itself to the provider; FileExistsError when there is one."""
    keys.create(LOGIN_KEY, ECKey.generate_key("P-256").as_pem(private=True))


def login_key(keys: KeyStore) -> ECKey:
    """Return that key."""
    return ECKey.import_key(keys.read(LOGIN_KEY), {"use": "sig", "alg": "ES256"})


def login_jwk(keys: KeyStore) -> dict[str, Any]:
    """Return its public part, as the provider registers it."""
    return {**login_key(keys).as_dict(private=False), "kid": login_key(keys).thumbprint()}
