"""The card seals itself and keeps its rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from lentigo.card import ModelCard, PrivacyTechniques, read_card
from lentigo.errors import BundleUnsupported


def test_a_card_reads_as_it_was_written(bundle_path: Path, tmp_path: Path) -> None:
    card = read_card(bundle_path / "card.json")
    (tmp_path / "card.json").write_text(card.to_json(), encoding="utf-8")
    assert read_card(tmp_path / "card.json") == card


def test_every_field_is_part_of_the_seal(bundle_path: Path) -> None:
    card = read_card(bundle_path / "card.json")
    assert card.model_copy(update={"temperature": 1.5}).digest() != card.digest()
    assert card.sealed() == card


def test_a_diagnosis_stands_once(bundle_path: Path) -> None:
    fields = read_card(bundle_path / "card.json").model_dump()
    fields["diagnoses"] = [fields["diagnoses"][0]] * 2
    with pytest.raises(ValidationError, match="twice"):
        ModelCard.model_validate(fields)


def test_a_card_cannot_be_changed(bundle_path: Path) -> None:
    card = read_card(bundle_path / "card.json")
    with pytest.raises(ValidationError):
        setattr(card, "name", "other")  # noqa: B010  # a plain assignment would not pass the type check


def test_rules_of_quality_can_be_followed(bundle_path: Path) -> None:
    fields = read_card(bundle_path / "card.json").model_dump()
    rule = fields["quality"][0]
    unmeasured = {**fields, "graph": {**fields["graph"], "quality_measures": ["brightness", "sharpness"]}}
    with pytest.raises(ValidationError, match="does not measure"):
        ModelCard.model_validate(unmeasured)
    with pytest.raises(ValidationError, match="some rules refuse"):
        ModelCard.model_validate({**fields, "quality": [rule, {**rule, "refuses": not rule["refuses"]}]})
    with pytest.raises(ValidationError, match="limit where the photo is good"):
        ModelCard.model_validate({**fields, "quality": [{**rule, "limit": rule["good"]}]})


def test_a_card_without_rules_is_of_an_older_version(bundle_path: Path, tmp_path: Path) -> None:
    fields = read_card(bundle_path / "card.json").model_dump(mode="json", exclude={"quality"}) | {"schema_version": 1}
    (tmp_path / "card.json").write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(BundleUnsupported, match="schema version 1"):
        read_card(tmp_path / "card.json")


PRIVATE = PrivacyTechniques(federated=True, clients=6, secure_aggregation=True, epsilon=7.5, delta=1e-5)


def test_a_card_may_name_privacy_techniques_and_older_seals_still_hold(bundle_path: Path, tmp_path: Path) -> None:
    card = read_card(bundle_path / "card.json")
    assert "privacy" not in json.loads(card.to_json())
    private = card.model_copy(update={"privacy": PRIVATE}).sealed()
    assert private.sha256 != card.sha256
    (tmp_path / "card.json").write_text(private.to_json(), encoding="utf-8")
    assert read_card(tmp_path / "card.json").privacy == PRIVATE


@pytest.mark.parametrize("change", [{"delta": None}, {"epsilon": None}, {"epsilon": 0}, {"delta": 1}, {"clients": 0}])
def test_a_privacy_budget_is_whole(change: dict[str, float | None]) -> None:
    with pytest.raises(ValidationError):
        PrivacyTechniques.model_validate({**PRIVATE.model_dump(), **change})


def test_the_page_of_a_card_tells_each_technique(bundle_path: Path) -> None:
    from lentigo.export.card_page import to_html

    card = read_card(bundle_path / "card.json")
    assert "no privacy technique was used" in to_html(card)
    page = to_html(card.model_copy(update={"privacy": PRIVATE}))
    assert "stayed in 6 places" in page
    assert "Differential privacy with epsilon 7.5 and delta 1e-05" in page
    plain = PrivacyTechniques(federated=False, secure_aggregation=False)
    assert "No differential privacy" in to_html(card.model_copy(update={"privacy": plain}))
