"""The OpenAPI document: complete, kept to, and the one that the page was built for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance

from lentigo.inference import Predictor
from lentigo.service import Settings, create_app
from tests.made import make_bundle

WEB = Path(__file__).parents[2] / "web"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> schemathesis.schemas.BaseSchema:
    bundle = make_bundle(tmp_path_factory.mktemp("schema") / "lesions")
    # Set up, so that what is sent is looked at; no made-up address is one that may be written to.
    mail = Settings(
        rate_limit="",
        smtp_host="localhost",
        smtp_tls="none",
        smtp_from="lentigo@clinic.example",
        referral_recipients=("clinic.example",),
    )
    app = create_app(mail, {"lesions": Predictor.load(bundle)})
    return schemathesis.openapi.from_asgi("/openapi.json", app)


OPERATIONS = [
    ("/api/v1/assessments", "POST"),
    ("/api/v1/referrals", "POST"),
    ("/api/v1/features", "GET"),
    ("/api/v1/bundles", "GET"),
    ("/api/v1/conditions", "GET"),
    ("/healthz", "GET"),
    ("/readyz", "GET"),
    ("/metrics", "GET"),
]


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_one_that_the_document_promises(
    api: schemathesis.schemas.BaseSchema, path: str, method: str
) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=api[path][method].as_strategy())
    def check(case: Case) -> None:
        # A file that is no photo fits any schema; that it is refused is right.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    check()


def test_the_page_was_built_for_this_document() -> None:
    document = create_app(Settings(), {}).openapi()
    committed = json.loads((WEB / "openapi.json").read_text(encoding="utf-8"))
    assert committed == document, "run `make api`"


def test_every_route_is_described() -> None:
    document = create_app(Settings(), {}).openapi()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
    problems = document["paths"]["/api/v1/assessments"]["post"]["responses"]
    assert {"404", "408", "413", "415", "422", "429", "503"} <= set(problems)
