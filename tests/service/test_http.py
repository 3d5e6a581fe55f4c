"""A plain route answers as any other route does, whatever its endpoint raises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response
from starlette.testclient import TestClient

from service.errors import ConflictError, InvalidError
from service.http import create_api, create_service
from service.plain import PlainRoute
from service.work import OPERATOR, Caller


@dataclass
class Ear:
    """Who is told of what is malformed, as long as it listens."""

    heard: list[Caller | None] = field(default_factory=list)
    listens: bool = True

    def __call__(self, caller: Caller | None) -> None:
        if not self.listens:
            raise OSError
        self.heard.append(caller)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def client(ear: Ear) -> Iterator[TestClient]:
    """A service with one plain route, which does what the body of a request says."""
    router = APIRouter(route_class=PlainRoute)

    @router.post("/acts")
    async def act(request: Request) -> Response:
        match await request.json():
            case "refuse":
                raise ConflictError
            case "break":
                raise RuntimeError("never shown")
            case "misspell":
                request.scope["caller"] = OPERATOR
                raise InvalidError
        return JSONResponse(request.app.title, status_code=202)

    api = create_api(title="Acts", version="0", description="", server="https://acts.example")
    api.include_router(router)
    service = create_service(
        api=api,
        base="/api/v1",
        version="0",
        is_ready=lambda: None,
        plain=router.routes,
        on_malformed=ear,
    )
    with TestClient(service, raise_server_exceptions=False) as http:
        yield http


@pytest.mark.parametrize(("body", "status"), [("act", 202), ("refuse", 409), ("break", 500)])
def test_what_a_plain_route_answers_is_dressed_and_a_failure_is_a_problem(
    client: TestClient, body: str, status: int
) -> None:
    answer = client.post("/api/v1/acts", json=body)
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (answer.headers["content-type"] == "application/problem+json") == (status >= 400)
    assert "never shown" not in answer.text
    counted = client.get("/metrics").text
    assert f'dat_requests_total{{route="/acts",status="{status}"}} 1.0' in counted


def test_another_method_on_a_plain_route_is_answered_with_those_there_are(client: TestClient) -> None:
    answer = client.get("/api/v1/acts")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_message_that_is_not_of_the_agreed_form_is_told_before_it_is_answered(
    client: TestClient, ear: Ear
) -> None:
    for body, status in (("act", 202), ("refuse", 409), ("misspell", 400)):
        assert client.post("/api/v1/acts", json=body).status_code == status
    assert ear.heard == [OPERATOR]
    ear.listens = False
    assert client.post("/api/v1/acts", json="misspell").status_code == 500
