"""The app: routes, failures and what surrounds them, put together from parts that are passed in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

import lentigo
from lentigo.inference import Predictor
from lentigo.service.assessments import assessment_routes
from lentigo.service.catalogue import catalogue_routes, operation_routes
from lentigo.service.decoders import Decoders
from lentigo.service.mail import mail_of
from lentigo.service.metrics import Metrics
from lentigo.service.middleware import Surround
from lentigo.service.models import files_of, model_routes
from lentigo.service.page import add_page, static_folder
from lentigo.service.problems import Problem, add_handlers
from lentigo.service.referrals import referral_routes
from lentigo.service.settings import Settings
from lentigo.service.workers import Workers

DESCRIPTION = """An honest, explained estimate from a photo of a spot on the skin. No medical device.

Photos live in the server's memory for one request and are written nowhere. Only a referral, where the operator has set
up mail, leaves the server. Every failure is a problem document
(RFC 9457) with a stable `code`."""


def create_app(settings: Settings, predictors: Mapping[str, Predictor], decoders: Decoders | None = None) -> FastAPI:
    """Build the app.

    Args:
        settings: What an operator can set.
        predictors: Loaded bundles by name; the first is the default.
        decoders: What decodes; one process for each photo that is worked on where none is given. The app ends it.

    Raises:
        ConfigError: Settings that do not go together, or a limit that is not understood.
    """
    mail = mail_of(settings)
    workers, metrics = Workers(settings.workers, settings.queue), Metrics()
    decoding = decoders or Decoders(settings.workers)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        decoding.start()
        yield
        workers.close()
        decoding.close()

    app = FastAPI(
        title="Lentigo",
        version=lentigo.__version__,
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    add_handlers(app)
    app.include_router(assessment_routes(settings, predictors, workers, decoding, metrics))
    app.include_router(referral_routes(settings, mail, workers, decoding, metrics))
    files = {name: files_of(one) for name, one in predictors.items()} if settings.hand_out_bundles else {}
    app.include_router(catalogue_routes(predictors, files))
    app.include_router(model_routes(files))
    app.include_router(operation_routes(predictors, metrics))
    add_page(app, static_folder())
    app.add_middleware(Surround, metrics=metrics, max_body_bytes=settings.max_body_bytes)
    _describe_problems(app)
    return app


def _describe_problems(app: FastAPI) -> None:
    """Put the problem's shape into the OpenAPI document, and take out FastAPI's own, which is never sent."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema:
            return app.openapi_schema
        document = generate()
        schemas = document["components"]["schemas"]
        schemas["Problem"] = Problem.model_json_schema()
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for operation in (one for path in document["paths"].values() for one in path.values()):
            invalid = operation["responses"].get("422", {}).get("content", {})
            if "application/json" in invalid:
                problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
                operation["responses"]["422"]["content"] = {"application/problem+json": problem}
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the document
