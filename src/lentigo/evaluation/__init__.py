"""From predictions to a report: figures with intervals, and a page that a person can read."""

from lentigo.evaluation.figures import Scope, measure
from lentigo.evaluation.report import About, write_report

__all__ = ["About", "Scope", "measure", "write_report"]
