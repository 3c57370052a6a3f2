"""POST /api/v1/assessments."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from lentigo.answers import AnswerValue, from_text
from lentigo.errors import (
    AnswerError,
    BodyTooLarge,
    BundleNotFound,
    CorruptImage,
    DecodingFailed,
    DiagnosisUnknown,
    EmptyFile,
    FileTooLarge,
    MalformedRequest,
    Overloaded,
    PhotoMissing,
    RateLimited,
    TooManyPixels,
    TooSlow,
    UnsupportedFormat,
)
from lentigo.imaging import ImageLimits
from lentigo.inference import Assessment, Predictor
from lentigo.service.clients import client_of
from lentigo.service.decoders import Decoders
from lentigo.service.form import AssessmentForm, read_form
from lentigo.service.languages import choose_locale
from lentigo.service.metrics import Metrics
from lentigo.service.problems import documented
from lentigo.service.ratelimit import RateLimit
from lentigo.service.settings import Settings
from lentigo.service.uploads import Uploads
from lentigo.service.workers import Workers

_YES_NO = {"type": "string", "enum": ["yes", "no", "true", "false"]}

FORM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["photo"],
    "additionalProperties": False,
    "properties": {
        "photo": {
            "type": "array",
            "minItems": 1,
            "maxItems": 3,
            "items": {"type": "string", "format": "binary"},
            "description": "One to three photos of the same spot: JPEG, PNG, WebP, BMP, TIFF or MPO.",
        },
        "age": {"type": "number", "minimum": 0, "maximum": 120, "example": 71},
        "sex": {"type": "string", "enum": ["female", "male"]},
        "site": {"type": "string", "description": "Place on the body, as listed by the bundle.", "example": "back"},
        "itches": _YES_NO,
        "grew": _YES_NO,
        "hurts": _YES_NO,
        "changed": _YES_NO,
        "bleeds": _YES_NO,
        "raised": _YES_NO,
        "bundle": {
            "type": "string",
            "description": "Name of a bundle; the first one where there is none.",
            "example": "lesions",
        },
        "locale": {"type": "string", "description": "Language of the texts; else by Accept-Language.", "example": "en"},
        "explain": {
            "type": "string",
            "description": "Also say what in the photos and which answers spoke for a diagnosis: true for the "
            "likeliest, or the code of one that the bundle tells apart.",
            "example": "true",
        },
        "overlay": {
            "type": "boolean",
            "description": "With explain: also draw it, to lay over the centre square of each photo.",
        },
    },
}


def assessment_routes(
    settings: Settings, predictors: Mapping[str, Predictor], workers: Workers, decoders: Decoders, metrics: Metrics
) -> APIRouter:
    """The route that answers photos."""
    router = APIRouter(prefix="/api/v1", tags=["assessments"])
    rate_limit = RateLimit(settings.rate_limit)
    uploads = Uploads(settings.uploads, settings.uploads_per_client)
    limits = ImageLimits(settings.max_body_bytes, settings.max_pixels)

    @router.post(
        "/assessments",
        summary="Assess a photo of one spot",
        response_model=Assessment,
        response_description="The answer, in one of four outcomes.",
        responses=documented(
            MalformedRequest, PhotoMissing, AnswerError, CorruptImage, EmptyFile, UnsupportedFormat, TooManyPixels,
            DecodingFailed, FileTooLarge, BodyTooLarge, BundleNotFound, DiagnosisUnknown, TooSlow, RateLimited,
            Overloaded,
        ),
        openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM_SCHEMA}}}},
    )  # fmt: skip
    async def assess(request: Request) -> Response:
        """Photos are held in memory until the answer is given, and written nowhere."""
        client = client_of(request, settings.trusted_proxies)
        rate_limit.check(client)
        with uploads.place(client):
            form = await read_form(request, settings.request_timeout_s)
        predictor = choose(predictors, form.bundle)
        answers = parse_answers(predictor, form)
        locale = choose_locale(form.locale, request.headers.get("accept-language"), predictor.taxonomy.locales)

        def work() -> Assessment:
            started = time.perf_counter()
            photos = [decoders.decode(data, limits, predictor.decode_side_px) for data in form.photos]
            decoded = time.perf_counter()
            assessment = predictor.assess(photos, answers, locale, form.explain, form.overlay)
            metrics.work("decode", decoded - started)
            metrics.work("assess", time.perf_counter() - decoded)
            return assessment

        assessment = await workers.run(work)
        metrics.outcome(predictor.card.name, assessment.outcome)
        # Written here: handed over as a model, FastAPI would check and convert the whole answer once more.
        return Response(assessment.model_dump_json(), media_type="application/json")

    return router


def choose(predictors: Mapping[str, Predictor], name: str | None) -> Predictor:
    """The predictor of that name, the first one where none is asked for.

    Raises:
        BundleNotFound: There is none of that name.
    """
    if name is None:
        return next(iter(predictors.values()))
    if name not in predictors:
        raise BundleNotFound(f"There is no bundle '{name}'.", f"Bundles: {', '.join(predictors)}.")
    return predictors[name]


def parse_answers(predictor: Predictor, form: AssessmentForm) -> dict[str, AnswerValue]:
    """Answers as the bundle takes them; one that it does not ask for is left out.

    Raises:
        AnswerError: One is not understood.
    """
    return {
        spec.name: from_text(spec, form.answers[spec.name], predictor.taxonomy)
        for spec in predictor.card.answers
        if spec.name in form.answers
    }
