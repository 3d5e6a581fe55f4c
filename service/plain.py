"""Routes that are called often, without what FastAPI reads and writes for others."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service.errors import DatError, InvalidError
from service.problems import INCOMPLETE, error_problem, http_problem, places_of, status_problem

Model = TypeVar("Model", bound=BaseModel)


class PlainRoute(APIRoute):
    """A documented route whose endpoint takes the request and gives the response, and nothing is done beside.

    For endpoints that are called often: what FastAPI reads and writes for others costs as much as they do.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the endpoint itself."""
        return self.endpoint

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that is known to be for this route."""
        scope["route"] = self
        try:
            response: Response = await self.endpoint(Request(scope, receive))
        except DatError as error:
            response = error_problem(error)
        except HTTPException as error:
            response = status_problem(error)
        except ClientDisconnect:
            response = http_problem(INCOMPLETE)
        except Exception:
            await http_problem(500)(scope, receive, send)
            raise
        await response(scope, receive, send)


def json_body(model: type[BaseModel]) -> dict[str, Any]:
    """Describe a body that an endpoint reads itself with `read_json`, as its `openapi_extra`."""
    schema = model.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def read_json(body: bytes, model: type[Model]) -> Model:
    """Read a body, for endpoints that are called often: as a parameter it would be read twice.

    Raises:
        InvalidError: names the places where it is not of the agreed form.
    """
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        places = places_of(error.errors(include_url=False, include_context=False, include_input=False))
        raise InvalidError(places=places) from None


def json_answer(answer: BaseModel, *, status: int = 200) -> Response:
    """Write an answer as it stands: returned by itself it would be checked once more."""
    return Response(answer.model_dump_json(by_alias=True), status_code=status, media_type="application/json")
