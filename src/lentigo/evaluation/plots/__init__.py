"""Pictures of a report, each with the table that it is drawn from."""

from lentigo.evaluation.plots.drawn import Plot, draw_plots, drawn
from lentigo.evaluation.plots.rows import Rows

__all__ = ["Plot", "Rows", "draw_plots", "drawn"]
