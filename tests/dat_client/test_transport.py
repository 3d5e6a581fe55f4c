"""Calls over TLS, and services that answer with nonsense."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from copy import deepcopy
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from dat_client import AnswerError, ClientError, ProblemError, UntrustedServiceError
from dat_client.errors import UnavailableError
from dat_client.request_key import generate_request_key
from dat_client.retrying import Retries
from dat_client.transport import Credential, Service, open_http
from service import clock
from tests.dat_client.fake_services import Answer, FakeHolder, problem


def _write_certificate(folder: Path) -> Path:
    """Make a certificate for 127.0.0.1 that is its own authority; key and certificate in one file."""
    key, now = generate_private_key(SECP256R1()), clock.now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "keys.testdam.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path = folder / "tls.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def holder() -> Iterator[FakeHolder]:
    """A holder that has a manifest to give."""
    made = FakeHolder()
    made.manifest = "x.y.z"
    yield made
    made.close()


@pytest.fixture
def open_service(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Open services as a partner would; their connections are closed afterwards."""
    with ExitStack() as open_ones:

        def open_one(url: str, *, ca_file: str | None = None, waits: list[float] | None = None) -> Service:
            key = generate_request_key(tmp_path / f"{len(list(tmp_path.iterdir()))}.pem", algorithm="ES256")
            retries = Retries(attempts=2, sleep=(waits if waits is not None else []).append)
            http = open_ones.enter_context(open_http(ca_file))
            credential = Credential("partner-1", key)
            return Service(http, url=url, base="/v1", credential=credential, retries=retries)

        yield open_one


def test_a_certificate_is_believed_only_under_the_authority_that_was_named(
    holder: FakeHolder, tmp_path: Path, open_service: Callable[..., Service]
) -> None:
    certificate = _write_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    holder.server.socket = context.wrap_socket(holder.server.socket, server_side=True)
    url = holder.url.replace("http:", "https:")
    with pytest.raises(UntrustedServiceError):
        open_service(url).get_public("/manifest")
    trusting = open_service(url, ca_file=str(certificate))
    assert trusting.get_public("/manifest") == {"manifest": "x.y.z"}


def test_a_redirect_is_not_followed(holder: FakeHolder, open_service: Callable[..., Service]) -> None:
    service = open_service(holder.url)
    holder.answer = lambda _: (302, {"_headers": {"Location": "http://127.0.0.1:1/"}})  # type: ignore[method-assign]
    with pytest.raises(ProblemError):
        service.get_public("/manifest")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((200, None), AnswerError),
        ((500, "x"), ProblemError),
        ((500, {"code": 1, "title": ["x"], "errors": "x"}), ProblemError),
        (problem(503, "busy"), UnavailableError),
        (problem(429, "quota", retry_after="x"), UnavailableError),
    ],
)
def test_an_answer_of_another_shape_is_an_error_of_the_client(
    holder: FakeHolder, open_service: Callable[..., Service], answer: Answer, error: type[ClientError]
) -> None:
    service = open_service(holder.url)
    holder.answer = lambda _: deepcopy(answer)  # type: ignore[method-assign]
    with pytest.raises(error):
        service.get_public("/manifest")


def test_what_a_service_says_cannot_steer_the_terminal() -> None:
    shown = ProblemError(status=400, code="x\x1b[2J", title="a\nb" * 500, places=("/\x07",))
    assert str(shown).isprintable()
    assert len(shown.title) <= 200


def test_a_waiting_time_may_be_a_date(holder: FakeHolder, open_service: Callable[..., Service]) -> None:
    waits: list[float] = []
    service = open_service(holder.url, waits=waits)
    soon = f"{clock.now() + timedelta(seconds=20):%a, %d %b %Y %H:%M:%S} GMT"
    holder.answer = lambda _: problem(503, "busy", retry_after=soon)  # type: ignore[method-assign]
    with pytest.raises(UnavailableError):
        service.get_public("/manifest")
    assert 15 < waits[0] <= 20
