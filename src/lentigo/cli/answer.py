"""An assessment as text for the terminal: the next step first, then how sure, then why."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from pathlib import Path

import click

from lentigo.inference import Assessment
from lentigo.taxonomy import TierName, load_taxonomy

TIER_COLOURS: dict[TierName, str] = {"high": "red", "moderate": "yellow", "low": "green"}
TIER_MARKS: dict[TierName, str] = {"high": "▲", "moderate": "◆", "low": "●"}

_WIDEST = 88
_BAR_CELLS = 24
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_SHADES = " ░▒▓█"


def format_answer(spot: Sequence[Path], assessment: Assessment, locale: str) -> str:
    """The answer about the photos of one spot, several lines."""
    step = assessment.next_step
    blocks = [
        click.style(", ".join(path.name for path in spot), dim=True),
        _heading(assessment, locale),
        _wrap(step.text),
        _wrap(" ".join(step.because)),
        click.style(f"{step.source}: {step.url}", dim=True),
    ]
    if assessment.advice:
        blocks.append("\n".join(_wrap(f"- {one.text}") for one in assessment.advice))
    if len(spot) > 1:
        blocks.append(_photos(spot, assessment))
    if assessment.diagnoses:
        blocks.append(_probabilities(assessment))
        blocks.append(_wrap(f"{assessment.diagnoses[0].name}: {assessment.diagnoses[0].summary}"))
        blocks.append("\n".join(f"  {link.title}: {link.url}" for link in assessment.diagnoses[0].links))
    if assessment.evidence:
        blocks.append(_why(assessment))
    blocks.append(click.style(_wrap(assessment.disclaimer), dim=True))
    blocks.append(click.style(f"Model {assessment.model.name} {assessment.model.version}", dim=True))
    return "\n\n".join(blocks) + "\n"


def format_line(path: Path, assessment: Assessment, locale: str) -> str:
    """One photo's answer in one line."""
    if not assessment.diagnoses:
        return f"{path.name:<36} {assessment.outcome} ({', '.join(assessment.reasons)})"
    first = assessment.diagnoses[0]
    return f"{path.name:<36} {_tier(assessment, locale):<16} {first.name} {first.probability:.0%}"


def _heading(assessment: Assessment, locale: str) -> str:
    title = click.style(assessment.next_step.title, bold=True)
    return f"{title}   {_tier(assessment, locale)}" if assessment.risk else title


def _tier(assessment: Assessment, locale: str) -> str:
    if assessment.risk is None:
        return ""
    tier = assessment.risk.tier
    word = load_taxonomy().text("tiers", tier, locale)
    return click.style(f"{TIER_MARKS[tier]} {word}", fg=TIER_COLOURS[tier])


def _probabilities(assessment: Assessment) -> str:
    width = max(len(one.name) for one in assessment.diagnoses)
    return "\n".join(
        f"  {one.name:<{width}}  {_bar(one.probability)} {one.probability:>5.1%}" for one in assessment.diagnoses
    )


def _bar(share: float) -> str:
    eighths = round(share * _BAR_CELLS * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(_BAR_CELLS)


def _photos(spot: Sequence[Path], assessment: Assessment) -> str:
    """What each photo says by itself, or why it was left out, and whether they agree."""
    taxonomy = load_taxonomy()
    width = max(len(path.name) for path in spot)
    lines = [_wrap(assessment.disagreement.text)] if assessment.disagreement else []
    for path, photo in zip(spot, assessment.photos, strict=True):
        said = [taxonomy.diagnosis_text(photo.code).name] if photo.code else []
        if photo.tier is not None and photo.p_malignant is not None:
            said += [taxonomy.text("tiers", photo.tier), f"{photo.p_malignant:.0%} malignant or premalignant"]
        lines.append(f"  {path.name:<{width}}  {', '.join(said or photo.reasons or ('used',))}")
    return "\n".join(lines)


def _why(assessment: Assessment) -> str:
    """What in the photo and which answers spoke for the diagnosis that is explained."""
    evidence = assessment.evidence
    if evidence is None:
        return ""
    name = next(one.name for one in assessment.diagnoses if one.code == evidence.map.code)
    largest = max((value for row in evidence.map.values for value in row), default=0) or 1
    rows = [
        "  " + "".join(_SHADES[max(0, min(4, round(4 * value / largest)))] * 2 for value in row)
        for row in evidence.map.values
    ]
    which = f"photo {evidence.map.photo + 1}" if evidence.others else "the photo"
    lines = [f"What in {which} spoke for {name} (darker: more), {_signed(evidence.map.total)} in log-odds:", *rows]
    lines += [f"  photo {one.photo + 1}: {_signed(one.total)}" for one in evidence.others]
    lines += [f"  {one.text}" for one in evidence.answers]
    return "\n".join(lines)


def _wrap(text: str) -> str:
    return textwrap.fill(text, min(_WIDEST, shutil.get_terminal_size().columns))


def _signed(log_odds: float) -> str:
    return f"{log_odds:+.1f}".replace("-", "\N{MINUS SIGN}")
