"""The answer to each golden case is as it was written."""

from __future__ import annotations

import json
from collections import Counter

from lentigo.card import read_card
from lentigo.taxonomy import load_step_table, load_taxonomy, taxonomy_document
from tests.golden.cases import CARD, CASES, COUNT, TAXONOMY, answer


def test_every_case_is_answered_as_it_was_written() -> None:
    card = read_card(CARD)
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    assert len(cases) == COUNT
    for place, case in enumerate(cases):
        found = answer(card, case)
        assert found["assessment"] == case["assessment"], f"case {place}"
        assert found["sha256"] == case["sha256"], f"a text of case {place} changed"


def test_the_cases_reach_every_kind_of_answer() -> None:
    found = [json.loads(line)["assessment"] for line in CASES.read_text(encoding="utf-8").splitlines()]
    outcomes = Counter(one["outcome"] for one in found)
    assert min(outcomes[name] for name in ("assessed", "inconclusive", "not_recognised", "rejected")) >= 5
    reasons = {reason for one in found for reason in one["reasons"]}
    assert reasons >= {"too_small", "too_dark", "too_bright", "blurred", "no_skin", "face", "unlike_training"}
    assert "low_confidence" in reasons
    assert {one["risk"]["tier"] for one in found if one["risk"]} == {"high", "moderate", "low"}
    steps = {one["next_step"]["code"] for one in found}
    assert len(steps) >= 5


def test_the_app_is_tested_with_the_texts_that_the_server_hands_out() -> None:
    again = "run python -m tests.golden.cases"
    assert TAXONOMY.read_bytes() == taxonomy_document(load_taxonomy(), load_step_table()), again
