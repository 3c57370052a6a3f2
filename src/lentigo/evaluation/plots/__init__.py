"""Pictures of a report, each with the table that it is drawn from."""

from lentigo.evaluation.plots.drawn import Plot, Rows, draw_plots

__all__ = ["Plot", "Rows", "draw_plots"]
