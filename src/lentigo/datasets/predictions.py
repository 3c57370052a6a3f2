"""A model's predictions on rows of a dataset: what evaluation reads.

The manifest's columns, then ``logit_<code>`` (calibrated, with the answers), ``photo_logit_<code>`` (calibrated, of the
photo alone), ``novelty`` and ``no_skin``. The softmax of the logits is the calibrated probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from lentigo.errors import DatasetError
from lentigo.writing import replacing

LOGIT, PHOTO_LOGIT = "logit_", "photo_logit_"
NOVELTY, NO_SKIN = "novelty", "no_skin"

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class PredictionTable:
    """Predictions on N rows; ``codes`` are the C diagnoses in the model's order."""

    frame: pl.DataFrame
    codes: tuple[str, ...]

    @classmethod
    def from_arrays(
        cls,
        rows: pl.DataFrame,
        codes: Sequence[str],
        logits: Floats,
        photo_logits: Floats,
        novelty: Floats,
        no_skin: Floats,
    ) -> PredictionTable:
        """Put predictions beside the manifest rows they are about.

        Args:
            rows: N rows of a manifest.
            codes: C diagnoses.
            logits: (N, C) with the answers, calibrated.
            photo_logits: (N, C) of the photo alone, calibrated.
            novelty: (N,), how unlike the diagnoses that were learned.
            no_skin: (N,), how unlike skin.

        Raises:
            DatasetError: A diagnosis that is not in ``codes``, a number that is none, or shapes that do not fit.
        """
        columns = {f"{LOGIT}{code}": logits[:, place] for place, code in enumerate(codes)}
        columns |= {f"{PHOTO_LOGIT}{code}": photo_logits[:, place] for place, code in enumerate(codes)}
        frame = rows.with_columns(
            *(pl.Series(name, values, dtype=pl.Float32) for name, values in columns.items()),
            pl.Series(NOVELTY, novelty, dtype=pl.Float32),
            pl.Series(NO_SKIN, no_skin, dtype=pl.Float32),
        )
        table = cls(frame, tuple(codes))
        table.check()
        return table

    @property
    def logits(self) -> Floats:
        """(N, C), with the answers."""
        return self._matrix(LOGIT)

    @property
    def photo_logits(self) -> Floats:
        """(N, C), of the photo alone."""
        return self._matrix(PHOTO_LOGIT)

    @property
    def y_true(self) -> npt.NDArray[np.int64]:
        """(N,) place of each row's diagnosis in ``codes``."""
        return np.array([self.codes.index(code) for code in self.frame["diagnosis"]], dtype=np.int64)

    def filter(self, predicate: pl.Expr) -> PredictionTable:
        """Some of the rows."""
        return PredictionTable(self.frame.filter(predicate), self.codes)

    def check(self) -> None:
        """Refuse what cannot be evaluated.

        Raises:
            DatasetError: See :meth:`from_arrays`.
        """
        unknown = sorted(set(self.frame["diagnosis"]) - set(self.codes))
        if unknown:
            raise DatasetError(f"The predictions do not tell apart: {', '.join(unknown)}.", "Leave these rows out.")
        if not (np.isfinite(self.logits).all() and np.isfinite(self.photo_logits).all()):
            raise DatasetError("A predicted logit is not a number.", "Train again with a lower learning rate.")

    def write(self, path: Path) -> None:
        """Write as Parquet, whole or not at all."""
        with replacing(path) as part:
            self.frame.write_parquet(part)

    @classmethod
    def read(cls, path: Path) -> PredictionTable:
        """Read what :meth:`write` wrote.

        Raises:
            DatasetError: Not there, or not predictions.
        """
        try:
            frame = pl.read_parquet(path)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise DatasetError(f"{path} cannot be read: {error}", "Train again, or predict again.") from error
        codes = tuple(name.removeprefix(LOGIT) for name in frame.columns if name.startswith(LOGIT))
        if len(codes) < 2 or any(f"{PHOTO_LOGIT}{code}" not in frame.columns for code in codes):
            raise DatasetError(f"{path} holds no predictions.", "Train again, or predict again.")
        table = cls(frame, codes)
        table.check()
        return table

    def _matrix(self, prefix: str) -> Floats:
        columns = [f"{prefix}{code}" for code in self.codes]
        return np.asarray(self.frame.select(columns).to_numpy(), dtype=np.float32)
