"""The model card as a page, written from the card alone.

Laid out after Model Facts (Sendak et al. 2020, npj Digital Medicine 3:41): what it is, how it works, how well it did
and on whom, how to use it, warnings; and with what CLEAR Derm asks for (Daneshjou et al. 2022, JAMA Dermatol 158:90):
sources of images and labels, image types, skin tones, how the test data were kept apart, intervals, intended use.
"""

from __future__ import annotations

from collections.abc import Sequence

from lentigo.card import Figure, Interval, ModelCard, PrivacyTechniques
from lentigo.pages import templates_of
from lentigo.taxonomy import load_taxonomy
from lentigo.taxonomy.model import TIERS

_PHOTO_ONLY = ", photo only"

HEADLINES: Sequence[tuple[str, str]] = (
    ("recall_dangerous", "Dangerous lesions flagged (recall)"),
    ("specificity_dangerous", "Harmless ones not flagged (specificity)"),
    ("recall_high", "High-risk lesions shown at high risk (recall)"),
    ("specificity_high", "Others not at high risk (specificity)"),
    ("auroc_melanoma", "Melanoma told from the rest (AUROC)"),
    ("auroc_malignant", "Dangerous told from harmless (AUROC)"),
    ("balanced_accuracy", "Balanced accuracy over the diagnoses"),
    ("accuracy", "Accuracy"),
    ("tier_accuracy", "Right risk tier"),
    ("ece", "Calibration error (ECE; 0 is best)"),
)
"""Figures of the page, in order, with their names in words."""


def to_html(card: ModelCard) -> str:
    """The page of a card; it loads nothing from anywhere."""
    environment = templates_of("lentigo.export")
    environment.filters["figure"] = in_words
    taxonomy = load_taxonomy()
    names = {diagnosis.code: taxonomy.diagnosis_text(diagnosis.code).name for diagnosis in card.diagnoses}
    return environment.get_template("card.html").render(
        card=card,
        names=names,
        tiered=any(diagnosis.tier for diagnosis in card.diagnoses),
        untiered=[names[diagnosis.code] for diagnosis in card.diagnoses if diagnosis.tier is None],
        tiers=[(tier, taxonomy.text("tiers", tier)) for tier in TIERS],
        scopes=_scopes(card),
        headlines=HEADLINES,
        photos=sum(source.images for source in card.training),
        known_skin=sum(card.skin_types.values()),
        size_mb=card.graph.bytes / 1e6,
        privacy=privacy_in_words(card.privacy),
    )


def privacy_in_words(privacy: PrivacyTechniques | None) -> list[str]:
    """One sentence for each technique, used or not."""
    if privacy is None:
        return ["Trained in one place, on the photos named above; no privacy technique was used."]
    places = f"in {privacy.clients} places" if privacy.clients else "where they were taken"
    return [
        f"Federated: the photos stayed {places}; only weights travelled."
        if privacy.federated
        else "Trained in one place.",
        "Secure aggregation: nobody saw the weights of one place alone."
        if privacy.secure_aggregation
        else "No secure aggregation.",
        "No differential privacy."
        if privacy.epsilon is None
        else f"Differential privacy with epsilon {privacy.epsilon:g} and delta {privacy.delta:g}.",
    ]


def in_words(interval: Interval | None) -> str:
    """``0.95 (0.92 to 0.97)``; a dash where nothing was measured."""
    if interval is None or interval.value is None:
        return "–"
    if interval.low is None or interval.high is None:
        return f"{interval.value:.2f}"
    return f"{interval.value:.2f} ({interval.low:.2f} to {interval.high:.2f})"


def _scopes(card: ModelCard) -> list[tuple[str, dict[str, dict[str, Figure]]]]:
    """On whom figures were measured; then those figures by name, for the ``photo`` alone and with ``answers``."""
    scopes: dict[str, dict[str, dict[str, Figure]]] = {}
    for figure in card.figures:
        on, _, photo_only = figure.measured_on.partition(_PHOTO_ONLY)
        kind = "photo" if photo_only or on != figure.measured_on else "answers"
        if figure.value.value is not None:
            scopes.setdefault(on, {}).setdefault(figure.name.rpartition("/")[2], {})[kind] = figure
    return list(scopes.items())
