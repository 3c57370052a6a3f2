"""How far several photos of one spot say the same, each by itself."""

from __future__ import annotations

from collections.abc import Sequence

from lentigo.inference.assessment import Disagreement, PhotoUse
from lentigo.inference.sentences import Sentences


def disagreement_of(photos: Sequence[PhotoUse], sentences: Sentences) -> Disagreement | None:
    """What differs between the used photos; None where fewer than two were used."""
    used = [photo for photo in photos if photo.code is not None]
    if len(used) < 2:
        return None
    risks = [photo.p_malignant for photo in used if photo.p_malignant is not None]
    diagnosis, tier = len({photo.code for photo in used}) > 1, len({photo.tier for photo in used}) > 1
    return Disagreement(
        diagnosis=diagnosis,
        tier=tier,
        lowest=min(risks, default=None),
        highest=max(risks, default=None),
        text=sentences.disagreement(diagnosis, tier),
    )
