"""What the server can be asked about itself: bundles, conditions, health, metrics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Header, Response

from lentigo.errors import Overloaded
from lentigo.inference import Predictor
from lentigo.inference.assessment import PageLink
from lentigo.service.languages import choose_locale
from lentigo.service.metrics import Metrics
from lentigo.service.problems import documented
from lentigo.service.schemas import BundleDiagnosis, BundleList, BundleSummary, Condition, ConditionList, Health

AcceptLanguage = Annotated[str | None, Header()]


def catalogue_routes(predictors: Mapping[str, Predictor]) -> APIRouter:
    """What can be asked before a photo is sent."""
    router = APIRouter(prefix="/api/v1", tags=["catalogue"])

    @router.get("/bundles", summary="The bundles that answer, and what they can do")
    def bundles(locale: str | None = None, accept_language: AcceptLanguage = None) -> BundleList:
        return BundleList(
            bundles=tuple(
                _summary(one, choose_locale(locale, accept_language, one.taxonomy.locales))
                for one in predictors.values()
            )
        )

    @router.get("/conditions", summary="What the conditions are that any bundle tells apart")
    def conditions(locale: str | None = None, accept_language: AcceptLanguage = None) -> ConditionList:
        found = {
            diagnosis.code: _condition(
                one, diagnosis.code, choose_locale(locale, accept_language, one.taxonomy.locales)
            )
            for one in predictors.values()
            for diagnosis in one.card.diagnoses
        }
        return ConditionList(conditions=tuple(found.values()))

    return router


def operation_routes(predictors: Mapping[str, Predictor], metrics: Metrics) -> APIRouter:
    """What an operator's tools ask."""
    router = APIRouter(tags=["operation"])

    @router.head("/healthz", include_in_schema=False)
    @router.get("/healthz", summary="Whether the server lives")
    def healthz() -> Health:
        return Health(status="ok")

    @router.head("/readyz", include_in_schema=False)
    @router.get("/readyz", summary="Whether the server is ready to answer", responses=documented(Overloaded))
    def readyz() -> Health:
        if not predictors:
            raise Overloaded("No bundle is loaded.", "Wait, or look at the server's log.")
        return Health(status="ready")

    @router.get("/metrics", summary="Counts and times for Prometheus", response_class=Response)
    def prometheus() -> Response:
        return Response(metrics.text(), media_type="text/plain; version=1.0.0; charset=utf-8")

    return router


def _summary(predictor: Predictor, locale: str) -> BundleSummary:
    card = predictor.card
    return BundleSummary(
        name=card.name,
        version=card.version,
        licence=card.licence,
        intended_use=card.intended_use,
        limits=card.limits,
        diagnoses=tuple(
            BundleDiagnosis(code=one.code, name=predictor.taxonomy.diagnosis_text(one.code, locale).name, tier=one.tier)
            for one in card.diagnoses
        ),
        answers=card.answers,
        thresholds=card.thresholds,
        quality=card.quality,
        training=card.training,
        privacy=card.privacy,
        figures=card.figures,
        sha256=card.graph.sha256,
    )


def _condition(predictor: Predictor, code: str, locale: str) -> Condition:
    text = predictor.taxonomy.diagnosis_text(code, locale)
    known = predictor.taxonomy.diagnosis(code)
    return Condition(
        code=code,
        name=text.name,
        malignancy=known.malignancy,
        tier=known.tier,
        icd11=known.icd11,
        summary=text.summary,
        links=tuple(PageLink(title=link.title, url=link.url) for link in text.links),
    )
