"""What a photo is like: the graph's measures, judged by the rules in the card."""

from __future__ import annotations

from lentigo.card import ModelCard
from lentigo.imaging import Photo
from lentigo.inference.assessment import Quality, QualityCheck, Reason
from lentigo.inference.engine import RawOutput

SMALLEST_SIDE_PX = 100
"""A photo of less is sent back: the graph sees it enlarged, so no measure of the graph can tell."""


def quality_of(card: ModelCard, photo: Photo, output: RawOutput) -> Quality:
    """The photo's size, what the graph measured on it, and a check for each reason: size, then as declared."""
    scores: dict[Reason, float] = {"too_small": min(1.0, 0.5 * min(photo.width_px, photo.height_px) / SMALLEST_SIDE_PX)}
    for rule in card.quality:
        scores[rule.reason] = min(scores.get(rule.reason, 1.0), rule.score(output.quality[rule.measure]))
    return Quality(
        width_px=photo.width_px,
        height_px=photo.height_px,
        brightness=round(output.quality["brightness"], 4),
        sharpness=round(output.quality["sharpness"], 4),
        checks=tuple(
            QualityCheck(reason=reason, score=score, ok=score >= 0.5)
            for reason, score in ((reason, round(score, 4)) for reason, score in scores.items())
        ),
    )


def problems(card: ModelCard, quality: Quality) -> tuple[Reason, ...]:
    """Why a photo is not good enough to answer about; empty when it is."""
    refusing: set[Reason] = {"too_small", *(rule.reason for rule in card.quality if rule.refuses)}
    return tuple(check.reason for check in quality.checks if not check.ok and check.reason in refusing)
