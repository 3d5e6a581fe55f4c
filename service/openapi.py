"""Publish what a service says as an OpenAPI document that obeys the NL API Design Rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from service.problems import MEDIA_TYPE

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"pointer": {"type": "string"}}},
        },
    },
}
TITLES = {
    "400": "The request is not of the agreed form",
    "401": "The caller is not authenticated",
    "403": "The caller may not do this",
    "404": "There is no such resource for this caller",
    "409": "The request conflicts with an earlier one",
    "413": "The request is larger than allowed",
    "415": "The content type is not read here",
    "429": "The quota is used up",
    "503": "The service cannot do this safely now",
}
VERSION_HEADER = {"API-Version": {"description": "Full version of the API", "schema": {"type": "string"}}}
METHODS = ("get", "put", "post", "delete", "patch")


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """Return the document: every operation names its problems, every answer its version header."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        servers=app.servers,
        license_info=app.license_info,
    )
    # Given to FastAPI, it would ask for a library that looks whether the address exists.
    document["info"]["contact"] = app.contact
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM_SCHEMA
    for operation in _operations(document):
        _describe(operation)
        _name_body(operation, schemas)
    for schema in schemas.values():
        _write_nullable(schema.get("properties", {}))
    return document


def _name_body(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Move the shape of a body that is read by hand to where all others are."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    if "properties" in (schema := content.get("schema", {})):
        name = schema["title"]
        schemas |= {**schema.pop("$defs", {}), name: schema}
        content["schema"] = {"$ref": f"#/components/schemas/{name}"}


def _write_nullable(properties: dict[str, Any]) -> None:
    """Write "this or null" as one schema with two types, so that its format stands where linters look."""
    for name, schema in properties.items():
        kinds = schema.get("anyOf", [])
        if len(kinds) == 2 and kinds[1] == {"type": "null"} and isinstance(kinds[0].get("type"), str):
            rest = {key: value for key, value in schema.items() if key != "anyOf"}
            properties[name] = {**kinds[0], "type": [kinds[0]["type"], "null"], **rest}


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        for method in METHODS:
            if method in path:
                path[method]["x-method"] = method
                yield path[method]


def _describe(operation: dict[str, Any]) -> None:
    method = operation.pop("x-method")
    responses = operation["responses"]
    responses.pop("422", None)
    for status in _statuses(operation, method):
        responses[status] = {
            "description": TITLES[status],
            "content": {MEDIA_TYPE: {"schema": PROBLEM_SCHEMA}},
        }
    for status, response in responses.items():
        if status[0] in "23":
            response["headers"] = {**VERSION_HEADER, **response.get("headers", {})}


def _statuses(operation: dict[str, Any], method: str) -> list[str]:
    statuses = ["400", "503"]
    if operation.get("x-public") is None:
        statuses += ["401", "403"]
    if any(parameter["in"] == "path" for parameter in operation.get("parameters", [])):
        statuses.append("404")
    if method != "get":
        statuses += ["409", "413", "415", "429"]
    return sorted(statuses)
