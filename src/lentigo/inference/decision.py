"""From probabilities to an outcome and a tier: pure functions of numbers and the card."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lentigo.card import ModelCard
from lentigo.inference.assessment import Outcome, Reason, Risk
from lentigo.metrics.tiers import shown_tiers, tier_probability
from lentigo.taxonomy.model import TIERS

Floats = npt.NDArray[np.floating]

UNSEEN: frozenset[Reason] = frozenset({"too_small", "too_dark", "too_bright", "blurred"})
"""With one of these, skin too looks like no skin: the photo must be better before that can be told."""


def softmax(logits: Floats) -> npt.NDArray[np.float64]:
    """(C,) logits -> (C,) probabilities that sum to 1."""
    exponentials = np.exp(np.asarray(logits, dtype=np.float64) - float(np.max(logits)))
    return np.asarray(exponentials / exponentials.sum())


def decide_risk(card: ModelCard, probabilities: Floats) -> Risk | None:
    """The tier by the card's thresholds; None for a model whose classes have no tiers."""
    one = np.asarray(probabilities)[None]
    shown = shown_tiers(one, card.diagnoses, card.thresholds)
    if shown is None:
        return None
    p_malignant = float(tier_probability(one, card.diagnoses, "high", "moderate")[0])
    return Risk(tier=TIERS[shown[0]], p_malignant=min(1.0, p_malignant))


def most_urgent(average: Risk | None, *alone: Risk | None) -> Risk | None:
    """The average's risk, with the most urgent tier of it and of each photo alone; None for a model without tiers."""
    if average is None:
        return None
    tiers = [average.tier, *(one.tier for one in alone if one is not None)]
    return average.model_copy(update={"tier": min(tiers, key=TIERS.index)})


def decide_outcome(
    card: ModelCard, quality_problems: Sequence[Reason], novelty: float, no_skin: float
) -> tuple[Outcome, tuple[Reason, ...]]:
    """What kind of answer one photo gets, and why if it is none; whether it is sure enough is another question."""
    no_skin_seen = card.no_skin is not None and no_skin > card.no_skin.threshold
    if no_skin_seen and UNSEEN.isdisjoint(quality_problems):
        return "rejected", ("no_skin",)
    if quality_problems:
        return "inconclusive", tuple(quality_problems)
    if card.novelty is not None and novelty > card.novelty.threshold:
        return "not_recognised", ("unlike_training",)
    return "assessed", ()


def is_unsure(card: ModelCard, probabilities: Floats, views: Sequence[Floats]) -> bool:
    """Whether an answer is too unsure to give: no diagnosis is likely enough, or seen another way it would be another.

    Args:
        card: With the confidence that is asked for.
        probabilities: (C,) of the answer.
        views: (C,) of each view of the photo, or of the average of the same view of several photos.
    """
    if card.confidence is not None and float(np.max(probabilities)) < card.confidence.threshold:
        return True
    seen = [decide_risk(card, one) for one in views]
    return len({risk.tier == "low" for risk in seen if risk is not None}) > 1
