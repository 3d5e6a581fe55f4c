"""A plain route answers as any other route does, whatever its endpoint raises."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response
from starlette.testclient import TestClient

from service.errors import ConflictError
from service.http import create_api, create_service
from service.plain import PlainRoute


@pytest.fixture
def client() -> Iterator[TestClient]:
    """A service with one plain route, which does what the body of a request says."""
    router = APIRouter(route_class=PlainRoute)

    @router.post("/acts")
    async def act(request: Request) -> Response:
        match await request.json():
            case "refuse":
                raise ConflictError
            case "break":
                raise RuntimeError("never shown")
        return JSONResponse(request.app.title, status_code=202)

    api = create_api(title="Acts", version="0", description="", server="https://acts.example")
    api.include_router(router)
    service = create_service(api=api, base="/api/v1", version="0", is_ready=lambda: None, plain=router.routes)
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
