"""One shape for every failure: RFC 9457 problem documents with a stable ``code``."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.exceptions import HTTPException

from lentigo.card import Frozen
from lentigo.errors import LentigoError, MalformedRequest, RequestError

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = "5"

_HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}


class Problem(Frozen):
    """A problem document. Programs go by ``code``; people read ``detail`` and ``hint``."""

    type: str = Field(examples=["urn:lentigo:problem:corrupt_image"])
    title: str
    status: int
    detail: str
    code: str
    hint: str
    request_id: str


def problem_response(request: Request, status: int, code: str, detail: str, hint: str = "") -> JSONResponse:
    """A problem as a response."""
    problem = Problem(
        type=f"urn:lentigo:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        hint=hint,
        request_id=getattr(request.state, "request_id", ""),
    )
    headers = {"Retry-After": RETRY_AFTER_S} if status in (429, 503) else None
    return JSONResponse(problem.model_dump(), status, headers, media_type=MEDIA_TYPE)


def internal_error(request: Request) -> JSONResponse:
    """The answer to what nobody expected: it tells nothing of the inside."""
    hint = "Try again; if it stays, tell the operator."
    return problem_response(request, 500, "internal_error", "Something went wrong on the server.", hint)


def add_handlers(app: FastAPI) -> None:
    """Make every expected failure of an app a problem document; the others are the middleware's."""

    @app.exception_handler(LentigoError)
    def expected(request: Request, error: LentigoError) -> JSONResponse:
        if error.http_status >= 500 and not isinstance(error, RequestError):
            raise error
        return problem_response(request, error.http_status, error.code, error.message, error.hint)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first: dict[str, Any] = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        return problem_response(request, 422, MalformedRequest.code, f"{where}: {first['msg']}.")

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> JSONResponse:
        code = _HTTP_CODES.get(error.status_code, "http_error")
        response = problem_response(request, error.status_code, code, HTTPStatus(error.status_code).description)
        response.headers.update(error.headers or {})
        return response


def documented(*errors: type[LentigoError]) -> dict[int | str, dict[str, Any]]:
    """What a route may answer besides success, for the OpenAPI document."""
    by_status: dict[int, list[type[LentigoError]]] = {}
    for error in errors:
        by_status.setdefault(error.http_status, []).append(error)
    return {
        status: {
            "description": "; ".join(f"`{error.code}`: {(error.__doc__ or '').strip()}" for error in kinds),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, kinds in by_status.items()
    }
