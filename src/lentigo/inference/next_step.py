"""What to do next: pure functions of the table ``taxonomy/next_steps.toml``, which the browser reads too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from lentigo.answers import AnswerValue
from lentigo.card import ModelCard
from lentigo.inference.assessment import NextStep, NextStepCode, Outcome, Reason
from lentigo.inference.decision import Floats, decide_risk, softmax
from lentigo.metrics.tiers import DANGEROUS, tier_probability
from lentigo.taxonomy import StepRow, StepTable, Taxonomy, TierName

NO_TIER = "none"
"""Stands in the table for a model whose classes have no tiers."""


@dataclass(frozen=True)
class Situation:
    """All that the next step depends on. ``signs`` are those that the person answered with yes."""

    outcome: Outcome
    tier: TierName | None
    reasons: tuple[Reason, ...]
    signs: frozenset[str]
    uncertain: bool


def signs_of(table: StepTable, answers: Mapping[str, AnswerValue]) -> frozenset[str]:
    """The signs in the table that were answered with yes."""
    return frozenset(name for name in table.signs if answers.get(name) in (True, "yes"))


def points_of(table: StepTable, signs: Iterable[str]) -> int:
    """The points of these signs, each feature of the checklist counted once."""
    return sum({table.signs[name].feature: table.signs[name].points for name in signs}.values())


def is_uncertain(
    table: StepTable, card: ModelCard, probabilities: Floats, photo_logits: Sequence[Floats], reasons: Sequence[Reason]
) -> bool:
    """Whether a low tier should be trusted less.

    Args:
        table: Says which reasons count, and how near a threshold is too near.
        card: Its thresholds count.
        probabilities: (C,) of all used photos together.
        photo_logits: (C,) of each used photo by itself.
        reasons: Of the answer.
    """
    if set(reasons) & set(table.uncertain_reasons):
        return True
    shown = [decide_risk(card, one) for one in (probabilities, *(softmax(logits) for logits in photo_logits))]
    if len({risk.tier for risk in shown if risk}) > 1:
        return True
    return _is_near(table.share_of_threshold, card, probabilities)


def _is_near(share: float, card: ModelCard, probabilities: Floats) -> bool:
    """Whether a summed probability is below its threshold, yet reaches ``share`` of it."""
    pairs = [
        (tier_probability(probabilities[None], card.diagnoses, "high")[0], card.thresholds.high),
        (tier_probability(probabilities[None], card.diagnoses, *DANGEROUS)[0], card.thresholds.malignant),
    ]
    return any(point and share * point.threshold <= summed < point.threshold for summed, point in pairs)


def find_row(table: StepTable, situation: Situation) -> StepRow:
    """The first row that fits.

    Raises:
        LookupError: None does; the table that ships has one for every situation.
    """
    points = points_of(table, situation.signs)
    for row in table.rows:
        if _fits(row, situation, points):
            return row
    raise LookupError(f"next_steps.toml has no row for {situation}.")


def _fits(row: StepRow, situation: Situation, points: int) -> bool:
    return (
        (not row.outcomes or situation.outcome in row.outcomes)
        and (not row.tiers or (situation.tier or NO_TIER) in row.tiers)
        and (not row.reasons or (bool(situation.reasons) and set(situation.reasons) <= set(row.reasons)))
        and set(row.signs) <= situation.signs
        and row.points <= points
        and (situation.uncertain or not row.uncertain)
    )


def next_step(table: StepTable, taxonomy: Taxonomy, situation: Situation, locale: str) -> NextStep:
    """The next step in the words of a language."""
    row = find_row(table, situation)
    texts = taxonomy.section("next_steps", row.step, locale)
    source = table.sources[row.sources[0]]
    given = [name for name in table.signs if name in situation.signs]
    because = [key for name in row.because for key in (given if name == "signs" else [name])]
    return NextStep(
        code=cast(NextStepCode, row.step),
        title=texts["title"],
        text=texts["text"].format(weeks=row.weeks),
        weeks=row.weeks,
        because=tuple(taxonomy.text("because", key, locale) for key in because),
        source=source.title,
        url=source.url,
    )
